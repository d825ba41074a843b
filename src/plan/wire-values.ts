/** Typed values as the codec of the protocol takes them: numbers whose type is double become text on their way. */
import type { KeyType, Operation } from '../contract/contract.ts';
import { isJsonArray, isJsonObject, jsonObject, stringifyJson, type Json, type JsonObject } from '../protocol/json.ts';
import type { Key } from '../protocol/keys.ts';
import { wireValue } from '../schema/coerce.ts';

export const NO_PARAMS: ReadonlyMap<string, Json> = new Map();

export function wireKey(value: Json, type: KeyType | null): Key {
  if (isJsonObject(value)) {
    return type === null ? value : partialWireKey(value, type);
  }
  if (value === null || isJsonArray(value)) return stringifyJson(value);
  const [schema] = type?.shape.kind === 'simple' ? type.parts.values() : [];
  const wire = schema === undefined ? value : wireValue(schema, value);
  return isJsonArray(wire) || wire === null ? value : wire;
}

export function partialWireKey(key: Json | undefined, type: KeyType | null): JsonObject {
  if (!isJsonObject(key)) return {};
  return jsonObject(
    Object.entries(key).map(([name, value]): [string, Json] => {
      const schema = type?.parts.get(name);
      return [name, schema === undefined ? value : wireValue(schema, value)];
    }),
  );
}

export function wireParams(params: JsonObject, operation: Operation | null): ReadonlyMap<string, Json> {
  let wire: Map<string, Json> | null = null;
  for (const name in params) {
    const value = params[name];
    const type = operation?.params.get(name)?.type;
    if (value !== undefined)
      (wire ??= new Map()).set(name, type === undefined || typeof type === 'boolean' ? value : wireValue(type, value));
  }
  return wire ?? NO_PARAMS;
}

export function wireMembers(criterion: Json, fields: Operation['criteria'] | undefined): Json {
  if (!isJsonObject(criterion) || fields === undefined) return criterion;
  return jsonObject(
    Object.entries(criterion).map(([name, value]): [string, Json] => {
      const type = fields.get(name)?.type;
      return [name, type === undefined || typeof type === 'boolean' ? value : wireValue(type, value)];
    }),
  );
}
