/**
 * Reads JSON without losing digits, and says exactly what is wrong with text that is not JSON.
 *
 * Most bodies take the short way: one scan, the engine's own parser, one count of the members. Text that holds a long
 * run of digits, a repeated member or a fault is read again by the parser below, which keeps its stack on the heap:
 * no nesting can exhaust the machine's.
 */
import type { Json } from './json.ts';
import { formatPointer } from './pointer.ts';

export interface ParseJsonOptions {
  /** Makes the value of each number from its text. Absent: bigint for integers beyond 2^53 - 1, else number. */
  readonly number?: (source: string) => unknown;
  /** How deep arrays and records may nest. */
  readonly maxDepth?: number;
}

/** What is wrong, and where: `offset` in UTF-16 units from 0, `line` and `col` from 1. */
export interface JsonProblem {
  readonly kind:
    'syntax' | 'end' | 'not-a-number' | 'trailing-comma' | 'comment' | 'byte-order-mark' | 'string' | 'depth';
  readonly message: string;
  readonly offset: number;
  readonly line: number;
  readonly col: number;
}

/** A member sent twice in one record: where it is, and the offsets of both names. */
export interface JsonDuplicate {
  readonly pointer: string;
  readonly first: number;
  readonly second: number;
}

/** `value` holds the last of members that are sent twice, as every common parser does. */
export interface ParsedJson {
  readonly value: Json;
  readonly duplicates: readonly JsonDuplicate[];
}

/** Deep enough for every schema we met, and far from what exhausts a recursive reader of the value. */
const MAX_DEPTH = 512;
/** 2^53 - 1 has 16 digits: no shorter run can be an integer that a number cannot hold. */
const LONG_RUN = 16;
const NO_DUPLICATES: readonly JsonDuplicate[] = [];

/** Never throws; every problem comes back with its place. */
export function parseJson(text: string, options?: ParseJsonOptions): ParsedJson | { readonly problem: JsonProblem } {
  const maxDepth = options?.maxDepth ?? MAX_DEPTH;
  const isShort = options?.number === undefined && maxDepth <= MAX_DEPTH;
  const members = isShort ? countColons(text, maxDepth) : -1;
  if (members >= 0) {
    try {
      const value: Json = JSON.parse(text);
      if (countMembers(value) === members) return { value, duplicates: NO_DUPLICATES };
    } catch {
      // Read again below, where the place of the fault is known.
    }
  }
  return new Reader(text, maxDepth, options?.number).read();
}

/** The colons outside strings, which is one a member; -1 if the text needs the careful reader. */
function countColons(text: string, maxDepth: number): number {
  let colons = 0;
  let depth = 0;
  let digits = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x30 && code <= 0x39) {
      if (++digits === LONG_RUN) return -1;
      continue;
    }
    digits = 0;
    if (code === 0x22) {
      i = endOfString(text, i + 1);
      if (i < 0) return -1;
    } else if (code === 0x3a) colons++;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > maxDepth) return -1;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return colons;
}

