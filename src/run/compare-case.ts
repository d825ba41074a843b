/**
 * Runs a case on the baseline, on the endpoint, and on the baseline again, and adds to its outcome what differs.
 *
 * The endpoint is judged by the contract as ever. The second round on the baseline, after the endpoint's, shows what the
 * baseline does not repeat itself; nobody else is asked to.
 */
import type { CaseSpec, Contract } from '../contract/contract.ts';
import type { Case } from '../plan/case.ts';
import type { Json } from '../protocol/json.ts';
import { levelOf, ruleOf } from '../rules/index.ts';
import type { Exchange } from '../transport/exchange.ts';
import type { Asked } from '../verify/asked.ts';
import { placeOf } from '../verify/findings.ts';
import { verdictOf } from '../verify/verdict.ts';
import type { Violation } from '../verify/violation.ts';
import { compareAnswers, renamesOf, withoutUnsteady, type Difference, type Renames } from './compare.ts';
import { runCase, type AttemptOutcome, type CaseContext, type CaseOutcome } from './run-case.ts';

export interface Comparison {
  readonly context: CaseContext;
  readonly baseline: CaseContext;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Addresses of the baseline and what stands for them at the endpoint. */
  readonly addresses: Renames;
}

/** Clocks of two machines are seldom further apart. */
const CLOCK_MS = 3_600_000;

/** @param session - as in `runCase`, for the endpoint; a baseline is a service and has none */
export async function compareCase(
  one: Case,
  { context, baseline, now, addresses }: Comparison,
  session: string | null,
): Promise<CaseOutcome> {
  const from = now() - CLOCK_MS;
  const before = await told(one, { ...baseline, retries: 0 }, null);
  const own = await told(one, context, session);
  const again = await told(one, { ...baseline, retries: 0 }, null);
  const during = [from, now() + CLOCK_MS] as const;

  const last = own.outcome.attempts[own.outcome.attempts.length - 1];
  if (last === undefined) return own.outcome;
  const compared = compareRounds(one, { before, own, again, last, during, addresses });
  const left = [...before.outcome.leftBehind, ...again.outcome.leftBehind].map((text) => `at the baseline, ${text}`);
  return {
    ...own.outcome,
    attempts: [...own.outcome.attempts.slice(0, -1), compared],
    leftBehind: [...own.outcome.leftBehind, ...left],
  };
}

interface Heard {
  readonly asked: Asked;
  readonly exchange: Exchange;
  readonly body: Json | undefined;
}

interface Round {
  readonly outcome: CaseOutcome;
  /** What was answered in the last attempt, in the order of its exchanges. */
  readonly heard: readonly Heard[];
}

async function told(one: Case, context: CaseContext, session: string | null): Promise<Round> {
  const all: Heard[] = [];
  const outcome = await runCase(
    one,
    {
      ...context,
      seen: (asked, exchange, body) => {
        all.push({ asked, exchange, body });
        context.seen?.(asked, exchange, body);
      },
    },
    session,
  );
  const length = outcome.attempts[outcome.attempts.length - 1]?.exchanges.length ?? 0;
  return { outcome, heard: all.slice(all.length - length) };
}

interface Rounds {
  readonly before: Round;
  readonly own: Round;
  readonly again: Round;
  readonly last: AttemptOutcome;
  readonly during: readonly [number, number];
  readonly addresses: Renames;
}

