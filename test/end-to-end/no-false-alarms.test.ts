/** Contracts that are right and were once met with an alarm: the endpoint made from them keeps them, whatever is asked. */
import { describe, expect, it } from 'vitest';
import { NO_SURROUNDINGS } from '../../src/contract/checking.ts';
import type { CaseFinished } from '../../src/run/events.ts';
import { runContracts } from '../../src/run/run.ts';
import { contractOf, parseConfig } from '../support/contract.ts';
import { collect } from '../run/support.ts';

const ENTITY = `{ type: object, required: [id], properties: { id: { type: integer }, name: { type: string } } }`;
/** One entity with one member beside its key. */
const THINGS = `
contract: 1
resource: things
key: { id: long }
entity: ${ENTITY}
examples: [{ id: 1, name: x }]
`;

/** @param config - the text of a config, where the contract is of a dialect of its own */
async function casesOf(yaml: string, config?: string): Promise<readonly CaseFinished[]> {
  const dialects = config === undefined ? undefined : parseConfig(config, 'config.yaml').config?.dialects;
  if (dialects === undefined) {
    return (await collect(runContracts({ contracts: [contractOf(yaml)], inProcess: true }))).cases;
  }
  const contract = contractOf(yaml, { around: { ...NO_SURROUNDINGS, dialects } });
  return (await collect(runContracts({ contracts: [contract], inProcess: true, dialects }))).cases;
}

/** Ids of what did not pass, with the reason. */
function alarmsIn(cases: readonly CaseFinished[], allowed: readonly string[] = ['pass', 'skip']): readonly string[] {
  return cases
    .filter(({ verdict }) => !allowed.includes(verdict))
    .map(({ id, verdict, skipReason, violations }) =>
      [id, verdict, skipReason ?? '', violations[0]?.message ?? ''].join(' '),
    );
}

describe('fixed elements of a list', () => {
  it('are templates: what the request says stands in them', async () => {
    const cases = await casesOf(`${THINGS}
methods:
  FINDER:
    byName:
      params: { name: string }
      mock: { elements: [{ id: 5, name: "\${params.name}" }, { id: 6, name: "of \${params.name}" }], sort: -id }
cases:
  - name: named
    method: FINDER
    q: byName
    params: { name: zed }
    expect: { body: { elements: [{ id: 6, name: of zed }, { id: 5, name: zed }] } }
`);
    expect(alarmsIn(cases)).toEqual([]);
  });
});

describe('a cursor whose token stands in `paging`', () => {
  it('is all that `paging` need hold', async () => {
    const config = 'dialects: { acme: { extends: restli, cursor: { size: lim, token: after, next: paging/next } } }';
    const cases = await casesOf(
      `${THINGS.replace('name: x }]', 'name: x }, { id: 2, name: y }, { id: 3, name: z }]')}
dialect: acme
methods: { GET: , GET_ALL: { paging: cursor }, FINDER: { byName: { params: { name?: string }, paging: { kind: cursor, size: 2 } } } }
`,
      config,
    );
    expect(alarmsIn(cases)).toEqual([]);
  });
});

describe('values that look like structure, correctly escaped', () => {
  it.each([
    [
      'URNs of tuples as keys',
      `
contract: 1
resource: likes
dialect: linkedin
key: { urn: string }
entity: { type: object, required: [urn], properties: { urn: { type: string }, name: { type: string } } }
examples:
  - { urn: 'urn:li:like:(urn:li:person:abc,urn:li:activity:123)', name: x }
  - { urn: 'urn:li:like:(urn:li:person:abd,urn:li:activity:124)', name: y }
methods: { GET: , BATCH_GET: , BATCH_DELETE: }
`,
    ],
    [
      'texts of parameters',
      `${THINGS}
methods: { FINDER: { byText: { params: { t: string } } } }
cases:
  - { name: a record, method: FINDER, q: byText, params: { t: "(x)" } }
  - { name: a list, method: FINDER, q: byText, params: { t: "List(y)" } }
`,
    ],
    [
      'parts of an association key, one of them named urn',
      `
contract: 1
resource: likes
kind: association
key: { urn: string, b: string }
entity: { type: object, properties: { name: { type: string } } }
examples: [{ $key: { urn: 'urn:li:a,(c)', b: '(x,urn:li:y:1)' }, name: x }, { $key: { urn: 'a:b,(c)', b: d }, name: y }]
methods: { GET: , BATCH_GET: , UPDATE: , BATCH_UPDATE: , DELETE: }
`,
    ],
    [
      'items of lists, members of records and of criteria',
      `${THINGS}
types: { R: { type: object, properties: { s: { type: string }, urn: { type: string } } } }
methods:
  FINDER: { byList: { params: { l: 'string[]' } }, byRecord: { params: { r: R } } }
  BATCH_FINDER: { byMany: { criteria: { s: string } } }
cases:
  - { name: items, method: FINDER, q: byList, params: { l: ['a,(b)', 'List(c)', '(d)', 'a,urn:li:y:1'] } }
  - { name: members, method: FINDER, q: byRecord, params: { r: { s: 'a,urn:li:y:1', urn: 'urn:li:x:1' } } }
  - { name: criteria, method: BATCH_FINDER, bq: byMany, criteria: [{ s: 'a,(b)' }, { s: 'List(c)' }] }
`,
    ],
  ])('are taken: %s', async (_, yaml) => {
    expect(alarmsIn(await casesOf(yaml))).toEqual([]);
  });
});

