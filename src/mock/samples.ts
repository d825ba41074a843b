/** Values made from schemas, where a contract names a type and nobody wrote a value: the same ones at every start. */
import { isJsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { randomOf } from '../schema/random.ts';
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
