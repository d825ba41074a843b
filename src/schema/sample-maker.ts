/**
 * Makes one value of a schema, by drawing: types, alternatives, members, texts. What it makes need not fit, for it knows
 * fewer keywords than the engine; whoever hands it out checks it.
 */
import { isJsonArray, isJsonObject, jsonEquals, jsonObject, type Json } from '../protocol/json.ts';
import { FORMATS, WORDS } from './format-samples.ts';
import { integerLimits, largest, narrow, smallest } from './integer-limits.ts';
import { textsIn } from './keywords.ts';
import { sampleOfPattern } from './pattern-sample.ts';
import type { Located } from './refs.ts';
import type { SchemaScope } from './schema.ts';
import { branchesOf, itemSchema, keywordOf, memberSchema, type Part, partsOf, textOf, typesOf } from './shape.ts';

/** What a value is to be like, as far as its schema leaves it open. */
export interface Taste {
  /** Members that may be absent, entries of maps, items of lists. `all`: as many as show what is made of each. */
  readonly optional: 'all' | 'some' | 'none';
  /** Which alternative of a union and which symbol of an enumeration, counted round; null: drawn. */
  readonly turn: number | null;
  /** What is empty: now and then a text, no value at all, each text that is no item of a list, or each list and map. */
  readonly empty: 'rarely' | 'never' | 'texts' | 'lists';
  /** Whether integers are beyond what a double holds: now and then, never, or each declared `int64`. */
  readonly longs: 'rarely' | 'never' | 'always';
  /** Names of the entries of maps; where there are more entries, they are counted. */
  readonly names: readonly string[];
}

/** Nesting at which only what is required is filled in; schemas may refer to themselves. */
const DEEPEST = 6;
/** Values after which only what is required is filled in, where all members are asked for. */
const MOST_VALUES = 300;
/** Nesting at which a schema that requires itself is given up. */
const BOTTOM = 40;

/** How often a value is one of those that are mishandled: empty, or too large for a double. */
const RARE = 0.15;
/** 2^53 + 1, the least positive integer that a double changes. */
const FIRST_INEXACT = 9_007_199_254_740_993n;

/** Alternatives inside alternatives; one that refers to itself has no end. */
const MOST_HOPS = 16;

export class Maker {
  readonly #scope: SchemaScope;
  readonly #random: () => number;
  readonly #taste: Taste;
  #made = 0;
  /** Lists around the value that is being made, and the turn that the items of these add: each has an alternative more. */
  #lists = 0;
  #shift = 0;

  /** @param random - numbers from 0 up to 1; the same numbers give the same value */
  constructor(scope: SchemaScope, random: () => number, taste: Taste) {
    this.#scope = scope;
    this.#random = random;
    this.#taste = taste;
  }

  /** @returns undefined where the schema allows no value, or none that ends */
  make(located: Located, depth: number): Json | undefined {
    if (depth > BOTTOM || located.json === false) return undefined;
    this.#made += 1;
    const own = partsOf(located, this.#scope);
    const parts = this.#withBranch(own);
    if (parts === null) return undefined;

    const fixed = keywordOf(parts, 'const');
    if (fixed !== undefined) return fixed;
    const listed = keywordOf(parts, 'enum');
    if (isJsonArray(listed)) return this.#alternative(listed);
    const types = (typesOf(parts) ?? ['string']).filter((type) => type !== 'null');
    const type = this.#pick(types);
    return type === undefined ? null : this.#makeAs(type, parts, depth);
  }

  #makeAs(type: string, parts: readonly Part[], depth: number): Json | undefined {
    if (type === 'object') return this.#record(parts, depth);
    if (type === 'array') return this.#list(parts, depth);
    if (type === 'boolean') return this.#random() < 0.5;
    if (type === 'integer') return this.#integer(parts);
    if (type === 'number') return this.#number(parts);
    return this.#text(parts, depth);
  }

