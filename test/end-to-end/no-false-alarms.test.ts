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
