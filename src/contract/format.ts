/**
 * The contract file, format 1, member by member. The author's types, the published JSON Schema and the structural
 * check are all made from this page; `docs/contract-format.md` tells it in prose.
 */
import { METHOD_NAMES, profileOf, type METHODS, type MethodName } from '../protocol/methods.ts';
import {
  deprecated,
  doc,
  duration,
  errors,
  exempt,
  fields,
  headerFields,
  headerValues,
  key,
  nonEmpty,
  parentKey,
  path,
  statuses,
  status,
  tags,
  targets,
  version,
  when,
} from './format-parts.ts';
import {
  anything,
  bool,
  choice,
  constant,
  expected,
  integer,
  list,
  map,
  named,
  nothing,
  object,
  objectValue,
  optional,
  part,
  patch,
  required,
  retyped,
  text,
  type,
  word,
  type ObjectSource,
  type Shape,
  type SourceOf,
} from './shape.ts';

const positive = integer('a positive number', 1);

// prettier-ignore
const request = object('a request', {
  headers: optional(headerFields, 'Headers that every such request carries, by type.'),
  entity: optional(type, 'The entity as it is sent, inside the envelope.'),
  body: optional(part, 'The whole body instead of the envelope; false: none.'),
}, { see: 'methods' });

// prettier-ignore
const response = object('a response', {
  status: optional(statuses, 'Success statuses; default: those of the method.'),
  headers: optional(headerFields, 'Headers that the answer carries, by type.'),
  entity: optional(type, 'The entity as it is answered, inside the envelope.'),
  body: optional(part, 'The whole body instead of the envelope; false: none.'),
}, { see: 'methods', aliases: { key: 'write `key` at the top of the contract: the created key is checked against it' } });

// prettier-ignore
const common = {
  doc: optional(doc, 'Markdown.'),
  deprecated: optional(deprecated, 'true, or what to use instead.'),
  tags: optional(tags, 'Added to the tags of the contract.'),
  params: optional(fields, 'Query parameters beside the protocol\'s; on ACTION the members of the body.'),
  request: optional(request, 'What a request carries.'),
  response: optional(choice('a response or a list of them', { object: response, array: list(response, 1) }), 'The successes, picked by status.'),
  errors: optional(errors, 'Errors by status.'),
  exempt: optional(exempt, 'Rules that the resource does not promise by design, with the reason.'),
};
const projection = {
  projection: optional(
    word('a projection rule', ['optional', 'required', 'none']),
    'Whether `fields` may, must, must not be sent.',
    'optional',
  ),
};
const batch = { maxBatchSize: optional(positive, 'Most items in one request.') };
const returnEntity = { returnEntity: optional(bool, 'Answers the entity unless `$returnEntity=false`.', false) };
const upsert = { upsert: optional(bool, 'PUT on a missing key creates.', false) };

// prettier-ignore
const pagingObject = object('paging', {
  kind: required(word('a kind of paging', ['offset', 'cursor']), 'By `start` and `count`, or by `pageToken`.'),
  size: optional(positive, 'Items of a page when the request asks for no number.'),
  max: optional(positive, 'Most items of a page.'),
  total: optional(bool, 'Promises `paging.total`.', false),
});
const paging = choice('a kind of paging', {
  string: word('a kind of paging', ['none', 'offset', 'cursor']),
  object: pagingObject,
});

// prettier-ignore
const filterRule = object('a filter', {
  equals: optional(path, 'Parameter that the member equals.'),
  startsWith: optional(path, 'Parameter that the text begins with.'),
  contains: optional(path, 'Parameter that the text or list contains.'),
  min: optional(path, 'Parameter that is the least value.'),
  max: optional(path, 'Parameter that is the greatest value.'),
}, { open: false, min: 1, see: 'examples-and-mock' });

