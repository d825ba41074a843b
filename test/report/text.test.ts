import { describe, expect, it } from 'vitest';
import { columns } from '../../src/diagnostic/width.ts';
import type { CaseFinished } from '../../src/run/events.ts';
import { dotReporter } from '../../src/report/dot.ts';
import { githubReporter } from '../../src/report/github.ts';
import { markdownReporter } from '../../src/report/markdown.ts';
import { summaryReporter } from '../../src/report/summary.ts';
import { textReporter } from '../../src/report/text.ts';
import {
  caseFinished,
  hostileRun,
  manyCases,
  runEnded,
  runStarted,
  sampleCases,
  sampleRun,
  violationOf,
} from '../support/events.ts';
import { optionsOf, render } from '../support/render.ts';

/** Control codes that a terminal acts on, and characters that turn the direction of reading; line feeds are ours. */
// eslint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Cs}/u;

const lastLineOf = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';

describe('the text reporter', () => {
  it('ends with one plain line that scripts can read, coloured or not', async () => {
    for (const colour of [true, false]) {
      expect(lastLineOf(await render(textReporter, sampleRun(), { colour }))).toBe(
        '46 passed, 8 failed, 1 waived, 1 blocked, 2 skipped of 58',
      );
    }
    expect(lastLineOf(await render(textReporter, sampleRun(), { strict: true }))).toBe(
      '45 passed, 9 failed, 1 waived, 1 blocked, 2 skipped of 58',
    );
  });

  it('writes no escape without colour, and ASCII alone where there is no Unicode', async () => {
    const text = await render(textReporter, sampleRun(), { unicode: false });
    expect(text).not.toMatch(UNSAFE);
    // What came over the wire is the wire's: only our own signs are meant.
    expect(text.replaceAll('‹redacted›', '')).not.toMatch(/[✗✓≈◌⊘–…·→]/);
  });

  it('keeps its own lines within the width', async () => {
    for (const width of [40, 60, 100]) {
      const text = await render(textReporter, sampleRun(), { width });
      const own = text
        .split('\n')
        .filter(
          (line) => /^[✗✓≈!⊘◌] |^ {4}\S+\/|more problem|^ {2}\d+ {2}/.test(line) && !/FAIL|FLAKY|ERROR/.test(line),
        );
      expect(own.length).toBeGreaterThan(8);
      // A single word is not broken, so that it can be copied.
      for (const line of own.filter((one) => one.trim().includes(' ')))
        expect(columns(line)).toBeLessThanOrEqual(width);
    }
  });

  it('keeps the carets of a frame within a narrow terminal', async () => {
    const at = { file: 'contracts/wide.contract.yaml', line: 1, col: 91 };
    const failed = [caseFinished({ verdict: 'fail', violations: [violationOf({ at })] })];
    const source = `${'a: 1, '.repeat(15)}target: 2`;
    const text = await render(textReporter, [runStarted(), ...failed, runEnded(failed)], {
      width: 50,
      readFile: () => source,
    });
    const lines = text.split('\n');
    const place = lines.findIndex((line) => line.includes('target'));
    expect(lines[place]?.indexOf('target')).toBe(lines[place + 1]?.indexOf('^^^^^^'));
    expect(lines[place]?.length).toBeLessThanOrEqual(50);
  });

  it('shows ten problems and says how many more there are', async () => {
    const cases = Array.from({ length: 14 }, (_, index) =>
      caseFinished({
        id: `books/GET/${index}`,
        verdict: 'fail',
        violations: [violationOf({ pointer: `/member-${index}`, fingerprint: `f${index}` })],
      }),
    );
    const text = await render(textReporter, [runStarted(), ...cases, runEnded(cases)], {
      reports: ['reports/report.html'],
    });
    expect(text.match(/✗ FAIL/g)).toHaveLength(10);
    expect(text).toContain('and 4 more problems: see report');
    expect(text).toContain('report: reports/report.html');
  });

  it('counts one problem for all its cases', async () => {
    const text = await render(textReporter, manyCases(2000));
    expect(text).toMatch(/\d+ cases in resource\d+, resource\d+, resource\d+, resource\d+ and \d+ more resources/);
    expect(text.match(/✗ FAIL/g)?.length).toBeLessThanOrEqual(10);
  });

  it('says that the mock is not the service', async () => {
    const target = { name: 'mock', baseUrl: null, mode: 'mock', insecure: false, writes: true } as const;
    expect(await render(textReporter, [runStarted({ target }), caseFinished()])).toContain(
      'This checked the mock, not the service.',
    );
    expect(await render(textReporter, sampleRun())).not.toContain('not the service');
  });

  it('says what was interrupted, left behind, skipped and blocked, with reasons', async () => {
    const cases = sampleCases();
    const text = await render(textReporter, [
      runStarted(),
      ...cases,
      runEnded(cases, { interrupted: 'SIGINT', leftBehind: ['books/1'] }),
    ]);
    expect(text).toContain('interrupted: SIGINT');
    expect(text).toContain('left behind: books/1');
    expect(text).toContain('  2  writes to this target are off (--allow-writes)');
    expect(text).toContain('  1  no entity is known');
    expect(text).toContain('36 selected of 40');
  });

  it('draws one line again and again on a terminal, and leaves none of it', async () => {
    let clock = 0;
    const written: string[] = [];
    const now = (): number => (clock += 40);
    await textReporter(manyCases(1000), (text) => void written.push(text), optionsOf({ live: true, now, width: 80 }));
    const drawn = written.filter((text) => text.startsWith('\r\u001b[2K') && text.length > 5);
    expect(drawn.length).toBeGreaterThan(100);
    expect(drawn.at(-1)?.slice(5)).toMatch(/^280\/280 cells · [\d,]+\/1,000 · ✗ \d+ · [\d.]+ s$/);
    for (const line of drawn) expect(columns(line.slice(5))).toBeLessThan(80);
    expect(written.filter((text) => text === '\r\u001b[2K')).toHaveLength(1);
  });

  it('leaves parts of the live line out where they do not fit', async () => {
    const written: string[] = [];
    await textReporter(manyCases(200), (text) => void written.push(text), optionsOf({ live: true, width: 20 }));
    for (const text of written.filter((one) => one.startsWith('\r'))) expect(columns(text.slice(5))).toBeLessThan(20);
  });
});

