/**
 * Generated material of derived cases: other values of members, keys that nobody has, bodies with less in them. Values
 * that the author or the examples know come first; what is made up fits its schema, and is the same for the same seed.
 */
import type { Contract, Operation, ValuePath, When } from '../contract/contract.ts';
import {
  isJsonArray,
  isJsonObject,
  jsonEquals,
  jsonObject,
  memberOf,
  type Json,
  type JsonObject,
} from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import { valueAt } from '../protocol/pointer.ts';
import type { Replacement } from '../laws/law.ts';
import { fitsSchema } from '../schema/check.ts';
import { locate } from '../schema/refs.ts';
import { sampleOf } from '../schema/sample.ts';
import type { Schema } from '../schema/schema.ts';
import { keywordOf, partsOf, schemaAt } from '../schema/shape.ts';
import { refused } from './material.ts';
import { randomOf } from '../schema/random.ts';
import { authoredSpecs } from './sample-values.ts';

/** Names of the entity's members as its schema declares them. */
export function declaredMembers(contract: Contract): readonly string[] {
  if (contract.entity === null) return [];
  const names = partsOf(locate(contract.entity), contract.entity.scope).flatMap(({ json }) => {
    const { properties } = json;
    return isJsonObject(properties) ? Object.keys(properties) : [];
  });
  return [...new Set(names)];
}

/** Bodies for a replacement: as much as is known, and the same without what may go. Null where nothing may go. */
export function replacementOf(
  contract: Contract,
  operation: Operation,
  entity: JsonObject,
  seed: number,
): Replacement | null {
  const droppable = Object.keys(entity).filter((name) => mayDrop(contract, operation, entity, name));
  if (droppable.length === 0) {
    const full = withOptional(contract, operation, entity, seed);
    return full === null ? null : { full, reduced: entity };
  }
  const bare = without(entity, droppable);
  const reduced = isTaken(contract, operation, bare) ? bare : without(entity, droppable.slice(0, 1));
  return { full: entity, reduced };
}

/**
 * A patch that sets one member to another value and deletes one that may be absent, where a third then stays: one that
 * nobody touches must be there to be lost. Null where no member is free.
 */
export function patchOf(contract: Contract, operation: Operation, entity: JsonObject, seed: number): JsonObject | null {
  for (const [name, value] of changes(contract, entity, seed)) {
    const changed = { ...entity, [name]: value };
    const others = Object.keys(entity).filter((other) => other !== name);
    const free = others.filter((other) => !isFixed(contract, other));
    const dropped = free.length < 2 ? undefined : others.find((other) => mayDrop(contract, operation, changed, other));
    const patch: JsonObject = { $set: { [name]: value }, ...(dropped === undefined ? {} : { $delete: [dropped] }) };
    if (isTaken(contract, operation, changed) && !isPatchRefused(operation, patch)) return patch;
  }
  return null;
}

/** The entity with one member changed to a value that the operation takes; null where no member is free. */
export function changedEntity(
  contract: Contract,
  operation: Operation,
  entity: JsonObject,
  seed: number,
): JsonObject | null {
  for (const [name, value] of changes(contract, entity, seed)) {
    const changed = { ...entity, [name]: value };
    if (isTaken(contract, operation, changed)) return changed;
  }
  return null;
}

/** The entity, and one that differs from it in a member that comes back (and in the parts of the key that it holds). */
export function distinctEntities(
  contract: Contract,
  operation: Operation,
  entity: JsonObject,
  seed: number,
): readonly JsonObject[] {
  for (const [name, value] of changes(contract, entity, seed, true)) {
    const changed = withOtherKey(contract, { ...entity, [name]: value }, seed);
    if (isTaken(contract, operation, changed)) return [entity, changed];
  }
  return [entity];
}

/** A key of the right type that neither examples nor cases name; null where none can be made. */
export function missingKeyOf(contract: Contract, near: Json | undefined, seed: number): Json | null {
  return otherKey(contract, near, (schema, value) => unheardOf(schema, value, seed));
}

/** Reserved characters of URLs (RFC 3986, 2.2), a space, and the sign of escapes. */
const RESERVED = `a b:/?#[]@!$&'()*+,;=%c`;
/** Every character that some place of the wire gives a meaning. */
const AWKWARD_ASCII = `${RESERVED}a+d/e?f&g=h"i\\j^k|l{m}n<o>p~-_.\``;
const AWKWARD = `${AWKWARD_ASCII}\u00e9\u263a`;