// prettier-ignore
const listMock = object('a list mock', {
  filter: optional(choice('false, or entity path -> parameter path', {
    boolean: constant(false),
    object: map('a path into the entity', choice('a parameter path or a filter', { string: path, object: filterRule }), /^[^/]/),
  }), 'How the mock picks elements; default: equal names.'),
  sort: optional(text('a member to sort by', { pattern: /^-?[A-Za-z_]/ }), 'Member to sort by; `-title` descending.'),
  elements: optional(list(objectValue), 'Fixed elements.'),
  metadata: optional(anything, 'Fixed metadata.'),
  when: optional(when, 'Only for requests that match.'),
}, { see: 'examples-and-mock' });

// prettier-ignore
const actionMock = object('an action mock', {
  value: optional(anything, 'Template of the value; default: generated from `returns`.'),
  patch: optional(patch, 'Done to the entity first.'),
  when: optional(when, 'Only for requests that match.'),
}, { see: 'examples-and-mock' });

const listed = {
  ...projection,
  paging: optional(paging, 'Allows `start`, `count` or `pageSize`, `pageToken`.', 'none'),
  metadata: optional(type, 'Type of the metadata of the answer.'),
  assocKeys: optional(list(nonEmpty, 1), 'Key parts that stand in the path of the list.'),
  mock: optional(
    choice('a list mock or a list of them', { object: listMock, array: list(listMock, 1) }),
    'How the mock answers.',
  ),
};

const METHOD_ALIASES = {
  max: 'write `maxBatchSize`',
  batchSize: 'write `maxBatchSize`',
  on: 'write `level: entity` or `level: collection`',
  description: 'write `doc`',
  parameters: 'write `params`',
  query: 'write `params`',
  queryParams: 'write `params`',
  responses: 'write `response` for successes, `errors` for the rest',
  return: 'write `returns`',
  headers: 'write `request: { headers: … }`',
};

// prettier-ignore
const criteria = {
  criteria: optional(fields, 'Members of one criterion.'),
  batchParam: optional(nonEmpty, 'Name of the list of criteria.', 'criteria'),
  finder: optional(nonEmpty, 'The finder of which this does many.'),
};
// prettier-ignore
const acted = {
  level: optional(word('a level', ['entity', 'collection']), 'Whether the path holds a key.', 'collection'),
  returns: optional(type, 'Type of the value; without it there is no body.'),
  readOnly: optional(bool, 'The action writes nothing.', false),
  mock: optional(choice('an action mock or a list of them', { object: actionMock, array: list(actionMock, 1) }), 'How the mock answers.'),
};

type Row<M extends MethodName> = (typeof METHODS)[M];
/** The members that a method takes, by what its row says: the same rules twice, for the compiler and at run time. */
type OperationMembers<M extends MethodName> = typeof common &
  (Row<M>['projects'] extends true ? typeof projection : unknown) &
  (Row<M>['batchOf'] extends null ? unknown : typeof batch) &
  (Row<M>['mayReturnEntity'] extends true ? typeof returnEntity : unknown) &
  (Row<M>['effect'] extends 'replaces' ? typeof upsert : unknown) &
  (Row<M>['returns'] extends 'collection' | 'collections' ? typeof listed : unknown) &
  (Row<M>['returns'] extends 'collections' ? typeof criteria : unknown) &
  (Row<M>['returns'] extends 'value' ? typeof acted : unknown);

function operationMembers(method: MethodName): Parameters<typeof object>[1] {
  const profile = profileOf(method);
  const lists = profile.returns === 'collection' || profile.returns === 'collections';
  return {
    ...common,
    ...(profile.projects ? projection : {}),
    ...(profile.batchOf === null ? {} : batch),
    ...(profile.mayReturnEntity ? returnEntity : {}),
    ...(profile.effect === 'replaces' ? upsert : {}),
    ...(lists ? listed : {}),
    ...(profile.returns === 'collections' ? criteria : {}),
    ...(profile.returns === 'value' ? acted : {}),
  };
}

