/** The config file, member by member: where contracts are, targets, dialects, known defects. */
import { METHOD_NAMES } from '../protocol/methods.ts';
import { doc, duration, errors, headerFields, headerValues, nonEmpty, path, version } from './format-parts.ts';
import {
  anything,
  bool,
  choice,
  constant,
  integer,
  list,
  map,
  object,
  optional,
  required,
  text,
  type,
  word,
  type SourceOf,
} from './shape.ts';

const SEE = { see: 'config' } as const;
const NAME = /^[A-Za-z][\w-]*$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

// prettier-ignore
const basic = object('basic', {
  user: required(nonEmpty, 'User name.'),
  password: required(nonEmpty, 'Password; read it from the environment.'),
}, SEE);

// prettier-ignore
const oauth2 = object('oauth2', {
  tokenUrl: required(nonEmpty, 'Where tokens are asked for.'),
  clientId: required(nonEmpty, 'Id of the client.'),
  clientSecret: required(nonEmpty, 'Secret of the client; read it from the environment.'),
  scope: optional(nonEmpty, 'Scopes, separated by spaces.'),
  refreshToken: optional(nonEmpty, 'Asks with a refresh token instead of client credentials.'),
}, SEE);

// prettier-ignore
const auth = object('auth', {
  bearer: optional(nonEmpty, 'Token sent as `Authorization: Bearer`; read it from the environment.'),
  basic: optional(basic, 'User and password.'),
  oauth2: optional(oauth2, 'A token is asked for before the run.'),
}, { ...SEE, min: 1, max: 1, open: false });

// prettier-ignore
const tls = object('tls', {
  ca: optional(nonEmpty, 'PEM file of the authorities that are trusted.'),
  cert: optional(nonEmpty, 'PEM file of the client\'s certificate.'),
  key: optional(nonEmpty, 'PEM file of its key.'),
  passphrase: optional(nonEmpty, 'Passphrase of the key; read it from the environment.'),
  insecure: optional(bool, 'Does not check the certificate of the server.', false),
}, { ...SEE, aliases: { rejectUnauthorized: 'write `insecure: true`', pfx: 'write `cert` and `key` as PEM files' } });

// prettier-ignore
export const targetShape = object('a target', {
  baseUrl: optional(nonEmpty, 'Everything before the path of the resource.'),
  dialect: optional(nonEmpty, 'Instead of the contracts\'.'),
  protocol: optional(version, 'Instead of the contracts\'.'),
  auth: optional(auth, 'How requests are authorised.'),
  headers: optional(headerValues, 'Sent with every request.'),
  vars: optional(map('a variable', anything, VARIABLE), 'Values for `${name}`, before those of contract and config.'),
  writes: optional(bool, 'Allows writes to a host that is not loopback.', false),
  seeded: optional(bool, 'The examples of the contracts exist there.', false),
  tls: optional(tls, 'Certificates.'),
  proxy: optional(nonEmpty, 'URL of a proxy; default: HTTPS_PROXY and HTTP_PROXY.'),
}, { ...SEE, aliases: { url: 'write `baseUrl`', token: 'write `auth: { bearer: … }`', variables: 'write `vars`' } });

const count = integer('a number', 1);

// prettier-ignore
const limits = object('limits', {
  url: optional(count, 'Bytes of the URL.'),
  query: optional(count, 'Bytes of the query.'),
  segment: optional(count, 'Bytes of one segment of the path.'),
  head: optional(count, 'Bytes of URL and headers together.'),
}, SEE);

// prettier-ignore
const cursor = object('cursor', {
  size: optional(nonEmpty, 'Parameter that holds the size of a page.'),
  token: optional(nonEmpty, 'Parameter that holds the token.'),
  next: optional(path, 'Path to the next token in the answer.'),
}, SEE);

// prettier-ignore
export const dialectShape = object('a dialect', {
  extends: optional(nonEmpty, 'The dialect that it changes.', 'restli'),
  doc: optional(doc, 'Markdown.'),
  methodHeader: optional(choice('all, or a list of methods', { string: constant('all'), array: list(word('a method', METHOD_NAMES, { code: 'contract/unknown-method' })) }), 'Methods that must carry `X-RestLi-Method`.'),
  protocol: optional(list(version, 1), 'Versions that are accepted; the first is sent.'),
  headers: optional(headerFields, 'Headers of every request.'),
  bases: optional(list(text('a path prefix', { pattern: /^\// }), 0), 'Prefixes that mock and traffic take off.'),
  unknownParams: optional(word('what to do', ['error', 'warn']), 'About parameters that nobody declared.'),
  batchKeys: optional(word('a form of keys', ['reduced', 'encoded', 'either']), 'How keys of batches are written in bodies.'),
  error: optional(type, 'Type of error bodies.'),
  errors: optional(errors, 'Errors of every method.'),
  limits: optional(limits, 'Sizes beyond which requests are refused.'),
  tunnelAbove: optional(count, 'Characters of a query beyond which it is tunnelled.'),
  cursor: optional(cursor, 'Names of cursor paging.'),
}, SEE);

// prettier-ignore
const waiver = object('a waiver', {
  case: optional(nonEmpty, 'Glob of case ids.'),
  rule: optional(nonEmpty, 'Id of a rule.'),
  target: optional(nonEmpty, 'Only on this target.'),
  reason: required(nonEmpty, 'What is broken, and who knows.'),
  until: required(text('a day', { pattern: /^\d{4}-\d{2}-\d{2}$/, hint: 'write `2027-01-31`' }), 'Last day on which it holds.'),
}, { ...SEE, aliases: { expires: 'write `until`', id: 'write `case`' } });

// prettier-ignore
export const configShape = object('the config', {
  $schema: optional(text('a schema reference'), 'For editors.'),
  contracts: optional(list(nonEmpty, 1), 'Globs of contract files.', ['contracts/**/*.contract.{yaml,json,ts}']),
  target: optional(nonEmpty, 'Target when none is named; `mock` is built in.', 'mock'),
  targets: optional(map('a name of a target', targetShape, NAME), 'Endpoints by name.'),
  dialects: optional(map('a name of a dialect', dialectShape, NAME), 'Own flavours of the protocol.'),
  vars: optional(map('a variable', anything, VARIABLE), 'Values for `${name}`, after those of targets and contracts.'),
  waived: optional(list(waiver), 'Known defects, each until its last day.'),
  timeout: optional(duration, 'Of one request.'),
}, { ...SEE, aliases: { baseUrl: 'write it into a target: `targets: { NAME: { baseUrl: … } }`', include: 'write `contracts`', files: 'write `contracts`', waivers: 'write `waived`', variables: 'write `vars`' } });

/** The config as its author writes it, in TypeScript. */
export type ConfigSource = SourceOf<typeof configShape>;
export type TargetSource = SourceOf<typeof targetShape>;
export type DialectSource = SourceOf<typeof dialectShape>;
