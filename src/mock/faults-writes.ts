/** Faults of writes that are seen only by looking closely: at the second key, inside a record, behind a tunnel. */
import { isJsonObject, jsonObject, memberOf, type Json, type JsonObject } from '../protocol/json.ts';
import { keyText, type Key } from '../protocol/keys.ts';
import { profileOf, type MethodProfile } from '../protocol/methods.ts';
import type { HttpRequest } from '../transport/exchange.ts';
import type { Call } from './call.ts';
import type { Fault } from './faults.ts';
import { failure, type Item, type Result } from './result.ts';

export const WRITE_FAULTS: readonly Fault[] = [
  {
    name: 'batch-writes-first-only',
    title: 'Writes only the first entity of a batch, and answers success for all',
    kind: 'batch',
    breaks: ['BATCH_UPDATE', 'BATCH_PARTIAL_UPDATE', 'BATCH_DELETE'],
    rules: ['laws/batch-writes-each'],
    caughtBy: 'laws',
    apply: { write: firstOnly },
  },
  {
    name: 'batch-entities-swapped',
    title: 'Writes the entities of a batch under each other’s keys',
    kind: 'batch',
    breaks: ['BATCH_UPDATE', 'BATCH_PARTIAL_UPDATE'],
    rules: ['laws/batch-writes-each'],
    caughtBy: 'laws',
    apply: { call: (call) => ({ ...call, asked: { ...call.asked, body: swapped(call.asked.body) } }) },
  },
  {
    name: 'batch-failures-are-500',
    title: 'Answers 500 for each key of a batch write that fails, whatever is wrong with it',
    kind: 'batch',
    breaks: ['BATCH_UPDATE', 'BATCH_PARTIAL_UPDATE', 'BATCH_DELETE'],
    rules: ['expectation/each', 'laws/batch-status-equals-single'],
    caughtBy: 'laws',
    apply: {
      result: (result) => (result.kind === 'statuses' ? { ...result, items: result.items.map(asServerFault) } : result),
    },
  },
  {
    name: 'write-changes-the-key',
    title: 'Stores a written entity with another key in it than the one it is found by',
    kind: 'state',
    breaks: ['UPDATE', 'BATCH_UPDATE', 'PARTIAL_UPDATE', 'BATCH_PARTIAL_UPDATE'],
    rules: ['laws/key-stays'],
    caughtBy: 'laws',
    apply: { write: (before, after, _sent, call) => (before === null ? after : withOtherKey(after, call)) },
  },
  {
    name: 'returned-entity-is-another',
    title: 'Answers a write with an entity that is not the stored one',
    kind: 'entities',
    breaks: ['CREATE', 'BATCH_CREATE', 'PARTIAL_UPDATE', 'BATCH_PARTIAL_UPDATE'],
    rules: ['laws/returned-entity-is-stored'],
    caughtBy: 'laws',
    apply: {
      result: (result, call) => (effectOf(call) === 'reads' ? result : mapItems(result, (item) => retold(item, call))),
    },
  },
  {
    name: 'empty-batch-refused',
    title: 'Refuses a BATCH_GET of no keys',
    kind: 'batch',
    breaks: ['BATCH_GET'],
    rules: ['laws/empty-batch-is-empty'],
    caughtBy: 'laws',
    apply: { result: (result, { asked }) => (result.kind === 'batch' && asked.ids?.length === 0 ? REFUSED : result) },
  },
  {
    name: 'repeated-ids-refused',
    title: 'Refuses a BATCH_GET that names a key twice',
    kind: 'batch',
    breaks: ['BATCH_GET'],
    rules: ['laws/repeated-ids-are-one'],
    caughtBy: 'laws',
    apply: {
      result: (result, { asked }) => (result.kind === 'batch' && repeatsAKey(asked.ids ?? []) ? REFUSED : result),
    },
  },
  {
    name: 'empty-patch-clears',
    title: 'Takes the last member away where a patch changes nothing',
    kind: 'state',
    breaks: ['PARTIAL_UPDATE', 'BATCH_PARTIAL_UPDATE'],
    rules: ['laws/empty-patch-changes-nothing'],
    caughtBy: 'laws',
    apply: {
      write: (_before, after, sent, call) =>
        effectOf(call) === 'patches' && isJsonObject(sent) && Object.keys(sent).length === 0
          ? withoutLast(after)
          : after,
    },
  },
  {
    name: 'nested-patch-replaces',
    title: 'Replaces a record whole where a patch sets a member inside it',
    kind: 'state',
    breaks: ['PARTIAL_UPDATE', 'BATCH_PARTIAL_UPDATE'],
    rules: ['laws/nested-patch-leaves-the-rest'],
    caughtBy: 'laws',
    apply: {
      write: (_before, after, sent, call) => (effectOf(call) === 'patches' ? withRecordsReplaced(after, sent) : after),
    },
  },
  {
    name: 'nested-mask-ignored',
    title: 'Answers a record whole where a projection asks for members inside it',
    kind: 'entities',
    breaks: ['GET', 'BATCH_GET', 'GET_ALL', 'FINDER', 'BATCH_FINDER'],
    rules: ['laws/nested-projection-commutes'],
    caughtBy: 'laws',
    apply: { request: withoutNestedMasks },
  },
  {
    name: 'tunnelled-write-does-nothing',
    title: 'Answers a tunnelled write with success and changes nothing',
    kind: 'state',
    breaks: null,
    rules: ['laws/tunnelled-write-is-done'],
    caughtBy: 'laws',
    apply: { write: (before, after, _sent, call) => (call.asked.tunnelled ? before : after) },
  },
];

