/**
 * What a write leaves in store: the client's members, those that only the server sets, and the key.
 *
 * Clients may send `readOnly` members; they change nothing. `createOnly` members keep the value of the creation.
 */
import type { Contract, ValuePath } from '../contract/contract.ts';
import { isJsonObject, jsonObject, memberOf, type Json, type JsonObject } from '../protocol/json.ts';
import type { Key } from '../protocol/keys.ts';
import { factsOf } from './schema-facts.ts';
import { fillMembers, type TemplateScope } from './template.ts';

/** What the client may set of an entity that it sends. */
export function settable(contract: Contract, sent: JsonObject): JsonObject {
  return contract.readOnly.reduce<JsonObject>((entity, path) => without(entity, path), sent);
}

/**
 * The entity that a creation leaves. `sample` supplies the members that the schema requires and that neither client nor
 * template sets, so that what is answered keeps the contract: those that only the server sets; all of them where
 * `fills`, for a resource whose clients send another type than it stores.
 */
export function createdEntity(
  contract: Contract,
  sent: JsonObject,
  key: Key | null,
  scope: TemplateScope,
  sample: () => JsonObject,
  fills: boolean,
): JsonObject {
  const own = settable(contract, sent);
  const set = merge(fillMembers(contract.mock.onCreate, scope), fillMembers(contract.mock.onWrite, scope));
  const whole = merge({ ...keyMembers(contract, key), ...own }, set);

  const required = contract.entity === null ? NOTHING : factsOf(contract.entity).required;
  const owed = fills
    ? [...required]
    : contract.readOnly.flatMap(([name = '', ...rest]) => (rest.length === 0 && required.has(name) ? [name] : []));
  const missing = owed.filter((name) => !Object.hasOwn(whole, name));
  if (missing.length === 0) return whole;
  const made = sample();
  return missing.reduce((entity, name) => restored(entity, made, [name]), whole);
}

const NOTHING: ReadonlySet<string> = new Set();

/** The entity that a replacement leaves: all of it is new but what the server sets and what is fixed. */
export function replacedEntity(
  contract: Contract,
  before: JsonObject,
  sent: JsonObject,
  key: Key | null,
  scope: TemplateScope,
): JsonObject {
  return kept(contract, before, { ...keyMembers(contract, key), ...sent }, scope);
}

/** The entity that a patch leaves. `patched`: the stored entity with the client's patch applied. */
export function patchedEntity(
  contract: Contract,
  before: JsonObject,
  patched: JsonObject,
  scope: TemplateScope,
): JsonObject {
  return kept(contract, before, patched, scope);
}

function kept(contract: Contract, before: JsonObject, after: JsonObject, scope: TemplateScope): JsonObject {
  const fixed = [...contract.readOnly, ...contract.createOnly].reduce(
    (entity, path) => restored(entity, before, path),
    after,
  );
  // The key names the entity: whatever the body says of it, it stays.
  const named = keyNames(contract).reduce((entity, name) => restored(entity, before, [name]), fixed);
  return merge(named, fillMembers(contract.mock.onWrite, scope));
}

/** The members of the entity that hold parts of its key. */
function keyMembers(contract: Contract, key: Key | null): JsonObject {
  const names = keyNames(contract);
  if (key === null || names.length === 0) return {};
  if (!isJsonObject(key)) return jsonObject(names.map((name) => [name, key]));
  return jsonObject(names.flatMap((name) => (Object.hasOwn(key, name) ? [[name, key[name] ?? null] as const] : [])));
}

function keyNames(contract: Contract): readonly string[] {
  if (contract.key === null || contract.entity === null) return [];
  const { members } = factsOf(contract.entity);
  return [...contract.key.parts.keys()].filter((name) => members.has(name));
}

/** The entity with the value that `source` has at the path, or without one if it has none. */
function restored(entity: JsonObject, source: JsonObject, path: ValuePath): JsonObject {
  const [name, ...rest] = path;
  if (name === undefined) return entity;
  const old = memberOf(source, name);
  if (rest.length === 0) return old === undefined ? without(entity, path) : { ...entity, [name]: old };

  const inner = memberOf(entity, name);
  if (inner !== undefined && !isJsonObject(inner)) return entity;
  const value = restored(inner ?? {}, isJsonObject(old) ? old : {}, rest);
  return inner === undefined && Object.keys(value).length === 0 ? entity : { ...entity, [name]: value };
}

function without(entity: JsonObject, path: ValuePath): JsonObject {
  const [name, ...rest] = path;
  if (name === undefined || !Object.hasOwn(entity, name)) return entity;
  if (rest.length === 0) return jsonObject(Object.entries(entity).filter(([other]) => other !== name));

  const inner = entity[name];
  return isJsonObject(inner) ? { ...entity, [name]: without(inner, rest) } : entity;
}

/** Records merge member by member; of anything else the second stands. */
export function merge(first: JsonObject, second: JsonObject): JsonObject {
  const names = Object.keys(second);
  if (names.length === 0) return first;
  const merged = new Map<string, Json>(Object.entries(first));
  for (const name of names) {
    const [mine, other] = [merged.get(name), second[name]];
    if (other !== undefined) merged.set(name, isJsonObject(mine) && isJsonObject(other) ? merge(mine, other) : other);
  }
  return jsonObject(merged);
}