/** A key whose text parts hold every reserved character; null where the types of the parts allow none. */
export function awkwardKeyOf(contract: Contract, near: Json | undefined): Json | null {
  return otherKey(contract, near, (schema, value) => awkward([schema], value, false));
}

/**
 * An entity to create with reserved characters in a text of its own that its key is made of; null where the server makes
 * the key, or where the text allows none.
 */
export function awkwardEntity(contract: Contract, entity: JsonObject, ascii: boolean): JsonObject | null {
  const served = new Set(contract.readOnly.map(([head]) => head));
  for (const name of contract.mock.key === null ? (contract.key?.parts.keys() ?? []) : []) {
    const own = entity[name];
    const type = contract.key?.parts.get(name) ?? null;
    const member = contract.entity === null ? null : schemaAt(contract.entity, [name]);
    if (typeof own !== 'string' || type === null || served.has(name)) continue;
    const text = awkward(member === null ? [type] : [type, member], own, ascii);
    if (text !== undefined) return { ...entity, [name]: text };
  }
  return null;
}

/** The text with most such characters that fits. */
function awkward(schemas: readonly Schema[], value: Json | undefined, ascii: boolean): string | undefined {
  const texts = ascii ? [AWKWARD_ASCII, RESERVED] : [AWKWARD, AWKWARD_ASCII, RESERVED];
  const begun = typeof value === 'string' && !value.includes('${') ? texts.map((text) => `${value}${text}`) : [];
  return [...texts, ...begun].find((text) => schemas.every((schema) => fitsSchema(schema, text)));
}

/** The entity with its members that are parts of the key as in that key. */
export function underKey(contract: Contract, entity: JsonObject, key: Json): JsonObject {
  const [only] = contract.key?.parts.keys() ?? [];
  const isSimple = contract.key?.shape.kind === 'simple';
  return jsonObject(
    Object.entries(entity).map(([name, value]): [string, Json] => {
      if (contract.key?.parts.has(name) !== true) return [name, value];
      return [name, isSimple && name === only ? key : (memberOf(key, name) ?? value)];
    }),
  );
}

/** `near` with every part that `make` has another value for; null where it has none. */
function otherKey(
  contract: Contract,
  near: Json | undefined,
  make: (schema: Schema, value: Json | undefined) => Json | undefined,
): Json | null {
  const { key } = contract;
  if (key === null) return null;
  if (key.shape.kind === 'simple') {
    const [schema] = key.parts.values();
    return (schema === undefined ? undefined : make(schema, near)) ?? null;
  }
  if (!isJsonObject(near)) return null;
  let changed = false;
  const parts = [...key.parts].map(([name, schema]): [string, Json] => {
    const made = make(schema, memberOf(near, name));
    if (made !== undefined) changed = true;
    return [name, made ?? memberOf(near, name) ?? null];
  });
  return changed ? jsonObject(parts) : null;
}

/** Numbers and texts that no collection counts up to. */
const UNHEARD_OF: readonly Json[] = [4_611_686_018_427_387_000n, 2_147_480_000, 'restli-contract-no-such-key'];

function unheardOf(schema: Schema, value: Json | undefined, seed: number): Json | undefined {
  const begun =
    typeof value === 'string' && !value.includes('${') ? [value.replace(/[A-Za-z0-9]+$/, '99999999990')] : [];
  const made = sampleOf(schema, randomOf(seed + 7));
  return [...UNHEARD_OF, ...begun, ...(made === null ? [] : [made])].find(
    (candidate) => fitsSchema(schema, candidate) && !(value !== undefined && jsonEquals(candidate, value)),
  );
}

/** Other values of single members, the likeliest to be accepted first. */
function* changes(
  contract: Contract,
  entity: JsonObject,
  seed: number,
  isNew = false,
): Generator<readonly [string, Json]> {
  const fixed = new Set(
    [...contract.readOnly, ...(isNew ? [] : contract.createOnly)]
      .filter((path) => path.length === 1)
      .map(([head]) => head),
  );
  for (const name of Object.keys(entity)) {
    const value = entity[name];
    if (value === undefined || fixed.has(name) || contract.key?.parts.has(name) === true) continue;
    if (typeof value === 'object' && value !== null) continue;
    for (const other of otherValues(contract, [name], value, seed)) yield [name, other];
  }
}

