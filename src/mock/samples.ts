/** Values made from schemas, where a contract names a type and nobody wrote a value: the same ones at every start. */
import { isJsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { sampleOf } from '../schema/sample.ts';
import type { Schema } from '../schema/schema.ts';
import { factsOf } from './schema-facts.ts';

/** Makes each schema's sample once; what it gives out is never changed by anybody. */
export class Samples {
  readonly #seed: number;
  readonly #made = new WeakMap<Schema, { readonly value: Json | undefined }>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** A value that fits the schema; undefined when none could be made. */
  of(schema: Schema): Json | undefined {
    const known = this.#made.get(schema);
    if (known !== undefined) return known.value;

    const sample = sampleOf(schema, randomOf(this.#seed));
    const value = sample === null && !factsOf(schema).allowsNull ? undefined : sample;
    this.#made.set(schema, { value });
    return value;
  }

  /** The same for a schema of records; an empty record when there is none. */
  recordOf(schema: Schema | null): JsonObject {
    const sample = schema === null ? undefined : this.of(schema);
    return isJsonObject(sample) ? sample : {};
  }
}

/** Numbers from 0 up to 1, the same for the same seed. Source: mulberry32, public domain. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