type OwnMembers<M extends MethodName> = ObjectSource<OperationMembers<M>> | null;
/** `GET:` alone declares GET; finders, batch finders and actions are declared by name. */
export type MethodsSource = {
  readonly [M in MethodName]?:
    (Row<M>['named'] extends true ? Readonly<Record<string, OwnMembers<M>>> : OwnMembers<M>) | undefined;
};

function methodShape(method: MethodName): Shape {
  const one = choice(`what ${method} promises`, {
    null: nothing,
    object: object(method, operationMembers(method), { see: 'methods', aliases: METHOD_ALIASES }),
  });
  return profileOf(method).named ? map(`a name of ${method}`, one, /^[A-Za-z_][A-Za-z0-9_]*$/, { min: 1 }) : one;
}

function methodDoc(method: MethodName): string {
  const { verb, at, parameter, named } = profileOf(method);
  const where = at === 'either' ? 'a collection or an entity' : at === 'entity' ? 'an entity' : 'a collection';
  return `${verb} on ${where}${parameter === 'none' ? '' : `, with \`${parameter}\``}.${named ? ' Holds names.' : ' Empty is enough: the rest is known.'}`;
}

function methodsShape(): Shape<MethodsSource> {
  const members = Object.fromEntries(
    METHOD_NAMES.map((method) => [method, optional(methodShape(method), methodDoc(method))]),
  );
  return retyped(object('the methods', members, { open: false, see: 'methods', aliases: foreignMethodFixes() }));
}

function foreignMethodFixes(): Record<string, string> {
  return Object.fromEntries([...FOREIGN_METHODS].map(([name, meant]) => [name, `write \`${meant}\``]));
}

/** What other protocols call them. */
const FOREIGN_METHODS: ReadonlyMap<string, MethodName> = new Map([
  ['PATCH', single('patches')],
  ['PUT', single('replaces')],
  ['POST', single('creates')],
  ['REMOVE', single('removes')],
  ['READ', single('reads')],
]);

function single(effect: ReturnType<typeof profileOf>['effect']): MethodName {
  const found = METHOD_NAMES.find(
    (method) => profileOf(method).effect === effect && profileOf(method).batchOf === null,
  );
  return found ?? 'GET';
}

const anyOperation = {
  ...common,
  ...listed,
  ...batch,
  ...returnEntity,
  ...upsert,
  ...criteria,
  level: acted.level,
  returns: acted.returns,
  readOnly: acted.readOnly,
};

const methods = methodsShape();

// prettier-ignore
const outcome = object('an outcome', {
  status: optional(statuses, 'Status of the item.'),
  key: optional(expected, 'Created key of the item.'),
  entity: optional(expected, 'Entity of the item.'),
  elements: optional(expected, 'Elements of one criterion.'),
  paging: optional(expected, 'Paging of one criterion.'),
  metadata: optional(expected, 'Metadata of one criterion.'),
  error: optional(expected, 'Error body of the item.'),
}, { see: 'expectations' });
const outcomeShort = choice('a status or an outcome', { number: status, object: outcome });

// prettier-ignore
const expectation = object('an expectation', {
  status: optional(statuses, 'A status or a list of them.'),
  headers: optional(map('a header name', expected, /^/), 'Headers of the answer.'),
  key: optional(expected, 'The created key, decoded.'),
  body: optional(expected, 'The body; members not named are free.'),
  each: optional(choice('one outcome, or a list with one for each item', { number: status, object: outcome, array: list(outcomeShort) }), 'Outcome of each item, in the order of the request.'),
}, { min: 1, see: 'expectations', aliases: { entity: 'write `body`', statusCode: 'write `status`', code: 'write `status`, or `body: { code: … }`', value: 'write `body: { value: … }`' } });

// prettier-ignore
const raw = object('raw', {
  verb: optional(nonEmpty, 'HTTP verb instead of the method\'s.'),
  path: optional(text('a path'), 'Path after the base, byte for byte.'),
  query: optional(text('a query'), 'Query without `?`, byte for byte.'),
  body: optional(anything, 'Body: text byte for byte, anything else as JSON.'),
}, { min: 1, see: 'cases', aliases: { method: 'write `verb`', url: 'write `path` and `query`' } });

