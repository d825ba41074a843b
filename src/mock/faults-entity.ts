/** Faults in the entities of an answer: stored well, shown wrongly. */
import { isJsonArray, isJsonObject, jsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import type { Key } from '../protocol/keys.ts';
import { schemaAt } from '../schema/shape.ts';
import type { Call } from './call.ts';
import type { Fault } from './faults.ts';
import { isPage, type Item, type Page, type Result } from './result.ts';
import { factsOf } from './schema-facts.ts';

export const ENTITY_FAULTS: readonly Fault[] = [
  {
    name: 'long-loses-digits',
    title: 'Handles numbers beyond 2^53 as doubles: their last digits change',
    kind: 'entities',
    breaks: null,
    rules: ['create/id-type', 'batch/key-not-asked', 'expectation/body'],
    caughtBy: 'contract',
    apply: { result: (result) => mapEntities(result, rounded, (key) => (typeof key === 'bigint' ? Number(key) : key)) },
  },
  {
    name: 'entity-of-another-key',
    title: 'Answers every GET with the first entity it has',
    kind: 'entities',
    breaks: ['GET'],
    rules: ['expectation/body', 'laws/listed-is-readable'],
    caughtBy: 'laws',
    apply: { result: withFirstEntity },
  },
  {
    name: 'wrong-type-deep-in-entity',
    title: 'Writes a value deep inside each entity as text',
    kind: 'entities',
    breaks: null,
    rules: ['entity/schema'],
    caughtBy: 'contract',
    apply: { result: (result) => mapEntities(result, deepText) },
  },
  {
    name: 'required-member-missing',
    title: 'Leaves the last required member out of each entity',
    kind: 'entities',
    breaks: null,
    rules: ['entity/schema'],
    caughtBy: 'contract',
    apply: { result: (result, call) => mapEntities(result, (entity) => withoutRequired(entity, call)) },
  },
  {
    name: 'null-for-absent',
    title: 'Writes null for members that an entity does not have',
    kind: 'entities',
    breaks: null,
    rules: ['entity/schema'],
    caughtBy: 'contract',
    apply: { result: (result, call) => mapEntities(result, (entity) => withNulls(entity, call)) },
  },
  {
    name: 'unknown-enum-symbol',
    title: 'Writes a symbol that no enumeration has in place of the first that one has',
    kind: 'entities',
    breaks: null,
    rules: ['expectation/body', 'entity/undeclared'],
    caughtBy: 'contract',
    apply: { result: (result, call) => mapEntities(result, (entity) => withUnknownSymbol(entity, call)) },
  },
];

/** The result with each entity that it shows changed, and each key. Failures stay as they are. */
function mapEntities(
  result: Result,
  change: (entity: JsonObject) => JsonObject,
  changeKey: (key: Key) => Key = (key) => key,
): Result {
  const item = (one: Item): Item => ({
    ...one,
    key: one.key === null ? null : changeKey(one.key),
    entity: one.entity === null ? null : change(one.entity),
  });
  const page = (one: Page): Page => ({ ...one, elements: one.elements.map(change) });
  switch (result.kind) {
    case 'entity':
    case 'created':
    case 'none':
      return { ...result, item: item(result.item) };
    case 'body':
      return { ...result, item: result.item === null ? null : item(result.item) };
    case 'batch':
    case 'statuses':
    case 'createdBatch':
      return { ...result, items: result.items.map(item) };
    case 'collection':
      return { ...result, page: page(result.page) };
    case 'collections':
      return { ...result, pages: result.pages.map((one) => (isPage(one) ? page(one) : one)) };
    default:
      return result;
  }
}

/** Numbers that only a bigint holds, as a double has them. */
function rounded<T extends Json>(value: T): T;
function rounded(value: Json): Json {
  if (typeof value === 'bigint') return Number(value);
  if (isJsonArray(value)) return value.map((item) => rounded(item));
  if (!isJsonObject(value)) return value;
  return jsonObject(Object.entries(value).map(([name, member]) => [name, rounded(member)] as const));
}

function withFirstEntity(result: Result, call: Call): Result {
  const [first] = call.state.list(call.place);
  if (result.kind !== 'entity' || first === undefined || call.asked.key === null) return result;
  return { ...result, item: { ...result.item, entity: first.entity } };
}

/** The last number or boolean that is deepest in the entity, as text. */
function deepText(entity: JsonObject): JsonObject {
  for (const [name, value] of Object.entries(entity).toReversed()) {
    if (isJsonObject(value)) {
      const inner = deepText(value);
      if (inner !== value) return { ...entity, [name]: inner };
    }
  }
  for (const [name, value] of Object.entries(entity).toReversed()) {
    if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
      return { ...entity, [name]: String(value) };
  }
  for (const [name, value] of Object.entries(entity).toReversed())
    if (typeof value === 'string') return { ...entity, [name]: [value] };
  return entity;
}

function withoutRequired(entity: JsonObject, { contract }: Call): JsonObject {
  const required = contract.entity === null ? [] : [...factsOf(contract.entity).required];
  const last = required.findLast((name) => Object.hasOwn(entity, name));
  return last === undefined ? entity : jsonObject(Object.entries(entity).filter(([name]) => name !== last));
}

function withNulls(entity: JsonObject, { contract }: Call): JsonObject {
  const members = contract.entity === null ? [] : [...factsOf(contract.entity).members];
  const absent = members.filter((name) => !Object.hasOwn(entity, name));
  return absent.length === 0 ? entity : { ...entity, ...jsonObject(absent.map((name) => [name, null])) };
}

function withUnknownSymbol(entity: JsonObject, { contract }: Call): JsonObject {
  for (const name of Object.keys(entity)) {
    const type = contract.entity === null ? null : schemaAt(contract.entity, [name]);
    if (type !== null && factsOf(type).enum !== null) return { ...entity, [name]: 'NO_SUCH_SYMBOL' };
  }
  return entity;
}
