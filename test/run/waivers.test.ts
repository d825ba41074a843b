import { describe, expect, it } from 'vitest';
import { parseGlob } from '../../src/plan/glob.ts';
import { NO_FILTERS } from '../../src/plan/select.ts';
import { daysLeft, waiverState, type Waiver } from '../../src/plan/waived.ts';
import type { Clock, RunOptions } from '../../src/run/options.ts';
import { books, only, runOf, type Collected } from './support.ts';

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

/** In every group: only that can tell whether a waiver of many cases is still needed. */
function run(...waivers: readonly Waiver[]): Promise<Collected> {
  return runWith({}, ...waivers);
}

async function runWith(options: Partial<RunOptions>, ...waivers: readonly Waiver[]): Promise<Collected> {
  const groups = ['contract', 'headers', 'laws'] as const;
  const collected = await runOf(CONTRACT, { groups, waivers, clock: TODAY, inProcess: true, ...options });
  return { ...collected, cases: collected.cases.filter(({ derived }) => !derived) };
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

  it('of many cases are not stale in a run that leaves some of them out', async () => {
    const many = waiver({ case: 'books/GET/**' });
    const selected = await runWith({ filters: only('books/GET/right-too') }, many);
    expect([verdicts(selected), selected.end.exitCode]).toEqual([['pass'], 0]);

    const [first, second] = [1, 2].map((index) => ({ ...NO_FILTERS, shard: { index, count: 2 } }));
    for (const filters of [first, second]) {
      const shard = await runWith(filters === undefined ? {} : { filters }, many);
      expect(rulesOf(shard).flat()).not.toContain('waiver/stale');
    }
    const group = await runWith({ groups: ['contract'] }, waiver({ rule: 'laws/get-is-safe' }));
    expect(rulesOf(group).flat()).not.toContain('waiver/stale');
    const stopped = await runWith({ bail: 1 }, waiver({ rule: 'expectation/status' }));
    expect(rulesOf(stopped).flat()).not.toContain('waiver/stale');
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
