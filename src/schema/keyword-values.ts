/**
 * What each keyword of JSON Schema may hold, and what people mean by words that are none.
 */
import { isJsonArray, isJsonObject, type Json } from '../protocol/json.ts';
import { isSchema } from './refs.ts';

export const JSON_TYPES: readonly string[] = ['string', 'integer', 'number', 'boolean', 'object', 'array', 'null'];

/** What a keyword's value must be, or null when it is just that. */
export type Check = (value: Json) => string | null;

const aSchema: Check = (value) => (isSchema(value) ? null : 'a schema');
const schemas: Check = (value) =>
  isJsonArray(value) && value.length > 0 && value.every(isSchema) ? null : 'a list of schemas';
const schemaMap: Check = (value) =>
  isJsonObject(value) ? (Object.values(value).every(isSchema) ? null : 'schemas by name') : 'schemas by name';
const text: Check = (value) => (typeof value === 'string' ? null : 'text');
const aBoolean: Check = (value) => (typeof value === 'boolean' ? null : 'true or false');
const aNumber: Check = (value) => (isNumeric(value) ? null : 'a number');
const positive: Check = (value) => (isNumeric(value) && value > 0 ? null : 'a number above 0');
const aCount: Check = (value) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? null : 'a whole number from 0';
const names: Check = (value) =>
  isJsonArray(value) && value.every((name) => typeof name === 'string') && new Set(value).size === value.length
    ? null
    : 'a list of different names';
const nameLists: Check = (value) =>
  isJsonObject(value) && Object.values(value).every((list) => names(list) === null) ? null : 'lists of names by name';
const someValues: Check = (value) => (isJsonArray(value) && value.length > 0 ? null : 'a list of at least one value');
const values: Check = (value) => (isJsonArray(value) ? null : 'a list of values');
const anything: Check = () => null;
const types: Check = (value) => {
  const listed = isJsonArray(value) ? value : [value];
  return listed.length > 0 && listed.every((name) => typeof name === 'string' && JSON_TYPES.includes(name))
    ? null
    : `one of ${JSON_TYPES.join(', ')}, or a list of them`;
};
const deprecation: Check = (value) =>
  typeof value === 'boolean' || typeof value === 'string' ? null : 'true or what to use instead';

/** The check of each keyword's value; a word without one is no keyword. */
// prettier-ignore
export const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['$ref', text], ['$schema', text], ['$comment', text], ['$defs', schemaMap], ['definitions', schemaMap],
  ['type', types], ['enum', someValues], ['const', anything],
  ['minimum', aNumber], ['maximum', aNumber], ['exclusiveMinimum', aNumber], ['exclusiveMaximum', aNumber], ['multipleOf', positive],
  ['minLength', aCount], ['maxLength', aCount], ['pattern', text], ['format', text],
  ['items', aSchema], ['prefixItems', schemas], ['contains', aSchema], ['minContains', aCount], ['maxContains', aCount],
  ['minItems', aCount], ['maxItems', aCount], ['uniqueItems', aBoolean], ['unevaluatedItems', aSchema],
  ['properties', schemaMap], ['patternProperties', schemaMap], ['additionalProperties', aSchema], ['propertyNames', aSchema],
  ['unevaluatedProperties', aSchema], ['required', names], ['minProperties', aCount], ['maxProperties', aCount],
  ['dependentRequired', nameLists], ['dependentSchemas', schemaMap],
  ['allOf', schemas], ['anyOf', schemas], ['oneOf', schemas], ['not', aSchema], ['if', aSchema], ['then', aSchema], ['else', aSchema],
  ['title', text], ['description', text], ['default', anything], ['examples', values], ['deprecated', deprecation],
  ['readOnly', aBoolean], ['writeOnly', aBoolean], ['contentEncoding', text], ['contentMediaType', text], ['contentSchema', aSchema],
]);

/** Words that people write out of habit, and what they mean here. */
export const MEANT: ReadonlyMap<string, string> = new Map([
  ['doc', 'write `description`'],
  ['comment', 'write `description` or `$comment`'],
  ['optional', 'leave the member out of `required`; in `params`, `criteria` and `headers` write `name?`'],
  ['nullable', 'write `type: [string, "null"]`'],
  ['example', 'write `examples: [ … ]`'],
  ['values', 'write `enum`'],
  ['symbols', 'write `enum`'],
  ['fields', 'write `properties`'],
  ['ref', 'write `$ref`'],
  ['regex', 'write `pattern`'],
  ['$regex', 'write `pattern`; matchers stand in `expect`'],
  ['$type', 'write `type` or `$ref`; matchers stand in `expect`'],
  ['min', 'write `minimum`, `minLength` or `minItems`'],
  ['max', 'write `maximum`, `maxLength` or `maxItems`'],
  ['union', 'write an object with `minProperties: 1`, `maxProperties: 1`, `additionalProperties: false`'],
  ['readonly', 'write `readOnly`'],
  ['dependencies', 'write `dependentRequired` or `dependentSchemas`'],
  ['additionalItems', 'write `items` beside `prefixItems`'],
  ['discriminator', 'leave it out: the branch is found by its `const`'],
  ['$id', 'leave it out: files are named by their path'],
  ['id', 'members of the value are listed under `properties`'],
  ['$anchor', 'refer by pointer: `#/types/NAME`'],
  ['$dynamicRef', 'refer by pointer: `#/types/NAME`'],
  ['$dynamicAnchor', 'refer by pointer: `#/types/NAME`'],
]);

/** Types as other languages call them. */
export const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['integer', 'write `int` or `long`'],
  ['number', 'write `double`'],
  ['bool', 'write `boolean`'],
  ['text', 'write `string`'],
  ['str', 'write `string`'],
  ['uri', 'write `{ type: string, format: uri }`'],
  ['date', 'write `long` for epoch milliseconds, or declare a record under `types`'],
  ['array', 'write the type of its items with `[]`: `string[]`'],
  ['list', 'write the type of its items with `[]`: `string[]`'],
  ['object', 'declare a record under `types`, or write `{ type: object, properties: { … } }`'],
  ['record', 'declare a record under `types`, or write `{ type: object, properties: { … } }`'],
  ['enum', 'write `{ enum: [A, B] }`'],
]);

export function isNumeric(value: Json | undefined): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}
