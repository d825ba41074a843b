/** What became of each item of a batch, wherever the server put it. */
import { entriesOf, RESPONSE_ENVELOPES, type Entry } from '../protocol/envelopes.ts';
import { isJsonObject, memberOf, type Json } from '../protocol/json.ts';
import type { Key } from '../protocol/keys.ts';
import { profileOf } from '../protocol/methods.ts';
import { KeyIndex } from './answer-batch.ts';
import type { Asked } from './asked.ts';
import { readId } from './created-key.ts';

export interface ItemOutcome {
  /** null: the answer says nothing of the item, which a batch write must. */
  readonly status: number | null;
  /** The created key. */
  readonly key: Key | undefined;
  readonly entity: Json | undefined;
  readonly error: Json | undefined;
  readonly elements: Json | undefined;
  readonly paging: Json | undefined;
  readonly metadata: Json | undefined;
  /** Where the answer tells it; null where it tells nothing. */
  readonly pointer: string | null;
  /** Whether the entity or error is the whole of what stands there, not a member of it. */
  readonly isWhole: boolean;
  /** The key asked for, as written in the answer; null in batches without keys. */
  readonly wireKey: string | null;
}

const NOTHING: ItemOutcome = {
  status: null,
  key: undefined,
  entity: undefined,
  error: undefined,
  elements: undefined,
  paging: undefined,
  metadata: undefined,
  pointer: null,
  isWhole: false,
  wireKey: null,
};

/** An item of a BATCH_GET that is in neither map was not found. */
const LEFT_OUT = 404;
/** A failure whose error has no status of its own. */
const UNKNOWN_FAILURE = 500;

/** One outcome for each item in the order of the request; null for a method without items. Never throws. */
export function outcomesOf(asked: Asked, body: Json | undefined): readonly ItemOutcome[] | null {
  const { returns } = profileOf(asked.method);
  if (returns === 'collections') return collectionsOf(asked, body);
  if (returns === 'createdBatch') {
    const entries = entriesOf(RESPONSE_ENVELOPES.createdBatch, body);
    return Array.from({ length: asked.items ?? entries.length }, (_, i) => createdOf(asked, entries[i]));
  }
  if (returns !== 'batch' && returns !== 'statuses') return null;

  const ids = asked.ids ?? [];
  const index = new KeyIndex(asked);
  const byItem = new Map<number, ItemOutcome>();
  for (const entry of entriesOf(RESPONSE_ENVELOPES[returns], body)) {
    const { index: item } = index.find(entry.key ?? '');
    // In both maps: a failure outweighs, and a rule of its own tells.
    if (item >= 0) byItem.set(item, keyedOf(entry, returns === 'batch'));
  }
  const repeated = repeatedOf(ids, index);
  return ids.map(
    (_, i) => byItem.get(repeated[i] ?? i) ?? (returns === 'batch' ? { ...NOTHING, status: LEFT_OUT } : NOTHING),
  );
}

/** For each item the index of the first one with the same key. */
function repeatedOf(ids: readonly Key[], index: KeyIndex): readonly number[] {
  const firsts = [...index.indexes()];
  return firsts.length === ids.length ? [] : ids.map((id) => index.firstOf(id));
}

function keyedOf(entry: Entry, isRead: boolean): ItemOutcome {
  const isError = entry.pointer.startsWith('/errors/');
  const status = isError ? (entry.status ?? UNKNOWN_FAILURE) : (entry.status ?? (isRead ? 200 : null));
  return {
    ...NOTHING,
    status,
    entity: entry.entity,
    error: entry.error,
    pointer: entry.pointer,
    isWhole: isError || isRead,
    wireKey: entry.key,
  };
}

function createdOf(asked: Asked, entry: Entry | undefined): ItemOutcome {
  if (entry === undefined) return NOTHING;
  const { id } = entry;
  const key = id === null ? undefined : (readId(asked, id) ?? undefined);
  const status = entry.status ?? (entry.error === undefined ? null : UNKNOWN_FAILURE);
  return { ...NOTHING, status, key, entity: entry.entity, error: entry.error, pointer: entry.pointer };
}

function collectionsOf(asked: Asked, body: Json | undefined): readonly ItemOutcome[] {
  const entries = entriesOf(RESPONSE_ENVELOPES.collections, body);
  return Array.from({ length: asked.items ?? entries.length }, (_, i) => {
    const entry = entries[i];
    const result = entry?.entity;
    if (entry === undefined || !isJsonObject(result)) return NOTHING;
    const failed = memberOf(result, 'isError') === true || entry.error !== undefined;
    return {
      ...NOTHING,
      status: failed ? (entry.status ?? UNKNOWN_FAILURE) : 200,
      error: entry.error,
      elements: memberOf(result, 'elements'),
      paging: memberOf(result, 'paging'),
      metadata: memberOf(result, 'metadata'),
      pointer: entry.pointer,
    };
  });
}
