/**
 * Values that fit a schema, made from nothing but a seed: for the mock where no example serves, and for requests that
 * are right but for one fault.
 */
import { isJsonArray, isJsonObject, type Json, jsonObject, jsonEquals } from '../protocol/json.ts';
import { bundle } from './bundle.ts';
import { fitsSchema } from './check.ts';
import { EXACT_RANGE, EXACT_TYPE } from './engine.ts';
import { textsIn } from './keywords.ts';
import { FORMATS, WORDS } from './format-samples.ts';
import { sampleOfPattern } from './pattern-sample.ts';
import { locate, type Located } from './refs.ts';
import type { Schema, SchemaScope } from './schema.ts';
import { branchesOf, itemSchema, keywordOf, memberSchema, type Part, partsOf, textOf, typesOf } from './shape.ts';

import { INTEGER_RANGES } from './types.ts';

/** How often a sample is made anew before it is given up, the last times without optional members. */
const TRIES = 12;
/** Nesting at which only what is required is filled in; schemas may refer to themselves. */
const DEEPEST = 6;
/** Nesting at which a schema that requires itself is given up. */
const BOTTOM = 40;

/** How often a value is one of those that are mishandled: empty, or too large for a double. */
const RARE = 0.15;
/** 2^53 + 1, the least positive integer that a double changes. */
const FIRST_INEXACT = 9_007_199_254_740_993n;

/** Alternatives inside alternatives; one that refers to itself has no end. */
const MOST_HOPS = 16;

/** What json-schema-faker offers, when it was loaded. */
type Faker = (schema: Readonly<Record<string, unknown>>, seed: number) => unknown;
let faker: Faker | undefined;

/**
 * Loads json-schema-faker, which knows more of JSON Schema than the generator here; without it `sampleOf` gives up
 * sooner. Worth it where samples come from schemas that nobody knows beforehand.
 */
export async function prepareSamples(): Promise<void> {
  if (faker !== undefined) return;
  const { generateSync } = await import('json-schema-faker');
  faker = (schema, seed) => generateSync({ ...schema }, { seed });
}

/**
 * A value that fits the schema, or null when none was found (null, too, when the schema allows nothing but null).
 * Always checked before it is handed out.
 *
 * @param random - numbers from 0 up to 1; the same numbers give the same value
 */
export function sampleOf(schema: Schema, random: () => number): Json | null {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const maker = new Maker(schema.scope, random, attempt < TRIES / 2);
    const value = maker.make(locate(schema), 0);
    if (value !== undefined && fitsSchema(schema, value)) return value;
  }
  return faker === undefined ? null : fakedSample(schema, faker, random);
}

class Maker {
  readonly #scope: SchemaScope;
  readonly #random: () => number;
  /** Whether members that may be absent are sometimes there. */
  readonly #generous: boolean;

  constructor(scope: SchemaScope, random: () => number, generous: boolean) {
    this.#scope = scope;
    this.#random = random;
    this.#generous = generous;
  }

