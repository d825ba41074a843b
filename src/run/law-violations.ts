/** What a law found, as violations: level and fix come from its rule, the place from the contract. */
import type { Contract, Operation } from '../contract/contract.ts';
import type { LawFinding } from '../laws/law.ts';
import type { Dialect } from '../protocol/dialects.ts';
import { levelOf, ruleOf } from '../rules/index.ts';
import type { Violation } from '../verify/violation.ts';

/** Findings of rules that the operation is exempt from are left out. */
export function lawViolations(
  findings: readonly LawFinding[],
  {
    contract,
    operation,
    pointer,
    dialect,
  }: {
    readonly contract: Contract;
    readonly operation: Operation | null;
    readonly pointer: string;
    readonly dialect: Dialect;
  },
): readonly Violation[] {
  const owed = findings.filter(({ rule }) => operation === null || !operation.exempt.has(rule));
  if (owed.length === 0) return [];

  const { file, line, col } = contract.locate(pointer);
  return owed.map((finding) => {
    const rule = ruleOf(finding.rule);
    return {
      rule: finding.rule,
      level: levelOf(rule, dialect.family),
      where: finding.where ?? 'body',
      pointer: finding.pointer,
      header: null,
      key: null,
      exchange: finding.exchange,
      expected: finding.expected,
      actual: finding.actual,
      message: finding.message,
      hint: rule.fix,
      at: { file, line, col },
    };
  });
}
