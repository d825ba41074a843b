import { describe, expect, it } from 'vitest';
import type { Operation } from '../../src/contract/contract.ts';
import { checkSchema } from '../../src/schema/check.ts';
import { contractOf } from '../support/contract.ts';

const BOOKS = `
contract: 1
resource: books
key: { id: long }
entity: { type: object, properties: { id: { type: integer }, title: { type: string }, made: { type: integer, readOnly: true } } }
readOnly: [id]
examples: [{ id: 1, title: Tides }]
errors: { 429: Too many. }
methods:
  GET: { errors: { 410: { code: GONE } } }
  BATCH_GET:
  GET_ALL: { paging: cursor }
  FINDER: { search: { params: { title?: string, exact: { type: boolean, default: false } }, paging: { kind: offset, size: 20 }, metadata: long } }
  BATCH_FINDER: { searchMany: { finder: search, batchParam: wanted } }
  CREATE: { request: { entity: { type: object, required: [title] } }, response: [{ status: 201 }, { status: 202, body: string }] }
  BATCH_CREATE:
  UPDATE: { upsert: true }
  BATCH_UPDATE:
  DELETE: { response: { body: false } }
  ACTION: { lend: { level: entity, returns: long, params: { days: int } }, close: }
cases:
  - { name: finds, method: FINDER, q: search, params: { title: x }, fields: id, timeout: 2s, headers: { X-A: [a, b], X-B: null }, targets: [mock] }
  - { name: misses, method: GET, key: 9, expect: 404, retry: { times: 3, every: 50ms, reason: slow } }
  - { name: mixes, method: BATCH_GET, ids: [1, 9], expect: { each: [200, { status: [404, 410], error: { code: GONE } }] } }
  - { name: finds many, method: BATCH_FINDER, bq: searchMany, criteria: [{ title: x }] }
  - { name: lends, method: ACTION, action: lend, key: 1, params: { days: 3 } }
`;
const contract = contractOf(BOOKS);

function operation(method: string, name: string | null = null): Operation {
  const found = contract.operations.find((one) => one.method === method && one.name === name);
  if (found === undefined) throw new Error(`no ${method} ${name ?? ''}`);
  return found;
}

