/** Keys and fields of the wire, given the types that the contract declares. */
import type { Field, Fields, KeyType } from '../contract/contract.ts';
import { describeValue, quoteList } from '../diagnostic/quote.ts';
import type { Element } from '../protocol/encoding.ts';
import { isJsonObject, jsonObject, type Json } from '../protocol/json.ts';
import { KEY_PARAMS, type Key } from '../protocol/keys.ts';
import { escapeSegment } from '../protocol/pointer.ts';
import { checkSchema } from '../schema/check.ts';
import { coerce } from '../schema/coerce.ts';
import type { Schema, SchemaProblem } from '../schema/schema.ts';

/** A key with its types; `problems` where the text has none, and then `key` is what was read. */
export interface TypedKey {
  readonly key: Key;
  readonly problems: readonly KeyProblem[];
}

export interface KeyProblem {
  /** `type`: a part is of another type. `part`: a part is missing or unknown. */
  readonly kind: 'type' | 'part';
  readonly expected: string;
  readonly actual: string;
}

const NO_PROBLEMS: readonly KeyProblem[] = [];

/** Gives the parts of a key as read from the wire (every scalar is text) their types. Never throws. */
export function typeKey(type: KeyType, key: Key): TypedKey {
  if (!isJsonObject(key)) {
    const schema = firstSchema(type);
    if (schema === null) return { key, problems: NO_PROBLEMS };
    const typed = typeValue(schema, String(key));
    if ('problem' in typed)
      return { key, problems: [{ kind: 'type', expected: typed.problem.expected, actual: typed.problem.actual }] };
    return { key: isScalar(typed.value) ? typed.value : key, problems: NO_PROBLEMS };
  }

  const problems: KeyProblem[] = [];
  const parts: [string, Json][] = [];
  for (const [name, value] of Object.entries(key)) {
    if (name === KEY_PARAMS && type.params !== null) {
      parts.push([name, typeParams(type.params, value, problems)]);
      continue;
    }
    const schema = type.parts.get(name);
    if (schema === undefined) {
      problems.push({
        kind: 'part',
        expected: `the parts ${quoteList([...type.parts.keys()])}`,
        actual: `a part ${JSON.stringify(name)}`,
      });
      parts.push([name, value]);
      continue;
    }
    const typed = typeValue(schema, asElement(value));
    if ('value' in typed) parts.push([name, typed.value]);
    else {
      problems.push({ kind: 'type', expected: `${name}: ${typed.problem.expected}`, actual: typed.problem.actual });
      parts.push([name, value]);
    }
  }
  for (const name of type.parts.keys()) {
    if (!Object.hasOwn(key, name))
      problems.push({ kind: 'part', expected: `a part ${JSON.stringify(name)}`, actual: 'nothing' });
  }
  return { key: jsonObject(parts), problems };
}

/** A value of a URL or header by its schema: its type, and what the schema says beyond. */
export function typeValue(
  schema: Schema,
  element: Element,
): { readonly value: Json } | { readonly problem: SchemaProblem } {
  const read = coerce(schema, element);
  if ('problem' in read) return { problem: read.problem };
  const [lenient] = read.lenient;
  if (lenient !== undefined) return { problem: lenient };
  const [problem] = checkSchema(schema, read.value);
  return problem === undefined ? { value: read.value } : { problem };
}

/** As `typeValue`, but keeps the value where only its content is wrong. `loneItems`: see `coerce`. */
export function readTyped(
  field: Field,
  element: Element,
  loneItems = false,
): { readonly value: Json; readonly problems: readonly SchemaProblem[] } {
  if (typeof field.type === 'boolean') return { value: element, problems: [] };
  const read = coerce(field.type, element, loneItems);
  if ('problem' in read) return { value: element, problems: [read.problem] };
  return { value: read.value, problems: read.lenient.length > 0 ? read.lenient : checkSchema(field.type, read.value) };
}

function typeParams(fields: Fields, value: Json, problems: KeyProblem[]): Json {
  if (!isJsonObject(value)) {
    problems.push({ kind: 'type', expected: `a record under ${KEY_PARAMS}`, actual: describeValue(value) });
    return value;
  }
  return jsonObject(
    Object.entries(value).map(([name, member]): readonly [string, Json] => {
      const field = fields.get(name);
      if (field === undefined) return [name, member];
      const typed = readTyped(field, asElement(member));
      const [problem] = typed.problems;
      if (problem !== undefined) {
        problems.push({
          kind: 'type',
          expected: `${KEY_PARAMS}/${escapeSegment(name)}: ${problem.expected}`,
          actual: problem.actual,
        });
      }
      return [name, typed.value];
    }),
  );
}

function firstSchema(type: KeyType): Schema | null {
  for (const schema of type.parts.values()) return schema;
  return null;
}

function isScalar(value: Json): value is string | number | bigint | boolean {
  return typeof value !== 'object' || value === null ? value !== null : false;
}

/** Keys from bodies may hold numbers; the reader of types takes text. */
export function asElement(value: Json): Element {
  if (typeof value !== 'object') return String(value);
  if (value === null) return 'null';
  if (!isJsonObject(value)) return [...value].map(asElement);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, asElement(member)]));
}
