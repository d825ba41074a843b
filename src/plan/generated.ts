/**
 * Entities that laws write, made from the schema by the seed. They stay under the key and refer to the things of one
 * that is known to be taken: what does not exist cannot be referred to, and a server that says so says nothing of values.
 */
import type { Contract, Example, Operation } from '../contract/contract.ts';
import { showsWithin } from '../laws/values.ts';
import type { Shows } from '../laws/law.ts';
import {
  isJsonObject,
  jsonEquals,
  jsonObject,
  memberOf,
  stringifyJson,
  type Json,
  type JsonObject,
} from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import { randomOf } from '../schema/random.ts';
import { locate } from '../schema/refs.ts';
import { sampleTo } from '../schema/sample.ts';
import type { Taste } from '../schema/sample-maker.ts';
import type { Schema } from '../schema/schema.ts';
import { keywordOf, partsOf, requiredNames, schemaAt } from '../schema/shape.ts';
import { identifying } from './fresh-key.ts';
import { writable } from './material.ts';
import { authoredSpecs } from './sample-values.ts';
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
    const own = Object.entries(madeOf(contract, schema, wanted, attempt)).filter(([name]) => !bound.has(name));
    // Where nothing of it is the law's affair there is nothing to ask.
    if (own.length === 0) continue;
    const kept = Object.entries(like).filter(([name]) => wanted.shows !== null || bound.has(name));
    const entity = jsonObject([...kept, ...own]);
    if (isTaken(contract, operation, entity) && !stringifyJson(entity).includes('${')) return entity;
  }
  return null;
}

/** Members that clients set; of one kind of value only those that hold it, each as in the first turn that it does. */
function madeOf(contract: Contract, schema: Schema, { taste, shows, seed }: Wanted, attempt: number): JsonObject {
  const shown = shownBy(contract);
  const random = randomOf(seed + attempt * 1_009);
  const make = (turn: number | null): JsonObject => {
    const made = sampleTo({ ...taste, turn }, schema, random);
    return made !== null && isJsonObject(made) ? shownOf(writable(contract, made), schema, shown) : {};
  };
  if (shows === null) return make(taste.turn === null ? null : seed * TURNS + taste.turn);

  const found = new Map<string, Json>();
  for (let turn = 0; turn < TURNS; turn++) {
    for (const [name, value] of Object.entries(make(turn)))
      if (!found.has(name) && showsWithin(name, value, shows)) found.set(name, value);
  }
  // Servers have most rules for what must be there: such a member is left as it is where another will do.
  const required = new Set(requiredNames(schema));
  const spare = [...found].filter(([name]) => !required.has(name));
  return jsonObject(spare.length > 0 ? spare : found);
}

/** Entities, and parts of them, of the examples and of the author's writes: they show what clients set. */
function shownBy(contract: Contract): readonly Json[] {
  const written = [...authoredSpecs(contract)].flatMap(({ entity, elements = [], entities = [], patch }) => [
    entity,
    ...elements,
    memberOf(patch, '$set'),
    ...entities.flatMap((item) => [item.entity, memberOf(item.patch, '$set')]),
  ]);
  return [...contract.examples.map(({ entity }) => entity), ...written].filter((value) => value !== undefined);
}

/**
 * The record without members that nobody shows and that need not be there: they may be the server's own, whether or not
 * the contract says so. Whole where nothing is shown in its place; of a union every member is as good as the one shown.
 */
function shownOf(record: JsonObject, schema: Schema, shown: readonly Json[]): JsonObject {
  const likes = shown.filter((value) => isJsonObject(value));
  if (likes.length === 0) return record;
  const parts = partsOf(locate(schema), schema.scope);
  const isUnion = keywordOf(parts, 'maxProperties') === 1;
  const declared = new Set(parts.flatMap(({ json }) => namesIn(json['properties'])));
  const required = new Set(requiredNames(schema));
  const stays = (name: string): boolean =>
    isUnion || !declared.has(name) || required.has(name) || likes.some((like) => Object.hasOwn(like, name));

  return jsonObject(
    Object.entries(record).flatMap(([name, value]): [string, Json][] => {
      if (!stays(name)) return [];
      const inner = schemaAt(schema, [name]);
      if (inner === null || !isJsonObject(value)) return [[name, value]];
      return [
        [
          name,
          shownOf(
            value,
            inner,
            likes.map((like) => memberOf(like, name)).filter((one) => one !== undefined),
          ),
        ],
      ];
    }),
  );
}

function namesIn(properties: Json | undefined): readonly string[] {
  return properties !== undefined && isJsonObject(properties) ? Object.keys(properties) : [];
}

/** Members that stay as they are: what identifies it, references, and on a replacement what only a creation sets. */
function boundMembers(contract: Contract, operation: Operation, like: JsonObject): ReadonlySet<string> {
  const fixed = profileOf(operation.method).effect === 'creates' ? [] : contract.createOnly.map(([head]) => head ?? '');
  const references = Object.keys(like).filter((name) => isReference(like[name]));
  return new Set([
    ...(contract.key?.parts.keys() ?? []),
    ...identifying(contract),
    ...namesOfTheKey(contract),
    ...fixed,
    ...references,
  ]);
}

/** Members that repeat the key, or a part of it, under a name of their own: in each example that has them. */
function namesOfTheKey({ examples }: Contract): readonly string[] {
  const names = new Set(examples.flatMap(({ entity }) => Object.keys(entity)));
  const repeats = ({ key, entity }: Example, name: string): boolean => {
    const parts = key !== null && isJsonObject(key) ? Object.values(key) : [key];
    return !Object.hasOwn(entity, name) || parts.some((part) => jsonEquals(part, entity[name] ?? null));
  };
  return [ID, ...[...names].filter((name) => examples.every((example) => repeats(example, name)))];
}

/** What entities call their key, whatever the contract calls it. */
const ID = 'id';

function isReference(value: Json | undefined): boolean {
  return typeof value === 'string' && value.startsWith('urn:');
}