describe('a contract', () => {
  it('fills in path, kind, dialect and protocol', () => {
    expect(contract).toMatchObject({
      path: '/books',
      kind: 'collection',
      dialect: 'restli',
      protocol: null,
      file: 'test.contract.yaml',
    });
    expect(contract.shape).toEqual({
      name: 'books',
      segments: [{ literal: 'books' }],
      kind: 'collection',
      key: { kind: 'simple' },
    });
    expect(contract.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('adds what the schema marks to what readOnly names', () => {
    expect(contract.readOnly).toEqual([['id'], ['made']]);
  });

  it('takes the key of an example from its members', () => {
    expect(contract.examples[0]).toMatchObject({ key: 1, entity: { id: 1, title: 'Tides' }, pointer: '/examples/0' });
  });

  it('caches what a written type means', () => {
    expect(contract.typeOf('long')).toBe(contract.typeOf('long'));
    expect(checkSchema(contract.typeOf('long'), 'x')).toHaveLength(1);
  });

  it('knows the place of every node, and the nearest above one that is not there', () => {
    expect(contract.locate('/resource')).toEqual({
      file: 'test.contract.yaml',
      line: 3,
      col: 11,
      endLine: 3,
      endCol: 16,
    });
    expect(contract.locate('/methods/GET/errors/410/code').line).toBe(10);
    expect(contract.locate('/methods/GET/request/entity').line).toBe(10);
  });

  it('gives parents the type and the variable of their name', () => {
    const child = contractOf(`
contract: 1
resource: shelves.books
path: /shelves/{shelf}/rooms/{room}/books
parents: { shelf: long, room: { $key: { floor: int, door: string } } }
vars: { shelf: 1, room: { floor: 1, door: a } }
key: { id: long, edition: int }
entity: { type: object }
examples: [{ id: 1, edition: 2, $parents: { shelf: 7 } }]
methods: { GET: }
`);
    expect(child.shape.segments).toEqual([
      { literal: 'shelves' },
      { variable: 'shelf', key: { kind: 'simple' } },
      { literal: 'rooms' },
      { variable: 'room', key: { kind: 'compound', parts: ['floor', 'door'] } },
      { literal: 'books' },
    ]);
    expect(child.key?.shape).toEqual({ kind: 'complex', parts: ['id', 'edition'], params: false });
    expect(child.examples[0]?.key).toEqual({ id: 1, edition: 2 });
    expect([...(child.examples[0]?.parents ?? [])]).toEqual([
      ['shelf', 7],
      ['room', '${room}'],
    ]);
  });
});

describe('an operation', () => {
  it('promises what the profile says when nothing is written', () => {
    expect(operation('BATCH_CREATE')).toMatchObject({
      projection: 'none',
      maxBatchSize: null,
      returnEntity: false,
      level: 'collection',
      paging: null,
    });
    expect(operation('GET').responses).toMatchObject([{ status: [200], body: null }]);
    expect(operation('GET').projection).toBe('optional');
  });

  it('creates by PUT only where upsert says so', () => {
    expect(operation('UPDATE').responses[0]?.status).toContain(201);
    expect(operation('BATCH_UPDATE').upsert).toBe(true);
    expect(
      contractOf(BOOKS.replace('UPDATE: { upsert: true }', 'UPDATE:')).operations.find(
        ({ method }) => method === 'UPDATE',
      )?.responses[0]?.status,
    ).toEqual([204, 200]);
  });

  it('inherits from the single method what a batch does not say', () => {
    expect([...operation('BATCH_GET').errors.keys()]).toEqual([410, 429]);
    expect(operation('BATCH_CREATE').request.entity).toBe(operation('CREATE').request.entity);
  });

  it('inherits from the linked finder what a batch finder does not say', () => {
    const linked = operation('BATCH_FINDER', 'searchMany');
    expect([...linked.criteria.keys()]).toEqual(['title', 'exact']);
    expect(linked).toMatchObject({
      batchParam: 'wanted',
      finder: 'search',
      paging: { kind: 'offset', size: 20, max: null, total: false },
    });
    expect(linked.metadata?.name).toBe('long');
  });

  it('owes no field with a question mark or a default', () => {
    const { params } = operation('FINDER', 'search');
    expect([...params.values()].map(({ name, required }) => [name, required])).toEqual([
      ['title', false],
      ['exact', false],
    ]);
    expect(params.get('exact')?.default).toBe(false);
  });

  it('keeps successes of different shape apart', () => {
    expect(operation('CREATE').responses.map(({ status }) => status)).toEqual([[201], [202]]);
    expect(operation('CREATE').responses[1]?.body).toMatchObject({ name: 'string' });
    expect(operation('DELETE').responses[0]?.body).toBe(false);
  });

  it('stands where an action says', () => {
    expect(operation('ACTION', 'lend').level).toBe('entity');
    expect(operation('ACTION', 'close').level).toBe('collection');
  });
});

describe('a case', () => {
  const [finds, misses, mixes] = contract.cases;

  it('keeps what was written', () => {
    expect(finds).toMatchObject({
      operation: 'search',
      params: { title: 'x' },
      fields: 'id',
      timeoutMs: 2000,
      targets: ['mock'],
      pointer: '/cases/0',
    });
    expect([...(finds?.headers ?? [])]).toEqual([
      ['X-A', ['a', 'b']],
      ['X-B', null],
    ]);
  });

  it('reads a bare status as the whole expectation', () => {
    expect(misses?.expect).toMatchObject({ status: [404], body: undefined, each: null, orRefused: [] });
    expect(misses?.retry).toEqual({ times: 3, everyMs: 50, reason: 'slow' });
  });

  it('reads outcomes in the order of the request', () => {
    expect(mixes?.expect?.each).toMatchObject([{ status: [200] }, { status: [404, 410], error: { code: 'GONE' } }]);
  });
});

describe('numbers', () => {
  it('keep their digits', () => {
    const big = contractOf(BOOKS.replace('key: 9,', 'key: 9223372036854775807,'));
    expect(big.cases[1]?.key).toBe(9223372036854775807n);
  });

  it('are read as they were written where text is due', () => {
    const { cases, headers } = contractOf(
      `${BOOKS}  - { name: replaces, method: UPDATE, key: 1, entity: { title: 0123456789012345678 } }\nheaders: { X-V: 0202602 }\n`,
    );
    expect(cases.at(-1)?.entity).toEqual({ title: '0123456789012345678' });
    expect(headers.get('X-V')).toBe('0202602');
  });
});
