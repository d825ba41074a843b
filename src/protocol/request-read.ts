/**
 * Reads a request from the wire in the order in which the open-source server does, and says where it would refuse it.
 *
 * Types are not known here: every scalar of a key or parameter comes back as its text. What a resource implements is
 * not known either: the method that a request reaches may be one that its resource lacks.
 */
import type { ProtocolVersion } from './dialects.ts';
import { isElementList, isElementRecord, type Element } from './encoding.ts';
import { HEADERS, headerValue, protocolOf } from './headers.ts';
import { checkKey, type Key, type KeyShape } from './keys.ts';
import { parseLegacyQuery, readLegacyKey } from './legacy.ts';
import { parseMask } from './projection.ts';
import { MASK_PARAMETERS, parseQuery, type Masks, type Query } from './query.ts';
import type { Level, RoutingParameter } from './methods.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { ResourceShape } from './request.ts';
import { walkPath, type Place } from './request-path.ts';
import { route, type Routed, type RoutingFacts } from './route.ts';
import { isTunnelled, untunnel, type WireRequest } from './tunnel.ts';

export interface ReadRequestOptions {
  /** Prefixes of the path that come before every resource, such as `/rest`; the longest that fits is taken off. */
  readonly bases?: readonly string[];
}

export interface ReadRequest extends Place {
  /** The keys of a batch as sent: in their order, repeated ones repeated (the server takes them once). */
  readonly ids: readonly Key[] | null;
  /** The members of `ids` that are no keys of the resource; the server answers an error for each. */
  readonly idProblems: readonly { readonly index: number; readonly message: string }[];
  /** The raw text of `ids`. */
  readonly idsText: string | null;
  /** The name of the finder, batch finder or action that counts for the method reached. */
  readonly name: string | null;
  /** Every parameter but the masks, decoded. */
  readonly query: ReadonlyMap<string, Element>;
  /** Every parameter's raw text. */
  readonly rawQuery: ReadonlyMap<string, string>;
  readonly routed: Routed;
  readonly facts: RoutingFacts;
  readonly masks: Masks;
  readonly protocol: ProtocolVersion;
  readonly tunnelled: boolean;
  /** The request itself, out of its tunnel if it had one. */
  readonly untunnelled: WireRequest;
}

/** Media types that the server can answer in. Source: the protocol's supported types. */
const ACCEPTED = [
  '*/*',
  'application/*',
  'application/json',
  'application/x-pson',
  'application/x-smile',
  'application/licor',
  'application/x-licor',
  'application/x-protobuf',
  'application/x-protobuf2',
];

/**
 * @param resources - every resource that may be meant; an array that stays the same is prepared once
 * @returns what the request says, with the method it reaches or the reason why it reaches none (`routed`), or the
 *   refusal that comes before routing; never throws
 */
export function readRequest(
  wire: WireRequest,
  resources: readonly ResourceShape[],
  options?: ReadRequestOptions,
): ReadRequest | Refusal {
  const tunnelled = isTunnelled(wire);
  let request = wire;
  if (tunnelled) {
    const out = untunnel(wire);
    if ('problem' in out) return refuse(out.problem.status, 'tunnel-malformed', out.problem.message, { part: 'body' });
    request = out.request;
  }

  const protocol = readProtocol(request);
  if (typeof protocol === 'object') return protocol;
  const query = readQuery(request, protocol);
  if ('reason' in query) return query;
  const accept = checkAccept(request);
  if (accept !== null) return accept;

  const place = walkPath(request.path, resources, protocol, options?.bases ?? []);
  if ('reason' in place) return place;
  const ids = readIds(query, place.resource, protocol);
  if ('reason' in ids) return ids;

  const facts = factsOf(request, place.level, query);
  const routed = route(facts);
  const masks = masksOf(query);
  if ('method' in routed) {
    const problem = checkMasks(masks, place.resource);
    if (problem !== null) return problem;
  }
  // Written out: spreads of this many members cost more than all the reading.
  return {
    resource: place.resource,
    level: place.level,
    parents: place.parents,
    key: place.key,
    partialKey: place.partialKey,
    ids: ids.ids,
    idProblems: ids.idProblems,
    idsText: ids.idsText,
    name: nameOf(facts, query),
    query: query.parameters,
    rawQuery: query.raw,
    routed,
    facts,
    masks,
    protocol,
    tunnelled,
    untunnelled: request,
  };
}

/** The value of a parameter that takes one text: the text, or the first of a list; null for an empty list or absence. */
export function singleValue(element: Element | undefined): string | null {
  if (element === undefined) return null;
  if (typeof element === 'string') return element;
  if (isElementList(element)) return singleValue(element[0]);
  return null;
}

function readProtocol(request: WireRequest): ProtocolVersion | Refusal {
  const header = headerValue(request.headers, HEADERS.protocol);
  const protocol = protocolOf(header);
  if (protocol === '1.0.0' || protocol === '2.0.0') return protocol;

  const at = { part: 'header', name: HEADERS.protocol } as const;
  if (protocol === null) {
    return refuse(400, 'protocol-unsupported', `protocol version ${header} is not supported (2.0.0 and 1.0.0 are)`, at);
  }
  return refuse(500, 'protocol-malformed', `\`${header}\` is no protocol version (three numbers, such as 2.0.0)`, at);
}

