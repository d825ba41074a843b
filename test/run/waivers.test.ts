import { describe, expect, it } from 'vitest';
import { parseGlob } from '../../src/plan/glob.ts';
import { daysLeft, waiverState, type Waiver } from '../../src/plan/waived.ts';
import type { Clock } from '../../src/run/options.ts';
import { books, runOf, type Collected } from './support.ts';

const CONTRACT = books(
  '  GET:\n',
  `
cases:
  - { name: wrong, method: GET, key: 1, expect: { body: { title: Other } } }
  - { name: right, method: GET, key: 1 }
  - { name: right too, method: GET, key: 2 }
`,
);
const TODAY: Clock = { now: () => new Date('2027-01-31T12:00:00Z'), monotonic: () => 0 };

function waiver(particular: Partial<Omit<Waiver, 'case'>> & { readonly case?: string }): Waiver {
  const { case: pattern, ...rest } = particular;
  const glob = pattern === undefined ? null : parseGlob(pattern);
  if (typeof glob === 'string') throw new Error(glob);
  return { case: glob, rule: null, target: null, reason: 'reported', until: '2027-01-31', ...rest };
}

function run(...waivers: readonly Waiver[]): Promise<Collected> {
  return runOf(CONTRACT, { waivers, clock: TODAY, inProcess: true });
}

function verdicts({ cases }: Collected): readonly string[] {
  return cases.map(({ verdict }) => verdict);
}

function rulesOf({ cases }: Collected): readonly (readonly string[])[] {
  return cases.map(({ violations }) => violations.map(({ rule }) => rule));
}

describe('waivers', () => {
  it('make a known failure waived, on their last day, too', async () => {
    const collected = await run(waiver({ case: 'books/GET/wrong' }));
    expect(verdicts(collected)).toEqual(['waived', 'pass', 'pass']);
    expect(collected.cases[0]?.waiver).toEqual({ reason: 'reported', until: '2027-01-31' });
    expect(collected.end.exitCode).toBe(0);
  });

  it('fail by waiver/expired the day after', async () => {
    const collected = await run(waiver({ case: 'books/GET/wrong', until: '2027-01-30' }));
    expect(verdicts(collected)[0]).toBe('fail');
    expect(rulesOf(collected)[0]).toContain('waiver/expired');
  });

  it('fail by waiver/stale once the case passes', async () => {
    const collected = await run(waiver({ case: 'books/GET/right' }));
    expect(verdicts(collected)).toEqual(['fail', 'fail', 'pass']);
    expect(rulesOf(collected)[1]).toContain('waiver/stale');
  });

  it('of many cases are stale only when none of them needed it, at the last', async () => {
    expect(verdicts(await run(waiver({ case: 'books/GET/**' })))).toEqual(['waived', 'pass', 'pass']);
    const stale = await run(waiver({ case: 'books/GET/right*' }));
    expect(verdicts(stale)).toEqual(['fail', 'pass', 'fail']);
    expect(rulesOf(stale)[2]).toContain('waiver/stale');
  });

  it('of a rule cover that rule only', async () => {
    const { cases } = await run();
    const [rule = ''] = cases[0]?.violations.map((violation) => violation.rule) ?? [];
    expect(verdicts(await run(waiver({ rule })))[0]).toBe('waived');
    expect(verdicts(await run(waiver({ rule: 'status/not-success', case: 'books/GET/wrong' })))[0]).toBe('fail');
  });

  it('of another target cover nothing', async () => {
    expect(verdicts(await run(waiver({ case: 'books/GET/wrong', target: 'production' })))[0]).toBe('fail');
  });

  it('count days by the calendar', () => {
    expect(waiverState(waiver({ rule: 'a/b' }), '2027-01-31')).toBe('holds');
    expect(waiverState(waiver({ rule: 'a/b' }), '2027-02-01')).toBe('expired');
    expect(daysLeft(waiver({ rule: 'a/b' }), '2027-01-21')).toBe(10);
  });
});
