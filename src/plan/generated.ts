/**
 * Entities that laws write, made from the schema by the seed. They stay under the key and refer to the things of one
 * that is known to be taken: what does not exist cannot be referred to, and a server that says so says nothing of values.
 */
import type { Contract, Operation } from '../contract/contract.ts';
import { showsWithin } from '../laws/values.ts';
import type { Shows } from '../laws/law.ts';
import { isJsonObject, jsonObject, stringifyJson, type Json, type JsonObject } from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import { randomOf } from '../schema/random.ts';
import { sampleTo } from '../schema/sample.ts';
import type { Taste } from '../schema/sample-maker.ts';
import type { Schema } from '../schema/schema.ts';
import { requiredNames } from '../schema/shape.ts';
import { identifying } from './fresh-key.ts';
import { writable } from './material.ts';
import { isTaken } from './variants.ts';

/** What is wanted of an entity beside that its schema allows it. */
export interface Wanted {
  readonly taste: Taste;
  /** Only members that hold such a value differ from the known entity; null: all do. */
  readonly shows: Shows | null;
  readonly seed: number;
}

/** Alternatives that are asked for in turn, so that the next seed goes on where this one ends. */
const TURNS = 3;
/** How often an entity is made anew that meets a declared error, or holds what reads as a variable. */
const TRIES = 4;

/**
 * @param like - an entity that the operation is known to take
 * @returns null where the schema allows no such entity, or where each one tried meets a declared error
 */
export function generatedEntity(
  contract: Contract,
  operation: Operation,
  like: JsonObject,
  wanted: Wanted,
): JsonObject | null {
  const schema = operation.request.entity ?? contract.entity;
  // A body of the contract's own is no entity.
  if (schema === null || operation.request.body !== null) return null;
  const bound = boundMembers(contract, operation, like);

  for (let attempt = 0; attempt < TRIES; attempt++) {
    const own = Object.entries(madeOf(contract, schema, wanted, attempt) ?? {}).filter(([name]) => !bound.has(name));
    // Where nothing of it is the law's affair there is nothing to ask.
    if (own.length === 0) continue;
    const kept = Object.entries(like).filter(([name]) => wanted.shows !== null || bound.has(name));
    const entity = jsonObject([...kept, ...own]);
    if (isTaken(contract, operation, entity) && !stringifyJson(entity).includes('${')) return entity;
  }
  return null;
}

/** Members that clients set; of one kind of value only those that hold it, each as in the first turn that it does. */
function madeOf(
  contract: Contract,
  schema: Schema,
  { taste, shows, seed }: Wanted,
  attempt: number,
): JsonObject | null {
  const random = randomOf(seed + attempt * 1_009);
  const make = (turn: number | null): JsonObject => {
    const made = sampleTo({ ...taste, turn }, schema, random);
    return made !== null && isJsonObject(made) ? writable(contract, made) : {};
  };
  if (shows === null) return make(taste.turn === null ? null : seed * TURNS + taste.turn);

  const found = new Map<string, Json>();
  for (let turn = 0; turn < TURNS; turn++) {
    for (const [name, value] of Object.entries(make(turn)))
      if (!found.has(name) && showsWithin(name, value, shows)) found.set(name, value);
  }
  // Servers have most rules for what must be there: such a member is left as it is where another will do.
  const required = new Set(requiredNames(schema));
  const free = [...found].filter(([name]) => !required.has(name));
  return jsonObject(free.length > 0 ? free : found);
}

/** Members that stay as they are: the key, references, and on a replacement what only a creation sets. */
function boundMembers(contract: Contract, operation: Operation, like: JsonObject): ReadonlySet<string> {
  const fixed = profileOf(operation.method).effect === 'creates' ? [] : contract.createOnly.map(([head]) => head ?? '');
  const references = Object.keys(like).filter((name) => isReference(like[name]));
  return new Set([...(contract.key?.parts.keys() ?? []), ...identifying(contract), ...fixed, ...references]);
}

function isReference(value: Json | undefined): boolean {
  return typeof value === 'string' && value.startsWith('urn:');
}
