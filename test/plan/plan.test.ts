import { describe, expect, it } from 'vitest';
import type { Contract } from '../../src/contract/contract.ts';
import { parseGlob, type Glob } from '../../src/plan/glob.ts';
import { EMBEDDED, planCases, type Plan, type PlanOptions } from '../../src/plan/plan.ts';
import { NO_FILTERS, selectCases, type Filters } from '../../src/plan/select.ts';
import { DIALECTS } from '../../src/protocol/dialects.ts';
import { METHOD_NAMES } from '../../src/protocol/methods.ts';
import { runContracts } from '../../src/run/run.ts';
import { contractOf } from '../support/contract.ts';
import { books, collect } from '../run/support.ts';

const LIVE = { name: 'service', live: true, seeded: false, writes: true };

function plan(contracts: Contract | readonly Contract[], options: Partial<PlanOptions> = {}): Plan {
  const list = Array.isArray(contracts) ? (contracts as readonly Contract[]) : [contracts as Contract];
  return planCases(list, {
    groups: ['contract'],
    dialectOf: ({ dialect }) => (dialect === 'linkedin' ? DIALECTS.linkedin : DIALECTS.restli),
    ...options,
  });
}

function ids({ cases }: Plan): readonly string[] {
  return cases.map(({ id }) => id);
}

