/**
 * What the open-source server refuses, in its order and with its words, for the mode that behaves like it. Statuses of
 * 500 are its weaknesses, kept because clients meet them.
 *
 * Source: protocol reference, routing and errors, executed on that server.
 */
import type { Contract, Field, Operation } from '../contract/contract.ts';
import { isElementList, isElementRecord, type Element } from '../protocol/encoding.ts';
import { HEADERS, headerValue } from '../protocol/headers.ts';
import { isJsonArray, isJsonObject, memberOf, type Json } from '../protocol/json.ts';
import { keyText, readKey, type Key } from '../protocol/keys.ts';
import { parsePaging } from '../protocol/paging.ts';
import { profileOf } from '../protocol/methods.ts';
import type { ReadRequest, Refusal, RefusalReason } from '../protocol/request.ts';
import type { RouteRefusal } from '../protocol/route.ts';
import type { WireRequest } from '../protocol/tunnel.ts';
import { coerce } from '../schema/coerce.ts';
import type { Schema } from '../schema/schema.ts';
import { readBody } from '../verify/body.ts';
import { typedKey } from './lenient.ts';
import { factsOf } from './schema-facts.ts';
import { identityOf } from './state.ts';

/** `message` of null: the body has a status only. `unrouted`: raised before a method was found. */
export interface OssRefusal {
  readonly status: number;
  readonly message: string | null;
  readonly unrouted: boolean;
  /** Raised below the framework: plain text, or nothing, in place of an error body. */
  readonly isPlain: boolean;
}

const PLAIN: ReadonlySet<RefusalReason> = new Set(['tunnel-malformed', 'accept-malformed', 'protocol-malformed']);

/** The refusal of a request that cannot be read. */
export function ossUnread(refusal: Refusal, wire: WireRequest): OssRefusal {
  return { ...unrouted(refusal.status, REASONS[refusal.reason](refusal, wire)), isPlain: PLAIN.has(refusal.reason) };
}

/** The refusal of a body whose type cannot be read; null for any well-formed one, which is then taken for JSON. */
export function ossContentType({ headers, body }: WireRequest): OssRefusal | null {
  const type = headerValue(headers, HEADERS.contentType);
  if (type === null || body === null) return null;
  if (!/^\s*[^\s/;,]+\/[^\s/;,]+\s*(;.*)?$/.test(type)) {
    return { status: 400, message: 'Unable to parse content or accept types.', unrouted: true, isPlain: true };
  }
  if (!/^\s*multipart\/related\b/i.test(type)) return null;
  return { status: 415, message: 'The server takes no attachments.', unrouted: true, isPlain: true };
}

/** The refusal of a request that meets no method. */
export function ossUnrouted(refusal: RouteRefusal, read: ReadRequest): OssRefusal {
  const { verb } = read.untunnelled;
  if (refusal.refused === 'action-verb') {
    return unrouted(
      400,
      `All action methods (specified via 'action' in URI) must be submitted as a POST (was ${verb})`,
    );
  }
  return unrouted(400, `Method '${verb}' is not supported for URI '${uriOf(read.untunnelled)}'`);
}

/** The refusal of a method that the resource does not implement. */
export function ossUnimplemented(read: ReadRequest): OssRefusal {
  const wire = read.untunnelled;
  const uri = uriOf(wire);
  if (read.name !== null && 'method' in read.routed && profileOf(read.routed.method).named) {
    const type = read.resource.name.slice(read.resource.name.lastIndexOf('.') + 1);
    return unrouted(400, `${wire.verb} operation named ${read.name} not supported on resource '${type}' URI: '${uri}'`);
  }
  const header = headerValue(wire.headers, HEADERS.method) ?? '';
  return unrouted(400, `${wire.verb} operation not supported for URI: '${uri}' with X-RestLi-Method: '${header}'`);
}

