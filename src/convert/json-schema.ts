/**
 * Data schemas as JSON Schema 2020-12 of what stands on the wire.
 *
 * A union is an object with exactly one member; a typeref leaves no trace but its documentation; bytes are text with
 * one character a byte. Objects stay open: the server ignores members that it does not know.
 */
import type { Diagnostic, SourceRange } from '../diagnostic/diagnostic.ts';
import { isJsonObject, jsonObject, memberOf, type Json, type JsonObject } from '../protocol/json.ts';
import type { DataType, EnumSymbol, NamedType, PrimitiveType, RecordField } from './data-schema.ts';
import { problem } from './problem.ts';
import type { TypeLibrary } from './type-library.ts';
import { misfit } from './wire-value.ts';

/** How the types of a schema are reached from where it stands. */
export interface SchemaContext {
  readonly library: TypeLibrary;
  /** The `$ref` to a type that has a definition of its own. */
  readonly refTo: (name: string) => string;
  readonly note: (found: Diagnostic) => void;
}

const BYTES = '^[\\u0000-\\u00ff]*$';

/** `format` is the range: the limits of a long do not fit a JSON number of JavaScript. */
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

export function primitiveSchema(name: PrimitiveType): JsonObject {
  return PRIMITIVES[name];
}

/** The schema of a type as it is used somewhere: a reference where the type has a name. */
export function schemaOfType(type: DataType, context: SchemaContext): JsonObject {
  switch (type.kind) {
    case 'primitive':
      return PRIMITIVES[type.name];
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
    context.note(notFound(type.name, type.at));
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
    if (key === null) nullable = true;
    else if (properties.has(key))
      context.note(
        problem(
          'error',
          'union-key',
          `two members of the union have the name \`${key}\``,
          member.at,
          'give all members but null an alias',
        ),
      );
    else properties.set(key, { ...schemaOfType(member.type, context), ...documented(member.doc, member.properties) });
  }
  const type = nullable ? ['object', 'null'] : 'object';
  if (properties.size === 0) return nullable && members.length > 0 ? { type: 'null' } : { type, maxProperties: 0 };
  return { type, minProperties: 1, maxProperties: 1, additionalProperties: false, properties: jsonObject(properties) };
}

function defaulted(
  { name, type, default: fallback, at }: Pick<RecordField, 'name' | 'type' | 'default' | 'at'>,
  { library, note }: SchemaContext,
): JsonObject {
  if (fallback === undefined) return {};
  const wrong = misfit(fallback, type, library);
  if (wrong === null) return { default: fallback };
  note(
    problem(
      'warning',
      'default',
      `the default of \`${name}\` does not fit its type: ${wrong}; it is left out`,
      at,
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

/** `@validate.strlen`, `@validate.regex`: the two validators that the server knows by itself. Others say nothing here. */
function validated(
  properties: JsonObject,
  type: DataType,
  at: SourceRange,
  { library, note }: SchemaContext,
): JsonObject {
  const validate = memberOf(properties, 'validate');
  if (!isJsonObject(validate)) return {};
  const resolved = library.resolve(type);
  if (resolved?.kind !== 'primitive' || resolved.name !== 'string') return {};

  const limits: [string, Json][] = [];
  const [min, max, regex] = [
    memberOf(memberOf(validate, 'strlen'), 'min'),
    memberOf(memberOf(validate, 'strlen'), 'max'),
    memberOf(memberOf(validate, 'regex'), 'regex'),
  ];
  if (typeof min === 'number' && Number.isInteger(min) && min > 0) limits.push(['minLength', min]);
  if (typeof max === 'number' && Number.isInteger(max) && max >= 0 && max < MAX_INT) limits.push(['maxLength', max]);
  if (typeof regex === 'string') {
    // Java matches the whole text.
    const pattern = `^(?:${regex})$`;
    if (isPattern(pattern)) limits.push(['pattern', pattern]);
    else
      note(
        problem(
          'warning',
          'pattern',
          `the pattern \`${regex}\` is none of ECMAScript; it is left out`,
          at,
          'write it without what only Java knows',
        ),
      );
  }
  return jsonObject(limits);
}
/** How Java says "no limit". */
const MAX_INT = 2 ** 31 - 1;

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u').source !== '';
  } catch {
    return false;
  }
}
