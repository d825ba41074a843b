/** Recorded exchanges as cases of a contract. */
import { isElementList, isElementRecord, type Element } from '../../protocol/encoding.ts';
import { entriesOf, RESPONSE_ENVELOPES } from '../../protocol/envelopes.ts';
import {
  isJsonArray,
  isJsonObject,
  jsonObject,
  memberOf,
  stringifyJson,
  type Json,
  type JsonObject,
} from '../../protocol/json.ts';
import { KEY_PARAMS, keyText, readKey, type Key } from '../../protocol/keys.ts';
import { profileOf, type MethodName } from '../../protocol/methods.ts';
import type { ReadRequest } from '../../protocol/request.ts';
import { members } from '../restspec/members.ts';
import { guessValue, inCommon } from './infer.ts';
import { jsonOf, type Call } from './shapes.ts';

/** One request that reached a method, with all answers that it got. */
export interface ReadCall {
  readonly method: MethodName;
  readonly read: ReadRequest;
  readonly call: Call;
  readonly answers: readonly { readonly status: number; readonly body: Json | undefined }[];
}

/** Longest body that is written into an expectation. */
const LONGEST_BODY = 1500;

export function caseOf({ method, read, call, answers }: ReadCall, name: string, headers: JsonObject): JsonObject {
  const profile = profileOf(method);
  const body = jsonOf(call.wire.body);
  const { batchParam, criteria, params } = queryOf(read, profile.returns === 'collections');
  const sent = memberOfSent(profile.sends, body);
  const isAction = profile.sends === 'params';
  const ownKey = read.key ?? read.partialKey;
  const named: JsonObject = profile.named && read.name !== null ? { [profile.parameter]: read.name } : {};
  return members([
    ['name', name],
    ['method', method],
    ...Object.entries(named),
    ['key', ownKey === null ? undefined : typed(ownKey)],
    [
      'parents',
      read.parents.size === 0
        ? undefined
        : jsonObject([...read.parents].map(([variable, key]): [string, Json] => [variable, typed(key)])),
    ],
    ['ids', read.ids !== null && sent === null ? distinctKeys(read.ids).map(typed) : undefined],
    ['criteria', batchParam === null ? undefined : criteria],
    ['params', paramsOf(isAction ? body : params)],
    ...(sent === 'entity' || sent === 'elements' ? [[sent, sentOf(sent, body)] as const] : []),
    ['patch', sent === 'patch' ? (memberOf(body, 'patch') ?? {}) : undefined],
    ['entities', sent === 'entities' ? entitiesOf(body, read, profile.sends === 'patches') : undefined],
    ...Object.entries(read.masks),
    ['headers', Object.keys(headers).length === 0 ? undefined : headers],
    ['protocol', read.protocol === '2.0.0' ? undefined : read.protocol],
    ['expect', expectationOf(method, read, answers)],
  ]);
}

/** The query without what belongs to the method; criteria are the list of records of a batch finder. */
export function queryOf(
  { query }: ReadRequest,
  isBatchFinder: boolean,
): { readonly batchParam: string | null; readonly criteria: Json; readonly params: JsonObject } {
  const rest = [...query].filter(([name]) => !['ids', 'q', 'bq', 'action'].includes(name));
  const list = isBatchFinder
    ? rest.find(([, value]) => isElementList(value) && value.length > 0 && value.every(isElementRecord))
    : undefined;
  return {
    batchParam: list?.[0] ?? null,
    criteria: list === undefined ? [] : typed(list[1]),
    params: jsonObject(
      rest.filter(([name]) => name !== list?.[0]).map(([name, value]): [string, Json] => [name, typed(value)]),
    ),
  };
}

/** Text of a URL with the types that it most likely has. */
export function typed(value: Element | Json): Json {
  if (typeof value === 'string') return guessValue(value);
  if (isJsonArray(value)) return value.map(typed);
  if (!isJsonObject(value)) return value;
  return jsonObject(Object.entries(value).map(([name, part]): [string, Json] => [name, typed(part)]));
}

function distinctKeys(ids: readonly Key[]): readonly Key[] {
  const seen = new Set<string>();
  return ids.filter((id) => !seen.has(keyText(id)) && seen.add(keyText(id)) !== undefined);
}

function paramsOf(params: Json | undefined): JsonObject | undefined {
  return isJsonObject(params) && Object.keys(params).length > 0 ? params : undefined;
}

