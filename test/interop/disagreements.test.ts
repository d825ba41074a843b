/** A known disagreement covers what it was recorded as, and nothing else. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseGlob } from '../../src/plan/glob.ts';
import { RULES } from '../../src/rules/index.ts';
import type { CaseFinished } from '../../src/run/events.ts';
import { judge, pinsOf, readDisagreements, readPins, type Disagreement, type Pin } from './disagreements.ts';

const PAGE = readFileSync(path.resolve(import.meta.dirname, '../../docs/interop.md'), 'utf8');
const pins = readPins();

const explained: Disagreement = {
  id: 'breaks',
  cases: ['books/CREATE/*'],
  rules: ['expectation/status'],
  why: 'It breaks.',
  source: 'errors',
};

interface Answer {
  readonly status: number;
  readonly rule?: string;
  readonly actual?: string;
  readonly verdict?: CaseFinished['verdict'];
}

function finished(
  id: string,
  { status, rule = 'expectation/status', actual = `${status}`, verdict }: Answer,
): CaseFinished {
  const found = { rule, level: 'must', expected: '400', actual };
  return {
    id,
    resource: 'books',
    method: 'CREATE',
    operation: null,
    verdict: verdict ?? 'fail',
    violations: verdict === 'pass' ? [] : [found],
    waiver: null,
    attempts: [
      {
        exchanges: [
          {
            step: null,
            request: { verb: 'POST', url: 'http://127.0.0.1:1/books', headers: [['Host', 'x']], body: { text: '{' } },
            response: { status, headers: [['Content-Type', 'text/plain']], body: { text: 'no\nmore' } },
            failure: null,
          },
        ],
      },
    ],
  } as unknown as CaseFinished;
}

const recorded = pinsOf(explained, new Map([['2.0.0', [finished('books/CREATE/refuses', { status: 500 })]]]));
const known = new Map([['breaks', recorded]]);
const verdicts = (one: CaseFinished, protocol = '2.0.0') => {
  const { cases, unmet } = judge([one], protocol, known, [explained]);
  return { verdict: cases[0]?.verdict, unmet };
};

describe('what was recorded of a disagreement', () => {
  it('holds the case, what is found, and request and answer as lines', () => {
    expect(recorded).toEqual([
      {
        cases: ['books/CREATE/refuses'],
        protocols: ['2.0.0'],
        found: [{ rule: 'expectation/status', expected: '400', actual: '500' }],
        statuses: '500',
        exchange: '> POST /books\n>\n> {\n< 500\n< Content-Type: text/plain\n<\n< no\n',
      },
    ]);
  });

  it('covers the case that fails so', () => {
    expect(verdicts(finished('books/CREATE/refuses', { status: 500 }))).toEqual({ verdict: 'waived', unmet: [] });
  });

  it.each([
    ['another status', { status: 201 }],
    ['another value', { status: 500, actual: '502' }],
    ['another rule', { status: 500, rule: 'body/not-json' }],
  ])('does not cover %s', (_, answer) => {
    expect(verdicts(finished('books/CREATE/refuses', answer)).verdict).toBe('fail');
  });

  it('does not cover another case, nor another protocol version', () => {
    expect(verdicts(finished('books/CREATE/other', { status: 500 })).verdict).toBe('fail');
    expect(verdicts(finished('books/CREATE/refuses', { status: 500 }), '1.0.0').verdict).toBe('fail');
  });

  it('is a finding once the case passes, or is not planned', () => {
    expect(verdicts(finished('books/CREATE/refuses', { status: 400, verdict: 'pass' })).unmet).toHaveLength(1);
    expect(judge([], '2.0.0', known, [explained]).unmet).toHaveLength(1);
  });

  it('is not recorded of a case that breaks another rule as well', () => {
    const one = finished('books/CREATE/refuses', { status: 500, rule: 'body/not-json' });
    expect(pinsOf(explained, new Map([['2.0.0', [one]]]))).toEqual([]);
  });
});

describe.each(readDisagreements())('disagreement $id', ({ id, cases, rules, why, source }) => {
  const own: readonly Pin[] = pins.get(id) ?? [];

  it('stands in docs/interop.md, with its reason and its source', () => {
    expect(PAGE).toContain(`| \`${id}\``);
    expect(`${why}${source}`.length).toBeGreaterThan(20);
  });

  it('was recorded, for each operation with its exchanges', () => {
    expect(own.length).toBeGreaterThan(0);
    for (const { cases: pinned, exchange, found, statuses } of own) {
      expect(pinned.length).toBeGreaterThan(0);
      expect(exchange).toMatch(/^> [A-Z]+ \/.*\n(?:.*\n)*?< \d{3}$/m);
      expect(statuses).toMatch(/^\d{3}(?: \d{3})*$/);
      expect(found.length).toBeGreaterThan(0);
    }
  });

  it('names rules of the catalogue, and covers no case and no rule beyond', () => {
    for (const rule of rules) expect(RULES.has(rule), rule).toBe(true);
    const globs = cases.map((pattern) => {
      const glob = parseGlob(pattern);
      if (typeof glob === 'string') throw new Error(glob);
      return glob;
    });
    for (const pin of own) {
      for (const one of pin.cases)
        expect(
          globs.some((glob) => glob.matches(one)),
          one,
        ).toBe(true);
      for (const { rule } of pin.found) expect(rules).toContain(rule);
    }
  });
});

it('every recorded file belongs to a disagreement', () => {
  expect([...pins.keys()].toSorted()).toEqual(
    readDisagreements()
      .map(({ id }) => id)
      .toSorted(),
  );
});
