/** The parts of the format that several places share: texts, types, fields, headers, errors. */
import {
  bool,
  choice,
  expected,
  integer,
  list,
  map,
  named,
  nothing,
  object,
  optional,
  part,
  text,
  type,
  typeOrKey,
  word,
  type SourceOf,
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
export const parentKey = typeOrKey(key);

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
export type ErrorSource = SourceOf<typeof error>;
export const errors = named('Errors', () =>
  map(
    'an error status',
    choice('text, an error, or a list of errors', { string: nonEmpty, object: error, array: list(error, 1) }),
    /^[45][0-9][0-9]$/,
  ),
);