/** Other values of the member at a path, the likeliest to be accepted first; whether one fits is not looked at. */
export function* otherValues(contract: Contract, path: ValuePath, value: Json, seed: number): Generator<Json> {
  const schema = contract.entity === null ? null : schemaAt(contract.entity, path);
  if (typeof value === 'string' && !value.includes('${')) yield `${value} ${seed}`;
  if (typeof value === 'boolean') yield !value;
  if (typeof value === 'number') yield value + 1;
  if (typeof value === 'bigint') yield value - 1n;
  const known = [...contract.examples.map((example) => example.entity), ...authoredEntities(contract)];
  for (const entity of known) {
    const other = valueAt(entity, path);
    if (other !== undefined && !jsonEquals(other, value)) yield other;
  }
  const listed = schema === null ? undefined : keywordOf(partsOf(locate(schema), schema.scope), 'enum');
  if (isJsonArray(listed)) yield* listed.filter((one) => !jsonEquals(one, value));
}

function authoredEntities(contract: Contract): readonly JsonObject[] {
  return [...authoredSpecs(contract)].flatMap(({ entity }) => (isJsonObject(entity) ? [entity] : []));
}

function withOtherKey(contract: Contract, entity: JsonObject, seed: number): JsonObject {
  const parts = [...(contract.key?.parts ?? [])].filter(([name]) => Object.hasOwn(entity, name));
  return parts.reduce<JsonObject>((changed, [name, schema]) => {
    const other = unheardOf(schema, entity[name], seed);
    return other === undefined ? changed : { ...changed, [name]: other };
  }, entity);
}

/** Adds an optional member that the schema has a sample for. */
function withOptional(contract: Contract, operation: Operation, entity: JsonObject, seed: number): JsonObject | null {
  for (const name of declaredMembers(contract)) {
    if (Object.hasOwn(entity, name) || contract.entity === null || isFixed(contract, name)) continue;
    const schema = schemaAt(contract.entity, [name]);
    const value = schema === null ? null : sampleOf(schema, randomOf(seed));
    if (value === null) continue;
    const full = { ...entity, [name]: value };
    if (isTaken(contract, operation, full) && mayDrop(contract, operation, full, name)) return full;
  }
  return null;
}

function mayDrop(contract: Contract, operation: Operation, entity: JsonObject, name: string): boolean {
  return !isFixed(contract, name) && isTaken(contract, operation, without(entity, [name]));
}

/** Whether clients leave a member as it is once it was created. */
function isFixed(contract: Contract, name: string): boolean {
  return (
    contract.key?.parts.has(name) === true ||
    [...contract.readOnly, ...contract.createOnly].some(([head]) => head === name)
  );
}

/** Whether an entity fits what the operation sends, and meets no declared error. */
export function isTaken(contract: Contract, operation: Operation, entity: JsonObject): boolean {
  const schema = operation.request.entity ?? contract.entity;
  if (schema !== null && !fitsSchema(schema, entity, { variant: 'sent', readOnly: contract.readOnly })) return false;
  const single = contract.operations.find(({ method }) => method === profileOf(operation.method).batchOf);
  return [operation, single].every((one) => one === undefined || !refused(one, { key: null, entity }));
}

/** Whether a declared error is the answer to such a patch. */
export function isPatchRefused(operation: Operation, patch: JsonObject): boolean {
  return [...operation.errors.values()].flat().some(({ when }) => when !== null && meetsPatch(when, patch));
}

/** Conditions on other things than a literal `$set` count as met: such a patch is better not sent. */
function meetsPatch({ patch: wanted }: When, patch: JsonObject): boolean {
  if (wanted === undefined) return false;
  const literal = memberOf(wanted, '$equals') ?? wanted;
  const set = memberOf(literal, '$set');
  if (!isJsonObject(set)) return true;
  const own = memberOf(patch, '$set');
  return Object.entries(set).every(
    ([name, value]) => isJsonObject(value) || jsonEquals(memberOf(own, name) ?? null, value),
  );
}

function without(entity: JsonObject, names: readonly string[]): JsonObject {
  return jsonObject(Object.entries(entity).filter(([name]) => !names.includes(name)));
}
