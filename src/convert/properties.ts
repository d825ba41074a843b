/**
 * Properties of data schemas, and what becomes of each. Whoever writes a schema may invent properties, so that the table
 * holds those that mean something to Rest.li or to the languages around it; the rest is told by name.
 */
import type { SourceRange } from '../diagnostic/diagnostic.ts';
import { isJsonObject, memberOf, type Json, type JsonObject } from '../protocol/json.ts';
import type { DataType, NamedType } from './data-schema.ts';
import type { LeftOut, Tally } from './tally.ts';
import type { TypeLibrary } from './type-library.ts';

/** `type`: a type with a name. `use`: an array, map, union or primitive where it stands. */
type Owner = 'type' | 'field' | 'symbol' | 'member' | 'use';

interface PropertyFate {
  readonly on: readonly Owner[];
  readonly kind: 'used' | 'counted';
  /** used: where it stands. counted: why it stands nowhere. */
  readonly what: string;
}

const EVERYWHERE: readonly Owner[] = ['type', 'field', 'symbol', 'member', 'use'];

// prettier-ignore
export const PROPERTIES: Readonly<Record<string, readonly PropertyFate[]>> = {
  deprecated: [{ on: ['type', 'field', 'member'], kind: 'used', what: '`deprecated`, its text in `description`' },
               { on: ['symbol'], kind: 'used', what: '`description` of the enum' }],
  validate:   [{ on: ['type', 'field'], kind: 'used', what: '`strlen` and `regex` of texts: `minLength`, `maxLength`, `pattern`; other validators are told' }],
  aliases:    [{ on: ['type'], kind: 'used', what: 'other names under which the type is found' },
               { on: ['field'], kind: 'counted', what: 'it serves Avro, where fields have been renamed' }],
  order:      [{ on: ['field'], kind: 'counted', what: 'it serves Avro, which sorts by it' }],
  package:    [{ on: ['type'], kind: 'counted', what: 'it is the package of the Java class' }],
  java:       [{ on: EVERYWHERE, kind: 'counted', what: 'it binds a Java class; the value on the wire is that of the type' }],
  avro:       [{ on: EVERYWHERE, kind: 'counted', what: 'it guides the translation to Avro' }],
};

/** Counts what the properties of a type, of its fields and of what stands in them say and no schema carries over. */
export function auditType(type: NamedType, library: TypeLibrary, tally: Tally): void {
  const own: DataType = { kind: 'named', name: type.name, at: type.at };
  audit(type.properties, 'type', type.at, own, library, tally);
  if (type.kind === 'enum') {
    for (const symbol of type.symbols) audit(symbol.properties, 'symbol', type.at, null, library, tally);
  } else if (type.kind === 'typeref') auditUse(type.ref, library, tally);
  else if (type.kind === 'record') {
    for (const field of library.fieldsOf(type)) {
      audit(field.properties, 'field', field.at, field.type, library, tally);
      auditUse(field.type, library, tally);
    }
  }
}

/** The same for a type as it is used somewhere; one with a name counts where it is declared. */
export function auditUse(type: DataType, library: TypeLibrary, tally: Tally): void {
  if (type.kind === 'named') return;
  if (type.extra !== undefined) audit(type.extra.properties, 'use', type.extra.at, null, library, tally);
  if (type.kind === 'array') auditUse(type.items, library, tally);
  else if (type.kind === 'map') auditUse(type.values, library, tally);
  else if (type.kind === 'union') {
    for (const member of type.members) {
      audit(member.properties, 'member', member.at, member.type, library, tally);
      auditUse(member.type, library, tally);
    }
  }
}

/** @param type - what the owner holds; null: nothing that validators could look at */
function audit(
  properties: JsonObject,
  owner: Owner,
  at: SourceRange,
  type: DataType | null,
  library: TypeLibrary,
  tally: Tally,
): void {
  for (const [name, value] of Object.entries(properties)) {
    const fate = Object.hasOwn(PROPERTIES, name) ? PROPERTIES[name]?.find(({ on }) => on.includes(owner)) : undefined;
    if (fate === undefined) tally.add(custom(name), at, value);
    else if (fate.kind === 'counted') tally.add(counted(name, fate), at, value);
    else if (name === 'validate') auditValidators(value ?? null, at, type, library, tally);
    else if (name === 'deprecated' && isJsonObject(value))
      for (const more of Object.keys(value))
        if (more !== 'doc') tally.add(custom(`deprecated.${more}`), at, value[more]);
  }
}

function auditValidators(
  value: Json,
  at: SourceRange,
  type: DataType | null,
  library: TypeLibrary,
  tally: Tally,
): void {
  if (!isJsonObject(value)) return tally.add(custom('validate'), at, value);

  const resolved = type === null ? null : library.resolve(type);
  const isText = resolved?.kind === 'primitive' && resolved.name === 'string';
  for (const name of Object.keys(value)) {
    if (name !== 'strlen' && name !== 'regex') tally.add(validator(name), at);
    else if (!isText) tally.add(ofNoText(name), at);
    else if (!READABLE[name](memberOf(value, name))) tally.add(custom(`validate.${name}`), at, memberOf(value, name));
  }
}

/** Whether the settings of the two validators are what `json-schema.ts` reads. */
const READABLE = {
  strlen: (value: Json | undefined): boolean =>
    isJsonObject(value) &&
    Object.entries(value).every(
      ([name, limit]) => (name === 'min' || (name === 'max' && Number(limit) >= 0)) && Number.isInteger(limit),
    ),
  regex: (value: Json | undefined): boolean => typeof memberOf(value, 'regex') === 'string',
};

function custom(name: string): LeftOut {
  return {
    code: 'property',
    subject: `the property \`@${name}\``,
    reason: ' has no place in a schema, which knows nothing of its meaning',
    fix: 'say in the documentation what clients have to know of it',
  };
}

function counted(name: string, { what }: PropertyFate): LeftOut {
  return {
    code: 'no-wire-meaning',
    subject: `the property \`@${name}\``,
    reason: ` has no place in a schema: ${what}`,
    fix: null,
  };
}

function validator(name: string): LeftOut {
  return {
    code: 'validator',
    subject: `the validator \`${name}\``,
    reason: ' is code of the service; no value is held against it',
    fix: 'add what it asks to the schema, as far as a schema can say it',
  };
}

function ofNoText(name: string): LeftOut {
  return {
    code: 'validator',
    subject: `the validator \`${name}\` of what is no text`,
    reason: ' has no form in JSON Schema; no value is held against it',
    fix: 'add what it asks to the schema, as far as a schema can say it',
  };
}
