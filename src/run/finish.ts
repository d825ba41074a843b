/**
 * Outcomes of cases, in plan order -> `case` events: the verdict with its retries, and what waivers make of it.
 *
 * A waiver that names one case is stale as soon as the case passes. One that covers many is stale when the last of
 * them has passed and none before it needed it: only a run of all of them can tell.
 */
import type { Case } from '../plan/case.ts';
import { DEFAULT_GROUPS, type Plan } from '../plan/plan.ts';
import { waiversOf, waiverState, type Waiver } from '../plan/waived.ts';
import type { Redactor } from '../transport/redact.ts';
import { mergeViolations, waive } from '../verify/verdict.ts';
import type { Violation } from '../verify/violation.ts';
import type { Attempt, CaseFinished, EventViolation } from './events.ts';
import { eventExchange, eventViolation, rounded } from './evidence.ts';
import { pasteText } from './paste.ts';
import type { AttemptOutcome, CaseOutcome } from './run-case.ts';

export interface FinishOptions {
  readonly plan: Pick<Plan, 'cases' | 'leftOut' | 'groups'>;
  readonly waivers: readonly Waiver[];
  readonly target: string;
  /** UTC day, `2027-01-31`. */
  readonly today: string;
  readonly redactor: Redactor;
}

/** A case that was not sent. */
export interface NotRun {
  readonly one: Case;
  readonly verdict: 'skip' | 'blocked';
  readonly reason: string;
}

export class Finisher {
  readonly #options: FinishOptions;
  /** Waiver -> id of the last case of the plan that it covers. */
  readonly #lastCovered: ReadonlyMap<Waiver, string>;
  readonly #used = new Set<Waiver>();
  /** Those that cover a case which was not sent. */
  readonly #undecided = new Set<Waiver>();

  constructor(options: FinishOptions) {
    this.#options = options;
    this.#lastCovered = lastCovered(options);
  }

