/**
 * Percent escapes, both ways: one table of which ASCII characters stand as they are in each place.
 *
 * Source: RFC 3986, the character sets of `URIParamUtils` and `UriComponent` in linkedin/rest.li.
 */

/**
 * `path`, `query`, `reduced`: text inside an element (its structure characters are escaped). `name`: a parameter name.
 * `segment`: the literal name of a resource in a path. `form`: the form encoding of protocol 1.0.0 (a space is `+`).
 */
export type EscapePlace = 'path' | 'query' | 'reduced' | 'name' | 'segment' | 'form';

export interface PercentProblem {
  readonly message: string;
  /** UTF-16 units from 0: the lone `%`, or the character that is no hexadecimal digit. */
  readonly column: number;
}

const UNRESERVED = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~';

// prettier-ignore
const UNESCAPED: Readonly<Record<EscapePlace, string | null>> = {
  path:    UNRESERVED + '!$&*+=@',
  query:   UNRESERVED + '!$*;@/?',
  reduced: null, // everything but RESERVED
  name:    UNRESERVED + "!$'()*,;:@/?[]",
  segment: UNRESERVED + "!$&'()*+,=:@",
  form:    UNRESERVED.replace('~', '') + '*',
};

/** The characters with a meaning inside an element, and `%` and `'`, which its escapes and empty string are made of. */
const RESERVED = "%():,'";

const TABLES: Readonly<Record<EscapePlace, Uint8Array>> = {
  path: tableOf('path'),
  query: tableOf('query'),
  reduced: tableOf('reduced'),
  name: tableOf('name'),
  segment: tableOf('segment'),
  form: tableOf('form'),
};

const utf8 = new TextEncoder();
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** Escapes what may not stand in the place, as UTF-8; a lone surrogate becomes U+FFFD where it must be escaped. */
export function percentEncode(text: string, place: EscapePlace): string {
  const table = TABLES[place];
  let clean = 0;
  while (clean < text.length && standsAsIs(table, place, text.charCodeAt(clean))) clean++;
  if (clean === text.length) return text;

  let out = text.slice(0, clean);
  for (let i = clean; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (standsAsIs(table, place, code)) out += text[i];
    else if (code < 0x80) out += place === 'form' && code === 0x20 ? '+' : escapeByte(code);
    else {
      const character = String.fromCodePoint(text.codePointAt(i) ?? code);
      for (const byte of utf8.encode(character)) out += escapeByte(byte);
      i += character.length - 1;
    }
  }
  return out;
}

/** Undoes `%XX`: neighbours together as UTF-8, bytes that are no UTF-8 as U+FFFD. `+` stays `+`. Never throws. */
export function percentDecode(text: string): { readonly value: string } | { readonly problem: PercentProblem } {
  let at = text.indexOf('%');
  if (at < 0) return { value: text };

  let out = '';
  let from = 0;
  while (at >= 0) {
    out += text.slice(from, at);
    const bytes: number[] = [];
    while (text.charCodeAt(at) === 0x25) {
      const byte = byteAt(text, at);
      if (typeof byte !== 'number') return byte;
      bytes.push(byte);
      at += 3;
    }
    out +=
      bytes.length === 1 && bytes[0] !== undefined && bytes[0] < 0x80
        ? String.fromCharCode(bytes[0])
        : lenient.decode(Uint8Array.from(bytes));
    from = at;
    at = text.indexOf('%', from);
  }
  return { value: out + text.slice(from) };
}

/** As `percentDecode`, with `+` read as a space: parameter names, and everything in protocol 1.0.0. */
export function formDecode(text: string): { readonly value: string } | { readonly problem: PercentProblem } {
  return percentDecode(text.includes('+') ? text.replaceAll('+', ' ') : text);
}

function byteAt(text: string, at: number): number | { readonly problem: PercentProblem } {
  if (at + 2 >= text.length) return { problem: { message: '`%` begins an escape that has no two digits', column: at } };

  const high = hexDigit(text.charCodeAt(at + 1));
  const low = hexDigit(text.charCodeAt(at + 2));
  if (high >= 0 && low >= 0) return high * 16 + low;

  const column = at + (high < 0 ? 1 : 2);
  return { problem: { message: `\`${text[column]}\` is no hexadecimal digit of an escape`, column } };
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code >= 0x41 && code <= 0x46) return code - 0x37;
  if (code >= 0x61 && code <= 0x66) return code - 0x57;
  return -1;
}

function escapeByte(byte: number): string {
  return byte < 0x10 ? `%0${byte.toString(16).toUpperCase()}` : `%${byte.toString(16).toUpperCase()}`;
}

function standsAsIs(table: Uint8Array, place: EscapePlace, code: number): boolean {
  return code < 0x80 ? table[code] === 1 : place === 'reduced';
}

function tableOf(place: EscapePlace): Uint8Array {
  const table = new Uint8Array(0x80);
  const unescaped = UNESCAPED[place];
  for (let code = 0; code < 0x80; code++) {
    const char = String.fromCharCode(code);
    table[code] = (unescaped === null ? !RESERVED.includes(char) : unescaped.includes(char)) ? 1 : 0;
  }
  return table;
}
