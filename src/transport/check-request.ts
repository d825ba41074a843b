/** What HTTP/1.1 cannot carry, found before a byte is sent. Pure. */
import type { HeaderLines, HttpRequest } from './exchange.ts';

export interface RequestProblem {
  /** `verb`, `target`, `origin`, `body`, or `header <name>`. */
  readonly part: string;
  /** One sentence: what is wrong and at which character. */
  readonly message: string;
}

/** RFC 9110 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** The request line may hold visible ASCII only; undici would let Latin-1 through, servers refuse it. */
const NOT_IN_TARGET = /[^\x21-\x7e]/;
/** RFC 9110 5.5: tab, visible ASCII and the upper half of Latin-1. */
const NOT_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/** Header names that are no secret to HTTP but belong to the connection; a client that sets them breaks the framing. */
const FRAMING = new Map([
  ['expect', '`Expect` cannot be sent: the transport would have to wait for a 100'],
  ['transfer-encoding', '`Transfer-Encoding` cannot be sent: bodies go out with a Content-Length'],
  ['keep-alive', '`Keep-Alive` cannot be sent: connections belong to the transport'],
  ['upgrade', '`Upgrade` cannot be sent: only HTTP/1.1 is spoken'],
]);

const NONE: readonly RequestProblem[] = [];

/** Header lines found good, whatever the body: a contract's cases mostly share theirs. */
const knownGood = new WeakSet<HeaderLines>();

/**
 * Everything about a request that the wire cannot carry as written; empty if it can be sent.
 *
 * @returns all problems, in the order verb, origin, target, headers; never throws
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-5.5 and https://www.rfc-editor.org/rfc/rfc9112#section-3.2
 */
export function requestProblems(request: HttpRequest): readonly RequestProblem[] {
  let problems: RequestProblem[] | undefined;
  const add = (part: string, message: string): void => void (problems ??= []).push({ part, message });

  if (!TOKEN.test(request.verb)) add('verb', `verb ${quote(request.verb)} is not an HTTP token`);
  else if (request.verb === 'CONNECT') add('verb', 'CONNECT opens a tunnel and has no answer to judge');

  if (!/^https?:\/\/[^/?#@\s]+\/?$/.test(request.origin)) {
    add('origin', `origin ${quote(request.origin)} is not of the form http://host:port`);
  }
  const target = NOT_IN_TARGET.exec(request.target);
  if (target !== null) add('target', `target has ${characterAt(request.target, target.index)}; percent-encode it`);
  if (!request.target.startsWith('/')) add('target', `target ${quote(request.target)} does not begin with a slash`);

  if (knownGood.has(request.headers)) return problems ?? NONE;
  const before = problems?.length ?? 0;
  let lengths = 0;
  let hosts = 0;
  for (const [name, value] of request.headers) {
    if (!TOKEN.test(name)) {
      add(`header ${name}`, `header name ${quote(name)} is not an HTTP token`);
      continue;
    }
    const at = NOT_IN_VALUE.exec(value);
    if (at !== null)
      add(`header ${name}`, `value of ${name} has ${characterAt(value, at.index)}; HTTP cannot carry it`);

    // Names of other lengths cannot be one of the framing headers: saves the lower-casing of nearly all names.
    if (name.length > 17) continue;
    const lower = name.toLowerCase();
    const framing = FRAMING.get(lower);
    if (framing !== undefined) add(`header ${name}`, framing);
    else if (lower === 'content-length') {
      lengths += 1;
      const actual = request.body?.byteLength ?? 0;
      if (value !== String(actual))
        add(`header ${name}`, `Content-Length says ${quote(value)}, the body has ${actual} bytes`);
      else if (lengths === 2) add(`header ${name}`, 'Content-Length is given twice');
    } else if (lower === 'host') {
      hosts += 1;
      if (hosts === 2) add(`header ${name}`, 'Host is given twice');
    } else if (lower === 'connection' && !/^(close|keep-alive)$/i.test(value)) {
      add(`header ${name}`, `Connection ${quote(value)} cannot be sent: only close and keep-alive`);
    }
  }
  if (lengths === 0 && (problems?.length ?? 0) === before) knownGood.add(request.headers);
  return problems ?? NONE;
}

function characterAt(text: string, index: number): string {
  const point = text.codePointAt(index) ?? 0;
  const name =
    NAMES.get(point) ?? (point < 0x20 || point === 0x7f ? 'a control character' : `\`${String.fromCodePoint(point)}\``);
  return `${name} (U+${point.toString(16).toUpperCase().padStart(4, '0')}) at character ${index + 1}`;
}

const NAMES = new Map([
  [0x00, 'NUL'],
  [0x09, 'a tab'],
  [0x0a, 'a line feed'],
  [0x0d, 'a carriage return'],
  [0x20, 'a space'],
]);

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
