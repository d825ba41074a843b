/** Requests and answers in the forms that tests hold them in: ours, plain objects, those of fetch. */
import type { HeaderLines, HttpRequest, HttpResponse } from '../transport/exchange.ts';

type HeadersLike = HeaderLines | Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
/** Text, bytes, or anything that is sent as JSON. */
type BodyLike = string | Uint8Array | null | object;

/** `verb` or `method`, `target` or `url`: as in an exchange of ours, or as clients call them. */
export interface RequestLike {
  readonly verb?: string;
  readonly method?: string;
  readonly origin?: string;
  readonly target?: string;
  readonly url?: string | URL;
  readonly headers?: HeadersLike;
  readonly body?: BodyLike;
}

export interface ResponseLike {
  readonly status: number;
  readonly headers?: HeadersLike;
  readonly body?: BodyLike;
}

export interface ExchangeLike {
  readonly request: RequestLike | Request;
  readonly response?: ResponseLike | Response | null;
}

/** What is compared: a request, and its answer where one was given. */
export interface Compared {
  readonly request: HttpRequest;
  readonly response: HttpResponse | null;
}

/**
 * @returns a promise where a body of fetch is to be read first
 * @throws TypeError for what is neither a request nor an exchange
 */
export function comparedOf(received: unknown): Compared | Promise<Compared> {
  if (typeof received !== 'object' || received === null) throw new TypeError(misfit(received));
  if (received instanceof Request) return fetchRequest(received).then((request) => ({ request, response: null }));
  if (!isExchange(received)) {
    if (!isRequest(received)) throw new TypeError(misfit(received));
    return { request: plainRequest(received), response: null };
  }
  const { request, response = null } = received;
  if (request instanceof Request || response instanceof Response) return fetched(request, response);
  return { request: plainRequest(request), response: response === null ? null : plainResponse(response) };
}

async function fetched(request: RequestLike | Request, response: ResponseLike | Response | null): Promise<Compared> {
  return {
    request: request instanceof Request ? await fetchRequest(request) : plainRequest(request),
    response:
      response === null ? null : response instanceof Response ? await fetchResponse(response) : plainResponse(response),
  };
}

function isExchange(received: object): received is ExchangeLike {
  return 'request' in received && typeof received.request === 'object' && received.request !== null;
}

function isRequest(received: object): received is RequestLike {
  return ('url' in received || 'target' in received) && ('method' in received || 'verb' in received);
}

function misfit(received: unknown): string {
  return `toKeepContract takes a request ({ method, url, headers, body }) or an exchange ({ request, response }), not ${typeof received}`;
}

function plainRequest({ verb, method, origin, target, url, headers, body }: RequestLike): HttpRequest {
  const text = target ?? String(url ?? '/');
  const [, urlOrigin = null, rest = text] = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)(.*)$/is.exec(text) ?? [];
  return {
    verb: (verb ?? method ?? 'GET').toUpperCase(),
    origin: origin ?? urlOrigin ?? 'http://localhost',
    target: rest.startsWith('/') ? rest : `/${rest}`,
    headers: linesOf(headers),
    body: bytesOf(body),
  };
}

function plainResponse({ status, headers, body }: ResponseLike): HttpResponse {
  return { status, headers: linesOf(headers), body: bytesOf(body) ?? new Uint8Array() };
}

async function fetchRequest(request: Request): Promise<HttpRequest> {
  const body = new Uint8Array(await request.clone().arrayBuffer());
  const { method, url, headers } = request;
  return { ...plainRequest({ method, url, headers }), body: body.byteLength === 0 ? null : body };
}

async function fetchResponse(response: Response): Promise<HttpResponse> {
  const body = new Uint8Array(await response.clone().arrayBuffer());
  return { status: response.status, headers: linesOf(response.headers), body };
}

function linesOf(headers: HeadersLike | undefined): HeaderLines {
  if (headers === undefined) return [];
  if (headers instanceof Headers) return [...headers.entries()];
  if (isLines(headers)) return headers;
  return Object.entries(headers).flatMap(([name, value]): (readonly [string, string])[] => {
    if (value === undefined) return [];
    return typeof value === 'string' ? [[name, value]] : value.map((one) => [name, one] as const);
  });
}

function isLines(headers: HeadersLike): headers is HeaderLines {
  return Array.isArray(headers);
}

function bytesOf(body: BodyLike | undefined): Uint8Array | null {
  if (body === undefined || body === null) return null;
  if (body instanceof Uint8Array) return body;
  return new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
}
