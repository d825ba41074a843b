/**
 * Envelopes: the shapes around entities in bodies, each with its JSON Schema and the places of its keys, entities,
 * statuses and errors.
 *
 * Schemas have holes: where an entity or the metadata of a collection stands they refer to ENTITY and METADATA, which
 * `fillHoles` replaces. Request schemas are closed, for they check what a client sends; response schemas are open,
 * as every reader of the protocol must be.
 *
 * Source: protocol specification of Rest.li 2.0; validated against answers of the open-source server.
 */
import { isJsonArray, isJsonObject, jsonObject, memberOf, type Json, type JsonObject } from './json.ts';
import { escapeSegment } from './pointer.ts';

/** Shapes around entities in a request body. `none`: no body. */
export type RequestEnvelope = 'none' | 'entity' | 'elements' | 'entities' | 'patch' | 'patches' | 'params';

/**
 * Shapes around entities in a success body.
 * `batch` `{results, statuses?, errors}` · `statuses` `{results: {key: {status}}, errors}` · `collections` one result
 * per criteria · `created` no body, or the entity · `createdBatch` `{elements: [{status, id?, location?, error?}]}`.
 */
export type ResponseEnvelope =
  'none' | 'entity' | 'collection' | 'collections' | 'batch' | 'statuses' | 'created' | 'createdBatch' | 'value';

/** The hole where the entity's schema goes; with a projection every property of it is optional. */
export const ENTITY: JsonObject = { $ref: '#/$defs/Entity' };
/** The hole where the schema of a collection's metadata goes. */
export const METADATA: JsonObject = { $ref: '#/$defs/Metadata' };

/** The members of an error body. The protocol lets a server leave out any of them. */
export const ERROR_SCHEMA: JsonObject = {
  type: 'object',
  properties: {
    status: { type: 'integer', minimum: 100, maximum: 599 },
    code: { type: 'string' },
    message: { type: 'string' },
    serviceErrorCode: { type: 'integer' },
    docUrl: { type: 'string' },
    requestId: { type: 'string' },
    exceptionClass: { type: 'string' },
    stackTrace: { type: 'string' },
    errorDetailType: { type: 'string' },
    errorDetails: { type: 'object' },
  },
};

const STATUS: JsonObject = { type: 'integer', minimum: 100, maximum: 599 };

const LINK_SCHEMA: JsonObject = {
  type: 'object',
  properties: { rel: { type: 'string' }, href: { type: 'string' }, type: { type: 'string' } },
  required: ['rel', 'href', 'type'],
};

export const PAGING_SCHEMA: JsonObject = {
  type: 'object',
  properties: {
    start: { type: 'integer', minimum: 0 },
    count: { type: 'integer', minimum: 0 },
    total: { type: 'integer' },
    links: { type: 'array', items: LINK_SCHEMA },
  },
  required: ['start', 'count'],
};

const collectionMembers: JsonObject = {
  elements: { type: 'array', items: ENTITY },
  paging: PAGING_SCHEMA,
  metadata: METADATA,
};

const errorMap: JsonObject = { type: 'object', additionalProperties: ERROR_SCHEMA };

/** One node of a patch, as `PatchNode` of the definitions: it refers to itself. */
export const PATCH_NODE_SCHEMA: JsonObject = {
  type: 'object',
  properties: {
    $set: { type: 'object' },
    $delete: { type: 'array', items: { type: 'string' } },
    $reorder: {
      type: 'array',
      maxItems: 1,
      items: {
        type: 'object',
        properties: { $fromIndex: { type: 'integer', minimum: 0 }, $toIndex: { type: 'integer', minimum: 0 } },
        required: ['$fromIndex', '$toIndex'],
        additionalProperties: false,
      },
    },
  },
  patternProperties: { '^[^$]': { $ref: '#/$defs/PatchNode' }, '^$': { $ref: '#/$defs/PatchNode' } },
  additionalProperties: false,
};

const PATCH_SCHEMA = closed({ patch: { $ref: '#/$defs/PatchNode' } });

export interface EnvelopeProfile {
  readonly doc: string;
  /** JSON Schema 2020-12 with the holes Entity, Metadata and PatchNode; null: the body is empty. */
  readonly schema: JsonObject | null;
  /** Whether a body may be absent, zero bytes. */
  readonly mayBeEmpty: boolean;
  /** Where the entries are; see `entriesOf`. */
  readonly entries: EntryPlaces;
}

/** Where an envelope keeps what it says of each entity. */
export type EntryPlaces =
  | { readonly by: 'none' }
  /** The body is the entity. */
  | { readonly by: 'body' }
  /** An array under `member`; `item` tells what each item is. */
  | { readonly by: 'index'; readonly member: string; readonly item: 'entity' | 'status' | 'collection' }
  /** Maps by key; `value` tells what the map under `member` holds. */
  | { readonly by: 'key'; readonly member: string; readonly value: 'entity' | 'status' | 'patch' }
  /** A patch under `patch`. */
  | { readonly by: 'patch' };

