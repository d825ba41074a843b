/** A recording -> its draft -> the embedded endpoint: what was recorded consistently answers again as recorded. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Contract } from '../../src/contract/contract.ts';
import { parseContract } from '../../src/contract/parse.ts';
import { fromHar, type Conversion } from '../../src/convert/index.ts';
import { METHOD_NAMES } from '../../src/protocol/methods.ts';
import { collect } from '../run/support.ts';
import { runContracts } from '../../src/run/run.ts';
import { FIXTURES, told } from './fixtures.ts';

function contractsOf({ files }: Conversion): readonly Contract[] {
  return [...files].map(([file, text]) => {
    const { contract, diagnostics } = parseContract(text, { file });
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    if (contract === null) throw new Error(`${file} is no contract`);
    return contract;
  });
}

const failuresOf = async (contracts: readonly Contract[]): Promise<readonly string[]> => {
  const { cases } = await collect(runContracts({ contracts, groups: ['contract', 'headers', 'laws'] }));
  expect(cases.length).toBeGreaterThan(contracts.length);
  return cases
    .filter(({ verdict }) => verdict === 'fail' || verdict === 'error')
    .map(({ id, violations }) => `${id}: ${violations.map(({ rule }) => rule).join(', ')}`);
};

type Step = readonly [verb: string, target: string, rest: string, status: number, answer?: unknown, body?: unknown];

function recorded(...steps: readonly Step[]): Conversion {
  const entries = steps.map(([method, target, rest, status, answer, body]) => ({
    request: {
      method,
      url: `https://h.example${target}`,
      headers: [
        { name: 'X-RestLi-Protocol-Version', value: '2.0.0' },
        { name: 'X-RestLi-Method', value: rest },
      ],
      ...(body === undefined ? {} : { postData: { text: JSON.stringify(body) } }),
    },
    response: { status, headers: [], content: answer === undefined ? {} : { text: JSON.stringify(answer) } },
  }));
  return fromHar(JSON.stringify({ log: { entries } }), { file: 'a.har' });
}

const ONE = { id: 1, title: 'Dune', pages: 412 };
const TWO = { id: 2, title: 'Emma', pages: 300 };

describe('the draft of a consistent recording', () => {
  const made = fromHar(readFileSync(path.join(FIXTURES, 'recordings/shop.har'), 'utf8'), { file: 'shop.har' });
  const contracts = contractsOf(made);
  const articles = contracts.find(({ resource }) => resource === 'articles');

  it('has all methods', () => {
    expect(new Set(articles?.operations.map(({ method }) => method))).toEqual(new Set(METHOD_NAMES));
  });

  it('is kept by the embedded endpoint', { timeout: 60_000 }, async () => {
    expect(await failuresOf(contracts)).toEqual([]);
  });

  it('holds each entity once, as it was read first', () => {
    expect(articles?.examples.map(({ key }) => key)).toEqual([101, 102, 103, 104, 105, 106, 107]);
    expect(articles?.examples[0]?.entity).toMatchObject({ id: 101, price: 12.5 });
  });

  it('says which lists are explained by a filter, and which are not', () => {
    const mockOf = (name: string): unknown => articles?.operations.find((one) => one.name === name)?.listMock;
    expect(mockOf('byAuthor')).toEqual([]);
    expect(mockOf('search')).toMatchObject([{ filter: new Map([['title', { contains: 'text' }]]) }]);
    expect(mockOf('recommended')).toMatchObject([{ elements: [{ id: 103 }] }, { filter: false }]);
    expect(told(made).join('\n')).toContain('no filter explains what `recommended` selects');
  });

  it('tells what changed and what is made up', () => {
    const notes = told(made).filter((line) => line.includes('convert/examples'));
    expect(notes.join('\n')).toContain('entity 101 changed while it was recorded');
    expect(notes.join('\n')).toContain('nothing shows entity 107 whole');
  });
});

describe('examples of a draft', () => {
  const examplesOf = (made: Conversion): unknown =>
    contractsOf(made)[0]?.examples.map(({ key, parents, entity }) => [key, [...parents], entity]);

  it('take the member that holds the key by whatever name it has', () => {
    const made = recorded(
      ['GET', '/books/7', 'get', 200, { isbn: 7, id: 'x' }],
      ['GET', '/books/8', 'get', 200, { isbn: 8, id: 'y' }],
    );
    expect([...made.files.values()].join('')).toContain('key: { isbn: long }');
    expect(examplesOf(made)).toMatchObject([
      [7, [], { isbn: 7 }],
      [8, [], { isbn: 8 }],
    ]);
  });

  it('say a key that entities do not hold', () => {
    expect(examplesOf(recorded(['GET', '/books/7', 'get', 200, { id: 'x' }]))).toEqual([[7, [], { id: 'x' }]]);
  });

  it('stand below their parents', () => {
    expect(examplesOf(recorded(['GET', '/shelves/3/books/1', 'get', 200, ONE]))).toEqual([
      [1, [['shelvesId', 3]], ONE],
    ]);
  });

  it('are none of a recording without answers', () => {
    expect(examplesOf(recorded(['GET', '/books/7', 'get', 0]))).toEqual([]);
  });
});

describe('a draft of little', () => {
  it.each<readonly [string, readonly Step[]]>([
    ['one read', [['GET', '/books/1', 'get', 200, ONE]]],
    ['a read that is cut', [['GET', '/books/1?fields=title', 'get', 200, { title: 'Dune' }]]],
    ['a deletion', [['DELETE', '/books/9', 'delete', 204]]],
    [
      'a patch of what was never read',
      [['POST', '/books/9', 'partial_update', 204, undefined, { patch: { $set: { title: 'x' } } }]],
    ],
    [
      'an entity that comes and goes',
      [
        ['GET', '/books/1', 'get', 404],
        ['PUT', '/books/1', 'update', 201, undefined, ONE],
        ['GET', '/books/1', 'get', 200, ONE],
        ['DELETE', '/books/1', 'delete', 204],
      ],
    ],
    [
      'a deletion that is read again',
      [
        ['GET', '/books?ids=List(1,2)', 'batch_get', 200, { results: { 1: ONE, 2: TWO }, errors: {} }],
        ['DELETE', '/books/1', 'delete', 204],
        ['GET', '/books?ids=List(1)', 'batch_get', 200, { results: {}, errors: { 1: { status: 404 } } }],
      ],
    ],
    [
      'another success than usual',
      [
        ['PUT', '/books/1', 'update', 200, undefined, ONE],
        ['DELETE', '/books/1', 'delete', 200],
      ],
    ],
    [
      'refusals',
      [
        ['GET', '/books/1', 'get', 403, { status: 403, code: 'NO' }],
        ['GET', '/books/2', 'get', 200, TWO],
        ['POST', '/books/2', 'partial_update', 409, { status: 409 }, { patch: { $set: { title: 'Dune' } } }],
        ['POST', '/books/2', 'partial_update', 204, undefined, { patch: { $set: { title: 'Dun' } } }],
        ['GET', '/books?ids=List(1,2)', 'batch_get', 200, { results: { 2: TWO }, errors: { 1: { status: 403 } } }],
      ],
    ],
    [
      'pages',
      [
        [
          'GET',
          '/books?start=0&count=1',
          'get_all',
          200,
          { elements: [ONE], paging: { start: 0, count: 1, links: [] } },
        ],
        [
          'GET',
          '/books?start=1&count=1',
          'get_all',
          200,
          { elements: [TWO], paging: { start: 1, count: 1, links: [] } },
        ],
      ],
    ],
    [
      'a range',
      [
        ['GET', '/books?q=short&most=350', 'finder', 200, { elements: [TWO] }],
        ['GET', '/books?q=short&most=500', 'finder', 200, { elements: [ONE, TWO] }],
        ['GET', '/books?q=short&most=500', 'finder', 200, { elements: [ONE, TWO] }],
      ],
    ],
    [
      'actions that take and answer lists',
      [
        ['POST', '/books?action=tags', 'action', 200, { value: ['x', 'y'] }, { tags: ['a'], none: [] }],
        ['POST', '/books?action=grid', 'action', 200, { value: [[1], [2]] }, { size: [[1, 2]] }],
      ],
    ],
    ['a finder that takes a list', [['GET', '/books?q=tagged&tags=List(a,b)', 'finder', 200, { elements: [ONE] }]]],
  ])('is kept by the embedded endpoint: %s', { timeout: 30_000 }, async (_, steps) => {
    const made = recorded(...steps);
    expect(told(made).filter((line) => line.includes('became no'))).toEqual([]);
    expect(await failuresOf(contractsOf(made))).toEqual([]);
  });
});
