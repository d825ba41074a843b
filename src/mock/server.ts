/** The mock behind a real socket of this machine, one HTTP/1.1 server for all its contracts. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Contract } from '../contract/contract.ts';
import type { Exchange, HttpRequest, HttpResponse } from '../transport/exchange.ts';
import { closeServer, listen, originOf } from '../transport/listen.ts';
import { MOCK_HOST } from './address.ts';
import { createMock, withoutToken, type Mock, type MockOptions } from './mock.ts';

export { ServeError } from '../transport/listen.ts';

export interface ServeOptions extends MockOptions {
  /** 0, the default: one that is free. */
  readonly port?: number;
  /** Address to listen on; `127.0.0.1` by default. */
  readonly host?: string;
  /** Larger bodies are answered 413; 16 MiB by default. */
  readonly maxBodyBytes?: number;
  /** Told of every exchange after its answer was handed to the socket. */
  readonly onExchange?: (exchange: Exchange) => void;
  /** What is done to a request beside answering it: a wait, another status. */
  readonly intervene?: (request: HttpRequest) => { readonly delayMs: number; readonly status: number | null };
}

export interface Served {
  /** `http://127.0.0.1:49152`, without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** What answers; its states and sessions. */
  readonly mock: Mock;
  /** Back to the examples. */
  reset(): void;
  /** Answers what is under way, closes idle connections, and frees the port. */
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** Well above the head sizes that dialects allow: those are judged, not cut off. */
const MAX_HEAD_BYTES = 128 * 1024;

/**
 * Serves contracts until `close`.
 *
 * @throws ServeError when the port is taken or may not be opened, or the host is no address of this machine
 */
export function serveContracts(contracts: readonly Contract[], options: ServeOptions = {}): Promise<Served> {
  return serveMock(createMock(contracts, options), options);
}

/** The same for one contract. */
export function serveContract(contract: Contract, options: ServeOptions = {}): Promise<Served> {
  return serveContracts([contract], options);
}

/** The same for a mock that exists already. */
export async function serveMock(mock: Mock, options: Omit<ServeOptions, keyof MockOptions> = {}): Promise<Served> {
  const host = options.host ?? MOCK_HOST;
  const server = createServer({
    maxHeaderSize: MAX_HEAD_BYTES,
    keepAliveTimeout: 60_000,
    requireHostHeader: false,
    noDelay: true,
  });
  server.maxHeadersCount = 0;
  const port = await listen(server, host, options.port ?? 0);

  const origin = originOf(host, port);
  const handling: Handling = {
    mock,
    origin,
    maxBodyBytes: options.maxBodyBytes ?? MAX_BODY_BYTES,
    onExchange: options.onExchange,
    intervene: options.intervene,
  };
  server.on('request', (incoming, outgoing) => serve(handling, incoming, outgoing));
  return {
    url: origin,
    port,
    mock,
    reset: () => mock.reset(),
    close: () => closeServer(server),
  };
}

interface Handling {
  readonly mock: Mock;
  readonly origin: string;
  readonly maxBodyBytes: number;
  readonly onExchange: ((exchange: Exchange) => void) | undefined;
  readonly intervene: ServeOptions['intervene'] | undefined;
}

function serve(handling: Handling, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { mock, origin, maxBodyBytes, onExchange, intervene } = handling;
  const startedAt = onExchange === undefined ? 0 : performance.now();
  const answer = (chunks: readonly Buffer[], isTooLarge: boolean): void => {
    const request = requestOf(incoming, origin, chunks);
    const { delayMs, status } = intervene?.(request) ?? NOTHING;
    const respond = (): void => {
      if (outgoing.destroyed) return;
      const response = isTooLarge
        ? mock.refuse(request, 413, `The body has more than ${maxBodyBytes} bytes.`)
        : status === null
          ? mock.answer(request)
          : mock.refuse(request, status, `The mock was told to answer ${status}.`);
      send(request, response, outgoing);
      onExchange?.({
        request: withoutToken(request),
        response,
        failure: null,
        durationMs: performance.now() - startedAt,
      });
    };
    if (delayMs > 0) setTimeout(respond, delayMs);
    else respond();
  };

  // Without these two headers there is no body to wait for, which most reads gain from.
  const { headers } = incoming;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined)
    return answer(NO_CHUNKS, false);

  const chunks: Buffer[] = [];
  let bytes = 0;
  incoming.on('error', () => outgoing.destroy());
  incoming.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    // What lies beyond the limit is read and dropped: a client that is still writing would not see the answer.
    if (bytes <= maxBodyBytes) chunks.push(chunk);
    else chunks.length = 0;
  });
  incoming.on('end', () => answer(chunks, bytes > maxBodyBytes));
}

const NO_CHUNKS: readonly Buffer[] = [];
const NOTHING = { delayMs: 0, status: null } as const;

function requestOf(incoming: IncomingMessage, origin: string, chunks: readonly Buffer[]): HttpRequest {
  const headers: (readonly [string, string])[] = [];
  const raw = incoming.rawHeaders;
  for (let i = 0; i + 1 < raw.length; i += 2) headers.push([raw[i] ?? '', raw[i + 1] ?? '']);
  const [first] = chunks;
  const body = chunks.length === 1 && first !== undefined ? first : chunks.length === 0 ? null : Buffer.concat(chunks);
  return { verb: incoming.method ?? 'GET', origin, target: incoming.url ?? '/', headers, body };
}

function send(request: HttpRequest, response: HttpResponse, outgoing: ServerResponse): void {
  const flat: string[] = [];
  for (const [name, value] of response.headers) flat.push(name, wireText(value));
  // A status that forbids a body has no length either.
  if (response.status !== 204 && response.status !== 304) flat.push('Content-Length', String(response.body.byteLength));
  outgoing.writeHead(response.status, flat);
  const { body } = response;
  if (request.verb === 'HEAD' || body.byteLength === 0) outgoing.end();
  // As text of the same bytes a short body leaves together with its head, in one write and one packet.
  else if (body.byteLength <= ONE_WRITE_BYTES)
    outgoing.end(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1'), 'latin1');
  else outgoing.end(body);
}

const ONE_WRITE_BYTES = 64 * 1024;

/** Header values are bytes: text beyond ASCII travels as UTF-8, and what would break the line escaped. */
function wireText(value: string): string {
  if (/^[\t\x20-\x7e]*$/.test(value)) return value;
  const safe = Array.from(value, (char) => (isControl(char) ? encodeURIComponent(char) : char)).join('');
  return Buffer.from(safe, 'utf8').toString('latin1');
}

function isControl(char: string): boolean {
  return (char < ' ' && char !== '\t') || char === '\u007f';
}