function glob(pattern: string): Glob {
  const parsed = parseGlob(pattern);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

function filtered(contract: Contract | readonly Contract[], filters: Partial<Filters>): readonly string[] {
  return ids(plan(contract, { filters: { ...NO_FILTERS, ...filters } }));
}

/** All 14 methods, none of them exercised by a case. */
const EVERY_METHOD = contractOf(`
contract: 1
resource: books
key: { id: long }
readOnly: [id]
entity:
  type: object
  required: [id, title, genre]
  properties: { id: { type: integer }, title: { type: string }, genre: { enum: [A, B] } }
examples:
  - { id: 1, title: One, genre: A }
  - { id: 2, title: Two, genre: B }
methods:
  GET:
  BATCH_GET:
  GET_ALL:
  FINDER: { byGenre: { params: { genre: { enum: [A, B] } } } }
  BATCH_FINDER: { byGenres: { finder: byGenre } }
  CREATE:
  BATCH_CREATE:
  UPDATE:
  BATCH_UPDATE:
  PARTIAL_UPDATE:
  BATCH_PARTIAL_UPDATE:
  DELETE:
  BATCH_DELETE:
  ACTION: { stamp: { level: entity, params: { days: int }, returns: boolean, mock: { value: true } } }
`);

describe('the contract group', () => {
  it('derives a positive case for each of the 14 methods, and all of them pass on the mock', async () => {
    const planned = plan(EVERY_METHOD);
    expect(new Set(planned.cases.map(({ method }) => method))).toEqual(new Set(METHOD_NAMES));
    expect(planned.cases.every(({ derived, reason, blocked }) => derived && reason !== '' && blocked === null)).toBe(
      true,
    );

    const { cases } = await collect(runContracts({ contracts: [EVERY_METHOD], groups: ['contract'], inProcess: true }));
    expect(
      cases
        .filter(({ verdict }) => verdict !== 'pass')
        .map(({ id, violations, skipReason }) => [id, skipReason, violations[0]?.message]),
    ).toEqual([]);
  });

  it('derives nothing for what a case or a step of a flow exercises with success', () => {
    const contract = books(
      '  GET:\n  DELETE:\n  BATCH_GET:\n',
      `
cases:
  - { name: reads, method: GET, key: 1 }
  - { name: refuses, method: BATCH_GET, ids: [1], raw: { query: "ids=List%281%29" }, expect: 400 }
flows:
  - { name: goes, steps: [{ method: DELETE, key: 1 }] }
`,
    );
    expect(ids(plan(contract))).toEqual([
      'books/GET/reads',
      'books/BATCH_GET/refuses',
      'books/flow/goes',
      'books/BATCH_GET/contract/keeps-its-promise',
    ]);
  });

  it('counts neither skipped cases nor those of other targets', () => {
    const contract = books(
      '  GET:\n  GET_ALL:\n',
      `
cases:
  - { name: reads, method: GET, key: 1, skip: the index is down }
  - { name: lists, method: GET_ALL, targets: [mock] }
`,
    );
    expect(ids(plan(contract, { target: LIVE }))).toContain('books/GET/contract/keeps-its-promise');
    expect(ids(plan(contract, { target: LIVE }))).toContain('books/GET_ALL/contract/keeps-its-promise');
    expect(ids(plan(contract))).not.toContain('books/GET_ALL/contract/keeps-its-promise');
  });

  it('creates what it reads on a live target', () => {
    const contract = books('  GET:\n  CREATE:\n  DELETE:\n');
    const get = plan(contract, { target: LIVE }).cases.find(({ method }) => method === 'GET');
    expect(get?.steps.map(({ spec }) => [spec.method, spec.key])).toEqual([
      ['CREATE', undefined],
      ['GET', '${found}'],
    ]);
    expect(get?.writes).toBe(true);
  });

  it('reads what a list shows where nothing can be created', () => {
    const contract = books('  GET:\n  GET_ALL:\n');
    const get = plan(contract, { target: LIVE }).cases.find(({ method }) => method === 'GET');
    expect(get?.steps.map(({ spec }) => [spec.method, spec.key])).toEqual([
      ['GET_ALL', undefined],
      ['GET', '${found0}'],
    ]);
    expect(get?.writes).toBe(false);
  });

  it('reads an example on a seeded target, and is blocked on one that is not', () => {
    const contract = books('  GET:\n');
    const [seeded] = plan(contract, { target: { ...LIVE, seeded: true } }).cases;
    expect(seeded?.steps.map(({ spec }) => spec.key)).toEqual([1]);
    const [bare] = plan(contract, { target: LIVE }).cases;
    expect(bare?.blocked).toMatch(/no entity is known/);
  });

  it('never writes to what the run did not create', () => {
    const contract = books('  GET:\n  GET_ALL:\n  UPDATE:\n  DELETE:\n  PARTIAL_UPDATE:\n');
    const writing = plan(contract, { target: { ...LIVE, seeded: true } }).cases.filter(
      ({ method }) => method !== 'GET' && method !== 'GET_ALL',
    );
    expect(writing.map(({ blocked }) => blocked)).toEqual(
      writing.map(() => expect.stringMatching(/only entities that the run created/)),
    );
  });

  it('takes an author’s case whose method header names a writing method for one that writes', () => {
    const contract = books(
      '  GET:\n  ACTION: { count: { readOnly: true } }\n',
      `
cases:
  - { name: reads, method: GET, key: 1, headers: { X-RestLi-Method: get }, expect: 200 }
  - { name: names delete, method: GET, key: 1, headers: { x-restli-method: delete }, expect: 400 }
  - { name: names create, method: ACTION, action: count, headers: { X-RestLi-Method: CREATE }, expect: 400 }
`,
    );
    const written = plan(contract, { target: LIVE }).cases.filter(({ derived }) => !derived);
    expect(written.map(({ name, writes }) => [name, writes])).toEqual([
      ['reads', false],
      ['names delete', true],
      ['names create', true],
    ]);
  });

  it('creates nothing on a live target that it could not remove', () => {
    const [create] = plan(books('  CREATE:\n'), { target: LIVE }).cases;
    expect(create?.blocked).toMatch(/declares no DELETE/);
  });

  it('avoids an example that a declared error refuses', () => {
    const contract = books('  DELETE: { errors: { 409: { code: ON_LOAN, when: { key: 1 } } } }\n');
    expect(plan(contract).cases[0]?.steps[0]?.spec.key).toBe(2);
  });
});

describe('filters', () => {
  const contract = contractOf(`
contract: 1
resource: books
tags: [shelf]
key: { id: long }
entity: { type: object, properties: { id: { type: integer } } }
examples: [{ id: 1 }]
methods:
  GET: { tags: [fast] }
  GET_ALL:
cases:
  - { name: reads, method: GET, key: 1, tags: [smoke] }
  - { name: misses, method: GET, key: 9, expect: 404 }
flows:
  - name: reads twice
    steps:
      - { method: GET, key: 1 }
      - { method: GET, key: 1 }
`);

  it.each<[string, Partial<Filters>, readonly string[]]>([
    ['--case', { cases: [glob('books/GET/*')] }, ['books/GET/reads', 'books/GET/misses']],
    [
      'several --case',
      { cases: [glob('**/misses'), glob('**/flow/**')] },
      ['books/GET/misses', 'books/flow/reads-twice'],
    ],
    [
      '--method, flows by their steps',
      { methods: ['GET'] },
      ['books/GET/reads', 'books/GET/misses', 'books/flow/reads-twice'],
    ],
    ['--tag of a case', { tags: ['smoke'] }, ['books/GET/reads']],
    ['--tag of a method', { tags: ['fast'] }, ['books/GET/reads', 'books/GET/misses']],
    ['--resource', { resources: ['songs'] }, []],
    ['a line within a case', { lines: [{ file: 'test.contract.yaml', line: 13 }] }, ['books/GET/misses']],
    ['a line within a flow', { lines: [{ file: 'test.contract.yaml', line: 18 }] }, ['books/flow/reads-twice']],
    ['a line of another file', { lines: [{ file: 'other.contract.yaml', line: 13 }] }, []],
    ['a line above everything', { lines: [{ file: 'test.contract.yaml', line: 1 }] }, []],
    ['two members narrow', { methods: ['GET'], tags: ['smoke'] }, ['books/GET/reads']],
  ])('%s', (_flag, filters, expected) => {
    expect(filtered(contract, filters)).toEqual(expected);
  });

  it('selects sub-resources with their parent', () => {
    const child = contractOf(
      'contract: 1\nresource: books.pages\npath: /books/{book}/pages\nparents: { book: long }\nvars: { book: 1 }\nkey: { id: long }\nentity: { type: object }\nmethods: { GET_ALL: }\n',
    );
    expect(filtered([contract, child], { resources: ['books.pages'] })).toEqual([
      'books.pages/GET_ALL/contract/keeps-its-promise',
    ]);
    expect(filtered([contract, child], { resources: ['books'] })).toHaveLength(5);
  });

  it('deals every case to exactly one shard, and agrees on the plan', () => {
    const whole = plan(contract);
    const shards = [1, 2, 3].map((index) => plan(contract, { filters: { ...NO_FILTERS, shard: { index, count: 3 } } }));
    expect(shards.flatMap((one) => ids(one)).toSorted()).toEqual([...ids(whole)].toSorted());
    expect(new Set([whole, ...shards].map(({ planHash }) => planHash)).size).toBe(1);
    expect(selectCases(whole.cases, { ...NO_FILTERS, shard: { index: 9, count: 9 } })).toEqual([]);
  });
});

describe('a plan', () => {
  it('is the same for the same contracts and seed', () => {
    expect(JSON.stringify(ids(plan(EVERY_METHOD, { seed: 7 })))).toBe(
      JSON.stringify(ids(plan(EVERY_METHOD, { seed: 7 }))),
    );
    expect(plan(EVERY_METHOD).planHash).not.toBe(plan(books('  GET:\n')).planHash);
  });

  it('says of a case for other targets why it is skipped', () => {
    const contract = books('  GET:\n', 'cases: [{ name: reads, method: GET, key: 1, targets: [staging] }]');
    expect(plan(contract, { target: EMBEDDED }).cases[0]?.skip).toBe('only on staging');
  });

  it.each([
    ['{ method: GET, key: 1 }', false],
    ['{ method: DELETE, key: 1 }', true],
    ['{ method: GET, key: 1, raw: { verb: POST }, expect: 400 }', true],
    ['{ method: DELETE, key: 1, raw: { verb: GET }, expect: 400 }', false],
    ['{ method: GET, key: 1, headers: { x-http-method-override: DELETE }, expect: 400 }', true],
    ['{ method: GET, key: 1, tunnel: true }', false],
    ['{ method: ACTION, action: count }', false],
    ['{ method: ACTION, action: wipe }', true],
  ])('knows whether %s may write: %s', (spec, writes) => {
    const contract = books(
      '  GET:\n  DELETE:\n  ACTION:\n    count: { readOnly: true, returns: int }\n    wipe: {}\n',
      `cases: [${spec.replace('{', '{ name: it,')}]`,
    );
    expect(plan(contract).cases[0]?.writes).toBe(writes);
  });

  it('blocks a flow whose other resource is not in the run', () => {
    const contract = books('  GET:\n', 'flows: [{ name: visits, steps: [{ resource: songs, method: GET, key: 1 }] }]');
    expect(plan(contract).cases.find(({ method }) => method === null)?.blocked).toMatch(/songs/);
  });
});
