/**
 * Keys for creates that nobody wrote. Where clients choose the key, an example sent as it stands collides with itself:
 * what identifies it is replaced by values that no example has.
 */
import type { Contract, Example } from '../contract/contract.ts';
import { jsonEquals, memberOf, stringifyJson, type Json, type JsonObject } from '../protocol/json.ts';
import { fitsSchema } from '../schema/check.ts';
import { sampleOf } from '../schema/sample.ts';
import type { Schema } from '../schema/schema.ts';
import { schemaAt } from '../schema/shape.ts';
import { randomOf } from '../schema/random.ts';

/** Samples tried for a type that neither numbers nor texts of ours fit. */
const SAMPLES = 8;

/**
 * @param entity - without what only the server sets
 * @returns the entity with the members that identify it changed, one where one is enough; the same object where the
 *   server makes the key, or where no other value fits
 */
export function withFreshKey(contract: Contract, entity: JsonObject, seed: number): JsonObject {
  for (const name of identifying(contract)) {
    const before = entity[name];
    const value = before === undefined ? undefined : freshValue(contract, name, before, seed);
    if (value !== undefined) return { ...entity, [name]: value };
  }
  return entity;
}

/** A value of one part of the key that no example has, of the kind of the value before; undefined where there is none. */
export function freshValue(contract: Contract, name: string, before: Json, seed: number): Json | undefined {
  const taken = contract.examples.map((example) => valueOf(example, name));
  const schema = contract.key?.parts.get(name) ?? null;
  const member = contract.entity === null ? null : schemaAt(contract.entity, [name]);
  return candidates([member, schema], before, taken, seed).find(
    (one) =>
      one !== '' &&
      [schema, member].every((type) => type === null || fitsSchema(type, one)) &&
      !taken.some((other) => other !== undefined && jsonEquals(other, one)),
  );
}

/** Members that the key is made of: those named as its parts, or those that the template of new keys holds. */
export function identifying(contract: Contract): readonly string[] {
  const { key: template } = contract.mock;
  if (template === null) return [...(contract.key?.parts.keys() ?? [])];
  const text = stringifyJson(template);
  if (text.includes('${count}')) return [];
  return [...text.matchAll(/\$\{entity\.(\w+)\}/g)].map(([, name = '']) => name);
}

function valueOf({ entity, key }: Example, name: string): Json | undefined {
  return entity[name] ?? memberOf(key ?? undefined, name) ?? key ?? undefined;
}

/** The likeliest to be accepted first. */
function candidates(
  schemas: readonly (Schema | null)[],
  before: Json,
  taken: readonly (Json | undefined)[],
  seed: number,
): readonly Json[] {
  const number = 1_000_003 + Math.floor(randomOf(seed)() * 1_000_000_000);
  const samples = schemas.flatMap((schema) =>
    schema === null ? [] : Array.from({ length: SAMPLES }, (_, index) => sampleOf(schema, randomOf(seed + index))),
  );
  const own: readonly Json[] =
    typeof before === 'string'
      ? [
          before.replace(/[A-Za-z0-9]*$/, String(number)),
          `${before}-${number}`,
          ...numbersBeyond(taken, number).map(String),
        ]
      : typeof before === 'number' || typeof before === 'bigint'
        ? numbersBeyond(taken, number)
        : [];
  return [...own, ...samples.filter((sample) => sample !== null)];
}

/** One that hardly any collection has, then those next to the examples, for types with a narrow range. */
function numbersBeyond(taken: readonly (Json | undefined)[], far: number): readonly Json[] {
  const near = Array.from({ length: taken.length + 1 }, (_, index) => index + 1);
  const greatest = Math.max(0, ...taken.map((one) => (typeof one === 'number' ? Math.trunc(one) : 0)));
  return [far, greatest + 1, ...near];
}
