/** Faults in bodies: no body, no JSON, and entities with one member that breaks their schema. */
import type { CaseSpec } from '../contract/contract.ts';
import { isJsonArray, isJsonObject, jsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { fitsSchema } from '../schema/check.ts';
import { locate } from '../schema/refs.ts';
import type { Schema } from '../schema/schema.ts';
import { keywordOf, partsOf, schemaAt } from '../schema/shape.ts';
import type { Fault, Sound } from './negative.ts';

export function bodyFaults(sound: Sound): readonly Fault[] {
  const { profile } = sound;
  if (profile.sends === 'none') return [];
  return [...formFaults(sound), ...entityFaults(sound), ...patchFaults(sound)];
}

const utf8 = new TextEncoder();

function formFaults({ profile, spec }: Sound): readonly Fault[] {
  if (profile.sends === 'params' && Object.keys(spec.params).length === 0) return [];
  const body = (what: string, does: string, text: string | null): Fault => ({
    what,
    does,
    rule: 'negative/refused',
    rewrite: (request) => ({ ...request, body: text === null ? null : utf8.encode(text) }),
  });
  const none = profile.sends === 'params' ? [] : [body('no-body', 'has no body', null)];
  return [
    ...none,
    body('body-no-json', 'has a body that is no JSON', '{"a":'),
    body('body-is-list', 'has a list for its body', '[]'),
  ];
}

/** One member at a time: left out, of another type, beyond its bounds, set although only the server sets it. */
function entityFaults({ contract, operation, spec }: Sound): readonly Fault[] {
  const entity = sentEntity(spec);
  const schema = operation.request.entity ?? contract.entity;
  if (entity === null || schema === null) return [];

  const breaks = (changed: JsonObject): boolean =>
    !fitsSchema(schema, changed, { variant: 'sent', readOnly: contract.readOnly });
  const isFree = (name: string): boolean => /^\w+$/.test(name) && contract.key?.parts.has(name) !== true;
  const faults: Fault[] = [];
  const add = (what: string, does: string, changed: JsonObject): void => {
    if (breaks(changed)) faults.push({ what, does, rule: 'negative/validated', spec: withEntity(spec, changed) });
  };
  for (const name of Object.keys(entity).filter(isFree)) {
    add(`misses-${name}`, `lacks the required member ${name}`, without(entity, name));
    const wrong = WRONG.find((value) => breaks({ ...entity, [name]: value }));
    if (wrong !== undefined)
      add(`type-of-${name}`, `has a member ${name} of another type`, { ...entity, [name]: wrong });
    for (const [what, value] of outOfBounds(schema, name))
      add(`${what}-of-${name}`, `has a member ${name} beyond its bounds`, { ...entity, [name]: value });
  }
  const [served] = contract.readOnly.filter(
    (path) => path.length === 1 && contract.key?.parts.has(path[0] ?? '') !== true,
  );
  const name = served?.[0];
  if (name !== undefined && isFree(name)) {
    const value = contract.examples.map((example) => example.entity[name]).find((known) => known !== undefined);
    if (value !== undefined) {
      faults.push({
        what: `read-only-${name}`,
        does: `sets ${name}, which only the server sets`,
        rule: 'negative/advised',
        spec: withEntity(spec, { ...entity, [name]: value }),
      });
    }
  }
  return faults;
}

/** Values of every JSON type, the least likely first. */
const WRONG: readonly Json[] = [{ 'no-such': true }, [true], true, 'no-such', 0.5];

function outOfBounds(schema: Schema, name: string): readonly (readonly [string, Json])[] {
  const own = schemaAt(schema, [name]);
  if (own === null) return [];
  const parts = partsOf(locate(own), own.scope);
  const values: (readonly [string, Json])[] = [];
  const number = (keyword: string): number | null => {
    const value = keywordOf(parts, keyword);
    return typeof value === 'number' ? value : null;
  };
  const [least, most, shortest, longest] = [
    number('minimum'),
    number('maximum'),
    number('minLength'),
    number('maxLength'),
  ];
  if (least !== null) values.push(['minimum', least - 1]);
  if (most !== null) values.push(['maximum', most + 1]);
  if (shortest !== null && shortest > 0) values.push(['length', '']);
  if (longest !== null && longest < 100_000) values.push(['length-limit', 'x'.repeat(longest + 1)]);
  if (isJsonArray(keywordOf(parts, 'enum'))) values.push(['symbol', 'NO_SUCH_SYMBOL']);
  return values;
}

/** Documents that are no patches; the open-source server passes over both in silence. */
function patchFaults({ profile, spec }: Sound): readonly Fault[] {
  if (profile.sends !== 'patch' || !isJsonObject(spec.patch)) return [];
  const set = spec.patch['$set'];
  const [name] = isJsonObject(set) ? Object.keys(set) : [];
  const patch = (what: string, does: string, value: JsonObject): Fault => ({
    what,
    does,
    rule: 'negative/validated',
    spec: { patch: value },
  });
  return [
    patch('unknown-command', 'has a patch with a command that does not exist', { $put: { a: 1 } }),
    ...(name === undefined
      ? []
      : [patch('set-and-delete', `sets and deletes ${name} in one patch`, { ...spec.patch, $delete: [name] })]),
  ];
}

/** The one entity that a request sends, or the first of its batch. */
function sentEntity({ entity, elements, entities }: CaseSpec): JsonObject | null {
  const sent = entity ?? elements?.[0] ?? entities?.[0]?.entity;
  return isJsonObject(sent) ? sent : null;
}

/** A batch keeps only the faulty item, so that the outcome of the request is that of the item. */
function withEntity({ entity, elements, entities }: CaseSpec, changed: JsonObject): Partial<CaseSpec> {
  if (entity !== undefined) return { entity: changed };
  if (elements !== undefined) return { elements: [changed] };
  const [first] = entities ?? [];
  return { entities: [{ key: first?.key ?? null, entity: changed }] };
}

function without(entity: JsonObject, name: string): JsonObject {
  return jsonObject(Object.entries(entity).filter(([other]) => other !== name));
}
