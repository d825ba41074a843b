import { describe, expect, it } from 'vitest';
import { books as library } from '../mock/library.ts';
import { only, runOf, serviceOf, shelf, target, json, books } from './support.ts';

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
    expect(violation?.hint).toMatch(
      /As a flow to paste: \{"name":"update overwrites all","steps":\[\{"method":"UPDATE","key":1,"entity":/,
    );
    // What the schema requires stays: a request that breaks the contract proves nothing.
    const sent = bodiesOf(failed?.attempts[0]);
    expect(sent).toContain('isbn');
    expect(sent).not.toContain('blurb\\":\\"Salt.\\",\\"pages');
  });
});

describe('a failing case that the tool derived', () => {
  it('loses the items and parameters that do not matter', async () => {
    await using service = await serviceOf((request, response) => {
      if (request.url.includes('ids=')) return json(response, 500, { status: 500 });
      return shelf().answer(request, response, 0);
    });
    const { cases } = await runOf(books('  BATCH_GET:'), { target: target(service.url, { seeded: true }) });
    expect(cases[0]?.violations[0]?.hint).toContain(
      '{"name":"BATCH_GET keeps its promise","method":"BATCH_GET","ids":[1]}',
    );
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
    expect(cases[0]?.violations.some(({ hint }) => hint?.includes('to paste'))).toBe(false);
  });
});
