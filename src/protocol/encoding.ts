/**
 * Elements: how values, lists and records are written in URLs and keys, `(a:1,b:List(x,y))`, and their escapes.
 *
 * An encoder sorts the names of a record by UTF-16 unit; a decoder takes any order, so texts are compared by decoding
 * both, never as text.
 *
 * Source: protocol 2.0, `URIParamUtils` and `URIElementParser` of linkedin/rest.li.
 */
import { isJsonArray, type Json } from './json.ts';
import { percentDecode, percentEncode } from './percent.ts';

export { formDecode, percentDecode, percentEncode } from './percent.ts';

/**
 * A decoded element: every scalar is its text, for types come from schemas. Records have no prototype, so a part named
 * `constructor` is found only if it was sent. Every element is a `Json`, too.
 */
export type Element = string | readonly Element[] | ElementRecord;

export interface ElementRecord {
  readonly [name: string]: Element;
}

/**
 * Where an element stands, which decides what is escaped: one segment of a path, the value of a query parameter, or
 * the `reduced` form of keys in JSON bodies and headers, where only the characters with a meaning are escaped.
 */
export type ElementPlace = 'path' | 'query' | 'reduced';

/** What is wrong with an encoded text; `column` counts UTF-16 units from 0. */
export interface ElementProblem {
  readonly message: string;
  readonly column: number;
}

/** Lists and records nest no deeper than this in one element; beyond, the text is refused rather than followed. */
const MAX_DEPTH = 512;

/**
 * Reads one element; the whole text must be it. Never throws.
 *
 * @param text - as it stands on the wire; split at raw `( ) : ,` before its `%XX` are decoded
 */
export function decodeElement(text: string): { readonly value: Element } | { readonly problem: ElementProblem } {
  if (isPlain(text)) return { value: text };

  const reader: Reader = { text, at: 0, depth: 0, problem: null };
  const value = readElement(reader);
  if (value !== null && reader.at < text.length) {
    fail(reader, reader.at, `\`${tokenAt(text, reader.at)}\` is left over after the element`);
  }
  if (reader.problem !== null) return { problem: reader.problem };
  return value === null ? { problem: { message: 'the element cannot be read', column: 0 } } : { value };
}

/**
 * Writes a value as an element. Strings stand as they are (`''` when empty); integers as digits, other numbers as Java
 * writes a double. A value whose type is double but which is whole has to come as text (`formatDouble`): a JavaScript
 * number does not know. Null, which the wire has no text for, becomes `null`, as LinkedIn's clients write it.
 */
export function encodeElement(value: Json, place: ElementPlace): string {
  switch (typeof value) {
    case 'string':
      return encodeText(value, place);
    case 'number':
      return formatNumber(value);
    case 'bigint':
    case 'boolean':
      return value.toString();
  }
  if (value === null) return 'null';
  if (isJsonArray(value)) return `List(${value.map((item) => encodeElement(item, place)).join(',')})`;

  let text = '(';
  for (const name of Object.keys(value).toSorted()) {
    const member = value[name];
    if (member === undefined) continue;
    text += `${text === '(' ? '' : ','}${encodeText(name, place)}:${encodeElement(member, place)}`;
  }
  return text + ')';
}

/** The text of a scalar before any escape: what a simple key looks like in a body. */
export function scalarText(value: string | number | bigint | boolean): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? formatNumber(value) : value.toString();
}

/** A string with the escapes of its place; `''` when empty. */
export function encodeText(text: string, place: ElementPlace): string {
  return text === '' ? "''" : percentEncode(text, place);
}

/** Whether the text is a list or a record rather than a scalar. False for text that is no element. */
export function isStructured(text: string): boolean {
  const read = decodeElement(text);
  return 'value' in read && typeof read.value !== 'string';
}

export function isElementRecord(element: Element | undefined): element is ElementRecord {
  return typeof element === 'object' && !Array.isArray(element);
}

export function isElementList(element: Element | undefined): element is readonly Element[] {
  return Array.isArray(element);
}

/** Integers as digits, everything else as a double; beyond 2^53 a number can only have been a double. */
function formatNumber(value: number): string {
  return Number.isSafeInteger(value) ? String(value === 0 ? 0 : value) : formatDouble(value);
}

/**
 * A double as Java writes it: always a fraction, `1.0`; an exponent below 10^-3 and from 10^7 on, `1.0E21`, `1.0E-7`.
 * Source: `Double.toString`.
 */
