/**
 * Faults in patches, alone and in a batch: documents that are none, commands that do not exist, values that break the
 * schema, members that must stay or are fixed. The open-source server passes over most of them in silence.
 */
import type { CaseSpec } from '../contract/contract.ts';
import { isJsonObject, jsonObject, memberOf, type Json, type JsonObject } from '../protocol/json.ts';
import type { Schema } from '../schema/schema.ts';
import { requiredNames } from '../schema/shape.ts';
import { fixedFault, toldOfMember } from './negative-body.ts';
import { idOf, joined, mapBody, NO_FAULTS, ofFirst, type Fault, type Faults, type Sound } from './negative-fault.ts';
import { replaceAt, valueFaults } from './negative-values.ts';

/** Faults that are made of the values of one patch. */
const MOST_OF_PATCH = 40;

export function patchFaults(sound: Sound): Faults {
  const { contract, operation, spec } = sound;
  const patch = spec.patch ?? spec.entities?.[0]?.patch;
  if (!isJsonObject(patch) || operation.request.body !== null) return NO_FAULTS;
  const form: Faults = { faults: [...documentFaults(spec, patch), unwrapped()], left: 0 };
  const schema = operation.request.entity ?? contract.entity;
  if (schema === null) return form;
  return joined([form, setFaults(sound, schema, patch), deleteFaults(spec, schema), fixedFaults(sound)]);
}

/** A batch keeps only the faulty item. */
function withPatch({ entities }: CaseSpec, patch: Json): Partial<CaseSpec> {
  const [first] = entities ?? [];
  return first === undefined ? { patch } : { entities: [{ key: first.key, patch }] };
}

function documentFaults(spec: CaseSpec, sound: JsonObject): readonly Fault[] {
  const fault = (what: string, does: string, patch: Json): Fault => ({
    what,
    does,
    rule: 'negative/validated',
    refusal: 'schema',
    spec: withPatch(spec, patch),
  });
  const set = sound['$set'];
  const [name] = isJsonObject(set) ? Object.keys(set) : [];
  return [
    fault('unknown-command', 'has a patch with a command that does not exist', { $put: { a: 1 } }),
    fault('patch-is-list', 'has a list for its patch', []),
    fault('set-no-record', 'has a patch whose `$set` is no record', { $set: ['a'] }),
    fault('delete-no-list', 'has a patch whose `$delete` is no list', { $delete: 'a' }),
    ...(name === undefined
      ? []
      : [fault('set-and-delete', `sets and deletes ${name} in one patch`, { ...sound, $delete: [name] })]),
  ];
}

function unwrapped(): Fault {
  const bare = (value: Json): Json => memberOf(value, 'patch') ?? value;
  return {
    what: 'patch-unwrapped',
    does: 'has a patch that does not stand under `patch`',
    rule: 'negative/validated',
    refusal: 'schema',
    rewrite: (request) =>
      mapBody(request, (body) => {
        const entities = memberOf(body, 'entities');
        if (!isJsonObject(entities)) return bare(body);
        return { entities: jsonObject(Object.entries(entities).map(([key, value]) => [key, bare(value)])) };
      }),
  };
}

/** Values that `$set` must not give, as deep as the schema goes. */
function setFaults({ contract, spec, seed }: Sound, schema: Schema, patch: JsonObject): Faults {
  const set = patch['$set'];
  const fixed = [...contract.readOnly, ...contract.createOnly];
  const { faults, left } = valueFaults(schema, isJsonObject(set) ? set : {}, {
    check: { variant: 'partial' },
    seed,
    most: MOST_OF_PATCH,
    isBody: true,
    isClosed: (path) =>
      fixed.some((one) => one.every((name, index) => path[index] === name)) ||
      (path.length === 1 && contract.key?.parts.has(path[0] ?? '') === true),
  });
  return {
    left,
    faults: faults.map((fault): Fault => {
      const { what, does } = toldOfMember(fault);
      const told = isJsonObject(fault.value) ? fault.value : {};
      return {
        what: `set-${what}`,
        does: `${does}, which it sets`,
        rule: 'negative/validated',
        refusal: 'schema',
        spec: withPatch(spec, { $set: told }),
      };
    }),
  };
}

function deleteFaults(spec: CaseSpec, schema: Schema): Faults {
  return ofFirst(requiredNames(schema), (name) => [
    {
      what: `deletes-${idOf([name])}`,
      does: `deletes ${name}, which the schema requires`,
      rule: 'negative/validated',
      refusal: 'schema',
      spec: withPatch(spec, { $delete: [name] }),
    },
  ]);
}

/** Members that a patch cannot change. */
function fixedFaults(sound: Sound): Faults {
  const { contract, spec } = sound;
  const fault = fixedFault(sound, {}, (path, value) => withPatch(spec, nested(path, value)));
  return joined([
    ofFirst(contract.readOnly, (path) => fault('set-read-only', 'sets %, which only the server sets', path)),
    ofFirst(contract.createOnly, (path) => fault('set-create-only', 'sets %, which is fixed since its creation', path)),
  ]);
}

/** `['loan', 'days']` and 3 -> `{ loan: { $set: { days: 3 } } }` */
function nested(path: readonly string[], value: Json): Json {
  const last = path.slice(-1);
  return replaceAt({}, [...path.slice(0, -1), '$set', ...last], value);
}
