/** Types of values that were seen, as a draft schema: what all of them have is required, the rest may be absent. */
import {
  isJsonArray,
  isJsonObject,
  jsonEquals,
  jsonObject,
  memberOf,
  type Json,
  type JsonObject,
} from '../../protocol/json.ts';

/** Deeper values are left open. */
const DEEPEST = 12;

/** The schema that all the values fit. */
export function inferSchema(values: readonly Json[], depth = 0): JsonObject {
  const present = values.filter((value) => value !== null);
  const nullable = present.length < values.length;
  const [first] = present;
  if (first === undefined || depth > DEEPEST) return {};
  if (present.every(isJsonObject)) return withNull(objectOf(present, depth), nullable);
  if (present.every(isJsonArray))
    return withNull({ type: 'array', items: inferSchema(present.flat(), depth + 1) }, nullable);
  const schemas = present.map(scalarSchema);
  const [one] = schemas;
  if (one === undefined) return {};
  if (schemas.every((schema) => jsonEquals(schema, one))) return withNull(one, nullable);
  const types = [...new Set(schemas.map(({ type }) => type))];
  if (types.every((type) => type === 'integer' || type === 'number')) return withNull({ type: 'number' }, nullable);
  return types.length === 1 ? withNull({ type: types[0] ?? null }, nullable) : {};
}

/** The type of one scalar: `{ type: integer, format: int64 }`. */
function scalarSchema(value: Json): JsonObject {
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value)))
    return { type: 'integer', format: 'int64' };
  if (typeof value === 'number') return { type: 'number' };
  if (typeof value === 'boolean') return { type: 'boolean' };
  if (typeof value !== 'string') return { type: isJsonArray(value) ? 'array' : 'object' };
  return value.startsWith('urn:') ? { type: 'string', pattern: '^urn:' } : { type: 'string' };
}

function objectOf(values: readonly JsonObject[], depth: number): JsonObject {
  const names = [...new Set(values.flatMap((value) => Object.keys(value)))];
  const required = names.filter((name) => values.every((value) => Object.hasOwn(value, name)));
  return {
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    properties: jsonObject(names.map((name): [string, Json] => [name, inferSchema(valuesAt(values, name), depth + 1)])),
  };
}

function withNull(schema: JsonObject, nullable: boolean): JsonObject {
  return nullable && typeof schema['type'] === 'string' ? { ...schema, type: [schema['type'], 'null'] } : schema;
}

/** The short name of a scalar type, as a contract writes it; null for what has none. */
export function typeName(values: readonly Json[]): string | null {
  const schema = inferSchema(values);
  if (schema['type'] === 'integer') return 'long';
  if (schema['type'] === 'number') return 'double';
  if (schema['type'] === 'boolean') return 'boolean';
  if (schema['type'] === 'string') return schema['pattern'] === undefined ? 'string' : 'urn';
  return null;
}

/** The type that all the values have, as a contract writes it: `long`, `string[]`, `long[][]`, else a schema. */
export function typeOf(values: readonly Json[], depth = 0): Json {
  const lists = values.filter(isJsonArray);
  if (lists.length === 0 || lists.length < values.length || depth > DEEPEST)
    return typeName(values) ?? inferSchema(values, depth);
  const items = typeOf(lists.flat(), depth + 1);
  return typeof items === 'string' ? `${items}[]` : inferSchema(values, depth);
}

/** What the records among these values hold under a name, `null` and lists as they stand. */
export function valuesAt(values: readonly Json[], name: string): readonly Json[] {
  return values.map((value) => memberOf(value, name)).filter((value) => value !== undefined);
}

/** A text of a URL as the value that it most likely is. */
export function guessValue(text: string): Json {
  if (/^(?:0|-?[1-9]\d{0,18})$/.test(text)) {
    const number = Number(text);
    return Number.isSafeInteger(number) ? number : BigInt(text);
  }
  if (/^-?\d+\.\d+$/.test(text)) return Number(text);
  return text === 'true' ? true : text === 'false' ? false : text;
}

/**
 * What holds of all the values: equal parts stay, where they differ stands a matcher.
 *
 * @param values - at least one, answers to one and the same request
 */
export function inCommon(values: readonly Json[]): Json {
  const [first, ...others] = values;
  if (first === undefined) return { $present: true };
  if (others.every((other) => jsonEquals(first, other))) return first;
  if (isJsonObject(first) && values.every(isJsonObject)) {
    const names = Object.keys(first).filter((name) => values.every((value) => Object.hasOwn(value, name)));
    return jsonObject(names.map((name) => [name, inCommon(values.map((value) => value[name] ?? null))]));
  }
  if (isJsonArray(first) && values.every(isJsonArray) && values.every(({ length }) => length === first.length)) {
    return first.map((_, index) => inCommon(values.map((value) => value[index] ?? null)));
  }
  if (values.every(isJsonArray)) return { $type: { type: 'array' } };
  const name = typeName(values);
  return name === null ? { $present: true } : { $type: name };
}