  /** The parts of the schema together with those of one alternative, if there are any. */
  #withBranch(parts: readonly Part[], hops = 0): readonly Part[] | null {
    if (hops > MOST_HOPS) return null;
    const branches = branchesOf(parts).filter((branch) => branch.json !== false);
    const branch = this.#alternative(branches);
    if (branch === undefined) return branchesOf(parts).length > 0 ? null : parts;
    const inner = this.#withBranch(partsOf(branch, this.#scope), hops + 1);
    return inner === null ? null : [...inner, ...parts];
  }

  #record(parts: readonly Part[], depth: number): Json | undefined {
    const required = new Set<string>();
    const optional = new Set<string>();
    for (const { json } of parts) {
      for (const name of textsIn(json['required'])) required.add(name);
      if (isJsonObject(json['properties'])) for (const name of Object.keys(json['properties'])) optional.add(name);
    }
    const names = [...optional].filter((name) => !required.has(name));
    const least = Number(keywordOf(parts, 'minProperties') ?? 0);
    const most = Number(keywordOf(parts, 'maxProperties') ?? Number.POSITIVE_INFINITY);

    const chosen = [...required];
    const wish = this.#wished(names, most, depth);
    for (const name of [...wish, ...this.#inOrder(names, most)]) {
      const enough = chosen.length >= least && !wish.includes(name);
      if (chosen.length >= most || enough || chosen.includes(name)) continue;
      chosen.push(name);
    }
    const entries = isMap(parts) ? Math.min(this.#entries(depth), most) : 0;
    for (let extra = 0; chosen.length < Math.max(least, entries); extra++)
      chosen.push(this.#taste.names[extra] ?? `key${extra + 1}`);

    const members: [string, Json][] = [];
    for (const name of chosen) {
      const located = memberSchema(parts, name);
      const value = located === null ? this.#text([]) : this.make(located, depth + 1);
      if (value === undefined) {
        if (required.has(name)) return undefined;
        continue;
      }
      members.push([name, value]);
    }
    return jsonObject(members);
  }

  #list(parts: readonly Part[], depth: number): Json | undefined {
    const tuple = keywordOf(parts, 'prefixItems');
    const least = Math.max(Number(keywordOf(parts, 'minItems') ?? 0), isJsonArray(tuple) ? tuple.length : 0);
    const most = Math.min(Number(keywordOf(parts, 'maxItems') ?? Number.POSITIVE_INFINITY), least + 2);
    const wanted = this.#items(least, most, depth);
    // A list that means a set loses what it has twice, and rightly.
    const isDistinct = (before: number): boolean =>
      keywordOf(parts, 'uniqueItems') === true || (this.#taste.optional === 'all' && before >= least);

    const items: Json[] = [];
    const shift = this.#shift;
    this.#lists += 1;
    for (let tries = 0; items.length < wanted && tries < wanted * 4; tries++) {
      const located = itemSchema(parts, items.length);
      this.#shift = shift + tries;
      const item = located === null ? this.#text([]) : this.make(located, depth + 1);
      if (item === undefined) {
        items.length = 0;
        break;
      }
      if (isDistinct(items.length) && items.some((other) => jsonEquals(other, item))) continue;
      items.push(item);
    }
    this.#shift = shift;
    this.#lists -= 1;
    return items.length === 0 && least > 0 ? undefined : items;
  }

  #integer(parts: readonly Part[]): Json | undefined {
    const [least, most] = integerLimits(parts);
    if (least > most) return undefined;

    const step = keywordOf(parts, 'multipleOf');
    // Now and then one that a double cannot hold; else small positive numbers where they are allowed: they read best.
    const isLong = step === undefined && most > FIRST_INEXACT && this.#isLong(parts);
    const from = isLong ? largest(least, FIRST_INEXACT) : largest(least, smallest(1n, most));
    const to = smallest(most, from + 999_999n);
    const value = from + BigInt(Math.floor(this.#random() * Number(to - from + 1n)));
    // Up to 2^54 a double holds every even number.
    if (isLong && this.#taste.longs === 'always') return value % 2n === 0n && value < most ? value + 1n : value;
    if (step === undefined || !Number.isInteger(Number(step))) return narrow(value);
    const unit = BigInt(Number(step));
    const up = value % unit === 0n ? value : value + (value > 0n ? unit - (value % unit) : -(value % unit));
    return narrow(up > most ? up - unit : up);
  }

  #number(parts: readonly Part[]): Json | undefined {
    const least = Math.max(
      ...parts.map(({ json }) => Number(json['minimum'] ?? json['exclusiveMinimum'] ?? Number.NEGATIVE_INFINITY)),
    );
    const most = Math.min(
      ...parts.map(({ json }) => Number(json['maximum'] ?? json['exclusiveMaximum'] ?? Number.POSITIVE_INFINITY)),
    );
    const from = Number.isFinite(least) ? least : Number.isFinite(most) ? most - 100 : 0;
    const to = Number.isFinite(most) ? most : from + 100;
    const value = from + this.#random() * (to - from);
    const step = Number(keywordOf(parts, 'multipleOf') ?? 0);
    if (step > 0) return Number((Math.round(value / step) * step).toPrecision(12));
    const rounded = Math.round(value * 100) / 100;
    return rounded > from && rounded < to ? rounded : value;
  }

  #text(parts: readonly Part[], depth = 0): string | undefined {
    const format = FORMATS.get(textOf(parts, 'format') ?? '');
    if (format !== undefined) return format((most) => Math.floor(this.#random() * most));
    const least = Number(keywordOf(parts, 'minLength') ?? 0);
    const most = Number(keywordOf(parts, 'maxLength') ?? Number.POSITIVE_INFINITY);
    const pattern = textOf(parts, 'pattern');
    if (pattern !== null) return this.#matching(pattern, least);

    // A member may well be empty; a value on its own may be a key, which is not.
    if (least === 0 && depth > 0 && this.#isEmptyText()) return '';
    const word = `${this.#pick(WORDS) ?? 'text'} ${this.#between(1, 9999)}`;
    if (least > 10_000) return undefined;
    return word.padEnd(least, 'x').slice(0, Math.max(0, Math.min(most, Math.max(least, word.length))));
  }

  /** An expression that says only how the text begins leaves the rest free: URNs get a number. */
  #matching(pattern: string, least: number): string | undefined {
    const text = sampleOfPattern(pattern, this.#random);
    if (text === null) return undefined;
    if (pattern.endsWith('$')) return text;
    const rest = pattern === '^urn:' ? `li:thing:${this.#between(1, 9999)}` : String(this.#between(1, 9999));
    return `${text}${rest}`.padEnd(Math.min(least, 10_000), '0');
  }

  #wished(names: readonly string[], most: number, depth: number): readonly string[] {
    const { optional } = this.#taste;
    if (!this.#isFree(depth)) return [];
    return optional === 'all' ? this.#inOrder(names, most) : names.filter(() => this.#random() < 0.5);
  }

  /** Names in the order in which they are taken where few may be there: those of a union in turn. */
  #inOrder(names: readonly string[], most: number): readonly string[] {
    const { turn } = this.#taste;
    if (turn === null) return this.#shuffled(names);
    return most < names.length ? rotated(names, turn + this.#shift) : names;
  }

  #entries(depth: number): number {
    if (this.#taste.empty === 'lists' || !this.#isFree(depth)) return 0;
    return this.#taste.optional === 'all' ? Math.max(2, this.#taste.names.length) : this.#between(1, 2);
  }

  #items(least: number, most: number, depth: number): number {
    if (this.#taste.empty === 'lists' || !this.#isFree(depth)) return least;
    return this.#taste.optional === 'all' ? most : this.#between(Math.max(least, Math.min(1, most)), most);
  }

  /** Whether what may be absent is made at all. */
  #isFree(depth: number): boolean {
    const { optional } = this.#taste;
    return optional !== 'none' && depth < DEEPEST && (optional === 'some' || this.#made < MOST_VALUES);
  }

  #isLong(parts: readonly Part[]): boolean {
    const { longs } = this.#taste;
    if (longs === 'always') return textOf(parts, 'format') === 'int64';
    return longs === 'rarely' && this.#random() < RARE;
  }

  #isEmptyText(): boolean {
    const { empty, optional } = this.#taste;
    return (
      (empty === 'texts' && this.#lists === 0) || (empty === 'rarely' && optional !== 'none' && this.#random() < RARE)
    );
  }

  /** One of the alternatives that a union or an enumeration offers. */
  #alternative<T>(items: readonly T[]): T | undefined {
    const { turn } = this.#taste;
    return turn === null ? this.#pick(items) : rotated(items, turn + this.#shift)[0];
  }

  #between(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1));
  }

  #pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.#random() * items.length)];
  }

  #shuffled(items: readonly string[]): readonly string[] {
    return rotated(items, Math.floor(this.#random() * Math.max(1, items.length)));
  }
}

/** Whether the record takes members of any name, with a schema of their own. */
function isMap(parts: readonly Part[]): boolean {
  return isJsonObject(keywordOf(parts, 'additionalProperties')) && keywordOf(parts, 'propertyNames') === undefined;
}

/** The items from that one on, counted round, then those before it. */
function rotated<T>(items: readonly T[], turn: number): readonly T[] {
  const from = items.length === 0 ? 0 : turn % items.length;
  return [...items.slice(from), ...items.slice(0, from)];
}
