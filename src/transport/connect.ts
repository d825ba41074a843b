/** Opens one connection: name, TCP, proxy tunnel, TLS, with one deadline over all and the phase known when it passes. */
import net, { type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import tls, { type SecureContextOptions } from 'node:tls';
import { connectFailure, connectPhase, readError } from './classify.ts';
import type { TransportFailure } from './exchange.ts';
import { failure } from './failure.ts';
import type { Line } from './line.ts';

export interface TlsOptions {
  /** PEM text of the certificates that are trusted, beside none other. */
  readonly ca?: string | Buffer;
  /** Client certificate and its key, PEM. */
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly passphrase?: string;
  /** True: any certificate is accepted. */
  readonly insecure?: boolean;
  /** Name asked for and checked, where it is not that of the origin. */
  readonly servername?: string;
}

/** The options as node:tls calls them, `servername` apart. */
export function readTlsOptions(
  options: TlsOptions = {},
): SecureContextOptions & { readonly rejectUnauthorized: boolean } {
  const { insecure, servername: _, ...context } = options;
  return { ...context, rejectUnauthorized: insecure !== true };
}

/** A connection that did not come about; carries the failure through undici. */
export class ConnectError extends Error {
  readonly failure: TransportFailure;

  constructor(failed: TransportFailure) {
    super(failed.message);
    this.name = 'ConnectError';
    this.failure = failed;
  }
}

/** What undici asks a connector for. */
export interface ConnectTarget {
  readonly hostname: string;
  readonly protocol: string;
  readonly port: string;
  readonly servername?: string | null;
}

export type ConnectCallback = (...result: [null, Socket] | [Error, null]) => void;

/** Opens a tunnel to `host:port`, or says why there is none. */
export type OpenTunnel = (hostAndPort: string, signal: AbortSignal) => Promise<Duplex | TransportFailure>;

export interface ConnectorOptions {
  /** Told of the connection once it stands. */
  readonly line: Line;
  readonly timeoutMs: number;
  readonly tls: TlsOptions | undefined;
  /** True if the target is itself a proxy that takes plain HTTP. */
  readonly toProxy: boolean;
  /** null: connect directly. */
  readonly tunnel: OpenTunnel | null;
}

/**
 * A connector for undici; each call opens one socket and calls back exactly once.
 *
 * @returns a function that never throws; errors it hands over are `ConnectError`
 */
export function createConnector(options: ConnectorOptions): (target: ConnectTarget, callback: ConnectCallback) => void {
  return (target, callback) => {
    new Attempt(options, target, callback).start();
  };
}

class Attempt {
  readonly #options: ConnectorOptions;
  readonly #target: ConnectTarget;
  readonly #callback: ConnectCallback;
  readonly #where: string;
  readonly #port: number;
  readonly #timer: NodeJS.Timeout;
  readonly #giveUp = new AbortController();
  #socket: Socket | null = null;
  #resolved = false;
  #connected = false;
  #done = false;

  constructor(options: ConnectorOptions, target: ConnectTarget, callback: ConnectCallback) {
    this.#options = options;
    this.#target = target;
    this.#callback = callback;
    this.#port = Number(target.port) || (target.protocol === 'https:' ? 443 : 80);
    const host = target.hostname.includes(':') ? `[${target.hostname}]` : target.hostname;
    this.#where = `${host}:${this.#port}`;
    this.#timer = setTimeout(() => this.#expire(), options.timeoutMs).unref();
  }

  start(): void {
    const { tunnel } = this.#options;
    if (tunnel === null) return this.#open(null);

    void tunnel(this.#where, this.#giveUp.signal).then((result) => {
      if (!('destroy' in result)) return this.#fail(result);
      // A late tunnel has nobody left to use it.
      if (this.#done) return void result.on('error', () => undefined).destroy();
      this.#resolved = true;
      this.#connected = true;
      this.#open(result);
    });
  }

  #open(through: Duplex | null): void {
    const isTls = this.#target.protocol === 'https:';
    try {
      const socket = isTls ? this.#openTls(through) : net.connect({ host: this.#target.hostname, port: this.#port });
      this.#socket = socket;
      socket.setNoDelay(true).setKeepAlive(true, 60_000);
      socket
        .once('lookup', (error: Error | null) => (this.#resolved = error === null))
        .once('connect', () => (this.#connected = true))
        .once(isTls ? 'secureConnect' : 'connect', () => this.#succeed(socket))
        // Stays for the life of the socket, so that a late error is never without a listener.
        .on('error', (error) => this.#fail(this.#explain(error)))
        .once('close', () =>
          this.#fail(this.#explain(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' }))),
        );
    } catch (error) {
      // tls.connect throws at once on a key or certificate that it cannot read.
      this.#fail(
        failure('tls-options', `The TLS options for ${this.#where} cannot be used: ${readError(error).message}.`),
      );
    }
  }

  #openTls(through: Duplex | null): Socket {
    const name = this.#options.tls?.servername ?? this.#target.servername ?? this.#target.hostname;
    return tls.connect({
      ...readTlsOptions(this.#options.tls),
      host: this.#target.hostname,
      port: this.#port,
      ALPNProtocols: ['http/1.1'],
      // RFC 6066 3: an address is no server name.
      ...(net.isIP(name) === 0 ? { servername: name } : {}),
      ...(through === null ? {} : { socket: through }),
    });
  }

  #explain(error: unknown): TransportFailure {
    const failed = connectFailure(error, this.#where, this.#connected && this.#target.protocol === 'https:');
    return this.#options.toProxy ? failure('proxy-failed', `No connection to the proxy: ${failed.message}`) : failed;
  }

  #expire(): void {
    const phase =
      this.#options.tunnel !== null && !this.#connected
        ? 'proxy'
        : connectPhase(this.#resolved || net.isIP(this.#target.hostname) !== 0, this.#connected);
    const step = {
      dns: 'looking up its name',
      connect: 'the TCP connection',
      tls: 'the TLS handshake',
      proxy: 'waiting for the proxy',
    }[phase];
    this.#fail(
      failure(
        'connect-timeout',
        `No connection to ${this.#where} within ${this.#options.timeoutMs} ms; ${step} was under way.`,
        phase,
      ),
    );
  }

  #succeed(socket: Socket): void {
    if (!this.#finish()) return;
    this.#options.line.attach(socket);
    this.#callback(null, socket);
  }

  #fail(failed: TransportFailure): void {
    if (!this.#finish()) return;
    this.#giveUp.abort();
    this.#socket?.destroy();
    this.#callback(new ConnectError(failed), null);
  }

  /** False if the outcome is already known. */
  #finish(): boolean {
    if (this.#done) return false;
    this.#done = true;
    clearTimeout(this.#timer);
    return true;
  }
}
