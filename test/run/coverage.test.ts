import { describe, expect, it } from 'vitest';
import { coverageEvent, mergeCoverage, shortfallsOf } from '../../src/run/coverage.ts';
import { readMinimums } from '../../src/run/coverage-minimums.ts';
import type { CoverageCategory, CoverageMeasured, RunEvent } from '../../src/run/events.ts';
import { mergeShards } from '../../src/run/merge.ts';
import type { RunOptions } from '../../src/run/options.ts';
import { runContracts } from '../../src/run/run.ts';
import { contractOf } from '../support/contract.ts';
import { books, only } from './support.ts';

const CASES = `
cases:
  - { name: reads one, method: GET, key: 1 }
`;

async function coverageOf(
  contract: ReturnType<typeof books>,
  options: Partial<RunOptions> = {},
): Promise<CoverageMeasured> {
  const events = runContracts({ contracts: [contract], groups: ['contract'], inProcess: true, ...options });
  for await (const event of events) if (event.type === 'coverage') return event;
  throw new Error('the run has no coverage');
}

function of(
  { rows }: CoverageMeasured,
  category: CoverageCategory,
): { seen: readonly string[]; missing: readonly string[] } {
  const row = rows.find((one) => one.category === category);
  return { seen: row?.seen ?? [], missing: row?.missing ?? [] };
}

/** The library with the author's cases and nothing derived, so that a test sees what it wrote. */
function asking(cases: string): Promise<CoverageMeasured> {
  const names = [...cases.matchAll(/name: ([^,}]+)/g)].map(
    ([, name = '']) => `books/*/${name.trim().replaceAll(' ', '-')}`,
  );
  const contract = contractOf(LIBRARY_TEXT + `cases:\n${cases}`);
  return coverageOf(contract, { filters: only(...names) });
}

const LIBRARY_TEXT = `
contract: 1
resource: books
key: { id: long }
types:
  Genre: { enum: [POETRY, HISTORY] }
  Node: { type: object, properties: { next: { $ref: "#/types/Node" }, name: { type: string } } }
entity:
  type: object
  required: [id, title]
  properties:
    id: { $ref: "#/types/long" }
    title: { type: string }
    genre: { $ref: "#/types/Genre" }
    old: { type: string, deprecated: true }
    loan: { type: object, properties: { reader: { type: string }, due: { $ref: "#/types/long" } } }
    tags: { type: array, items: { type: object, properties: { name: { type: string } } } }
    shelf:
      type: object
      minProperties: 1
      maxProperties: 1
      additionalProperties: false
      properties: { room: { type: string }, box: { type: string } }
    parent: { $ref: "#/types/Node" }
readOnly: [id]
examples:
  - { id: 1, title: One, genre: POETRY, loan: { reader: bo }, tags: [{ name: a }], shelf: { room: r1 } }
  - { id: 2, title: Two }
methods:
  GET:
  BATCH_GET:
  CREATE:
    request: { headers: { X-Wish?: string } }
    errors: { 409: { code: DUPLICATE, when: { entity: { title: One } } }, 429: Too many. }
  FINDER:
    search: { params: { genre?: Genre, title: string } }
`;

