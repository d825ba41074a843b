/**
 * A failing derived case becomes the smallest one that still breaks the same rule: members of entities and patches,
 * parameters and items of batches are left out, one after the other, as long as what is wrong with the request, or
 * nothing, stays what it was. An author's flow loses steps; an author's request stays.
 *
 * A smaller case must still hold on an endpoint without faults: without the step that a later one builds on, the
 * parameter in which two requests differ, or the member that was broken, it would fail anywhere and prove nothing. A
 * service has no such twin: there the request must keep exactly the faults that it was made with.
 */
import type { Case, Step } from '../plan/case.ts';
import { profileOf } from '../protocol/methods.ts';
import type { HttpRequest } from '../transport/exchange.ts';
import type { Violation } from '../verify/violation.ts';
import { stepsAsSent } from './as-sent.ts';
import { pasteOf, type Paste } from './paste.ts';
import { isAuthorsFlow, reductions } from './reductions.ts';
import type { CaseOutcome } from './run-case.ts';
import type { Spend } from './shrink-quota.ts';
import { firstDifference, tells, tellingSteps, type Pair } from './telling.ts';

export interface Shrinking {
  /** Runs a smaller case from the same state. */
  readonly replay: (one: Case) => Promise<CaseOutcome>;
  /** What is wrong with a request by itself, of level must; the same text for the same fault in the same place. */
  readonly faultsOf: (request: HttpRequest) => readonly string[];
  /** Whether a case passes on an endpoint that keeps the contracts. */
  readonly holds: (one: Case) => Promise<boolean>;
  /** The embedded endpoint with and without its faults; null: the run speaks to a service, whose entities it lacks. */
  readonly pair: Pair | null;
  /** What stands before the resources in paths: `/rest`, or nothing. */
  readonly base: string;
  /** Takes one replay; null: the case may not be sent again, and is shown as it was. */
  readonly spend: Spend | null;
}

/**
 * @returns the outcome of the smallest case that was found, with a case to paste; the outcome as it was where it did not
 *   fail, or is an author's single request
 */
export async function shrink(outcome: CaseOutcome, shrinking: Shrinking): Promise<CaseOutcome> {
  const symptom = symptomOf(outcome);
  const { one } = outcome;
  if (symptom === null || !(one.derived || isAuthorsFlow(one))) return outcome;
  const { pair, holds } = shrinking;
  const mustHold = isAuthorsFlow(one) || pair !== null;
  if (mustHold && !(await holds(one))) return outcome;

  const smallest = await smallestOf(outcome, symptom, mustHold, shrinking);
  return withPaste(outcome, smallest, await writtenPaste(smallest, shrinking));
}

async function smallestOf(
  outcome: CaseOutcome,
  symptom: Symptom,
  mustHold: boolean,
  { replay, faultsOf, holds, spend }: Shrinking,
): Promise<CaseOutcome> {
  const faults = faultsIn(outcome, faultsOf);
  // Nobody could tell whether what is smaller is still wrong.
  if (spend === null || (!mustHold && isMeantToBeRefused(outcome.one) && faults.size === 0)) return outcome;

  let smallest = outcome;
  for (let progress = true; progress;) {
    progress = false;
    for (const candidate of reductions(smallest.one)) {
      if (!spend()) return smallest;
      if (mustHold && !(await holds(candidate))) continue;
      const replayed = await replay(candidate);
      if (!isSame(symptom, symptomOf(replayed))) continue;
      if (!keepsFaults(faults, faultsIn(replayed, faultsOf), isAuthorsFlow(outcome.one))) continue;
      smallest = replayed;
      progress = true;
      break;
    }
  }
  return smallest;
}

/** What a failure is known by: another rule, or another status, is another failure. */
interface Symptom {
  readonly rule: string;
  readonly status: number | null;
}

/** The first grave violation of the last attempt; null when it did not fail. */
function symptomOf({ attempts }: CaseOutcome): Symptom | null {
  const last = attempts[attempts.length - 1];
  if (last?.verdict !== 'fail' || last.blocked !== null) return null;
  const grave = last.violations.find(({ level }) => level === 'must');
  return grave === undefined ? null : { rule: grave.rule, status: statusAt(last.exchanges, grave) };
}

function statusAt(exchanges: CaseOutcome['attempts'][number]['exchanges'], { exchange }: Violation): number | null {
  return exchanges[exchange]?.exchange.response?.status ?? null;
}

function isSame(one: Symptom, other: Symptom | null): boolean {
  return other !== null && one.rule === other.rule && one.status === other.status;
}

/** Broken input, and cells of the matrix that must be refused. */
function isMeantToBeRefused({ group, check }: Case): boolean {
  return group === 'negative' || (group === 'headers' && check !== null);
}

function faultsIn({ attempts }: CaseOutcome, faultsOf: Shrinking['faultsOf']): ReadonlySet<string> {
  const last = attempts[attempts.length - 1];
  return new Set(last === undefined ? [] : last.exchanges.flatMap(({ exchange }) => faultsOf(exchange.request)));
}

/** A flow may lose a step with what is wrong in it; a request stays as wrong, or as right, as it was. */
function keepsFaults(before: ReadonlySet<string>, after: ReadonlySet<string>, mayLose: boolean): boolean {
  return [...after].every((fault) => before.has(fault)) && (mayLose || before.size === after.size);
}

/** The smallest outcome under the original case: what it is about does not change, only what was sent. */
function withPaste(original: CaseOutcome, smallest: CaseOutcome, paste: Paste | null): CaseOutcome {
  const attempts = [...original.attempts.slice(0, -1), ...smallest.attempts.slice(-1)];
  return { ...original, attempts, ...(paste === null ? {} : { paste }) };
}

/** The case as a contract writes it; null where it has no form there. */
async function writtenPaste(outcome: CaseOutcome, { pair, spend, base }: Shrinking): Promise<Paste | null> {
  const { one } = outcome;
  if (one.group !== 'laws') {
    if (pair === null && isRefusedByItem(one)) return null;
    const steps = stepsAsSent(outcome, base);
    // What failed for what other cases did to the state proves nothing by itself.
    if (steps === null || (pair !== null && !(await tells(one, steps, pair)))) return null;
    return pasteOf(one.name, steps);
  }
  const steps = pair === null || spend?.() !== true ? null : await stepsThatTell(one, pair);
  return steps === null ? pasteOf(one.name, one.steps, REQUESTS_ALONE) : pasteOf(one.name, steps);
}

/** A batch may be refused as a whole or item by item, which no expectation says; nothing tries on a service which it is. */
function isRefusedByItem({ group, operation }: Case): boolean {
  return group === 'negative' && operation !== null && profileOf(operation.method).batchOf !== null;
}

const REQUESTS_ALONE = 'The requests alone: a contract cannot compare their answers as the law does.';

/** Contracts cannot compare answers as a law does: the last step expects what the sound endpoint answers. */
async function stepsThatTell(one: Case, pair: Pair): Promise<readonly Step[] | null> {
  const [sound, faulty] = [await pair.sound(one), await pair.faulty(one)];
  const index = firstDifference(sound, faulty);
  return index === null ? null : tellingSteps(one, index, { sound, faulty }, pair);
}