/** The refusal of keys that have not the type of their resource; null when all have it. */
export function ossKeys(read: ReadRequest, contract: Contract): OssRefusal | null {
  const { key: type } = contract;
  const isLegacy = read.protocol === '1.0.0';
  const wrong = read.key !== null && type !== null ? partOfWrongType(read.key, type.parts) : null;
  if (wrong !== null && typeof read.key !== 'object') {
    const java = JAVA_TYPES.get(factsOf(wrong.type).format ?? '');
    const text = wrong.text;
    return unrouted(
      400,
      java === undefined ? `Key parameter value '${text}' is invalid` : `Key value '${text}' must be of type '${java}'`,
    );
  }
  if (wrong !== null && type?.shape.kind === 'compound') {
    const segment = read.untunnelled.path.slice(read.untunnelled.path.lastIndexOf('/') + 1);
    return unrouted(400, `input ${segment} is not a Compound key`);
  }
  if (read.query.has('altkey')) {
    const name = read.resource.name.slice(read.resource.name.lastIndexOf('.') + 1);
    return unrouted(
      400,
      `Resource '${name}' does not contain alternative key named '${textOf(read.query.get('altkey'))}'.`,
    );
  }
  if (isLegacy || type?.shape.kind !== 'simple') return null;
  for (const id of read.ids ?? []) {
    const bad = partOfWrongType(id, type.parts);
    if (bad !== null) return unrouted(400, `NumberFormatException parsing batch key '${bad.text}'`);
  }
  return null;
}

/** The members of `ids` that are no keys, where the server answers for each of them. */
export function ossBadKeys(read: ReadRequest, contract: Contract): ReadonlySet<string> {
  const bad = new Set<string>();
  for (const { index } of read.idProblems) {
    const id = read.ids?.[index];
    if (id !== undefined) bad.add(identityOf(id));
  }
  if (contract.key === null) return bad;
  for (const id of read.ids ?? []) if (partOfWrongType(id, contract.key.parts) !== null) bad.add(identityOf(id));
  return bad;
}

/** The refusal of a body that is missing or no JSON object; null when the method can go on. */
export function ossBody(read: ReadRequest, operation: Operation): OssRefusal | null {
  const { body } = read.untunnelled;
  const { sends } = profileOf(operation.method);
  if (body === null || body.byteLength === 0) {
    if (sends === 'none' || sends === 'params') return null;
    return routed(400, `Empty entity body is not allowed for ${operation.method.toLowerCase()} method request`);
  }
  return isJsonObject(readBody(body).value) ? null : routed(400, 'Cannot parse request entity');
}

/** The refusal of parameters: of paging, of a batch finder's list, of the operation's own. */
export function ossParams(read: ReadRequest, operation: Operation, body: Json | undefined): OssRefusal | null {
  const { returns, sends, mayReturnEntity } = profileOf(operation.method);
  if (returns === 'collection' || returns === 'collections') {
    const paging = parsePaging(read.query);
    if ('problem' in paging) {
      const isNegative = paging.problem.message.includes('negative');
      return routed(
        400,
        isNegative ? 'start/count parameters must be non-negative' : 'Invalid (non-integer) start/count parameters',
      );
    }
  }
  const returnEntity = read.query.get('$returnEntity');
  if (
    mayReturnEntity &&
    operation.returnEntity &&
    returnEntity !== undefined &&
    !/^(true|false)$/i.test(textOf(returnEntity))
  ) {
    return routed(400, `Invalid "$returnEntity" parameter: ${textOf(returnEntity)}`);
  }
  if (returns === 'collections') {
    const criteria = read.query.get(operation.batchParam);
    if (criteria === undefined) return routed(400, `Parameter '${operation.batchParam}' is required`);
    if (!isElementList(criteria)) return routed(500, castText(classOf(criteria), DATA_LIST));
  }
  for (const part of operation.assocKeys) {
    if (memberOf(read.partialKey ?? undefined, part) === undefined)
      return routed(400, `Parameter '${part}' is required`);
  }
  for (const field of operation.params.values()) {
    const refusal =
      sends === 'params'
        ? actionParam(field, body, operation)
        : queryParam(field, read.query.get(field.name), read.protocol === '1.0.0');
    if (refusal !== null) return refusal;
  }
  return null;
}

