import { describe, expect, it } from 'vitest';
import type { Group } from '../../src/plan/case.ts';
import { pasteText } from '../../src/run/paste.ts';
import { createRedactor } from '../../src/transport/redact.ts';
import { contractOf } from '../support/contract.ts';
import { json, only, pastedOf, runOf, serviceOf, target, type Collected, type Written } from './support.ts';

const SHELF = `
contract: 1
resource: books
key: { id: long }
entity:
  type: object
  required: [id, title]
  properties:
    id: { $ref: '#/types/long' }
    title: { type: string, minLength: 1 }
    pages: { $ref: '#/types/int' }
    blurb: { type: string }
readOnly: [id]
examples: [{ id: 1, title: One, pages: 10, blurb: First }, { id: 2, title: Two, pages: 20 }]
methods:
  GET:
  BATCH_GET:
  FINDER: { byTitle: { params: { title: string, pages?: int }, paging: offset, mock: { filter: false } } }
  CREATE:
  BATCH_CREATE:
  UPDATE:
  BATCH_UPDATE:
  PARTIAL_UPDATE:
  ACTION: { count: { params: { of: string, to?: int }, returns: int, mock: { value: 3 } } }
`;

const pastesOf = ({ cases }: Collected): ReadonlyMap<string, Written> =>
  new Map(
    cases.flatMap((one): readonly (readonly [string, Written])[] => {
      const pasted = pastedOf(one);
      return pasted?.[0] === 'cases' ? [[one.id, pasted[1]]] : [];
    }),
  );

const embedded = async (group: Group, fault: string): Promise<Collected> =>
  runOf(contractOf(SHELF), { groups: [group], faults: [fault], inProcess: true });

describe('cells of the header matrix and broken input that fail', () => {
  it.each<readonly [Group, string, number]>([
    ['headers', 'method-header-stripped', 100],
    ['headers', 'method-header-demanded', 8],
    ['headers', 'version-ignored', 9],
    ['negative', 'parameters-unchecked', 4],
    ['negative', 'batch-keys-unchecked', 3],
    ['negative', 'schema-unchecked', 2],
  ])('of group %s are shown as cases to paste that fail with %s, and pass without it', async (group, fault, least) => {
    const run = await embedded(group, fault);
    const failed = run.cases.filter(({ verdict }) => verdict === 'fail');
    const written = [...pastesOf(run).values()];
    expect(written).toHaveLength(failed.length);
    expect(written.length).toBeGreaterThanOrEqual(least);
    const named = written.map((one, index) => ({ ...one, name: `pasted ${index}` }));
    const pasted = contractOf(`${SHELF}cases: ${JSON.stringify(named)}\n`);
    const verdictsWith = async (faults: readonly string[]): Promise<readonly string[]> => {
      const { cases } = await runOf(pasted, { faults, inProcess: true, filters: only('books/*/pasted-*') });
      expect(cases).toHaveLength(written.length);
      return cases.filter(({ verdict }) => verdict !== (faults.length === 0 ? 'pass' : 'fail')).map(({ id }) => id);
    };
    expect(await verdictsWith([fault])).toEqual([]);
    expect(await verdictsWith([])).toEqual([]);
  });

  it('lose the members, items and parameters that do not matter, and none that the schema requires', async () => {
    const pastes = pastesOf(await embedded('headers', 'method-header-stripped'));
    const bodyOf = (id: string): unknown => {
      const { entity, elements, entities } = pastes.get(id) ?? { name: '' };
      return entity ?? elements ?? entities?.map((item) => item.entity);
    };
    expect(bodyOf('books/UPDATE/headers/names-get')).toEqual({ title: 'One' });
    expect(bodyOf('books/BATCH_UPDATE/headers/names-action')).toEqual([{ title: 'One' }]);
    expect(bodyOf('books/BATCH_CREATE/headers/right')).toEqual([{ title: 'One' }]);
    expect(pastes.get('books/ACTION/headers/count/names-get')).toMatchObject({
      params: { of: expect.any(String) as string },
    });
    expect(pastes.get('books/BATCH_GET/headers/names-get')).toMatchObject({ ids: [1] });
  });

  it('are written as the operation that their header makes of them', async () => {
    const pastes = pastesOf(await embedded('headers', 'method-header-stripped'));
    const written = pastes.get('books/CREATE/headers/names-batch-create');
    expect(written).toMatchObject({ method: 'BATCH_CREATE', raw: { body: '{"title":"One"}' } });
  });

  it('keep what was broken', async () => {
    const pastes = pastesOf(await embedded('negative', 'batch-keys-unchecked'));
    const { ids, entities } = pastes.get('books/BATCH_UPDATE/negative/ids-differ') ?? { name: '' };
    expect(ids).not.toEqual([1]);
    expect(entities).toEqual([{ key: 1, entity: { title: 'One' } }]);
  });

  it('are left as they are where other cases changed the state that they fail on', async () => {
    const run = await embedded('headers', 'get-changes-state');
    const failed = run.cases.filter(({ verdict, method }) => verdict === 'fail' && method === 'GET');
    expect(failed.length).toBeGreaterThan(0);
    // From the examples the same request finds its entity.
    expect(failed.map(({ paste }) => paste)).toEqual(failed.map(() => undefined));
  });
});

