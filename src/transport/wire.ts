/**
 * The wire: HTTP/1.1 over undici pools, with the request line and the headers exactly as written.
 *
 * Every URL-parsing client rewrites Rest.li text (`''` becomes `%27%27`, dot segments vanish); `Pool.dispatch` takes the
 * target as it is. One pool an origin, no pipelining, no redirects, no retries but one: a GET or HEAD that met a
 * connection which the server had just given up is sent again on a fresh one.
 */
import { Client, Pool, type Dispatcher } from 'undici';
import { requestProblems } from './check-request.ts';
import { answerFailure, readError } from './classify.ts';
import { ConnectError, createConnector, type OpenTunnel, type TlsOptions } from './connect.ts';
import type { Exchange, HeaderLines, HttpRequest, HttpResponse, TransportFailure } from './exchange.ts';
import { headerOf, headerValues } from './exchange.ts';
import { failure } from './failure.ts';
import { Inflater, readCodings, unknownCoding } from './inflate.ts';
import { bytesAfterHead, Line, readHeaderLines } from './line.ts';
import { proxyFor, type Proxy, type ProxyOptions } from './proxy.ts';
import { followRedirects, type RedirectOptions } from './redirect.ts';
import type { Transport } from './transport.ts';

export interface WireLimits {
  /** Name look-up, TCP, proxy tunnel and TLS together. */
  readonly connectTimeoutMs: number;
  /** From the request sent to the end of the response head. */
  readonly headersTimeoutMs: number;
  /** Longest silence within a body. */
  readonly bodyTimeoutMs: number;
  /** From `send` to the last byte, waiting for a free connection included. */
  readonly totalTimeoutMs: number;
  /** Of the body, as received and after inflating. */
  readonly maxBodyBytes: number;
  readonly maxInflateRatio: number;
  readonly maxInflateLayers: number;
  readonly maxHeaderBytes: number;
}

export interface WireOptions extends Partial<WireLimits> {
  /** Connections to one origin at most. */
  readonly connections?: number;
  /** False: a new connection for each request. */
  readonly keepAlive?: boolean;
  readonly tls?: TlsOptions;
  readonly proxy?: ProxyOptions;
  /** Default false: a redirect is an answer like any other. */
  readonly followRedirects?: false | RedirectOptions;
  /** Where HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY are read; left out: nowhere. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export const WIRE_DEFAULTS: WireLimits = {
  connectTimeoutMs: 5_000,
  headersTimeoutMs: 10_000,
  bodyTimeoutMs: 10_000,
  totalTimeoutMs: 30_000,
  maxBodyBytes: 10_000_000,
  maxInflateRatio: 200,
  maxInflateLayers: 2,
  maxHeaderBytes: 16_384,
};

/** Header lines of an answer; more are an attack or a loop, even if short. */
const MAX_HEADER_LINES = 1_000;
/** 1xx answers before the final one. */
const MAX_INFORMATIONAL = 32;
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

/** One origin: its pool, and how requests reach it. */
interface Route {
  readonly pool: Pool;
  readonly where: string;
  /** Put before the target where a plain proxy wants the absolute form; empty otherwise. */
  readonly prefix: string;
  /** Lines a plain proxy needs: Host of the origin, Proxy-Authorization. */
  readonly proxyHeaders: readonly string[];
}

class Wire implements Transport {
  readonly limits: WireLimits;
  readonly #options: WireOptions;
  readonly #routes = new Map<string, Route | TransportFailure>();
  readonly #tunnels: Pool[] = [];
  readonly #aborts = new WeakMap<AbortSignal, Pending[]>();
  #closed = false;

  constructor(options: WireOptions) {
    this.#options = options;
    this.limits = { ...WIRE_DEFAULTS, ...definedOnly(options) };
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
      new Pending(request, route, this.limits, startedAt, totalMs, aborts, resolve).dispatch();
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
    signal.addEventListener(
      'abort',
      () =>
        [...waiting].forEach((pending) => pending.fail(failure('aborted', 'The request was stopped while under way.'))),
      {
        once: true,
      },
    );
    this.#aborts.set(signal, waiting);
    return waiting;
  }

