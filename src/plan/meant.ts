/** A request between the case and the bytes: what it means in the protocol's terms, and what a judge is told of it. */
import type { CaseSpec, Contract } from '../contract/contract.ts';
import type { Dialect, ProtocolVersion } from '../protocol/dialects.ts';
import { isJsonArray, isJsonObject, jsonObject, stringifyJson, type Json, type JsonObject } from '../protocol/json.ts';
import { writeKey, type Key } from '../protocol/keys.ts';
import { MASK_PARAMETERS, parseQuery } from '../protocol/query.ts';
import { NO_MASKS, type RestliRequest } from '../protocol/request.ts';
import type { WireRequest } from '../protocol/tunnel.ts';
import type { Asked } from '../verify/asked.ts';
import type { Step } from './case.ts';
import type { Filler } from './filler.ts';
import { NO_PARAMS, wireKey } from './wire-values.ts';

/** A request in the protocol's terms: as the codec takes it, and the typed values before they became text. */
export interface Meant {
  readonly restli: RestliRequest;
  readonly dialect: Dialect;
  readonly params: JsonObject;
  readonly criteria: readonly Json[] | null;
  readonly key: Json;
  readonly ids: readonly Json[] | null;
  readonly isList: boolean;
  readonly items: number | null;
  /** What stands instead of the envelope; undefined: the envelope. */
  readonly ownBody: Json | undefined;
}

export interface Wire {
  readonly request: WireRequest;
  readonly tunnelled: boolean;
  /** The body as a value, before raw replaced it. */
  readonly envelope: Json | undefined;
}

/** Keys written in `ids` beside those of `entities` test a mismatch; then the body keeps its own. */
export function entitiesBody(
  entities: readonly { readonly key: Json; readonly item: Json }[],
  ids: readonly Json[] | null,
  contract: Contract,
  protocol: ProtocolVersion,
  batchKeys: Dialect['batchKeys'],
): Json {
  if (ids === null) return entities.map(({ item }) => item);
  const shape = contract.key?.shape ?? { kind: 'simple' };
  return jsonObject(
    entities.map(({ key, item }) => [
      writeKey(wireKey(key, contract.key), shape, 'body', protocol, { batchKeys }),
      item,
    ]),
  );
}

export function masksOf(spec: CaseSpec, fill: Filler): RestliRequest['masks'] {
  const { fields, metadataFields, pagingFields } = spec;
  if (fields === undefined && metadataFields === undefined && pagingFields === undefined) return NO_MASKS;
  return {
    ...(fields === undefined ? {} : { fields: fill.text(fields) }),
    ...(metadataFields === undefined ? {} : { metadataFields: fill.text(metadataFields) }),
    ...(pagingFields === undefined ? {} : { pagingFields: fill.text(pagingFields) }),
  };
}

export function askedOf(
  { spec, contract, operation: own, judgedAs }: Step,
  meant: Meant,
  { request, tunnelled, envelope }: Wire,
): Asked {
  const { restli, dialect, params, criteria, key, ids, isList, items } = meant;
  const operation = judgedAs ?? own;
  const returnEntity = params['$returnEntity'];
  return {
    contract,
    operation,
    method: judgedAs?.method ?? spec.method,
    dialect,
    protocol: restli.protocol,
    parents: restli.parents,
    key: isList || key === null ? null : keyOf(key),
    partialKey: isList && isJsonObject(key) ? key : null,
    ids: ids === null ? null : ids.map(keyOf),
    // The items of another method are no items of the one that the request becomes, nor are they those of a raw query.
    items: judgedAs === undefined && spec.raw?.query === undefined ? items : null,
    params: restli.params === NO_PARAMS ? NO_PARAMS : new Map(Object.entries(params)),
    criteria,
    masks: spec.raw?.query === undefined ? restli.masks : masksIn(request.query ?? ''),
    body: envelope,
    returnEntity: typeof returnEntity === 'boolean' ? returnEntity : null,
    tunnelled,
    spec,
  };
}

/** The masks of a query that an author wrote byte for byte. */
function masksIn(query: string): Asked['masks'] {
  const read = parseQuery(query);
  if ('problem' in read) return NO_MASKS;
  return Object.fromEntries(
    MASK_PARAMETERS.flatMap((name) => {
      const text = read.raw.get(name);
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

function keyOf(value: Json): Key {
  return value === null || isJsonArray(value) ? stringifyJson(value) : value;
}
