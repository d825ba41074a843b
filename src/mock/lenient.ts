/** What a request asks, read as the open-source server reads it: typed where the text allows, taken as it is elsewhere. */
import type { Contract, KeyType, Operation } from '../contract/contract.ts';
import { isElementList, type Element } from '../protocol/encoding.ts';
import type { Dialect } from '../protocol/dialects.ts';
import { isJsonObject, jsonObject, type Json } from '../protocol/json.ts';
import { KEY_PARAMS, type Key } from '../protocol/keys.ts';
import { singleValue } from '../protocol/request-read.ts';
import type { ReadRequest } from '../protocol/request.ts';
import { coerce } from '../schema/coerce.ts';
import type { Schema } from '../schema/schema.ts';
import type { Asked } from '../verify/asked.ts';

/** @param body - the parsed body; undefined for none */
export function askedLeniently(
  read: ReadRequest,
  contract: Contract,
  operation: Operation,
  dialect: Dialect,
  body: Json | undefined,
): Asked {
  const parents = new Map<string, Key>();
  for (const [name, key] of read.parents) parents.set(name, typedKey(key, contract.parents.get(name) ?? null));

  const params = new Map<string, Json>();
  for (const [name, element] of read.query) {
    if (ROUTING.includes(name) || name === operation.batchParam) continue;
    const field = operation.params.get(name);
    params.set(
      name,
      field === undefined || typeof field.type === 'boolean' ? element : typedValue(element, field.type),
    );
  }
  const criteria = read.query.get(operation.batchParam);
  const returnEntity = singleValue(read.query.get('$returnEntity'))?.toLowerCase();
  const ids = read.ids?.map((id) => typedKey(id, contract.key)) ?? null;
  return {
    contract,
    operation,
    method: operation.method,
    dialect,
    protocol: read.protocol,
    parents,
    key: read.key === null ? null : typedKey(read.key, contract.key),
    partialKey: read.partialKey,
    ids,
    items: ids?.length ?? null,
    params,
    criteria: isElementList(criteria) ? criteria.map((criterion) => typedCriterion(criterion, operation)) : null,
    masks: read.masks,
    body,
    returnEntity: returnEntity === undefined ? null : returnEntity === 'true',
    tunnelled: read.tunnelled,
    spec: null,
  };
}

const ROUTING = ['q', 'bq', 'action', 'ids'];

/** A key with the types of its parts; `$params` as they are. */
export function typedKey(key: Key, type: KeyType | null): Key {
  if (type === null) return key;
  if (!isJsonObject(key)) {
    const [part] = type.parts.values();
    const value = part === undefined || typeof key !== 'string' ? key : typedValue(key, part);
    return value === null || typeof value === 'object' ? key : value;
  }
  return jsonObject(
    Object.entries(key).map(([name, value]) => {
      const part = name === KEY_PARAMS ? undefined : type.parts.get(name);
      return [name, part === undefined || typeof value !== 'string' ? value : typedValue(value, part)] as const;
    }),
  );
}

function typedValue(element: Element, type: Schema): Json {
  const coerced = coerce(type, element);
  return 'value' in coerced ? coerced.value : element;
}

function typedCriterion(criterion: Element, operation: Operation): Json {
  if (typeof criterion === 'string' || isElementList(criterion)) return criterion;
  const members: [string, Json][] = [];
  for (const [name, element] of Object.entries(criterion)) {
    const field = operation.criteria.get(name);
    members.push([
      name,
      field === undefined || typeof field.type === 'boolean' ? element : typedValue(element, field.type),
    ]);
  }
  return jsonObject(members);
}
