/**
 * The judge of requests: what a client sent, against the wire, the dialect and the contract.
 *
 * One cause, one finding: what a broken escape or a lost header entails is not told again as a wrong type or a missing
 * key. Pure; never throws.
 */
import type { Contract, Operation } from '../contract/contract.ts';
import { DIALECTS, methodHeaderLevel, type Dialect } from '../protocol/dialects.ts';
import { HEADERS, protocolOf } from '../protocol/headers.ts';
import { isJsonArray, isJsonObject, memberOf, type Json } from '../protocol/json.ts';
import { readKey, type Key } from '../protocol/keys.ts';
import { profileOf, type MethodName } from '../protocol/methods.ts';
import { readRequest, type ReadRequest, type Refusal, type ResourceShape, type WireRequest } from '../protocol/request.ts';
import type { Routed } from '../protocol/route.ts';
import { headerOf } from '../transport/exchange.ts';
import type { Asked } from './asked.ts';
import { readBody } from './body.ts';
import { Findings, placeOf } from './findings.ts';
import { checkBody } from './request-body.ts';
import { checkEncoding } from './request-encoding.ts';
import { checkDeclaredHeaders, checkDialectHeaders, checkMethodHeader, checkProtocolHeader, namedMethod, reportDeprecated } from './request-headers.ts';
import { checkKeys, type TypedKeys } from './request-keys.ts';
import { checkLimits } from './request-limits.ts';
import { checkParams, type TypedParams } from './request-params.ts';
import { reportRefusal } from './request-refusal.ts';
import { checkIgnoredParameters, checkIntent, operationOf, reportNoMethod, reportUndeclared } from './request-routing.ts';
import type { IncomingRequest, Intent, Sent } from './sent.ts';
import { checkTunnel, type TunnelFault } from './request-tunnel.ts';
import { typeKey } from './typed.ts';
import { mergeViolations } from './verdict.ts';
import type { Violation } from './violation.ts';

export type { IncomingRequest, Intent } from './sent.ts';

export interface RequestOptions {
  /** Dialects by name; a contract's is looked up here, `restli` and `linkedin` are always known. */
  readonly dialects: ReadonlyMap<string, Dialect>;
  /** In the place of every contract's dialect: its name, or the dialect itself. */
  readonly dialect?: string | Dialect;
  /** A further prefix of paths, beside the bases of the dialects. */
  readonly basePath?: string;
  /** What the author of the request meant, where that is known: decides what the wire alone cannot. */
  readonly intent?: Intent;
}

export interface RequestJudgement {
  /** What the request asks, for `checkResponse`; null where it reaches no method of a contract. */
  readonly asked: Asked | null;
  /** null: refused before a method is looked for. */
  readonly routed: Routed | null;
  readonly refusal: Refusal | null;
  readonly violations: readonly Violation[];
  readonly checks: number;
  /** Whose path it is; null: of no contract. */
  readonly contract: Contract | null;
  /** null: the contract does not declare what the request reaches. */
  readonly operation: Operation | null;
  /** The request as read; null when refused. */
  readonly read: ReadRequest | null;
  readonly dialect: Dialect;
}

/**
 * Judges one request.
 *
 * @param contracts - all that may be meant; an array that stays the same is prepared once
 */
export function checkRequest(request: IncomingRequest, contracts: readonly Contract[], options: RequestOptions): RequestJudgement {
  const wire = wireOf(request);
  const book = bookOf(contracts);
  const bases = basesOf(contracts, options);
  const read = readRequest(wire, book.shapes, { bases });
  const contract = contractOf(read, wire, book, bases);
  const dialect = dialectOf(contract, options);
  const intent = options.intent ?? null;
  const known = 'reason' in read ? null : read;
  const method = known !== null && 'method' in known.routed ? known.routed.method : null;
  const operation = contract === null || method === null ? null : operationOf(contract, method, known?.name ?? null);
  const findings = new Findings(dialect, operation?.exempt ?? null, 0);
  const base = baseOf(wire.path, dialect, options.basePath);
  const judge = new RequestJudge({ request, wire, contract, dialect, base, intent, findings, shapes: book.shapes, bases });
  const sent = judge.judge(read);

  const asked = known === null || contract === null || method === null ? null : askedOf(known, contract, operation, method, dialect, sent);
  return {
    asked,
    routed: known?.routed ?? null,
    refusal: 'reason' in read ? read : null,
    violations: mergeViolations(findings.violations),
    checks: findings.checks,
    contract,
    operation,
    read: known,
    dialect,
  };
}

