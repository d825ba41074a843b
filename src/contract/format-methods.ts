/** The methods of a contract: which members each takes follows from its row in METHODS. */
import { METHOD_NAMES, profileOf, type METHODS, type MethodName } from '../protocol/methods.ts';
import {
  deprecated,
  doc,
  errors,
  exempt,
  fields,
  headerFields,
  nonEmpty,
  path,
  statuses,
  tags,
  when,
} from './format-parts.ts';
import {
  anything,
  bool,
  choice,
  constant,
  integer,
  list,
  map,
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

const BATCH_ALIASES = { max: 'write `maxBatchSize`', batchSize: 'write `maxBatchSize`' };
const LIST_ALIASES = {
  max: 'write `paging: { kind: offset, max: … }`',
  size: 'write `paging: { kind: offset, size: … }`',
};
const ACTION_ALIASES = { on: 'write `level: entity` or `level: collection`', return: 'write `returns`' };
const METHOD_ALIASES = {
  description: 'write `doc`',
  parameters: 'write `params`',
  query: 'write `params`',
  queryParams: 'write `params`',
  responses: 'write `response` for successes, `errors` for the rest',
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

/** An advice names only what the method takes. */
function aliasesOf(method: MethodName): Readonly<Record<string, string>> {
  const { batchOf, returns } = profileOf(method);
  return {
    ...METHOD_ALIASES,
    ...(returns === 'collection' || returns === 'collections' ? LIST_ALIASES : {}),
    ...(batchOf === null ? {} : BATCH_ALIASES),
    ...(returns === 'value' ? ACTION_ALIASES : {}),
  };
}

const NAMED_THINGS = { q: 'a finder', bq: 'a batch finder', action: 'an action', ids: '', none: '' } as const;

function methodShape(method: MethodName): Shape {
  const { named, parameter } = profileOf(method);
  const members = operationMembers(method);
  const one = choice(`what ${method} promises`, {
    null: nothing,
    object: object(method, members, { see: 'methods', aliases: aliasesOf(method) }),
  });
  if (!named) return one;
  return map(`the name of ${NAMED_THINGS[parameter]}`, one, /^[A-Za-z_][A-Za-z0-9_]*$/, {
    min: 1,
    holds: { what: NAMED_THINGS[parameter], members: new Set(Object.keys(members)) },
  });
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
  return retyped(
    object('the methods', members, { open: false, see: 'methods', member: 'method', aliases: foreignMethodFixes() }),
  );
}

function foreignMethodFixes(): Record<string, string> {
  return Object.fromEntries([...FOREIGN_METHODS].map(([name, meant]) => [name, `write \`${meant}\``]));
}

/** What other protocols call them. */
export const FOREIGN_METHODS: ReadonlyMap<string, MethodName> = new Map([
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

export const methods = methodsShape();

export type ResponseSource = SourceOf<typeof response>;
export type ListMockSource = SourceOf<typeof listMock>;
export type ActionMockSource = SourceOf<typeof actionMock>;
/** Every member that any method takes; which of them it may be is the shape's to say. */
export type OperationSource = ObjectSource<typeof anyOperation>;
