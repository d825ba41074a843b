/**
 * The contract file, format 1, member by member. The author's types, the published JSON Schema and the structural
 * check are all made from this page; `docs/contract-format.md` tells it in prose.
 */
import { caseShape, flow, variable } from './format-cases.ts';
import { methods } from './format-methods.ts';
import {
  deprecated,
  doc,
  errors,
  exempt,
  headerFields,
  headerValues,
  key,
  nonEmpty,
  parentKey,
  path,
  tags,
  version,
} from './format-parts.ts';
import {
  anything,
  constant,
  list,
  map,
  object,
  objectValue,
  optional,
  required,
  text,
  type,
  word,
  type SourceOf,
} from './shape.ts';

// prettier-ignore
const mock = object('mock', {
  key: optional(anything, 'Template of new keys.'),
  onCreate: optional(objectValue, 'Members that the server sets when it creates.'),
  onWrite: optional(objectValue, 'Members that the server sets at every write.'),
}, { see: 'examples-and-mock' });

const RESOURCE = /^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*$/;
const PATH = /^(\/[A-Za-z][A-Za-z0-9_.-]*|\/\{[A-Za-z_][A-Za-z0-9_]*\})+$/;

// prettier-ignore
export const contractShape = object('a contract', {
  $schema: optional(text('a schema reference'), 'For editors.'),
  contract: required(constant(1), 'Version of the format.'),
  resource: required(text('a resource name', { pattern: RESOURCE, hint: 'write letters, digits and `_`; a sub-resource is `parent.child`' }), 'Name, unique in a run; a sub-resource is `parent.child`.'),
  path: optional(text('a path', { pattern: PATH, hint: 'write `/name`, parents as `/name/{variable}/child`', code: 'contract/path-template' }), 'Default: `/` and the name. A sub-resource names its parents: `/a/{b}/c`.'),
  kind: optional(word('a kind of resource', ['collection', 'association', 'simple', 'actionsSet'], { aliases: { actions: 'actionsSet', actionSet: 'actionsSet', singleton: 'simple' } }), 'Kind of the resource.', 'collection'),
  doc: optional(doc, 'Markdown.'),
  deprecated: optional(deprecated, 'true, or what to use instead.'),
  tags: optional(tags, 'Words to select by.'),
  dialect: optional(nonEmpty, 'Flavour of the protocol: `restli`, `linkedin`, or one of the config.', 'restli'),
  protocol: optional(version, 'Version that is sent; default: the first of the dialect.'),
  headers: optional(headerValues, 'Sent with every case.'),
  key: optional(key, 'Key parts with types. One: a simple key. Several: compound (association) or complex (collection).'),
  parents: optional(map('a variable', parentKey, variable, { min: 1 }), 'Key types of the variables of `path`.'),
  vars: optional(map('a variable', anything, variable), 'Values for `${name}`.'),
  request: optional(object('request', { headers: optional(headerFields, 'Headers that every request carries.') }), 'What every request carries besides.'),
  response: optional(object('response', { headers: optional(headerFields, 'Headers that every success carries.') }, { aliases: { key: 'write `key` at the top of the contract' } }), 'What every success carries besides.'),
  exempt: optional(exempt, 'Rules that the resource does not promise by design.'),
  readOnly: optional(list(path), 'Members that only the server sets.'),
  createOnly: optional(list(path), 'Members that are fixed after CREATE.'),
  types: optional(map('a type name', type, /^[A-Za-z_][A-Za-z0-9_.]*$/), 'Types for use by name.'),
  entity: optional(type, 'What the resource holds.'),
  examples: optional(list(objectValue), 'Entities that exist in the mock, and on seeded targets.'),
  mock: optional(mock, 'What the mock sets by itself.'),
  errors: optional(errors, 'Errors of every method.'),
  methods: required(methods, 'What the resource promises, method by method.'),
  cases: optional(list(caseShape), 'Requests with what must come back.'),
  flows: optional(list(flow), 'Requests in order, with captured values.'),
}, { see: 'top-level', aliases: { name: 'write `resource`', description: 'write `doc`', entities: 'write `examples`', schema: 'write `entity`', baseUrl: 'write it into a target of the config', variables: 'write `vars`', actions: 'write `methods: { ACTION: … }`' } });

/** A contract as its author writes it, in TypeScript. */
export type ContractSource = SourceOf<typeof contractShape>;
