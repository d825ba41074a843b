import { describe, expect, it } from 'vitest';
import { failure } from '../../src/transport/failure.ts';
import { atLeast, mergeViolations, MOST_VIOLATIONS, verdictOf, waive } from '../../src/verify/verdict.ts';
import type { Violation } from '../../src/verify/violation.ts';

const violation = (level: Violation['level'], exchange = 0): Violation => ({
  rule: 'entity/schema',
  level,
  where: 'body',
  pointer: '',
  header: null,
  key: null,
  exchange,
  expected: 'a',
  actual: 'b',
  message: 'm.',
  hint: null,
  at: null,
});

describe('the verdict', () => {
  it('fails for a must alone', () => {
    expect(verdictOf([], null)).toBe('pass');
    expect(verdictOf([violation('should'), violation('may')], null)).toBe('pass');
    expect(verdictOf([violation('may'), violation('must')], null)).toBe('fail');
  });

  it('is error without a complete answer', () => {
    expect(verdictOf([violation('must')], failure('body-cut', 'cut'))).toBe('error');
  });

  it('of a waived case turns when the defect is gone or the waiver too old', () => {
    const waiver = { reason: 'known', until: '2027-01-31' };
    expect(waive('fail', waiver, '2027-01-31')).toEqual({ verdict: 'waived', violation: null });
    expect(waive('error', waiver, '2027-01-31').verdict).toBe('waived');
    expect(waive('pass', waiver, '2027-01-31').violation?.rule).toBe('waiver/stale');
    expect(waive('fail', waiver, '2027-02-01').violation?.rule).toBe('waiver/expired');
  });
});

describe('violations', () => {
  it('are filtered by weight', () => {
    const all = [violation('may'), violation('should'), violation('must')];
    expect(atLeast(all, 'must').length).toBe(1);
    expect(atLeast(all, 'should').length).toBe(2);
    expect(atLeast(all, 'may').length).toBe(3);
  });

  it('are capped for each exchange, the gravest kept, the rest counted', () => {
    const many = [...Array.from({ length: 30 }, () => violation('should')), violation('must'), violation('must', 1)];
    const merged = mergeViolations(many);
    expect(merged.filter(({ exchange }) => exchange === 0).length).toBe(MOST_VIOLATIONS);
    expect(merged.filter(({ exchange }) => exchange === 1).length).toBe(1);
    expect(merged[0]?.level).toBe('must');
    expect(merged[MOST_VIOLATIONS - 1]?.message).toBe('m. (and 11 more violations)');
  });
});