/** The offset of the quote that ends a string whose content begins at `at`; -1 if none does. */
function endOfString(text: string, at: number): number {
  let end = text.indexOf('"', at);
  while (end > 0 && text.charCodeAt(end - 1) === 0x5c) {
    let slashes = 1;
    while (end - 1 - slashes >= at && text.charCodeAt(end - 1 - slashes) === 0x5c) slashes++;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return end;
}

/**
 * The members of all records in a value. `for in` is the quickest walk; names that somebody put on the prototype of
 * objects only make the count wrong, and the text is read again.
 */
function countMembers(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0;

  let members = 0;
  if (isList(value)) {
    for (const item of value) if (typeof item === 'object' && item !== null) members += countMembers(item);
    return members;
  }
  for (const name in value) {
    members++;
    const member = value[name];
    if (typeof member === 'object' && member !== null) members += countMembers(member);
  }
  return members;
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}

/** A record or array that is being read. `name` is the member under way, `offsets` where each name stood. */
type Frame =
  | { readonly list: Json[]; readonly record: null; readonly offsets: null; name: '' }
  | { readonly list: null; readonly record: Record<string, Json>; readonly offsets: Map<string, number>; name: string };

class Fault extends Error {
  readonly kind: JsonProblem['kind'];
  readonly offset: number;

  constructor(kind: JsonProblem['kind'], offset: number, message: string) {
    super(message);
    this.kind = kind;
    this.offset = offset;
  }
}

class Reader {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #number: ((source: string) => unknown) | undefined;
  readonly #frames: Frame[] = [];
  readonly #duplicates: JsonDuplicate[] = [];
  #at = 0;

  constructor(text: string, maxDepth: number, number: ((source: string) => unknown) | undefined) {
    this.#text = text;
    this.#maxDepth = maxDepth;
    this.#number = number;
  }

  read(): ParsedJson | { readonly problem: JsonProblem } {
    try {
      return { value: this.#document(), duplicates: this.#duplicates };
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      return {
        problem: { kind: fault.kind, message: fault.message, offset: fault.offset, ...this.#place(fault.offset) },
      };
    }
  }

  #place(offset: number): { readonly line: number; readonly col: number } {
    let line = 1;
    let start = 0;
    for (let i = this.#text.indexOf('\n'); i >= 0 && i < offset; i = this.#text.indexOf('\n', start)) {
      line++;
      start = i + 1;
    }
    return { line, col: offset - start + 1 };
  }

  #document(): Json {
    if (this.#text.charCodeAt(0) === 0xfeff) {
      throw new Fault('byte-order-mark', 0, 'a byte order mark (U+FEFF) stands before the JSON text');
    }

    for (;;) {
      const value = this.#value();
      if (value === undefined) continue;

      const result = this.#close(value);
      if (result === undefined) continue;

      this.#space();
      if (this.#at < this.#text.length) throw this.#unexpected('nothing more after the value');
      return result;
    }
  }

  /** Reads a value; undefined when it opened a record or array whose first member or item is next. */
  #value(): Json | undefined {
    this.#space();
    const char = this.#text[this.#at];
    if (char === '{') return this.#openRecord();
    if (char === '[') return this.#openList();
    if (char === '"') return this.#string();
    if (char === 't') return this.#word('true', true);
    if (char === 'f') return this.#word('false', false);
    if (char === 'n') return this.#word('null', null);
    return this.#readNumber();
  }

  #openRecord(): Json | undefined {
    this.#deeper();
    this.#at++;
    this.#space();
    const record: Record<string, Json> = {};
    if (this.#text[this.#at] === '}') {
      this.#at++;
      return record;
    }

    this.#frames.push({ list: null, record, offsets: new Map(), name: '' });
    this.#memberName();
    return undefined;
  }

  #openList(): Json | undefined {
    this.#deeper();
    this.#at++;
    this.#space();
    const list: Json[] = [];
    if (this.#text[this.#at] === ']') {
      this.#at++;
      return list;
    }

    this.#frames.push({ list, record: null, offsets: null, name: '' });
    return undefined;
  }

  #deeper(): void {
    if (this.#frames.length < this.#maxDepth) return;
    throw new Fault('depth', this.#at, `arrays and records nest deeper than ${this.#maxDepth}`);
  }

  #memberName(): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined || frame.offsets === null) return;

    this.#space();
    const at = this.#at;
    if (this.#text[at] !== '"') throw this.#unexpected('a member name in double quotes');
    const name = this.#string();
    const first = frame.offsets.get(name);
    frame.name = name;
    if (first === undefined) frame.offsets.set(name, at);
    else this.#duplicates.push({ pointer: formatPointer(this.#path()), first, second: at });

    this.#space();
    if (this.#text[this.#at] !== ':') throw this.#unexpected('`:` after the member name');
    this.#at++;
  }

  #path(): readonly (string | number)[] {
    return this.#frames.map((frame) => (frame.list === null ? frame.name : frame.list.length));
  }

  /** Puts a whole value where it belongs and closes what ends there; the document once nothing is open. */
  #close(read: Json): Json | undefined {
    let value = read;
    for (;;) {
      const frame = this.#frames.at(-1);
      if (frame === undefined) return value;

      if (frame.list !== null) frame.list.push(value);
      else putMember(frame.record, frame.name, value);

      const closing = frame.list === null ? '}' : ']';
      this.#space();
      const char = this.#text[this.#at];
      if (char === ',') {
        const comma = this.#at++;
        this.#space();
        if (this.#text[this.#at] === closing)
          throw new Fault('trailing-comma', comma, `a comma stands before \`${closing}\``);
        if (frame.list === null) this.#memberName();
        return undefined;
      }
      if (char !== closing) throw this.#unexpected(`\`,\` or \`${closing}\``);
      this.#at++;
      this.#frames.pop();
      value = frame.list ?? frame.record;
    }
  }

  #space(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at++;
    }
  }

  #word<T extends Json>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#unexpected('a value');
    this.#at += word.length;
    return value;
  }

  #readNumber(): Json {
    NUMBER.lastIndex = this.#at;
    const source = NUMBER.exec(this.#text)?.[0];
    if (source === undefined) throw this.#unexpected('a value');
    if (source.length > 1 && /^-?0\d/.test(this.#text.slice(this.#at, this.#at + 3))) {
      throw new Fault('syntax', this.#at, 'a number has no leading zero');
    }

    this.#at += source.length;
    // What the caller makes of a number takes the place of one; the caller knows its type.
    return this.#number === undefined ? numberOf(source) : (this.#number(source) as Json);
  }

  #string(): string {
    const start = this.#at;
    const end = endOfString(this.#text, start + 1);
    if (end < 0) throw new Fault('end', start, 'the string that begins here has no end');

    try {
      const value: string = JSON.parse(this.#text.slice(start, end + 1));
      this.#at = end + 1;
      return value;
    } catch {
      throw this.#stringFault(start, end);
    }
  }

  #stringFault(start: number, end: number): Fault {
    for (let i = start + 1; i < end; i++) {
      const code = this.#text.charCodeAt(i);
      if (code < 0x20) {
        const hex = code.toString(16).toUpperCase().padStart(4, '0');
        return new Fault('string', i, `the control character U+${hex} must be written as an escape`);
      }
      if (code !== 0x5c) continue;
      if (!/^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(this.#text.slice(i, i + 6))) {
        return new Fault('string', i, `\`${this.#text.slice(i, i + 2)}\` is no escape of JSON`);
      }
      i++;
    }
    return new Fault('string', start, 'the string is malformed');
  }

  #unexpected(wanted: string): Fault {
    const at = this.#at;
    const rest = this.#text.slice(at, at + 12);
    if (rest === '') return new Fault('end', at, `the text ends where ${wanted} should stand`);
    if (rest.startsWith('//') || rest.startsWith('/*') || rest.startsWith('#')) {
      return new Fault('comment', at, 'JSON has no comments');
    }

    const word = /^[-+]?(?:NaN|Infinity)/.exec(rest)?.[0];
    if (word !== undefined) return new Fault('not-a-number', at, `JSON has no ${word}`);
    return new Fault('syntax', at, `${shown(rest)} stands where ${wanted} should`);
  }
}

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const INTEGER = /^-?\d+$/;

function numberOf(source: string): Json {
  const value = Number(source);
  if (source.length < LONG_RUN || Number.isSafeInteger(value) || !INTEGER.test(source)) return value;
  return BigInt(source);
}

function putMember(record: Record<string, Json>, name: string, value: Json): void {
  if (name === '__proto__') {
    Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
  } else record[name] = value;
}

function shown(rest: string): string {
  const char = String.fromCodePoint(rest.codePointAt(0) ?? 0);
  return char < ' ' ? `the control character U+${char.charCodeAt(0).toString(16).padStart(4, '0')}` : `\`${char}\``;
}
