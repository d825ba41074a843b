/**
 * Our own recordings: one exchange a line, whole and redacted; and the stream of a run, whose cases hold exchanges, too.
 */
import { isJsonArray, isJsonObject, memberOf, parseJson, type Json } from '../protocol/json.ts';
import type { Exchange, HeaderLines, HttpRequest, HttpResponse } from '../transport/exchange.ts';
import type { ReadProblem, Span } from '../transport/span.ts';
import { splitUrl } from '../transport/split-url.ts';
import type { Entry, Reading } from './recording.ts';

/** Grows when a line changes so that older readers would misread it. */
const RECORD_VERSION = 1;

/** One line of a recording, with its line end. Hand in the redacted copy: nothing is hidden here. */
export function recordLine({ request, response, failure, durationMs }: Exchange, startedAt: Date): string {
  return `${JSON.stringify({
    type: 'exchange',
    schemaVersion: RECORD_VERSION,
    startedAt: startedAt.toISOString(),
    request: {
      verb: request.verb,
      url: request.origin + request.target,
      headers: request.headers,
      body: request.body === null ? null : bodyText(request.body),
    },
    response:
      response === null ? null : { status: response.status, headers: response.headers, body: bodyText(response.body) },
    failure: failure === null ? null : { code: failure.code, message: failure.message },
    durationMs,
  })}\n`;
}

function bodyText(body: Uint8Array): { readonly text: string; readonly encoding: 'utf8' | 'base64' } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body), encoding: 'utf8' };
  } catch {
    return { text: Buffer.from(body).toString('base64'), encoding: 'base64' };
  }
}

/** Lines that are neither an exchange nor an event of a run are told and passed over. */
export function readNdjson(text: string): Reading {
  const entries: Entry[] = [];
  const problems: ReadProblem[] = [];
  for (let start = 0; start < text.length;) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    const line = text.slice(start, end).trim();
    const at = { start, end };
    start = end + 1;
    if (line === '') continue;

    const parsed = parseJson(line.replace(/^\uFEFF/, ''));
    const read = 'problem' in parsed ? `the line is no JSON: ${parsed.problem.message}` : readLine(parsed.value, at);
    if (typeof read === 'string') problems.push({ severity: 'warning', message: read, at, fix: null });
    else entries.push(...read);
  }
  return { entries, problems };
}

function readLine(line: Json, at: Span): readonly Entry[] | string {
  if (!isJsonObject(line)) return 'the line is no object; it is passed over';
  const type = memberOf(line, 'type');
  if (type === 'case') return exchangesOf(line).flatMap((one) => entriesOf(one, at));
  if (type === 'run' || type === 'coverage' || type === 'mutation' || type === 'end') return [];
  // Lines of others have no type: what holds a request is taken for one.
  if (type !== 'exchange' && memberOf(line, 'request') === undefined)
    return 'the line holds no `request`; it is passed over';
  const entries = entriesOf(line, at);
  return entries.length > 0 ? entries : 'the request has no verb, or no http URL; it is passed over';
}

/** Of a case that was run again the last attempt counts. */
function exchangesOf(event: Json): readonly Json[] {
  const attempts = memberOf(event, 'attempts');
  const exchanges = isJsonArray(attempts) ? memberOf(attempts.at(-1), 'exchanges') : undefined;
  return isJsonArray(exchanges) ? exchanges : [];
}

function entriesOf(line: Json, at: Span): readonly Entry[] {
  const sent = memberOf(line, 'request');
  const request = requestOf(sent);
  if (request === null) return [];
  const answer = memberOf(line, 'response');
  const response = isCut(answer) ? null : responseOf(answer);
  const durationMs = memberOf(line, 'durationMs');
  return [
    {
      exchange: { request, response, failure: null, durationMs: typeof durationMs === 'number' ? durationMs : 0 },
      at,
      unjudged: isCut(sent) ? 'the body of the request was cut when it was recorded' : null,
    },
  ];
}

function requestOf(sent: Json | undefined): HttpRequest | null {
  const verb = memberOf(sent, 'verb') ?? memberOf(sent, 'method');
  const url = memberOf(sent, 'url');
  if (typeof verb !== 'string' || typeof url !== 'string') return null;
  const parts = url.startsWith('/') ? { origin: 'http://localhost', target: url } : splitUrl(url);
  if (parts === null) return null;
  return { verb, ...parts, headers: headersOf(sent), body: bodyOf(memberOf(sent, 'body')) };
}

function responseOf(answer: Json | undefined): HttpResponse | null {
  const status = memberOf(answer, 'status');
  if (typeof status !== 'number') return null;
  return { status, headers: headersOf(answer), body: bodyOf(memberOf(answer, 'body')) ?? new Uint8Array() };
}

/** `[[name, value], …]`, or `{ name: value }` where no name comes twice. */
function headersOf(message: Json | undefined): HeaderLines {
  const headers = memberOf(message, 'headers');
  const lines = isJsonArray(headers) ? headers : isJsonObject(headers) ? Object.entries(headers) : [];
  return lines.flatMap((line) => {
    const [name, value] = isJsonArray(line) ? line : [memberOf(line, 'name'), memberOf(line, 'value')];
    return typeof name === 'string' && typeof value === 'string' ? [[name, value] as const] : [];
  });
}

/** `{ text, encoding }`, or text as it is. */
function bodyOf(body: Json | undefined): Uint8Array | null {
  if (typeof body === 'string') return Buffer.from(body, 'utf8');
  const text = memberOf(body, 'text');
  if (typeof text !== 'string') return null;
  return Buffer.from(text, memberOf(body, 'encoding') === 'base64' ? 'base64' : 'utf8');
}

function isCut(message: Json | undefined): boolean {
  return memberOf(memberOf(message, 'body'), 'cut') === true;
}