function compareRounds(one: Case, { before, own, again, last, during, addresses }: Rounds): AttemptOutcome {
  const olds = bySpec(before.heard);
  const repeats = bySpec(again.heard);
  const violations: Violation[] = [];
  const exchanges = [...last.exchanges];
  let renames: Renames = addresses;
  let ownRenames: Renames = [];
  let unanswered = false;

  for (const [spec, { heard, index }] of bySpec(own.heard)) {
    const old = olds.get(spec)?.heard;
    const shown = exchanges[index];
    if (old === undefined || shown === undefined) continue;
    exchanges[index] = { ...shown, baseline: old.exchange };
    const [a, b] = [answeredOf(old), answeredOf(heard)];
    if (a === null) {
      unanswered = true;
      violations.push(toViolation(one, heard, index, unansweredBy(old)));
      break;
    }
    // That the endpoint has no answer is an error already.
    if (b === null) break;

    const repeat = repeats.get(spec)?.heard;
    const other = repeat === undefined ? null : answeredOf(repeat);
    const expected = spec.expect?.body;
    const keyNames = keyNamesOf(heard.asked.contract);
    ownRenames = other === null ? ownRenames : [...ownRenames, ...renamesOf(a, other)];
    const repeated =
      other === null ? [] : compareAnswers(a, other, { renames: ownRenames, keyNames, during, expected });
    const isOther = repeated.some(({ rule }) => rule === 'compare/status');
    // What a case removed cannot be removed again: there the endpoint's first round is like the baseline's first.
    const unsteady = isOther && one.writes ? [] : repeated;
    renames = [...renames, ...renamesOf(a, b)];
    const differences =
      isOther && !one.writes
        ? unsteady.map(asUnsteady)
        : withoutUnsteady(compareAnswers(a, b, { renames, keyNames, during, expected }), unsteady);
    violations.push(...differences.map((difference) => toViolation(one, heard, index, difference)));
    if (differences.some(({ rule }) => rule === 'compare/status')) break;
  }
  return judged(one, { ...last, exchanges, checks: last.checks + own.heard.length }, violations, unanswered);
}

/** An outcome with what the comparison found; a case that is blocked only here differs from the baseline, too. */
function judged(
  { operation }: Case,
  last: AttemptOutcome,
  found: readonly Violation[],
  unanswered: boolean,
): AttemptOutcome {
  const owed = found.filter(({ rule }) => operation?.exempt.has(rule) !== true);
  if (owed.length === 0) return last;
  const fails = verdictOf(owed, null) === 'fail';
  const verdict = unanswered || last.verdict === 'error' ? 'error' : fails ? 'fail' : last.verdict;
  return {
    ...last,
    verdict,
    violations: [...last.violations, ...owed],
    blocked: fails ? null : last.blocked,
  };
}

/** `id` is that of created entities, whatever the key is called. */
function keyNamesOf({ key, parents }: Contract): ReadonlySet<string> {
  return new Set(['id', ...(key?.parts.keys() ?? []), ...parents.keys()]);
}

/** The last exchange of each step: a step that was asked again counts by its last answer. */
function bySpec(heard: readonly Heard[]): ReadonlyMap<CaseSpec, { readonly heard: Heard; readonly index: number }> {
  const steps = new Map<CaseSpec, { readonly heard: Heard; readonly index: number }>();
  for (const [index, one] of heard.entries())
    if (one.asked.spec !== null) steps.set(one.asked.spec, { heard: one, index });
  return steps;
}

function answeredOf({ exchange, body }: Heard): Parameters<typeof compareAnswers>[0] | null {
  const { response, failure } = exchange;
  return response === null || failure !== null ? null : { response, body };
}

function unansweredBy({ exchange: { failure } }: Heard): Difference {
  return {
    rule: 'compare/baseline-unanswered',
    where: 'transport',
    pointer: null,
    header: null,
    expected: 'an answer of the baseline',
    actual: failure?.code ?? 'nothing',
    message: `The baseline did not answer: ${failure?.message ?? 'nothing came.'}`,
  };
}

function asUnsteady({ expected, actual, ...rest }: Difference): Difference {
  return {
    ...rest,
    rule: 'compare/unsteady',
    expected: `${expected} twice`,
    actual: `${expected}, then ${actual}`,
    message: `The baseline answers ${expected} and then ${actual} to the same request; it was not compared.`,
  };
}

function toViolation({ contract }: Case, { asked }: Heard, exchange: number, difference: Difference): Violation {
  const rule = ruleOf(difference.rule);
  const pointer = asked.spec?.pointer ?? '';
  return {
    ...difference,
    level: levelOf(rule, asked.dialect.family),
    key: null,
    exchange,
    hint: rule.fix,
    at: placeOf(contract, pointer),
  };
}