// prettier-ignore
const retry = object('a retry', {
  times: required(integer('a number of times', 1, 100), 'How often it is asked again.'),
  every: optional(duration, 'Pause between two tries.'),
  reason: required(nonEmpty, 'What lags behind, and why.'),
}, { see: 'cases' });

// prettier-ignore
const batchItem = object('an item of `entities`', {
  key: required(anything, 'Key of the item.'),
  entity: optional(objectValue, 'The entity (BATCH_UPDATE).'),
  patch: optional(patch, 'The patch (BATCH_PARTIAL_UPDATE).'),
}, { see: 'cases' });

// prettier-ignore
const asked = {
  method: required(word('a method', METHOD_NAMES, { code: 'contract/unknown-method', aliases: Object.fromEntries(FOREIGN_METHODS) }), 'What the request is meant to be.'),
  q: optional(nonEmpty, 'Name of the finder (FINDER).'),
  bq: optional(nonEmpty, 'Name of the batch finder (BATCH_FINDER).'),
  action: optional(nonEmpty, 'Name of the action (ACTION).'),
  key: optional(anything, 'Key of the entity; of several parts: part -> value.'),
  ids: optional(choice('a list of keys', { array: list(anything), string: text('a variable that holds the keys', { pattern: /^\$\{[^}]+\}$/ }) }), 'Keys of a batch.'),
  parents: optional(objectValue, 'Values of the variables of the path.'),
  entity: optional(objectValue, 'The entity that is sent.'),
  elements: optional(list(objectValue), 'The entities that are created (BATCH_CREATE).'),
  entities: optional(list(batchItem), 'Keys with entities or patches.'),
  patch: optional(patch, 'The patch that is sent.'),
  criteria: optional(list(objectValue), 'One record for each query (BATCH_FINDER).'),
  params: optional(objectValue, 'Parameters; on ACTION the body.'),
  fields: optional(text('a mask'), 'Mask as in the URL: `id,created:(time)`.'),
  metadataFields: optional(text('a mask'), 'Mask of the metadata.'),
  pagingFields: optional(text('a mask'), 'Mask of paging.'),
  headers: optional(headerValues, 'Sent exactly so; null leaves one out, a list sends it several times.'),
  protocol: optional(version, 'Encoded and sent in this version.'),
  tunnel: optional(bool, 'Sent as POST with `X-HTTP-Method-Override`.', false),
  raw: optional(raw, 'Replaces parts of the built request byte for byte.'),
  expect: optional(choice('a status or an expectation', { number: status, object: expectation }), 'What must come back; default: success.'),
  retry: optional(retry, 'Asks again until it holds.'),
  timeout: optional(duration, 'Instead of the run\'s.'),
  doc: optional(doc, 'Markdown.'),
};
const CASE_ALIASES = {
  finder: 'write `q`',
  batchFinder: 'write `bq`',
  id: 'write `key`',
  keys: 'write `ids`',
  description: 'write `doc`',
  query: 'write `params`',
  body: 'write `entity`, `elements`, `entities`, `patch` or `params`, whatever the method sends; `raw: { body: … }` for bytes',
  verb: 'write `raw: { verb: … }`',
  status: 'write `expect: 404` or `expect: { status: … }`',
  expected: 'write `expect`',
  response: 'write `expect`',
  only: 'select with `--case` instead',
};

// prettier-ignore
const selection = {
  tags: optional(tags, 'Words to select by.'),
  targets: optional(targets, 'Runs only on these targets.'),
  skip: optional(nonEmpty, 'Not run, for this reason.'),
};

export const caseShape = named('Case', () =>
  object(
    'a case',
    {
      name: required(text('a name', { pattern: /\S/ }), 'A fact about the resource; part of the id.'),
      ...asked,
      ...selection,
    },
    { see: 'cases', aliases: CASE_ALIASES },
  ),
);

