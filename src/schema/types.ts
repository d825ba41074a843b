/**
 * What may be written where a type is due: a primitive of Rest.li, `urn`, a list `T[]`, the name of a declared type, or
 * a JSON Schema. Each becomes a JSON Schema, so that one engine checks them all.
 */
import { isJsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import type { JsonSchema, Schema, SchemaScope } from './schema.ts';

/**
 * The primitives. `format` holds the range, as OpenAPI names it, because the limits of a `long` do not fit a JavaScript
 * number; in `bytes` each character is one byte. Source: the Rest.li data schemas, protocol 2.0.
 */
// prettier-ignore
export const PRIMITIVES = {
  int:     { type: 'integer', format: 'int32' },
  long:    { type: 'integer', format: 'int64' },
  float:   { type: 'number',  format: 'float' },
  double:  { type: 'number',  format: 'double' },
  boolean: { type: 'boolean' },
  string:  { type: 'string' },
  bytes:   { type: 'string',  pattern: '^[\\u0000-\\u00ff]*$' },
  urn:     { type: 'string',  pattern: '^urn:' },
} as const satisfies Record<string, JsonObject>;

export const PRIMITIVE_NAMES: readonly string[] = Object.keys(PRIMITIVES);

/** Integer formats and the range of each, both ends included. */
export const INTEGER_RANGES: ReadonlyMap<string, readonly [bigint, bigint]> = new Map([
  ['int32', [-(2n ** 31n), 2n ** 31n - 1n]],
  ['int64', [-(2n ** 63n), 2n ** 63n - 1n]],
]);

/** A URN type with its prefix: `urn:li:person`. */
const URN_TYPE = /^urn:[A-Za-z0-9][\w.-]*(?::[\w.-]+)*:?$/;
const LIST = '[]';

/**
 * The JSON Schema that a written type name means; null for a name that nobody declared.
 *
 * @param knownTypes - the names of the contract's `types`; they win over primitives of the same name
 */
export function typeSchema(name: string, knownTypes: { has(name: string): boolean }): JsonSchema | null {
  if (knownTypes.has(name)) return { $ref: typeRef(name) };
  const primitive = primitiveSchema(name);
  if (primitive !== null) return primitive;
  if (!name.endsWith(LIST)) return null;

  // Peeled in a loop: a name of ten thousand brackets must not overflow the stack.
  let inner = name;
  let levels = 0;
  while (inner.endsWith(LIST) && levels <= MAX_LIST_LEVELS) {
    inner = inner.slice(0, -LIST.length);
    levels++;
  }
  let schema = levels > MAX_LIST_LEVELS ? null : typeSchema(inner, knownTypes);
  for (; schema !== null && levels > 0; levels--) schema = { type: 'array', items: schema };
  return schema;
}
const MAX_LIST_LEVELS = 16;

/** The schema of `long`, `urn`, `urn:li:person`…; null for any other name. */
export function primitiveSchema(name: string): JsonObject | null {
  if (isPrimitive(name)) return PRIMITIVES[name];
  if (!URN_TYPE.test(name)) return null;
  const prefix = name.endsWith(':') ? name : `${name}:`;
  return { type: 'string', pattern: `^${prefix.replaceAll('.', '\\.')}` };
}

/** The `$ref` that reaches a declared type. */
export function typeRef(name: string): string {
  return `#/types/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/**
 * A written type as a schema. Text is a type's name, an object or a boolean is JSON Schema as it stands. What is
 * neither, and a name that nobody declared, accepts anything here: the contract's reader has reported it.
 */
export function schemaOf(written: Json, scope: SchemaScope): Schema {
  if (typeof written === 'string') return { json: typeSchema(written, scope.types) ?? true, scope, name: written };
  if (typeof written === 'boolean') return { json: written, scope, name: null };
  if (!isJsonObject(written)) return { json: true, scope, name: null };
  return { json: written, scope, name: nameOf(written, scope) };
}

/** A scope in which only the primitives have names. */
export const EMPTY_SCOPE: SchemaScope = { types: new Map(), files: new Map() };

/** The type or the title that a reference leads to; a file without title is called by its own name. */
function nameOf(json: JsonObject, scope: SchemaScope): string | null {
  const ref = json['$ref'];
  if (typeof ref !== 'string') return typeof json['title'] === 'string' ? json['title'] : null;

  const [file = '', fragment = ''] = ref.split('#');
  const last = fragment.slice(fragment.lastIndexOf('/') + 1);
  if (last !== '') return last;
  const root = scope.files.get(file);
  const title = isJsonObject(root) ? root['title'] : undefined;
  return typeof title === 'string' ? title : file.slice(file.lastIndexOf('/') + 1) || null;
}

function isPrimitive(name: string): name is keyof typeof PRIMITIVES {
  return Object.hasOwn(PRIMITIVES, name);
}
