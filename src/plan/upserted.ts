/**
 * An entity that a case makes by replacing one that is not there, where the contract declares no CREATE: under a key that
 * no example has, and only where the endpoint says first that nothing is found there.
 */
import type { Contract, Operation } from '../contract/contract.ts';
import { isJsonObject, jsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import { sampleOf } from '../schema/sample.ts';
import { randomOf } from '../schema/random.ts';
import type { Step } from './case.ts';
import { deriveExpectation, deriveSpec } from './derive.ts';
import { freshValue } from './fresh-key.ts';

export interface Upserted {
  readonly setup: readonly Step[];
  readonly key: Json;
  readonly entity: JsonObject;
  readonly parents: JsonObject | undefined;
}

const NOT_FOUND = 404;

/**
 * @param sample - the entity where no example serves
 * @param writable - leaves out what only the server sets
 */
export function upserted(
  contract: Contract,
  seed: number,
  { sample, writable }: { readonly sample: JsonObject | null; readonly writable: (entity: JsonObject) => JsonObject },
): Upserted | null {
  const replace = contract.operations.find((one) => one.upsert && isSingle(one, 'replaces'));
  const read = contract.operations.find((one) => isSingle(one, 'reads') && profileOf(one.method).returns === 'entity');
  if (replace === undefined || read === undefined || contract.key === null || contract.key.params !== null) return null;

  const [example] = contract.examples.filter(({ key }) => key !== null);
  const entity = example?.entity ?? sample;
  const named = entity === null ? null : freshKey(contract, example?.key ?? null, seed);
  if (entity === null || named === null) return null;

  const key = contract.key.shape.kind === 'simple' ? (Object.values(named)[0] ?? null) : named;
  const own = Object.entries(named).filter(([part]) => Object.hasOwn(entity, part));
  const sent = writable({ ...entity, ...jsonObject(own) });
  const parents = example === undefined || example.parents.size === 0 ? undefined : jsonObject(example.parents);
  const at = { key, ...(parents === undefined ? {} : { parents }) };
  const absent = deriveSpec(read, { ...at, expect: deriveExpectation(read, { status: [NOT_FOUND] }) });
  const made = deriveSpec(replace, { ...at, entity: sent });
  return {
    setup: [
      { spec: absent, contract, operation: read, setup: true },
      { spec: made, contract, operation: replace, setup: true },
    ],
    key,
    entity: sent,
    parents,
  };
}

function isSingle({ method }: Operation, effect: 'reads' | 'replaces'): boolean {
  const profile = profileOf(method);
  return profile.effect === effect && profile.batchOf === null;
}

/** Parts of the key, those that can be changed all new. */
function freshKey(contract: Contract, known: Json, seed: number): JsonObject | null {
  const parts = [...(contract.key?.parts ?? [])];
  let isFresh = false;
  const values = parts.map(([name, type]): [string, Json | null] => {
    const before = (isJsonObject(known) ? known[name] : known) ?? sampleOf(type, randomOf(seed)) ?? null;
    const value = before === null ? undefined : freshValue(contract, name, before, seed);
    isFresh ||= value !== undefined;
    return [name, value ?? before];
  });
  return isFresh && values.every(([, value]) => value !== null) ? jsonObject(values) : null;
}
