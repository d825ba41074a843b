/* oxlint-disable unicorn/no-thenable -- `then` is a keyword of JSON Schema */
/**
 * JSON Schema 2020-12 as editors should offer it inside a contract, keyword by keyword. Only the published schema is
 * made from it: at run time `schema/lint.ts` judges schemas, which also knows where references lead.
 */
import type { JsonObject } from '../protocol/json.ts';
import {
  anything,
  bool,
  choice,
  integer,
  list,
  map,
  named,
  number,
  object,
  optional,
  retyped,
  text,
  word,
  type Shape,
} from './shape.ts';

/** A type's name: a primitive, a URN with prefix, a declared name, each as a list with `[]`. */
export const typeName = text('a type', {
  pattern:
    /^(?!(?:integer|number|object|array|bool|Long|Int|String|URN)(?:\[\])*$)(?:urn(?::[A-Za-z0-9][\w.-]*)*:?|[A-Za-z_][A-Za-z0-9_.]*)(?:\[\])*$/,
});

const sub: Shape = named('SubSchema', () => choice('a schema', { boolean: bool, object: jsonSchema }));
const subs = map('a member name', sub, /^/);
const subList = list(sub, 1);
const pattern = text('a pattern');
const count = integer('a count', 0);
const jsonTypeName = word('a JSON type', ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']);

// prettier-ignore
const KEYWORDS = {
  $schema: optional(text('an identifier'), 'Dialect of JSON Schema; 2020-12 is understood.'),
  $ref: optional(text('a reference'), '`#/types/NAME`, or `./file.json#/pointer` below the root of the project.'),
  $comment: optional(text('a comment'), 'Not shown anywhere.'),
  $defs: optional(subs, 'Schemas for use below.'),
  definitions: optional(subs, 'The same by its old name.'),
  type: optional(choice('a JSON type or a list of them', { string: jsonTypeName, array: list(jsonTypeName, 1) }), 'JSON type of the value.'),
  const: optional(anything, 'The only value.'),
  enum: optional(list(anything), 'All values.'),
  multipleOf: optional(number, 'Divides the number.'),
  maximum: optional(number, 'Greatest number.'),
  exclusiveMaximum: optional(number, 'First number that is too great.'),
  minimum: optional(number, 'Least number.'),
  exclusiveMinimum: optional(number, 'Last number that is too small.'),
  maxLength: optional(count, 'Most characters.'),
  minLength: optional(count, 'Fewest characters.'),
  pattern: optional(pattern, 'Regular expression (ECMAScript) that the text matches somewhere.'),
  format: optional(text('a format'), 'A named format: `date-time`, `uri`, `uuid`, …'),
  properties: optional(subs, 'Members by name.'),
  patternProperties: optional(subs, 'Members whose name matches.'),
  additionalProperties: optional(sub, 'All other members.'),
  propertyNames: optional(sub, 'What names of members must be.'),
  required: optional(list(text('a member name')), 'Members that must be there.'),
  minProperties: optional(count, 'Fewest members.'),
  maxProperties: optional(count, 'Most members.'),
  dependentRequired: optional(map('a member name', list(text('a member name')), /^/), 'Members that another member asks for.'),
  dependentSchemas: optional(subs, 'Schemas that a member asks for.'),
  unevaluatedProperties: optional(sub, 'Members that nothing else spoke about.'),
  items: optional(sub, 'Items of a list.'),
  prefixItems: optional(subList, 'The first items, one by one.'),
  contains: optional(sub, 'What some item must be.'),
  minContains: optional(count, 'How many at least.'),
  maxContains: optional(count, 'How many at most.'),
  minItems: optional(count, 'Fewest items.'),
  maxItems: optional(count, 'Most items.'),
  uniqueItems: optional(bool, 'No item twice.'),
  unevaluatedItems: optional(sub, 'Items that nothing else spoke about.'),
  allOf: optional(subList, 'All of them hold.'),
  anyOf: optional(subList, 'At least one holds.'),
  oneOf: optional(subList, 'Exactly one holds. For a union write an object with one member.'),
  not: optional(sub, 'Must not hold.'),
  if: optional(sub, 'Condition for `then` and `else`.'),
  then: optional(sub, 'Holds where `if` does.'),
  else: optional(sub, 'Holds where `if` does not.'),
  title: optional(text('a title'), 'Short name.'),
  description: optional(text('a description'), 'Documentation of the field.'),
  default: optional(anything, 'Value when absent; the field may then be left out.'),
  examples: optional(list(anything), 'Sample values.'),
  deprecated: optional(choice('true, or what to use instead', { boolean: bool, string: text('text') }), 'Still there, but to be avoided.'),
  readOnly: optional(bool, 'Set by the server only.'),
  writeOnly: optional(bool, 'Never answered.'),
  contentEncoding: optional(text('an encoding'), 'How text holds bytes.'),
  contentMediaType: optional(text('a media type'), 'What the text holds.'),
  contentSchema: optional(sub, 'Schema of what the text holds.'),
};

export const jsonSchema: Shape<JsonObject> = named('JsonSchema', () => retyped(object('a JSON Schema', KEYWORDS)));
