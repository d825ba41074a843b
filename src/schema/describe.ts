/**
 * Schemas in words: `long`, `one of "ACTIVE", "DRAFT"`, `list of urn:li:person`.
 */
import { quoteList, showValue } from '../diagnostic/quote.ts';
import { isJsonArray, type Json, type JsonObject } from '../protocol/json.ts';
import { isUnion, membersOf } from './keywords.ts';
import { child, isSchema, locate, type Located, resolveRef } from './refs.ts';
import type { Schema, SchemaScope } from './schema.ts';
import { PRIMITIVES } from './types.ts';

/** Values of an enumeration that are named before the rest is counted. */
const NAMED_VALUES = 12;
/** Alternatives that are named; beyond, the count says more. */
const NAMED_BRANCHES = 4;
/** Alternatives that are looked at, each of which may have as many again. */
const DESCRIBED_BRANCHES = 8;
const DEEPEST = 4;

/** The type that a schema asks for, in the words of the contract format. Never throws, bounded in length. */
export function typeText(schema: Schema): string {
  return describe(locate(schema), schema.scope, 0);
}

/** The same for a schema found on the way. */
export function describe(located: Located, scope: SchemaScope, depth: number = 0): string {
  const { json } = located;
  if (json === true) return 'any value';
  if (json === false) return 'no value';
  if (depth > DEEPEST) return '…';

  const ref = json['$ref'];
  if (typeof ref === 'string') {
    const target = resolveRef(ref, located.document, scope);
    if (target === null) return ref;
    const text = describe(target, scope, depth + 1);
    return target.name !== null && (text === 'object' || text === '…') ? target.name : text;
  }
  if (Object.hasOwn(json, 'const')) return `exactly ${showValue(json['const'])}`;
  if (isJsonArray(json['enum'])) return oneOfText(json['enum']);
  if (isUnion(json)) return `union of ${quoteList(membersOf(json))}`;
  return primitiveName(json) ?? compositeText(json, located, scope, depth);
}

/** `one of "A", "B"`; of many values a dozen and the count of the rest. */
export function oneOfText(values: readonly Json[]): string {
  const shown = values.slice(0, NAMED_VALUES).map((value) => showValue(value, 60));
  const rest = values.length - shown.length;
  return `one of ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function compositeText(json: JsonObject, located: Located, scope: SchemaScope, depth: number): string {
  const { type } = json;
  if (type === 'array') {
    const { items } = json;
    return isSchema(items) && items !== true
      ? `list of ${describe(child(located, items, '/items'), scope, depth + 1)}`
      : 'list';
  }
  if (type === 'object' && typeof json['title'] === 'string') return json['title'];
  if (typeof type === 'string') return type;
  if (isJsonArray(type)) {
    return type.map((name) => describe(child(located, { ...json, type: name }, ''), scope, depth + 1)).join(' or ');
  }
  for (const keyword of ['anyOf', 'oneOf', 'allOf']) {
    const branches = json[keyword];
    if (!isJsonArray(branches)) continue;
    if (branches.length > DESCRIBED_BRANCHES) return `one of ${branches.length} alternatives`;
    const texts = branches
      .filter(isSchema)
      .map((branch, i) => describe(child(located, branch, `/${keyword}/${i}`), scope, depth + 1));
    if (keyword === 'allOf') return texts.find((text) => text !== 'any value') ?? 'any value';
    const different = [...new Set(texts)];
    return different.length > NAMED_BRANCHES ? `one of ${different.length} alternatives` : different.join(' or ');
  }
  return json['properties'] === undefined && json['required'] === undefined ? 'any value' : 'object';
}

/** `long`, `bytes`, `urn:li:person` where the schema says just what the primitive says. */
function primitiveName(json: JsonObject): string | null {
  const { type, format, pattern } = json;
  for (const [name, primitive] of Object.entries(PRIMITIVES)) {
    const says: JsonObject = primitive;
    if (type === says['type'] && format === says['format'] && pattern === says['pattern']) return name;
  }
  if (type === 'string' && typeof pattern === 'string' && /^\^urn:[\w\\.:-]+:$/.test(pattern)) {
    return pattern.slice(1, -1).replaceAll('\\.', '.');
  }
  return null;
}
