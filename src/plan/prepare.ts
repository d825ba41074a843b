/**
 * A step of a case -> the bytes to send, and what they ask. Variables are put in, values are written as their types
 * want, headers are layered, and what the author writes raw replaces what was built.
 */
import type { CaseSpec, Contract, HeaderValues } from '../contract/contract.ts';
import type { Scope } from '../contract/interpolate.ts';
import type { Dialect, ProtocolVersion } from '../protocol/dialects.ts';
import { isJsonObject, stringifyJson, type Json } from '../protocol/json.ts';
import type { Key } from '../protocol/keys.ts';
import { profileOf } from '../protocol/methods.ts';
import {
  buildEnvelope,
  buildHeaders,
  buildPath,
  buildQuery,
  notCovered,
  type RestliRequest,
} from '../protocol/request.ts';
import { tunnel, type WireRequest } from '../protocol/tunnel.ts';
import type { HttpRequest } from '../transport/exchange.ts';
import type { Asked } from '../verify/asked.ts';
import type { Step } from './case.ts';
import { Filler } from './filler.ts';
import { headerLines, isAnonymous, layerHeaders, type HeaderLayer, type LayeredHeader } from './header-layers.ts';
import { askedOf, entitiesBody, masksOf, type Meant, type Wire } from './meant.ts';
import { ownBodyOf, sampledBody, saysBody } from './own-body.ts';
import { suppliedHeaders } from './supplied-headers.ts';
import { NO_PARAMS, partialWireKey, wireKey, wireMembers, wireParams } from './wire-values.ts';

/** The endpoint as requests see it. */
export interface RequestTarget {
  /** Everything before the path of a resource, without a slash at its end. */
  readonly baseUrlOf: (contract: Contract, dialect: Dialect) => string;
  readonly dialectOf: (contract: Contract) => Dialect;
  /** Of the target or the flag; it replaces the contract's. */
  readonly protocol: ProtocolVersion | null;
  /** Of the target, then of flags; names as written. */
  readonly targetHeaders: HeaderValues;
  readonly flagHeaders: HeaderValues;
  /** The embedded endpoint is given every header that it asks for. */
  readonly isEmbedded?: boolean;
}

export interface Prepared {
  readonly request: HttpRequest;
  readonly asked: Asked;
  /** Whether the case leaves `Authorization` out, so that the target's must not be added. */
  readonly anonymous: boolean;
}

export interface NotPrepared {
  /** One sentence: why nothing can be sent. */
  readonly problem: string;
}

/** Prepares steps for one endpoint; remembers per contract what all its requests share. */
export class Preparer {
  readonly #target: RequestTarget;
  readonly #shared = new Map<Contract, Shared>();

  constructor(target: RequestTarget) {
    this.#target = target;
  }

  /**
   * @param scope - the variables of the step, captures of its flow first
   * @returns the request and what it asks, or why it cannot be written; never throws on values of the author
   */
  prepareStep(step: Step, scope: Scope): Prepared | NotPrepared {
    const fill = new Filler(scope);
    const meant = this.#meant(step, fill);
    if (fill.problem !== null) return { problem: fill.problem };
    if (meant.restli.protocol === '1.0.0') {
      const problem = notCovered(meant.restli);
      if (problem !== null) return { problem: `protocol 1.0.0 has no form for this request: ${problem}` };
    }

    const wire = this.#wire(step, meant, fill);
    if (fill.problem !== null) return { problem: fill.problem };
    return {
      request: this.#http(step, meant, wire),
      asked: askedOf(step, meant, wire),
      anonymous: isAnonymous(step.spec.headers),
    };
  }

