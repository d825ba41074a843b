/**
 * The careful reader of JSON: exact places of faults, repeated members, integers of any length. It keeps its stack on the
 * heap, so that no nesting can exhaust the machine's.
 */
import type { Json } from './json.ts';
import type { JsonDuplicate, JsonProblem, ParsedJson } from './json-parse.ts';
import { formatPointer } from './pointer.ts';

/** 2^53 - 1 has 16 digits: no shorter run can be an integer that a number cannot hold. */
export const LONG_RUN = 16;

/** Reads one document; see `parseJson`. */
export function readJson(text: string, maxDepth: number): ParsedJson | { readonly problem: JsonProblem } {
  return new Reader(text, maxDepth).read();
}

/** The offset of the quote that ends a string whose content begins at `at`; -1 if none does. */
export function endOfString(text: string, at: number): number {
  let end = text.indexOf('"', at);
  while (end > 0 && text.charCodeAt(end - 1) === 0x5c) {
    let slashes = 1;
    while (end - 1 - slashes >= at && text.charCodeAt(end - 1 - slashes) === 0x5c) slashes++;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return end;
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
  readonly #frames: Frame[] = [];
  readonly #duplicates: JsonDuplicate[] = [];
  #at = 0;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
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
    return numberOf(source);
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
