import { describe, expect, it } from 'vitest';
import { anchorOf } from '../../src/report/html/case-view.ts';
import { ProbeTally, type ProbeMark } from '../../src/report/html/probe-tally.ts';
import { htmlReporter } from '../../src/report/html.ts';
import type { CaseFinished, VerdictName } from '../../src/run/events.ts';
import { caseFinished, exchangeOf, HOSTILE, runEnded, runStarted } from '../support/events.ts';
import { render } from '../support/render.ts';

function probe(id: string, verdict: VerdictName, status = 200): CaseFinished {
  const isRun = verdict !== 'skip' && verdict !== 'blocked';
  return caseFinished({
    id,
    group: 'headers',
    method: 'FINDER',
    verdict,
    exchanges: isRun ? [exchangeOf({ response: { status } })] : [],
  });
}

function cellOf(...cases: readonly CaseFinished[]): ProbeMark {
  const tally = new ProbeTally();
  for (const one of cases) tally.add(one, 'FINDER');
  const cell = tally.table().probes[0]?.cells[0];
  if (cell === undefined) throw new Error('the table has no cell');
  return cell;
}

describe('a cell of the header matrix', () => {
  it('of one case shows its verdict and what it was answered', () => {
    const cell = cellOf(probe('books/FINDER/headers/byTitle/absent', 'pass', 204));
    expect([cell.text, cell.answers, cell.kind]).toEqual(['✓', '204', 'good']);
    expect(cell.label).toBe('absent in FINDER: one case: 1 pass, answered 204.');
  });

  it('of several counts the cases of each verdict, and leads to the first of the worst', () => {
    const cell = cellOf(
      probe('books/FINDER/headers/byTitle/absent', 'pass', 200),
      probe('books/FINDER/headers/byAuthor/absent', 'fail', 400),
      probe('jobs/FINDER/headers/all/absent', 'pass', 200),
      probe('jobs/FINDER/headers/mine/absent', 'blocked'),
    );
    expect([cell.text, cell.answers, cell.kind]).toEqual(['✗ 1 ⊘ 1 ✓ 2', '200 400', 'bad']);
    expect(cell.label).toBe(
      'absent in FINDER: 4 cases: 1 fail, answered 400; 1 blocked; 2 pass, answered 200.' +
        ' fail: books/FINDER/headers/byAuthor/absent.',
    );
    expect(cell.link).toBe(anchorOf('books/FINDER/headers/byAuthor/absent'));
  });

  it('names the first three cases that did not pass, and how many more there are', () => {
    const cell = cellOf(...[1, 2, 3, 4, 5].map((n) => probe(`r${n}/FINDER/headers/all/absent`, 'fail', 400 + n)));
    expect(cell.label).toContain(
      'fail: r1/FINDER/headers/all/absent, r2/FINDER/headers/all/absent, r3/FINDER/headers/all/absent and 2 more.',
    );
    expect(cell.answers).toBe('401 402 403 …');
  });

  it('stays apart from cells of methods and changes without a case', () => {
    const tally = new ProbeTally();
    tally.add(probe('books/GET/headers/absent', 'pass'), 'GET');
    tally.add(probe('books/FINDER/headers/all/doubled', 'flaky'), 'FINDER');
    const { probeMethods, probes } = tally.table();
    expect(probeMethods).toEqual(['GET', 'FINDER']);
    expect(probes.map(({ name, cells }) => [name, ...cells.map(({ kind }) => kind)])).toEqual([
      ['absent', 'good', 'none'],
      ['doubled', 'none', 'plain'],
    ]);
  });
});

describe('the page', () => {
  it('links each cell to a case that is there, and shows hostile ids as text', async () => {
    const cases = [
      probe('books/FINDER/headers/all/absent', 'pass'),
      probe('books/FINDER/headers/mine/absent', 'skip'),
      probe(`books/FINDER/headers/${HOSTILE.replaceAll('/', '')}/absent`, 'fail', 500),
    ];
    const html = await render(htmlReporter, [runStarted(), ...cases, runEnded(cases)]);
    const table = /<table class="matrix marks probes">[^]*?<\/table>/.exec(html)?.[0] ?? '';
    const link = /href="#([^"]+)"/.exec(table)?.[1] ?? 'none';
    expect(link).toBe(anchorOf(cases[2]?.id ?? ''));
    expect(html).toMatch(new RegExp(`id="?${link}[" >]`));
    expect(table).not.toMatch(/<script|<img|\u202e|\u2028/);
    expect(table).toContain('✗ 1');
  });

  it('keeps small however many cases fall into the matrix', async () => {
    const cases = Array.from({ length: 2_000 }, (_, n) =>
      probe(
        `${'r'.repeat(100)}${n}/FINDER/headers/all/change-${n % 500}`,
        n % 7 === 0 ? 'fail' : 'pass',
        200 + (n % 90),
      ),
    );
    const tally = new ProbeTally();
    for (const one of cases) tally.add(one, 'FINDER');
    const { probes } = tally.table();
    expect(probes.length).toBe(60);
    expect(Math.max(...probes.map(({ cells }) => cells[0]?.label.length ?? 0))).toBeLessThan(700);
  });
});