/** The refusal of a batch whose body and URL name other keys. */
export function ossBatch(read: ReadRequest, contract: Contract, body: Json | undefined): OssRefusal | null {
  const shape = contract.key?.shape;
  const entities = memberOf(body, 'entities');
  if (shape === undefined || read.ids === null || !isJsonObject(entities)) return null;

  const ids = new Set(read.ids.map((id) => identityOf(typedKey(id, contract.key))));
  const named = new Set<string>();
  for (const name of Object.keys(entities)) {
    const key = readKey(name, shape, 'body', read.protocol);
    if (
      'problem' in key ||
      (shape.kind === 'simple' && partOfWrongType(key.key, contract.key?.parts ?? new Map()) !== null)
    ) {
      return routed(400, `Invalid key: '${name}'`);
    }
    const identity = identityOf(typedKey(key.key, contract.key));
    if (!ids.has(identity))
      return routed(400, `Batch request mismatch. Entity key '${name}' not found in the query parameter.`);
    if (named.has(identity)) return routed(400, `Duplicate key in batch request body: '${name}'`);
    named.add(identity);
  }
  if (named.size === ids.size) return null;
  return routed(
    400,
    `Batch request mismatch. URI keys: '[${[...ids].join(', ')}]' Entity keys: '[${[...named].join(', ')}]'`,
  );
}

/** Whether a scalar of a URL is no value of its type, as Java parses it: only numbers can fail. */
function fails(text: string, type: Schema): boolean {
  return 'problem' in coerce(type, text);
}

function partOfWrongType(
  key: Key,
  parts: ReadonlyMap<string, Schema>,
): { readonly type: Schema; readonly text: string } | null {
  for (const [name, type] of parts) {
    const value = isJsonObject(key) ? key[name] : key;
    if (typeof value === 'string' && fails(value, type)) return { type, text: value };
  }
  return null;
}

/** @param loneItems - whether a single value is a list of one, as 1.0.0 writes it */
function queryParam(field: Field, sent: Element | undefined, loneItems: boolean): OssRefusal | null {
  if (sent === undefined) return field.required ? routed(400, `Parameter '${field.name}' is required`) : null;
  if (typeof field.type === 'boolean') return null;
  const { type } = factsOf(field.type);
  if (type === 'array')
    return isElementList(sent) || (loneItems && typeof sent === 'string')
      ? null
      : routed(400, `Invalid value type for parameter ${field.name}`);
  const text = isElementList(sent) ? sent[0] : sent;
  if (typeof text !== 'string' || !fails(text, field.type)) return null;
  return routed(
    400,
    `Argument parameter '${field.name}' value '${text}' must be of type '${JAVA_TYPES.get(factsOf(field.type).format ?? '') ?? type}'`,
  );
}

function actionParam(field: Field, body: Json | undefined, operation: Operation): OssRefusal | null {
  const sent = memberOf(body, field.name);
  if (sent === undefined) return field.required ? routed(400, `Parameter '${field.name}' is required`) : null;
  if (typeof field.type === 'boolean' || isOfType(sent, factsOf(field.type).type)) return null;
  return routed(
    400,
    `Parameters of method '${operation.name}' failed validation with error 'ERROR :: /${field.name} :: ${keyTextOf(sent)} cannot be coerced'`,
  );
}

function isOfType(value: Json, type: string | null): boolean {
  if (type === 'integer' || type === 'number') return typeof value === 'number' || typeof value === 'bigint';
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isJsonObject(value);
  return type === null || typeof value === type;
}

