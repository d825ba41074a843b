/**
 * The entities of a recording as examples of its draft, so that the embedded endpoint answers as the recorded server did.
 *
 * Examples are the state before the recording began, as far as it shows: an entity that was read is taken as it was read
 * first, one that was only written as it was sent, and one of which only the key is known is made up after another.
 */
import { isJsonObject, jsonEquals, jsonObject, memberOf, type Json, type JsonObject } from '../../protocol/json.ts';
import type { Key } from '../../protocol/keys.ts';
import { typed, type ReadCall } from './cases.ts';
import { createdBy, identity, sightingsIn, type Sighting } from './evidence.ts';
import type { DraftResource } from './shapes.ts';

export interface Example {
  /** null: that of a simple resource. */
  readonly key: Key | null;
  readonly parents: ReadonlyMap<string, Key>;
  readonly entity: JsonObject;
  /** It came to be during the recording. */
  readonly isLater: boolean;
  /** What it holds was never seen whole, so that it says nothing of how lists are selected. */
  readonly isMadeUp: boolean;
}

export interface Examples {
  readonly all: readonly Example[];
  /** Name of the part of a simple key: a member of the entities that holds it, if there is one. */
  readonly keyName: string;
  /** Entities that were seen unlike in different exchanges, and those that were made up. */
  readonly notes: readonly string[];
  find(key: Key | null, parents: ReadonlyMap<string, Key>): Example | undefined;
  /** The examples that elements of a list are; null if one of them is none. */
  findAll(elements: readonly JsonObject[], parents: ReadonlyMap<string, Key>): readonly Example[] | null;
}

/** More would make the draft unreadable; a recording of that many entities shows what they are like. */
const MOST_EXAMPLES = 200;

/** Best first. */
const WORTH: readonly Sighting['from'][] = ['read', 'listed', 'sent', 'cut'];

export function examplesOf(resource: DraftResource, read: readonly ReadCall[]): Examples {
  const sightings = resource.shape.kind === 'actionsSet' ? [] : read.flatMap(sightingsIn);
  const members = keyMembers(resource, sightings);
  const isSimple = resource.shape.key === null;
  const known = new Map<string, Sighting[]>();
  for (const sighting of sightings) {
    const key = isSimple ? null : (sighting.key ?? keyOfEntity(sighting.entity, members));
    if (key === null && !isSimple) continue;
    const id = placed(key, sighting.parents);
    known.set(id, [...(known.get(id) ?? []), { ...sighting, key }]);
  }

  const later = new Set(read.flatMap((one) => createdBy(one).map((key) => placed(key, one.read.parents))));
  const notes: string[] = [];
  const seen = [...known].slice(0, MOST_EXAMPLES).map(([id, those]) => seenEntity(those, later.has(id)));
  const model = seen.find(({ isWhole }) => isWhole)?.entity ?? null;
  for (const { name, isUnlike, isWhole } of seen) {
    if (isUnlike) notes.push(`${name} changed while it was recorded; its example is how it was read first`);
    if (!isWhole && model !== null) notes.push(`nothing shows ${name} whole; its example is made up after another`);
  }
  const all = seen.map(({ key, parents, isLater, isWhole, entity }): Example => {
    const made = isWhole ? entity : { ...model, ...entity };
    return { key, parents, isLater, isMadeUp: !isWhole, entity: withKey(made, key, members) };
  });

  const byPlace = new Map(all.map((one) => [placed(one.key, one.parents), one]));
  return {
    all,
    notes,
    keyName:
      members?.length === 1
        ? (members[0] ?? 'id')
        : all.some(({ entity }) => Object.hasOwn(entity, 'id'))
          ? 'key'
          : 'id',
    find: (key, parents) => byPlace.get(placed(key, parents)),
    findAll: (elements, parents) => {
      const those = elements.map((element) => {
        const key = keyOfEntity(element, members);
        return key === null ? undefined : byPlace.get(placed(key, parents));
      });
      return those.every((one) => one !== undefined) ? those : null;
    },
  };
}