// prettier-ignore
export const REQUEST_ENVELOPES: Readonly<Record<RequestEnvelope, EnvelopeProfile>> = {
  none:     { doc: 'no body', schema: null, mayBeEmpty: true, entries: { by: 'none' } },
  entity:   { doc: 'the whole entity', schema: ENTITY, mayBeEmpty: false, entries: { by: 'body' } },
  elements: { doc: '`elements`, the entities to create', mayBeEmpty: false, entries: { by: 'index', member: 'elements', item: 'entity' },
              schema: closed({ elements: { type: 'array', items: ENTITY } }) },
  entities: { doc: '`entities`, whole entities by key', mayBeEmpty: false, entries: { by: 'key', member: 'entities', value: 'entity' },
              schema: closed({ entities: { type: 'object', additionalProperties: ENTITY } }) },
  patch:    { doc: '`patch`, what changes', schema: PATCH_SCHEMA, mayBeEmpty: false, entries: { by: 'patch' } },
  patches:  { doc: '`entities`, a `patch` by key', mayBeEmpty: false, entries: { by: 'key', member: 'entities', value: 'patch' },
              schema: closed({ entities: { type: 'object', additionalProperties: PATCH_SCHEMA } }) },
  params:   { doc: 'the parameters of the action', schema: { type: 'object' }, mayBeEmpty: true, entries: { by: 'none' } },
};

// prettier-ignore
export const RESPONSE_ENVELOPES: Readonly<Record<ResponseEnvelope, EnvelopeProfile>> = {
  none:         { doc: 'no body, or the entity where the method returns it', schema: ENTITY, mayBeEmpty: true, entries: { by: 'body' } },
  entity:       { doc: 'the entity', schema: ENTITY, mayBeEmpty: false, entries: { by: 'body' } },
  created:      { doc: 'no body, or the entity where the method returns it', schema: ENTITY, mayBeEmpty: true, entries: { by: 'body' } },
  collection:   { doc: '`elements`, `paging`, `metadata`', mayBeEmpty: false, entries: { by: 'index', member: 'elements', item: 'entity' },
                  schema: open(collectionMembers, ['elements']) },
  collections:  { doc: '`elements`, one collection or error per criteria', mayBeEmpty: false, entries: { by: 'index', member: 'elements', item: 'collection' },
                  schema: open({ elements: { type: 'array', items: criteriaResult() } }, ['elements']) },
  batch:        { doc: '`results` by key, `errors` by key, perhaps `statuses`', mayBeEmpty: false, entries: { by: 'key', member: 'results', value: 'entity' },
                  schema: open({ results: { type: 'object', additionalProperties: ENTITY }, statuses: { type: 'object', additionalProperties: STATUS }, errors: errorMap }, ['results', 'errors']) },
  statuses:     { doc: '`results` with a status by key, `errors` by key', mayBeEmpty: false, entries: { by: 'key', member: 'results', value: 'status' },
                  schema: open({ results: { type: 'object', additionalProperties: open({ status: STATUS, error: ERROR_SCHEMA, entity: ENTITY }, ['status']) }, errors: errorMap }, ['results', 'errors']) },
  createdBatch: { doc: '`elements`, a status with id or error per entity, in the order sent', mayBeEmpty: false, entries: { by: 'index', member: 'elements', item: 'status' },
                  schema: open({ elements: { type: 'array', items: createStatus() } }, ['elements']) },
  value:        { doc: '`value`, what the action returns; no body for nothing', mayBeEmpty: true, entries: { by: 'none' },
                  schema: open({ value: true }, ['value']) },
};

/** Both tables under one name: `ENVELOPES.request[profile.sends]`, `ENVELOPES.response[profile.returns]`. */
export const ENVELOPES = { request: REQUEST_ENVELOPES, response: RESPONSE_ENVELOPES } as const;

/**
 * A schema with its holes filled, as one document: `$defs` holds them once, however often they are referred to.
 *
 * @param holes - schemas for Entity and Metadata; absent ones accept any record
 */
export function fillHoles(schema: JsonObject, holes: { readonly entity?: Json; readonly metadata?: Json }): JsonObject {
  const anyRecord: JsonObject = { type: 'object' };
  const definitions: JsonObject = {
    Entity: holes.entity ?? anyRecord,
    Metadata: holes.metadata ?? anyRecord,
    PatchNode: PATCH_NODE_SCHEMA,
  };
  return { ...schema, $defs: definitions };
}

/** What an envelope says of one entity. */
export interface Entry {
  /** The text of its key, as it stands in the body; null where entries have an order instead. */
  readonly key: string | null;
  readonly index: number | null;
  /** Its own status: of `statuses`, of its result or of its error; null if none is given. */
  readonly status: number | null;
  /** The entity; in `collections` the record of one criteria, in `patches` the patch without its wrapper. */
  readonly entity: Json | undefined;
  readonly error: Json | undefined;
  /** The key or id that the server says it gave. */
  readonly id: string | null;
  /** JSON Pointer of the entry in the body. */
  readonly pointer: string;
}

