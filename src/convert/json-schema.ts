/**
 * Data schemas as JSON Schema 2020-12 of what stands on the wire.
 *
 * A union is an object with exactly one member; a typeref leaves no trace but its documentation; bytes are text with
 * one character a byte. Objects stay open: the server ignores members that it does not know.
 */
import type { Diagnostic, SourceRange } from '../diagnostic/diagnostic.ts';
import { jsonObject, memberOf, type JsonObject } from '../protocol/json.ts';
import type { DataType, EnumSymbol, NamedType, PrimitiveType, RecordField } from './data-schema.ts';
import { breachOf, limitsOf } from './limits.ts';
import { problem } from './problem.ts';
import type { TypeLibrary } from './type-library.ts';
import { misfit } from './wire-value.ts';

/** How the types of a schema are reached from where it stands. */
export interface SchemaContext {
  readonly library: TypeLibrary;
  /** The `$ref` to a type that has a definition of its own. */
  readonly refTo: (name: string) => string;
  readonly note: (found: Diagnostic) => void;
  /** Whether the schema stands in a file of its own, which validators read that know no formats of Rest.li. */
  readonly isFile?: boolean;
}

const BYTES = '^[\\u0000-\\u00ff]*$';

/** As contracts say it. `format` is the range: the limits of a long do not fit a JSON number of JavaScript. */
// prettier-ignore
const PRIMITIVES: Readonly<Record<PrimitiveType, JsonObject>> = {
  int:     { type: 'integer', format: 'int32' },
  long:    { type: 'integer', format: 'int64' },
  float:   { type: 'number',  format: 'float' },
  double:  { type: 'number',  format: 'double' },
  boolean: { type: 'boolean' },
  string:  { type: 'string' },
  bytes:   { type: 'string',  pattern: BYTES },
  null:    { type: 'null' },
};

