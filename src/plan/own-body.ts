/**
 * Operations whose `request.body` stands instead of the envelope: nothing that a case says of entities or patches has a
 * place in it, so that what no author writes is made from its schema.
 */
import type { CaseSpec, Operation } from '../contract/contract.ts';
import type { Json } from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import { randomOf } from '../schema/random.ts';
import { sampleOf } from '../schema/sample.ts';
import type { Schema } from '../schema/schema.ts';

/** The schema of the body that stands instead of the envelope; null where the envelope stands, or nothing. */
export function ownBodyOf(operation: Operation | null): Schema | null {
  const body = operation?.request.body ?? null;
  return body === false ? null : body;
}

/** Whether a case says what the body holds, by the parts of the envelope. */
export function saysBody({ method, entity, elements, entities, patch, params }: CaseSpec): boolean {
  const isSaid = entity !== undefined || elements !== undefined || entities !== undefined || patch !== undefined;
  return isSaid || (profileOf(method).sends === 'params' && Object.keys(params).length > 0);
}

const samples = new WeakMap<Schema, { readonly body: Json | null }>();

/**
 * A body that fits the schema; null where none was found. It is the same one whatever the seed, for it is made where
 * requests are written: what a run sends for a case, a report shows to paste and a recording is compared with is one text.
 */
export function sampledBody(schema: Schema): Json | null {
  const known = samples.get(schema);
  if (known !== undefined) return known.body;
  const body = sampleOf(schema, randomOf(1));
  samples.set(schema, { body });
  return body;
}