describe('the dot reporter', () => {
  it('has one sign a case and eighty a line', async () => {
    const text = await render(dotReporter, manyCases(200, { failing: 50 }));
    const lines = text.split('\n');
    expect(lines.slice(0, 3).map((line) => line.length)).toEqual([80, 80, 40]);
    expect(lines.slice(0, 3).join('').match(/✗/g)).toHaveLength(4);
  });
});

describe('annotations for GitHub', () => {
  it('are one line each, ten errors and ten warnings at most, whatever text they hold', async () => {
    const many = Array.from({ length: 30 }, (_, index) =>
      caseFinished({
        id: `a/GET/${index}`,
        verdict: 'fail',
        violations: [
          violationOf({ pointer: `/member-${index}`, fingerprint: `f${index}` }),
          violationOf({ pointer: `/member-${index}`, fingerprint: `w${index}`, level: 'should' }),
        ],
      }),
    );
    const text = await render(githubReporter, [...hostileRun().slice(0, -1), ...many]);
    const lines = text.trimEnd().split('\n');
    expect(lines.filter((line) => line.startsWith('::error '))).toHaveLength(10);
    expect(lines.filter((line) => line.startsWith('::warning '))).toHaveLength(10);
    expect(lines.filter((line) => line.startsWith('::notice '))).toHaveLength(1);
    expect(lines).toHaveLength(21);
    expect(text).not.toMatch(UNSAFE);
  });

  it('name the line of the contract, with properties that no text can end', async () => {
    const text = await render(githubReporter, sampleRun());
    expect(text).toContain(
      '::error file=contracts/adAccounts.contract.yaml,line=6,col=3,title=batch/key-unanswered%3A',
    );
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(/^::(error|warning|notice) ((file|line|col|title)=[^,:]*,?)+::/);
  });
});

