/** Recorded requests as the members of a case. */
import { isElementList, isElementRecord, type Element } from '../../protocol/encoding.ts';
import { isJsonArray, isJsonObject, jsonObject, memberOf, type Json, type JsonObject } from '../../protocol/json.ts';
import { keyText, readKey, type Key } from '../../protocol/keys.ts';
import { profileOf, type MethodName } from '../../protocol/methods.ts';
import type { ReadRequest } from '../../protocol/request.ts';
import { members } from '../restspec/members.ts';
import { guessValue } from './infer.ts';
import { jsonOf, type Call } from './shapes.ts';

/** One request that reached a method, with all answers that it got. */
export interface ReadCall {
  readonly method: MethodName;
  readonly read: ReadRequest;
  readonly call: Call;
  readonly answers: readonly { readonly status: number; readonly body: Json | undefined }[];
}

/** The request as members of a case: method, key, parameters, body. */
export function requestOf({ method, read, call }: ReadCall): JsonObject {
  const profile = profileOf(method);
  const body = jsonOf(call.wire.body);
  const { batchParam, criteria, params } = queryOf(read, profile.returns === 'collections');
  const sent = memberOfSent(profile.sends, body);
  const isAction = profile.sends === 'params';
  const ownKey = read.key ?? read.partialKey;
  const named: JsonObject = profile.named && read.name !== null ? { [profile.parameter]: read.name } : {};
  return members([
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
    ['protocol', read.protocol === '2.0.0' ? undefined : read.protocol],
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

export function distinctKeys(ids: readonly Key[]): readonly Key[] {
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