describe('errors that a contract declares', () => {
  it('are kept clear of by what an author’s passing case sends besides', async () => {
    const cases = await casesOf(`${THINGS}
methods:
  GET:
  DELETE:
    request: { headers: { If-Match?: string } }
    errors: { 428: { when: { headers: { If-Match: { $present: false } } } } }
cases:
  - { name: deletes, method: DELETE, key: 1, headers: { If-Match: x } }
`);
    expect(alarmsIn(cases)).toEqual([]);
  });

  it('are kept clear of by other values of parameters and patches, and by declared headers', async () => {
    const cases = await casesOf(`${THINGS.replace('name: x }]', 'name: x }, { id: 2, name: y }, { id: 3, name: z }]')}
methods:
  GET: { request: { headers: { X-T?: string } }, errors: { 412: { when: { headers: { X-T: { $present: false } } } } } }
  UPDATE:
    params: { force?: boolean }
    errors:
      400: { when: { params: { force: { $present: false } } } }
      409: { when: { entity: { name: x } } }
  PARTIAL_UPDATE: { errors: { 403: { when: { patch: { $set: { name: x } } } } } }
  DELETE: { errors: { 423: { when: { key: { $in: [1, 2] } } } } }
  CREATE: { errors: { 409: { when: { entity: { name: x } } } } }
  FINDER: { byName: { params: { name: string }, errors: { 403: { when: { params: { name: { $in: [x, y, z] } } } } } } }
  ACTION:
    act:
      level: entity
      params: { n: int, s?: string }
      returns: boolean
      mock: { value: true }
      errors: { 400: { when: { params: { s: { $present: false } } } } }
`);
    // What no other value helps is blocked, never failed: a sampled name finds nothing that could be read.
    expect(alarmsIn(cases, ['pass', 'skip', 'blocked'])).toEqual([]);
    expect(cases.filter(({ verdict }) => verdict === 'blocked').map(({ id }) => id)).toEqual([
      'things/FINDER/laws/byName/listed-is-readable',
    ]);
  });

  it('block what cannot keep clear of them, and say which', async () => {
    const cases = await casesOf(`${THINGS}
methods:
  GET_ALL: { errors: { 503: { when: {} } } }
  GET: { errors: { 451: { when: { key: 1 } } } }
`);
    expect(new Set(cases.map(({ verdict }) => verdict))).toEqual(new Set(['blocked']));
    const reasons = new Set(cases.map(({ skipReason }) => skipReason));
    expect([...reasons]).toEqual([
      expect.stringContaining('error 503 that the contract declares for GET_ALL'),
      expect.stringContaining('each example meets an error'),
    ]);
  });

  it('are told from an entity that is not there, by the laws', async () => {
    const cases = await casesOf(`${THINGS.replace('name: x }]', 'name: x, more: y }]')}
methods: { GET: { errors: { 428: { when: { key: { $type: int } } } } }, UPDATE: , DELETE: }
`);
    expect(alarmsIn(cases, ['pass', 'skip', 'blocked'])).toEqual([]);
    const law = cases.find(({ id }) => id === 'things/UPDATE/laws/update-overwrites-all');
    expect(law?.skipReason).toContain('error 428 that the contract declares for GET');
  });
});

