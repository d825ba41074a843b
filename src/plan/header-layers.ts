/**
 * The headers of a request, laid over each other: profile, dialect, contract, target, flag, case. Later wins, names
 * compare without case, null leaves a header out, a list sends its line several times.
 */
import type { HeaderValues } from '../contract/contract.ts';

export const HEADER_ORIGINS = ['profile', 'dialect', 'contract', 'target', 'flag', 'case'] as const;
export type HeaderOrigin = (typeof HEADER_ORIGINS)[number];

export interface HeaderLayer {
  readonly origin: HeaderOrigin;
  readonly values: HeaderValues;
}

/** One header after all layers. `value` of null: some layer leaves it out. */
export interface LayeredHeader {
  /** As the layer writes it that has the last word. */
  readonly name: string;
  readonly value: string | readonly string[] | null;
  readonly origin: HeaderOrigin;
}

/** @returns headers by their name in lower case, in the order in which they first appear */
export function layerHeaders(layers: readonly HeaderLayer[]): ReadonlyMap<string, LayeredHeader> {
  const headers = new Map<string, LayeredHeader>();
  for (const { origin, values } of layers) {
    for (const [name, value] of values) headers.set(name.toLowerCase(), { name, value, origin });
  }
  return headers;
}

/** The lines to send; null where a line of that name must not stand at all. */
export function headerLines(headers: Iterable<LayeredHeader>): readonly (readonly [string, string | null])[] {
  const lines: (readonly [string, string | null])[] = [];
  for (const { name, value } of headers) {
    if (value === null || typeof value === 'string') lines.push([name, value]);
    else for (const one of value) lines.push([name, one]);
  }
  return lines;
}

/** Whether a case leaves `Authorization` out. */
export function isAnonymous(headers: HeaderValues): boolean {
  for (const [name, value] of headers) if (value === null && name.toLowerCase() === 'authorization') return true;
  return false;
}