const variable = /^[A-Za-z_][A-Za-z0-9_]*$/;
const place = text('a place in the answer', {
  pattern: /^(status|key|body|headers\/[^/]+|(body|each)\/.+)$/,
  hint: 'write `status`, `key`, `headers/NAME`, `body/PATH` or `each/0/key`',
});

export const stepShape = named('Step', () =>
  object(
    'a step',
    {
      name: optional(text('a name', { pattern: /\S/ }), 'What the step does.'),
      ...asked,
      resource: optional(nonEmpty, 'Resource of another contract of the run.'),
      capture: optional(
        map('a variable', place, variable, { min: 1 }),
        'Variable -> the place where its expectation would stand.',
      ),
    },
    { see: 'variables-and-flows', aliases: CASE_ALIASES },
  ),
);

// prettier-ignore
const flow = named('Flow', () => object('a flow', {
  name: required(text('a name', { pattern: /\S/ }), 'A fact about the resource; part of the id.'),
  steps: required(list(stepShape, 1), 'Run in order; the first that fails ends the flow.'),
  cleanup: optional(list(stepShape), 'Always runs, each of it.'),
  doc: optional(doc, 'Markdown.'),
  ...selection,
}, { see: 'variables-and-flows' }));

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
export type CaseSource = SourceOf<typeof caseShape>;
export type StepSource = SourceOf<typeof stepShape>;
export type FlowSource = SourceOf<typeof flow>;
export type ExpectationSource = SourceOf<typeof expectation>;
export type OutcomeSource = SourceOf<typeof outcome>;
export type ResponseSource = SourceOf<typeof response>;
export type WhenSource = SourceOf<typeof when>;
export type ListMockSource = SourceOf<typeof listMock>;
export type ActionMockSource = SourceOf<typeof actionMock>;
/** Every member that any method takes; which of them it may be is the shape's to say. */
export type OperationSource = ObjectSource<typeof anyOperation>;

/** The members of a case that carry the request, by what the method's profile says; the others are free. */
export function caseMembers(method: MethodName): {
  readonly needed: readonly string[];
  readonly allowed: readonly string[];
} {
  return CASE_MEMBERS[method];
}

/** Members whose presence the method decides. */
export const METHOD_MEMBERS = [
  'q',
  'bq',
  'action',
  'key',
  'ids',
  'entity',
  'elements',
  'entities',
  'patch',
  'criteria',
  'fields',
  'metadataFields',
  'pagingFields',
] as const;

const BODY = {
  none: null,
  entity: 'entity',
  elements: 'elements',
  entities: 'entities',
  patch: 'patch',
  patches: 'entities',
  params: null,
} as const;

function membersOf(method: MethodName): { readonly needed: readonly string[]; readonly allowed: readonly string[] } {
  const profile = profileOf(method);
  const needed: string[] = [];
  const allowed: string[] = [];
  const sent = BODY[profile.sends];

  if (profile.parameter === 'ids') {
    if (sent === null) needed.push('ids');
    else allowed.push('ids');
  } else if (profile.parameter !== 'none') needed.push(profile.parameter);
  if (profile.returns === 'collections') needed.push('criteria');
  if (sent !== null) needed.push(sent);

  const lists = profile.returns === 'collection' || profile.returns === 'collections';
  // At entity level the key is needed; whether the resource has keys at all is judged beside its kind.
  if (profile.at !== 'collection' || lists) allowed.push('key');
  if (profile.projects || profile.mayReturnEntity) allowed.push('fields');
  if (lists) allowed.push('metadataFields', 'pagingFields');
  return { needed, allowed: [...needed, ...allowed] };
}

const CASE_MEMBERS = Object.fromEntries(METHOD_NAMES.map((method) => [method, membersOf(method)])) as Record<
  MethodName,
  ReturnType<typeof membersOf>
>;
