/**
 * The headers that a dialect or a contract wants of every request, as far as the types themselves or the tool can say
 * their values: the lowest layer of all, under whatever anybody writes.
 */
import type { Contract, Field, HeaderValues, Operation } from '../contract/contract.ts';
import { headersUnder, type Dialect } from '../protocol/dialects.ts';
import { isJsonArray, isJsonObject, type Json } from '../protocol/json.ts';
import { sampleOf } from '../schema/sample.ts';
import type { Schema } from '../schema/schema.ts';
import { randomOf } from '../schema/random.ts';

/** A header that a request must carry. */
interface Wanted {
  readonly name: string;
  readonly type: Schema | true;
  readonly default: Json | undefined;
}

/**
 * Values of the headers that are wanted: the only one that a type allows, or its default. For the embedded endpoint,
 * which asks for every header and has no use for it, others are made up; to a service they mean something, so there
 * {@link missingHeaders} tells of them instead.
 */
export function suppliedHeaders(
  dialect: Dialect,
  contract: Contract,
  operation: Operation | null,
  isEmbedded: boolean,
): HeaderValues {
  const values = new Map<string, string>();
  for (const wanted of wantedHeaders(dialect, dialect.bases[0] ?? null, contract, operation)) {
    const value = fixedValue(wanted) ?? (isEmbedded ? madeUp(wanted) : null);
    if (value !== null) values.set(wanted.name, value);
  }
  return values;
}

/** Names of the headers that every request of a contract must carry below a base, and that none of the layers sets. */
export function missingHeaders(
  dialect: Dialect,
  base: string | null,
  contract: Contract,
  layers: readonly HeaderValues[],
): readonly string[] {
  const set = new Set(layers.flatMap((layer) => [...layer.keys()].map((name) => name.toLowerCase())));
  return wantedHeaders(dialect, base, contract, null)
    .filter((wanted) => fixedValue(wanted) === null && !set.has(wanted.name.toLowerCase()))
    .map(({ name }) => name);
}

function wantedHeaders(
  dialect: Dialect,
  base: string | null,
  contract: Contract,
  operation: Operation | null,
): readonly Wanted[] {
  const ofDialect = headersUnder(dialect, base)
    .filter(({ required, schema }) => required && schema !== false)
    .map(({ name, schema }): Wanted => ({
      name,
      type: schema === true ? true : typeOfHeader(schema),
      default: undefined,
    }));
  const declared = [...contract.requestHeaders.values(), ...(operation?.request.headers.values() ?? [])];
  return [...ofDialect, ...declared.flatMap(wantedOf)];
}

const NO_SCOPE: Schema['scope'] = { types: new Map(), files: new Map() };

function typeOfHeader(json: Schema['json']): Schema {
  return { json, scope: NO_SCOPE, name: null };
}

/** A header with a default is asked for only by its type: it may be left out. */
function wantedOf({ name, type, required, default: usual }: Field): readonly Wanted[] {
  return required && type !== false ? [{ name, type, default: usual }] : [];
}

function fixedValue({ type, default: usual }: Wanted): string | null {
  if (usual !== undefined) return textOf(usual);
  if (type === true || !isJsonObject(type.json)) return null;
  const { const: only, default: said, enum: listed } = type.json;
  return textOf(only ?? said ?? (isJsonArray(listed) && listed.length === 1 ? listed[0] : undefined));
}

function madeUp({ type }: Wanted): string | null {
  return type === true ? 'any' : textOf(sampleOf(type, randomOf(1)) ?? undefined);
}

function textOf(value: Json | undefined): string | null {
  if (value === undefined || value === null || typeof value === 'object') return null;
  return String(value);
}