interface Case {
  readonly request: IncomingRequest;
  readonly wire: WireRequest;
  readonly contract: Contract | null;
  readonly dialect: Dialect;
  readonly base: string | null;
  readonly intent: Intent | null;
  readonly findings: Findings;
  readonly shapes: readonly ResourceShape[];
  readonly bases: readonly string[];
}

class RequestJudge {
  readonly #case: Case;

  constructor(given: Case) {
    this.#case = given;
  }

  /** @returns what was typed on the way, where the request was judged as the server reads it */
  judge(actual: ReadRequest | Refusal): Typed | null {
    const { wire, dialect, findings, contract, base } = this.#case;
    const read = this.#asMeant(actual);
    const tunnelFault = checkTunnel(findings, wire, 'reason' in read ? read : null);
    checkProtocolHeader(findings, wire.headers, acceptedBy(contract, dialect), !('reason' in read) && read.protocol === '1.0.0');
    checkLimits(findings, wire, dialect);
    if (contract !== null) checkDialectHeaders({ findings, dialect, wire, base });

    const isBroken = this.#checkLine(read);
    if ('reason' in read) {
      this.#judgeRefused(read, isBroken, tunnelFault);
      return null;
    }
    const typed = this.#judgeRouted(read, isBroken, tunnelFault);
    return read === actual ? typed : null;
  }

  /**
   * A request without version header is read as 1.0.0; its author most likely meant the version of the contract. What
   * follows judges the request as meant, for the missing header is told already.
   */
  #asMeant(actual: ReadRequest | Refusal): ReadRequest | Refusal {
    const { wire, contract, dialect, shapes, bases } = this.#case;
    const [version] = acceptedBy(contract, dialect);
    if (headerOf(wire.headers, HEADERS.protocol) !== null || version !== '2.0.0') return actual;
    const meant = readRequest({ ...wire, headers: [...wire.headers, [HEADERS.protocol, version]] }, shapes, { bases });
    return 'reason' in meant ? actual : meant;
  }

  #checkLine(read: ReadRequest | Refusal): boolean {
    const { wire, contract, findings, base } = this.#case;
    const inner = 'reason' in read ? wire : read.untunnelled;
    const header = protocolOf(headerOf(wire.headers, HEADERS.protocol));
    const protocol = 'reason' in read ? (header === '1.0.0' && headerOf(wire.headers, HEADERS.protocol) !== null ? '1.0.0' : '2.0.0') : read.protocol;
    const isMissing = headerOf(wire.headers, HEADERS.protocol) === null;
    if (isMissing && protocol === '1.0.0') return false;
    return checkEncoding(findings, { path: inner.path, start: base?.length ?? 0, query: inner.query, protocol, structured: structuredNames(contract) });
  }

  #judgeRefused(refusal: Refusal, isBroken: boolean, tunnelFault: TunnelFault): void {
    const { findings, wire, contract, request } = this.#case;
    if (!isBroken && tunnelFault === null) reportRefusal(findings, refusal, { wire, contract, body: request.body });
    const level = (method: MethodName): ReturnType<typeof methodHeaderLevel> => methodHeaderLevel(this.#case.dialect, method);
    checkMethodHeader(findings, wire.headers, null, this.#case.intent?.method ?? null, level, undefined);
  }

  #judgeRouted(read: ReadRequest, isMiswritten: boolean, tunnelFault: TunnelFault): Typed | null {
    const { findings, wire, contract, dialect, intent, base, request } = this.#case;
    const { routed } = read;
    const plain = 'method' in routed ? routed.method : routed.without;
    const level = (method: MethodName): ReturnType<typeof methodHeaderLevel> => methodHeaderLevel(dialect, method);
    // A wrong verb in the override makes every other fact of routing wrong, too.
    if (tunnelFault === null) checkMethodHeader(findings, wire.headers, plain, intent?.method ?? null, level, readBody(read.untunnelled.body).value);
    if (!('method' in routed)) {
      if (tunnelFault === null) reportNoMethod(findings, read);
      return null;
    }
    checkIgnoredParameters(findings, read);
    if (contract === null || tunnelFault !== null) return null;

    const { method } = routed;
    const profile = profileOf(method);
    const operation = operationOf(contract, method, read.name);
    const body = readBody(read.untunnelled.body);
    const sent: Sent = { request, wire, read, contract, dialect, base, method, profile, operation, body, intent, isMiswritten, findings };
    const before = findings.violations.length;
    checkDeclaredHeaders(sent);
    if (operation !== null) this.#checkOperation(operation, read);

    const keys = checkKeys(sent);
    const params = checkParams(sent);
    const header = headerOf(wire.headers, HEADERS.method);
    checkBody(sent, keys.ids, header !== null && namedMethod(header) === method);
    const typed: Typed = { sent, keys, params };
    const isSwapped = findings.violations.slice(before).some(({ rule }) => SWAPS.test(rule));
    if (isSwapped) return typed;
    if (intent !== null) checkIntent(findings, intent, method, read.name, body.value);
    if (operation === null && !findings.has('routing/not-the-method-meant')) reportUndeclared(findings, contract, method, read.name);
    return typed;
  }

  #checkOperation(operation: Operation, read: ReadRequest): void {
    const { findings, contract } = this.#case;
    if (contract === null) return;
    findings.checks += 1;
    const isEither = profileOf(operation.method).at === 'either';
    if (isEither && operation.level !== read.facts.level && contract.key !== null) {
      findings.add('routing/action-level', {
        where: 'request-line',
        expected: operation.level === 'entity' ? 'a key in the path' : 'no key in the path',
        actual: `a path of ${read.facts.level} level`,
        message: `${operation.method} ${operation.name ?? ''} works at ${operation.level} level; the server answers 400.`,
        at: placeOf(contract, `${operation.pointer}/level`),
      });
    }
    if (contract.deprecated !== false) {
      reportDeprecated(findings, 'deprecated/operation', `resource ${contract.resource}`, contract.deprecated, { where: 'request-line', at: placeOf(contract, '/deprecated') });
    } else if (operation.deprecated !== false) {
      const what = operation.name === null ? operation.method : `${operation.method} ${operation.name}`;
      reportDeprecated(findings, 'deprecated/operation', what, operation.deprecated, { where: 'request-line', at: placeOf(contract, operation.pointer) });
    }
  }
}