  #routeTo(origin: string): Route | TransportFailure {
    const known = this.#routes.get(origin);
    if (known !== undefined) return known;

    const route = this.#openRoute(origin);
    this.#routes.set(origin, route);
    return route;
  }

  #openRoute(origin: string): Route | TransportFailure {
    if (!URL.canParse(origin))
      return failure('request-not-sendable', `The request cannot be sent: ${JSON.stringify(origin)} is not an origin.`);
    const url = new URL(origin);
    const where = `${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`;
    const proxy = proxyFor(origin, this.#options.proxy, this.#options.env);
    if (typeof proxy === 'string') return failure('proxy-failed', proxy);

    const absoluteForm = proxy !== null && url.protocol === 'http:';
    const tunnel = proxy === null || absoluteForm ? null : this.#openTunnel(proxy);
    const pool = this.#openPool(absoluteForm ? proxy.origin : url.origin, absoluteForm, tunnel);

    const proxyHeaders: string[] = [];
    if (absoluteForm && proxy.authorization !== null) proxyHeaders.push('Proxy-Authorization', proxy.authorization);
    if (absoluteForm) proxyHeaders.push('Host', url.host);
    return { pool, where, prefix: absoluteForm ? url.origin : '', proxyHeaders };
  }

  #openPool(origin: string, toProxy: boolean, tunnel: OpenTunnel | null): Pool {
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
        return new LineClient(address, { ...clientOptions, connect }, line);
      },
    });
  }

  /** Asks a proxy for tunnels to https origins; undici speaks CONNECT. */
  #openTunnel(proxy: Proxy): OpenTunnel {
    const pool = new Pool(proxy.origin, { connections: null, connect: { timeout: this.limits.connectTimeoutMs } });
    this.#tunnels.push(pool);
    const authorization = proxy.authorization === null ? {} : { 'Proxy-Authorization': proxy.authorization };

    const name = new URL(proxy.origin).host;

    return async (host, signal) => {
      try {
        const { socket, statusCode } = await pool.connect({
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

const NO_BODY = new Uint8Array(0);

function refused(request: HttpRequest, refusal: TransportFailure): Promise<Exchange> {
  return Promise.resolve({ request, response: null, failure: refusal, durationMs: 0 });
}

/** One request under way: the handler that undici calls, and its deadlines. */
class Pending implements Dispatcher.DispatchHandler {
  line: Line | null = null;

  readonly #request: HttpRequest;
  readonly #route: Route;
  readonly #limits: WireLimits;
  readonly #startedAt: number;
  readonly #totalMs: number;
  readonly #aborts: Pending[] | null;
  readonly #resolve: (exchange: Exchange) => void;

  #timer: NodeJS.Timeout | null = null;
  #abortIndex = -1;
  #abort: ((error?: Error) => void) | null = null;
  #settled = false;
  #resent = false;
  #sentAt = 0;
  /** Of the last byte of the body, for the idle time-out. */
  #heardAt = 0;
  #informational = 0;
  #reused = false;
  #status = 0;
  #headers: HeaderLines | null = null;
  #expectedBytes: number | null = null;
  #bodyBytes = 0;
  #first: Uint8Array | null = null;
  #more: Uint8Array[] | null = null;
  #inflater: Inflater | null = null;
  #unknownCoding: string | null = null;

  constructor(
    request: HttpRequest,
    route: Route,
    limits: WireLimits,
    startedAt: number,
    totalMs: number,
    aborts: Pending[] | null,
    resolve: (exchange: Exchange) => void,
  ) {
    this.#request = request;
    this.#route = route;
    this.#limits = limits;
    this.#startedAt = startedAt;
    this.#totalMs = totalMs;
    this.#aborts = aborts;
    this.#resolve = resolve;
  }

  dispatch(): void {
    if (this.#aborts !== null && this.#abortIndex < 0) this.#abortIndex = this.#aborts.push(this) - 1;
    if (this.#timer === null) this.#arm(this.#shortestMs());

    const { prefix, proxyHeaders, pool } = this.#route;
    const headers = [
      ...(proxyHeaders.length > 0 && headerOf(this.#request.headers, 'host') !== null
        ? proxyHeaders.slice(0, -2)
        : proxyHeaders),
    ];
    for (const [name, value] of this.#request.headers) headers.push(name, value);
    pool.dispatch(
      // Any token is a verb to undici; its type lists only the common ones.
      {
        path: prefix === '' ? this.#request.target : prefix + this.#request.target,
        method: this.#request.verb,
        headers,
        body: this.#request.body,
      },
      this,
    );
  }

  onConnect(abort: (error?: Error) => void): void {
    if (this.#settled) return abort();
    this.#abort = abort;
    this.#sentAt = performance.now();
    this.#reused = this.line?.begin() ?? false;
  }

  onHeaders(status: number, rawHeaders: Buffer[]): boolean {
    if (this.#settled) return true;
    if (status < 200) {
      this.#informational += 1;
      if (status < 100) this.#failStatus();
      else if (this.#informational > MAX_INFORMATIONAL) {
        this.fail(
          failure(
            'too-many-informational',
            `${this.#route.where} sent more than ${MAX_INFORMATIONAL} informational answers (the last: ${status}).`,
          ),
        );
      }
      return true;
    }
    if (status > 599) {
      this.#failStatus();
      return true;
    }
    if (rawHeaders.length > 2 * MAX_HEADER_LINES) {
      this.fail(
        failure(
          'header-overflow',
          `The answer of ${this.#route.where} has ${rawHeaders.length / 2} header lines, ${MAX_HEADER_LINES} are allowed.`,
        ),
      );
      return true;
    }

    const headers = readHeaderLines(rawHeaders, this.line?.wholeHead() ?? null);
    this.#status = status;
    this.#headers = headers;
    this.#heardAt = performance.now();
    this.line?.headDone();

    const length = headerOf(headers, 'content-length');
    this.#expectedBytes = length === null ? null : Number(length);
    if (this.#expectedBytes !== null && this.#expectedBytes > this.#limits.maxBodyBytes && this.#hasBody()) {
      this.fail(
        failure(
          'size-limit',
          `The body of ${this.#route.where} has ${length} bytes, the limit is ${this.#limits.maxBodyBytes}.`,
        ),
      );
      return true;
    }
    this.#readCodings(headers);
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (this.#settled) return true;
    this.#heardAt = performance.now();
    this.#bodyBytes += chunk.byteLength;
    if (this.#bodyBytes > this.#limits.maxBodyBytes) {
      this.fail(
        failure(
          'size-limit',
          `The body of ${this.#route.where} is over the limit of ${this.#limits.maxBodyBytes} bytes.`,
        ),
      );
      return true;
    }

    if (this.#inflater !== null) this.#inflater.write(chunk);
    else if (this.#first === null) this.#first = chunk;
    else (this.#more ??= [this.#first]).push(chunk);
    return true;
  }

  onComplete(): void {
    if (this.#settled) return;
    this.#abort = null;
    if (!this.#hasBody()) this.#checkNoBody();
    this.line?.end(!this.#hasBody());
    if (this.#settled) return;

    if (this.#unknownCoding !== null && this.#bodyBytes > 0) {
      this.fail(
        failure(
          'unknown-coding',
          `The body has the content coding ${JSON.stringify(this.#unknownCoding.slice(0, 40))}, which is not known; ${this.#bodyBytes} bytes as sent.`,
        ),
      );
    } else if (this.#inflater !== null) this.#inflater.end();
    else this.#settle(this.#response(this.#body()), null);
  }

  onError(error: Error): void {
    this.#abort = null;
    if (this.#settled) return;
    if (error instanceof ConnectError) return this.fail(error.failure);

    const { code, message } = readError(error);
    if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED') {
      return this.fail(failure('transport-closed', 'The transport was closed while the request was under way.'));
    }
    if (
      code === 'UND_ERR_INVALID_ARG' ||
      code === 'UND_ERR_NOT_SUPPORTED' ||
      code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH'
    ) {
      return this.fail(failure('request-not-sendable', `The request cannot be sent: ${message}.`));
    }
    if (this.#headers !== null && !this.#hasBody()) {
      // undici misses the body that Content-Length announces; after HEAD and on 304 that is as it should be.
      this.#checkNoBody();
      if (!this.#settled) this.#settle(this.#response(NO_BODY), null);
      return;
    }

    const failed = answerFailure(error, {
      where: this.#route.where,
      head: this.line?.head() ?? NO_BODY,
      hasHead: this.#headers !== null,
      bodyBytes: this.#bodyBytes,
      expectedBytes: this.#expectedBytes,
      maxHeaderBytes: this.#limits.maxHeaderBytes,
      reused: this.#reused,
    });
    if (failed.code === 'bad-status-line' && this.line?.mayHoldStrayBytes === true) {
      this.#sendAgainOrFail(
        failure(
          'stray-bytes',
          `Bytes left over from the answer before were on the connection to ${this.#route.where}: ${failed.message}`,
        ),
      );
    } else if (failed.code === 'closed-before-response' && this.#reused) this.#sendAgainOrFail(failed);
    else this.fail(failed);
  }

  /** Ends the request with a failure; what came of the answer stands beside it. */
  fail(failed: TransportFailure): void {
    if (this.#settled) return;
    this.#inflater?.destroy();
    const partial = this.#headers === null ? null : this.#response(this.#inflater === null ? this.#body() : NO_BODY);
    this.#settle(partial, failed);
    this.#abort?.();
  }

  checkDeadlines(): void {
    if (this.#settled) return;
    const now = performance.now();
    const { headersTimeoutMs, bodyTimeoutMs } = this.#limits;
    const { where } = this.#route;

    const totalLeft = this.#startedAt + this.#totalMs - now;
    if (totalLeft <= 0) {
      const got =
        this.#headers === null
          ? this.#sentAt === 0
            ? 'no connection was free yet'
            : 'no answer came yet'
          : `${this.#bodyBytes} bytes of the body had come`;
      return this.fail(
        failure('total-timeout', `The exchange with ${where} took longer than ${this.#totalMs} ms; ${got}.`),
      );
    }
    let left = totalLeft;
    if (this.#headers !== null) {
      left = Math.min(left, this.#heardAt + bodyTimeoutMs - now);
      if (left <= 0) {
        const of = this.#expectedBytes === null ? '' : ` of ${this.#expectedBytes}`;
        return this.fail(
          failure(
            'body-timeout',
            `${where} sent nothing for ${bodyTimeoutMs} ms in mid-body; ${this.#bodyBytes}${of} bytes had come.`,
          ),
        );
      }
    } else if (this.#sentAt !== 0) {
      left = Math.min(left, this.#sentAt + headersTimeoutMs - now);
      if (left <= 0)
        return this.fail(failure('header-timeout', `${where} sent no complete head within ${headersTimeoutMs} ms.`));
    }
    this.#arm(Math.min(left, this.#shortestMs()));
  }

  /** A GET or HEAD changes nothing, so it may go out once more where the connection, not the answer, was bad. */
  #sendAgainOrFail(failed: TransportFailure): void {
    const { verb } = this.#request;
    if (this.#resent || (verb !== 'GET' && verb !== 'HEAD')) return this.fail(failed);
    this.#resent = true;
    this.#sentAt = 0;
    this.#informational = 0;
    this.dispatch();
  }

  #hasBody(): boolean {
    return this.#request.verb !== 'HEAD' && this.#status !== 204 && this.#status !== 304;
  }

  /** Bytes after an answer that ends with its headers would be read as the next answer: the connection goes. */
  #checkNoBody(): void {
    const stray = this.line === null ? 0 : bytesAfterHead(this.line.head());
    const promised = this.#status === 204 ? (this.#expectedBytes ?? 0) : 0;
    const chunked =
      this.#status === 204 && this.#headers !== null && headerOf(this.#headers, 'transfer-encoding') !== null;
    if (stray === 0 && promised === 0 && !chunked) return;

    this.line?.drop();
    const what = this.#status === 204 ? 'A 204' : this.#status === 304 ? 'A 304' : 'The answer to HEAD';
    const seen =
      stray > 0
        ? `${stray} bytes follow its headers`
        : chunked
          ? 'its headers announce a chunked body'
          : `its headers announce ${promised} bytes`;
    this.fail(
      failure(
        this.#status === 204 ? 'body-on-204' : 'body-not-allowed',
        `${what} of ${this.#route.where} has a body: ${seen}.`,
      ),
    );
  }

  #failStatus(): void {
    this.fail(
      answerFailure(null, {
        where: this.#route.where,
        head: this.line?.head() ?? NO_BODY,
        hasHead: false,
        bodyBytes: 0,
        expectedBytes: null,
        maxHeaderBytes: 0,
        reused: false,
      }),
    );
  }

  #readCodings(headers: HeaderLines): void {
    const values = headerValues(headers, 'content-encoding');
    if (values.length === 0 || !this.#hasBody()) return;

    const codings = readCodings(values, this.#limits);
    if ('code' in codings) return this.fail(codings);
    if (codings.length === 0) return;

    this.#unknownCoding = unknownCoding(codings) ?? null;
    if (this.#unknownCoding !== null) return;
    this.#inflater = new Inflater(codings, this.#limits, (body, failed) => {
      if (failed === null) this.#settle(this.#response(body), null);
      else {
        this.#settle(this.#response(body), failed);
        this.#abort?.();
      }
    });
  }

  #body(): Uint8Array {
    if (this.#more !== null) return Buffer.concat(this.#more);
    return this.#first ?? NO_BODY;
  }

  #response(body: Uint8Array): HttpResponse {
    return { status: this.#status, headers: this.#headers ?? [], body };
  }

  #settle(response: HttpResponse | null, failed: TransportFailure | null): void {
    if (this.#settled) return;
    this.#settled = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#leaveAborts();
    this.#resolve({
      request: this.#request,
      response,
      failure: failed,
      durationMs: performance.now() - this.#startedAt,
    });
  }

  /**
   * The last one takes the place of this one. (A Set that is added to and deleted from without end leaves old tables
   * behind, which kept every request alive until a full collection: a third of the time went there.)
   */
  #leaveAborts(): void {
    const last = this.#abortIndex < 0 ? undefined : this.#aborts?.pop();
    if (last === undefined || this.#aborts === null) return;
    if (last !== this) {
      last.#abortIndex = this.#abortIndex;
      this.#aborts[this.#abortIndex] = last;
    }
    this.#abortIndex = -1;
  }

  /** No deadline of this request can fall before this many milliseconds from a change of phase. */
  #shortestMs(): number {
    return Math.min(this.#totalMs, this.#limits.headersTimeoutMs, this.#limits.bodyTimeoutMs);
  }

  #arm(delayMs: number): void {
    // An open socket keeps the process alive; the timer alone must not.
    this.#timer = setTimeout(checkDeadlines, Math.max(1, Math.ceil(delayMs)), this).unref();
  }
}

function checkDeadlines(pending: Pending): void {
  pending.checkDeadlines();
}

/** A limit given as undefined is a limit not given. */
function definedOnly<T extends object>(options: T): Partial<T> {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<T>;
}
