/** Whether a value in wire form fits a data type: what defaults are held against. */
import { isJsonArray, isJsonObject, memberOf, type Json } from '../protocol/json.ts';
import type { DataType, NamedType, PrimitiveType } from './data-schema.ts';
import { breachOf, limitsOf } from './limits.ts';
import type { ResolvedType, TypeLibrary } from './type-library.ts';

/** @returns what is wrong, such as `tone: "LOUD" is no symbol of com.example.Tone`; null when the value fits, or its type is nowhere */
export function misfit(value: Json, type: DataType, library: TypeLibrary): string | null {
  const resolved = library.resolve(type);
  if (resolved === null) return null;
  return misfitOf(value, resolved, library) ?? breachOfTyperefs(value, type, library);
}

/** What the limits of the typerefs on the way to a primitive say. */
function breachOfTyperefs(value: Json, type: DataType, library: TypeLibrary): string | null {
  for (let here = type; here.kind === 'named';) {
    const named = library.find(here.name);
    if (named?.kind !== 'typeref') return null;
    const breach = breachOf(value, limitsOf(named.properties, named.ref, library));
    if (breach !== null) return breach;
    here = named.ref;
  }
  return null;
}

function misfitOf(value: Json, type: ResolvedType, library: TypeLibrary): string | null {
  switch (type.kind) {
    case 'primitive':
      if (PRIMITIVES[type.name](value)) return null;
      return `${shown(value)} is no ${type.name}${isUnwritable(type.name, value) ? ' of JSON' : ''}`;
    case 'enum':
      return type.symbols.some(({ name }) => name === value) ? null : `${shown(value)} is no symbol of ${type.name}`;
    case 'fixed':
      return isBytes(value) && value.length === type.size ? null : `${shown(value)} is not ${type.size} bytes`;
    case 'array':
      if (!isJsonArray(value)) return `${shown(value)} is no list`;
      return firstOf(
        value.map((item, index) => [String(index), item]),
        () => type.items,
        library,
      );
    case 'map':
      if (!isJsonObject(value)) return `${shown(value)} is no map`;
      return firstOf(Object.entries(value), () => type.values, library);
    case 'union':
      return misfitOfUnion(value, type, library);
    default:
      return misfitOfRecord(value, type, library);
  }
}

function misfitOfUnion(
  value: Json,
  { members }: ResolvedType & { readonly kind: 'union' },
  library: TypeLibrary,
): string | null {
  if (value === null)
    return members.some((member) => library.memberKey(member) === null) ? null : 'null is no member of the union';
  if (!isJsonObject(value)) return `${shown(value)} is no union: write { member: value }`;
  const names = Object.keys(value);
  const [name] = names;
  if (name === undefined) return members.length === 0 ? null : 'the union holds no member';
  const member = members.find((candidate) => library.memberKey(candidate) === name);
  if (names.length > 1 || member === undefined)
    return `${names.length > 1 ? 'several members' : `\`${name}\``} in a union of ${members.map((known) => library.memberKey(known) ?? 'null').join(', ')}`;
  return firstOf([[name, value[name] ?? null]], () => member.type, library);
}

function misfitOfRecord(
  value: Json,
  record: ResolvedType & { readonly kind: 'record' },
  library: TypeLibrary,
): string | null {
  if (!isJsonObject(value)) return `${shown(value)} is no record`;
  const fields = library.fieldsOf(record);
  const missing = fields.find(
    ({ name, optional, default: fallback }) => !optional && fallback === undefined && !Object.hasOwn(value, name),
  );
  if (missing !== undefined) return `\`${missing.name}\` of ${record.name} is missing`;
  const types = new Map(fields.map(({ name, type }) => [name, type]));
  const wrong = firstOf(Object.entries(value), (name) => types.get(name) ?? null, library);
  if (wrong !== null) return wrong;
  for (const { name, type, properties } of fields) {
    const breach = breachOf(memberOf(value, name) ?? null, limitsOf(properties, type, library));
    if (breach !== null) return `${name}: ${breach}`;
  }
  return null;
}

/** A member of unknown type says nothing. */
function firstOf(
  members: readonly (readonly [string, Json])[],
  typeOf: (name: string) => DataType | null,
  library: TypeLibrary,
): string | null {
  for (const [name, value] of members) {
    const type = typeOf(name);
    const wrong = type === null ? null : misfit(value, type, library);
    if (wrong !== null) return `${name}: ${wrong}`;
  }
  return null;
}

const PRIMITIVES: Readonly<Record<PrimitiveType, (value: Json) => boolean>> = {
  int: (value) => isInteger(value) && value >= -(2n ** 31n) && value < 2n ** 31n,
  long: (value) => isInteger(value) && value >= -(2n ** 63n) && value < 2n ** 63n,
  float: isNumber,
  double: isNumber,
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  bytes: isBytes,
  null: (value) => value === null,
};

function isInteger(value: Json): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

function isNumber(value: Json): boolean {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** JSON has no numbers for these three. Rest.li writes them as texts, which the schema of a number refuses. */
function isUnwritable(type: PrimitiveType, value: Json): boolean {
  return (type === 'float' || type === 'double') && (value === 'NaN' || value === 'Infinity' || value === '-Infinity');
}

/** Each character is one byte. */
function isBytes(value: Json): value is string {
  return typeof value === 'string' && !/[^\0-\xff]/.test(value);
}

function shown(value: Json): string {
  if (isJsonArray(value)) return 'a list';
  if (isJsonObject(value)) return 'an object';
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : String(value);
}

/** Whether the text of a default stands for itself, rather than for JSON. */
export function isTextual(type: ResolvedType | NamedType | null): boolean {
  if (type === null) return false;
  return (
    type.kind === 'enum' ||
    type.kind === 'fixed' ||
    (type.kind === 'primitive' && (type.name === 'string' || type.name === 'bytes'))
  );
}