/** Rules that say already which method was meant. */
const SWAPS = /^routing\/.*-becomes-/;

function wireOf({ verb, target, headers, body }: IncomingRequest): WireRequest {
  const local = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.test(target) ? target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '') : target;
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

interface Book {
  readonly shapes: readonly ResourceShape[];
  readonly byShape: ReadonlyMap<ResourceShape, Contract>;
}

const books = new WeakMap<readonly Contract[], Book>();

function bookOf(contracts: readonly Contract[]): Book {
  const known = books.get(contracts);
  if (known !== undefined) return known;
  const book = { shapes: contracts.map(({ shape }) => shape), byShape: new Map(contracts.map((contract) => [contract.shape, contract])) };
  books.set(contracts, book);
  return book;
}

/** Whose path it is, also when the request is refused for something that has nothing to do with its path. */
function contractOf(read: ReadRequest | Refusal, wire: WireRequest, { shapes, byShape }: Book, bases: readonly string[]): Contract | null {
  if (!('reason' in read)) return byShape.get(read.resource) ?? null;
  if (read.resource !== null) return byShape.get(read.resource) ?? null;
  const place = readRequest({ verb: 'GET', path: wire.path, query: null, headers: [[HEADERS.protocol, '2.0.0']], body: null }, shapes, { bases });
  const shape = place.resource;
  return shape === null ? null : (byShape.get(shape) ?? null);
}

function dialectOf(contract: Contract | null, { dialects, dialect }: RequestOptions): Dialect {
  if (dialect !== undefined && typeof dialect !== 'string') return dialect;
  const name = dialect ?? contract?.dialect ?? DIALECTS.restli.name;
  return dialects.get(name) ?? (name === DIALECTS.linkedin.name ? DIALECTS.linkedin : DIALECTS.restli);
}

