/**
 * Raw HTTP/1.1 text -> requests, with their answers where these follow: what `nc`, a debugger or an editor's `.http`
 * file shows. Source: RFC 9112, read as leniently as hands write.
 */
import { headerOf, type HeaderLines, type HttpRequest, type HttpResponse } from './exchange.ts';
import type { ReadProblem, Span } from './span.ts';
import { splitUrl } from './split-url.ts';

export interface HttpMessage {
  readonly request: HttpRequest;
  readonly response: HttpResponse | null;
  /** The request line. */
  readonly at: Span;
}

/** `GET /books/1 HTTP/1.1`; the version may be left out. */
const REQUEST_LINE = /^([A-Z]{3,10}) (\S+)(?: HTTP\/\d(?:\.\d)?)?$/;
const STATUS_LINE = /^HTTP\/\d(?:\.\d)? (\d{3})(?: .*)?$/;
/** What separates requests in `.http` files. */
const SEPARATOR = /^#{3}(?:\s.*)?$/;
const HEADER = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*)$/;

interface Line {
  readonly text: string;
  readonly start: number;
  /** Where the next line begins. */
  readonly next: number;
}

interface Part {
  readonly first: Line;
  readonly headers: HeaderLines;
  readonly body: Uint8Array | null;
}

export function readHttpText(text: string): {
  readonly messages: readonly HttpMessage[];
  readonly problems: readonly ReadProblem[];
} {
  const problems: ReadProblem[] = [];
  const messages: HttpMessage[] = [];
  const tell = (message: string, { start, text: shown }: Line): void =>
    void problems.push({
      severity: 'warning',
      message,
      at: { start, end: start + Math.max(1, shown.length) },
      fix: null,
    });

  for (let line = lineAt(text, 0); line !== null;) {
    if (line.text.trim() === '' || SEPARATOR.test(line.text) || /^(?:#|\/\/)/.test(line.text)) {
      line = lineAt(text, line.next);
      continue;
    }
    const [, verb, target] = REQUEST_LINE.exec(line.text) ?? [];
    const status = STATUS_LINE.exec(line.text)?.[1];
    if (verb === undefined && status === undefined) {
      tell('this line begins neither a request nor an answer; it is passed over', line);
      line = lineAt(text, line.next);
      continue;
    }

    const { part, next } = readPart(text, line, (message, at) => tell(message, at));
    const last = messages.at(-1);
    if (verb !== undefined && target !== undefined) {
      const request = requestOf(part, verb, target);
      if (request === null) tell('the target is neither a path nor an http URL; the request is passed over', line);
      else messages.push({ request, response: null, at: { start: line.start, end: line.start + line.text.length } });
    } else if (last === undefined || last.response !== null)
      tell('this answer follows no request; it is passed over', line);
    // 1xx announces the answer.
    else if (Number(status) >= 200) {
      const response = { status: Number(status), headers: part.headers, body: part.body ?? new Uint8Array() };
      messages[messages.length - 1] = { ...last, response };
    }
    line = lineAt(text, next);
  }
  return { messages, problems };
}

function requestOf({ headers, body }: Part, verb: string, target: string): HttpRequest | null {
  const host = headerOf(headers, 'host') ?? 'localhost';
  if (target.startsWith('/')) return { verb, origin: `http://${host}`, target, headers, body };
  const url = /^https?:\/\//i.test(target) ? splitUrl(target) : null;
  return url === null ? null : { verb, ...url, headers, body };
}

function readPart(
  text: string,
  first: Line,
  tell: (message: string, at: Line) => void,
): { readonly part: Part; readonly next: number } {
  const headers: (readonly [string, string])[] = [];
  let line = lineAt(text, first.next);
  for (; line !== null && line.text !== ''; line = lineAt(text, line.next)) {
    if (isStart(line.text)) return { part: { first, headers, body: null }, next: line.start };
    const [, name, value] = HEADER.exec(line.text) ?? [];
    if (name === undefined || value === undefined) tell('this is no header line; it is passed over', line);
    else headers.push([name, value.trimEnd()]);
  }
  if (line === null) return { part: { first, headers, body: null }, next: text.length };

  const { body, next } = readBody(text, line.next, headers);
  return { part: { first, headers, body: body.byteLength === 0 ? null : body }, next };
}

/**
 * The body ends where its length says, if a message or nothing follows there; editors change line ends and with them
 * the length, so that otherwise it ends before the next line that begins a message.
 */
function readBody(
  text: string,
  from: number,
  headers: HeaderLines,
): { readonly body: Uint8Array; readonly next: number } {
  const chunked = /chunked/i.test(headerOf(headers, 'transfer-encoding') ?? '') ? readChunks(text, from) : null;
  if (chunked !== null) return chunked;

  const declared = headerOf(headers, 'content-length');
  if (declared !== null && /^\d+$/.test(declared)) {
    const rest = Buffer.from(text.slice(from), 'utf8');
    const length = Number(declared);
    const after = rest.subarray(length).toString('utf8');
    if (length <= rest.byteLength && isMessageNext(after))
      return { body: rest.subarray(0, length), next: from + rest.subarray(0, length).toString('utf8').length };
  }
  let end = from;
  let next = text.length;
  for (let line = lineAt(text, from); line !== null; line = lineAt(text, line.next)) {
    if (isStart(line.text) || SEPARATOR.test(line.text)) {
      next = line.start;
      break;
    }
    if (line.text.trim() !== '') end = line.start + line.text.length;
  }
  return { body: Buffer.from(text.slice(from, end), 'utf8'), next };
}

function readChunks(text: string, from: number): { readonly body: Uint8Array; readonly next: number } | null {
  const bytes = Buffer.from(text.slice(from), 'utf8');
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = bytes.indexOf('\n', at);
    const size = /^([0-9a-f]+)\s*(?:;.*)?\r?$/i.exec(bytes.subarray(at, end < 0 ? at : end).toString('latin1'))?.[1];
    if (end < 0 || size === undefined) return null;
    const length = Number.parseInt(size, 16);
    at = end + 1;
    if (length === 0) break;
    if (at + length > bytes.byteLength) return null;
    chunks.push(bytes.subarray(at, at + length));
    at += length;
    if (bytes[at] === 0x0d) at += 1;
    if (bytes[at] === 0x0a) at += 1;
  }
  return { body: Buffer.concat(chunks), next: from + bytes.subarray(0, at).toString('utf8').length };
}

function isMessageNext(rest: string): boolean {
  const line = /^\s*([^\r\n]*)/.exec(rest)?.[1] ?? '';
  return line === '' || isStart(line) || line.startsWith('#');
}

function isStart(text: string): boolean {
  return STATUS_LINE.test(text) || (REQUEST_LINE.test(text) && /^\S+ (?:\/|https?:\/\/)/i.test(text));
}

/** The line that begins at an offset, its end taken off; null at the end of the text. */
function lineAt(text: string, start: number): Line | null {
  if (start >= text.length) return null;
  const end = text.indexOf('\n', start);
  const stop = end < 0 ? text.length : end;
  return { text: text.slice(start, text[stop - 1] === '\r' && stop > start ? stop - 1 : stop), start, next: stop + 1 };
}
