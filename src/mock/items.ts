/** The entities that a request is about, one by one: what a single method asks once, its batch asks for each key. */
import type { Json, JsonObject } from '../protocol/json.ts';
import { isJsonArray, isJsonObject, memberOf } from '../protocol/json.ts';
import { readKey, type Key } from '../protocol/keys.ts';
import { escapeSegment } from '../protocol/pointer.ts';
import { profileOf } from '../protocol/methods.ts';
import type { RequestEnvelope } from '../protocol/envelopes.ts';
import type { Asked } from '../verify/asked.ts';
import { identityOf } from './state.ts';

/** `key` is null for a creation and on simple resources; `sent`: the entity or patch, undefined where there is none. */
export interface ItemRequest {
  readonly key: Key | null;
  readonly sent: Json | undefined;
  /** JSON Pointer of the item in the body of a batch; null where it has none there. */
  readonly pointer: string | null;
}

/** What a request asks, item by item, in its order; a key that is sent twice counts once. */
export function itemsOf(asked: Asked): readonly ItemRequest[] {
  return UNWRAP[profileOf(asked.method).sends](asked);
}

const UNWRAP: Readonly<Record<RequestEnvelope, (asked: Asked) => readonly ItemRequest[]>> = {
  none: (asked) => keysOf(asked).map((key) => ({ key, sent: undefined, pointer: null })),
  params: (asked) => [{ key: asked.key, sent: asked.body, pointer: null }],
  entity: (asked) => [{ key: asked.key, sent: asked.body, pointer: null }],
  patch: (asked) => [{ key: asked.key, sent: memberOf(asked.body, 'patch'), pointer: null }],
  elements: (asked) => {
    const elements = memberOf(asked.body, 'elements');
    return isJsonArray(elements) ? elements.map((sent, i) => ({ key: null, sent, pointer: `/elements/${i}` })) : [];
  },
  entities: (asked) => byKey(asked, (sent) => sent),
  patches: (asked) => byKey(asked, (sent) => memberOf(sent, 'patch')),
};

function keysOf(asked: Asked): readonly (Key | null)[] {
  return asked.ids === null ? [asked.key] : once(asked.ids);
}

function byKey(asked: Asked, unwrap: (sent: Json | undefined) => Json | undefined): readonly ItemRequest[] {
  const sent = bodiesOf(asked);
  return once(asked.ids ?? []).map((key) => {
    const entry = sent.get(identityOf(key));
    return {
      key,
      sent: unwrap(entry?.body),
      pointer: entry === undefined ? null : `/entities/${escapeSegment(entry.name)}`,
    };
  });
}

/** Members of `entities` by the identity of the key that their names spell. */
function bodiesOf(asked: Asked): ReadonlyMap<string, { readonly name: string; readonly body: Json }> {
  const bodies = new Map<string, { readonly name: string; readonly body: Json }>();
  const entities = memberOf(asked.body, 'entities');
  const shape = asked.contract.key?.shape;
  if (!isJsonObject(entities) || shape === undefined) return bodies;

  for (const [name, body] of Object.entries(entities)) {
    const read = readKey(name, shape, 'body', asked.protocol, { batchKeys: asked.dialect.batchKeys });
    bodies.set('key' in read ? identityOf(read.key) : name, { name, body });
  }
  return bodies;
}

function once(keys: readonly Key[]): readonly Key[] {
  const distinct = new Map<string, Key>();
  for (const key of keys) {
    const identity = identityOf(key);
    if (!distinct.has(identity)) distinct.set(identity, key);
  }
  return [...distinct.values()];
}

/** What a client sent as an entity, as a record: anything else counts as an empty one. */
export function recordSent(sent: Json | undefined): JsonObject {
  return isJsonObject(sent) ? sent : {};
}
