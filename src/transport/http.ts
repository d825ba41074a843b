/**
 * The same exchanges over `node:http` and `node:https`, so that interceptors on those (a user's nock) can stand in for the
 * endpoint. Slower than the wire, and joins doubled headers that differ only in case under one name.
 */
import http from 'node:http';
import https from 'node:https';
import { requestProblems } from './check-request.ts';
import { answerFailure, connectFailure, readError } from './classify.ts';
import type { TlsOptions } from './connect.ts';
import type { Exchange, HeaderLines, HttpRequest, HttpResponse, TransportFailure } from './exchange.ts';
import { headerOf, headerValues } from './exchange.ts';
import { failure } from './failure.ts';
import { Inflater, readCodings, unknownCoding, type InflateCaps } from './inflate.ts';
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
  const { insecure, ...tls } = options.tls ?? {};
  const agentOptions = { keepAlive: true, maxSockets: options.connections ?? 16 };
  const plain = new http.Agent(agentOptions);
  const secure = new https.Agent({ ...agentOptions, ...tls, rejectUnauthorized: insecure !== true });
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

class Call {
  readonly #request: HttpRequest;
  readonly #limits: Limits;
  readonly #totalMs: number;
  readonly #done: (exchange: Exchange) => void;
  readonly #startedAt = performance.now();
  readonly #where: string;

  #outgoing: http.ClientRequest | null = null;
  #total: NodeJS.Timeout | null = null;
  #phase: NodeJS.Timeout | null = null;
  #connected = false;
  #settled = false;
  #status = 0;
  #headers: HeaderLines | null = null;
  #bodyBytes = 0;
  #chunks: Buffer[] = [];
  #inflater: Inflater | null = null;

  constructor(request: HttpRequest, limits: Limits, totalMs: number, done: (exchange: Exchange) => void) {
    this.#request = request;
    this.#limits = limits;
    this.#totalMs = totalMs;
    this.#done = done;
    this.#where = URL.canParse(request.origin) ? new URL(request.origin).host : request.origin;
  }

  start(agent: http.Agent): void {
    // These two keep the process alive: under nock a GET with a body never settles, and no socket is open then.
    this.#total = setTimeout(
      () =>
        this.fail(
          failure(
            'total-timeout',
            `The exchange with ${this.#where} took longer than ${this.#totalMs} ms; ${this.#bodyBytes} bytes of the body had come.`,
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

  fail(failed: TransportFailure): void {
    if (this.#settled) return;
    this.#inflater?.destroy();
    const partial =
      this.#headers === null
        ? null
        : this.#response(this.#inflater === null ? Buffer.concat(this.#chunks) : new Uint8Array(0));
    this.#settle(partial, failed);
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
          `${this.#where} sent nothing for ${this.#limits.bodyTimeoutMs} ms in mid-body; ${this.#bodyBytes} bytes had come.`,
        ),
      );
    }, this.#limits.bodyTimeoutMs);

    const hasBody = this.#request.verb !== 'HEAD' && this.#status !== 204 && this.#status !== 304;
    const codings = hasBody ? readCodings(headerValues(headers, 'content-encoding'), this.#limits) : [];
    if ('code' in codings) return this.fail(codings);
    const unknown = unknownCoding(codings);
    if (codings.length > 0 && unknown === undefined) {
      this.#inflater = new Inflater(codings, this.#limits, (body, failed) => {
        this.#settle(this.#response(body), failed);
        if (failed !== null) this.#outgoing?.destroy();
      });
    }

    incoming.on('data', (chunk: Buffer) => this.#take(chunk));
    incoming.on('error', (error) => this.#broken(error));
    incoming.on('end', () => {
      if (unknown !== undefined && this.#bodyBytes > 0) {
        this.fail(
          failure(
            'unknown-coding',
            `The body has the content coding ${JSON.stringify(unknown.slice(0, 40))}, which is not known; ${this.#bodyBytes} bytes as sent.`,
          ),
        );
      } else if (this.#inflater !== null) this.#inflater.end();
      else this.#settle(this.#response(Buffer.concat(this.#chunks)), null);
    });
  }

  #take(chunk: Buffer): void {
    if (this.#settled) return;
    this.#phase?.refresh();
    this.#bodyBytes += chunk.byteLength;
    if (this.#bodyBytes > this.#limits.maxBodyBytes) {
      return this.fail(
        failure('size-limit', `The body of ${this.#where} is over the limit of ${this.#limits.maxBodyBytes} bytes.`),
      );
    }
    if (this.#inflater !== null) this.#inflater.write(chunk);
    else this.#chunks.push(chunk);
  }

  #broken(error: Error): void {
    if (this.#settled) return;
    const { code } = readError(error);
    const isAnswer = this.#connected || this.#headers !== null || code.startsWith('HPE_');
    if (!isAnswer) return this.fail(connectFailure(error, this.#where, false));
    if (/CERT|SELF_SIGNED|TLS|SSL|EPROTO|ISSUER|SIGNATURE/.test(code))
      return this.fail(connectFailure(error, this.#where, true));

    const length = this.#headers === null ? null : headerOf(this.#headers, 'content-length');
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
          bodyBytes: this.#bodyBytes,
          expectedBytes: length === null ? null : Number(length),
          maxHeaderBytes: this.#limits.maxHeaderBytes,
          reused: this.#outgoing?.reusedSocket === true,
        },
      ),
    );
  }

  #response(body: Uint8Array): HttpResponse {
    return { status: this.#status, headers: this.#headers ?? [], body };
  }

  #settle(response: HttpResponse | null, failed: TransportFailure | null): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#total ?? undefined);
    clearTimeout(this.#phase ?? undefined);
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
