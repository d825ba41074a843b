import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
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

/** Laws, and the header matrix, judge the exchanges of a derived case together; their own tests hold the examples. */
const JUDGED_ALONE = [...RULES.values()].filter(({ id }) => !/^(?:laws|header-matrix|negative|compare)\//.test(id));

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

describe('the example contracts', () => {
  it.each([...EXAMPLE_CONTRACTS.keys()])('%s is valid', (name) => {
    expect(exampleContract(name).resource).toBe(name);
  });
});

/** Every text in the judges that looks like the id of a rule. */
function idsInSources(): ReadonlySet<string> {
  const folder = path.resolve(import.meta.dirname, '../../src/verify');
  const families = new Set([...RULES.keys()].map((id) => id.slice(0, id.indexOf('/'))));
  const ids = new Set<string>();
  for (const file of readdirSync(folder)) {
    for (const [, id = ''] of readFileSync(path.join(folder, file), 'utf8').matchAll(/'([a-z-]+\/[a-z0-9-]+)'/g)) {
      if (families.has(id.slice(0, id.indexOf('/')))) ids.add(id);
    }
  }
  return ids;
}

describe('the catalogue', () => {
  it('has a row for every id that a judge may report', () => {
    const ids = idsInSources();
    expect(ids.size).toBeGreaterThan(120);
    expect([...ids].filter((id) => !RULES.has(id))).toEqual([]);
  });

  it('names each rule once, as family/kebab-case', () => {
    expect(RULES.size).toBeGreaterThan(100);
    for (const id of RULES.keys()) expect(id).toMatch(/^[a-z-]+\/[a-z0-9-]+$/);
  });

  it('knows no other rules', () => {
    expect(() => ruleOf('no/such-rule')).toThrow(/no such row/);
  });

  it('lets a dialect weigh a rule otherwise', () => {
    const rule = ruleOf('encoding/raw-urn-in-path');
    expect([levelOf(rule, 'restli'), levelOf(rule, 'linkedin')]).toEqual(['should', 'must']);
  });

  it.each([...RULES.values()])('$id is complete', (rule) => {
    for (const text of [rule.title, rule.why, rule.consequence, rule.fix, rule.source.text])
      expect(text.length).toBeGreaterThan(5);
  });

  it.each(JUDGED_ALONE)('$id is broken by its example', (rule) => {
    expect(judge(rule, rule.breaks)).toEqual([rule.id, ...(ALSO[rule.id] ?? [])].toSorted());
  });

  it.each(JUDGED_ALONE)('$id is kept by its example', (rule) => {
    expect(judge(rule, rule.keeps)).toEqual([]);
  });
});
