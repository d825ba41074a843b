/**
 * Values that fit a schema, made from nothing but a seed: for the mock where no example serves, and for requests that
 * are right but for one fault.
 */
import type { Json } from '../protocol/json.ts';
import { bundle } from './bundle.ts';
import { fitsSchema } from './check.ts';
import { EXACT_RANGE, EXACT_TYPE } from './engine.ts';
import { locate } from './refs.ts';
import { Maker, type Taste } from './sample-maker.ts';
import type { Schema } from './schema.ts';

/** How often a sample is made anew before it is given up, the last times with less in it. */
const TRIES = 12;

/** Ordinary values, and now and then one that is mishandled. */
const ORDINARY: Taste = { optional: 'some', turn: null, empty: 'rarely', longs: 'rarely', names: [] };

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
  const made = fitting(schema, random, ORDINARY, { ...ORDINARY, optional: 'none' });
  if (made !== null) return made;
  return faker === undefined ? null : fakedSample(schema, faker, random);
}

/**
 * The same to a taste: with every member, with nothing that may be absent, with the members of unions in turn. What the
 * schema does not allow is left out of it, down to an ordinary value.
 */
export function sampleTo(taste: Taste, schema: Schema, random: () => number): Json | null {
  return fitting(schema, random, taste, { ...taste, optional: taste.optional === 'all' ? 'some' : 'none' });
}

function fitting(schema: Schema, random: () => number, taste: Taste, lesser: Taste): Json | null {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const maker = new Maker(schema.scope, random, attempt < TRIES / 2 ? taste : lesser);
    const value = maker.make(locate(schema), 0);
    if (value !== undefined && fitsSchema(schema, value)) return value;
  }
  return null;
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
