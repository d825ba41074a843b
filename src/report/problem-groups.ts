/**
 * Violations of all cases, grouped by rule and place: one mistake of a service is one problem, however many cases and
 * methods meet it. What an author expects differs from method to method, so there each has its own.
 */
import type { Attempt, CaseFinished, EventExchange, EventViolation } from '../run/events.ts';
import { placeOfGroup } from './place.ts';
import { failsRun } from './verdicts.ts';

/** A case as a list entry. */
export interface CaseRef {
  readonly id: string;
  readonly name: string;
  readonly resource: string | null;
  readonly method: string | null;
}

export interface ProblemGroup {
  readonly fingerprint: string;
  readonly rule: string;
  readonly level: EventViolation['level'];
  /** Place with its changing parts taken out. */
  readonly place: string;
  /** The first case that met it, of an author where there is one, and its violation. */
  sample: CaseFinished;
  violation: EventViolation;
  cases: number;
  /** Method, or `flow`, -> cases. */
  readonly cells: Map<string, number>;
  readonly resources: Set<string>;
  readonly methods: Set<string>;
  readonly verdicts: Set<string>;
  /** The first five. */
  readonly first: CaseRef[];
}

/** Groups beyond this are counted, not kept: a hostile service could make one for each case. */
const MAX_GROUPS = 500;
const FIRST_CASES = 5;

export class ProblemGroups {
  /** Cases whose problem was in none of the groups kept. */
  uncountedCases = 0;
  readonly #groups = new Map<string, ProblemGroup>();
  readonly #kind: 'failures' | 'advice';

  /** @param kind - `failures`: what made cases fail; `advice`: violations of level should and may, of any case */
  constructor(kind: 'failures' | 'advice') {
    this.#kind = kind;
  }

  add(finished: CaseFinished): void {
    const seen = new Set<string>();
    for (const violation of this.#violationsOf(finished)) {
      const key = keyOf(violation);
      if (seen.has(key)) continue;
      seen.add(key);
      this.#join(finished, violation, key);
    }
  }

  /** What cases of authors met first, then most cases first; of equal ones the first met. */
  sorted(): readonly ProblemGroup[] {
    return [...this.#groups.values()].toSorted(
      (a, b) => Number(a.sample.derived) - Number(b.sample.derived) || b.cases - a.cases,
    );
  }

  get size(): number {
    return this.#groups.size;
  }

  #violationsOf(finished: CaseFinished): readonly EventViolation[] {
    if (this.#kind === 'advice') return finished.violations.filter((violation) => violation.level !== 'must');
    if (!failsRun(finished.verdict, true)) return [];
    return blamedFor(finished);
  }

  #join(finished: CaseFinished, violation: EventViolation, key: string): void {
    const group = this.#groups.get(key) ?? this.#open(finished, violation, key);
    if (group === null) {
      this.uncountedCases += 1;
      return;
    }
    group.cases += 1;
    if (group.sample.derived && !finished.derived) {
      group.sample = finished;
      group.violation = violation;
    }
    const cell = finished.method ?? 'flow';
    group.cells.set(cell, (group.cells.get(cell) ?? 0) + 1);
    if (finished.resource !== null) group.resources.add(finished.resource);
    if (finished.method !== null) group.methods.add(finished.method);
    group.verdicts.add(finished.verdict);
    if (group.first.length < FIRST_CASES) {
      const { id, name, resource, method } = finished;
      group.first.push({ id, name, resource, method });
    }
  }

  #open(finished: CaseFinished, violation: EventViolation, key: string): ProblemGroup | null {
    if (this.#groups.size >= MAX_GROUPS) return null;
    const group: ProblemGroup = {
      fingerprint: violation.fingerprint,
      rule: violation.rule,
      level: violation.level,
      place: placeOfGroup(violation),
      sample: finished,
      violation,
      cases: 0,
      cells: new Map(),
      resources: new Set(),
      methods: new Set(),
      verdicts: new Set(),
      first: [],
    };
    this.#groups.set(key, group);
    return group;
  }
}

function keyOf(violation: EventViolation): string {
  const { rule, level, fingerprint } = violation;
  return rule.startsWith('expectation/') ? fingerprint : `${level} ${rule} ${placeOfGroup(violation)}`;
}

/** The exchanges that its violations count: of a flaky case those of the failed attempt, else of the last. */
export function failedExchanges(finished: CaseFinished): readonly EventExchange[] {
  return judgedAttempt(finished)?.exchanges ?? [];
}

function judgedAttempt({ verdict, attempts }: CaseFinished): Attempt | undefined {
  if (verdict !== 'flaky') return attempts.at(-1);
  return attempts.find((attempt) => attempt.verdict === 'fail' || attempt.verdict === 'error');
}

/**
 * The violations that decided the verdict: those of level must; of a flaky case, those of its first failed attempt. An
 * error without any is given one from the failure of its exchange, so that no failing case lacks a reason.
 */
export function blamedFor(finished: CaseFinished): readonly EventViolation[] {
  const own = finished.verdict === 'flaky' ? (judgedAttempt(finished)?.violations ?? []) : finished.violations;
  const musts = own.filter((violation) => violation.level === 'must');
  if (musts.length > 0 || !failsRun(finished.verdict, true)) return musts;

  const exchanges = failedExchanges(finished);
  const index = exchanges.findIndex((exchange) => exchange.failure !== null);
  const failure = exchanges[index]?.failure ?? null;
  const code = failure?.code ?? 'no-reason-recorded';
  return [
    {
      rule: `transport/${code}`,
      level: 'must',
      where: 'transport',
      pointer: null,
      header: null,
      key: null,
      exchange: Math.max(index, 0),
      expected: 'a complete answer',
      actual: failure === null ? 'no violation and no failure in the stream' : `${failure.code} (${failure.phase})`,
      message: failure?.message ?? 'The stream gives no reason for this verdict.',
      hint: failure?.hint ?? null,
      at: null,
      fingerprint: `failure:${code}`,
    },
  ];
}