type Sent = 'entity' | 'elements' | 'entities' | 'patch';

/** The member of a case that holds the body. */
function memberOfSent(envelope: ReturnType<typeof profileOf>['sends'], body: Json | undefined): Sent | null {
  if (envelope === 'none' || envelope === 'params' || body === undefined) return null;
  return envelope === 'patches' ? 'entities' : envelope;
}

function sentOf(sent: 'entity' | 'elements', body: Json | undefined): Json {
  return (sent === 'entity' ? body : memberOf(body, 'elements')) ?? {};
}

function entitiesOf(body: Json | undefined, { resource, protocol }: ReadRequest, arePatches: boolean): Json {
  const entities = memberOf(body, 'entities');
  return Object.entries(isJsonObject(entities) ? entities : {}).map(([text, value]): Json => {
    const key = readKey(text, resource.key ?? { kind: 'simple' }, 'body', protocol, { batchKeys: 'either' });
    const item = arePatches ? (memberOf(value, 'patch') ?? {}) : value;
    return { key: 'key' in key ? typed(key.key) : text, [arePatches ? 'patch' : 'entity']: item };
  });
}

function expectationOf(method: MethodName, read: ReadRequest, answers: ReadCall['answers']): Json | undefined {
  const [first] = answers;
  if (first === undefined) return undefined;
  const statuses = [...new Set(answers.map(({ status }) => status))];
  const status: Json = statuses.length === 1 ? first.status : statuses;
  if (statuses.some((one) => one >= 400)) {
    const code = statuses.length === 1 ? memberOf(first.body, 'code') : undefined;
    return typeof code === 'string' ? { status, body: { code } } : statuses.length === 1 ? status : { status };
  }

  const each = eachOf(method, read, first.body);
  if (each !== undefined) return { status, each };
  const body = bodyOf(method, answers);
  return body === undefined ? (statuses.length === 1 ? first.status : { status }) : { status, body };
}

/** The outcome of each item where some of them failed. */
function eachOf(
  method: MethodName,
  { ids, resource, protocol }: ReadRequest,
  body: Json | undefined,
): Json | undefined {
  const { returns } = profileOf(method);
  if (body === undefined || (profileOf(method).batchOf === null && returns !== 'collections')) return undefined;
  const entries = entriesOf(RESPONSE_ENVELOPES[returns], body);
  if (
    entries.every(({ error, status }) => error === undefined && (status === null || status < 400)) &&
    entries.length >= (ids?.length ?? 0)
  )
    return undefined;
  if (ids === null) return entries.map(({ status, error }) => status ?? failureOf(error));

  const byKey = new Map(
    entries.flatMap((entry) => {
      const key =
        entry.key === null
          ? null
          : readKey(entry.key, resource.key ?? { kind: 'simple' }, 'body', protocol, { batchKeys: 'either' });
      return key !== null && 'key' in key ? [[keyText(key.key), entry] as const] : [];
    }),
  );
  return distinctKeys(ids).map((id) => {
    const entry = byKey.get(
      keyText(isJsonObject(id) ? jsonObject(Object.entries(id).filter(([name]) => name !== KEY_PARAMS)) : id),
    );
    if (entry === undefined) return 404;
    return entry.error === undefined ? (entry.status ?? 200) : (entry.status ?? failureOf(entry.error));
  });
}

function failureOf(error: Json | undefined): number {
  const status = memberOf(error, 'status');
  return error === undefined ? 200 : typeof status === 'number' ? status : 500;
}

/** What the answers agree on. A list that was asked for once may be another tomorrow, so it is not held to. */
function bodyOf(method: MethodName, answers: ReadCall['answers']): Json | undefined {
  const { returns } = profileOf(method);
  const bodies = answers.flatMap(({ body }) => (body === undefined ? [] : [body]));
  const isList = returns === 'collection';
  if (bodies.length === 0 || (returns !== 'entity' && returns !== 'value' && !isList) || (isList && bodies.length < 2))
    return undefined;
  const common = inCommon(bodies);
  // Names with `$` would be read as matchers.
  const matchers = bodies.some((body) => /"\$[^"]*":/.test(stringifyJson(body)));
  if (matchers || stringifyJson(common).length > LONGEST_BODY || !isJsonObject(common)) return undefined;
  return Object.keys(common).length === 0 ? undefined : common;
}
