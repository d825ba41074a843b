/** Where a request is addressed: its contract, dialect and base, and the parts of its request line. */
import type { Contract } from '../contract/contract.ts';
import { DIALECTS, type Dialect } from '../protocol/dialects.ts';
import { HEADERS, headerValue } from '../protocol/headers.ts';
import { isJsonObject, memberOf, type Json } from '../protocol/json.ts';
import {
  readRequest,
  type ReadRequest,
  type Refusal,
  type ResourceShape,
  type WireRequest,
} from '../protocol/request.ts';
import type { IncomingRequest } from './sent.ts';

/** Which dialect holds, and what else stands before the path of a resource. */
export interface Addressing {
  /** Dialects by name; a contract's is looked up here, `restli` and `linkedin` are always known. */
  readonly dialects: ReadonlyMap<string, Dialect>;
  /** In the place of every contract's dialect: its name, or the dialect itself. */
  readonly dialect?: string | Dialect;
  /** A further prefix of paths, beside the bases of the dialects. */
  readonly basePath?: string;
}

/** The parts of a request line; scheme, host and fragment do not count. */
export function wireOf({ verb, target, headers, body }: IncomingRequest): WireRequest {
  const local = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.test(target)
    ? target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '')
    : target;
  const bare = local.split('#', 1)[0] ?? '';
  const question = bare.indexOf('?');
  const path = question < 0 ? bare : bare.slice(0, question);
  return {
    verb,
    path: path === '' ? '/' : path,
    query: question < 0 ? null : bare.slice(question + 1),
    headers,
    body: body === null || body.length === 0 ? null : body,
  };
}

/** LinkedIn's older way to ask for fields, which joins other entities in; no element of the protocol, and deprecated. */
export const DECORATION = 'projection';

/** The request without its decoration, which the protocol cannot read; of a tunnelled one its form holds it. */
export function withoutDecoration(wire: WireRequest): WireRequest {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(headerValue(wire.headers, HEADERS.contentType) ?? '');
  const form = isForm && wire.body !== null ? undecorated(Buffer.from(wire.body).toString('latin1')) : null;
  return {
    ...wire,
    query: wire.query === null ? null : undecorated(wire.query),
    body: form === null ? wire.body : Buffer.from(form, 'latin1'),
  };
}

function undecorated(query: string): string | null {
  const kept = query.split('&').filter((part) => !part.startsWith(`${DECORATION}=`));
  return kept.length === 0 ? null : kept.join('&');
}

/** Contracts by the shapes that the codec knows them by. */
export interface Book {
  readonly shapes: readonly ResourceShape[];
  readonly byShape: ReadonlyMap<ResourceShape, Contract>;
}

const books = new WeakMap<readonly Contract[], Book>();

/** Made once for the same array. */
export function bookOf(contracts: readonly Contract[]): Book {
  const known = books.get(contracts);
  if (known !== undefined) return known;
  const book = {
    shapes: contracts.map(({ shape }) => shape),
    byShape: new Map(contracts.map((contract) => [contract.shape, contract])),
  };
  books.set(contracts, book);
  return book;
}

/** Whose path it is, also when the request is refused for something that has nothing to do with its path. */
export function contractOf(
  read: ReadRequest | Refusal,
  wire: WireRequest,
  { shapes, byShape }: Book,
  bases: readonly string[],
): Contract | null {
  if (!('reason' in read)) return byShape.get(read.resource) ?? null;
  if (read.resource !== null) return byShape.get(read.resource) ?? null;
  const place = readRequest(
    { verb: 'GET', path: wire.path, query: null, headers: [[HEADERS.protocol, '2.0.0']], body: null },
    shapes,
    { bases },
  );
  const shape = place.resource;
  return shape === null ? null : (byShape.get(shape) ?? null);
}

/** The dialect that holds for a contract: the override, else its own. */
export function dialectOf(contract: Contract | null, { dialects, dialect }: Addressing): Dialect {
  if (dialect !== undefined && typeof dialect !== 'string') return dialect;
  const name = dialect ?? contract?.dialect ?? DIALECTS.restli.name;
  return dialects.get(name) ?? (name === DIALECTS.linkedin.name ? DIALECTS.linkedin : DIALECTS.restli);
}

/** Every prefix that may stand before the path of one of the contracts. */
export function basesOf(contracts: readonly Contract[], options: Addressing): readonly string[] {
  const bases = new Set(options.basePath === undefined || options.basePath === '' ? [] : [options.basePath]);
  for (const contract of contracts) for (const base of dialectOf(contract, options).bases) bases.add(base);
  return [...bases];
}

/** The longest base that the path stands under. */
export function baseOf(path: string, { bases }: Dialect, basePath: string | undefined): string | null {
  let longest: string | null = null;
  for (const base of basePath === undefined || basePath === '' ? bases : [...bases, basePath]) {
    if (
      base.length > (longest?.length ?? 0) &&
      path.startsWith(base) &&
      (path.length === base.length || path[base.length] === '/')
    )
      longest = base;
  }
  return longest;
}

/** Versions that a request may carry; the contract's own first. */
export function acceptedBy(contract: Contract | null, dialect: Dialect): readonly string[] {
  const own = contract?.protocol ?? null;
  return own === null ? dialect.protocol : [own, ...dialect.protocol.filter((version) => version !== own)];
}

const structured = new WeakMap<Contract, ReadonlySet<string>>();

/** Names of parameters that any operation declares; a dotted or repeated one of them is protocol 1.0. */
export function structuredNames(contract: Contract | null): ReadonlySet<string> {
  if (contract === null) return NO_NAMES;
  const known = structured.get(contract);
  if (known !== undefined) return known;
  const names = new Set<string>(['ids']);
  for (const operation of contract.operations) {
    if (operation.criteria.size > 0) names.add(operation.batchParam);
    for (const [name, { type }] of operation.params) {
      if (typeof type !== 'boolean' && isStructuredSchema(type.json)) names.add(name);
    }
  }
  structured.set(contract, names);
  return names;
}

const NO_NAMES: ReadonlySet<string> = new Set(['ids']);

/** References may lead anywhere, so that they count as structured. */
function isStructuredSchema(json: Json): boolean {
  if (!isJsonObject(json)) return false;
  const type = memberOf(json, 'type');
  return (
    type === 'array' ||
    type === 'object' ||
    memberOf(json, '$ref') !== undefined ||
    memberOf(json, 'properties') !== undefined
  );
}