/** The same for files: a validator of JSON Schema knows the range of an `int` by its ends only. */
const IN_FILES: Readonly<Record<PrimitiveType, JsonObject>> = {
  ...PRIMITIVES,
  int: { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
};

/** A primitive as contracts say it. */
export function primitiveSchema(name: PrimitiveType): JsonObject {
  return PRIMITIVES[name];
}

/** The schema of a type as it is used somewhere: a reference where the type has a name. */
export function schemaOfType(type: DataType, context: SchemaContext): JsonObject {
  switch (type.kind) {
    case 'primitive':
      return (context.isFile === true ? IN_FILES : PRIMITIVES)[type.name];
    case 'array':
      return { type: 'array', items: schemaOfType(type.items, context) };
    case 'map':
      return { type: 'object', additionalProperties: schemaOfType(type.values, context) };
    case 'union':
      return unionSchema(type, context);
    default:
      return namedSchema(type, context);
  }
}

/** The schema of a type by itself, for a file or an entry of definitions of its own. */
export function definitionOf(type: NamedType, context: SchemaContext): JsonObject {
  const head: JsonObject = {
    title: type.name.slice(type.name.lastIndexOf('.') + 1),
    ...documented(describe(type, context.library), type.properties),
  };
  switch (type.kind) {
    case 'record':
      return { ...head, ...recordSchema(context.library.fieldsOf(type), context) };
    case 'enum':
      return { ...head, enum: type.symbols.map(({ name }) => name) };
    case 'fixed':
      return { ...head, type: 'string', minLength: type.size, maxLength: type.size, pattern: BYTES };
    default:
      if (context.library.meansItself(type)) return { ...head, description: `${type.name}, which means itself.` };
      return { ...head, ...schemaOfType(type.ref, context), ...validated(type.properties, type.ref, type.at, context) };
  }
}

/** Whether a type has a definition that others refer to; a typeref of a primitive is written as the primitive. */
export function hasDefinition(type: NamedType, library: TypeLibrary): boolean {
  return type.kind !== 'typeref' || library.resolve(type.ref)?.kind !== 'primitive';
}

/** What a field says beside its type: limits, documentation, default. */
export function fieldExtras(field: Omit<RecordField, 'optional'>, context: SchemaContext): JsonObject {
  const limits = validated(field.properties, field.type, field.at, context);
  return { ...limits, ...documented(field.doc, field.properties), ...defaulted(field, context) };
}

/** Text for a description, with what `deprecated` says beside it. */
export function documented(doc: string | null, properties: JsonObject): JsonObject {
  const deprecated = memberOf(properties, 'deprecated');
  const why = typeof deprecated === 'string' ? deprecated : memberOf(deprecated, 'doc');
  const isDeprecated = deprecated !== undefined && deprecated !== false;
  const text = [doc, isDeprecated && typeof why === 'string' && why !== '' ? `Deprecated: ${why}` : null]
    .filter((part) => part !== null)
    .join('\n');
  return { ...(text === '' ? {} : { description: text }), ...(isDeprecated ? { deprecated: true } : {}) };
}

function namedSchema(type: DataType & { readonly kind: 'named' }, context: SchemaContext): JsonObject {
  const { library } = context;
  const named = library.find(type.name);
  if (named === null) {
    if (context.library.brokenFileOf(type.name) === null) context.note(notFound(type.name, type.at));
    return { description: `${type.name}, whose definition was not at hand.` };
  }
  if (hasDefinition(named, library) || named.kind !== 'typeref') return { $ref: context.refTo(named.name) };
  return {
    ...schemaOfType(named.ref, context),
    ...validated(named.properties, named.ref, named.at, context),
    ...documented(named.doc, named.properties),
  };
}

export function notFound(name: string, at: SourceRange): Diagnostic {
  return problem(
    'warning',
    'type-not-found',
    `\`${name}\` is nowhere among the files; anything is accepted in its place`,
    at,
    'hand in the .pdl, .pdsc or .snapshot.json file that defines it',
  );
}

function recordSchema(fields: readonly RecordField[], context: SchemaContext): JsonObject {
  const required = fields
    .filter(({ optional, default: fallback }) => !optional && fallback === undefined)
    .map(({ name }) => name);
  return {
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    ...(fields.length === 0
      ? {}
      : {
          properties: jsonObject(
            fields.map((field) => [
              field.name,
              { ...schemaOfType(field.type, context), ...fieldExtras(field, context) },
            ]),
          ),
        }),
  };
}

function unionSchema({ members }: DataType & { readonly kind: 'union' }, context: SchemaContext): JsonObject {
  const properties = new Map<string, JsonObject>();
  let nullable = false;
  for (const member of members) {
    const key = context.library.memberKey(member);
    if (key === null ? nullable : properties.has(key)) context.note(memberTwice(key, member.at));
    else if (key === null) nullable = true;
    else properties.set(key, { ...schemaOfType(member.type, context), ...documented(member.doc, member.properties) });
  }
  const type = nullable ? ['object', 'null'] : 'object';
  if (properties.size === 0) return nullable && members.length > 0 ? { type: 'null' } : { type, maxProperties: 0 };
  return { type, minProperties: 1, maxProperties: 1, additionalProperties: false, properties: jsonObject(properties) };
}

function memberTwice(key: string | null, at: SourceRange): Diagnostic {
  const message = `two members of the union ${key === null ? 'are `null`' : `have the name \`${key}\``}`;
  const fix = key === null ? 'keep one of them' : 'give all members but null an alias';
  return problem('error', 'union-key', message, at, fix);
}

/** No default stands in a schema that refuses it. */
function defaulted(
  { name, type, default: fallback, defaultAt, properties, at }: Omit<RecordField, 'optional'>,
  { library, note }: SchemaContext,
): JsonObject {
  if (fallback === undefined) return {};
  const wrong = misfit(fallback, type, library) ?? breachOf(fallback, limitsOf(properties, type, library));
  if (wrong === null) return { default: fallback };
  note(
    problem(
      'warning',
      'default',
      `the default of \`${name}\` does not fit its type: ${wrong}; it is left out`,
      defaultAt ?? at,
      'correct the default',
    ),
  );
  return {};
}

/** Symbols have no place for documentation in a schema, so the type's own tells about them. */
function describe(type: NamedType, library: TypeLibrary): string | null {
  if (type.kind === 'typeref') {
    const target = type.ref.kind === 'named' ? library.find(type.ref.name) : null;
    return type.doc ?? target?.doc ?? null;
  }
  if (type.kind !== 'enum') return type.doc;
  const about = type.symbols.map(describeSymbol).filter((line) => line !== null);
  return about.length === 0 ? type.doc : [type.doc, about.join('\n')].filter((part) => part !== null).join('\n\n');
}

function describeSymbol({ name, doc, properties }: EnumSymbol): string | null {
  const { description, deprecated } = documented(doc, properties);
  if (typeof description === 'string')
    return `- ${name}: ${description.replaceAll('\n', ' ')}${deprecated === true && !description.includes('Deprecated: ') ? ' (deprecated)' : ''}`;
  return deprecated === true ? `- ${name}: deprecated.` : null;
}

/** What the validators of texts ask. */
function validated(
  properties: JsonObject,
  type: DataType,
  at: SourceRange,
  { library, note }: SchemaContext,
): JsonObject {
  const { keywords, onlyJava } = limitsOf(properties, type, library);
  if (onlyJava !== null)
    note(
      problem(
        'warning',
        'pattern',
        `the pattern \`${onlyJava}\` is none of ECMAScript; it is left out`,
        at,
        'write it without what only Java knows',
      ),
    );
  return keywords;
}
