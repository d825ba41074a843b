/**
 * The few facts that the mock reads off a schema without judging a value: its type, its members, how its texts begin.
 */
import { isJsonArray, isJsonObject, type Json } from '../protocol/json.ts';
import { locate } from '../schema/refs.ts';
import type { Schema } from '../schema/schema.ts';
import { keywordOf, partsOf, typesOf } from '../schema/shape.ts';

interface SchemaFacts {
  /** The first type that is not null; null when none is named. */
  readonly type: string | null;
  readonly allowsNull: boolean;
  readonly enum: readonly Json[] | null;
  readonly pattern: string | null;
  readonly format: string | null;
  /** Names under `properties`. */
  readonly members: ReadonlySet<string>;
  readonly required: ReadonlySet<string>;
}

const known = new WeakMap<Schema, SchemaFacts>();

/** Read once for each schema. */
export function factsOf(schema: Schema): SchemaFacts {
  let facts = known.get(schema);
  if (facts === undefined) known.set(schema, (facts = readFacts(schema)));
  return facts;
}

function readFacts(schema: Schema): SchemaFacts {
  const parts = partsOf(locate(schema), schema.scope);
  const types = typesOf(parts) ?? [];
  const symbols = keywordOf(parts, 'enum');
  const fixed = keywordOf(parts, 'const');
  const values = isJsonArray(symbols) ? symbols : fixed === undefined ? null : [fixed];

  const members = new Set<string>();
  const required = new Set<string>();
  for (const { json } of parts) {
    const { properties, required: names } = json;
    if (isJsonObject(properties)) for (const name of Object.keys(properties)) members.add(name);
    if (isJsonArray(names)) for (const name of names) if (typeof name === 'string') required.add(name);
  }
  return {
    type: types.find((name) => name !== 'null') ?? null,
    allowsNull: types.includes('null') || (values?.includes(null) ?? false),
    enum: values,
    pattern: textOf(keywordOf(parts, 'pattern')),
    format: textOf(keywordOf(parts, 'format')),
    members,
    required,
  };
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
