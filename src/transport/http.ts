/**
 * The same exchanges over `node:http` and `node:https`, so that interceptors on those (a user's nock) can stand in for the
 * endpoint. Slower than the wire, and joins doubled headers that differ only in case under one name.
 */
import http from 'node:http';
import https from 'node:https';
import { BodyReader, type BodyOwner } from './body-reader.ts';
import { requestProblems } from './check-request.ts';
import { answerFailure, connectFailure, readError } from './classify.ts';
import { readTlsOptions, type TlsOptions } from './connect.ts';
import type { Exchange, HeaderLines, HttpRequest, TransportFailure } from './exchange.ts';
import { headerOf } from './exchange.ts';
import { failure } from './failure.ts';
import type { InflateCaps } from './inflate.ts';
import { hasBody } from './no-body.ts';
import type { Transport } from './transport.ts';

export interface HttpOptions extends Partial<InflateCaps> {
  /** From the request to the end of the response head. Default 10 s. */
  readonly headersTimeoutMs?: number;
  /** Longest silence within a body. Default 10 s. */
  readonly bodyTimeoutMs?: number;
  /** Default 30 s. */
  readonly totalTimeoutMs?: number;
  /** Default 16 KB. */
  readonly maxHeaderBytes?: number;
  readonly connections?: number;
  readonly tls?: TlsOptions;
}

/** A transport over node:http; like the wire, `send` never rejects and always ends. */
export function createHttp(options: HttpOptions = {}): Transport {
  const limits = {
    headersTimeoutMs: options.headersTimeoutMs ?? 10_000,
    bodyTimeoutMs: options.bodyTimeoutMs ?? 10_000,
    totalTimeoutMs: options.totalTimeoutMs ?? 30_000,
    maxBodyBytes: options.maxBodyBytes ?? 10_000_000,
    maxInflateRatio: options.maxInflateRatio ?? 200,
    maxInflateLayers: options.maxInflateLayers ?? 2,
    maxHeaderBytes: options.maxHeaderBytes ?? 16_384,
  };
  const agentOptions = { keepAlive: true, maxSockets: options.connections ?? 16 };
  const servername = options.tls?.servername === undefined ? {} : { servername: options.tls.servername };
  const plain = new http.Agent(agentOptions);
  const secure = new https.Agent({ ...agentOptions, ...readTlsOptions(options.tls), ...servername });
  const underWay = new Set<Call>();
  let isClosed = false;

  return {
    send: (request, sendOptions) =>
      new Promise((resolve) => {
        const call = new Call(request, limits, sendOptions?.timeoutMs ?? limits.totalTimeoutMs, (exchange) => {
          underWay.delete(call);
          sendOptions?.signal?.removeEventListener('abort', abort);
          resolve(exchange);
        });
        const abort = (): void => call.fail(failure('aborted', 'The request was stopped while under way.'));
        const [problem] = requestProblems(request);

        if (isClosed) call.fail(failure('transport-closed', 'The transport is closed.'));
        else if (sendOptions?.signal?.aborted === true)
          call.fail(failure('aborted', 'The request was stopped before it was sent.'));
        else if (problem !== undefined)
          call.fail(failure('request-not-sendable', `The request cannot be sent: ${problem.message}.`));
        else {
          underWay.add(call);
          sendOptions?.signal?.addEventListener('abort', abort, { once: true });
          call.start(request.origin.startsWith('https:') ? secure : plain);
        }
      }),
    close: () => {
      isClosed = true;
      for (const call of underWay)
        call.fail(failure('transport-closed', 'The transport was closed while the request was under way.'));
      plain.destroy();
      secure.destroy();
      return Promise.resolve();
    },
  };
}

interface Limits extends InflateCaps {
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  readonly maxHeaderBytes: number;
}

class Call implements BodyOwner {
  readonly #request: HttpRequest;
  readonly #limits: Limits;
  readonly #totalMs: number;
  readonly #done: (exchange: Exchange) => void;
  readonly #startedAt = performance.now();
  readonly #where: string;
  readonly #body: BodyReader;

  #outgoing: http.ClientRequest | null = null;
  #total: NodeJS.Timeout | null = null;
  #phase: NodeJS.Timeout | null = null;
  #connected = false;
  #settled = false;
  #status = 0;
  #headers: HeaderLines | null = null;

  constructor(request: HttpRequest, limits: Limits, totalMs: number, done: (exchange: Exchange) => void) {
    this.#request = request;
    this.#limits = limits;
    this.#totalMs = totalMs;
    this.#done = done;
    this.#where = URL.canParse(request.origin) ? new URL(request.origin).host : request.origin;
    this.#body = new BodyReader(this.#where, limits, this);
  }

