/**
 * What a contract needs in order to notice a fault that it let pass: a case in which the faulty endpoint answers
 * otherwise, with an expectation that only the sound answer meets. Each is tried on both before it is shown.
 */
import type { Contract } from '../contract/contract.ts';
import type { Case } from '../plan/case.ts';
import type { Mutant } from './mutants.ts';
import type { Trials } from './mutate-trial.ts';
import { pasteOf, pasteText } from './paste.ts';
import { differingHeader, firstDifference, mayBeEither, tellingSteps } from './telling.ts';
import type { Trial } from './trial.ts';

/** The first exchange of a case that a faulty endpoint answers otherwise. */
export interface Witness {
  readonly one: Case;
  /** Index among the exchanges of the case. */
  readonly index: number;
  readonly sound: Trial;
  readonly faulty: Trial;
  /** What is told of the faulty answer and not of the sound one, and fails nothing. */
  readonly told: { readonly rule: string; readonly level: string } | null;
}

/** null where no answer differs in what an endpoint owes. */
export function witnessOf(one: Case, sound: Trial, faulty: Trial): Witness | null {
  const index = firstDifference(sound, faulty);
  if (index === null || mayBeEither(one, index, sound, faulty)) return null;
  const known = new Set(sound.outcome.violations.map(({ rule }) => rule));
  const fresh = faulty.outcome.violations.find(({ rule }) => !known.has(rule));
  return { one, index, sound, faulty, told: fresh ?? null };
}

/** One sentence on what differs: `status 404 became 200`. */
export function differenceOf({ index, sound, faulty }: Witness): string {
  const [a, b] = [sound, faulty].map(({ told }) => told[index]?.exchange.response);
  if (a === undefined || a === null || b === undefined || b === null) return 'one of them is no answer';
  if (a.status !== b.status) return `status ${a.status} becomes ${b.status}`;
  const header = differingHeader(a.headers, b.headers);
  if (header !== null) return `the header ${header.name} changes`;
  return 'the body changes';
}

/** A case or flow that notices the mutant and passes without it, as YAML; null where none can be written. */
export async function pasteFor(
  { one, index, sound, faulty }: Witness,
  mutant: Mutant,
  trials: Trials,
): Promise<string | null> {
  const steps = await tellingSteps(
    one,
    index,
    { sound, faulty },
    { sound: async (tried) => trials.run(tried, null), faulty: async (tried) => trials.run(tried, mutant) },
  );
  const paste = steps === null ? null : pasteOf(nameFor(mutant), steps);
  return paste === null ? null : pasteText(paste, trials.redactor);
}

/**
 * `Answers the first page …` -> `notices an endpoint that answers the first page …`: of the fault the case shows that it is
 * noticed, and no more. No name of a case contains a slash.
 */
function nameFor({ fault }: Mutant): string {
  const { title } = fault;
  const does = `${title.slice(0, 1).toLowerCase()}${title.slice(1)}`;
  return `notices an endpoint that ${does}`.replaceAll('/', ' ').replaceAll('`', '');
}

/** Cases about a method of a resource, whichever of their steps it is. */
export function isAbout(one: Case, contract: Contract, method: Mutant['method']): boolean {
  return one.steps.some((step) => step.contract === contract && step.spec.method === method);
}
