/**
 * A request as it is meant, and the same on the wire.
 *
 * `buildRequest` is made of `buildPath`, `buildQuery`, `buildHeaders` and `buildBody`, so that whoever needs one part
 * raw replaces that part and keeps the rest. `request-read.ts` goes the other way.
 */
import type { ProtocolVersion } from './dialects.ts';
import type { RequestEnvelope } from './envelopes.ts';
import { HEADERS, isSameHeader, type HeaderLines } from './headers.ts';
import { encodeElement, percentEncode } from './encoding.ts';
import { isJsonArray, jsonObject, stringifyJson, type Json, type JsonObject } from './json.ts';
import { writeKey, type BatchKeys, type Key, type KeyShape } from './keys.ts';
import { legacyProblem, writeLegacyIds, writeLegacyKey, writeLegacyQuery } from './legacy.ts';
import { profileOf, type MethodName, type ResourceKind } from './methods.ts';
import { joinSorted, writeQuery, type Masks } from './query.ts';
import { tunnel, type WireRequest } from './tunnel.ts';

export { readRequest } from './request-read.ts';
export type { ReadRequest } from './request-read.ts';
export type { Refusal, RefusalReason } from './refusal.ts';
export type { WireRequest } from './tunnel.ts';

/** One segment of a resource's path: its own name, or the key of a parent under the name of its variable. */
export type PathSegment = { readonly literal: string } | { readonly variable: string; readonly key: KeyShape };

/** Where a resource lives and how its keys look. `segments` lead to its bare path; its own key comes after them. */
export interface ResourceShape {
  readonly name: string;
  readonly segments: readonly PathSegment[];
  readonly kind: ResourceKind;
  /** Null for kinds without keys. */
  readonly key: KeyShape | null;
}

export interface RestliRequest {
  readonly method: MethodName;
  readonly resource: ResourceShape;
  /** The keys of the parents by the names of their variables. */
  readonly parents: ReadonlyMap<string, Key>;
  /** The entity's key; null at collection level and on simple resources. */
  readonly key: Key | null;
  /** Parts of a compound key that stay in the path at collection level (a finder's assoc keys). */
  readonly partialKey: JsonObject | null;
  /** The keys of a batch, in order; null for methods without `ids`. */
  readonly ids: readonly Key[] | null;
  /** The name after `q=`, `bq=` or `action=`. */
  readonly name: string | null;
  /** The parameter that holds the criteria of a batch finder, and the criteria. */
  readonly batchParam: string | null;
  readonly criteria: readonly Json[] | null;
  /** Every other query parameter. A whole number whose type is double comes as text (`formatDouble`). */
  readonly params: ReadonlyMap<string, Json>;
  readonly masks: Masks;
  readonly protocol: ProtocolVersion;
  /**
   * What goes into the method's envelope: the entity; the entities of a BATCH_CREATE; the patch without its wrapper;
   * for batches by key the entities or patches in the order of `ids`, or a record by key text, taken as it is; the
   * parameters of an action. Undefined: no body.
   */
  readonly body: Json | undefined;
  /** How keys are written in the body; see `BatchKeys`. */
  readonly bodyKeys: BatchKeys;
  /** Added last: they replace lines of the same name; null leaves the line out. Two of one name are both sent. */
  readonly headers: readonly (readonly [string, string | null])[];
  readonly tunnel: boolean;
}

/** The bytes of a request as it is meant. */
export function buildRequest(meant: RestliRequest): WireRequest {
  const query = buildQuery(meant);
  const body = buildBody(meant);
  const request: WireRequest = {
    verb: profileOf(meant.method).verb,
    path: buildPath(meant),
    query: query === '' ? null : query,
    headers: buildHeaders(meant, body !== null),
    body,
  };
  return meant.tunnel ? tunnel(request) : request;
}

/**
 * Why a request cannot be written in its protocol, or null. Protocol 1.0.0 is covered as far as it was observed; ask
 * before building, for a value without text there would be left out of the bytes.
 */
export function notCovered(meant: RestliRequest): string | null {
  if (meant.protocol === '2.0.0') return null;

  const keys = [...meant.parents.values(), meant.key, ...(meant.ids ?? []), meant.criteria];
  const values = [...keys.filter((value) => value !== null), ...meant.params.values()];
  for (const value of values) {
    const problem = legacyProblem(value);
    if (problem !== null) return problem;
  }
  return meant.ids?.length === 0 ? 'protocol 1.0.0 has no text for an empty `ids`' : null;
}

/** The raw path: the resource's segments with the parents' keys, then the key or partial key. A parent without a key is an empty segment. */
export function buildPath(
  meant: Pick<RestliRequest, 'resource' | 'parents' | 'key' | 'partialKey' | 'protocol'>,
): string {
  const { resource, protocol } = meant;
  let path = '';
  for (const segment of resource.segments) {
    if ('literal' in segment) path += `/${percentEncode(segment.literal, 'segment')}`;
    else {
      const key = meant.parents.get(segment.variable);
      path += key === undefined ? '/' : `/${writeKey(key, segment.key, 'path', protocol)}`;
    }
  }

  if (meant.key !== null) return `${path}/${writeKey(meant.key, resource.key ?? { kind: 'simple' }, 'path', protocol)}`;
  if (meant.partialKey === null) return path;
  if (protocol === '2.0.0') return `${path}/${encodeElement(meant.partialKey, 'path')}`;
  return `${path}/${writeLegacyKey(meant.partialKey, resource.key ?? { kind: 'simple' }, 'path')}`;
}

