/**
 * A proxy in front of an endpoint: everything passes on as it came, byte for byte and as it comes, and a copy of it goes
 * to the judge. Clients call it in the place of the endpoint's origin; paths stay as they are.
 *
 * What it changes: `Host` names the endpoint, since many serve by that name, and the headers of one connection
 * (`Connection`, `Keep-Alive`, the framing of a body without length) are its own, as HTTP wants it.
 */
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import { connectFailure, readError } from '../transport/classify.ts';
import { readTlsOptions, type TlsOptions } from '../transport/connect.ts';
import type { Exchange, HeaderLines, HttpRequest, HttpResponse, TransportFailure } from '../transport/exchange.ts';
import { failure } from '../transport/failure.ts';
import { closeServer, listen, originOf } from '../transport/listen.ts';
import { hasBody } from '../transport/no-body.ts';
import { Capture, type Captured } from './capture.ts';

export interface ProxyOptions {
  /** Scheme, host and port of the endpoint. */
  readonly origin: string;
  /** 0, the default: one that is free. */
  readonly port?: number;
  /** Address to listen on; `127.0.0.1` by default. */
  readonly host?: string;
  readonly tls?: TlsOptions;
  /** Why a request is not passed on, told to its client with 403; null: it is. Its body is not read yet. */
  readonly refuse?: (head: HttpRequest) => string | null;
  /** Told of every exchange when it has ended. */
  readonly onExchange: (passed: Passed) => void;
}

/** What went through. */
export interface Passed {
  readonly exchange: Exchange;
  /** Why it cannot be judged as it is; null: it can. */
  readonly unjudged: string | null;
  /** True for a request that was not passed on. */
  readonly refused: boolean;
}

export interface Proxy {
  /** `http://127.0.0.1:49152` */
  readonly url: string;
  readonly port: number;
  /** Ends what is under way, and frees the port. */
  close(): Promise<void>;
}

/** Header of every answer that the proxy itself made. */
export const PROXY_HEADER = 'X-RestLi-Contract-Proxy';

const MAX_HEAD_BYTES = 128 * 1024;

/** @throws ServeError when the port is taken or may not be opened, or the host is no address of this machine */
export async function serveProxy(options: ProxyOptions): Promise<Proxy> {
  const host = options.host ?? '127.0.0.1';
  const server = http.createServer({ maxHeaderSize: MAX_HEAD_BYTES, requireHostHeader: false, noDelay: true });
  server.maxHeadersCount = 0;
  // Whoever uploads for long does so to the endpoint: its limits hold, not ours.
  server.requestTimeout = 0;
  const port = await listen(server, host, options.port ?? 0);
  const upstream = new Upstream(options);
  server.on('request', (incoming, outgoing) => new Passage(options, upstream, incoming, outgoing).start());
  return {
    url: originOf(host, port),
    port,
    close: async () => {
      await closeServer(server);
      upstream.close();
    },
  };
}

/** The endpoint, and the connections to it. */
class Upstream {
  readonly url: URL;
  readonly #agent: http.Agent;
  readonly #isSecure: boolean;

  constructor({ origin, tls }: ProxyOptions) {
    this.url = new URL(origin);
    this.#isSecure = this.url.protocol === 'https:';
    const kept = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY };
    this.#agent = this.#isSecure ? new https.Agent({ ...kept, ...readTlsOptions(tls) }) : new http.Agent(kept);
  }

  request(incoming: IncomingMessage): http.ClientRequest {
    const { hostname, port, host } = this.url;
    const raw = withHost(incoming.rawHeaders, host);
    const sent = (this.#isSecure ? https : http).request({
      agent: this.#agent,
      method: incoming.method ?? 'GET',
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      path: incoming.url ?? '/',
      setHost: false,
      maxHeaderSize: MAX_HEAD_BYTES,
      // A list is sent as it is: names, their case, their order, doubled lines.
      headers: isFramed(incoming) ? raw : {},
    });
    if (!isFramed(incoming)) setUnframed(sent, raw);
    return sent;
  }

  close(): void {
    this.#agent.destroy();
  }
}

function isFramed({ method, headers }: IncomingMessage): boolean {
  const hasFrame = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  return hasFrame || method === 'GET' || method === 'HEAD' || method === 'DELETE' || method === 'OPTIONS';
}

/** Node would frame the body of a POST that has none; what came without a length goes on without one. */
function setUnframed(sent: http.ClientRequest, raw: readonly string[]): void {
  const lines = new Map<string, { readonly name: string; readonly values: string[] }>();
  for (const [name, value] of linesOf(raw)) {
    const line = lines.get(name.toLowerCase());
    if (line === undefined) lines.set(name.toLowerCase(), { name, values: [value] });
    else line.values.push(value);
  }
  for (const { name, values } of lines.values()) sent.setHeader(name, values.length === 1 ? (values[0] ?? '') : values);
  sent.removeHeader('transfer-encoding');
  sent.removeHeader('content-length');
}

function withHost(raw: readonly string[], host: string): string[] {
  return raw.map((text, index) => (index % 2 === 1 && raw[index - 1]?.toLowerCase() === 'host' ? host : text));
}

function linesOf(raw: readonly string[]): HeaderLines {
  const lines: (readonly [string, string])[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) lines.push([raw[index] ?? '', raw[index + 1] ?? '']);
  return lines;
}

