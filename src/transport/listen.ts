/** Opening and freeing a port of this machine, for whatever serves on it. */
import type { Server } from 'node:http';

/** Why a port could not be opened. Anything else that goes wrong is our bug, and thrown as it is. */
export class ServeError extends Error {
  readonly code: 'port-in-use' | 'port-forbidden' | 'address-unknown';

  constructor(code: ServeError['code'], message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'ServeError';
    this.code = code;
  }
}

/**
 * Listens.
 *
 * @param port - 0: one that is free
 * @returns the port
 * @throws ServeError when it is taken or may not be opened, or the host is no address of this machine
 */
export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(serveError(error, host, port)));
    server.listen(port, host, () => resolve(portOf(server.address(), port)));
  });
}

/** `http://127.0.0.1:8080`, `http://[::1]:8080` */
export function originOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Ends what is idle at once, so that connections kept alive do not hold the port, and waits for the rest. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) =>
      error === undefined || ('code' in error && error.code === 'ERR_SERVER_NOT_RUNNING') ? resolve() : reject(error),
    );
    server.closeIdleConnections();
  });
}

function portOf(address: ReturnType<Server['address']>, asked: number): number {
  return typeof address === 'object' && address !== null ? address.port : asked;
}

// prettier-ignore
function serveError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE': return new ServeError('port-in-use', `port ${port} of ${host} is in use; choose another, or 0 for any that is free`, error);
    case 'EACCES': return new ServeError('port-forbidden', `port ${port} of ${host} may not be opened by this user`, error);
    case 'EADDRNOTAVAIL': case 'ENOTFOUND': case 'EAI_AGAIN': return new ServeError('address-unknown', `${host} is no address of this machine`, error);
    default: return error;
  }
}
