/** Faults in what is stored: writes that do too little, too much, or nothing. */
import { isJsonObject, jsonObject, memberOf, type Json, type JsonObject } from '../protocol/json.ts';
import { profileOf, type MethodProfile } from '../protocol/methods.ts';
import type { Call } from './call.ts';
import type { Fault } from './faults.ts';
import type { Result } from './result.ts';

export const STATE_FAULTS: readonly Fault[] = [
  {
    name: 'partial-update-overwrites',
    title: 'Replaces the whole entity with what a patch sets',
    kind: 'state',
    breaks: ['PARTIAL_UPDATE', 'BATCH_PARTIAL_UPDATE'],
    rules: ['laws/partial-update-leaves-the-rest'],
    caughtBy: 'laws',
    apply: { write: (before, after, sent, call) => (does(call, 'patches') ? overwritten(before, after, sent) : after) },
  },
  {
    name: 'partial-update-does-nothing',
    title: 'Answers a patch with success and changes nothing',
    kind: 'state',
    breaks: ['PARTIAL_UPDATE', 'BATCH_PARTIAL_UPDATE'],
    rules: ['laws/returned-entity-is-stored'],
    caughtBy: 'laws',
    apply: { write: (before, after, _sent, call) => (does(call, 'patches') ? before : after) },
  },
  {
    name: 'delete-commands-ignored',
    title: 'Applies `$set` of a patch but not `$delete`',
    kind: 'state',
    breaks: ['PARTIAL_UPDATE', 'BATCH_PARTIAL_UPDATE'],
    rules: [],
    caughtBy: 'laws',
    apply: {
      write: (before, after, _sent, call) =>
        does(call, 'patches') && before !== null ? { ...before, ...after } : after,
    },
  },
  {
    name: 'update-merges',
    title: 'Keeps the members that an UPDATE leaves out',
    kind: 'state',
    breaks: ['UPDATE', 'BATCH_UPDATE'],
    rules: ['laws/update-overwrites-all'],
    caughtBy: 'laws',
    apply: {
      write: (before, after, _sent, call) =>
        does(call, 'replaces') && before !== null ? { ...before, ...after } : after,
    },
  },
  {
    name: 'update-does-nothing',
    title: 'Answers an UPDATE with success and changes nothing',
    kind: 'state',
    breaks: ['UPDATE', 'BATCH_UPDATE'],
    rules: [],
    caughtBy: 'laws',
    apply: { write: (before, after, _sent, call) => (does(call, 'replaces') ? before : after) },
  },
  {
    name: 'create-stores-nothing',
    title: 'Answers a creation with an id and stores nothing under it',
    kind: 'state',
    breaks: ['CREATE', 'BATCH_CREATE'],
    rules: [],
    caughtBy: 'laws',
    apply: { write: (_before, after, _sent, call) => (does(call, 'creates') ? null : after) },
  },
  {
    name: 'create-loses-a-member',
    title: 'Stores a created entity without the last member that was sent',
    kind: 'state',
    breaks: ['CREATE', 'BATCH_CREATE'],
    rules: ['laws/created-is-readable'],
    caughtBy: 'laws',
    apply: { write: (_before, after, sent, call) => (does(call, 'creates') ? withoutLast(after, sent) : after) },
  },
  {
    name: 'delete-does-nothing',
    title: 'Answers a DELETE with success and keeps the entity',
    kind: 'state',
    breaks: ['DELETE', 'BATCH_DELETE'],
    rules: ['laws/deleted-is-gone'],
    caughtBy: 'laws',
    apply: { write: (before, after, _sent, call) => (does(call, 'removes') ? before : after) },
  },
  {
    name: 'get-changes-state',
    title: 'Removes an entity once it has been read',
    kind: 'state',
    breaks: ['GET'],
    rules: ['laws/get-is-safe'],
    caughtBy: 'laws',
    apply: { result: removingWhatWasRead },
  },
];

function does(call: Call, effect: MethodProfile['effect']): boolean {
  return profileOf(call.operation.method).effect === effect;
}

/** What a patch sets at the top, and of the rest only the key. */
function overwritten(before: JsonObject | null, after: JsonObject | null, patch: Json | undefined): JsonObject | null {
  if (before === null || after === null) return after;
  const named = new Set(Object.keys(isJsonObject(patch) ? patch : {}));
  const set = memberOf(patch, '$set');
  for (const name of Object.keys(isJsonObject(set) ? set : {})) named.add(name);
  const kept = Object.entries(after).filter(([name], index) => named.has(name) || index === 0);
  return jsonObject(kept);
}

function withoutLast(entity: JsonObject | null, sent: Json | undefined): JsonObject | null {
  const last = Object.keys(isJsonObject(sent) ? sent : {}).at(-1);
  if (entity === null || last === undefined) return entity;
  return jsonObject(Object.entries(entity).filter(([name]) => name !== last));
}

function removingWhatWasRead(result: Result, call: Call): Result {
  if (result.kind === 'entity' && does(call, 'reads')) call.state.remove(call.place, result.item.key);
  return result;
}
