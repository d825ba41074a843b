import { describe, expect, it } from 'vitest';
import { contractOf } from '../support/contract.ts';
import {
  books,
  json,
  only,
  pastedOf,
  refuse,
  runOf,
  serviceOf,
  shelf,
  target,
  type Collected,
  type Written,
} from './support.ts';

const SHELF = `
contract: 1
resource: books
key: { id: long }
entity: { type: object, required: [id, title], properties: { id: { $ref: '#/types/long' }, title: { type: string, minLength: 1 } } }
readOnly: [id]
examples: [{ id: 1, title: One }, { id: 2, title: Two }]
methods:
  GET:
  BATCH_GET:
  FINDER: { byTitle: { params: { title: string, pages?: int }, paging: offset, mock: { filter: false } } }
  CREATE:
  BATCH_UPDATE:
cases:
  - { name: finds, method: FINDER, q: byTitle, params: { title: One } }
`;

const pastesOf = ({ cases }: Collected): readonly Written[] => cases.flatMap((one) => pastedOf(one)?.[1] ?? []);

const slug = ({ name }: Written): string =>
  name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/-$/, '');

describe('broken input that an endpoint takes', () => {
  it.each([
    ['parameters-unchecked', 'negative/refused'],
    ['batch-keys-unchecked', 'negative/refused'],
  ])('is shown as a case to paste that fails with %s, and passes without it', async (fault, rule) => {
    const run = await runOf(contractOf(SHELF), { groups: ['negative'], faults: [fault], inProcess: true });
    const failed = run.cases.filter(({ verdict }) => verdict === 'fail');
    expect(failed.flatMap(({ violations }) => violations.map((violation) => violation.rule))).toContain(rule);
    const pastes = pastesOf(run);
    expect(pastes).toHaveLength(failed.length);
    for (const written of pastes) {
      const text = JSON.stringify(written);
      const pasted = contractOf(`${SHELF}  - ${text}\n`);
      const verdictOf = async (faults: readonly string[]): Promise<string | undefined> => {
        const { cases } = await runOf(pasted, { faults, inProcess: true, filters: only(`books/*/${slug(written)}`) });
        return cases[0]?.verdict;
      };
      expect([text, await verdictOf([fault])]).toEqual([text, 'fail']);
      expect([text, await verdictOf([])]).toEqual([text, 'pass']);
    }
  });

  it('holds the bytes that were sent where no value has such a form', async () => {
    await using service = await serviceOf((_request, response) => json(response, 200, { id: 1, title: 'One' }));
    const seeded = target(service.url, { seeded: true });
    const [written] = pastesOf(
      await runOf(books('  GET:'), {
        groups: ['negative'],
        target: seeded,
        filters: only('books/GET/negative/repeated-parameter'),
      }),
    );
    expect(written).toMatchObject({
      method: 'GET',
      raw: { verb: 'GET', path: '/books/1', query: 'x=1&x=2' },
      expect: { status: [400, 422] },
    });
  });
});

describe('broken input on a service', () => {
  it.each([401, 403, 429])('is blocked, neither passed nor failed, where all is answered %i', async (status) => {
    await using service = await serviceOf((_request, response) => refuse(response, status));
    const { cases } = await runOf(books('  GET:'), {
      groups: ['negative'],
      target: target(service.url, { seeded: true }),
    });
    const sent = cases.filter(({ verdict }) => verdict !== 'skip');
    expect(sent.length).toBeGreaterThan(5);
    expect([...new Set(sent.map(({ verdict }) => verdict))]).toEqual(['blocked']);
  });

  it('is not sent where an endpoint that takes it could touch what the run did not create', async () => {
    const { answer } = shelf(new Map([['1', { id: 1, title: 'One' }]]));
    await using service = await serviceOf((request, response, index) => {
      // The shelf reads whatever it is sent.
      const isCreate =
        request.verb !== 'POST' || request.body === '{"title":"One"}' || request.body === '{"title":"Two"}';
      return isCreate ? answer(request, response, index) : refuse(response, 400);
    });
    const { cases } = await runOf(books('  GET:\n  CREATE:\n  DELETE:\n  BATCH_DELETE:'), {
      groups: ['negative'],
      target: target(service.url, { seeded: true, writes: true }),
    });
    const left = cases.filter(({ verdict }) => verdict === 'skip').map(({ id }) => id);
    expect(left).toContain('books/DELETE/negative/without-key');
    expect(left).toContain('books/BATCH_DELETE/negative/without-ids');
    const dangerous = service.requests.filter(
      ({ verb, url }) => /^(?:DELETE|PUT|PATCH)$/.test(verb) && /^\/books\/?(?:\?|$)/.test(url),
    );
    expect(dangerous.filter(({ url }) => !url.includes('ids='))).toEqual([]);
  });
});
