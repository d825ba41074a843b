/**
 * Faults in keys: parts of another type, parts that are missing or unknown, keys that are no record; in the path, in
 * `ids`, in the body of a batch and of parents.
 */
import type { CaseSpec, KeyType } from '../contract/contract.ts';
import { isJsonObject, jsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { KEY_PARAMS } from '../protocol/keys.ts';
import { fitsSchema } from '../schema/check.ts';
import { coerce } from '../schema/coerce.ts';
import type { Schema } from '../schema/schema.ts';
import { idOf, mapTarget, namedKey, type Fault, type Sound } from './negative-fault.ts';

export function keyFaults(sound: Sound): readonly Fault[] {
  return [...ownKeyFaults(sound), ...parentFaults(sound), ...listPathFaults(sound), ...noList(sound)];
}

/** A key with one fault. */
interface BadKey {
  /** `type`, `part-of-row`; follows `key-` or `ids-`. */
  readonly what: string;
  readonly tells: string;
  readonly key: Json;
  /** Whether the server of the protocol refuses it where it stands. */
  readonly refusedIn: readonly Place[];
  /** Whether whoever takes it could reach other entities: the key is that of a list, or of more than one. */
  readonly isWide?: boolean;
}
type Place = 'path' | 'ids';

function ownKeyFaults(sound: Sound): readonly Fault[] {
  const { contract, operation, profile, spec, owned } = sound;
  const { key: type } = contract;
  if (type === null) return [];
  const inPath = operation.level === 'entity' && spec.key !== undefined;
  const first = namedKey(spec);
  if (first === undefined || (!inPath && profile.parameter !== 'ids')) return [];
  const place: Place = inPath ? 'path' : 'ids';
  return badKeys(type, first, sound).map((bad) => ({
    what: `${inPath ? 'key' : 'ids'}-${bad.what}`,
    does: `has a key ${bad.tells} ${inPath ? 'in its path' : 'among its `ids`'}`,
    rule: bad.refusedIn.includes(place) ? 'negative/refused' : 'negative/validated',
    refusal: 'key',
    spec: withKey(spec, bad.key),
    endangers: bad.isWide === true && profile.effect !== 'reads' && !owned,
  }));
}

/** A batch keeps only the faulty item, so that the outcome of the request is that of the item. */
function withKey(spec: CaseSpec, key: Json): Partial<CaseSpec> {
  const [first] = spec.entities ?? [];
  if (first !== undefined) return { entities: [{ ...first, key }] };
  return spec.ids === undefined ? { key } : { ids: [key] };
}

function badKeys(type: KeyType, sound: Json, facts: Sound): readonly BadKey[] {
  if (type.shape.kind === 'simple') {
    const [schema] = type.parts.values();
    return schema === undefined
      ? []
      : badTexts(schema).map((bad) => ({ ...bad, key: bad.text, refusedIn: bad.isRead ? [] : BOTH }));
  }
  const isTwo = facts.protocol === '2.0.0';
  const isCompound = type.shape.kind === 'compound';
  const noRecord: BadKey = {
    what: 'no-record',
    tells: 'that is no record of its parts',
    key: 'no-record',
    // A complex key that is a text is met by a fault of the open-source server, 500, in a path.
    refusedIn: isCompound ? BOTH : ['ids'],
  };
  const bad: BadKey[] = isTwo || isCompound ? [noRecord] : [];
  if (!isJsonObject(sound)) return bad;
  for (const [name, schema] of type.parts) {
    for (const { what, tells, text, isRead } of badTexts(schema))
      bad.push({
        what: `${what}-of-${idOf([name])}`,
        tells: `whose part ${name} is ${tells}`,
        key: { ...sound, [name]: text },
        refusedIn: isCompound && !isRead ? BOTH : [],
      });
    bad.push({
      what: `misses-${idOf([name])}`,
      tells: `that lacks its part ${name}`,
      key: without(sound, name),
      // In a path it is that of the list, which the header of the method contradicts; in `ids` the resource decides.
      refusedIn: isCompound ? ['path'] : [],
      isWide: true,
    });
  }
  const [first] = type.parts.keys();
  if (isTwo && first !== undefined)
    bad.push({
      what: `list-for-${idOf([first])}`,
      tells: `whose part ${first} is a list`,
      key: { ...sound, [first]: ['a', 'b'] },
      refusedIn: isCompound ? BOTH : [],
    });
  bad.push({
    what: 'unknown-part',
    tells: 'with a part that it does not have',
    key: { ...sound, noSuchPart: 'no-such' },
    refusedIn: isCompound ? BOTH : [],
  });
  return [...bad, ...badParams(type, sound)];
}

const BOTH: readonly Place[] = ['path', 'ids'];

/** Parameters of a complex key, as far as a text can be of another type than theirs. */
function badParams({ params }: KeyType, sound: JsonObject): readonly BadKey[] {
  return [...(params ?? [])].flatMap(([name, { type }]): readonly BadKey[] => {
    const [bad] = typeof type === 'boolean' ? [] : badTexts(type);
    if (bad === undefined) return [];
    const known = isJsonObject(sound[KEY_PARAMS]) ? sound[KEY_PARAMS] : {};
    return [
      {
        what: `${bad.what}-of-$params.${idOf([name])}`,
        tells: `whose parameter ${name} is ${bad.tells}`,
        key: { ...sound, [KEY_PARAMS]: { ...known, [name]: bad.text } },
        refusedIn: [],
      },
    ];
  });
}

interface BadText {
  readonly what: string;
  readonly tells: string;
  readonly text: string;
  /** Whether the server's reader takes it all the same, so that only who validates refuses it. */
  readonly isRead: boolean;
}

/** Texts that are no value of the type. */
function badTexts(schema: Schema): readonly BadText[] {
  const candidates: readonly (readonly [what: string, tells: string, text: string])[] = [
    ['type', 'of another type', 'no-number'],
    ['fraction', 'a number with a fraction', '1.5'],
    ['range', 'a number beyond its range', '99999999999999999999'],
  ];
  return candidates.flatMap(([what, tells, text]): readonly BadText[] => {
    const read = coerce(schema, text);
    if ('problem' in read) return [{ what, tells, text, isRead: false }];
    // Of texts only the first is a fault: what is true of it is true of the others.
    return what === 'type' && !fitsSchema(schema, read.value) ? [{ what, tells, text, isRead: true }] : [];
  });
}

/** Keys of parents in the path. */
function parentFaults({ contract, spec }: Sound): readonly Fault[] {
  return [...contract.parents].flatMap(([name, type]): readonly Fault[] => {
    const [schema] = type.shape.kind === 'simple' ? type.parts.values() : [];
    const [bad] = schema === undefined ? [] : badTexts(schema);
    if (bad === undefined) return [];
    return [
      {
        what: `parent-${bad.what}-of-${idOf([name])}`,
        does: `has a key of ${name} in its path that is ${bad.tells}`,
        // The server is known to refuse bad keys; of parents nobody has tried it.
        rule: 'negative/validated',
        refusal: 'key',
        spec: { parents: { ...spec.parents, [name]: bad.text } },
      },
    ];
  });
}

/** Parts of a key in the path of a list. */
function listPathFaults({ contract, operation, spec }: Sound): readonly Fault[] {
  if (operation.assocKeys.length === 0 || !isJsonObject(spec.key)) return [];
  const sound = spec.key;
  const fault = (what: string, tells: string, key: JsonObject | undefined, rule: Fault['rule']): Fault => ({
    what,
    does: `has ${tells} in the path of the list`,
    rule,
    refusal: 'key',
    spec: { key },
  });
  const types = operation.assocKeys.flatMap((name): readonly Fault[] => {
    const schema = contract.key?.parts.get(name);
    const [bad] = schema === undefined ? [] : badTexts(schema);
    if (bad === undefined) return [];
    // Of whole keys the server is known to look at the types of the parts.
    const rule = 'negative/validated';
    return [
      fault(
        `list-${bad.what}-of-${idOf([name])}`,
        `a part ${name} that is ${bad.tells}`,
        { ...sound, [name]: bad.text },
        rule,
      ),
    ];
  });
  const unknown = { ...sound, noSuchPart: 'no-such' };
  return [
    ...types,
    fault('list-unknown-part', 'a part that the key does not have', unknown, 'negative/refused'),
    fault('list-without-parts', 'no part of the key', undefined, 'negative/refused'),
  ];
}

function noList({ profile, protocol }: Sound): readonly Fault[] {
  if (profile.parameter !== 'ids' || protocol !== '2.0.0') return [];
  return [
    {
      what: 'ids-no-list',
      does: 'has `ids` that are no list',
      rule: 'negative/refused',
      refusal: 'key',
      rewrite: (request) => mapTarget(request, (target) => target.replace(/([?&]ids=)[^&]*/, '$11')),
    },
  ];
}

function without(record: JsonObject, name: string): JsonObject {
  return jsonObject(Object.entries(record).filter(([other]) => other !== name));
}