/** One request on its way through, and its answer on the way back. */
class Passage {
  readonly #options: ProxyOptions;
  readonly #upstream: Upstream;
  readonly #incoming: IncomingMessage;
  readonly #outgoing: ServerResponse;
  readonly #head: HttpRequest;
  readonly #startedAt = performance.now();
  #request: Captured | null = null;
  #response: { readonly status: number; readonly headers: HeaderLines; readonly captured: Captured } | null = null;
  #failure: TransportFailure | null = null;
  #isTold = false;

  constructor(options: ProxyOptions, upstream: Upstream, incoming: IncomingMessage, outgoing: ServerResponse) {
    this.#options = options;
    this.#upstream = upstream;
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#head = {
      verb: incoming.method ?? 'GET',
      origin: options.origin,
      target: incoming.url ?? '/',
      headers: linesOf(incoming.rawHeaders),
      body: null,
    };
  }

  start(): void {
    const refusal = this.#options.refuse?.(this.#head) ?? null;
    if (refusal !== null) return this.#refuse(refusal);

    const sent = this.#upstream.request(this.#incoming);
    const copy = new Capture('the client', (captured) => {
      this.#request = captured;
      this.#tell();
    });
    copy.begin(this.#head.headers, true);
    this.#incoming.on('data', (chunk: Buffer) => copy.write(chunk));
    this.#incoming.on('end', () => copy.end());
    this.#incoming.on('error', () => sent.destroy());
    this.#incoming.pipe(sent);

    sent.on('response', (answer) => this.#pass(answer));
    sent.on('error', (error) => {
      copy.cut(failure('send-failed', 'The request was not sent to its end.'));
      this.#broken(error);
    });
    // A client that goes away takes its request with it.
    this.#outgoing.on('close', () => {
      if (this.#outgoing.writableFinished) return;
      this.#failure ??= failure('aborted', 'The client went away before the answer was complete.');
      copy.cut(this.#failure);
      sent.destroy();
      this.#tell();
    });
  }

  #pass(answer: IncomingMessage): void {
    const { rawHeaders, statusCode: status = 502, statusMessage } = answer;
    const headers = linesOf(rawHeaders);
    const copy = new Capture(this.#upstream.url.host, (captured) => {
      this.#response = { status, headers, captured };
      this.#tell();
    });
    copy.begin(headers, hasBody(this.#head.verb, status));
    this.#outgoing.sendDate = false;
    this.#outgoing.writeHead(status, statusMessage, rawHeaders);
    // The head goes on at once: who waits for a first byte sees when it came.
    this.#outgoing.flushHeaders();
    answer.on('data', (chunk: Buffer) => copy.write(chunk));
    answer.on('end', () => {
      if (answer.rawTrailers.length > 0)
        this.#outgoing.addTrailers(linesOf(answer.rawTrailers).map(([name, value]): [string, string] => [name, value]));
      copy.end();
    });
    const cut = (): void => {
      if (answer.complete) return;
      copy.cut(failure('body-cut', `The answer of ${this.#upstream.url.host} ended before it was complete.`));
      this.#outgoing.destroy();
    };
    answer.on('aborted', cut);
    answer.on('error', cut);
    answer.pipe(this.#outgoing);
  }

  #broken(error: unknown): void {
    if (this.#outgoing.headersSent || this.#failure !== null) return;
    this.#failure = connectFailure(
      error,
      this.#upstream.url.host,
      this.#upstream.url.protocol === 'https:' && /CERT|TLS|SSL/.test(readError(error).code),
    );
    this.#answer(502, this.#failure.message);
    this.#tell();
  }

  /** The client is told why; what it still sends is dropped. */
  #refuse(reason: string): void {
    this.#incoming.resume();
    this.#answer(403, reason);
    const response = { status: 403, headers: [[PROXY_HEADER, 'refused']] as const, body: new Uint8Array() };
    const exchange = { request: this.#head, response, failure: null, durationMs: performance.now() - this.#startedAt };
    this.#isTold = true;
    this.#options.onExchange({ exchange, unjudged: reason, refused: true });
  }

  #answer(status: number, message: string): void {
    const body = Buffer.from(`${JSON.stringify({ status, message })}\n`, 'utf8');
    const word = status === 403 ? 'refused' : 'unreachable';
    this.#outgoing.writeHead(status, {
      'Content-Type': 'application/json',
      'Content-Length': body.byteLength,
      [PROXY_HEADER]: word,
    });
    this.#outgoing.end(body);
  }

  /** Once: when both copies are whole, or nothing more will come. */
  #tell(): void {
    const sent = this.#request;
    const isOver = this.#response !== null || this.#failure !== null;
    if (this.#isTold || sent === null || !isOver) return;
    this.#isTold = true;
    const request = { ...this.#head, body: sent.body.byteLength === 0 ? null : sent.body };
    const unjudged = sent.failure === null ? null : sent.failure.message;
    this.#options.onExchange({
      exchange: { request, ...this.#outcome(), durationMs: performance.now() - this.#startedAt },
      unjudged: this.#failure === null ? unjudged : null,
      refused: false,
    });
  }

  #outcome(): { readonly response: HttpResponse | null; readonly failure: TransportFailure | null } {
    const answer = this.#response;
    if (answer === null) return { response: null, failure: this.#failure };
    const { status, headers, captured } = answer;
    return { response: { status, headers, body: captured.body }, failure: captured.failure ?? this.#failure };
  }
}