function readQuery(request: WireRequest, protocol: ProtocolVersion): Query | Refusal {
  const raw = request.query ?? '';
  const read = protocol === '2.0.0' ? parseQuery(raw) : parseLegacyQuery(raw);
  if (!('problem' in read)) return read;

  const { reason, name, message, column } = read.problem;
  return refuse(400, `query-${reason}`, message, { part: 'query', name, offset: column });
}

function checkAccept(request: WireRequest): Refusal | null {
  const header = headerValue(request.headers, HEADERS.accept);
  if (header === null || header === 'application/json' || header === '*/*') return null;

  const at = { part: 'header', name: HEADERS.accept } as const;
  let supported = false;
  for (const range of header.split(',')) {
    const type = (range.split(';', 1)[0] ?? '').trim().toLowerCase();
    if (!/^[^\s/;,]+\/[^\s/;,]+$/.test(type)) {
      return refuse(400, 'accept-malformed', `\`${range.trim()}\` in ${HEADERS.accept} is no media type`, at);
    }
    supported ||= ACCEPTED.includes(type);
  }
  if (supported) return null;
  return refuse(406, 'accept-unsupported', `none of \`${header}\` can be answered (application/json can)`, at);
}

type Ids = Pick<ReadRequest, 'ids' | 'idProblems' | 'idsText'>;

const NO_IDS: Ids = { ids: null, idProblems: [], idsText: null };

function readIds(query: Query, resource: ResourceShape, protocol: ProtocolVersion): Ids | Refusal {
  const element = query.parameters.get('ids');
  if (element === undefined) return NO_IDS;

  const shape = resource.key;
  const at = { part: 'query', name: 'ids' } as const;
  if (shape === null) {
    const status = resource.kind === 'simple' ? 500 : 400;
    return refuse(
      status,
      'ids-on-simple',
      `\`ids\` is sent to a ${resource.kind} resource, which has no keys`,
      at,
      resource,
    );
  }

  const idsText = query.raw.get('ids') ?? null;
  if (protocol === '1.0.0') {
    if (shape.kind === 'complex' && !isElementList(element)) {
      return refuse(500, 'ids-not-a-list', 'complex keys of protocol 1.0.0 are indexed, `ids[0].part=…`', at, resource);
    }
    return { ...readLegacyIds(element, shape), idsText };
  }
  if (!isElementList(element)) {
    return refuse(400, 'ids-not-a-list', '`ids` is no list (`ids=List(…)`)', at, resource);
  }

  const ids: Key[] = [];
  const idProblems: { index: number; message: string }[] = [];
  for (const [index, member] of element.entries()) {
    const checked = checkKey(member, shape);
    if ('key' in checked) ids.push(checked.key);
    else if (shape.kind === 'simple') return refuse(400, 'ids-member', checked.problem.message, at, resource);
    else {
      idProblems.push({ index, message: checked.problem.message });
      ids.push(asKey(member));
    }
  }
  return { ids, idProblems, idsText };
}

function readLegacyIds(element: Element, shape: KeyShape): Pick<Ids, 'ids' | 'idProblems'> {
  const members: readonly Element[] = isElementList(element) ? element : [element];
  const ids: Key[] = [];
  const idProblems: { index: number; message: string }[] = [];
  for (const [index, member] of members.entries()) {
    const read =
      typeof member === 'string' && shape.kind !== 'simple'
        ? readLegacyKey(member, shape, 'ids')
        : checkKey(member, shape);
    if ('key' in read) ids.push(read.key);
    else {
      idProblems.push({ index, message: read.problem.message });
      ids.push(asKey(member));
    }
  }
  return { ids, idProblems };
}

/** A member that is no key, kept so that `ids` has all of them; a list stands for its own text. */
function asKey(member: Element): Key {
  if (typeof member === 'string') return member;
  return isElementRecord(member) ? member : `List(${member.length} items)`;
}

function factsOf(request: WireRequest, level: Level, query: Query): RoutingFacts {
  const has = (name: RoutingParameter): boolean => {
    const element = query.parameters.get(name);
    return element !== undefined && (name === 'ids' || !isElementList(element) || element.length > 0);
  };
  return {
    verb: request.verb,
    level,
    parameters: { ids: has('ids'), q: has('q'), bq: has('bq'), action: has('action') },
    header: headerValue(request.headers, HEADERS.method),
  };
}

function nameOf(facts: RoutingFacts, query: Query): string | null {
  const { q, bq, action } = facts.parameters;
  const isPost = facts.verb.toUpperCase() === 'POST';
  const parameter = action && (isPost || !(q || bq)) ? 'action' : q ? 'q' : bq ? 'bq' : null;
  return parameter === null ? null : singleValue(query.parameters.get(parameter));
}

function masksOf(query: Query): Masks {
  let masks: Masks = NO_MASKS_READ;
  for (const name of MASK_PARAMETERS) {
    const text = query.raw.get(name);
    if (text !== undefined) masks = { ...masks, [name]: text };
  }
  return masks;
}

const NO_MASKS_READ: Masks = Object.freeze({});

function checkMasks(masks: Masks, resource: ResourceShape): Refusal | null {
  for (const name of MASK_PARAMETERS) {
    const text = masks[name];
    if (text === undefined) continue;
    const mask = parseMask(text);
    if (!('problem' in mask)) continue;
    return refuse(
      400,
      'mask-malformed',
      mask.problem.message,
      { part: 'query', name, offset: mask.problem.column },
      resource,
    );
  }
  return null;
}
