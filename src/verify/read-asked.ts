/** What a request asks, typed by the contract, as the server reads it. */
import type { Contract, Operation } from '../contract/contract.ts';
import type { Dialect } from '../protocol/dialects.ts';
import { isJsonArray, isJsonObject, memberOf, type Json } from '../protocol/json.ts';
import { readKey, type Key } from '../protocol/keys.ts';
import { profileOf, type MethodName, type MethodProfile } from '../protocol/methods.ts';
import type { ReadRequest } from '../protocol/request.ts';
import type { Asked } from './asked.ts';
import { readBody } from './body.ts';
import { Findings } from './findings.ts';
import { checkKeys, type TypedKeys } from './request-keys.ts';
import { checkParams, type TypedParams } from './request-params.ts';
import type { Sent } from './sent.ts';
import { typeKey } from './typed.ts';

/** A request with everything in it typed. */
export interface Typed {
  readonly sent: Sent;
  readonly keys: TypedKeys;
  readonly params: TypedParams;
}

/** @param known - what was typed while the request was judged; null where it was judged as meant, not as read */
export function askedOf(
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
    items: itemsOf(sent.profile, sent.body.value, ids, params.criteria),
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
function typedOf(
  read: ReadRequest,
  contract: Contract,
  operation: Operation | null,
  method: MethodName,
  dialect: Dialect,
): Typed {
  const sent: Sent = {
    request: {
      verb: read.untunnelled.verb,
      target: read.untunnelled.path,
      headers: read.untunnelled.headers,
      body: read.untunnelled.body,
    },
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
  { sends, returns }: MethodProfile,
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
