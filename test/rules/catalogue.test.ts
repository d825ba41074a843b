import { describe, expect, it } from 'vitest';
import { EXAMPLE_CONTRACTS, levelOf, ruleOf, RULES, type Rule, type RuleExample } from '../../src/rules/index.ts';
import { captureFrom } from '../../src/verify/capture.ts';
import { waive } from '../../src/verify/verdict.ts';
import type { Violation } from '../../src/verify/violation.ts';
import { exampleContract, exchangeOf, judgeAnswer, judgeRequest } from './example.ts';

/** Rules that hold on their own: what else the breaking example violates, and why it cannot be otherwise. */
const ALSO: Readonly<Record<string, readonly string[]>> = {};

/** Rules about answers have an answer in their examples, or a failure in its place. */
const isAboutAnswers = (rule: Rule): boolean => rule.breaks.response !== undefined || rule.breaks.failure !== undefined;

function rulesOf(violations: readonly Violation[], own: string): readonly string[] {
  // Notes are not told against an example: nearly every request could name its method.
  return [
    ...new Set(violations.filter(({ level, rule }) => level !== 'may' || rule === own).map(({ rule }) => rule)),
  ].toSorted();
}

function judge(rule: Rule, example: RuleExample): readonly string[] {
  if (example.waived !== undefined) {
    const violations = judgeAnswer({ ...example, expect: '{}' });
    const verdict = violations.some(({ level }) => level === 'must') ? 'fail' : 'pass';
    const { violation } = waive(verdict, { reason: 'known', until: example.waived }, '2026-11-24');
    return violation === null ? [] : [violation.rule];
  }
  if (example.capture !== undefined) {
    const { asked } = judgeRequest(example);
    if (asked === null) throw new Error('no method');
    return captureFrom(asked, exchangeOf(example), example.capture) === undefined ? ['expectation/capture'] : [];
  }
  return rulesOf(isAboutAnswers(rule) ? judgeAnswer(example) : judgeRequest(example).violations, rule.id);
}

/** Rules about several exchanges, which laws judge; the tests of laws hold their examples. */
const JUDGED_BY_LAWS = /^(header-matrix|laws?)\//;
const judgedHere = [...RULES.values()].filter(({ id }) => !JUDGED_BY_LAWS.test(id));

describe('the example contracts', () => {
  it.each([...EXAMPLE_CONTRACTS.keys()])('%s is valid', (name) => {
    expect(exampleContract(name).resource).toBe(name);
  });
});

describe('the catalogue', () => {
  it('names each rule once, as family/kebab-case', () => {
    expect(RULES.size).toBeGreaterThan(100);
    for (const id of RULES.keys()) expect(id).toMatch(/^[a-z-]+\/[a-z0-9-]+$/);
  });

  it('knows no other rules', () => {
    expect(() => ruleOf('no/such-rule')).toThrow(/no such row/);
  });

  it('lets a dialect weigh a rule otherwise', () => {
    const rule = ruleOf('encoding/raw-urn-in-path');
    expect([levelOf(rule, 'restli'), levelOf(rule, 'linkedin'), levelOf(rule, 'constructor')]).toEqual([
      'should',
      'must',
      'should',
    ]);
  });

  it.each([...RULES.values()])('$id is complete', (rule) => {
    for (const text of [rule.title, rule.why, rule.consequence, rule.fix, rule.source.text])
      expect(text.length).toBeGreaterThan(5);
  });

  it.each(judgedHere)('$id is broken by its example', (rule) => {
    expect(judge(rule, rule.breaks)).toEqual([rule.id, ...(ALSO[rule.id] ?? [])].toSorted());
  });

  it.each(judgedHere)('$id is kept by its example', (rule) => {
    expect(judge(rule, rule.keeps)).toEqual([]);
  });
});
