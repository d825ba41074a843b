/** The parts of the format that several places share: texts, types, fields, headers, errors. */
import type { JsonObject } from '../protocol/json.ts';
import {
  anything,
  bool,
  choice,
  expected,
  integer,
  list,
  map,
  named,
  nothing,
  number,
  object,
  optional,
  text,
  word,
  type NamedNode,
  type Shape,
} from './shape.ts';

export const doc = text('documentation', { pattern: /\S/ });
export const nonEmpty = text('text', { pattern: /\S/ });
export const path = text('a path into a value', {
  pattern: /^[^/].*$/,
  hint: 'write it without the leading slash: `loan/reader`',
});
export const duration = text('a duration', {
  pattern: /^\d+(ms|s|m)$/,
  hint: 'write `500ms`, `2s` or `1m`',
  code: 'contract/duration',
});
export const status = integer('an HTTP status', 100, 599);
export const statuses = choice('a status or a list of them', { number: status, array: list(status, 1) });
export const tags = list(nonEmpty, 1);
export const deprecated = choice('true, or what to use instead', { boolean: bool, string: nonEmpty });
export const version = word('a protocol version', ['2.0.0', '1.0.0']);
export const targets = list(nonEmpty, 1);

/** What people from other schema languages write -> the name here. */
const FOREIGN_TYPES = 'integer|number|object|array|bool|Long|Int|String|URN';
export const typeName = text('a type', {
  pattern: new RegExp(
    `^(?!(?:${FOREIGN_TYPES})(?:\\[\\])*$)(?:urn(?::[A-Za-z][A-Za-z0-9_-]*)*|[A-Za-z_][A-Za-z0-9_.]*)(?:\\[\\])*$`,
  ),
  hint: 'write a primitive (`int`, `long`, `float`, `double`, `boolean`, `string`, `bytes`, `urn`), a name of `types`, `NAME[]`, or a JSON Schema',
  code: 'contract/unknown-type',
});

const sub: Shape<boolean | WrittenSchema> = named('SubSchema', () =>
  choice('a schema', { boolean: bool, object: jsonSchema }),
);
const subs = map('a member name', sub, /^/);
const subList = list(sub, 1);
const pattern = text('a pattern');
const count = integer('a count', 0);
const jsonTypeName = word('a JSON type', ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'], {
  code: 'contract/bad-schema',
  aliases: {
    long: 'integer',
    int: 'integer',
    bool: 'boolean',
    float: 'number',
    double: 'number',
    record: 'object',
    list: 'array',
    map: 'object',
    text: 'string',
  },
});

/** JSON Schema 2020-12, keyword by keyword, so that a misspelt one is an error and not a check that never runs. */
// prettier-ignore
const KEYWORDS = {
  $id: optional(text('an identifier'), 'Identifier of the schema.'),
  $schema: optional(text('an identifier'), 'Dialect of JSON Schema; 2020-12 is understood.'),
  $anchor: optional(text('an anchor'), 'A name for this place.'),
  $ref: optional(text('a reference'), '`#/types/NAME`, or `./file.json#/pointer` below the root of the project.'),
  $dynamicRef: optional(text('a reference'), 'A reference resolved at run time.'),
  $dynamicAnchor: optional(text('an anchor'), 'Anchor of a dynamic reference.'),
  $comment: optional(text('a comment'), 'Not shown anywhere.'),
  $defs: optional(subs, 'Schemas for use below.'),
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
  deprecated: optional(bool, 'Still there, but to be avoided.'),
  readOnly: optional(bool, 'Set by the server only.'),
  writeOnly: optional(bool, 'Never answered.'),
  contentEncoding: optional(text('an encoding'), 'How text holds bytes.'),
  contentMediaType: optional(text('a media type'), 'What the text holds.'),
  contentSchema: optional(sub, 'Schema of what the text holds.'),
};

