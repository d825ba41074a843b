/** A case that failed, as the error that vitest shows: our message, no stack. */
import { ProblemGroups } from '../report/problem-groups.ts';
import { failureBlock } from '../report/text-failure.ts';
import { penFor } from '../report/text-style.ts';
import type { CaseFinished, RunStarted } from '../run/events.ts';

const PEN = penFor({ colour: false, unicode: true, width: 120 });
const MAX_BLOCKS = 5;
/** Vitest shows no frames of ours; every block stands for itself. */
const BLOCK = { readFile: () => null, requestOf: null };

/** @param run - the first event of the run, whose `rerun` is what a shell would run */
export function caseFailure(finished: CaseFinished, run: RunStarted | null): Error {
  const groups = new ProblemGroups('failures');
  groups.add(finished);
  const problems = groups.sorted();
  const blocks = problems.slice(0, MAX_BLOCKS).map((group) => failureBlock(group, run, PEN, BLOCK).join('\n'));
  const more = problems.length > MAX_BLOCKS ? [`and ${problems.length - MAX_BLOCKS} more problems`] : [];
  const error = new Error([...blocks, ...more].join('\n\n'));
  error.name = 'ContractBroken';
  // Frames would lead into the tool; what failed is in the message.
  error.stack = `${error.name}: ${error.message}`;
  return error;
}
