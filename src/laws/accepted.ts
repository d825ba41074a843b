/**
 * A write that is answered 202 was taken and is not done yet, so that what a read shows meanwhile breaks nothing. Whether
 * the method may answer 202 at all is the contract's affair, and judged by its own cases.
 */
import { profileOf } from '../protocol/methods.ts';
import type { Law, Trace } from './law.ts';

const ACCEPTED = 202;

/** The laws, none of which judges a trace whose writes may still be under way. */
export function withPendingSetAside(laws: readonly Law[]): readonly Law[] {
  return laws.map((law) => ({ ...law, check: (trace) => (isPending(trace) ? [] : law.check(trace)) }));
}

function isPending(trace: Trace): boolean {
  return trace.some(
    ({ asked, status, outcomes }) =>
      profileOf(asked.method).effect !== 'reads' &&
      (status === ACCEPTED || outcomes?.some((outcome) => outcome.status === ACCEPTED) === true),
  );
}
