/**
 * What Rest.li says about each request method, as one table.
 *
 * Routing, contracts, plans, verification, mock, laws and `docs/methods.md` all read it; none of them names a method.
 * A method built from known envelopes is one more row here and nothing elsewhere.
 *
 * Source: the protocol specification of Rest.li 2.0, and the open-source server's routing table, executed cell by cell.
 */
import type { RequestEnvelope, ResponseEnvelope } from './envelopes.ts';

export type Verb = 'GET' | 'POST' | 'PUT' | 'DELETE';
/** A path ends at the list of a resource or at one entity; ACTION may stand at `either`. */
export type Level = 'collection' | 'entity';
/** The query parameter that takes part in routing. `none`: the method has no such parameter. */
export type RoutingParameter = 'ids' | 'q' | 'bq' | 'action';
export type ResourceKind = 'collection' | 'association' | 'simple' | 'actionsSet';

export interface MethodProfile {
  readonly verb: Verb;
  readonly at: Level | 'either';
  /** The routing parameter the method needs; it must hold none of the others. */
  readonly parameter: RoutingParameter | 'none';
  /** The method that only this header value selects: without the header another method runs. */
  readonly headerSelects: boolean;
  /** Envelope of the request body and of the success body. */
  readonly sends: RequestEnvelope;
  readonly returns: ResponseEnvelope;
  /** Success statuses, the usual one first. */
  readonly ok: readonly number[];
  /** The single method of which this one does many, or null. */
  readonly batchOf: string | null;
  /** Whether a contract declares it by name (finder, batch finder, action). */
  readonly named: boolean;
  /** What it does to the stored entities. `acts`: whatever the action does. */
  readonly effect: 'reads' | 'creates' | 'replaces' | 'patches' | 'removes' | 'acts';
  /** Whether the resource may answer with the entity it wrote (`$returnEntity`). */
  readonly mayReturnEntity: boolean;
  /** Whether answers hold entities that `fields` projects. */
  readonly projects: boolean;
  readonly kinds: readonly ResourceKind[];
}

// prettier-ignore
export const METHODS = {
  GET:                  { verb: 'GET',    at: 'entity',     parameter: 'none',   headerSelects: false, sends: 'none',     returns: 'entity',       ok: [200],           batchOf: null,             named: false, effect: 'reads',    mayReturnEntity: false, projects: true,  kinds: ['collection', 'association', 'simple'] },
  BATCH_GET:            { verb: 'GET',    at: 'collection', parameter: 'ids',    headerSelects: false, sends: 'none',     returns: 'batch',        ok: [200],           batchOf: 'GET',            named: false, effect: 'reads',    mayReturnEntity: false, projects: true,  kinds: ['collection', 'association'] },
  GET_ALL:              { verb: 'GET',    at: 'collection', parameter: 'none',   headerSelects: false, sends: 'none',     returns: 'collection',   ok: [200],           batchOf: null,             named: false, effect: 'reads',    mayReturnEntity: false, projects: true,  kinds: ['collection', 'association'] },
  FINDER:               { verb: 'GET',    at: 'collection', parameter: 'q',      headerSelects: false, sends: 'none',     returns: 'collection',   ok: [200],           batchOf: null,             named: true,  effect: 'reads',    mayReturnEntity: false, projects: true,  kinds: ['collection', 'association'] },
  BATCH_FINDER:         { verb: 'GET',    at: 'collection', parameter: 'bq',     headerSelects: false, sends: 'none',     returns: 'collections',  ok: [200],           batchOf: 'FINDER',         named: true,  effect: 'reads',    mayReturnEntity: false, projects: true,  kinds: ['collection', 'association'] },
  CREATE:               { verb: 'POST',   at: 'collection', parameter: 'none',   headerSelects: false, sends: 'entity',   returns: 'created',      ok: [201],           batchOf: null,             named: false, effect: 'creates',  mayReturnEntity: true,  projects: false, kinds: ['collection', 'association'] },
  BATCH_CREATE:         { verb: 'POST',   at: 'collection', parameter: 'none',   headerSelects: true,  sends: 'elements', returns: 'createdBatch', ok: [200],           batchOf: 'CREATE',         named: false, effect: 'creates',  mayReturnEntity: true,  projects: false, kinds: ['collection'] },
  UPDATE:               { verb: 'PUT',    at: 'entity',     parameter: 'none',   headerSelects: false, sends: 'entity',   returns: 'none',         ok: [204, 200, 201], batchOf: null,             named: false, effect: 'replaces', mayReturnEntity: false, projects: false, kinds: ['collection', 'association', 'simple'] },
  BATCH_UPDATE:         { verb: 'PUT',    at: 'collection', parameter: 'ids',    headerSelects: false, sends: 'entities', returns: 'statuses',     ok: [200],           batchOf: 'UPDATE',         named: false, effect: 'replaces', mayReturnEntity: false, projects: false, kinds: ['collection', 'association'] },
  PARTIAL_UPDATE:       { verb: 'POST',   at: 'entity',     parameter: 'none',   headerSelects: false, sends: 'patch',    returns: 'none',         ok: [204, 200],      batchOf: null,             named: false, effect: 'patches',  mayReturnEntity: true,  projects: false, kinds: ['collection', 'association', 'simple'] },
  BATCH_PARTIAL_UPDATE: { verb: 'POST',   at: 'collection', parameter: 'ids',    headerSelects: false, sends: 'patches',  returns: 'statuses',     ok: [200],           batchOf: 'PARTIAL_UPDATE', named: false, effect: 'patches',  mayReturnEntity: true,  projects: false, kinds: ['collection', 'association'] },
  DELETE:               { verb: 'DELETE', at: 'entity',     parameter: 'none',   headerSelects: false, sends: 'none',     returns: 'none',         ok: [204, 200],      batchOf: null,             named: false, effect: 'removes',  mayReturnEntity: false, projects: false, kinds: ['collection', 'association', 'simple'] },
  BATCH_DELETE:         { verb: 'DELETE', at: 'collection', parameter: 'ids',    headerSelects: false, sends: 'none',     returns: 'statuses',     ok: [200],           batchOf: 'DELETE',         named: false, effect: 'removes',  mayReturnEntity: false, projects: false, kinds: ['collection', 'association'] },
  ACTION:               { verb: 'POST',   at: 'either',     parameter: 'action', headerSelects: false, sends: 'params',   returns: 'value',        ok: [200],           batchOf: null,             named: true,  effect: 'acts',     mayReturnEntity: false, projects: false, kinds: ['collection', 'association', 'simple', 'actionsSet'] },
} as const satisfies Record<string, MethodProfile>;

export type MethodName = keyof typeof METHODS;

/** The 14 names in the order of the documents. */
export const METHOD_NAMES: readonly MethodName[] = Object.keys(METHODS).filter(isMethodName);

/** The row of a method, with every field as its general type. */
export function profileOf(method: MethodName): MethodProfile {
  return METHODS[method];
}

export function isMethodName(text: string): text is MethodName {
  return Object.hasOwn(METHODS, text);
}
