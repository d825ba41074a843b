/**
 * Text of URLs, keys and headers as typed values, read as the Rest.li server reads it; and numbers on their way there.
 *
 * The wire knows only text, lists and records. What `01` or `true` is, the schema says.
 */
import { formatDouble, isElementList, isElementRecord, type Element } from '../protocol/encoding.ts';
import { isJsonArray, isJsonObject, type Json, jsonObject } from '../protocol/json.ts';
import { escapeSegment } from '../protocol/pointer.ts';
import { quote, showValue } from '../diagnostic/quote.ts';
import { fitsSchema } from './check.ts';
import { describe } from './describe.ts';
import { locate, type Located } from './refs.ts';
import type { Schema, SchemaProblem, SchemaScope } from './schema.ts';
import {
  branchesOf,
  itemSchema,
  keywordOf,
  memberSchema,
  type Part,
  partsOf,
  textOf,
  toSchema,
  typesOf,
} from './shape.ts';
import { INTEGER_RANGES } from './types.ts';

/** A typed value, with what the server lets pass but no client should send; or why the text has no such value. */
export type Coerced =
  { readonly value: Json; readonly lenient: readonly SchemaProblem[] } | { readonly problem: SchemaProblem };

/**
 * The value that a decoded text or structure has under a schema. Reads types only: lengths, enumerations and required
 * members are for `checkSchema` to judge, as an unknown symbol passes the server's reader, too.
 *
 * Integers take a sign and leading zeros but no fraction, and must fit their type. Any boolean but `true` is false, as
 * the server has it; other than `true` and `false` is reported as lenient. Source: protocol 2.0, `ValueConverter`.
 *
 * @param loneItems - whether a text may stand for a list of one, as it does in protocol 1.0.0
 */
export function coerce(schema: Schema, element: Element, loneItems = false): Coerced {
  const reader = new Reader(schema.scope, loneItems);
  const value = reader.read(locate(schema), element, '');
  return value === undefined ? { problem: reader.problem } : { value, lenient: reader.lenient };
}

/**
 * The value as it has to be handed to the encoder of URLs: numbers whose type is float or double become text as Java
 * writes them (`1.0`), everything else stays.
 */
export function wireValue(schema: Schema, value: Json): Json {
  if (typeof value === 'object' && value !== null) return toWire(locate(schema), value, schema.scope);
  if (typeof value !== 'number' && typeof value !== 'bigint') return value;

  let isDouble = doubles.get(schema);
  if (isDouble === undefined) {
    isDouble = holdsDouble(partsOf(locate(schema), schema.scope), schema.scope);
    doubles.set(schema, isDouble);
  }
  return isDouble ? formatDouble(Number(value)) : value;
}

/** Whether numbers of a schema are doubles: the key of every request asks it, of the same few schemas. */
const doubles = new WeakMap<Schema, boolean>();

/** Alternatives that are tried in one element, lists of thousands included; some refer to each other without end. */
const MOST_ATTEMPTS = 50_000;
const MOST_HOPS = 16;

class Reader {
  readonly lenient: SchemaProblem[] = [];
  readonly #scope: SchemaScope;
  readonly #loneItems: boolean;
  readonly #budget: { attempts: number };
  /** Alternatives inside alternatives that led here. */
  readonly #hops: number;
  #problem: SchemaProblem | null = null;

  constructor(scope: SchemaScope, loneItems = false, budget = { attempts: MOST_ATTEMPTS }, hops = 0) {
    this.#scope = scope;
    this.#loneItems = loneItems;
    this.#budget = budget;
    this.#hops = hops;
  }

  /** Set when `read` returned undefined. */
  get problem(): SchemaProblem {
    return (
      this.#problem ?? { pointer: '', keyword: 'type', expected: 'a value', actual: 'nothing', schemaPointer: null }
    );
  }

  read(located: Located, element: Element, pointer: string): Json | undefined {
    const parts = partsOf(located, this.#scope);
    const listed = literalFor(parts, element);
    if (listed !== undefined) return listed;

    const branches = branchesOf(parts);
    const types = typesOf(parts);
    if (branches.length > 0 && types === null) return this.#readBranch(located, branches, element, pointer);

    for (const type of types ?? []) {
      const value = this.#readAs(type, parts, located, element, pointer);
      if (value !== undefined) return value;
    }
    if (types === null || types.length === 0) return element;
    // URLs have no null; a type that is nothing else is written as the word.
    if (types.every((type) => type === 'null') && element === 'null') return null;
    this.#fail(located, element, pointer);
    return undefined;
  }

  #readAs(type: string, parts: readonly Part[], located: Located, element: Element, pointer: string): Json | undefined {
    if (type === 'object') return isElementRecord(element) ? this.#readRecord(parts, element, pointer) : undefined;
    if (type === 'array') {
      if (isElementList(element)) return this.#readList(parts, element, pointer);
      return this.#loneItems ? this.#readList(parts, [element], pointer) : undefined;
    }
    if (typeof element !== 'string') return undefined;
    if (type === 'integer') return readInteger(element, textOf(parts, 'format'));
    if (type === 'number') return readNumber(element);
    if (type === 'boolean') return this.#readBoolean(parts, located, element, pointer);
    return type === 'string' ? element : undefined;
  }