function basesOf(contracts: readonly Contract[], options: RequestOptions): readonly string[] {
  const bases = new Set(options.basePath === undefined || options.basePath === '' ? [] : [options.basePath]);
  for (const contract of contracts) for (const base of dialectOf(contract, options).bases) bases.add(base);
  return [...bases];
}

/** The longest base that the path stands under. */
function baseOf(path: string, { bases }: Dialect, basePath: string | undefined): string | null {
  let longest: string | null = null;
  for (const base of basePath === undefined || basePath === '' ? bases : [...bases, basePath]) {
    if (base.length > (longest?.length ?? 0) && path.startsWith(base) && (path.length === base.length || path[base.length] === '/')) longest = base;
  }
  return longest;
}

function acceptedBy(contract: Contract | null, dialect: Dialect): readonly string[] {
  const own = contract?.protocol ?? null;
  return own === null ? dialect.protocol : [own, ...dialect.protocol.filter((version) => version !== own)];
}

const structured = new WeakMap<Contract, ReadonlySet<string>>();

/** Names of parameters that any operation declares; a dotted or repeated one of them is protocol 1.0. */
function structuredNames(contract: Contract | null): ReadonlySet<string> {
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
  return type === 'array' || type === 'object' || memberOf(json, '$ref') !== undefined || memberOf(json, 'properties') !== undefined;
}

interface Typed {
  readonly sent: Sent;
  readonly keys: TypedKeys;
  readonly params: TypedParams;
}

/** What the request asks, typed, as the server reads it. `known`: what was typed while it was judged. */
function askedOf(
  read: ReadRequest,
  contract: Contract,
  operation: Operation | null,
  method: MethodName,
  dialect: Dialect,
  known: Typed | null,
): Asked {
  const { sent, keys, params } = known ?? typedOf(read, contract, operation, method, dialect);
  const ids = keys.ids ?? bodyKeys(sent);
  return {
    contract,
    operation,
    method,
    dialect,
    protocol: read.protocol,
    parents: keys.parents,
    key: keys.key,
    partialKey: keys.partialKey,
    ids,
    items: itemsOf(sent.profile.sends, sent.profile.returns, sent.body.value, ids, params.criteria),
    params: params.params,
    criteria: params.criteria,
    masks: read.masks,
    body: sent.body.value,
    returnEntity: params.returnEntity,
    tunnelled: read.tunnelled,
    spec: null,
  };
}

/** Types a request without judging it. */
function typedOf(read: ReadRequest, contract: Contract, operation: Operation | null, method: MethodName, dialect: Dialect): Typed {
  const sent: Sent = {
    request: { verb: read.untunnelled.verb, target: read.untunnelled.path, headers: read.untunnelled.headers, body: read.untunnelled.body },
    wire: read.untunnelled,
    read,
    contract,
    dialect,
    base: null,
    method,
    profile: profileOf(method),
    operation,
    body: readBody(read.untunnelled.body),
    intent: null,
    isMiswritten: false,
    findings: new Findings(dialect, null, 0),
  };
  return { sent, keys: checkKeys(sent), params: checkParams(sent) };
}

function bodyKeys({ profile, body, contract, read, dialect }: Sent): readonly Key[] | null {
  if (profile.sends !== 'entities' && profile.sends !== 'patches') return null;
  const entities = memberOf(body.value, 'entities');
  const { key: type } = contract;
  if (!isJsonObject(entities) || type === null) return null;
  return Object.keys(entities).map((name) => {
    const text = readKey(name, type.shape, 'body', read.protocol, { batchKeys: dialect.batchKeys });
    return 'key' in text ? typeKey(type, text.key).key : name;
  });
}

function itemsOf(
  sends: ReturnType<typeof profileOf>['sends'],
  returns: ReturnType<typeof profileOf>['returns'],
  body: Json | undefined,
  ids: readonly Key[] | null,
  criteria: readonly Json[] | null,
): number | null {
  if (sends === 'elements') {
    const elements = memberOf(body, 'elements');
    return isJsonArray(elements) ? elements.length : 0;
  }
  if (returns === 'collections') return criteria?.length ?? null;
  return ids?.length ?? null;
}