/**
 * The entries of a body: one per key or index, errors after results; a key that is in both maps comes twice.
 * Malformed parts yield no entry and never an exception: the schema reports them.
 */
export function entriesOf(envelope: EnvelopeProfile, body: Json | undefined): readonly Entry[] {
  const places = envelope.entries;
  if (body === undefined || places.by === 'none') return [];
  if (places.by === 'body') return [entry({ entity: body, pointer: '' })];
  if (places.by === 'patch') {
    const patch = memberOf(body, 'patch');
    return patch === undefined ? [] : [entry({ entity: patch, pointer: '/patch' })];
  }
  if (places.by === 'index') return itemsOf(body, places.member, places.item);
  return [...keyedOf(body, places.member, places.value), ...errorsOf(body)];
}

/** Whether an entry tells of a failure: it has an error, or a status from 400 on. */
export function isFailedEntry({ status, error }: Entry): boolean {
  return error !== undefined || (status !== null && status >= 400);
}

function itemsOf(body: Json, member: string, item: 'entity' | 'status' | 'collection'): readonly Entry[] {
  const items = memberOf(body, member);
  if (!isJsonArray(items)) return [];

  return items.map((value, index) => {
    const pointer = `/${member}/${index}`;
    if (item === 'entity') return entry({ index, entity: value, pointer });

    const error = memberOf(value, 'error');
    const status = statusOf(value) ?? statusOf(error);
    if (item === 'collection') return entry({ index, status, error, entity: value, pointer });
    const id = memberOf(value, 'id');
    return entry({
      index,
      status,
      error,
      entity: memberOf(value, 'entity'),
      id: typeof id === 'string' ? id : null,
      pointer,
    });
  });
}

function keyedOf(body: Json, member: string, value: 'entity' | 'status' | 'patch'): readonly Entry[] {
  const map = memberOf(body, member);
  if (!isJsonObject(map)) return [];

  const statuses = memberOf(body, 'statuses');
  return Object.entries(map).map(([key, held]) => {
    const pointer = `/${member}/${escapeSegment(key)}`;
    if (value === 'patch') return entry({ key, entity: memberOf(held, 'patch'), pointer });
    if (value === 'entity') return entry({ key, status: numberOrNull(memberOf(statuses, key)), entity: held, pointer });
    const error = memberOf(held, 'error');
    return entry({ key, status: statusOf(held), error, entity: memberOf(held, 'entity'), pointer });
  });
}

function errorsOf(body: Json): readonly Entry[] {
  const errors = memberOf(body, 'errors');
  if (!isJsonObject(errors)) return [];

  const statuses = memberOf(body, 'statuses');
  return Object.entries(errors).map(([key, error]) => {
    const status = statusOf(error) ?? numberOrNull(memberOf(statuses, key));
    return entry({ key, status, error, pointer: `/errors/${escapeSegment(key)}` });
  });
}

function entry(known: Partial<Entry> & { readonly pointer: string }): Entry {
  return { key: null, index: null, status: null, entity: undefined, error: undefined, id: null, ...known };
}

function statusOf(value: Json | undefined): number | null {
  return numberOrNull(memberOf(value, 'status'));
}

function numberOrNull(value: Json | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

/** A record that may hold more: what a server sends. */
function open(properties: JsonObject, required: readonly string[]): JsonObject {
  return { type: 'object', properties, required };
}

/** A record of exactly these members: what a client sends. */
function closed(properties: JsonObject): JsonObject {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

/** One result of a batch finder: a collection, or with `isError` an error and no elements. */
function criteriaResult(): JsonObject {
  const members = jsonObject([
    ...Object.entries(collectionMembers),
    ['isError', { type: 'boolean' }],
    ['error', ERROR_SCHEMA],
  ]);
  return {
    ...open(members, ['elements']),
    ...conditional(
      { properties: { isError: { const: true } }, required: ['isError'] },
      { required: ['error'], properties: { elements: { maxItems: 0 } } },
      { not: { required: ['error'] } },
    ),
  };
}

/** One result of a BATCH_CREATE: an error goes with a status from 400 on, and with no entity. */
function createStatus(): JsonObject {
  const members: JsonObject = {
    status: STATUS,
    id: { type: 'string' },
    location: { type: 'string' },
    error: ERROR_SCHEMA,
    entity: ENTITY,
  };
  return {
    ...open(members, ['status']),
    ...conditional(
      { required: ['error'] },
      { properties: { status: { minimum: 400 } }, not: { required: ['entity'] } },
      true,
    ),
  };
}

/** Made from entries, for a literal with a member `then` looks like a promise to tools. */
function conditional(when: JsonObject, then: JsonObject, otherwise: JsonObject | true): JsonObject {
  return jsonObject([
    ['if', when],
    ['then', then],
    ['else', otherwise],
  ]);
}
