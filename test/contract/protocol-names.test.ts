import { describe, expect, it } from 'vitest';
import { parseContract } from '../../src/contract/parse.ts';

const HEAD = `contract: 1
resource: r
key: { id: long }
entity: { type: object, required: [id], properties: { id: { type: integer }, name: { type: string } } }
examples: [{ id: 1, name: x }]
`;
const told = (text: string): readonly string[] =>
  parseContract(HEAD + text, { file: 'r.contract.yaml' }).diagnostics.map(
    ({ code, severity, at }) => `${severity} ${code.replace('contract/', '')} ${at?.line ?? 0}:${at?.col ?? 0}`,
  );

describe('a method that contradicts the protocol', () => {
  // prettier-ignore
  it.each([
    ['methods: { GET: { params: { ids: int, q: string } } }', ['reserved-param 6:29', 'reserved-param 6:39']],
    ['methods: { FINDER: { s: { params: { ids: "int[]", action: string, fields?: string } } } }', ['reserved-param 6:37', 'reserved-param 6:51', 'reserved-param 6:67']],
    ['methods: { BATCH_FINDER: { s: { criteria: { name?: string }, batchParam: bq } } }', ['reserved-param 6:74']],
    ['methods: { BATCH_FINDER: { s: { criteria: { name?: string }, batchParam: ids } } }', ['reserved-param 6:74']],
    ['methods: { BATCH_FINDER: { s: { criteria: { name?: string }, params: { criteria: string } } } }', ['reserved-param 6:72']],
    ['methods: { GET: { response: { status: 404 } } }', ['status-no-success 6:39']],
    ['methods: { GET: { response: { status: [200, 204] } } }', ['status-without-body 6:45']],
    ['methods: { GET: { request: { body: string } } }', ['request-body 6:30']],
    ['methods: { CREATE: { response: [{ status: 201 }, { status: 201, body: string }] } }', ['status-twice 6:60']],
    ['methods: { FINDER: { s: { params: { name?: string } } }, BATCH_FINDER: { s: { finder: s, criteria: { name?: string } } } }', ['finder-and-criteria 6:90']],
  ])('%s is refused', (methods, problems) => {
    expect(told(methods)).toEqual(problems.map((problem) => `error ${problem}`));
  });

  // prettier-ignore
  it.each([
    'methods: { ACTION: { s: { params: { ids: int, q: string, action: string } } } }',
    'methods: { GET: { response: { status: 204, body: false } } }',
    'methods: { DELETE: { response: [{ status: 204 }, { status: 202, body: string }] } }',
    'methods: { UPDATE: { response: { status: [200, 204] } }, PARTIAL_UPDATE: { response: [{ status: 204 }, { body: string }] } }',
  ])('%s does not', (methods) => {
    expect(told(methods)).toEqual([]);
  });
});

describe('a case that is meant to succeed', () => {
  const methods = `request: { headers: { X-T?: int, X-N: false } }
methods: { GET: { request: { headers: { X-M: int } } }, GET_ALL: { paging: { kind: offset, max: 2 } }, FINDER: { s: { paging: { kind: cursor, max: 2 } } }, UPDATE: }
`;
  const asked = (rest: string): readonly string[] => told(`${methods}cases: [{ name: x, ${rest} }]`);

  it.each([
    ['method: GET, key: 1, headers: { X-M: abc }', 'header-type'],
    ['method: GET, key: 1, headers: { x-m: "1.5" }', 'header-type'],
    ['method: GET, key: 1, headers: { X-M: null }', 'missing-header'],
    ['method: GET, key: 1, headers: { X-N: y }', 'forbidden-header'],
    ['method: GET, key: 1, headers: { Accept: text/plain }', 'accept'],
    ['method: GET_ALL, params: { count: 3 }', 'value-type'],
    ['method: FINDER, q: s, params: { pageSize: 3 }', 'value-type'],
    ['method: FINDER, q: s, params: { pageSize: 0 }', 'value-type'],
    ['method: UPDATE, key: 1, entity: { id: 1 }, headers: { Content-Type: null }', 'content-type'],
    ['method: UPDATE, key: 1, entity: { id: 1 }, headers: { Content-Type: text/plain }', 'content-type'],
  ])('keeps what is declared: { %s } does not', (rest, code) => {
    expect(asked(rest).map((problem) => problem.split(' ').slice(0, 2).join(' '))).toEqual([`error ${code}`]);
    expect(asked(`${rest}, expect: 400`)).toEqual([]);
  });

  it.each([
    'method: GET, key: 1, headers: { X-M: 1, X-T: "007", Accept: "application/*, text/plain" }',
    'method: GET_ALL, params: { count: 2, start: 5 }',
    'method: UPDATE, key: 1, entity: { id: 1 }, headers: { Content-Type: "application/json; charset=utf-8" }',
  ])('{ %s } does', (rest) => {
    expect(asked(rest)).toEqual([]);
  });

  it('is told of a number where the header takes text', () => {
    const text = 'methods: { GET: { request: { headers: { X-S: string } } } }\n';
    expect(told(`${text}cases: [{ name: x, method: GET, key: 1, headers: { X-S: 1 } }]`)).toEqual([
      'warning text-from-number 7:57',
    ]);
  });
});

