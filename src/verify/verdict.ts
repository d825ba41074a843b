/** From violations to a verdict, and which of many are told. */
import type { TransportFailure } from '../transport/exchange.ts';
import type { RequirementLevel } from '../protocol/dialects.ts';
import { ruleOf } from '../rules/index.ts';
import type { Violation } from './violation.ts';

/** Violations of one body that are told; the rest is counted. */
export const MOST_VIOLATIONS = 20;

const WEIGHT: Readonly<Record<RequirementLevel, number>> = { must: 0, should: 1, may: 2 };

/** `error`: there is no complete answer to judge. Otherwise only a violation of level must fails. */
export function verdictOf(
  violations: readonly Violation[],
  failure: TransportFailure | null,
): 'pass' | 'fail' | 'error' {
  if (failure !== null) return 'error';
  return violations.some(({ level }) => level === 'must') ? 'fail' : 'pass';
}

/** Those of at least that weight: `should` keeps must and should. */
export function atLeast(violations: readonly Violation[], level: RequirementLevel): readonly Violation[] {
  return violations.filter((violation) => WEIGHT[violation.level] <= WEIGHT[level]);
}

/**
 * At most {@link MOST_VIOLATIONS} of each exchange, the gravest first and otherwise in order; where some are left out,
 * the last one kept says how many.
 */
export function mergeViolations(violations: readonly Violation[]): readonly Violation[] {
  if (violations.length <= MOST_VIOLATIONS) return violations;

  const byExchange = new Map<number, Violation[]>();
  for (const violation of violations) {
    const list = byExchange.get(violation.exchange);
    if (list === undefined) byExchange.set(violation.exchange, [violation]);
    else list.push(violation);
  }
  return [...byExchange.values()].flatMap(bounded);
}

function bounded(violations: readonly Violation[]): readonly Violation[] {
  if (violations.length <= MOST_VIOLATIONS) return violations;
  const kept = violations.toSorted((a, b) => WEIGHT[a.level] - WEIGHT[b.level]).slice(0, MOST_VIOLATIONS);
  const last = kept[kept.length - 1];
  if (last === undefined) return kept;
  return [
    ...kept.slice(0, -1),
    { ...last, message: `${last.message} (and ${violations.length - kept.length} more violations)` },
  ];
}

/**
 * What a waiver makes of a verdict: a failure that it covers is `waived`; a pass means that the defect is gone, and a
 * waiver past its last day covers nothing.
 *
 * @param until - last day of the waiver, `today` the day of the run; both `YYYY-MM-DD`
 */
export function waive(
  verdict: 'pass' | 'fail' | 'error',
  waiver: { readonly reason: string; readonly until: string },
  today: string,
): { readonly verdict: 'fail' | 'waived'; readonly violation: Violation | null } {
  if (today > waiver.until) {
    return {
      verdict: 'fail',
      violation: waiverViolation(
        'waiver/expired',
        `a waiver until ${waiver.until} or later`,
        `today is ${today}`,
        `The waiver expired on ${waiver.until}: ${waiver.reason}`,
      ),
    };
  }
  if (verdict === 'pass') {
    return {
      verdict: 'fail',
      violation: waiverViolation(
        'waiver/stale',
        'the waived failure',
        'the case passes',
        `The waived defect is gone: ${waiver.reason}`,
      ),
    };
  }
  return { verdict: 'waived', violation: null };
}

function waiverViolation(rule: string, expected: string, actual: string, message: string): Violation {
  const { level, fix } = ruleOf(rule);
  return {
    rule,
    level,
    where: 'status',
    pointer: null,
    header: null,
    key: null,
    exchange: 0,
    expected,
    actual,
    message,
    hint: fix,
    at: null,
  };
}
