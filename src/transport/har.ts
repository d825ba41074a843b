/**
 * HAR 1.2, both ways: what browsers and proxies record, and what we do. Source: the HAR 1.2 specification.
 *
 * Read with the place of every entry, so that whoever judges one can say which. A bad entry is told and does not stop
 * the others.
 */
import type { Exchange, HeaderLines, HttpRequest, HttpResponse } from './exchange.ts';
import { itemSpans } from './json-items.ts';
import type { ReadProblem, Span } from './span.ts';
import { splitUrl } from './split-url.ts';

export interface HarEntry {
  readonly request: HttpRequest;
  /** null: none was recorded, or not its body. */
  readonly response: HttpResponse | null;
  /** Why a part of it is not there to be judged; null: it is whole. */
  readonly missing: 'request-body' | 'response-body' | null;
  readonly durationMs: number;
  readonly at: Span;
}

export interface HarReading {
  readonly entries: readonly HarEntry[];
  readonly problems: readonly ReadProblem[];
}

export function readHar(text: string): HarReading {
  const whole = { start: 0, end: Math.min(1, text.length) };
  const fail = (message: string, at: Span = whole, fix: string | null = null): HarReading => ({
    entries: [],
    problems: [{ severity: 'error', message, at, fix }],
  });
  if (text.trim() === '') return fail('the file is empty');
  let root: unknown;
  try {
    root = JSON.parse(text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const offset = Number(/position (\d+)/.exec(message)?.[1] ?? Math.max(0, text.trimEnd().length - 1));
    return fail('the file is no JSON from here on', { start: offset, end: offset + 1 });
  }
  const log = member(root, 'log');
  if (log === undefined) return fail('`log` is missing', whole, 'hand in a HAR file');
  const entries = member(log, 'entries');
  if (entries === undefined) return fail('`entries` is missing', whole, 'hand in a HAR file');
  if (!Array.isArray(entries)) return fail('`entries` is a list');

  const spans = itemSpans(text, ['log', 'entries']);
  const read: HarEntry[] = [];
  const problems: ReadProblem[] = [];
  entries.forEach((entry: unknown, index) => {
    const at = spans[index] ?? whole;
    try {
      read.push(readEntry(entry, at));
    } catch (error) {
      if (!(error instanceof Misshapen)) throw error;
      problems.push({ severity: error.severity, message: error.message, at, fix: null });
    }
  });
  return { entries: read, problems };
}

/** Thrown and caught within this file. */
class Misshapen extends Error {
  readonly severity: ReadProblem['severity'];

  constructor(message: string, severity: ReadProblem['severity'] = 'error') {
    super(message);
    this.severity = severity;
  }
}

function readEntry(entry: unknown, at: Span): HarEntry {
  const sent = need(entry, 'request');
  const url = splitUrl(textAt(sent, 'url'));
  if (url === null) throw new Misshapen('this is no http URL; the entry is passed over', 'warning');
  const post = member(sent, 'postData');
  const body = post === undefined ? null : bodyOf(post);
  const request: HttpRequest = {
    verb: textAt(sent, 'method').toUpperCase(),
    ...url,
    headers: headersOf(sent),
    body,
  };
  const { response, isBodyLost } = responseOf(entry);
  const isRequestLost = body === null && Number(member(sent, 'bodySize') ?? 0) > 0;
  return {
    request,
    response,
    missing: isRequestLost ? 'request-body' : isBodyLost ? 'response-body' : null,
    durationMs: Math.max(0, Number(member(entry, 'time') ?? 0)) || 0,
    at,
  };
}

/** Status 0 means that no answer came. A body that is said to have bytes and shows none was not kept. */
function responseOf(entry: unknown): { readonly response: HttpResponse | null; readonly isBodyLost: boolean } {
  const answer = member(entry, 'response');
  const status = answer === undefined ? 0 : member(answer, 'status');
  if (status !== undefined && !Number.isInteger(status)) throw new Misshapen('`status` is a whole number');
  if (answer === undefined || Number(status ?? 0) < 100) return { response: null, isBodyLost: false };

  const content = member(answer, 'content');
  const text = content === undefined ? undefined : member(content, 'text');
  const isBodyLost = text === undefined && Number(member(content, 'size') ?? 0) > 0;
  const body = content === undefined ? null : bodyOf(content);
  const response = { status: Number(status), headers: headersOf(answer), body: body ?? new Uint8Array() };
  return isBodyLost ? { response: null, isBodyLost } : { response, isBodyLost };
}

/** Names that begin with `:` are HTTP/2's own. */
function headersOf(message: unknown): HeaderLines {
  const lines = member(message, 'headers') ?? [];
  if (!Array.isArray(lines)) throw new Misshapen('`headers` is a list');
  return lines
    .map((line: unknown): readonly [string, string] => [textAt(line, 'name'), textAt(line, 'value')])
    .filter(([name]) => !name.startsWith(':'));
}

function bodyOf(content: unknown): Uint8Array | null {
  const text = member(content, 'text');
  if (text === undefined) return formOf(member(content, 'params'));
  if (typeof text !== 'string') throw new Misshapen('`text` is a text');
  return member(content, 'encoding') === 'base64' ? Buffer.from(text, 'base64') : Buffer.from(text, 'utf8');
}

/** Some recorders keep a form as its fields only. */
function formOf(params: unknown): Uint8Array | null {
  if (!Array.isArray(params)) return null;
  const pairs = params.map((one: unknown) => `${textAt(one, 'name')}=${textAt(one, 'value')}`);
  return Buffer.from(pairs.join('&'), 'utf8');
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name))
    return undefined;
  const found: unknown = Object.entries(value).find(([key]) => key === name)?.[1];
  return found ?? undefined;
}

