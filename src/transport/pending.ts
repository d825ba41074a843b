/** One request under way on the wire: what undici's pool calls, the deadlines, and the exchange at the end. */
import { BodyReader, type BodyOwner } from './body-reader.ts';
import { answerFailure, readError } from './classify.ts';
import { ConnectError } from './connect.ts';
import { checkDeadlines } from './deadlines.ts';
import type { Exchange, HeaderLines, HttpRequest, TransportFailure } from './exchange.ts';
import { headerOf } from './exchange.ts';
import { failure } from './failure.ts';
import { readHeaderLines, type Line } from './line.ts';
import { hasBody, unwantedBody } from './no-body.ts';
import type { WireLimits } from './wire-options.ts';

/** Header lines of an answer; more are an attack or a loop, even if short. */
const MAX_HEADER_LINES = 1_000;
/** 1xx answers before the final one. */
const MAX_INFORMATIONAL = 32;

/** The part of a pool that is used here. */
export interface RequestPool {
  dispatch(
    request: {
      readonly path: string;
      readonly method: string;
      readonly headers: string[];
      readonly body: Uint8Array | null;
    },
    handler: Pending,
  ): boolean;
}

/** One origin: its pool, and how requests reach it. */
export interface Route {
  readonly pool: RequestPool;
  /** `host:port`, for messages. */
  readonly where: string;
  /** Put before the target where a plain proxy wants the absolute form; empty otherwise. */
  readonly prefix: string;
  /** Lines for a plain proxy, names and values by turns. */
  readonly proxyHeaders: readonly string[];
}

/** What a request is sent with. */
export interface Terms {
  readonly route: Route;
  readonly limits: WireLimits;
  /** Of `performance.now()`. */
  readonly startedAt: number;
  readonly totalMs: number;
  /** Requests to fail once their signal aborts; null without signal. */
  readonly aborts: Pending[] | null;
}

const NO_BODY = new Uint8Array(0);

export class Pending implements BodyOwner {
  /** The connection that carries the request; set before it goes out. */
  line: Line | null = null;

  readonly #request: HttpRequest;
  readonly #terms: Terms;
  readonly #resolve: (exchange: Exchange) => void;
  readonly #body: BodyReader;

  #timer: NodeJS.Timeout | null = null;
  #abortIndex = -1;
  #abort: ((error?: Error) => void) | null = null;
  #settled = false;
  #resent = false;
  #reused = false;
  #sentAt = 0;
  #heardAt = 0;
  #informational = 0;
  #status = 0;
  #headers: HeaderLines | null = null;

  constructor(request: HttpRequest, terms: Terms, resolve: (exchange: Exchange) => void) {
    this.#request = request;
    this.#terms = terms;
    this.#resolve = resolve;
    this.#body = new BodyReader(terms.route.where, terms.limits, this);
  }

  start(): void {
    const { aborts } = this.#terms;
    if (aborts !== null) this.#abortIndex = aborts.push(this) - 1;
    this.#arm(this.#shortestMs());
    this.#dispatch();
  }

