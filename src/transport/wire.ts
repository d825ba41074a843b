/**
 * The wire: HTTP/1.1 over undici pools, with the request line and the headers exactly as written.
 *
 * Every URL-parsing client rewrites Rest.li text (`''` becomes `%27%27`, dot segments vanish); `Pool.dispatch` takes the
 * target as it is. One pool an origin, no pipelining, no redirects, no retries but one: a GET or HEAD that met a
 * connection which the server had just given up is sent again on a fresh one.
 */
import type { Dispatcher } from 'undici';
import Client from 'undici/lib/dispatcher/client.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import { requestProblems } from './check-request.ts';
import { readError } from './classify.ts';
import { createConnector, readTlsOptions, type OpenTunnel } from './connect.ts';
import type { Exchange, HttpRequest, TransportFailure } from './exchange.ts';
import { failure } from './failure.ts';
import { Line } from './line.ts';
import { Pending, type Route } from './pending.ts';
import { proxyFor, type Proxy } from './proxy.ts';
import { followRedirects } from './redirect.ts';
import type { Transport } from './transport.ts';
import { limitsOf, type WireLimits, type WireOptions } from './wire-options.ts';

export { type WireOptions } from './wire-options.ts';

/** 16 connections are enough on loopback (measured); more only queue in the server. */
const CONNECTIONS = 16;

/**
 * A transport on real sockets.
 *
 * `send` never rejects; `close` ends all sockets at once, requests under way fail with `transport-closed`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112
 */
export function createWire(options: WireOptions = {}): Transport {
  const wire = new Wire(options);
  return options.followRedirects ? followRedirects(wire, options.followRedirects) : wire;
}

/** How connections reach an origin, where not directly. */
interface Way {
  /** The origin is a proxy that takes plain HTTP. */
  readonly toProxy?: boolean;
  readonly tunnel?: OpenTunnel | null;
  /** Host and port to connect to instead of those of the origin. */
  readonly place?: URL | null;
}

/** The route that requests take, and the pool to end with it. */
interface OpenRoute extends Route {
  readonly pool: Pool;
}

class Wire implements Transport {
  readonly limits: WireLimits;
  readonly #options: WireOptions;
  readonly #routes = new Map<string, OpenRoute | TransportFailure>();
  readonly #tunnels: Pool[] = [];
  readonly #aborts = new WeakMap<AbortSignal, Pending[]>();
  #closed = false;

  constructor(options: WireOptions) {
    this.#options = options;
    this.limits = limitsOf(options);
  }

  send(
    request: HttpRequest,
    options?: { readonly signal?: AbortSignal; readonly timeoutMs?: number },
  ): Promise<Exchange> {
    const startedAt = performance.now();
    const signal = options?.signal;
    const refusal = this.#refusal(request, signal);
    if (refusal !== null) return refused(request, refusal);
    const route = this.#routeTo(request.origin);
    if ('code' in route) return refused(request, route);

    return new Promise((resolve) => {
      const aborts = signal === undefined ? null : this.#abortsOf(signal);
      const totalMs = options?.timeoutMs ?? this.limits.totalTimeoutMs;
      new Pending(request, { route, limits: this.limits, startedAt, totalMs, aborts }, resolve).start();
    });
  }

