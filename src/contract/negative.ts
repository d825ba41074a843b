/** Which requests may send what the contract forbids. */
import type { CaseSpec, Outcome } from './contract.ts';

/** First status that is an error. */
const FIRST_ERROR = 400;

export function onlyErrors(status: readonly number[] | null | undefined): boolean {
  return status !== null && status !== undefined && status.length > 0 && status.every((code) => code >= FIRST_ERROR);
}

/** A case with `raw`, or one that expects only errors. */
export function isNegative(spec: CaseSpec): boolean {
  return spec.raw !== null || onlyErrors(spec.expect?.status);
}

/** Whether the item of a batch expects an error. */
export function isNegativeItem(spec: CaseSpec, index: number): boolean {
  return onlyErrors(outcomeOf(spec, index)?.status);
}

export function outcomeOf(spec: CaseSpec, index: number): Outcome | undefined {
  const each = spec.expect?.each ?? null;
  if (each === null) return undefined;
  return isList(each) ? each[index] : each;
}

export function isList(each: readonly Outcome[] | Outcome): each is readonly Outcome[] {
  return Array.isArray(each);
}

/** Items of a batch in the order of the request; null when the method has none, or a variable holds them. */
export function itemCount(spec: CaseSpec): number | null {
  if (spec.elements !== undefined) return spec.elements.length;
  if (spec.entities !== undefined) return spec.entities.length;
  if (spec.criteria !== undefined) return spec.criteria.length;
  return spec.ids === undefined || typeof spec.ids === 'string' ? null : spec.ids.length;
}