  /** The event of a case that was sent; to be called in plan order. */
  finish({ one, attempts, durationMs, paste }: CaseOutcome): CaseFinished {
    const last = attempts[attempts.length - 1];
    if (last === undefined) return this.notRun({ one, verdict: 'skip', reason: 'interrupted before it began' });
    if (last.blocked !== null) {
      const evidence = attempts.map((attempt) => this.#attempt(one, attempt));
      return this.#notRun(one, 'blocked', last.blocked, evidence);
    }

    const judged = this.#waived(one, last);
    const violations = this.#told(one, judged.violations);
    const event = eventOf(one, {
      verdict: judged.verdict === 'pass' && attempts.length > 1 ? 'flaky' : judged.verdict,
      durationMs: rounded(durationMs),
      attempts:
        attempts.length === 1
          ? [this.#attempt(one, last, violations)]
          : attempts.map((attempt) => this.#attempt(one, attempt)),
      checks: checksOf(last.checks, judged.violations),
      violations,
      waiver: judged.waiver,
      skipReason: null,
    });
    const text = paste === undefined ? null : pasteText(paste, this.#options.redactor);
    return text === null ? event : { ...event, paste: text };
  }

  notRun({ one, verdict, reason }: NotRun): CaseFinished {
    return this.#notRun(one, verdict, reason, NO_ATTEMPTS);
  }

  #notRun(one: Case, verdict: NotRun['verdict'], reason: string, attempts: readonly Attempt[]): CaseFinished {
    const skipReason = this.#options.redactor.redactText(reason);
    if (one.skip === null && one.blocked === null) {
      for (const waiver of waiversOf(this.#options.waivers, one.id, this.#options.target)) this.#undecided.add(waiver);
    }
    return eventOf(one, {
      verdict,
      durationMs: 0,
      attempts,
      checks: NO_CHECKS,
      violations: NO_VIOLATIONS,
      waiver: null,
      skipReason,
    });
  }

  #told(one: Case, violations: readonly Violation[]): readonly EventViolation[] {
    if (violations.length === 0) return NO_VIOLATIONS;
    const { file, line, col } = one.contract.locate(one.pointer);
    return mergeViolations(violations).map((violation) =>
      eventViolation({ ...violation, at: violation.at ?? { file, line, col } }, one.method, this.#options.redactor),
    );
  }

  #attempt(one: Case, { verdict, exchanges, violations }: AttemptOutcome, told?: readonly EventViolation[]): Attempt {
    const { redactor } = this.#options;
    return {
      verdict,
      exchanges: exchanges.map(({ step, exchange, baseline }) => eventExchange(exchange, step, redactor, baseline)),
      violations: told ?? this.#told(one, violations),
    };
  }

  /** Every failure must be covered by a waiver that holds; a waiver whose last case has passed is stale. */
  #waived(one: Case, { verdict, violations }: AttemptOutcome): Waived {
    const waivers = waiversOf(this.#options.waivers, one.id, this.#options.target);
    if (waivers.length === 0) return { verdict, violations, waiver: null };
    if (verdict === 'pass') return this.#stale(one, waivers, violations);

    const grave = violations.filter(({ level }) => level === 'must');
    const covers = (waiver: Waiver): boolean => waiver.rule === null || grave.some(({ rule }) => rule === waiver.rule);
    const fitting = waivers.filter(covers);
    for (const waiver of fitting) this.#used.add(waiver);
    const { today } = this.#options;
    const holding = fitting.filter((waiver) => waiverState(waiver, today) === 'holds');
    const deciding = coversAll(holding, grave)
      ? holding[0]
      : coversAll(fitting, grave)
        ? fitting.find((waiver) => !holding.includes(waiver))
        : undefined;
    if (deciding === undefined) return { verdict, violations, waiver: null };

    const { reason, until } = deciding;
    const judged = waive(verdict, { reason, until }, today);
    return {
      verdict: judged.verdict,
      violations: judged.violation === null ? violations : [...violations, judged.violation],
      waiver: { reason, until },
    };
  }

  #stale(one: Case, waivers: readonly Waiver[], violations: readonly Violation[]): Waived {
    const stale = waivers.find(
      (waiver) => this.#lastCovered.get(waiver) === one.id && !this.#used.has(waiver) && !this.#undecided.has(waiver),
    );
    if (stale === undefined) return { verdict: 'pass', violations, waiver: null };

    // Whether it has expired as well is of no interest once the defect is gone.
    const { reason, until } = stale;
    const judged = waive('pass', { reason, until: '9999-12-31' }, this.#options.today);
    return {
      verdict: judged.verdict,
      violations: judged.violation === null ? violations : [...violations, judged.violation],
      waiver: { reason, until },
    };
  }
}

/** Whether every grave violation is known; an `error` has none and needs a waiver of the whole case. */
function coversAll(waivers: readonly Waiver[], grave: readonly Violation[]): boolean {
  if (waivers.some(({ rule }) => rule === null)) return true;
  return grave.length > 0 && grave.every(({ rule }) => waivers.some((waiver) => waiver.rule === rule));
}

interface Waived {
  readonly verdict: 'pass' | 'fail' | 'error' | 'waived';
  readonly violations: readonly Violation[];
  readonly waiver: { readonly reason: string; readonly until: string } | null;
}

/** Advice fails no check. */
function checksOf(total: number, violations: readonly Violation[]): CaseFinished['checks'] {
  const failed = violations.length === 0 ? 0 : violations.filter(({ level }) => level === 'must').length;
  return { total: Math.max(total, failed), failed };
}

const NO_VIOLATIONS: readonly EventViolation[] = [];
const NO_ATTEMPTS: readonly Attempt[] = [];
const NO_CHECKS: CaseFinished['checks'] = { total: 0, failed: 0 };

/** Without waivers of many cases of which this run leaves some out. */
function lastCovered({ plan, waivers, target }: FinishOptions): ReadonlyMap<Waiver, string> {
  const last = new Map<Waiver, string>();
  if (waivers.length === 0) return last;
  for (const one of plan.cases) {
    if (one.skip !== null || one.blocked !== null) continue;
    for (const waiver of waiversOf(waivers, one.id, target)) last.set(waiver, one.id);
  }
  const isWhole = DEFAULT_GROUPS.every((group) => plan.groups.includes(group));
  for (const waiver of waivers) if (!isWhole && !namesOneCase(waiver)) last.delete(waiver);
  for (const id of plan.leftOut) for (const waiver of waiversOf(waivers, id, target)) last.delete(waiver);
  return last;
}

function namesOneCase({ case: glob }: Waiver): boolean {
  return glob !== null && glob.pattern.includes('/') && !/[*?]/.test(glob.pattern);
}

/** What an event says of a case whatever became of it. One literal: spreading costs more than all the rest (measured: 7 us). */
function eventOf(
  one: Case,
  { verdict, durationMs, attempts, checks, violations, waiver, skipReason }: Judged,
): CaseFinished {
  const { id, name, contract, method, operation, group, derived, reason, pointer, tags } = one;
  const { file, hash } = contract;
  const { line, col } = contract.locate(pointer);
  return {
    type: 'case',
    id,
    contract: { file, line, col, hash },
    resource: contract.resource,
    method,
    operation: operation === null ? null : operation.name,
    group,
    derived,
    reason,
    name,
    verdict,
    durationMs,
    attempts,
    checks,
    violations,
    tags,
    waiver,
    skipReason,
  };
}

type Judged = Pick<
  CaseFinished,
  'verdict' | 'durationMs' | 'attempts' | 'checks' | 'violations' | 'waiver' | 'skipReason'
>;