  #readBoolean(parts: readonly Part[], located: Located, text: string, pointer: string): boolean | undefined {
    if (text === 'true' || text === 'false') return text === 'true';
    // Only where nothing but a boolean may stand, the server's reading is the only one.
    if ((typesOf(parts) ?? []).length > 1) return undefined;
    if (text.toLowerCase() !== 'true') this.lenient.push(this.#mismatch(located, text, pointer));
    else this.lenient.push({ ...this.#mismatch(located, text, pointer), expected: 'boolean, written true' });
    return text.toLowerCase() === 'true';
  }

  #readList(parts: readonly Part[], element: readonly Element[], pointer: string): Json | undefined {
    const items: Json[] = [];
    for (const [index, item] of element.entries()) {
      const located = itemSchema(parts, index);
      const value = located === null ? item : this.read(located, item, `${pointer}/${index}`);
      if (value === undefined) return undefined;
      items.push(value);
    }
    return items;
  }

  #readRecord(parts: readonly Part[], element: Readonly<Record<string, Element>>, pointer: string): Json | undefined {
    const members: [string, Json][] = [];
    for (const [name, member] of Object.entries(element)) {
      const located = memberSchema(parts, name);
      const value = located === null ? member : this.read(located, member, `${pointer}/${escapeSegment(name)}`);
      if (value === undefined) return undefined;
      members.push([name, value]);
    }
    return jsonObject(members);
  }

  /** The first alternative whose reading fits it; if none fits, the first that can be read at all. */
  #readBranch(located: Located, branches: readonly Located[], element: Element, pointer: string): Json | undefined {
    let readable: Json | undefined;
    for (const branch of branches) {
      if (this.#hops >= MOST_HOPS || this.#budget.attempts-- <= 0) break;
      const attempt = new Reader(this.#scope, this.#loneItems, this.#budget, this.#hops + 1);
      const value = attempt.read(branch, element, pointer);
      if (value === undefined || attempt.lenient.length > 0) continue;
      if (fitsSchema(toSchema(branch, this.#scope), value)) return value;
      readable ??= value;
    }
    if (readable === undefined) this.#fail(located, element, pointer);
    return readable;
  }

  /** Nobody reads the problem of an alternative, and there may be thousands. */
  #fail(located: Located, element: Element, pointer: string): void {
    if (this.#hops === 0) this.#problem ??= this.#mismatch(located, element, pointer);
  }

  #mismatch(located: Located, element: Element, pointer: string): SchemaProblem {
    const actual =
      typeof element === 'string'
        ? `text ${quote(element)}`
        : `${isElementList(element) ? 'list' : 'record'} ${showValue(element)}`;
    return {
      pointer,
      keyword: 'type',
      expected: describe(located, this.#scope),
      actual,
      schemaPointer: located.pointer,
    };
  }
}

/** The listed value that is written so: an enumeration of numbers has no other type. */
function literalFor(parts: readonly Part[], element: Element): Json | undefined {
  if (typeof element !== 'string' || typesOf(parts) !== null) return undefined;
  const listed = keywordOf(parts, 'enum');
  const values = isJsonArray(listed) ? listed : [keywordOf(parts, 'const')];
  return values.find(
    (value) => value !== undefined && value !== null && typeof value !== 'object' && String(value) === element,
  );
}

/** Java's `Integer.parseInt` and `Long.parseLong`. */
function readInteger(text: string, format: string | null): Json | undefined {
  if (!/^[+-]?\d{1,4000}$/.test(text)) return undefined;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  const range = INTEGER_RANGES.get(format ?? '');
  if (range !== undefined && (value < range[0] || value > range[1])) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Java's `Double.parseDouble` as far as JSON has the value: no NaN, no infinity. */
function readNumber(text: string): number | undefined {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?$/.test(text)) return undefined;
  const value = Number(text.replace(/[fFdD]$/, ''));
  return Number.isFinite(value) ? value : undefined;
}

function holdsDouble(parts: readonly Part[], scope: SchemaScope): boolean {
  const types = typesOf(parts) ?? branchesOf(parts).flatMap((branch) => typesOf(partsOf(branch, scope)) ?? []);
  return types.includes('number') && !types.includes('integer');
}

function toWire(located: Located, value: Json, scope: SchemaScope): Json {
  const parts = partsOf(located, scope);
  if (parts.length === 0) return value;

  if (typeof value === 'number' || typeof value === 'bigint')
    return holdsDouble(parts, scope) ? formatDouble(Number(value)) : value;
  if (typeof value !== 'object' || value === null) return value;

  const branch = branchesOf(parts).find((one) => fitsSchema(toSchema(one, scope), value));
  const all = branch === undefined ? parts : [...parts, ...partsOf(branch, scope)];
  if (isJsonArray(value)) {
    return value.map((item, index) => {
      const sub = itemSchema(all, index);
      return sub === null ? item : toWire(sub, item, scope);
    });
  }
  if (!isJsonObject(value)) return value;
  return jsonObject(
    Object.entries(value).map(([name, member]) => {
      const sub = memberSchema(all, name);
      return [name, sub === null ? member : toWire(sub, member, scope)];
    }),
  );
}