describe('coverage of a run', () => {
  it('counts methods and names that were answered with success, and no others', async () => {
    const coverage = await asking(
      '  - { name: reads one, method: GET, key: 1 }\n  - { name: misses, method: BATCH_GET, raw: { query: "ids=1" }, ids: [1], expect: 400 }\n',
    );
    expect(of(coverage, 'methods')).toEqual({ seen: ['GET'], missing: ['BATCH_GET', 'CREATE', 'FINDER'] });
    expect(of(coverage, 'names')).toEqual({ seen: [], missing: ['FINDER search'] });
  });

  it('counts declared statuses and error codes, also those of single items', async () => {
    const none = await asking('  - { name: reads one, method: GET, key: 1 }\n');
    expect(of(none, 'statuses').missing).toEqual([
      'BATCH_GET 200',
      'CREATE 201',
      'CREATE 409',
      'CREATE 429',
      'FINDER search 200',
    ]);
    expect(of(none, 'errors')).toEqual({ seen: [], missing: ['CREATE 409 DUPLICATE'] });
    const clash = await asking('  - { name: clashes, method: CREATE, entity: { title: One }, expect: 409 }\n');
    expect(of(clash, 'statuses').seen).toEqual(['CREATE 409']);
    expect(of(clash, 'errors').seen).toEqual(['CREATE 409 DUPLICATE']);
  });

  it('counts properties by their path, list items and members once, deprecated ones never', async () => {
    const coverage = await asking('  - { name: reads one, method: GET, key: 1 }\n');
    const { seen, missing } = of(coverage, 'properties');
    expect(seen).toEqual(['id', 'title', 'genre', 'loan', 'loan/reader', 'tags', 'tags/*/name', 'shelf']);
    expect(missing).toContain('loan/due');
    expect(missing.some((label) => label.startsWith('old'))).toBe(false);
    expect(of(coverage, 'unions')).toEqual({ seen: ['shelf: room'], missing: ['shelf: box'] });
    expect(of(coverage, 'enums')).toEqual({
      seen: ['genre: POETRY'],
      missing: ['genre: HISTORY', 'FINDER search: genre: POETRY', 'FINDER search: genre: HISTORY'],
    });
  });

  it('sees entities that were sent, and symbols of parameters', async () => {
    const coverage = await asking(
      '  - { name: makes one, method: CREATE, entity: { title: New, genre: HISTORY, shelf: { box: b } } }\n  - { name: finds, method: FINDER, q: search, params: { title: One, genre: HISTORY } }\n',
    );
    expect(of(coverage, 'enums').seen).toContain('genre: HISTORY');
    expect(of(coverage, 'enums').seen).toContain('FINDER search: genre: HISTORY');
    expect(of(coverage, 'unions').seen).toContain('shelf: box');
  });

  it('counts parameters that were sent, and optional ones that were left out', async () => {
    const coverage = await asking('  - { name: finds, method: FINDER, q: search, params: { title: One } }\n');
    const { seen, missing } = of(coverage, 'parameters');
    expect(seen).toEqual(
      expect.arrayContaining([
        'FINDER search: title',
        'FINDER search: genre left out',
        'FINDER search: fields left out',
      ]),
    );
    expect(missing).toEqual(expect.arrayContaining(['FINDER search: genre', 'FINDER search: fields']));
    expect([...seen, ...missing]).not.toContain('FINDER search: title left out');
  });

  it('counts versions, headers and outcomes of batches', async () => {
    const coverage = await asking(
      '  - { name: reads some, method: BATCH_GET, ids: [1, 404], protocol: 1.0.0, expect: { each: [200, 404] } }\n  - { name: wishes, method: CREATE, entity: { title: New }, headers: { X-Wish: now } }\n',
    );
    expect(of(coverage, 'versions')).toEqual({ seen: ['2.0.0', '1.0.0'], missing: [] });
    expect(of(coverage, 'headers').seen).toEqual(['CREATE request: X-Wish']);
    expect(of(coverage, 'batches').seen).toEqual(['BATCH_GET: some items fail']);
  });

  it('comes to an end on types that hold themselves', async () => {
    const coverage = await asking('  - { name: reads one, method: GET, key: 1 }\n');
    expect(of(coverage, 'properties').missing).toEqual(
      expect.arrayContaining(['parent', 'parent/next', 'parent/name']),
    );
  });

  it('is the event before the last, and is left out where it is switched off', async () => {
    const types: string[] = [];
    const contract = books('  GET:\n', CASES);
    for await (const event of runContracts({ contracts: [contract], inProcess: true })) types.push(event.type);
    expect(types.slice(-2)).toEqual(['coverage', 'end']);
    const without: RunEvent[] = [];
    for await (const event of runContracts({ contracts: [contract], inProcess: true, coverage: false }))
      without.push(event);
    expect(without.some(({ type }) => type === 'coverage')).toBe(false);
  });
});