describe('the Markdown summary', () => {
  it('is inert: foreign text makes no markup, link, mention or table cell', async () => {
    const text = await render(markdownReporter, hostileRun());
    expect(text).not.toMatch(UNSAFE);
    const tags = new Set([...text.matchAll(/<\/?([a-z!]+)[^>]*>/gi)].map((match) => match[0]));
    expect([...tags].toSorted()).toEqual([
      '</code>',
      '</details>',
      '</p>',
      '</pre>',
      '</sub>',
      '</summary>',
      '<br>',
      '<code>',
      '<details>',
      '<p>',
      '<pre>',
      '<sub>',
      '<summary>',
    ]);
    expect(text).not.toMatch(/https?:\/\/|@everyone|!\[|\{\{/);
    const rows = text
      .split('\n')
      .filter((line) => line.startsWith('| ') && !line.startsWith('| resource') && !line.startsWith('| :'));
    const matrixWidth = text
      .split('\n')
      .find((line) => line.startsWith('| resource'))
      ?.split('|').length;
    for (const row of rows) expect([4, matrixWidth]).toContain(row.split('|').length);
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
  });

  it('stays below the limit of a job summary when everything fails at once', async () => {
    expect(Buffer.byteLength(await render(markdownReporter, manyCases(3000, { failing: 1 })))).toBeLessThan(1_000_000);
  });
});

describe('the summary', () => {
  it('is JSON that agrees with the stream, hostile names included', async () => {
    const summary: unknown = JSON.parse(await render(summaryReporter, hostileRun()));
    expect(summary).toMatchObject({
      summaryVersion: 1,
      conclusion: 'not conformant',
      complete: false,
      totals: { fail: 3, skip: 1, waived: 1, total: 5 },
    });
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});

describe('every text', () => {
  it.each(['text', 'dot', 'github', 'markdown'] as const)(
    'of the reporter %s shows hostile text as it is, acting on nothing',
    async (name) => {
      const { REPORTERS } = await import('../../src/report/reporters.ts');
      const reporter = await REPORTERS.get(name)?.load();
      if (reporter === undefined) throw new Error('no such reporter');
      const text = await render(reporter, hostileRun());
      expect(text).not.toMatch(UNSAFE);
      expect(text).toContain(name === 'markdown' ? '&#92;u001B&#91;31mred' : String.raw`\u001B[31mred`);
      expect(text.length).toBeLessThan(300_000);
    },
  );
});

describe('the text reporter, of many cases that meet one mistake', () => {
  const broken = violationOf({ rule: 'status/not-success', where: 'status', pointer: null });
  const failing = (method: 'GET' | 'CREATE', name: string, derived: boolean, rule = broken.rule): CaseFinished =>
    caseFinished({
      id: `books/${method}/${name}`,
      method,
      derived,
      verdict: 'fail',
      violations: [violationOf({ ...broken, rule, fingerprint: `${rule}${method}` })],
    });

  it('tells one rule once, with the methods it breaks in, and what an author wrote before what was derived', async () => {
    const cases = [
      failing('GET', 'a', true, 'envelope/entity'),
      failing('CREATE', 'a', true, 'envelope/entity'),
      failing('CREATE', 'written', false),
    ];
    const text = await render(textReporter, [runStarted(), ...cases, runEnded([])]);
    expect(text.match(/^✗ FAIL \S+/gm)).toEqual(['✗ FAIL status/not-success', '✗ FAIL envelope/entity']);
    expect(text).toContain('2 cases in books (GET 1, CREATE 1)');
  });

  it('shows the request of a case once, however many rules its answer breaks', async () => {
    const one = failing('GET', 'a', false);
    const two = { ...one, violations: [...one.violations, violationOf({ rule: 'envelope/entity', fingerprint: 'x' })] };
    const text = await render(textReporter, [runStarted(), two, runEnded([])]);
    expect(text.match(/ curl -sS/g)?.length ?? 0).toBeLessThanOrEqual(1);
    expect(text).toContain('that of status/not-success above');
  });

  it('gives a rule of level should one line, however many methods it speaks of', async () => {
    const cases = (['GET', 'CREATE'] as const).map((method) =>
      caseFinished({
        id: `books/${method}/a`,
        method,
        violations: [
          violationOf({ rule: 'headers/etag', level: 'should', message: `No ETag at ${method}.`, fingerprint: method }),
        ],
      }),
    );
    const text = await render(textReporter, [runStarted(), ...cases, runEnded([])]);
    expect(text).toContain('should headers/etag: No ETag at GET. (2 cases)');
    expect(text).not.toContain('No ETag at CREATE');
  });
});

describe('what the text reporter says of cases that were not run', () => {
  const blocked = caseFinished({
    id: 'books/CREATE/a',
    method: 'CREATE',
    verdict: 'blocked',
    skipReason: `${'no entity that this run may touch is known, '.repeat(3)}so name one in vars`,
  });

  it('keeps the advice at the end of a long reason', async () => {
    const text = await render(textReporter, [runStarted(), blocked, runEnded([])], { width: 60 });
    expect(text.replaceAll(/\s+/g, ' ')).toContain('is known, so name one in vars');
    for (const line of text.split('\n').filter((one) => one.includes('no entity')))
      expect(columns(line)).toBeLessThanOrEqual(60);
  });

  it('says that little ran, and which methods', async () => {
    const text = await render(textReporter, [
      runStarted(),
      caseFinished(),
      blocked,
      { ...blocked, id: 'b' },
      runEnded([]),
    ]);
    expect(text).toContain('Only 1 of 3 selected cases ran');
    expect(text.replaceAll(/\s+/g, ' ')).toMatch(/1 of 14 methods exercised; .*CREATE/);
    expect(await render(textReporter, [runStarted(), caseFinished(), runEnded([])])).not.toContain(
      'selected cases ran',
    );
  });

  it('counts the methods that steps of flows reached, and none that was never answered', async () => {
    const flow = caseFinished({ id: 'books/flow/a', method: null });
    const unanswered = caseFinished({ id: 'books/DELETE/a', method: 'DELETE', verdict: 'error' });
    const rows = [{ resource: 'books', category: 'methods', seen: ['GET', 'CREATE'], missing: ['DELETE'] }] as const;
    const coverage = { type: 'coverage', rows, minimums: [] } as const;
    const text = await render(textReporter, [runStarted(), flow, unanswered, coverage, runEnded([])]);
    expect(text).toContain('2 of 14 methods exercised');
  });

  it('lists what waivers excused, with reason and day', async () => {
    const waiver = { reason: 'answers 202, told the owner', until: '2027-01-31' };
    const text = await render(textReporter, [runStarted(), caseFinished({ verdict: 'waived', waiver }), runEnded([])]);
    expect(text).toContain('waived\n  1  until 2027-01-31: answers 202, told the owner');
  });
});
