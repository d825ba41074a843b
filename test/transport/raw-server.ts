/** Servers on a bare loopback socket: they see every byte, and answer with any bytes at all. */
import net, { type Socket } from 'node:net';
import type { HttpRequest } from '../../src/transport/exchange.ts';

export interface RawServer {
  readonly origin: string;
  readonly port: number;
  /** Requests as received, head and body, in Latin-1. */
  readonly requests: string[];
  /** How many connections were accepted. */
  connections(): number;
  openSockets(): number;
  close(): Promise<void>;
}

/** What to do with a request: bytes to write, or a function of the socket. */
export type RawAnswer = string | Buffer | ((socket: Socket, request: string) => void);

/** `answer` picks by request line; requests are cut by head and Content-Length. */
export async function rawServer(answer: (request: string, index: number) => RawAnswer): Promise<RawServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;

  const server = net.createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      for (;;) {
        const end = received.indexOf('\r\n\r\n');
        if (end < 0) return;
        const length = Number(/^content-length: *(\d+)/im.exec(received.slice(0, end))?.[1] ?? 0);
        if (received.length < end + 4 + length) return;
        const request = received.slice(0, end + 4 + length);
        received = received.slice(request.length);
        requests.push(request);

        const reaction = answer(request, requests.length - 1);
        if (typeof reaction === 'function') reaction(socket, request);
        else socket.write(reaction, 'latin1');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Failed to open a loopback port');

  return {
    origin: `http://127.0.0.1:${address.port}`,
    port: address.port,
    requests,
    connections: () => connections,
    openSockets: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** A well-formed answer. */
export function reply(status: number, body = '', headers: readonly string[] = []): string {
  const lines = [`HTTP/1.1 ${status} Status`, ...headers];
  if (status !== 204 && status !== 304) lines.push(`Content-Length: ${Buffer.byteLength(body, 'latin1')}`);
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

export function get(origin: string, target = '/', headers: HttpRequest['headers'] = []): HttpRequest {
  return { verb: 'GET', origin, target, headers, body: null };
}

export function textOf(body: Uint8Array | null | undefined): string {
  return Buffer.from(body ?? []).toString('utf8');
}