  /** Why a request must not even be tried; null if it may. */
  #refusal(request: HttpRequest, signal: AbortSignal | undefined): TransportFailure | null {
    if (this.#closed) return failure('transport-closed', 'The transport is closed.');
    if (signal?.aborted === true) return failure('aborted', 'The request was stopped before it was sent.');
    const [problem] = requestProblems(request);
    return problem === undefined
      ? null
      : failure('request-not-sendable', `The request cannot be sent: ${problem.message}.`);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const pools = [...this.#tunnels];
    for (const route of this.#routes.values()) if (!('code' in route)) pools.push(route.pool);
    this.#routes.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  /** One listener a signal, however many requests share it. */
  #abortsOf(signal: AbortSignal): Pending[] {
    const known = this.#aborts.get(signal);
    if (known !== undefined) return known;

    const waiting: Pending[] = [];
    const stop = (): void => {
      // Each one that fails leaves the list.
      for (const pending of waiting.slice())
        pending.fail(failure('aborted', 'The request was stopped while under way.'));
    };
    signal.addEventListener('abort', stop, { once: true });
    this.#aborts.set(signal, waiting);
    return waiting;
  }

  #routeTo(origin: string): OpenRoute | TransportFailure {
    const known = this.#routes.get(origin);
    if (known !== undefined) return known;

    const route = this.#openRoute(origin);
    this.#routes.set(origin, route);
    return route;
  }

  #openRoute(origin: string): OpenRoute | TransportFailure {
    if (!URL.canParse(origin)) {
      return failure('request-not-sendable', `The request cannot be sent: ${JSON.stringify(origin)} is not an origin.`);
    }
    const url = new URL(origin);
    const where = `${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`;
    const place = this.#options.connectTo?.get(url.origin);
    if (place !== undefined) {
      const pool = this.#openPool(url.origin, { place: new URL(place) });
      return { pool, where, prefix: '', proxyHeaders: [] };
    }
    const proxy = proxyFor(origin, this.#options.proxy, this.#options.env);
    if (typeof proxy === 'string') return failure('proxy-failed', proxy);

    const absoluteForm = proxy !== null && url.protocol === 'http:';
    const tunnel = proxy === null || absoluteForm ? null : this.#openTunnel(proxy);
    const pool = this.#openPool(absoluteForm ? proxy.origin : url.origin, { toProxy: absoluteForm, tunnel });

    const authorization = absoluteForm ? proxy.authorization : null;
    const proxyHeaders = authorization === null ? [] : ['Proxy-Authorization', authorization];
    return { pool, where, prefix: absoluteForm ? url.origin : '', proxyHeaders };
  }

  #openPool(origin: string, { toProxy = false, tunnel = null, place = null }: Way): Pool {
    return new Pool(origin, {
      connections: this.#options.connections ?? CONNECTIONS,
      pipelining: this.#options.keepAlive === false ? 0 : 1,
      // Time-outs are kept here, by one timer a request: those of undici tick once in half a second.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: this.limits.maxHeaderBytes,
      factory: (address, clientOptions) => {
        const line = new Line();
        const connect = createConnector({
          line,
          timeoutMs: this.limits.connectTimeoutMs,
          tls: this.#options.tls,
          toProxy,
          tunnel,
        });
        return new LineClient(
          address,
          { ...clientOptions, connect: place === null ? connect : towards(place, connect) },
          line,
        );
      },
    });
  }

  /** Asks a proxy for tunnels to https origins; undici speaks CONNECT. */
  #openTunnel(proxy: Proxy): OpenTunnel {
    const pool = new Pool(proxy.origin, { connections: null, connect: readTlsOptions(this.#options.tls) });
    this.#tunnels.push(pool);
    const authorization: Record<string, string> =
      proxy.authorization === null ? {} : { 'Proxy-Authorization': proxy.authorization };

    const name = new URL(proxy.origin).host;

    return async (host, signal) => {
      try {
        // Read when the first tunnel is asked for: most runs have no proxy.
        const { default: connect } = await import('undici/lib/api/api-connect.js');
        const { socket, statusCode } = await connect.call(pool, {
          path: host,
          headers: { Host: host, ...authorization },
          signal,
        });
        if (statusCode === 200) return socket;
        socket.on('error', () => undefined).destroy();
        return failure('proxy-refused', `The proxy ${name} refused a tunnel to ${host} with status ${statusCode}.`);
      } catch (error) {
        const { code, message } = readError(error);
        return failure(
          'proxy-failed',
          `The proxy ${name} gave no tunnel to ${host}: ${message}${code === '' ? '' : ` (${code})`}.`,
        );
      }
    };
  }
}

/** A client that tells each request which connection carries it. */
class LineClient extends Client {
  readonly #line: Line;

  constructor(origin: string | URL, options: Client.Options, line: Line) {
    super(origin, options);
    this.#line = line;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    if (handler instanceof Pending) handler.line = this.#line;
    return super.dispatch(options, handler);
  }
}

type Connector = ReturnType<typeof createConnector>;

/** The same connector, told of another place. */
function towards({ hostname, port }: URL, connect: Connector): Connector {
  return (target, callback) => connect({ ...target, hostname, port }, callback);
}

function refused(request: HttpRequest, refusal: TransportFailure): Promise<Exchange> {
  return Promise.resolve({ request, response: null, failure: refusal, durationMs: 0 });
}