function keyTextOf(value: Json): string {
  return value === null || isJsonArray(value) ? 'value' : keyText(value);
}

function textOf(element: Element | undefined): string {
  if (element === undefined) return '';
  if (typeof element === 'string') return element;
  return isElementList(element) ? textOf(element[0]) : '{}';
}

function classOf(element: Element): string {
  return isElementRecord(element) ? DATA_MAP : STRING;
}

const STRING = 'java.lang.String';
const DATA_MAP = 'com.linkedin.data.DataMap';
const DATA_LIST = 'com.linkedin.data.DataList';

/** What the JVM says of a cast that fails. */
function castText(from: string, to: string): string {
  const unnamed = "unnamed module of loader 'app'";
  const where =
    from === STRING
      ? `${from} is in module java.base of loader 'bootstrap'; ${to} is in ${unnamed}`
      : `${from} and ${to} are in ${unnamed}`;
  return `class ${from} cannot be cast to class ${to} (${where})`;
}

/** Path and query as the messages repeat them. */
function uriOf({ path, query }: WireRequest): string {
  return query === null ? path : `${path}?${query}`;
}

const JAVA_TYPES: ReadonlyMap<string, string> = new Map([
  ['int32', 'java.lang.Integer'],
  ['int64', 'java.lang.Long'],
  ['float', 'java.lang.Float'],
  ['double', 'java.lang.Double'],
]);

const querySyntax = (_: Refusal, wire: WireRequest): string => `Invalid query parameters syntax: ${uriOf(wire)}`;
const segmentAt = ({ at }: Refusal, { path }: WireRequest): string => path.slice(at.offset ?? 0).split('/')[0] ?? '';
const TYPES =
  'application/licor, application/x-licor, application/x-smile, application/x-protobuf, application/x-protobuf2, application/x-pson, application/json';

const REASONS: Readonly<Record<RefusalReason, (refusal: Refusal, wire: WireRequest) => string | null>> = {
  'tunnel-malformed': ({ message }) => message,
  'protocol-malformed': () => null,
  'protocol-unsupported': (_, { headers }) =>
    `Rest.li protocol version ${headerValue(headers, HEADERS.protocol) ?? ''} used by the client is not supported!`,
  'query-syntax': querySyntax,
  'query-repeated': querySyntax,
  'query-empty': querySyntax,
  'accept-malformed': () => 'Unable to parse content or accept types.',
  'accept-unsupported': () =>
    `None of the types in the request's 'Accept' header are supported. Supported MIME types are: [${TYPES}][]`,
  'root-unknown': (refusal, wire) =>
    /^\/*$/.test(wire.path) ? null : `No root resource defined for path '/${segmentAt(refusal, wire)}'`,
  'sub-resource-unknown': () => null,
  'path-extra': () => null,
  'path-malformed': ({ message }) => message,
  'key-malformed': (refusal, wire) => `input ${segmentAt(refusal, wire)} is not a Compound key`,
  'key-not-a-record': () => castText(STRING, DATA_MAP),
  'key-incomplete': (refusal, wire) => `Incomplete key before '${segmentAt(refusal, wire)}'`,
  'key-on-actions-set': ({ resource }, wire) =>
    `Path key not supported on resource '${resource?.name ?? ''}' for URI '${uriOf(wire)}'`,
  'ids-not-a-list': ({ status }) =>
    status === 500 ? castText(STRING, DATA_LIST) : 'Invalid value type for parameter ids',
  'ids-member': () => 'Batch key parameter value is invalid',
  'ids-on-simple': () => 'Cannot invoke "com.linkedin.restli.server.Key.getDataSchema()" because "<local9>" is null',
  'mask-malformed': () => 'error parsing mask',
};

function unrouted(status: number, message: string | null): OssRefusal {
  return { status, message, unrouted: true, isPlain: false };
}

function routed(status: number, message: string | null): OssRefusal {
  return { status, message, unrouted: false, isPlain: false };
}
