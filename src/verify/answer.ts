/** What the checks of one answer share. */
import type { Contract, ResponsePromise } from '../contract/contract.ts';
import type { Dialect } from '../protocol/dialects.ts';
import type { Json } from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import type { Schema } from '../schema/schema.ts';
import type { HttpResponse } from '../transport/exchange.ts';
import type { Asked } from './asked.ts';
import type { Findings } from './findings.ts';

export interface Answer {
  readonly asked: Asked;
  readonly response: HttpResponse;
  /** undefined: no bytes, or no JSON. */
  readonly body: Json | undefined;
  readonly isEmpty: boolean;
  /** The success that the contract promises for this status; null if it promises none. */
  readonly promise: ResponsePromise | null;
  readonly findings: Findings;
}

/** Statuses of success that the method has, as far as the contract says nothing else. */
export function okStatuses(asked: Asked): readonly number[] {
  const { ok } = profileOf(asked.method);
  return asked.operation?.upsert === true && !ok.includes(201) ? [...ok, 201] : ok;
}

/** The type of an entity in this answer: what the response says, else what the resource holds. */
export function entitySchema(answer: Answer): Schema | null {
  return answer.promise?.entity ?? answer.asked.contract.entity;
}

const NO_SCOPE = { types: new Map(), files: new Map() } as const;
const errorSchemas = new WeakMap<Dialect, Schema>();

/** The type of error bodies in a dialect. */
export function errorSchema(dialect: Dialect, fallback: Schema): Schema {
  if (dialect.error === null) return fallback;
  const known = errorSchemas.get(dialect);
  if (known !== undefined) return known;
  const schema: Schema = { json: dialect.error, scope: NO_SCOPE, name: null };
  errorSchemas.set(dialect, schema);
  return schema;
}

/** A schema that refers to nothing outside itself. */
export function plainSchema(json: Schema['json']): Schema {
  return { json, scope: NO_SCOPE, name: null };
}

/**
 * The pointer of the contract's node where a type is written: the declared type of that name, else the fallback.
 *
 * @param schemaPointer - place of a keyword below the type's own schema
 */
export function typePointer(contract: Contract, schema: Schema, fallback: string): string {
  return schema.name !== null && contract.types.has(schema.name)
    ? `/types/${schema.name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    : fallback;
}