describe('conditions of the mock', () => {
  // prettier-ignore
  it.each([
    ['GET: { errors: { 423: { when: { params: { zz: 1 } } } } }', ['error unknown-parameter 6:54']],
    ['GET: { errors: { 424: { params: [zz] } } }', ['warning unknown-parameter 6:45']],
    ['GET: { errors: { 425: { when: { patch: {} } } } }', ['error condition-part 6:44']],
    ['GET: { errors: { 426: { when: { key: x } } } }', ['error value-type 6:49']],
    ['GET: { errors: { 427: { when: { parents: { a: 1 } } } } }', ['error unknown-parent 6:55']],
    ['CREATE: { errors: { 428: { when: { key: 1 } } } }', ['error condition-part 6:47']],
    ['GET: { errors: { 409: [{ code: A }, { code: A }] } }', ['warning error-twice 6:56']],
    ['GET: { errors: { 409: [{ code: A, when: {} }, { code: B, when: { key: 1 } }] } }', ['warning never-reached 6:58']],
    ['GET_ALL: { mock: [{ elements: [] }, { elements: [{ id: 1 }], when: { params: {} } }] }', ['warning never-reached 6:48']],
  ])('{ %s } is told', (methods, problems) => {
    expect(told(`methods: { ${methods} }`)).toEqual(problems);
  });

  // prettier-ignore
  it.each([
    'GET: { errors: { 409: [{ code: A, when: { key: 1 } }, { code: A, when: { key: 2 } }] } }',
    'GET: { errors: { 409: [{ code: A, when: { key: 1 } }, { code: B, when: {} }] } }',
    'GET: { params: { a?: int }, errors: { 409: { when: { params: { a: { $gt: 1 }, fields: id } } } } }',
    'FINDER: { s: { params: { name?: string }, errors: { 409: { when: { params: { name: x } } } } } }, BATCH_FINDER: { s: { finder: s } }',
    'UPDATE: { errors: { 409: { when: { key: { $in: [1] }, entity: { name: x } } } } }, BATCH_UPDATE:',
  ])('{ %s } is well', (methods) => {
    expect(told(`methods: { ${methods} }`)).toEqual([]);
  });
});

describe('a method that nothing exercises', () => {
  const without = (methods: string): readonly string[] =>
    parseContract(`${HEAD.slice(0, HEAD.indexOf('examples'))}methods: { ${methods} }\n`, {
      file: 'r.contract.yaml',
    }).diagnostics.map(({ code, at }) => `${code} ${at?.col ?? 0}`);

  it('is none for which an entity can be made up, created and removed', () => {
    expect(without('CREATE: , DELETE: , GET: , BATCH_GET: ')).toEqual([]);
  });

  it('is one that needs an entity which nothing makes', () => {
    expect(without('CREATE: , GET: ')).toEqual(['contract/nothing-exercises 22']);
    expect(without('GET: ')).toEqual(['contract/nothing-exercises 12']);
  });
});
