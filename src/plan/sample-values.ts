/** Values for requests that nobody wrote: an author's, an example's, else a sample of the type, the same for one seed. */
import type { CaseSpec, Contract, Field, Fields, Operation } from '../contract/contract.ts';
import { isNegative } from '../contract/negative.ts';
import { jsonObject, memberOf, stringifyJson, type Json, type JsonObject } from '../protocol/json.ts';
import { fitsSchema } from '../schema/check.ts';
import { sampleOf } from '../schema/sample.ts';
import { randomOf } from '../schema/random.ts';

/**
 * Values of all required fields; null when one of them has none. `known`: values by name that are taken first.
 *
 * @param isGenerous - whether those that may be absent are there, too, as far as they have a value
 */
export function sampleFields(
  fields: Fields,
  known: JsonObject | null,
  seed: number,
  isGenerous = false,
): JsonObject | null {
  const values: [string, Json][] = [];
  for (const field of fields.values()) {
    if (field.type === false || !(field.required || isGenerous)) continue;
    const value = knownValue(field, known) ?? sampleField(field, seed);
    if (value === null && !field.required) continue;
    if (value === null) return null;
    values.push([field.name, value]);
  }
  return jsonObject(values);
}

/** A member of the same name may be of another type; what variables stand for is not known yet. */
function knownValue({ name, type }: Field, known: JsonObject | null): Json | undefined {
  const value = memberOf(known ?? undefined, name);
  if (value === undefined || typeof type === 'boolean' || stringifyJson(value).includes('${')) return value;
  return fitsSchema(type, value) ? value : undefined;
}

function sampleField({ type, default: usual }: Field, seed: number): Json {
  if (usual !== undefined) return usual;
  return typeof type === 'boolean' ? null : sampleOf(type, randomOf(seed));
}

/** Whether the author expects the request to succeed as its method promises. */
export function expectsSuccess(spec: CaseSpec): boolean {
  return !isNegative(spec);
}

/** All requests of the author's cases and flows, in the order of the file. */
export function* authoredSpecs(contract: Contract): Generator<CaseSpec> {
  yield* contract.cases;
  for (const flow of contract.flows) for (const step of flow.steps) if (step.resource === null) yield step;
}

/** The author's requests that exercise an operation and are expected to succeed. */
export function positiveSpecs(contract: Contract, operation: Operation): readonly CaseSpec[] {
  const specs: CaseSpec[] = [];
  for (const spec of authoredSpecs(contract)) {
    if (spec.method === operation.method && spec.operation === operation.name && expectsSuccess(spec)) specs.push(spec);
  }
  return specs;
}
