/** Known defects of the config: which waiver covers a case, and whether it still holds. */
import type { Glob } from './glob.ts';

/** A waiver of the config, its glob already read. At least one of `case` and `rule` is set. */
export interface Waiver {
  readonly case: Glob | null;
  readonly rule: string | null;
  /** null: on every target. */
  readonly target: string | null;
  readonly reason: string;
  /** Last day on which it holds, `2027-01-31`. */
  readonly until: string;
}

/** What a waiver says about a violation of a case: nothing, that it is known, or that its time is over. */
export type WaiverState = 'holds' | 'expired';

/** Waivers whose case and target fit, in the order of the config; their rules are looked at once violations are known. */
export function waiversOf(waivers: readonly Waiver[], caseId: string, target: string): readonly Waiver[] {
  if (waivers.length === 0) return waivers;
  return waivers.filter(
    (waiver) =>
      (waiver.case === null || waiver.case.matches(caseId)) && (waiver.target === null || waiver.target === target),
  );
}

/**
 * @param today - `2027-01-31`, a UTC day; it is an argument so that a run can be repeated
 * @returns `holds` up to and including the waiver's last day
 */
export function waiverState(waiver: Waiver, today: string): WaiverState {
  return today <= waiver.until ? 'holds' : 'expired';
}

/** Days until the waiver ends, negative when it has. */
export function daysLeft(waiver: Waiver, today: string): number {
  return Math.round((Date.parse(waiver.until) - Date.parse(today)) / 86_400_000);
}
