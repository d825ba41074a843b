import { describe, expect, it } from 'vitest';
import { books as library } from '../mock/library.ts';
import { contractOf } from '../support/contract.ts';
import { only, pastedOf, runOf, serviceOf, shelf, target, json, books, type Written } from './support.ts';

const bodiesOf = (
  attempt: { readonly exchanges: readonly { readonly request: { readonly body: unknown } }[] } | undefined,
): string => JSON.stringify(attempt?.exchanges.map(({ request }) => request.body));

describe('a failing law', () => {
  it('is shown with the smallest entity that still breaks it, and as a flow to paste', async () => {
    const filters = only('books/UPDATE/laws/update-overwrites-all');
    const { cases } = await runOf(library, { groups: ['laws'], faults: ['update-merges'], inProcess: true, filters });
    const [failed] = cases;
    expect(failed?.verdict).toBe('fail');
    const [violation] = failed?.violations ?? [];
    expect(violation?.rule).toBe('laws/update-overwrites-all');
    expect(failed?.paste).toMatch(
      /^flows:\n {2}- name: update overwrites all\n {4}steps:\n {6}- \{ method: UPDATE, key: 1, entity: /,
    );
    // What the schema requires stays: a request that breaks the contract proves nothing.
    const sent = bodiesOf(failed?.attempts[0]);
    expect(sent).toContain('isbn');
    expect(sent).not.toContain('blurb\\":\\"Salt.\\",\\"pages');
  });
});

describe('what is shown of a failing law to paste', () => {
  const SHELF = `
contract: 1
resource: books
key: { id: long }
entity: { type: object, required: [id, title], properties: { id: { $ref: '#/types/long' }, title: { type: string, minLength: 1 }, pages: { $ref: '#/types/int' } } }
readOnly: [id]
examples: [{ id: 1, title: One, pages: 10 }, { id: 2, title: Two, pages: 20 }, { id: 3, title: Three, pages: 30 }]
methods:
  GET:
  BATCH_GET:
  GET_ALL: { paging: { kind: offset, total: true } }
  FINDER: { byTitle: { params: { title?: string }, paging: offset } }
  BATCH_FINDER: { byTitles: { finder: byTitle } }
  CREATE:
  UPDATE:
  PARTIAL_UPDATE:
  DELETE:
`;
  const pastesOf = async (
    fault: string,
  ): Promise<readonly (readonly [rule: string, part: string, item: Written])[]> => {
    const { cases } = await runOf(contractOf(SHELF), { groups: ['laws'], faults: [fault], inProcess: true });
    return cases.flatMap((one) => {
      const pasted = pastedOf(one);
      const told = one.paste?.startsWith('#') === true ? null : (one.violations[0] ?? null);
      return pasted === null || told === null ? [] : [[told.rule, ...pasted] as const];
    });
  };
  const verdictOf = async (part: string, item: Written, faults: readonly string[]): Promise<string | undefined> => {
    const { cases } = await runOf(contractOf(`${SHELF}${part}: [${JSON.stringify(item)}]\n`), {
      faults,
      inProcess: true,
      filters: only(part === 'flows' ? 'books/flow/**' : `books/*/${slug(item)}`),
    });
    expect(cases).toHaveLength(1);
    return cases[0]?.verdict;
  };

  it.each([
    ['update-merges', 'laws/update-overwrites-all'],
    ['start-ignored', 'laws/pages-join'],
    ['delete-does-nothing', 'laws/deleted-is-gone'],
    ['total-counts-the-page', 'laws/total-is-constant'],
    ['batch-get-drops-an-entity', 'laws/batch-get-equals-gets'],
    ['partial-update-overwrites', 'laws/partial-update-leaves-the-rest'],
  ])('fails with %s, and passes without it', async (fault, rule) => {
    const pastes = await pastesOf(fault);
    expect(pastes.map(([broken]) => broken)).toContain(rule);
    for (const [, part, item] of pastes) {
      expect([item, await verdictOf(part, item, [fault])]).toEqual([item, 'fail']);
      expect([item, await verdictOf(part, item, [])]).toEqual([item, 'pass']);
    }
  });

  it('keeps the parameters in which the requests of a law differ', async () => {
    const { cases } = await runOf(contractOf(SHELF), { groups: ['laws'], faults: ['start-ignored'], inProcess: true });
    const failed = cases.find(({ id }) => id === 'books/GET_ALL/laws/pages-join');
    const urls = failed?.attempts[0]?.exchanges.map(({ request }) => request.url) ?? [];
    expect(urls.filter((url) => url.includes('start='))).not.toEqual([]);
  });
});

const slug = ({ name }: Written): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

describe('a failing case that the tool derived', () => {
  it('loses the items and parameters that do not matter', async () => {
    await using service = await serviceOf((request, response) => {
      if (request.url.includes('ids=')) return json(response, 500, { status: 500 });
      return shelf().answer(request, response, 0);
    });
    const { cases } = await runOf(books('  BATCH_GET:'), { target: target(service.url, { seeded: true }) });
    expect(cases[0] && pastedOf(cases[0])).toEqual([
      'cases',
      { name: 'BATCH_GET keeps its promise', method: 'BATCH_GET', ids: [1] },
    ]);
    expect(service.requests.map(({ url }) => url)).toContain('/books?ids=List(1)');
  });

  it('is not sent again to a service where it writes', async () => {
    await using service = await serviceOf((request, response) => {
      if (request.verb === 'POST' && request.url === '/books') return json(response, 500, { status: 500 });
      return shelf().answer(request, response, 0);
    });
    await runOf(books('  CREATE:\n  DELETE:'), {
      target: target(service.url, { seeded: true, writes: true }),
      filters: only('books/CREATE/**'),
    });
    expect(service.requests.filter(({ verb }) => verb === 'POST')).toHaveLength(1);
  });

  it('stays as the author wrote it', async () => {
    const authored = books('  BATCH_GET:', 'cases: [{ name: reads both, method: BATCH_GET, ids: [1, 2] }]');
    const { cases } = await runOf(authored, { faults: ['batch-get-drops-an-entity'], inProcess: true });
    expect(cases.map(({ verdict }) => verdict)).toEqual(['fail']);
    expect(cases[0]?.paste).toBeUndefined();
  });
});

describe('a failing flow', () => {
  const FLOW = contractOf(`
contract: 1
resource: books
key: { id: long }
entity: { type: object, required: [id, title], properties: { id: { $ref: '#/types/long' }, title: { type: string }, blurb: { type: string } } }
readOnly: [id]
examples: [{ id: 1, title: One, blurb: First }]
methods: { GET: , GET_ALL: , CREATE: , UPDATE: , DELETE: }
flows:
  - name: a book loses its blurb
    steps:
      - { method: GET_ALL }
      - { method: CREATE, entity: { title: Two, blurb: Second }, capture: { book: key } }
      - { method: GET, key: 1 }
      - { method: UPDATE, key: "\${book}", entity: { title: Two } }
      - { method: GET, key: "\${book}", expect: { body: { title: Two, blurb: { $present: false } } } }
      - { method: DELETE, key: "\${book}" }
`);
  const flowOf = async (faults: readonly string[]) => {
    const filters = only('books/flow/**');
    const { cases } = await runOf(FLOW, { groups: ['contract'], faults, inProcess: true, filters });
    return cases[0];
  };

  it('loses the steps that it fails without, and keeps those that it stands on', async () => {
    const failed = await flowOf(['update-merges']);
    expect(failed?.verdict).toBe('fail');
    const [violation] = failed?.violations ?? [];
    expect(violation?.rule).toBe('expectation/body');
    const { steps = [] } = (failed && pastedOf(failed)?.[1]) ?? { name: '' };
    expect(steps.map(({ method }) => method)).toEqual(['CREATE', 'UPDATE', 'GET']);
    expect(steps.at(-1)).toMatchObject({ expect: { body: { title: 'Two', blurb: { $present: false } } } });
    expect(failed?.attempts[0]?.exchanges.map(({ request }) => request.verb)).toEqual(['POST', 'PUT', 'GET']);
  });

  it('passes whole where nothing is broken', async () => {
    expect((await flowOf([]))?.verdict).toBe('pass');
  });
});