export function formatDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';

  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) {
    const text = String(value);
    return text.includes('.') ? text : `${text}.0`;
  }

  const [digits = '', exponent = ''] = value.toExponential().split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${exponent.replace('+', '')}`;
}

interface Reader {
  readonly text: string;
  at: number;
  depth: number;
  problem: ElementProblem | null;
}

function fail(reader: Reader, column: number, message: string): null {
  reader.problem ??= { message, column };
  return null;
}

function readElement(reader: Reader): Element | null {
  const { text, at } = reader;
  if (at >= text.length) return fail(reader, at, 'the text ends where an element should stand');
  if (isStructure(text.charCodeAt(at))) {
    if (text.charCodeAt(at) === 0x28) return readRecord(reader);
    return fail(reader, at, `\`${text[at]}\` stands where an element should`);
  }

  const string = readString(reader);
  if (string !== 'List' || text.charCodeAt(reader.at) !== 0x28) return string;
  return readList(reader);
}

/** One run of characters without a meaning, decoded. The reader stands on such a character. */
function readString(reader: Reader): string | null {
  const start = reader.at;
  const end = endOfRun(reader.text, start);
  reader.at = end;
  const raw = reader.text.slice(start, end);
  if (raw === "''") return '';

  const decoded = percentDecode(raw);
  if ('value' in decoded) return decoded.value;
  return fail(reader, start + decoded.problem.column, decoded.problem.message);
}

function readList(reader: Reader): Element | null {
  if (!descend(reader)) return null;

  const items: Element[] = [];
  if (reader.text.charCodeAt(reader.at) === 0x29) return leave(reader, items);
  for (;;) {
    const item = readElement(reader);
    if (item === null) return null;
    items.push(item);
    if (reader.text.charCodeAt(reader.at) === 0x29) return leave(reader, items);
    if (!expect(reader, ',', ')')) return null;
  }
}

function readRecord(reader: Reader): Element | null {
  if (!descend(reader)) return null;

  const record: Record<string, Element> = Object.create(null);
  if (reader.text.charCodeAt(reader.at) === 0x29) return leave(reader, record);
  for (;;) {
    const name = readName(reader);
    if (name === null || !expect(reader, ':', ':')) return null;
    const element = readElement(reader);
    if (element === null) return null;
    record[name] = element;
    if (reader.text.charCodeAt(reader.at) === 0x29) return leave(reader, record);
    if (!expect(reader, ',', ')')) return null;
  }
}

function readName(reader: Reader): string | null {
  const { text, at } = reader;
  if (at >= text.length) return fail(reader, at, 'the text ends where a name should stand');
  if (isStructure(text.charCodeAt(at))) return fail(reader, at, `\`${text[at]}\` stands where a name should`);

  const name = readString(reader);
  if (name !== 'List' || text.charCodeAt(reader.at) !== 0x28) return name;
  return fail(reader, at, 'a list stands where a name should');
}

/** Passes `(`. */
function descend(reader: Reader): boolean {
  if (++reader.depth > MAX_DEPTH) {
    fail(reader, reader.at, `lists and records nest deeper than ${MAX_DEPTH}`);
    return false;
  }
  reader.at++;
  return true;
}

/** Passes `)`. */
function leave<T>(reader: Reader, value: T): T {
  reader.depth--;
  reader.at++;
  return value;
}

/** Passes `wanted`; `shown` is what the message says belongs there. */
function expect(reader: Reader, wanted: string, shown: string): boolean {
  if (reader.text[reader.at] === wanted) {
    reader.at++;
    return true;
  }
  if (reader.at >= reader.text.length) fail(reader, reader.at, `the text ends where \`${shown}\` should stand`);
  else fail(reader, reader.at, `\`${tokenAt(reader.text, reader.at)}\` stands where \`${shown}\` should`);
  return false;
}

function isStructure(code: number): boolean {
  return code === 0x28 || code === 0x29 || code === 0x3a || code === 0x2c;
}

function endOfRun(text: string, start: number): number {
  let end = start;
  while (end < text.length && !isStructure(text.charCodeAt(end))) end++;
  return end;
}

function tokenAt(text: string, at: number): string {
  return text.slice(at, Math.max(at + 1, endOfRun(text, at)));
}

/** Whether a text is a scalar that reads as itself: nothing structural, escaped or quoted in it. */
function isPlain(text: string): boolean {
  if (text === '') return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x25 || code === 0x27 || isStructure(code)) return false;
  }
  return true;
}