describe('minimums of coverage', () => {
  it('fail a run that keeps every promise and exercises too little', async () => {
    const contract = books('  GET:\n  CREATE:\n', CASES);
    const run = async (percent: number) => {
      const events: RunEvent[] = [];
      const minCoverage = new Map([['methods', percent]] as const);
      for await (const event of runContracts({
        contracts: [contract],
        groups: ['contract'],
        inProcess: true,
        filters: only('books/GET/**'),
        minCoverage,
      }))
        events.push(event);
      const end = events.at(-1);
      if (end?.type !== 'end') throw new Error('the run has no end');
      return end;
    };
    expect(await run(50)).toMatchObject({ exitCode: 0 });
    expect((await run(50)).shortfalls).toBeUndefined();
    expect(await run(51)).toMatchObject({
      exitCode: 1,
      shortfalls: ['coverage of methods is 1 of 2 (50 %), the minimum is 51 %'],
    });
  });

  it('are judged exactly: 199 of 200 is not 100 %', () => {
    const labels = (count: number): string[] => Array.from({ length: count }, (_, index) => `l${index}`);
    const rows = [{ resource: 'a', category: 'enums', seen: labels(199), missing: ['x'] }] as const;
    expect(shortfallsOf(coverageEvent(rows, new Map([['enums', 100]])))).toHaveLength(1);
    expect(shortfallsOf(coverageEvent(rows, new Map([['all', 99.5]])))).toEqual([]);
    expect(shortfallsOf(coverageEvent(rows, new Map([['unions', 100]])))).toEqual([]);
  });

  it.each([
    [
      'methods=100,statuses=80',
      [
        ['methods', 100],
        ['statuses', 80],
      ],
    ],
    ['all=99.5%', [['all', 99.5]]],
    [' Methods=0 ', [['methods', 0]]],
  ])('are read from %j', (text, expected) => {
    const minimums = readMinimums(text);
    expect(typeof minimums === 'string' ? minimums : [...minimums]).toEqual(expected);
  });

  it.each([
    '',
    '80',
    'methods',
    'methods=',
    'methods=101',
    'methods=-1',
    'method=80',
    'methods=80,methods=90',
    'methods=80,',
    '__proto__=1',
  ])('are refused as %j with the reason', (text) => expect(typeof readMinimums(text)).toBe('string'));
});

describe('coverage of shards', () => {
  it('is what any of them saw, and minimums are judged on the whole', async () => {
    const contract = contractOf(`${LIBRARY_TEXT}${CASES}`);
    const whole = await coverageOf(contract);
    const parts = await Promise.all(
      [1, 2, 3].map(async (index) => {
        const filters = { ...only(), shard: { index, count: 3 } };
        const events: RunEvent[] = [];
        const minCoverage = new Map([['methods', 100]] as const);
        for await (const event of runContracts({
          contracts: [contract],
          groups: ['contract'],
          inProcess: true,
          filters,
          minCoverage,
        }))
          events.push(event);
        return events;
      }),
    );
    const measured = parts.flat().filter((event) => event.type === 'coverage');
    expect(parts.flat().filter((event) => event.type === 'end' && event.exitCode !== 0)).toEqual([]);
    const sorted = (rows: CoverageMeasured['rows'] = []): unknown =>
      rows.map((row) => ({ ...row, seen: row.seen.toSorted(), missing: row.missing.toSorted() }));
    expect(sorted(mergeCoverage(measured)?.rows)).toEqual(sorted(whole.rows));

    const merged: RunEvent[] = [];
    const streams = parts.map((events, index) => {
      const [run, ...rest] = events;
      if (run?.type !== 'run') throw new Error('no run');
      return { name: `${index}`, run, rest: streamOf(rest) };
    });
    for await (const event of mergeShards(streams, false)) merged.push(event);
    expect(merged.at(-2)).toMatchObject({ type: 'coverage', minimums: [{ category: 'methods', seen: 4, total: 4 }] });
    expect(merged.at(-1)).toMatchObject({ type: 'end', exitCode: 0 });
  });
});

async function* streamOf(events: readonly RunEvent[]): AsyncGenerator<RunEvent> {
  yield* events;
}
