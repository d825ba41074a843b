/** Between which integers a schema's values lie, exactly: the limits of a `long` are beyond what a double holds. */
import type { Json } from '../protocol/json.ts';
import { type Part, textOf } from './shape.ts';
import { INTEGER_RANGES } from './types.ts';

/** The least and the greatest integer that the parts allow; the first is the greater one where they allow none. */
export function integerLimits(parts: readonly Part[]): readonly [least: bigint, most: bigint] {
  const range = INTEGER_RANGES.get(textOf(parts, 'format') ?? '') ?? INTEGER_RANGES.get('int64');
  let [least, most] = range ?? [0n, 0n];
  for (const { json } of parts) {
    least = largest(least, ceiling(json['minimum'], 0n), ceiling(json['exclusiveMinimum'], 1n));
    most = smallest(most, floor(json['maximum'], 0n), floor(json['exclusiveMaximum'], 1n));
  }
  return [least, most];
}

/** A number where one holds the integer. */
export function narrow(value: bigint): Json {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The least integer from a limit on; fractions round up. */
function ceiling(limit: Json | undefined, beyond: bigint): bigint | null {
  if (typeof limit === 'bigint') return limit + beyond;
  if (typeof limit !== 'number' || !Number.isFinite(limit)) return null;
  return Number.isInteger(limit) ? BigInt(limit) + beyond : BigInt(Math.ceil(limit));
}

function floor(limit: Json | undefined, beyond: bigint): bigint | null {
  if (typeof limit === 'bigint') return limit - beyond;
  if (typeof limit !== 'number' || !Number.isFinite(limit)) return null;
  return Number.isInteger(limit) ? BigInt(limit) - beyond : BigInt(Math.floor(limit));
}

export function largest(first: bigint, ...others: readonly (bigint | null)[]): bigint {
  return others.reduce<bigint>((most, one) => (one !== null && one > most ? one : most), first);
}

export function smallest(first: bigint, ...others: readonly (bigint | null)[]): bigint {
  return others.reduce<bigint>((least, one) => (one !== null && one < least ? one : least), first);
}