  make(located: Located, depth: number): Json | undefined {
    if (depth > BOTTOM || located.json === false) return undefined;
    const own = partsOf(located, this.#scope);
    const parts = this.#withBranch(own);
    if (parts === null) return undefined;

    const fixed = keywordOf(parts, 'const');
    if (fixed !== undefined) return fixed;
    const listed = keywordOf(parts, 'enum');
    if (isJsonArray(listed)) return this.#pick(listed);
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
    const branch = this.#pick(branches);
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
    const wish = this.#generous && depth < DEEPEST ? names.filter(() => this.#random() < 0.5) : [];
    for (const name of [...wish, ...this.#shuffled(names)]) {
      const enough = chosen.length >= least && !wish.includes(name);
      if (chosen.length >= most || enough || chosen.includes(name)) continue;
      chosen.push(name);
    }
    const entries = this.#generous && depth < DEEPEST && isMap(parts) ? Math.min(this.#between(1, 2), most) : 0;
    for (let extra = 1; chosen.length < Math.max(least, entries); extra++) chosen.push(`key${extra}`);

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
    const wanted = depth < DEEPEST && this.#generous ? this.#between(Math.max(least, Math.min(1, most)), most) : least;
    const unique = keywordOf(parts, 'uniqueItems') === true;

    const items: Json[] = [];
    for (let tries = 0; items.length < wanted && tries < wanted * 4; tries++) {
      const located = itemSchema(parts, items.length);
      const item = located === null ? this.#text([]) : this.make(located, depth + 1);
      if (item === undefined) return least > 0 ? undefined : [];
      if (unique && items.some((other) => jsonEquals(other, item))) continue;
      items.push(item);
    }
    return items;
  }

  #integer(parts: readonly Part[]): Json | undefined {
    const range = INTEGER_RANGES.get(textOf(parts, 'format') ?? '') ?? INTEGER_RANGES.get('int64');
    let [least, most] = range ?? [0n, 0n];
    for (const { json } of parts) {
      least = largest(least, ceiling(json['minimum'], 0n), ceiling(json['exclusiveMinimum'], 1n));
      most = smallest(most, floor(json['maximum'], 0n), floor(json['exclusiveMaximum'], 1n));
    }
    if (least > most) return undefined;

    const step = keywordOf(parts, 'multipleOf');
    // Now and then one that a double cannot hold; else small positive numbers where they are allowed: they read best.
    const isLong = step === undefined && most > FIRST_INEXACT && this.#random() < RARE;
    const from = isLong ? largest(least, FIRST_INEXACT) : largest(least, smallest(1n, most));
    const to = smallest(most, from + 999_999n);
    const value = from + BigInt(Math.floor(this.#random() * Number(to - from + 1n)));
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
    if (least === 0 && depth > 0 && this.#generous && this.#random() < RARE) return '';
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

  #between(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1));
  }

  #pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.#random() * items.length)];
  }

  #shuffled(items: readonly string[]): readonly string[] {
    const from = Math.floor(this.#random() * Math.max(1, items.length));
    return [...items.slice(from), ...items.slice(0, from)];
  }
}

/** Whether the record takes members of any name, with a schema of their own. */
function isMap(parts: readonly Part[]): boolean {
  return isJsonObject(keywordOf(parts, 'additionalProperties')) && keywordOf(parts, 'propertyNames') === undefined;
}

/** json-schema-faker is asked with the whole document and its answer checked; it is weak on several keywords. */
function fakedSample(schema: Schema, fake: Faker, random: () => number): Json | null {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    try {
      const { document } = bundle(schema, { variant: 'whole', readOnly: [] });
      const value = fake(plainMembers(document), Math.floor(random() * 2 ** 31));
      if (isJson(value) && fitsSchema(schema, value)) return value;
    } catch {
      // It throws on schemas it cannot follow; another seed may take another branch.
    }
  }
  return null;
}

/** The document with the names of JSON Schema instead of those of our engine, and without bigints. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? value.map(plain) : plainMembers(value);
}

function plainMembers(schema: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema).map(([name, member]) => {
      if (name === EXACT_TYPE)
        return ['type', plain(Array.isArray(member) && member.length === 1 ? member[0] : member)];
      return [name === EXACT_RANGE ? 'format' : name, plain(member)];
    }),
  );
}

function isJson(value: unknown): value is Json {
  if (value === null || ['string', 'boolean'].includes(typeof value)) return true;
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value === 'object' && Object.values(value).every(isJson);
}

function narrow(value: bigint): Json {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The least integer from a limit on; fractions round up. */
function ceiling(limit: Json | undefined, beyond: bigint): bigint | null {
  if (typeof limit === 'bigint') return limit + beyond;
  if (typeof limit !== 'number' || !Number.isFinite(limit)) return null;
  return Number.isInteger(limit) ? BigInt(limit) + beyond : BigInt(Math.ceil(limit));
}

function floor(limit: Json | undefined, beyond: bigint): bigint | null {
  if (typeof limit === 'bigint') return limit - beyond;
  if (typeof limit !== 'number' || !Number.isFinite(limit)) return null;
  return Number.isInteger(limit) ? BigInt(limit) - beyond : BigInt(Math.floor(limit));
}

function largest(first: bigint, ...others: readonly (bigint | null)[]): bigint {
  return others.reduce<bigint>((most, one) => (one !== null && one > most ? one : most), first);
}

function smallest(first: bigint, ...others: readonly (bigint | null)[]): bigint {
  return others.reduce<bigint>((least, one) => (one !== null && one < least ? one : least), first);
}
