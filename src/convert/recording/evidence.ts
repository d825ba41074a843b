/** What each exchange of a recording says about entities: which there were, and how they looked. */
import { entriesOf, isFailedEntry, REQUEST_ENVELOPES, RESPONSE_ENVELOPES } from '../../protocol/envelopes.ts';
import { ID_HEADER, headerValue } from '../../protocol/headers.ts';
import { isJsonObject, memberOf, type Json, type JsonObject } from '../../protocol/json.ts';
import { keyText, readKey, withoutParams, type Key } from '../../protocol/keys.ts';
import { profileOf } from '../../protocol/methods.ts';
import type { ReadRequest } from '../../protocol/request.ts';
import type { ReadCall } from './cases.ts';
import { listOf } from './entity.ts';
import { jsonOf } from './shapes.ts';

/** One entity, as one exchange knows it. */
export interface Sighting {
  /** null: that of a simple resource, or of a list whose elements do not say their key. */
  readonly key: Key | null;
  readonly parents: ReadonlyMap<string, Key>;
  /** null: it was there, and nothing shows what it looked like. */
  readonly entity: JsonObject | null;
  /** How much the entity is worth as an example: one that was read counts more than one that was sent or cut by a mask. */
  readonly from: 'read' | 'listed' | 'sent' | 'cut';
}

/** Entities that were there before the exchange, or while it was answered. */
export function sightingsIn(call: ReadCall): readonly Sighting[] {
  const { method, read, answers } = call;
  const profile = profileOf(method);
  const { parents } = read;
  const good = answers.filter(({ status }) => status < 300);
  if (good.length === 0) return [];
  const { returns } = profile;
  const isList = returns === 'collection' || returns === 'collections';
  const from = read.masks.fields !== undefined ? 'cut' : isList ? 'listed' : 'read';
  const isRead = profile.effect === 'reads';

  if (isList)
    return good.flatMap(({ body }) => listed(returns, body).map((entity) => ({ key: null, parents, entity, from })));
  if (profile.batchOf !== null) return read.ids === null ? [] : good.flatMap(({ body }) => itemsOf(call, body, from));
  if (isCreating(call)) return [];
  if (profile.at === 'collection' || (read.key === null && read.resource.key !== null)) return [];

  const sent = profile.sends === 'entity' ? jsonOf(call.call.wire.body) : undefined;
  return good.map(({ body }) => ({
    key: read.key,
    parents,
    entity: isRead && isJsonObject(body) ? body : isJsonObject(sent) ? sent : null,
    from: isRead ? from : 'sent',
  }));
}

/** Whether it made the entity that it names: then there was none before. */
function isCreating({ answers, read }: ReadCall): boolean {
  return read.key !== null && answers.every(({ status }) => status === 201);
}

/** Keys of what came to be in the exchange, as far as the answer tells. */
export function createdBy({ method, read, call, answers }: ReadCall): readonly Key[] {
  const { returns, batchOf, sends } = profileOf(method);
  const shape = read.resource.key;
  if (shape === null || (sends !== 'entity' && sends !== 'elements')) return [];
  if (read.key !== null) return answers.length > 0 && answers.every(({ status }) => status === 201) ? [read.key] : [];
  const texts =
    batchOf === null
      ? [headerValue(call.response?.headers ?? [], ID_HEADER[read.protocol])]
      : answers.flatMap(({ body }) => entriesOf(RESPONSE_ENVELOPES[returns], body).map(({ id }) => id));
  return texts.flatMap((text) => {
    const key = text === null ? null : readKey(text, shape, batchOf === null ? 'header' : 'body', read.protocol, {});
    return key !== null && 'key' in key ? [key.key] : [];
  });
}

/** Entities of a list, or of all lists of a batch finder. */
export function listed(returns: 'collection' | 'collections', body: Json | undefined): readonly JsonObject[] {
  const entries = entriesOf(RESPONSE_ENVELOPES[returns], body);
  if (returns === 'collection') return entries.flatMap(({ entity }) => (isJsonObject(entity) ? [entity] : []));
  return listOf(memberOf(body, 'elements')).flatMap((page) => listed('collection', page));
}

function itemsOf(
  { method, read, call }: ReadCall,
  body: Json | undefined,
  from: Sighting['from'],
): readonly Sighting[] {
  const { returns, sends, effect } = profileOf(method);
  const { parents } = read;
  const isRead = effect === 'reads';
  const sent = sends === 'entities' ? entriesOf(REQUEST_ENVELOPES[sends], jsonOf(call.wire.body)) : [];
  return entriesOf(RESPONSE_ENVELOPES[returns], body).flatMap((entry): Sighting[] => {
    const key = keyIn(entry.key, read);
    if (key === null || isFailedEntry(entry) || entry.status === 201) return [];
    const own = sent.find(({ key: text }) => sameKeyText(keyIn(text, read), key))?.entity;
    const entity = isRead ? entry.entity : own;
    return [{ key, parents, entity: isJsonObject(entity) ? entity : null, from: isRead ? from : 'sent' }];
  });
}

function keyIn(text: string | null, { resource, protocol }: ReadRequest): Key | null {
  if (text === null) return null;
  const key = readKey(text, resource.key ?? { kind: 'simple' }, 'body', protocol, { batchKeys: 'either' });
  return 'key' in key ? key.key : null;
}

function sameKeyText(a: Key | null, b: Key): boolean {
  return a !== null && identity(a) === identity(b);
}

/** Text of a key, for maps; `$params` do not identify. */
export function identity(key: Key): string {
  return keyText(withoutParams(key));
}