interface Seen extends Omit<Example, 'isMadeUp'> {
  /** For messages. */
  readonly name: string;
  /** False: it was cut by a mask, or only its key is known. */
  readonly isWhole: boolean;
  /** Reads of it differ. */
  readonly isUnlike: boolean;
}

/** @param those - all sightings of one entity, in the order recorded; at least one */
function seenEntity(those: readonly Sighting[], isLater: boolean): Seen {
  const [first] = those;
  const shown = WORTH.flatMap((from) => those.filter((one) => one.from === from && one.entity !== null));
  const [best] = shown;
  const reads = shown.filter(({ from }) => from === 'read' || from === 'listed');
  const key = first?.key ?? null;
  return {
    key,
    parents: first?.parents ?? new Map<string, Key>(),
    entity: best?.entity ?? {},
    isLater,
    name: key === null ? 'the entity' : `entity ${identity(key)}`,
    isWhole: best !== undefined && best.from !== 'cut',
    isUnlike: reads.some(({ entity }) => !jsonEquals(entity, best?.entity ?? null)),
  };
}

/** One example as a contract writes it. */
export function written({ key, parents, entity }: Example, { keyName }: Examples): JsonObject {
  const value = key === null ? null : typed(key);
  const parts = value === null ? [] : isJsonObject(value) ? Object.entries(value) : [[keyName, value] as const];
  const saysKey = parts.every(([name, part]) => {
    const own = memberOf(entity, name);
    return own !== undefined && jsonEquals(own, part);
  });
  return jsonObject([
    ...(value === null || saysKey ? [] : [['$key', value] as const]),
    ...(parents.size === 0
      ? []
      : [['$parents', jsonObject([...parents].map(([name, one]): [string, Json] => [name, typed(one)]))] as const]),
    ...Object.entries(entity),
  ]);
}

/** Members of an entity that are its key; null where entities do not tell it. */
function keyMembers({ shape }: DraftResource, sightings: readonly Sighting[]): readonly string[] | null {
  const { key: keyShape } = shape;
  if (keyShape === null) return null;
  const whole = sightings.filter(({ entity, from }) => entity !== null && from !== 'cut' && from !== 'sent');
  const tells = (names: readonly string[]): boolean =>
    whole.length > 0 &&
    whole.every(({ entity, key }) => {
      const own = keyOfEntity(entity, names);
      return own !== null && (key === null || identity(own) === identity(key));
    });
  if (keyShape.kind !== 'simple') return tells(keyShape.parts) ? keyShape.parts : null;
  const names = new Set(whole.flatMap(({ entity }) => Object.keys(entity ?? {})));
  // Without one key that an exchange tells, only the usual name is taken for it.
  const isTold = whole.some(({ key }) => key !== null);
  const found = ['id', ...names].find((name) => (isTold || name === 'id') && tells([name]));
  return found === undefined ? null : [found];
}

/** The key that an entity says it has. A key of one part is that value, of several a record. */
function keyOfEntity(entity: JsonObject | null, members: readonly string[] | null): Key | null {
  if (entity === null || members === null) return null;
  const parts = members.map((name) => memberOf(entity, name));
  const [first] = parts;
  if (members.length === 1) return first === undefined || first === null || typeof first === 'object' ? null : first;
  if (parts.some((part) => part === undefined || part === null || typeof part === 'boolean')) return null;
  return jsonObject(members.map((name, index): [string, Json] => [name, parts[index] ?? null]));
}

/** What was sent or made up says its key like the others. */
function withKey(entity: JsonObject, key: Key | null, members: readonly string[] | null): JsonObject {
  if (key === null || members === null) return entity;
  const value = typed(key);
  const own = members.map((name): [string, Json] => [
    name,
    isJsonObject(value) ? (memberOf(value, name) ?? null) : value,
  ]);
  const named = jsonObject(own);
  return { ...named, ...entity, ...named };
}

function placed(key: Key | null, parents: ReadonlyMap<string, Key>): string {
  return JSON.stringify([
    [...parents].map(([name, one]) => [name, identity(one)]),
    key === null ? null : identity(key),
  ]);
}
