/** The last event of a run, and what happened around it -> the exit code of the command. */
import type { RunEnded } from '../run/events.ts';
import { exitCodeOf } from '../run/exit-code.ts';
import { BROKEN } from './codes.ts';

export interface Around {
  /** Whether an output could not be written. */
  readonly failed: boolean;
  /** Whether a file has errors. */
  readonly misused: boolean;
  readonly strict: boolean;
  readonly sharded: boolean;
}

/** @param end - null when the events broke off */
export function codeOf(end: RunEnded | null, { failed, misused, strict, sharded }: Around): number {
  if (end === null) return BROKEN;
  const { verdicts, selected, interrupted, shortfalls = [] } = end;
  return exitCodeOf({
    verdicts,
    selected,
    sharded,
    strict,
    signal: interrupted,
    misused,
    broken: failed,
    short: shortfalls.length > 0,
  }).code;
}