/** Writes of each batch so far. */
const WRITTEN = new WeakMap<Call, number>();
const REFUSED = failure(400, { status: 400, message: 'The batch is refused.' });

function repeatsAKey(ids: readonly Key[]): boolean {
  return new Set(ids.map(keyText)).size < ids.length;
}

function effectOf({ operation }: Call): MethodProfile['effect'] {
  return profileOf(operation.method).effect;
}

function firstOnly(
  before: JsonObject | null,
  after: JsonObject | null,
  _sent: Json | undefined,
  call: Call,
): JsonObject | null {
  if (profileOf(call.operation.method).returns !== 'statuses') return after;
  const earlier = WRITTEN.get(call) ?? 0;
  WRITTEN.set(call, earlier + 1);
  return earlier === 0 ? after : before;
}

/** The members of `entities` with each other's values. */
function swapped(body: Json | undefined): Json | undefined {
  const entities = memberOf(body, 'entities');
  if (!isJsonObject(body) || !isJsonObject(entities)) return body;
  const values = Object.values(entities).toReversed();
  return {
    ...body,
    entities: jsonObject(Object.keys(entities).map((name, index): [string, Json] => [name, values[index] ?? null])),
  };
}

function asServerFault(item: Item): Item {
  if (item.status < 400) return item;
  return { ...item, status: 500, error: item.error === null ? null : { ...item.error, status: 500 } };
}

function withOtherKey(entity: JsonObject | null, { contract }: Call): JsonObject | null {
  const part = [...(contract.key?.parts.keys() ?? [])].find((name) => entity !== null && Object.hasOwn(entity, name));
  if (entity === null || part === undefined) return entity;
  return { ...entity, [part]: another(entity[part] ?? null) };
}

function another(value: Json): Json {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'bigint') return value - 1n;
  return typeof value === 'string' ? `${value}0` : value;
}

function mapItems(result: Result, change: (item: Item) => Item): Result {
  if (result.kind === 'entity' || result.kind === 'created') return { ...result, item: change(result.item) };
  if (result.kind === 'statuses' || result.kind === 'createdBatch')
    return { ...result, items: result.items.map((item) => change(item)) };
  return result;
}

/** With another text in the first member that is text and no part of the key. */
function retold(item: Item, { contract }: Call): Item {
  const { entity } = item;
  for (const [name, value] of Object.entries(entity ?? {})) {
    if (typeof value === 'string' && contract.key?.parts.has(name) !== true)
      return { ...item, entity: { ...entity, [name]: `${value}!` } };
  }
  return item;
}

function withoutLast(entity: JsonObject | null): JsonObject | null {
  return entity === null ? null : jsonObject(Object.entries(entity).slice(0, -1));
}

function withRecordsReplaced(entity: JsonObject | null, patch: Json | undefined): JsonObject | null {
  if (entity === null || !isJsonObject(patch)) return entity;
  const replaced = Object.entries(patch).flatMap(([name, node]): [string, Json][] => {
    const set = name.startsWith('$') ? undefined : memberOf(node, '$set');
    return isJsonObject(set) ? [[name, set]] : [];
  });
  return { ...entity, ...jsonObject(replaced) };
}

/** `record:(member)` becomes `record`. */
function withoutNestedMasks(request: HttpRequest): HttpRequest {
  const target = request.target.replace(
    /([?&]fields=)([^&]*)/,
    (_, name: string, mask: string) => name + withoutGroups(mask),
  );
  return target === request.target ? request : { ...request, target };
}

function withoutGroups(mask: string): string {
  const flat = mask.replace(/:\([^()]*\)/g, '');
  return flat === mask ? mask : withoutGroups(flat);
}