  start(agent: http.Agent): void {
    // These two keep the process alive: under nock a GET with a body never settles, and no socket is open then.
    this.#total = setTimeout(
      () =>
        this.fail(
          failure(
            'total-timeout',
            `The exchange with ${this.#where} took longer than ${this.#totalMs} ms; ${this.#body.receivedBytes} bytes of the body had come.`,
          ),
        ),
      this.#totalMs,
    );
    this.#phase = setTimeout(
      () =>
        this.fail(
          failure('header-timeout', `${this.#where} sent no complete head within ${this.#limits.headersTimeoutMs} ms.`),
        ),
      this.#limits.headersTimeoutMs,
    );

    const { verb, origin, target, headers, body } = this.#request;
    const url = new URL(origin);
    try {
      const outgoing = (url.protocol === 'https:' ? https : http).request({
        agent,
        method: verb,
        protocol: url.protocol,
        hostname: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port,
        path: target,
        headers: joinHeaders(headers),
        maxHeaderSize: this.#limits.maxHeaderBytes,
      });
      this.#outgoing = outgoing;
      outgoing.once('socket', (socket) => {
        if (!socket.connecting) this.#connected = true;
        else socket.once('connect', () => (this.#connected = true));
      });
      outgoing.on('response', (incoming) => this.#receive(incoming));
      outgoing.on('error', (error) => this.#broken(error));
      if (body !== null && headerOf(headers, 'content-length') === null)
        outgoing.setHeader('Content-Length', body.byteLength);
      outgoing.end(body ?? undefined);
    } catch (error) {
      this.fail(failure('request-not-sendable', `The request cannot be sent: ${readError(error).message}.`));
    }
  }

  bodyDone(body: Uint8Array, failed: TransportFailure | null): void {
    this.#settle(body, failed);
    if (failed !== null) this.#outgoing?.destroy();
  }

  fail(failed: TransportFailure): void {
    if (this.#settled) return;
    this.#settle(this.#body.cut(), failed);
    this.#outgoing?.on('error', () => undefined).destroy();
  }

  #receive(incoming: http.IncomingMessage): void {
    if (this.#settled) return void incoming.destroy();
    const headers: [string, string][] = [];
    const raw = incoming.rawHeaders;
    for (let i = 0; i + 1 < raw.length; i += 2) headers.push([raw[i] ?? '', raw[i + 1] ?? '']);
    this.#status = incoming.statusCode ?? 0;
    if (this.#status < 200 || this.#status > 599) {
      return this.fail(
        failure(
          'bad-status-line',
          `The answer of ${this.#where} has the status ${this.#status}, which HTTP does not know.`,
        ),
      );
    }
    this.#headers = headers;

    clearTimeout(this.#phase ?? undefined);
    this.#phase = setTimeout(() => {
      this.fail(
        failure(
          'body-timeout',
          `${this.#where} sent nothing for ${this.#limits.bodyTimeoutMs} ms in mid-body; ${this.#body.receivedBytes} bytes had come.`,
        ),
      );
    }, this.#limits.bodyTimeoutMs);

    const unreadable = this.#body.begin(headers, hasBody(this.#request.verb, this.#status));
    if (unreadable !== null) return this.fail(unreadable);

    incoming.on('data', (chunk: Buffer) => this.#take(chunk));
    incoming.on('error', (error) => this.#broken(error));
    incoming.on('end', () => this.#body.end());
  }

  #take(chunk: Buffer): void {
    if (this.#settled) return;
    this.#phase?.refresh();
    const refusal = this.#body.write(chunk);
    if (refusal !== null) this.fail(refusal);
  }

  #broken(error: Error): void {
    if (this.#settled) return;
    const { code } = readError(error);
    const isAnswer = this.#connected || this.#headers !== null || code.startsWith('HPE_');
    if (!isAnswer) return this.fail(connectFailure(error, this.#where, false));
    if (/CERT|SELF_SIGNED|TLS|SSL|EPROTO|ISSUER|SIGNATURE/.test(code))
      return this.fail(connectFailure(error, this.#where, true));

    const head = 'rawPacket' in error && Buffer.isBuffer(error.rawPacket) ? error.rawPacket : new Uint8Array(0);
    this.fail(
      answerFailure(
        code === 'HPE_HEADER_OVERFLOW'
          ? Object.assign(new Error(error.message), { code: 'UND_ERR_HEADERS_OVERFLOW' })
          : error,
        {
          where: this.#where,
          head,
          hasHead: this.#headers !== null,
          bodyBytes: this.#body.receivedBytes,
          expectedBytes: this.#body.expectedBytes,
          maxHeaderBytes: this.#limits.maxHeaderBytes,
          reused: this.#outgoing?.reusedSocket === true,
        },
      ),
    );
  }

  #settle(body: Uint8Array, failed: TransportFailure | null): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#total ?? undefined);
    clearTimeout(this.#phase ?? undefined);
    const response = this.#headers === null ? null : { status: this.#status, headers: this.#headers, body };
    this.#done({ request: this.#request, response, failure: failed, durationMs: performance.now() - this.#startedAt });
  }
}

/** Lines of one name in any case become one entry with several values, as node:http wants it; the first spelling stays. */
function joinHeaders(lines: HeaderLines): Record<string, string | string[]> {
  const joined = new Map<string, { readonly name: string; readonly values: string[] }>();
  for (const [name, value] of lines) {
    const entry = joined.get(name.toLowerCase());
    if (entry === undefined) joined.set(name.toLowerCase(), { name, values: [value] });
    else entry.values.push(value);
  }
  return Object.fromEntries(
    [...joined.values()].map(({ name, values }) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  );
}
