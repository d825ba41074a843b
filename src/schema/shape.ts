/**
 * What a schema says about the members and items of a value: for reading text with its type, for writing numbers, for
 * making samples. `$ref` and `allOf` are followed; of alternatives the caller chooses.
 */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { escapeSegment } from '../protocol/pointer.ts';
import { compilePattern } from './patterns.ts';
import { textsIn } from './keywords.ts';
import { child, isSchema, locate, type Located, resolveRef } from './refs.ts';
import type { Schema, SchemaScope } from './schema.ts';

/** A schema object with its place. */
export interface Part {
  readonly json: JsonObject;
  readonly located: Located;
}

/** References and `allOf`s that are followed at one place before it counts as circular. */
const MOST_PARTS = 200;

/**
 * The schema objects that all hold at one place: the schema itself, what its `$ref` means, its `allOf`. Empty where
 * anything is allowed.
 */
export function partsOf(located: Located, scope: SchemaScope): Part[] {
  const parts: Part[] = [];
  const seen = new Set<string>();
  const waiting: Located[] = [located];
  for (let here = waiting.shift(); here !== undefined && parts.length < MOST_PARTS; here = waiting.shift()) {
    const { json } = here;
    if (!isJsonObject(json) || seen.has(here.identity)) continue;
    seen.add(here.identity);
    parts.push({ json, located: here });
    if (typeof json['$ref'] === 'string') {
      const target = resolveRef(json['$ref'], here.document, scope);
      if (target !== null) waiting.push(target);
    }
    if (isJsonArray(json['allOf'])) {
      for (const [index, branch] of json['allOf'].entries()) {
        if (isSchema(branch)) waiting.push(child(here, branch, `/allOf/${index}`));
      }
    }
  }
  return parts;
}

/** The first value that one of the parts gives the keyword. */
export function keywordOf(parts: readonly Part[], keyword: string): Json | undefined {
  for (const { json } of parts) if (Object.hasOwn(json, keyword)) return json[keyword];
  return undefined;
}

/** The same where the keyword holds text; null where it holds none. */
export function textOf(parts: readonly Part[], keyword: string): string | null {
  const value = keywordOf(parts, keyword);
  return typeof value === 'string' ? value : null;
}

/** Members that every object which fits has, as far as no alternative says so. */
export function requiredNames(schema: Schema): readonly string[] {
  return partsOf(locate(schema), schema.scope).flatMap(({ json }) => textsIn(json['required']));
}

/** JSON types that the parts allow; null when none of them says. */
export function typesOf(parts: readonly Part[]): readonly string[] | null {
  const type = keywordOf(parts, 'type');
  if (typeof type === 'string') return [type];
  if (isJsonArray(type)) return textsIn(type);
  if (keywordOf(parts, 'properties') !== undefined || keywordOf(parts, 'required') !== undefined) return ['object'];
  return keywordOf(parts, 'items') === undefined ? null : ['array'];
}

/** The schema of one member: declared, by pattern, or of further members; null when nothing is said about it. */
export function memberSchema(parts: readonly Part[], name: string): Located | null {
  for (const { json, located } of parts) {
    const { properties, patternProperties } = json;
    if (isJsonObject(properties) && Object.hasOwn(properties, name)) {
      const property = properties[name];
      if (isSchema(property)) return child(located, property, `/properties/${escapeSegment(name)}`);
    }
    if (!isJsonObject(patternProperties)) continue;
    for (const [pattern, property] of Object.entries(patternProperties)) {
      const compiled = compilePattern(pattern);
      if (isSchema(property) && 'test' in compiled && compiled.test(name)) {
        return child(located, property, `/patternProperties/${escapeSegment(pattern)}`);
      }
    }
  }
  return firstSub(parts, 'additionalProperties');
}

/** The schema of one item of a list. */
export function itemSchema(parts: readonly Part[], index: number): Located | null {
  for (const { json, located } of parts) {
    const tuple = json['prefixItems'];
    const item = isJsonArray(tuple) ? tuple[index] : undefined;
    if (isSchema(item)) return child(located, item, `/prefixItems/${index}`);
  }
  return firstSub(parts, 'items');
}

/** The alternatives of the first `oneOf` or `anyOf`, or none. */
export function branchesOf(parts: readonly Part[]): Located[] {
  for (const { json, located } of parts) {
    for (const keyword of ['oneOf', 'anyOf']) {
      const branches = json[keyword];
      if (!isJsonArray(branches)) continue;
      return branches.flatMap((branch, index) =>
        isSchema(branch) ? [child(located, branch, `/${keyword}/${index}`)] : [],
      );
    }
  }
  return [];
}

/**
 * The schema of what stands at a path of an entity (`['loan', 'reader']`); an index or `*` means any item. Null where
 * the schema says nothing.
 */
export function schemaAt(schema: Schema, path: readonly string[]): Schema | null {
  let here: Located = locate(schema);
  for (const segment of path) {
    const next = step(here, segment, schema.scope);
    if (next === null) return null;
    here = next;
  }
  return toSchema(here, schema.scope);
}

/** A schema on its own again: one that stands in a type or file is reached by reference, so that its own `$ref`s hold. */
export function toSchema(located: Located, scope: SchemaScope): Schema {
  const { json, document, identity, name } = located;
  if (document.file !== null) {
    const pointer = identity.slice(document.identity.length);
    return { json: { $ref: `${document.file}#${pointer}` }, scope, name };
  }
  const isType = document.identity.startsWith('/types/');
  return { json: isType && !located.isPrimitive ? { $ref: `#${identity}` } : json, scope, name };
}

/** `asked`: alternatives that were asked already; one that refers to itself has no end. */
function step(here: Located, segment: string, scope: SchemaScope, asked = new Set<string>()): Located | null {
  const parts = partsOf(here, scope);
  const types = typesOf(parts);
  const found = types?.[0] === 'array' ? itemSchema(parts, Number(segment) || 0) : memberSchema(parts, segment);
  if (found !== null) return found;
  for (const branch of branchesOf(parts)) {
    if (asked.has(branch.identity)) continue;
    asked.add(branch.identity);
    const inside = step(branch, segment, scope, asked);
    if (inside !== null) return inside;
  }
  return null;
}

function firstSub(parts: readonly Part[], keyword: string): Located | null {
  for (const { json, located } of parts) {
    const sub = json[keyword];
    if (isJsonObject(sub)) return child(located, sub, `/${keyword}`);
  }
  return null;
}
