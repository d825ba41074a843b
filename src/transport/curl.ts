/** A request as a curl command that sends the same bytes. Pure. */
import type { HttpRequest } from './exchange.ts';
import { headerOf } from './exchange.ts';
import { MASK, type Redactor } from './redact.ts';

export interface CurlOptions {
  /** Masks secrets; they become shell variables. Left out: the command shows everything. */
  readonly redactor?: Redactor;
  /** Adds `--insecure`. */
  readonly insecure?: boolean;
  /** File that a body which is not text is to be read from. Default `body.bin`. */
  readonly bodyFile?: string;
}

/** Verbs for which a server wants a Content-Length even without a body. */
const EXPECTS_LENGTH: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/**
 * One line for a POSIX shell. `--path-as-is` and `--globoff` keep curl from touching the URL; secrets become `"$TOKEN"`
 * (the value of Authorization) or a variable named after their header.
 *
 * A body that is not printable text is read from a file, and a comment at the end says so.
 *
 * @see https://curl.se/docs/manpage.html
 */
export function toCurl(request: HttpRequest, options: CurlOptions = {}): string {
  const redact = (text: string): string => options.redactor?.redactText(text) ?? text;
  const words = ['curl', '-sS', '--path-as-is', '--globoff'];
  if (options.insecure === true) words.push('--insecure');
  // `-X HEAD` would wait for a body.
  words.push(...(request.verb === 'HEAD' ? ['--head'] : ['-X', quote(request.verb, '')]));

  const headers = options.redactor?.redactHeaders(request.headers) ?? request.headers;
  for (const [name, value] of headers) {
    // curl reads `Name:` as "leave it out"; `Name;` is an empty value.
    words.push('-H', quote(value === '' ? `${name};` : `${name}: ${value}`, variableOf(name)));
  }

  let remark = '';
  if (request.body !== null && request.body.byteLength > 0) {
    if (headerOf(headers, 'content-type') === null) words.push('-H', `'Content-Type:'`);
    const text = textOf(request.body);
    if (text === null) {
      const file = options.bodyFile ?? 'body.bin';
      words.push('--data-binary', quote(`@${file}`, ''));
      remark = ` # put the ${request.body.byteLength} bytes of the body into ${file.replaceAll(/[\r\n]/g, ' ')} first`;
    } else {
      // With --data-binary a leading @ would name a file.
      words.push(text.startsWith('@') ? '--data-raw' : '--data-binary', quote(redact(text), 'SECRET'));
    }
  } else if (EXPECTS_LENGTH.has(request.verb) && headerOf(headers, 'content-length') === null) {
    words.push('-H', `'Content-Length: 0'`);
  }

  words.push(quote(redact(request.origin + request.target), 'SECRET'));
  return words.join(' ') + remark;
}

/** `'` cannot stand in single quotes: the quotes end, `\'` follows, and they begin again. A mask becomes a variable. */
function quote(text: string, variable: string): string {
  const safe = text.replace(
    CONTROL,
    (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
  );
  if (!safe.includes(MASK)) return PLAIN.test(safe) ? safe : singleQuote(safe);
  if (!/["$`\\!]/.test(safe)) return `"${safe.replaceAll(MASK, `$${variable}`)}"`;
  return safe
    .split(MASK)
    .map((part) => (part === '' ? '' : singleQuote(part)))
    .join(`"$${variable}"`);
}

/** Words that no shell changes. */
const PLAIN = /^[\w@%+=:,./-]+$/;
/** What could steer a terminal; tabs and line ends are plain in quotes. */
const CONTROL = /(?![\t\n\r])\p{Cc}/gu;

function singleQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function variableOf(header: string): string {
  if (/^(?:proxy-)?authorization$/i.test(header)) return 'TOKEN';
  return header
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^(?=\d|$)/, '_');
}

/** The text of a body; null if it is not UTF-8 or holds control characters, which a terminal would obey. */
function textOf(body: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    return text.search(CONTROL) >= 0 ? null : text;
  } catch {
    return null;
  }
}