const KEYWORD_ALIASES = {
  doc: "write `description`: inside a schema the documentation is JSON Schema's",
  optional: 'leave it out and write the name as `name?` in the field map, or drop it from `required`',
  nullable: 'write `type: [string, "null"]`',
  example: 'write `examples: [..]`',
  definitions: 'write `$defs`, or put the schema under `types`',
  dependencies: 'write `dependentRequired` or `dependentSchemas`',
  additionalItems: 'write `items` beside `prefixItems`',
  symbols: 'write `enum`',
  regex: 'write `pattern`',
};

/** The shape is declared before its parts refer to it, which a `named` reference resolves when first used. */
export type WrittenSchema = JsonObject;
export const jsonSchema: Shape<WrittenSchema> & NamedNode = named<WrittenSchema>('JsonSchema', () => {
  const { kind, called, members, min, max, aliases, open, see } = object('a JSON Schema', KEYWORDS, {
    aliases: KEYWORD_ALIASES,
    see: 'notation',
  });
  return { kind, called, members, min, max, aliases, open, see };
});

export const type = named('Type', () => choice('a type', { string: typeName, object: jsonSchema }));
/** A type, or whether anything must be there at all. */
export const part = named('Part', () =>
  choice('a type, true or false', { boolean: bool, string: typeName, object: jsonSchema }),
);

export const fields = named('Fields', () => map('a field name', part, /^[A-Za-z_$][A-Za-z0-9_.$-]*\??$/));
export const headerFields = named('HeaderFields', () => map('a header name', part, /^[!#$%&'*+.^_`|~0-9A-Za-z-]+\??$/));

const headerText = text('a header value');
/** Names are looked at closer where their place is known to matter: `check-headers.ts`. */
export const headerValues = named('HeaderValues', () =>
  map(
    'a header name',
    choice('text, a list of texts, or null', {
      string: headerText,
      number: headerText,
      array: list(headerText),
      null: nothing,
    }),
    /^/,
  ),
);

const keyFields = map('a key part', type, /^[A-Za-z_][A-Za-z0-9_.-]*\??$/);
export const key = named('Key', () =>
  map('a key part', type, /^[A-Za-z_][A-Za-z0-9_.-]*$/, { min: 1, special: { $params: keyFields } }),
);
export const parentKey: Shape<string | JsonObject> & NamedNode = named('ParentKey', () =>
  choice('a type, or the parts of a key under `$key`', { string: typeName, object: parentObject() }),
);

function parentObject(): Shape<JsonObject> {
  const { kind, called, members, min, max, aliases, open, see } = object(
    'a parent',
    { ...KEYWORDS, $key: optional(key, 'Parts of a compound or complex parent key.') },
    { aliases: KEYWORD_ALIASES, see: 'top-level' },
  );
  return { kind, called, members, min, max, aliases, open, see };
}

export const exempt = map('a rule id', nonEmpty, /^[a-z0-9-]+\/[a-z0-9-]+$/);

// prettier-ignore
export const when = object('a condition', {
  key: optional(expected, 'Matches the key, or the key of a batch item.'),
  parents: optional(expected, 'Matches the parents of the path.'),
  params: optional(expected, 'Matches the parameters.'),
  headers: optional(expected, 'Matches the headers.'),
  entity: optional(expected, 'Matches the entity that was sent.'),
  patch: optional(expected, 'Matches the patch that was sent.'),
  criteria: optional(expected, 'Matches a criterion.'),
}, { open: false, see: 'examples-and-mock' });

// prettier-ignore
const error = object('an error', {
  doc: optional(doc, 'When it happens.'),
  code: optional(nonEmpty, 'The `code` of the error body.'),
  serviceErrorCode: optional(integer('a service error code', Number.MIN_SAFE_INTEGER), 'The `serviceErrorCode` of the error body.'),
  message: optional(nonEmpty, 'The `message` of the error body.'),
  details: optional(type, 'Type of the error details.'),
  params: optional(list(nonEmpty, 1), 'Parameters that are to blame.'),
  when: optional(when, 'The mock answers with this error when the request matches.'),
}, { see: 'methods' });
export const errors = named('Errors', () =>
  map(
    'an error status',
    choice('text, an error, or a list of errors', { string: nonEmpty, object: error, array: list(error, 1) }),
    /^[45][0-9][0-9]$/,
  ),
);
