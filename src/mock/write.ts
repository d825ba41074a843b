/** The methods that write: creations, replacements, patches and removals, one entity at a time. */
import type { JsonObject } from '../protocol/json.ts';
import { isJsonObject } from '../protocol/json.ts';
import type { Key } from '../protocol/keys.ts';
import { applyPatch } from '../protocol/patch.ts';
import { checkSchema } from '../schema/check.ts';
import { scopeOf, type Call } from './call.ts';
import { failed, missing } from './failed-item.ts';
import { recordSent, type ItemRequest } from './items.ts';
import { newKey } from './new-key.ts';
import type { Promised } from './promised.ts';
import type { Item } from './result.ts';
import { createdEntity, patchedEntity, replacedEntity, settable } from './stored-entity.ts';

/** Stores a new entity under a key of its own. 409 when the key that the client's entity brings is taken. */
export function createOne(call: Call, { sent }: ItemRequest, promised: Promised): Item {
  const { contract, place, state } = call;
  const own = settable(contract, recordSent(sent));
  const made = newKey(contract, own, place, state, () => scopeOf(call, null, own, {}));
  if (made === null)
    return failed(call, null, 400, 'No key can be made for the entity: it lacks what `mock.key` names.');
  if (state.get(place, made.key) !== undefined) {
    return failed(call, null, 409, 'An entity of that key exists already.');
  }
  return store(call, made.key, sent, promised, { ...made.scope, key: made.key });
}

/** Replaces a stored entity whole; where the contract says so, creates it when it is missing. */
export function replaceOne(call: Call, { key, sent }: ItemRequest, promised: Promised): Item {
  const stored = call.state.get(call.place, key);
  if (stored === undefined) {
    if (!promised.upsert) return missing(call, key);
    return store(call, key, sent, promised, scopeOf(call, key, recordSent(sent), {}), promised.upsertStatus);
  }

  const scope = scopeOf(call, key, stored.entity, {});
  const after = replacedEntity(call.contract, stored.entity, recordSent(sent), key, scope);
  return keep(call, key, stored.entity, after, sent, promised);
}

/** Applies a patch to a stored entity. 400 for a patch that cannot be applied, 422 for one that breaks the schema. */
export function patchOne(call: Call, { key, sent }: ItemRequest, promised: Promised): Item {
  const stored = call.state.get(call.place, key);
  if (stored === undefined) return missing(call, key);

  const applied = applyPatch(sent ?? {}, stored.entity);
  if ('problem' in applied) {
    return failed(
      call,
      key,
      400,
      `The patch cannot be applied at \`${applied.problem.pointer}\`: ${applied.problem.message}`,
    );
  }
  const scope = scopeOf(call, key, stored.entity, {});
  const after = patchedEntity(call.contract, stored.entity, recordSent(applied.value), scope);
  const broken = call.mode === 'strict' ? schemaBreach(call, stored.entity, after) : null;
  if (broken !== null) return failed(call, key, 422, broken);
  return keep(call, key, stored.entity, after, sent, promised);
}

/** Removes a stored entity. */
export function removeOne(call: Call, { key }: ItemRequest, promised: Promised): Item {
  const stored = call.state.get(call.place, key);
  if (stored === undefined) return missing(call, key);

  const left = call.meddle === null ? null : call.meddle(stored.entity, null, undefined, call);
  if (left === null) call.state.remove(call.place, key);
  else call.state.put(call.place, { key, entity: left });
  return { key, status: promised.status, entity: null, error: null };
}

function store(
  call: Call,
  key: Key | null,
  sent: ItemRequest['sent'],
  promised: Promised,
  scope: ReturnType<typeof scopeOf>,
  status = promised.status,
): Item {
  const { contract, samples } = call;
  const made = createdEntity(
    contract,
    recordSent(sent),
    key,
    scope,
    () => samples.recordOf(contract.entity),
    call.mode === 'strict',
  );
  const entity = call.meddle === null ? made : call.meddle(null, made, sent, call);
  if (entity !== null) call.state.put(call.place, { key, entity });
  return { key, status, entity: promised.returnsEntity ? (entity ?? made) : null, error: null };
}

function keep(
  call: Call,
  key: Key | null,
  before: JsonObject,
  after: JsonObject,
  sent: ItemRequest['sent'],
  promised: Promised,
): Item {
  const entity = call.meddle === null ? after : call.meddle(before, after, sent, call);
  if (entity !== null) call.state.put(call.place, { key, entity });
  return { key, status: promised.status, entity: promised.returnsEntity ? after : null, error: null };
}

/** What a patch broke in an entity that was sound before; null for nothing. */
function schemaBreach(call: Call, before: JsonObject, after: JsonObject): string | null {
  const { entity: schema } = call.contract;
  if (schema === null || !isJsonObject(after)) return null;
  const [problem] = checkSchema(schema, after);
  if (problem === undefined || checkSchema(schema, before).length > 0) return null;
  return `The patch leaves an entity that breaks the schema at \`${problem.pointer}\`: expected ${problem.expected}, got ${problem.actual}`;
}
