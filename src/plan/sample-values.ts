/**
 * Values for requests that nobody wrote: taken from an author's successful case, from an example, else the plainest
 * value that the schema describes. Pure and without randomness, so that ids and requests stay the same.
 */
import type { CaseSpec, Contract, Field, Fields, Operation } from '../contract/contract.ts';
import { isJsonObject, jsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import type { JsonSchema, Schema } from '../schema/schema.ts';

/** Values of all required fields; null when one of them has no value that can be told from its schema. */
export function sampleFields(fields: Fields, example: JsonObject | null): JsonObject | null {
  const values: [string, Json][] = [];
  for (const field of fields.values()) {
    if (!field.required || field.type === false) continue;
    const value = sampleField(field, example);
    if (value === undefined) return null;
    values.push([field.name, value]);
  }
  return jsonObject(values);
}

function sampleField(field: Field, example: JsonObject | null): Json | undefined {
  const same = example !== null && Object.hasOwn(example, field.name) ? example[field.name] : undefined;
  if (same !== undefined) return same;
  if (typeof field.type === 'boolean') return undefined;
  return sampleSchema(field.type, field.type.json, 0);
}

/** How deep `$ref`s and members are followed: beyond it a value would surprise its reader more than a blocked case. */
const MAX_DEPTH = 6;

// prettier-ignore
const PLAIN: Readonly<Record<string, Json>> = { integer: 1, number: 1, boolean: true, string: 'a', null: null };

function sampleSchema(schema: Schema, json: JsonSchema, depth: number): Json | undefined {
  if (typeof json === 'boolean' || depth > MAX_DEPTH) return undefined;

  const fixed = json['const'] ?? json['default'] ?? first(json['enum']) ?? first(json['examples']);
  if (fixed !== undefined) return fixed;
  const reference = json['$ref'];
  if (typeof reference === 'string') {
    const target = reference.startsWith('#/types/') ? schema.scope.types.get(reference.slice(8)) : undefined;
    return target === undefined ? undefined : sampleSchema(schema, target, depth + 1);
  }
  const type = typeof json['type'] === 'string' ? json['type'] : first(json['type']);
  if (type === 'object') return sampleObject(schema, json, depth);
  if (type === 'array') return sampleArray(schema, json, depth);
  if (type === 'string') return sampleText(json);
  if (typeof type !== 'string') return undefined;
  return sampleNumber(json) ?? PLAIN[type];
}

function sampleObject(schema: Schema, json: JsonObject, depth: number): Json | undefined {
  const { properties, required } = json;
  const members: [string, Json][] = [];
  for (const name of Array.isArray(required) ? required : []) {
    const member = isJsonObject(properties) && typeof name === 'string' ? properties[name] : undefined;
    const value = isSchema(member) ? sampleSchema(schema, member, depth + 1) : undefined;
    if (value === undefined || typeof name !== 'string') return undefined;
    members.push([name, value]);
  }
  return jsonObject(members);
}

function sampleArray(schema: Schema, json: JsonObject, depth: number): Json | undefined {
  const { items } = json;
  const item = isSchema(items) ? sampleSchema(schema, items, depth + 1) : undefined;
  return item === undefined ? undefined : [item];
}

/** A text with a pattern or format is not guessed, but for URNs, whose pattern is the format's own. */
function sampleText(json: JsonObject): Json | undefined {
  const { pattern, format, minLength } = json;
  if (typeof pattern === 'string') {
    const prefix = /^\^(urn:[\w:-]*)/.exec(pattern)?.[1];
    return prefix === undefined ? undefined : `${prefix.replace(/:$/, '')}:1`.replace(/^urn:1$/, 'urn:li:example:1');
  }
  if (format !== undefined) return undefined;
  return 'a'.repeat(typeof minLength === 'number' && minLength > 1 && minLength < 1_000 ? minLength : 1);
}

function sampleNumber(json: JsonObject): Json | undefined {
  const { minimum, maximum } = json;
  if (typeof minimum === 'number') return Math.ceil(minimum);
  return typeof maximum === 'number' && maximum < 1 ? Math.floor(maximum) : undefined;
}

function first(value: Json | undefined): Json | undefined {
  return Array.isArray(value) ? (value as readonly Json[])[0] : undefined;
}

function isSchema(value: Json | undefined): value is JsonSchema {
  return typeof value === 'boolean' || isJsonObject(value);
}

/** Whether the author expects the request to succeed as its method promises. */
export function expectsSuccess(spec: CaseSpec): boolean {
  if (spec.raw !== null) return false;
  const status = spec.expect?.status ?? null;
  return status === null || status.some((code) => code < 400);
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
