import type { RequirementLevel } from '../protocol/dialects.ts';

export type ViolationPlace =
  | 'request-line'
  | 'request-header'
  | 'request-body'
  | 'status'
  | 'header'
  | 'body'
  | 'entry'
  | 'paging'
  | 'error-body'
  | 'transport';

/** A promise that was broken, or advice (level should, may). */
export interface Violation {
  readonly rule: string;
  readonly level: RequirementLevel;
  readonly where: ViolationPlace;
  /** JSON Pointer into the body; null when the place is not in a body. */
  readonly pointer: string | null;
  readonly header: string | null;
  /** Batch entry it is about, as written on the wire. */
  readonly key: string | null;
  /** Index of the exchange within the case. */
  readonly exchange: number;
  /** With type where types differ: `integer 20`, `string "20"`. */
  readonly expected: string;
  readonly actual: string;
  /** One sentence. */
  readonly message: string;
  readonly hint: string | null;
  /** The line of the contract that promises it. */
  readonly at: { readonly file: string; readonly line: number; readonly col: number } | null;
}
