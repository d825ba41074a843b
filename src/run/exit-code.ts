/** The exit code of a run, as one table. */
import type { VerdictName } from './events.ts';

/** What decides the code. Counts are of executed and unexecuted cases alike, by verdict. */
export interface ExitFacts {
  readonly verdicts: Readonly<Record<VerdictName, number>>;
  /** Cases that the filters left, shard included. */
  readonly selected: number;
  /** Whether an explicit shard was asked for. */
  readonly sharded: boolean;
  readonly strict: boolean;
  /** `SIGINT`, `SIGTERM`, or null. */
  readonly signal: string | null;
  /** Usage, config or contract error. */
  readonly misused: boolean;
  /** An output could not be written, a port not opened, or we failed ourselves. */
  readonly broken: boolean;
  /** A minimum of score or coverage was not reached. */
  readonly short?: boolean;
}

export interface ExitRow {
  readonly code: number;
  readonly why: string;
  readonly holds: (facts: ExitFacts) => boolean;
}

/** Verdicts of cases that were sent. */
const EXECUTED = ['pass', 'fail', 'error', 'flaky', 'waived'] as const satisfies readonly VerdictName[];

export function executedOf(verdicts: Readonly<Record<VerdictName, number>>): number {
  return EXECUTED.reduce((sum, verdict) => sum + verdicts[verdict], 0);
}

/** The first row that holds gives the code: signals, then 3, 2, 1, then 0. */
// prettier-ignore
export const EXIT_CODES: readonly ExitRow[] = [
  { code: 130, why: 'interrupted by SIGINT',                        holds: ({ signal }) => signal === 'SIGINT' },
  { code: 143, why: 'interrupted by SIGTERM',                       holds: ({ signal }) => signal === 'SIGTERM' },
  { code: 3,   why: 'an output could not be written, or the tool failed', holds: ({ broken }) => broken },
  { code: 3,   why: 'every executed case is an error',              holds: ({ verdicts }) => verdicts.error > 0 && verdicts.error === executedOf(verdicts) },
  { code: 2,   why: 'a usage, config or contract error',            holds: ({ misused }) => misused },
  { code: 1,   why: 'a case failed, or had no complete answer',     holds: ({ verdicts }) => verdicts.fail + verdicts.error > 0 },
  { code: 1,   why: 'a case was flaky under --strict',              holds: ({ verdicts, strict }) => strict && verdicts.flaky > 0 },
  { code: 1,   why: 'a minimum of score or coverage was not reached', holds: ({ short }) => short === true },
  { code: 0,   why: 'an explicit shard without cases',              holds: ({ selected, sharded }) => sharded && selected === 0 },
  { code: 1,   why: 'the selection left nothing to run',            holds: ({ verdicts }) => executedOf(verdicts) === 0 },
  { code: 0,   why: 'every promise was kept',                       holds: () => true },
];

export function exitCodeOf(facts: ExitFacts): { readonly code: number; readonly why: string } {
  const row = EXIT_CODES.find(({ holds }) => holds(facts));
  return { code: row?.code ?? 0, why: row?.why ?? '' };
}
