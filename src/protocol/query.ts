/**
 * Query strings of protocol 2.0.0: each parameter once, its value an element, projections raw.
 */
import { decodeElement, encodeElement, formDecode, percentEncode, type Element } from './encoding.ts';
import type { Json } from './json.ts';

/** The parameters whose value is a mask: never decoded, and the only ones that may be empty. */
export const MASK_PARAMETERS = ['fields', 'metadataFields', 'pagingFields'] as const;
export type MaskParameter = (typeof MASK_PARAMETERS)[number];
/** The text of each mask that is sent. */
export type Masks = { readonly [name in MaskParameter]?: string };

export interface QueryProblem {
  readonly reason: 'syntax' | 'repeated' | 'empty';
  /** The parameter at fault, decoded if it could be. */
  readonly name: string;
  readonly message: string;
  /** UTF-16 units from 0 in the raw query. */
  readonly column: number;
}

/** `parameters`: decoded, without the masks. `raw`: every parameter's value as it stands on the wire. */
export interface Query {
  readonly parameters: ReadonlyMap<string, Element>;
  readonly raw: ReadonlyMap<string, string>;
}

export function isMaskParameter(name: string): name is MaskParameter {
  return name === 'fields' || name === 'metadataFields' || name === 'pagingFields';
}

/** The parts of a raw query with their offsets; parts that are empty, or whose name is, do not count. */
export function* partsOf(
  raw: string,
): Generator<{ readonly name: string; readonly value: string; readonly at: number }> {
  for (let at = 0; at <= raw.length;) {
    const ampersand = raw.indexOf('&', at);
    const end = ampersand < 0 ? raw.length : ampersand;
    const equals = raw.indexOf('=', at);
    const middle = equals < 0 || equals > end ? end : equals;
    if (middle > at) yield { name: raw.slice(at, middle), value: raw.slice(middle + 1, end), at };
    at = end + 1;
  }
}

/** Reads a raw query, without its `?`. Never throws. */
export function parseQuery(raw: string): Query | { readonly problem: QueryProblem } {
  const parameters = new Map<string, Element>();
  const rawValues = new Map<string, string>();
  for (const part of partsOf(raw)) {
    const decoded = formDecode(part.name);
    if ('problem' in decoded) {
      return bad('syntax', part.name, decoded.problem.message, part.at + decoded.problem.column);
    }

    const name = decoded.value;
    if (rawValues.has(name)) return bad('repeated', name, `parameter \`${name}\` is sent twice`, part.at);
    rawValues.set(name, part.value);
    if (isMaskParameter(name)) continue;

    const at = part.at + part.name.length + 1;
    if (part.value === '')
      return bad('empty', name, `parameter \`${name}\` has no value (an empty text is \`''\`)`, part.at);
    const read = decodeElement(part.value);
    if ('problem' in read) {
      return bad('syntax', name, `parameter \`${name}\`: ${read.problem.message}`, at + read.problem.column);
    }
    parameters.set(name, read.value);
  }
  return { parameters, raw: rawValues };
}

/** Writes parameters and masks, sorted by name; '' when there are none. Masks are written as they are. */
export function writeQuery(parameters: Iterable<readonly [string, Json]>, masks: Masks = {}): string {
  const parts: [string, string][] = [];
  for (const [name, value] of parameters) {
    parts.push([name, `${percentEncode(name, 'name')}=${encodeElement(value, 'query')}`]);
  }
  return joinSorted(parts, masks);
}

/** Joins parts that are written already, `[name to sort by, text]`, with the masks among them. */
export function joinSorted(parts: readonly (readonly [string, string])[], masks: Masks): string {
  const all = [...parts];
  for (const name of MASK_PARAMETERS) {
    const mask = masks[name];
    if (mask !== undefined) all.push([name, `${name}=${mask}`]);
  }
  if (all.length > 1) all.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return all.map(([, text]) => text).join('&');
}

function bad(
  reason: QueryProblem['reason'],
  name: string,
  message: string,
  column: number,
): { readonly problem: QueryProblem } {
  return { problem: { reason, name, message, column } };
}
