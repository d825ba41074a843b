/**
 * How the seven verdicts look and count, as one table; every reporter reads it and none of them names a glyph.
 *
 * A verdict is always a sign and a word, never a colour alone. Order: what needs a reader first.
 */
import type { VerdictName } from '../run/events.ts';

export interface VerdictLook {
  readonly sign: string;
  /** The sign where the terminal has no Unicode. */
  readonly ascii: string;
  /** `always`: one such case fails the run; `strict`: only under `--strict`. */
  readonly fails: 'always' | 'strict' | 'never';
  /** What the word means, for legends. */
  readonly meaning: string;
}

// prettier-ignore
export const VERDICT_LOOKS: Readonly<Record<VerdictName, VerdictLook>> = {
  fail:    { sign: '✗', ascii: 'x', fails: 'always', meaning: 'the target broke a rule' },
  error:   { sign: '!', ascii: '!', fails: 'always', meaning: 'no complete answer to judge' },
  flaky:   { sign: '≈', ascii: '~', fails: 'strict', meaning: 'failed first and passed when asked again' },
  waived:  { sign: '◌', ascii: 'o', fails: 'never',  meaning: 'known violation with a reason and an expiry date' },
  blocked: { sign: '⊘', ascii: '/', fails: 'never',  meaning: 'what the case needs was not there' },
  skip:    { sign: '–', ascii: '-', fails: 'never',  meaning: 'not run, with a reason' },
  pass:    { sign: '✓', ascii: '+', fails: 'never',  meaning: 'all rules held' },
};

/** In the order of the table: what needs a reader first. */
export const VERDICT_ORDER: readonly VerdictName[] = ['fail', 'error', 'flaky', 'waived', 'blocked', 'skip', 'pass'];

/** What a set of cases shows as: what was run counts before what was not. */
const PRECEDENCE: readonly VerdictName[] = ['fail', 'error', 'flaky', 'waived', 'pass', 'blocked', 'skip'];

export type VerdictCounts = Record<VerdictName, number>;

export function noVerdicts(): VerdictCounts {
  return { fail: 0, error: 0, flaky: 0, waived: 0, blocked: 0, skip: 0, pass: 0 };
}

/** Whether a case of this verdict makes the run fail. */
export function failsRun(verdict: VerdictName, strict: boolean): boolean {
  const { fails } = VERDICT_LOOKS[verdict];
  return fails === 'always' || (strict && fails === 'strict');
}

/** The three groups of the last line: under `strict` a flaky case counts as failed, else as passed. */
export function totalsOf(
  counts: Readonly<VerdictCounts>,
  strict: boolean,
): {
  readonly passed: number;
  readonly failed: number;
  readonly total: number;
} {
  let failed = 0;
  let total = 0;
  for (const verdict of VERDICT_ORDER) {
    total += counts[verdict];
    if (failsRun(verdict, strict)) failed += counts[verdict];
  }
  const passed = counts.pass + (strict ? 0 : counts.flaky);
  return { passed, failed, total };
}

/** The verdict that a set of cases shows as, or null when there is no case. */
export function worstOf(counts: Readonly<VerdictCounts>): VerdictName | null {
  return PRECEDENCE.find((verdict) => counts[verdict] > 0) ?? null;
}

export type ConclusionWord = 'conformant' | 'not conformant' | 'could not judge' | 'nothing was checked' | 'incomplete';

/**
 * What a whole run says of its target, the same in every report.
 *
 * @param isComplete - false for a run that was interrupted or cut off: then nothing wrong so far proves nothing
 */
export function conclusionOf(
  counts: Readonly<VerdictCounts>,
  strict: boolean,
  isComplete: boolean,
): { readonly verdict: VerdictName; readonly word: ConclusionWord } {
  const { failed } = totalsOf(counts, strict);
  const judged = counts.pass + counts.fail + counts.flaky + counts.waived;

  if (counts.fail > 0 || (strict && counts.flaky > 0)) return { verdict: 'fail', word: 'not conformant' };
  if (judged + counts.error === 0) return { verdict: 'error', word: 'nothing was checked' };
  if (failed > 0) return { verdict: 'error', word: 'could not judge' };
  return isComplete ? { verdict: 'pass', word: 'conformant' } : { verdict: 'error', word: 'incomplete' };
}
