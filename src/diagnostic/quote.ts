/**
 * How values are shown in messages: on one line, with their type, bounded in length and depth whatever they hold.
 */
import { visibleLine } from './visible.ts';

/** Characters of a value that a message shows before it cuts. */
export const SHOWN_CHARACTERS = 200;
/** Nesting that is written out; deeper values show as `…`. */
const SHOWN_DEPTH = 12;

export type TypeWord = 'nothing' | 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'list' | 'object';

/** The word for a JSON value's type; an integer is told from other numbers, a missing value is `nothing`. */
export function typeWord(value: unknown): TypeWord {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'bigint') return 'integer';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  if (typeof value === 'string') return 'string';
  return Array.isArray(value) ? 'list' : 'object';
}

/** The value with its type: `string "12"`, `integer 5`, `list [1,2]`; `nothing`, `null` and booleans speak for themselves. */
export function describeValue(value: unknown, limit: number = SHOWN_CHARACTERS): string {
  const word = typeWord(value);
  if (word === 'nothing' || word === 'null') return word;
  return `${word} ${showValue(value, limit)}`;
}

/** The value as compact JSON on one line, invisible characters escaped, cut after `limit` characters with `…`. */
export function showValue(value: unknown, limit: number = SHOWN_CHARACTERS): string {
  const printer = new BoundedPrinter(limit);
  printer.write(value, 0);
  return printer.text();
}

/** A name or text in double quotes as JSON writes it, made visible and cut. */
export function quote(text: string, limit: number = SHOWN_CHARACTERS): string {
  return showValue(text, limit);
}

/** `"a", "b", "c"`; past `most` names: `"a", "b" and 7 more`. */
export function quoteList(names: readonly string[], most: number = 12): string {
  const shown = names.slice(0, most).map((name) => quote(name, 60));
  const rest = names.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}

/** Cuts a text at `limit` UTF-16 units, never inside a surrogate pair. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const code = text.charCodeAt(limit - 1);
  const end = code >= 0xd800 && code <= 0xdbff ? limit - 1 : limit;
  return `${text.slice(0, end)}…`;
}

/** Writes JSON until its budget is used up, so that a body of megabytes costs no more than what is shown of it. */
class BoundedPrinter {
  readonly #limit: number;
  #out = '';

  constructor(limit: number) {
    this.#limit = limit;
  }

  get #full(): boolean {
    return this.#out.length > this.#limit;
  }

  text(): string {
    return cut(this.#out, this.#limit);
  }

  write(value: unknown, depth: number): void {
    if (this.#full) return;
    if (typeof value === 'string') this.#out += JSON.stringify(this.#shorten(value)).replace(/[^]*/, visibleLine);
    else if (typeof value === 'bigint' || typeof value === 'number') this.#out += String(value);
    else if (value === null || typeof value !== 'object') this.#out += String(value);
    else if (depth >= SHOWN_DEPTH) this.#out += '…';
    else if (Array.isArray(value)) this.#writeAll('[', value, ']', (item) => this.write(item, depth + 1));
    else {
      this.#writeAll('{', Object.entries(value), '}', ([name, member]) => {
        this.write(name, depth);
        this.#out += ':';
        this.write(member, depth + 1);
      });
    }
  }

  #writeAll<T>(open: string, items: readonly T[], close: string, write: (item: T) => void): void {
    this.#out += open;
    for (const [index, item] of items.entries()) {
      if (this.#full) return;
      if (index > 0) this.#out += ',';
      write(item);
    }
    this.#out += close;
  }

  /** One unit more than can be shown is enough to see that it must be cut. */
  #shorten(text: string): string {
    return text.length > this.#limit + 1 ? text.slice(0, this.#limit + 1) : text;
  }
}
