/** Reasons to doubt the verdict, whatever it is; each only when it is true. */
import type { PageCollector } from './collect.ts';
import { littleRan } from '../how-much-ran.ts';
import { plural } from '../text-style.ts';
import { NO_RESOURCE } from '../tally.ts';

const WAIVER_WARNING_DAYS = 14;
/** One blocked case in ten is worth a word. */
const BLOCKED_SHARE = 10;
const MAX_NAMES = 8;

/** @returns one sentence each; empty when there is nothing to doubt */
export function trustNotes(page: PageCollector, droppedEvidence: number, stream: string | null): readonly string[] {
  const { tally } = page;
  const { run, end } = tally;
  const notes: string[] = [];

  if (end === null) notes.push('The stream ends before the run did: what follows covers only the cases up to there.');
  else if (end.interrupted !== null)
    notes.push(`The run was interrupted (${end.interrupted}); the other cases never ran.`);
  for (const shortfall of end?.shortfalls ?? []) notes.push(`Too low: ${shortfall}.`);
  if (run?.target.insecure === true) notes.push('Certificates were not checked, so anybody may have answered.');
  const little = littleRan(tally);
  if (little !== null) notes.push(little);
  const { blocked } = tally.counts;
  if (little === null && blocked * BLOCKED_SHARE >= tally.total && blocked > 0) {
    notes.push(`${plural(blocked, 'case')} of ${tally.total} could not run, because what they need was not there.`);
  }
  notes.push(...answerNotes(page));
  if (tally.unchecked > 0) notes.push(`${plural(tally.unchecked, 'case')} passed without a single check.`);
  const undeclared = undeclaredCells(page);
  if (undeclared.length > 0) notes.push(`Cases of operations that no contract declares: ${listed(undeclared)}.`);
  const expiring = expiringWaivers(page);
  if (expiring.length > 0) notes.push(`Waivers that end within ${WAIVER_WARNING_DAYS} days: ${listed(expiring)}.`);
  notes.push(...(run?.notes ?? []));
  if (droppedEvidence > 0) {
    const where = stream === null ? 'they are in the stream of the run' : `they are in ${stream}`;
    notes.push(
      `The requests of ${plural(droppedEvidence, 'case')} are left out of this page to keep it small; ${where}.`,
    );
  }
  for (const left of end?.leftBehind ?? []) notes.push(`Left behind on the target: ${left}`);
  return notes;
}

function answerNotes({ answers }: PageCollector): readonly string[] {
  const cells = [...answers].filter(([, { calls }]) => calls > 1);
  const denied = cells.filter(([, answer]) => answer.denied === answer.calls).map(([cell]) => cell);
  const missing = cells.filter(([, answer]) => answer.notFound === answer.calls).map(([cell]) => cell);
  const notes: string[] = [];
  if (denied.length > 0)
    notes.push(
      `Every call was answered 401 or 403: ${listed(denied)}. Is the token right? It comes from \`auth\` of the target, or --header 'Authorization: …'.`,
    );
  if (missing.length > 0) notes.push(`Every call was answered 404: ${listed(missing)}. Is the base URL right?`);
  return notes;
}

function undeclaredCells({ tally }: PageCollector): readonly string[] {
  const declared = tally.declared();
  const cells: string[] = [];
  for (const [resource, row] of tally.matrix) {
    const methods = declared.get(resource);
    if (methods === undefined || resource === NO_RESOURCE) continue;
    for (const method of row.keys()) if (method !== null && !methods.has(method)) cells.push(`${resource} ${method}`);
  }
  return cells;
}

/** Counted from the start of the run, for the page must not change with the day it is looked at. */
function expiringWaivers({ waivers, tally }: PageCollector): readonly string[] {
  const started = Date.parse(tally.run?.startedAt ?? '');
  const limit = started + WAIVER_WARNING_DAYS * 86_400_000;
  return waivers.filter(({ until }) => Date.parse(until) <= limit).map(({ id, until }) => `${id} (${until})`);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).join(', ');
  return names.length > MAX_NAMES ? `${shown} and ${names.length - MAX_NAMES} more` : shown;
}
