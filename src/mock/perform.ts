/**
 * Does what a request asks and says what came of it. The method's profile picks the effect and the envelope; declared
 * errors come before anything stored is looked at.
 */
import { jsonObject } from '../protocol/json.ts';
import type { Key } from '../protocol/keys.ts';
import { profileOf, type MethodProfile } from '../protocol/methods.ts';
import { act } from './act.ts';
import type { Call } from './call.ts';
import { conditionalError, hasConditions, withDefaults, type Facets } from '../verify/conditions.ts';
import { failedAsPromised, missing, refusedItem } from './failed-item.ts';
import { itemsOf, recordSent, type ItemRequest } from './items.ts';
import { listMany, listOne } from './lists.ts';
import { promisedOf, responseFor, type Promised } from './promised.ts';
import { failure, type Item, type Result, type Success } from './result.ts';
import { identityOf } from './state.ts';
import { createOne, patchOne, removeOne, replaceOne } from './write.ts';

/** Changes the state of the call where the method writes; what the answer says comes back. */
export function perform(call: Call): Result {
  const profile = profileOf(call.operation.method);
  if (hasConditions(call.operation)) {
    const isBatch = profile.batchOf !== null;
    const facets = (): Facets => requestFacets(call, isBatch);
    const scope = isBatch ? 'request' : 'all';
    const error = conditionalError(
      call.contract,
      call.operation,
      call.wire.headers,
      facets,
      scope,
      isBatch ? itemParts(profile) : [],
    );
    if (error !== null) return failedRequest(failedAsPromised(call, call.asked.key, error.status, error.promise));
  }
  return withDeclaredBody(ENVELOPES[profile.returns](call, profile), call);
}

/** Where the contract declares a body in place of the envelope, or none at all, that is what the answer holds. */
function withDeclaredBody(result: Result, call: Call): Result {
  if (result.kind === 'failure') return result;
  const body = responseFor(call.operation, result.status)?.body ?? null;
  if (body === null) return result;
  const item = 'item' in result ? result.item : null;
  return {
    kind: 'body',
    status: result.status,
    body: body === false ? undefined : (call.samples.of(body) ?? null),
    item,
  };
}

/** Parameters of a batch finder's criteria stand for those of its finder, and belong to one item. */
function itemParts(profile: MethodProfile): readonly 'params'[] {
  return profile.returns === 'collections' ? ['params'] : [];
}

function requestFacets(call: Call, isBatch: boolean): Facets {
  const { asked, place, operation } = call;
  const isAction = profileOf(operation.method).sends === 'params';
  const params = isAction ? withDefaults(operation, recordSent(asked.body)) : jsonObject(asked.params);
  const facets = { parents: place.parents, params };
  if (isBatch) return facets;
  const [item] = itemsOf(asked);
  return {
    ...facets,
    ...itemFacets(call, item ?? { key: asked.key, sent: undefined, pointer: null }),
    criteria: params,
  };
}

function itemFacets(call: Call, { key, sent }: ItemRequest): Pick<Facets, 'key' | 'entity' | 'patch'> {
  const { effect } = profileOf(call.operation.method);
  return {
    key: key ?? undefined,
    entity: effect === 'creates' || effect === 'replaces' ? sent : undefined,
    patch: effect === 'patches' ? sent : undefined,
  };
}

const ENVELOPES: Readonly<Record<MethodProfile['returns'], (call: Call, profile: MethodProfile) => Result>> = {
  entity: (call, profile) => single(call, profile, (item) => ({ kind: 'entity', status: item.status, item })),
  created: (call, profile) => single(call, profile, (item) => ({ kind: 'created', status: item.status, item })),
  none: (call, profile) =>
    single(call, profile, (item) => ({ kind: item.entity === null ? 'none' : 'entity', status: item.status, item })),
  batch: (call, profile) => ({ kind: 'batch', status: statusOf(call), items: each(call, profile) }),
  statuses: (call, profile) => ({ kind: 'statuses', status: statusOf(call), items: each(call, profile) }),
  createdBatch: (call, profile) => ({ kind: 'createdBatch', status: statusOf(call), items: each(call, profile) }),
  collection: (call) => {
    const page = listOne(call);
    return 'elements' in page ? { kind: 'collection', status: statusOf(call), page } : failedRequest(page);
  },
  collections: (call) => ({ kind: 'collections', status: statusOf(call), pages: listMany(call) }),
  value: (call) => {
    const done = act(call);
    return 'status' in done ? failedRequest(done) : { kind: 'value', status: statusOf(call), value: done.value };
  },
};

/** What each effect does to one entity. */
const EFFECTS: Readonly<Record<MethodProfile['effect'], (call: Call, item: ItemRequest, promised: Promised) => Item>> =
  {
    reads: (call, { key }, promised) => {
      const stored = call.state.get(call.place, key);
      return stored === undefined
        ? missing(call, key)
        : { key, status: promised.status, entity: stored.entity, error: null };
    },
    creates: createOne,
    replaces: replaceOne,
    patches: patchOne,
    removes: removeOne,
    acts: (call, { key }) => missing(call, key),
  };

function single(call: Call, profile: MethodProfile, succeed: (item: Item) => Success): Result {
  const [item] = itemsOf(call.asked);
  const promised = promisedOf(call.contract, call.operation, call.asked.returnEntity);
  const done = EFFECTS[profile.effect](call, item ?? { key: call.asked.key, sent: undefined, pointer: null }, promised);
  return done.status >= 400 ? failedRequest(done) : succeed(done);
}

function each(call: Call, profile: MethodProfile): readonly Item[] {
  const { contract, operation, asked } = call;
  const promised = promisedOf(contract, operation, asked.returnEntity);
  const facets = { parents: call.place.parents, params: jsonObject(asked.params) };
  const isConditional = hasConditions(operation);
  return itemsOf(asked).map((item) => {
    const refused = refusedItem(call, item.pointer, item.key);
    if (refused !== null) return refused;
    if (call.badKeys.size > 0 && item.key !== null && call.badKeys.has(identityOf(item.key))) return badKey(item.key);
    const error = isConditional
      ? conditionalError(
          contract,
          operation,
          call.wire.headers,
          () => ({ ...facets, ...itemFacets(call, item) }),
          'item',
        )
      : null;
    if (error !== null) return failedAsPromised(call, item.key, error.status, error.promise);
    return EFFECTS[profile.effect](call, item, promised);
  });
}

/** A member of `ids` that is no key: the open-source server says nothing but the status. */
function badKey(key: Key): Item {
  return { key, status: 400, entity: null, error: { status: 400 } };
}

function statusOf(call: Call): number {
  return call.operation.responses[0]?.status[0] ?? profileOf(call.operation.method).ok[0] ?? 200;
}

function failedRequest(item: Item): Result {
  return failure(item.status, item.error);
}
