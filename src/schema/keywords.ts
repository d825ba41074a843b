/**
 * The keywords of JSON Schema 2020-12 and where each holds further schemas. Whoever walks a schema walks this table.
 */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { escapeSegment } from '../protocol/pointer.ts';
import { isSchema } from './refs.ts';
import type { JsonSchema } from './schema.ts';

/** What a keyword holds: one schema, a list of them, schemas by name, or something that is no schema. */
export type Holds = 'schema' | 'list' | 'map' | 'value';

// prettier-ignore
export const KEYWORDS: ReadonlyMap<string, Holds> = new Map<string, Holds>([
  ['$ref', 'value'], ['$schema', 'value'], ['$comment', 'value'], ['$defs', 'map'], ['definitions', 'map'],
  ['type', 'value'], ['enum', 'value'], ['const', 'value'],
  ['minimum', 'value'], ['maximum', 'value'], ['exclusiveMinimum', 'value'], ['exclusiveMaximum', 'value'], ['multipleOf', 'value'],
  ['minLength', 'value'], ['maxLength', 'value'], ['pattern', 'value'], ['format', 'value'],
  ['items', 'schema'], ['prefixItems', 'list'], ['contains', 'schema'], ['minContains', 'value'], ['maxContains', 'value'],
  ['minItems', 'value'], ['maxItems', 'value'], ['uniqueItems', 'value'], ['unevaluatedItems', 'schema'],
  ['properties', 'map'], ['patternProperties', 'map'], ['additionalProperties', 'schema'], ['propertyNames', 'schema'],
  ['unevaluatedProperties', 'schema'], ['required', 'value'], ['minProperties', 'value'], ['maxProperties', 'value'],
  ['dependentRequired', 'value'], ['dependentSchemas', 'map'],
  ['allOf', 'list'], ['anyOf', 'list'], ['oneOf', 'list'], ['not', 'schema'], ['if', 'schema'], ['then', 'schema'], ['else', 'schema'],
  ['title', 'value'], ['description', 'value'], ['default', 'value'], ['examples', 'value'], ['deprecated', 'value'],
  ['readOnly', 'value'], ['writeOnly', 'value'], ['contentEncoding', 'value'], ['contentMediaType', 'value'], ['contentSchema', 'schema'],
]);

/** One schema directly below another. */
export interface Sub {
  readonly keyword: string;
  /** Pointer from the parent: `/properties/name`, `/items`, `/anyOf/0`. */
  readonly path: string;
  /** Name of the member or index of the branch; null where the keyword holds one schema. */
  readonly name: string | null;
  readonly schema: JsonSchema;
}

/** The schemas directly below this one, in the order they are written. What stands there and is none is left out. */
export function subschemas(schema: JsonObject): Sub[] {
  const subs: Sub[] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    for (const [name, held] of heldBy(KEYWORDS.get(keyword) ?? 'value', value)) {
      if (!isSchema(held)) continue;
      const path = `/${escapeSegment(keyword)}${name === null ? '' : `/${escapeSegment(name)}`}`;
      subs.push({ keyword, path, name, schema: held });
    }
  }
  return subs;
}

/** The texts of a list; what is no text there, `lint.ts` has told of. */
export function textsIn(value: Json | undefined): readonly string[] {
  return isJsonArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Names of the members of a union. */
export function membersOf(union: JsonObject): readonly string[] {
  const { properties } = union;
  return isJsonObject(properties) ? Object.keys(properties) : [];
}

/**
 * Whether the schema is a Rest.li union: a closed object that holds exactly one of its members.
 */
export function isUnion(schema: JsonSchema): schema is JsonObject {
  return (
    isJsonObject(schema) &&
    schema['minProperties'] === 1 &&
    schema['maxProperties'] === 1 &&
    schema['additionalProperties'] === false &&
    isJsonObject(schema['properties'])
  );
}

function heldBy(holds: Holds, value: Json): (readonly [string | null, Json])[] {
  if (holds === 'schema') return [[null, value]];
  if (holds === 'list' && isJsonArray(value)) return value.map((item, index) => [String(index), item]);
  if (holds === 'map' && isJsonObject(value)) return Object.entries(value);
  return [];
}