/** The raw query without `?`, sorted by name; '' when there is none. */
export function buildQuery(meant: RestliRequest): string {
  const { parameter } = profileOf(meant.method);
  const parameters: [string, Json][] = [...meant.params];
  if (parameter !== 'none' && parameter !== 'ids' && meant.name !== null) parameters.push([parameter, meant.name]);
  if (meant.batchParam !== null && meant.criteria !== null) parameters.push([meant.batchParam, meant.criteria]);
  if (meant.ids === null) {
    if (parameters.length === 0 && meant.masks === NO_MASKS) return '';
    return meant.protocol === '2.0.0' ? writeQuery(parameters, meant.masks) : writeLegacyQuery(parameters, meant.masks);
  }

  const shape = meant.resource.key ?? { kind: 'simple' };
  if (meant.protocol === '1.0.0') {
    const rest = writeLegacyQuery(parameters);
    return joinSorted([...writeLegacyIds(meant.ids, shape), ...namedParts(rest)], meant.masks);
  }
  const ids = `ids=List(${meant.ids.map((id) => writeKey(id, shape, 'ids', '2.0.0')).join(',')})`;
  return joinSorted([['ids', ids], ...namedParts(writeQuery(parameters))], meant.masks);
}

/** For `masks` of a request that projects nothing. */
export const NO_MASKS: Masks = Object.freeze({});

/** The header lines: version, method, `Accept`, with a body `Content-Type`, then the request's own. */
export function buildHeaders(
  meant: Pick<RestliRequest, 'method' | 'protocol' | 'headers'>,
  hasBody: boolean,
): HeaderLines {
  const lines: (readonly [string, string])[] = [
    [HEADERS.protocol, meant.protocol],
    [HEADERS.method, meant.method],
    [HEADERS.accept, 'application/json'],
  ];
  if (hasBody) lines.push([HEADERS.contentType, 'application/json']);
  if (meant.headers.length === 0) return lines;

  const kept = lines.filter(([name]) => !meant.headers.some(([other]) => isSameHeader(name, other)));
  for (const [name, value] of meant.headers) if (value !== null) kept.push([name, value]);
  return kept;
}

const utf8 = new TextEncoder();

/** The bytes of the body, or null for none. */
export function buildBody(
  meant: Pick<RestliRequest, 'method' | 'body' | 'ids' | 'resource' | 'protocol' | 'bodyKeys'>,
): Uint8Array | null {
  const value = buildEnvelope(meant);
  return value === undefined ? null : utf8.encode(stringifyJson(value));
}

/** The body as a value, in the envelope that the method sends. */
export function buildEnvelope(
  meant: Pick<RestliRequest, 'method' | 'body' | 'ids' | 'resource' | 'protocol' | 'bodyKeys'>,
): Json | undefined {
  if (meant.body === undefined) return undefined;

  const envelope = profileOf(meant.method).sends;
  return WRAP[envelope](meant.body, (index) => {
    const id = meant.ids?.[index];
    if (id === undefined) return null;
    return writeKey(id, meant.resource.key ?? { kind: 'simple' }, 'body', meant.protocol, {
      batchKeys: meant.bodyKeys,
    });
  });
}

/** How each envelope holds what it is given. `keyAt`: the text of the batch's key at that index. */
const WRAP: Readonly<Record<RequestEnvelope, (body: Json, keyAt: (index: number) => string | null) => Json>> = {
  none: (body) => body,
  entity: (body) => body,
  params: (body) => body,
  patch: (body) => ({ patch: body }),
  elements: (body) => (isJsonArray(body) ? { elements: body } : body),
  entities: (body, keyAt) => byKey(body, keyAt, (entity) => entity),
  patches: (body, keyAt) => byKey(body, keyAt, (patch) => ({ patch })),
};

function byKey(body: Json, keyAt: (index: number) => string | null, wrap: (item: Json) => Json): Json {
  if (!isJsonArray(body)) {
    if (typeof body !== 'object' || body === null) return body;
    return { entities: jsonObject(Object.entries(body).map(([key, item]) => [key, wrap(item)])) };
  }

  const entities: [string, Json][] = [];
  body.forEach((item, index) => {
    const key = keyAt(index);
    if (key !== null) entities.push([key, wrap(item)]);
  });
  return { entities: jsonObject(entities) };
}

/** The parts of a query that is written already, each with the name it sorts by. */
function namedParts(query: string): readonly (readonly [string, string])[] {
  if (query === '') return [];
  return query.split('&').map((part): readonly [string, string] => [part.slice(0, part.indexOf('=')), part]);
}
