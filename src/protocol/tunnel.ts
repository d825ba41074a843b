/**
 * Query tunnelling: a long URL travels as POST, its query in the body, its verb in `X-HTTP-Method-Override`.
 *
 * Without a body of its own the request becomes a form; with one, `multipart/mixed` of the form and the body.
 */
import { HEADERS, headerValue, isSameHeader, type HeaderLines } from './headers.ts';

/** A request as it stands on the wire. `path` begins with `/`; `query` without `?`; both raw. */
export interface WireRequest {
  readonly verb: string;
  readonly path: string;
  readonly query: string | null;
  readonly headers: HeaderLines;
  readonly body: Uint8Array | null;
}

const FORM = 'application/x-www-form-urlencoded';
const MIXED = 'multipart/mixed';
/** The verbs that may stand in the override header, in upper case. */
const VERBS = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'];

const utf8 = new TextEncoder();
const bytesAsText = new TextDecoder('latin1');

/** The same request, tunnelled. Its body may not hold the boundary, which is chosen so. */
export function tunnel(request: WireRequest): WireRequest {
  const query = utf8.encode(request.query ?? '');
  const kept = request.headers.filter(([name]) => !isSameHeader(name, HEADERS.contentType));
  const override: readonly [string, string] = [HEADERS.override, request.verb];
  if (request.body === null) {
    return {
      ...request,
      verb: 'POST',
      query: null,
      headers: [...kept, override, [HEADERS.contentType, FORM]],
      body: query,
    };
  }

  const boundary = freeBoundary(request.body, query);
  const contentType = headerValue(request.headers, HEADERS.contentType) ?? 'application/json';
  const body = concatenate([
    utf8.encode(`--${boundary}\r\n${HEADERS.contentType}: ${FORM}\r\n\r\n`),
    query,
    utf8.encode(`\r\n--${boundary}\r\n${HEADERS.contentType}: ${contentType}\r\n\r\n`),
    request.body,
    utf8.encode(`\r\n--${boundary}--\r\n`),
  ]);
  const mixed: readonly [string, string] = [HEADERS.contentType, `${MIXED}; boundary=${boundary}`];
  return { ...request, verb: 'POST', query: null, headers: [...kept, override, mixed], body };
}

/** Whether a request says that it is tunnelled. */
export function isTunnelled(request: WireRequest): boolean {
  return headerValue(request.headers, HEADERS.override) !== null;
}

/**
 * The request that travels inside a tunnel; a request without override header comes back as it is.
 *
 * A query left in the URL stays before that of the body. `problem.status` is what the open-source server answers: 400
 * for a malformed tunnel, 500 for an unusable verb.
 */
export function untunnel(
  request: WireRequest,
): { readonly request: WireRequest } | { readonly problem: { readonly status: number; readonly message: string } } {
  const verb = headerValue(request.headers, HEADERS.override);
  if (verb === null) return { request };
  if (!VERBS.includes(verb)) {
    return { problem: { status: 500, message: `\`${verb}\` in ${HEADERS.override} is none of ${VERBS.join(', ')}` } };
  }
  if (request.verb.toUpperCase() !== 'POST') return malformed(`a tunnelled request is a POST (was ${request.verb})`);

  const contentType = headerValue(request.headers, HEADERS.contentType) ?? '';
  const type = mediaType(contentType);
  const headers = request.headers.filter(
    ([name]) => ![HEADERS.override, HEADERS.contentType, 'Content-Length'].some((other) => isSameHeader(name, other)),
  );
  if (type === FORM) {
    const query = appended(request.query, textOf(request.body));
    return { request: { verb, path: request.path, query, headers, body: null } };
  }
  if (type !== MIXED) return malformed(`a tunnel's body is ${FORM} or ${MIXED} (was ${type === '' ? 'none' : type})`);

  const parts = partsOfMixed(request.body, boundaryOf(contentType));
  if (typeof parts === 'string') return malformed(parts);
  const form = parts.find((part) => mediaType(headerValue(part.headers, HEADERS.contentType) ?? '') === FORM);
  const inner = parts.find((part) => part !== form);
  if (form === undefined) return malformed(`no part of the tunnel is ${FORM}`);
  if (inner === undefined || parts.length > 2) return malformed(`a tunnel has two parts (was ${parts.length})`);

  const innerType = headerValue(inner.headers, HEADERS.contentType);
  const lines: HeaderLines = innerType === null ? headers : [...headers, [HEADERS.contentType, innerType]];
  const query = appended(request.query, textOf(form.body));
  return { request: { verb, path: request.path, query, headers: lines, body: inner.body } };
}

interface Part {
  readonly headers: HeaderLines;
  readonly body: Uint8Array;
}

function malformed(message: string): { readonly problem: { readonly status: number; readonly message: string } } {
  return { problem: { status: 400, message } };
}

function mediaType(value: string): string {
  const semicolon = value.indexOf(';');
  return (semicolon < 0 ? value : value.slice(0, semicolon)).trim().toLowerCase();
}

function boundaryOf(contentType: string): string | null {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  return quoted ?? plain ?? null;
}

function appended(query: string | null, more: string): string | null {
  if (more === '') return query;
  return query === null || query === '' ? more : `${query}&${more}`;
}

function textOf(body: Uint8Array | null): string {
  return body === null ? '' : new TextDecoder().decode(body).trim();
}

function freeBoundary(body: Uint8Array, query: Uint8Array): string {
  const text = bytesAsText.decode(body) + bytesAsText.decode(query);
  let boundary = 'restli-tunnel';
  for (let i = 1; text.includes(boundary); i++) boundary = `restli-tunnel-${i}-`;
  return boundary;
}

/** The parts between boundaries, or what is wrong. Offsets in Latin-1 text are offsets in bytes. */
function partsOfMixed(body: Uint8Array | null, boundary: string | null): readonly Part[] | string {
  if (boundary === null) return `${HEADERS.contentType} of the tunnel names no boundary`;
  if (body === null) return 'the tunnel has no body';

  const text = `\r\n${bytesAsText.decode(body)}`;
  const mark = `\r\n--${boundary}`;
  const parts: Part[] = [];
  let at = text.indexOf(mark);
  if (at < 0) return 'the body of the tunnel does not hold its boundary';
  for (;;) {
    const start = at + mark.length;
    if (text.startsWith('--', start)) return parts;

    const end = text.indexOf(mark, start);
    if (end < 0) return 'the last part of the tunnel has no end';
    const line = text.indexOf('\r\n', start);
    const head = text.indexOf('\r\n\r\n', start);
    if (line < 0 || head < 0 || head > end) return 'a part of the tunnel has no empty line after its headers';
    // `- 2`: the line break put before the body.
    parts.push({
      headers: headersOf(text.slice(line + 2, head)),
      body: body.subarray(head + 4 - 2, Math.max(head + 4, end) - 2),
    });
    at = end;
  }
}

function headersOf(text: string): HeaderLines {
  return text.split('\r\n').flatMap((line): (readonly [string, string])[] => {
    const colon = line.indexOf(':');
    return colon <= 0 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]];
  });
}

function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