function need(value: unknown, name: string): unknown {
  const found = member(value, name);
  if (found === undefined) throw new Misshapen(`\`${name}\` is missing`);
  return found;
}

function textAt(value: unknown, name: string): string {
  const found = need(value, name);
  if (typeof found !== 'string') throw new Misshapen(`\`${name}\` is a text`);
  return found;
}

/** The text of a HAR file up to its first entry; entries follow, separated by commas, then `HAR_TAIL`. */
export function harHead(creator: { readonly name: string; readonly version: string }): string {
  return `{"log":{"version":"1.2","creator":${JSON.stringify(creator)},"entries":[\n`;
}

export const HAR_TAIL = '\n]}}\n';

/** One entry as JSON. Hand in the redacted copy: nothing is hidden here. */
export function harEntry({ request, response, durationMs }: Exchange, startedAt: Date): string {
  const { body } = request;
  const question = request.target.indexOf('?');
  const type = typeOf(request.headers);
  return JSON.stringify({
    startedDateTime: startedAt.toISOString(),
    time: durationMs,
    request: {
      method: request.verb,
      url: request.origin + request.target,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: request.headers.map(([name, value]) => ({ name, value })),
      queryString: question < 0 ? [] : pairsOf(request.target.slice(question + 1)),
      ...(body === null || body.byteLength === 0 ? {} : { postData: { mimeType: type, ...textOf(body) } }),
      headersSize: -1,
      bodySize: body?.byteLength ?? 0,
    },
    response: {
      status: response?.status ?? 0,
      statusText: '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: (response?.headers ?? []).map(([name, value]) => ({ name, value })),
      content: {
        size: response?.body.byteLength ?? 0,
        mimeType: typeOf(response?.headers ?? []),
        ...(response === null || response.body.byteLength === 0 ? {} : textOf(response.body)),
      },
      redirectURL: '',
      headersSize: -1,
      bodySize: response?.body.byteLength ?? -1,
    },
    cache: {},
    timings: { send: 0, wait: durationMs, receive: 0 },
  });
}

function typeOf(headers: HeaderLines): string {
  return headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
}

function pairsOf(query: string): readonly { readonly name: string; readonly value: string }[] {
  return query.split('&').map((part) => {
    const equals = part.indexOf('=');
    return equals < 0 ? { name: part, value: '' } : { name: part.slice(0, equals), value: part.slice(equals + 1) };
  });
}

/** Bytes that are no UTF-8 stand in base64. */
function textOf(body: Uint8Array): { readonly text: string; readonly encoding?: 'base64' } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body) };
  } catch {
    return { text: Buffer.from(body).toString('base64'), encoding: 'base64' };
  }
}