  /** The headers of a step with the layer that each comes from; those that are left out are in it with null. */
  headersOf(step: Step, scope: Scope): readonly LayeredHeader[] {
    const fill = new Filler(scope);
    const { contract } = step;
    const { dialect } = this.#sharedBy(contract);
    const lines = buildHeaders(
      { method: step.spec.method, protocol: this.#protocolOf(step, dialect), headers: [] },
      profileOf(step.spec.method).sends !== 'none' || bodyInPlace(step) !== undefined,
    );
    const profile: HeaderLayer = { origin: 'profile', values: new Map(lines) };
    return [...layerHeaders([profile, ...this.#layers(contract, dialect, step.spec, fill)]).values()];
  }

  #meant(step: Step, fill: Filler): Meant {
    const { spec, contract, operation } = step;
    const { dialect } = this.#sharedBy(contract);
    const profile = profileOf(spec.method);
    const params = fill.members(spec.params);
    const key = fill.optional(spec.key);
    const isList = profile.at === 'collection' && isJsonObject(key) && (operation?.assocKeys.length ?? 0) > 0;
    const entities = spec.entities?.map((item) => ({
      key: fill.value(item.key),
      item: fill.value(item.patch ?? item.entity ?? null),
    }));
    const written = fill.ids(spec.ids);
    const ids = written ?? entities?.map((item) => item.key) ?? null;
    const elements = spec.elements?.map((element) => fill.value(element));
    const criteria = spec.criteria?.map((criterion) => fill.value(criterion)) ?? null;
    const sendsParams = profile.sends === 'params';
    const bodyKeys = dialect.batchKeys;
    const protocol = this.#protocolOf(step, dialect);

    let body: Json | undefined;
    if (operation?.request.body === false) body = undefined;
    else if (sendsParams) body = params;
    else if (elements !== undefined) body = elements;
    else if (entities !== undefined) body = entitiesBody(entities, written, contract, protocol, bodyKeys);
    else body = fill.optional(spec.patch) ?? fill.optional(spec.entity);

    const restli: RestliRequest = {
      method: spec.method,
      resource: contract.shape,
      parents: this.#parents(contract, spec, fill),
      key: isList || key === undefined ? null : wireKey(key, contract.key),
      partialKey: isList ? partialWireKey(key, contract.key) : null,
      ids: ids === null ? null : ids.map((id) => wireKey(id, contract.key)),
      name: spec.operation,
      batchParam: criteria === null ? null : (operation?.batchParam ?? 'criteria'),
      criteria: criteria === null ? null : criteria.map((criterion) => wireMembers(criterion, operation?.criteria)),
      params: sendsParams ? NO_PARAMS : wireParams(params, operation),
      masks: masksOf(spec, fill),
      protocol,
      body,
      bodyKeys,
      headers: [],
      tunnel: false,
    };
    return {
      restli,
      dialect,
      params,
      criteria,
      key: key ?? null,
      ids,
      isList,
      items: ids?.length ?? elements?.length ?? criteria?.length ?? null,
      ownBody: bodyInPlace(step),
    };
  }

  #wire(step: Step, meant: Meant, fill: Filler): Wire {
    const { spec, contract } = step;
    const { restli, dialect } = meant;
    const shared = this.#sharedBy(contract);
    const query = buildQuery(restli);
    const envelope = meant.ownBody ?? buildEnvelope(restli);
    const raw = spec.raw;
    const body = envelope === undefined ? null : utf8.encode(stringifyJson(envelope));
    const rawBody = raw?.body === undefined ? undefined : rawBytes(fill.raw(raw.body));

    const plain: WireRequest = {
      verb: profileOf(spec.method).verb,
      path: buildPath(restli),
      query: query === '' ? null : query,
      headers: this.#lines(contract, dialect, spec, shared, restli, (rawBody ?? body) !== null, fill),
      body,
    };
    const tooLong = dialect.tunnelAbove !== null && query.length > dialect.tunnelAbove && raw === null;
    const tunnelled = spec.tunnel || tooLong;
    const sent = tunnelled ? tunnel(plain) : plain;
    if (raw === null) return { request: sent, tunnelled, envelope };

    const rawQuery = raw.query === undefined ? sent.query : fill.text(raw.query);
    const request: WireRequest = {
      verb: raw.verb === undefined ? sent.verb : fill.text(raw.verb),
      path: raw.path === undefined ? sent.path : fill.text(raw.path),
      query: rawQuery,
      headers: sent.headers,
      body: rawBody === undefined ? sent.body : rawBody,
    };
    return { request, tunnelled, envelope };
  }

  #http({ contract }: Step, { dialect }: Meant, { request }: Wire): HttpRequest {
    const shared = this.#sharedBy(contract);
    const { origin, base } = (shared.place ??= splitBase(this.#target.baseUrlOf(contract, dialect)));
    const query = request.query === null ? '' : `?${request.query}`;
    return {
      verb: request.verb,
      origin,
      target: base + request.path + query,
      headers: request.headers,
      body: request.body,
    };
  }

  /** Lines are the same objects for all cases without headers of their own, so that later stages may remember them. */
  #lines(
    contract: Contract,
    dialect: Dialect,
    spec: CaseSpec,
    shared: Shared,
    { method, protocol }: RestliRequest,
    hasBody: boolean,
    fill: Filler,
  ): WireRequest['headers'] {
    const isPlain = spec.headers.size === 0 && !shared.variableHeaders;
    const name = `${method} ${spec.operation ?? ''} ${protocol} ${String(hasBody)}`;
    const known = isPlain ? shared.lines.get(name) : undefined;
    if (known !== undefined) return known;

    const layered = layerHeaders(this.#layers(contract, dialect, spec, fill));
    const lines = buildHeaders({ method, protocol, headers: headerLines(layered.values()) }, hasBody);
    if (isPlain) shared.lines.set(name, lines);
    return lines;
  }

  #layers(contract: Contract, dialect: Dialect, spec: CaseSpec, fill: Filler): readonly HeaderLayer[] {
    return [
      { origin: 'dialect', values: this.#supplied(contract, spec) },
      { origin: 'contract', values: fill.headers(contract.headers) },
      { origin: 'target', values: fill.headers(this.#target.targetHeaders) },
      { origin: 'flag', values: this.#target.flagHeaders },
      { origin: 'case', values: fill.headers(spec.headers) },
    ];
  }

  #supplied(contract: Contract, { method, operation: name }: CaseSpec): HeaderValues {
    const { dialect, supplied } = this.#sharedBy(contract);
    const id = `${method} ${name ?? ''}`;
    const known = supplied.get(id);
    if (known !== undefined) return known;
    const operation = contract.operations.find((one) => one.method === method && one.name === name) ?? null;
    const values = suppliedHeaders(dialect, contract, operation, this.#target.isEmbedded === true);
    supplied.set(id, values);
    return values;
  }

  #protocolOf({ spec, contract }: Step, dialect: Dialect): ProtocolVersion {
    return spec.protocol ?? this.#target.protocol ?? contract.protocol ?? dialect.protocol[0];
  }

  #parents(contract: Contract, spec: CaseSpec, fill: Filler): ReadonlyMap<string, Key> {
    if (contract.parents.size === 0) return NO_PARENTS;
    const parents = new Map<string, Key>();
    for (const [name, type] of contract.parents) {
      const own = spec.parents !== undefined && Object.hasOwn(spec.parents, name) ? spec.parents[name] : undefined;
      const value = fill.value(own ?? `\${${name}}`);
      parents.set(name, wireKey(value, type));
    }
    return parents;
  }

  #sharedBy(contract: Contract): Shared {
    const known = this.#shared.get(contract);
    if (known !== undefined) return known;
    const variable = [contract.headers, this.#target.targetHeaders].some((values) =>
      [...values.values()].some((value) => String(value).includes('${')),
    );
    const dialect = this.#target.dialectOf(contract);
    const shared: Shared = {
      dialect,
      supplied: new Map(),
      lines: new Map(),
      variableHeaders: variable,
      place: null,
    };
    this.#shared.set(contract, shared);
    return shared;
  }
}

/** What the requests of one contract have in common. */
interface Shared {
  readonly dialect: Dialect;
  /** Headers that are wanted of an operation, by its method and name. */
  readonly supplied: Map<string, HeaderValues>;
  readonly lines: Map<string, WireRequest['headers']>;
  /** Whether headers above the case hold variables. */
  readonly variableHeaders: boolean;
  place: { readonly origin: string; readonly base: string } | null;
}

const utf8 = new TextEncoder();
const NO_PARENTS: ReadonlyMap<string, Key> = new Map();

/** What stands instead of the envelope and is said by no case: made from its schema. */
function bodyInPlace({ spec, operation }: Step): Json | undefined {
  const schema = ownBodyOf(operation);
  return schema === null || saysBody(spec) ? undefined : (sampledBody(schema) ?? undefined);
}

function rawBytes(body: Json): Uint8Array {
  return utf8.encode(typeof body === 'string' ? body : stringifyJson(body));
}

function splitBase(baseUrl: string): { readonly origin: string; readonly base: string } {
  const [, origin = baseUrl, base = ''] = /^([a-z]+:\/\/[^/]+)(.*)$/i.exec(baseUrl) ?? [];
  return { origin, base: base.replace(/\/+$/, '') };
}