describe('a body that stands instead of the envelope', () => {
  const W = '{ type: object, required: [w], properties: { w: { type: string } } }';

  it('is made from its schema, where no case says it', async () => {
    const cases = await casesOf(`${THINGS}
methods:
  GET:
  CREATE: { request: { body: ${W} } }
  UPDATE: { request: { body: ${W} } }
  PARTIAL_UPDATE: { request: { body: ${W} } }
  DELETE: { request: { body: ${W} } }
  BATCH_CREATE: { request: { body: ${W} } }
  BATCH_UPDATE: { request: { body: ${W} } }
  ACTION: { act: { request: { body: { type: array, minItems: 1, items: { type: string } } }, returns: boolean } }
cases:
  - { name: deletes, method: DELETE, key: 1 }
`);
    expect(alarmsIn(cases, ['pass', 'skip', 'blocked'])).toEqual([]);
    // Only laws that would have to know which entity the body makes.
    const blocked = cases.filter(({ verdict }) => verdict === 'blocked');
    expect(blocked.filter(({ group }) => group !== 'laws')).toEqual([]);
    expect([
      ...new Set(blocked.map(({ skipReason }) => skipReason?.replace(/that [A-Z_]+ takes/, 'that X takes'))),
    ]).toEqual(['nobody tells what becomes of the body that X takes in place of the envelope']);
  });

  it('blocks what it cannot be made for', async () => {
    const cases = await casesOf(`${THINGS}
methods: { UPDATE: { request: { body: { type: string, pattern: '^a(?=b)c$' } } } }
`);
    expect(alarmsIn(cases, ['blocked'])).toEqual([]);
    expect(cases[0]?.skipReason).toBe('no body can be made that fits `request.body`');
  });
});

describe('a case whose author errs', () => {
  it('fails alone: nothing is made of a key that no example has', async () => {
    const cases = await casesOf(`${THINGS}
methods: { GET: , BATCH_GET: , UPDATE: , DELETE: }
cases:
  - { name: mistaken, method: GET, key: 5 }
  - { name: mistaken ids, method: BATCH_GET, ids: [1, 6] }
`);
    expect(cases.filter(({ verdict }) => verdict !== 'pass').map(({ id, verdict }) => [id, verdict])).toEqual([
      ['things/GET/mistaken', 'fail'],
      ['things/BATCH_GET/mistaken-ids', 'fail'],
    ]);
  });

  it('fails alone where the example lives under other parents', async () => {
    const cases = await casesOf(`
contract: 1
resource: parents.things
path: /parents/{parent}/things
parents: { parent: long }
key: { id: long }
entity: ${ENTITY}
examples: [{ id: 1, name: x, $parents: { parent: 7 } }, { id: 2, name: y, $parents: { parent: 8 } }]
methods: { GET: , DELETE: }
cases:
  - { name: mistaken, method: GET, key: 1, parents: { parent: 8 } }
  - { name: right, method: GET, key: 2, parents: { parent: 8 } }
`);
    expect(cases.filter(({ verdict }) => verdict !== 'pass').map(({ id }) => id)).toEqual([
      'parents.things/GET/mistaken',
    ]);
  });
});

describe('an example whose key is the empty text', () => {
  const TEXTS = `
contract: 1
resource: texts
key: { id: string }
entity: { type: object, required: [id], properties: { id: { type: string }, name: { type: string } } }
`;

  it('is no material: no path can hold it', async () => {
    const cases = await casesOf(`${TEXTS}
examples: [{ id: '', name: x }, { id: b, name: y }]
methods: { GET: , BATCH_GET: , UPDATE: , BATCH_UPDATE: , DELETE: }
cases:
  - { name: reads both, method: BATCH_GET, ids: ['', b] }
`);
    expect(alarmsIn(cases)).toEqual([]);
  });

  it('blocks what has no other', async () => {
    const cases = await casesOf(`${TEXTS}
examples: [{ id: '', name: x }]
methods: { GET: , BATCH_GET: }
`);
    expect(alarmsIn(cases, ['blocked'])).toEqual([]);
    expect(cases[0]?.skipReason).toContain('an empty key, which no path can hold');
  });
});