  onConnect(abort: (error?: Error) => void): void {
    if (this.#settled) return abort();
    this.#abort = abort;
    this.#sentAt = performance.now();
    this.#reused = this.line?.begin() ?? false;
  }

  onHeaders(status: number, views: Buffer[]): boolean {
    if (this.#settled) return true;
    const refusal = this.#judgeHead(status, views.length / 2);
    if (refusal !== null) this.fail(refusal);
    if (refusal !== null || status < 200) return true;

    this.#status = status;
    this.#headers = readHeaderLines(views, this.line?.wholeHead() ?? null);
    this.#heardAt = performance.now();
    this.line?.headDone();
    const unreadable = this.#body.begin(this.#headers, hasBody(this.#request.verb, status));
    if (unreadable !== null) this.fail(unreadable);
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (this.#settled) return true;
    this.#heardAt = performance.now();
    const refusal = this.#body.write(chunk);
    if (refusal !== null) this.fail(refusal);
    return true;
  }

  onComplete(): void {
    if (this.#settled) return;
    this.#abort = null;
    const isBodyless = !hasBody(this.#request.verb, this.#status);
    if (isBodyless) this.#failIfBody();
    this.line?.end(isBodyless);
    if (!this.#settled) this.#body.end();
  }

  onError(error: Error): void {
    this.#abort = null;
    if (this.#settled) return;
    if (this.#headers !== null && !hasBody(this.#request.verb, this.#status)) {
      // undici misses the body that Content-Length announces; on 304 that is as it should be.
      this.#failIfBody();
      if (!this.#settled) this.#settle(NO_BODY, null);
      return;
    }

    const failed = this.#explain(error);
    const mayHoldStrayBytes = this.line?.mayHoldStrayBytes === true;
    if (failed.code === 'bad-status-line' && mayHoldStrayBytes) {
      const where = `the connection to ${this.#terms.route.where}`;
      this.#sendAgainOrFail(
        failure('stray-bytes', `Bytes left over from the answer before were on ${where}: ${failed.message}`),
      );
    } else if (failed.code === 'closed-before-response' && this.#reused) this.#sendAgainOrFail(failed);
    else this.fail(failed);
  }

  bodyDone(body: Uint8Array, failed: TransportFailure | null): void {
    this.#settle(body, failed);
    if (failed !== null) this.#abort?.();
  }

  /** Ends the request with a failure; what came of the answer stands beside it. */
  fail(failed: TransportFailure): void {
    if (this.#settled) return;
    this.#settle(this.#body.cut(), failed);
    this.#abort?.();
  }

  checkDeadlines(): void {
    if (this.#settled) return;
    const { route, limits, startedAt, totalMs } = this.#terms;
    const { receivedBytes, expectedBytes } = this.#body;
    const state = {
      where: route.where,
      startedAt,
      totalMs,
      sentAt: this.#sentAt,
      heardAt: this.#heardAt,
      bodyBytes: receivedBytes,
      expectedBytes,
    };
    const next = checkDeadlines(performance.now(), state, limits);
    if (typeof next === 'number') this.#arm(Math.min(next, this.#shortestMs()));
    else this.fail(next);
  }

  #dispatch(): void {
    const { pool, prefix, proxyHeaders } = this.#terms.route;
    const { target, verb, body } = this.#request;
    const headers = [...proxyHeaders];
    for (const line of this.#request.headers) headers.push(line[0], line[1]);
    // To a proxy undici would write the proxy's own name.
    if (prefix !== '' && headerOf(this.#request.headers, 'host') === null)
      headers.push('host', prefix.replace(/^.*:\/\//, ''));
    pool.dispatch({ path: prefix === '' ? target : prefix + target, method: verb, headers, body }, this);
  }

  /** A GET or HEAD changes nothing, so it may go out once more where the connection, not the answer, was bad. */
  #sendAgainOrFail(failed: TransportFailure): void {
    const { verb } = this.#request;
    if (this.#resent || (verb !== 'GET' && verb !== 'HEAD')) return this.fail(failed);
    this.#resent = true;
    this.#sentAt = 0;
    this.#informational = 0;
    this.#dispatch();
  }

  /** What is wrong with a head before its headers are read; null: nothing. */
  #judgeHead(status: number, lines: number): TransportFailure | null {
    const { where } = this.#terms.route;
    if (status < 100 || status > 599) return this.#explain(null);
    if (lines > MAX_HEADER_LINES) {
      return failure(
        'header-overflow',
        `The answer of ${where} has ${lines} header lines, ${MAX_HEADER_LINES} are allowed.`,
      );
    }
    if (status >= 200) return null;
    this.#informational += 1;
    if (this.#informational <= MAX_INFORMATIONAL) return null;
    return failure(
      'too-many-informational',
      `${where} sent more than ${MAX_INFORMATIONAL} informational answers (the last: ${status}).`,
    );
  }

  #explain(error: Error | null): TransportFailure {
    if (error instanceof ConnectError) return error.failure;
    const { code, message } = readError(error);
    if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED') {
      return failure('transport-closed', 'The transport was closed while the request was under way.');
    }
    if (/^UND_ERR_(?:INVALID_ARG|NOT_SUPPORTED|REQ_CONTENT_LENGTH_MISMATCH)$/.test(code)) {
      return failure('request-not-sendable', `The request cannot be sent: ${message}.`);
    }
    return answerFailure(error, {
      where: this.#terms.route.where,
      head: this.line?.head() ?? NO_BODY,
      hasHead: this.#headers !== null,
      bodyBytes: this.#body.receivedBytes,
      expectedBytes: this.#body.expectedBytes,
      maxHeaderBytes: this.#terms.limits.maxHeaderBytes,
      reused: this.#reused,
    });
  }

  /** Bytes after an answer that ends with its headers would be read as the next answer: the connection goes. */
  #failIfBody(): void {
    const received = this.line?.head() ?? NO_BODY;
    const unwanted = unwantedBody(this.#status, this.#headers ?? [], received, this.#terms.route.where);
    if (unwanted === null) return;
    this.line?.drop();
    this.fail(unwanted);
  }

  #settle(body: Uint8Array, failed: TransportFailure | null): void {
    if (this.#settled) return;
    this.#settled = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#leaveAborts();
    const response = this.#headers === null ? null : { status: this.#status, headers: this.#headers, body };
    const durationMs = performance.now() - this.#terms.startedAt;
    this.#resolve({ request: this.#request, response, failure: failed, durationMs });
  }

  /**
   * The last one takes the place of this one. (A Set that is added to and deleted from without end leaves old tables
   * behind, which kept every request alive until a full collection: a third of the time went there.)
   */
  #leaveAborts(): void {
    const { aborts } = this.#terms;
    const last = this.#abortIndex < 0 ? undefined : aborts?.pop();
    if (last === undefined || aborts === null) return;
    if (last !== this) {
      last.#abortIndex = this.#abortIndex;
      aborts[this.#abortIndex] = last;
    }
    this.#abortIndex = -1;
  }

  /** No deadline of this request can fall before this many milliseconds from a change of phase. */
  #shortestMs(): number {
    const { totalMs, limits } = this.#terms;
    return Math.min(totalMs, limits.headersTimeoutMs, limits.bodyTimeoutMs);
  }

  #arm(delayMs: number): void {
    // An open socket keeps the process alive; the timer alone must not.
    this.#timer = setTimeout(expire, Math.max(1, Math.ceil(delayMs)), this).unref();
  }
}

function expire(pending: Pending): void {
  pending.checkDeadlines();
}
