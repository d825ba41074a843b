/** Faults in bodies: no body, no JSON, another envelope, and entities with one member that breaks their schema. */
import type { CaseSpec, ValuePath } from '../contract/contract.ts';
import { isJsonObject, jsonEquals, memberOf, type Json, type JsonObject } from '../protocol/json.ts';
import { valueAt } from '../protocol/pointer.ts';
import {
  idOf,
  joined,
  mapBody,
  namedKey,
  NO_FAULTS,
  ofFirst,
  withBody,
  type Fault,
  type Faults,
  type Sound,
} from './negative-fault.ts';
import { patchFaults } from './negative-patch.ts';
import { replaceAt, valueFaults, type ValueFault } from './negative-values.ts';
import { missingKeyOf } from './variants.ts';

/** Faults that are made of one entity, nested ones included. */
const MOST_OF_ENTITY = 40;

export function bodyFaults(sound: Sound): Faults {
  const { profile, operation } = sound;
  if (profile.sends === 'none' || operation.request.body === false) return NO_FAULTS;
  const form = [...formFaults(sound), ...envelopeFaults(sound)];
  return joined([{ faults: form, left: 0 }, entityFaults(sound), patchFaults(sound)]);
}

function formFaults({ profile, spec }: Sound): readonly Fault[] {
  if (profile.sends === 'params' && Object.keys(spec.params).length === 0) return [];
  const body = (what: string, does: string, bytes: string | Uint8Array): Fault => ({
    what,
    does,
    rule: 'negative/refused',
    refusal: 'body',
    rewrite: (request) => withBody(request, bytes),
  });
  const none: Fault = {
    what: 'no-body',
    does: 'has no body',
    rule: 'negative/refused',
    refusal: 'noBody',
    rewrite: (request) => withBody(request, null),
  };
  return [
    ...(profile.sends === 'params' ? [] : [none]),
    body('body-no-json', 'has a body that is no JSON', '{"a":'),
    body('body-is-list', 'has a list for its body', '[]'),
    // `{"a":"` 0xFF `"}`
    {
      ...body('body-no-utf-8', 'has a body that is no UTF-8', Uint8Array.of(123, 34, 97, 34, 58, 34, 255, 34, 125)),
      rule: 'negative/validated',
    },
  ];
}

/** The member that an envelope of many items has. */
const MEMBERS: ReadonlyMap<string, string> = new Map([
  ['elements', 'elements'],
  ['entities', 'entities'],
  ['patches', 'entities'],
]);

/** The open-source server takes another envelope for an empty batch. */
function envelopeFaults({ profile, operation }: Sound): readonly Fault[] {
  const member = operation.request.body === null ? MEMBERS.get(profile.sends) : undefined;
  if (member === undefined) return [];
  const fault = (what: string, does: string, change: (body: Json) => Json): Fault => ({
    what,
    does,
    rule: 'negative/validated',
    refusal: 'schema',
    rewrite: (request) => mapBody(request, change),
  });
  return [
    fault('no-envelope', `has a body without \`${member}\``, (body) => firstItem(memberOf(body, member)) ?? {}),
    fault('envelope-of-text', `has a text for \`${member}\``, () => ({ [member]: 'no-such' })),
  ];
}

function firstItem(items: Json | undefined): Json | undefined {
  return typeof items === 'object' && items !== null ? Object.values(items)[0] : undefined;
}

/** One member at a time, as deep as the schema goes; then what only the server sets, or fixes. */
function entityFaults(sound: Sound): Faults {
  const { contract, operation, spec, seed } = sound;
  const entity = sentEntity(spec);
  const schema = operation.request.entity ?? contract.entity;
  if (entity === null || schema === null) return NO_FAULTS;

  const { faults, left } = valueFaults(schema, entity, {
    check: { variant: 'sent', readOnly: contract.readOnly },
    seed,
    most: MOST_OF_ENTITY,
    isBody: true,
    isClosed: (path) => contract.readOnly.some((fixed) => fixed.every((name, index) => path[index] === name)),
  });
  const broken = faults.map((fault): Fault => ({
    ...toldOfMember(fault),
    rule: 'negative/validated',
    refusal: 'schema',
    spec: withEntity(spec, fault.value),
  }));
  return joined([{ faults: broken, left }, fixedFaults(sound, entity)]);
}

export function toldOfMember({ kind, path, tells }: ValueFault): Pick<Fault, 'what' | 'does'> {
  const where = path.join('.');
  return {
    what: `${kind}-${idOf(path)}`,
    does: kind === 'misses' ? `lacks the required member ${where}` : `has a member ${where} ${tells}`,
  };
}

/** Members that are fixed for clients, set all the same. */
function fixedFaults(sound: Sound, entity: JsonObject): Faults {
  const { contract, profile, spec } = sound;
  const advised = fixedFault(sound, entity, (path, value) => withEntity(spec, replaceAt(entity, path, value)));
  const created = profile.effect === 'creates' ? [] : contract.createOnly;
  return joined([
    ofFirst(contract.readOnly, (path) => advised('read-only', 'sets %, which only the server sets', path)),
    ofFirst(created, (path) => advised('create-only', 'changes %, which is fixed since its creation', path)),
  ]);
}

/**
 * A maker of faults that set a member which is fixed for clients.
 *
 * @param sent - the request with the value at the path
 * @returns takes the id, a clause in which `%` stands for the member, and its path; no fault where no value is known
 */
export function fixedFault(
  sound: Sound,
  entity: JsonObject,
  sent: (path: ValuePath, value: Json) => Partial<CaseSpec>,
): (what: string, does: string, path: ValuePath) => readonly Fault[] {
  return (what, does, path) => {
    const value = foreignValue(sound, entity, path);
    if (value === undefined) return [];
    return [
      {
        what: `${what}-${idOf(path)}`,
        does: does.replace('%', path.join('.')),
        rule: 'negative/advised',
        refusal: 'ignored',
        spec: sent(path, value),
      },
    ];
  };
}

/**
 * A value of a member that the entity does not have: an example's. Of the key itself it is one that no entity should
 * have, so that nobody's is overwritten where a server takes it.
 */
function foreignValue({ contract, spec, seed }: Sound, entity: JsonObject, path: ValuePath): Json | undefined {
  const [head = ''] = path;
  if (path.length === 1 && contract.key?.parts.has(head) === true) {
    const near = namedKey(spec) ?? contract.examples[0]?.key ?? undefined;
    const strange = missingKeyOf(contract, near, seed);
    return (isJsonObject(strange) ? strange[head] : strange) ?? undefined;
  }
  const own = valueAt(entity, path);
  return contract.examples
    .map((example) => valueAt(example.entity, path))
    .find((known) => known !== undefined && (own === undefined || !jsonEquals(own, known)));
}

/** The one entity that a request sends, or the first of its batch. */
function sentEntity({ entity, elements, entities }: CaseSpec): JsonObject | null {
  const sent = entity ?? elements?.[0] ?? entities?.[0]?.entity;
  return isJsonObject(sent) ? sent : null;
}

/** A batch keeps only the faulty item, so that the outcome of the request is that of the item. */
function withEntity({ entity, elements, entities }: CaseSpec, changed: Json): Partial<CaseSpec> {
  if (entity !== undefined) return { entity: changed };
  if (elements !== undefined) return { elements: [changed] };
  const [first] = entities ?? [];
  return { entities: [{ key: first?.key ?? null, entity: changed }] };
}