describe('broken input that a service takes', () => {
  it('is sent again with less in it, and never without its fault', async () => {
    await using service = await serviceOf((_request, response) =>
      json(response, 200, { elements: [], paging: { start: 0, count: 10, links: [] } }),
    );
    const run = await runOf(contractOf(SHELF), {
      groups: ['negative'],
      target: target(service.url, { seeded: true }),
      filters: only('books/FINDER/negative/byTitle/type-of-pages'),
    });
    expect(run.cases.map(({ verdict }) => verdict)).toEqual(['fail']);
    expect(service.requests.length).toBeGreaterThan(1);
    const [written] = pastesOf(run).values();
    expect(written).toMatchObject({ method: 'FINDER', params: { pages: 'no-such' } });
  });
});

describe('broken input that a service refuses item by item', () => {
  it('is shown without a case to paste, for no expectation says that either way is right', async () => {
    await using service = await serviceOf((_request, response) => json(response, 200, { results: {}, errors: {} }));
    const run = await runOf(contractOf(SHELF), {
      groups: ['negative'],
      target: target(service.url, { seeded: true }),
      filters: only('books/BATCH_GET/negative/*'),
    });
    expect(run.cases.map(({ verdict }) => verdict)).toContain('fail');
    expect(run.cases.filter(({ paste }) => paste !== undefined)).toEqual([]);
  });
});

describe('what is shown to be pasted', () => {
  const SECRETS = ['Bearer zzzz-yyyy-xxxx-wwww', 'verysecret99', 'hunter2hunter2', 'tok-12345678'];

  it('holds no secret, in headers and entities', async () => {
    const contract = contractOf(`${SHELF.replace('    blurb:', '    password: { type: string }\n    blurb:')}
flows:
  - name: leaks
    steps:
      - method: CREATE
        entity: { title: Two, password: hunter2hunter2 }
        headers: { Authorization: Bearer zzzz-yyyy-xxxx-wwww, X-Api-Key: verysecret99 }
        capture: { book: key }
      - { method: GET, key: "\${book}", expect: { body: { title: Two } } }
`);
    const { cases } = await runOf(contract, {
      inProcess: true,
      faults: ['create-stores-nothing'],
      filters: only('books/flow/**'),
    });
    expect(cases[0]?.paste).toContain('X-Api-Key');
    const shown = JSON.stringify(cases);
    expect(SECRETS.filter((secret) => shown.includes(secret))).toEqual([]);
  });

  it('holds none in parameters or raw parts', () => {
    const item = {
      method: 'FINDER',
      params: { access_token: 'tok-12345678' },
      raw: { query: 'q=find&access_token=tok-12345678', body: '{"password":"hunter2hunter2"}' },
    };
    const text = pasteText({ written: { cases: [item] }, remark: null }, createRedactor());
    expect(text).toContain('access_token');
    expect(SECRETS.filter((secret) => text?.includes(secret))).toEqual([]);
  });

  it('leaves out the base path of the service, and keeps its fault below one', async () => {
    await using service = await serviceOf((_request, response) =>
      json(response, 200, { elements: [], paging: { start: 0, count: 10, links: [] } }),
    );
    for (const base of ['/rest', '/books', '/books-api']) {
      const run = await runOf(contractOf(SHELF), {
        groups: ['negative'],
        target: target(service.url + base, { seeded: true }),
        filters: only('books/FINDER/negative/byTitle/*'),
      });
      const pastes = pastesOf(run);
      expect(pastes.get('books/FINDER/negative/byTitle/type-of-pages')).toMatchObject({ params: { pages: 'no-such' } });
      const paths = [...pastes.values()].flatMap(({ raw }) => raw?.path ?? []);
      expect(paths.length).toBeGreaterThan(0);
      expect(paths.filter((path) => !/^\/books(?:[/?;]|$)/.test(path))).toEqual([]);
    }
  });
});
