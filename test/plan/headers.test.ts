import { beforeAll, describe, expect, it } from 'vitest';
import type { Contract } from '../../src/contract/contract.ts';
import type { Case } from '../../src/plan/case.ts';
import { EMBEDDED, planCases } from '../../src/plan/plan.ts';
import type { PlanTarget } from '../../src/plan/context.ts';
import { DIALECTS } from '../../src/protocol/dialects.ts';
import { METHOD_NAMES, profileOf } from '../../src/protocol/methods.ts';
import { NO_ROUTING_PARAMETERS, route } from '../../src/protocol/route.ts';
import { books, LIBRARY } from '../mock/library.ts';
import { contractOf } from '../support/contract.ts';
import { only, refuse, runOf, serviceOf, target as serviceAt, type Collected } from '../run/support.ts';

const accounts = (methods: string): Contract =>
  contractOf(`
contract: 1
resource: accounts
dialect: linkedin
headers: { LinkedIn-Version: '202604' }
key: { id: long }
readOnly: [id]
entity: { type: object, required: [name], properties: { id: { $ref: "#/types/long" }, name: { type: string } } }
examples: [{ id: 1, name: One }]
methods:
${methods}`);

function cells(contract: Contract, target: PlanTarget = EMBEDDED): ReadonlyMap<string, Case> {
  const { cases } = planCases([contract], {
    groups: ['headers'],
    target,
    dialectOf: (one) => DIALECTS[one.dialect as 'restli'],
  });
  return new Map(cases.map((one) => [one.id, one]));
}

function cell(id: string, contract: Contract = books, target?: PlanTarget): Case {
  const found = cells(contract, target).get(id);
  if (found === undefined) throw new Error(`the matrix has no cell ${id}`);
  return found;
}

const last = (one: Case) => one.steps[one.steps.length - 1]!;
const promiseOf = (one: Case) => ({
  status: last(one).spec.expect?.status ?? null,
  orRefused: last(one).spec.expect?.orRefused ?? [],
});

describe('the header matrix', () => {
  it('names a cell by method, group, finder and what is done to the header', () => {
    expect(cell('books/FINDER/headers/search/absent').reason).toMatch(/guard/);
  });

  it('has the header absent, right, in other case, empty, unknown, doubled and of every other method, for every operation', () => {
    const names = [...cells(books).keys()].filter((id) => id.startsWith('books/BATCH_GET/headers/'));
    expect(names.map((id) => id.split('/').at(-1))).toEqual([
      'absent',
      'right',
      'other-case',
      'empty',
      'unknown',
      'doubled',
      ...METHOD_NAMES.filter((name) => name !== 'BATCH_GET').map(
        (name) => `names-${name.toLowerCase().replaceAll('_', '-')}`,
      ),
      'version-absent',
      'version-1-0-0',
      'version-2-0-0',
      'version-unsupported',
    ]);
  });

  it('asks the oracle what becomes of every method with every header', () => {
    const all = cells(books);
    for (const operation of books.operations) {
      const { verb, parameter } = profileOf(operation.method);
      const parameters = parameter === 'none' ? NO_ROUTING_PARAMETERS : { ...NO_ROUTING_PARAMETERS, [parameter]: true };
      for (const header of METHOD_NAMES.filter((name) => name !== operation.method)) {
        const routed = route({ verb, level: operation.level, parameters, header });
        const name = operation.name === null ? '' : `${operation.name}/`;
        const planned = all.get(
          `books/${operation.method}/headers/${name}names-${header.toLowerCase().replaceAll('_', '-')}`,
        )!;
        if ('refused' in routed) expect(promiseOf(planned).status).toEqual([400, 422]);
        else expect(last(planned).judgedAs?.method).toBe(routed.method);
      }
    }
  });

  it('judges a batch of creations that lost its header as the CREATE that it becomes, or lets it be refused', () => {
    const lost = cell('books/BATCH_CREATE/headers/absent');
    expect(last(lost).judgedAs?.method).toBe('CREATE');
    expect(promiseOf(lost)).toEqual({ status: [201], orRefused: expect.arrayContaining([400, 422]) });
  });

  it('wants a batch of creations without header refused where no CREATE is declared', () => {
    const lost = cell('accounts/BATCH_CREATE/headers/absent', accounts('  BATCH_CREATE:'));
    expect(promiseOf(lost).status).toEqual([400, 422, 403, 404, 405]);
    expect(lost.reason).toContain('CREATE');
  });

  it.each<[string, string, readonly number[]]>([
    ['books/PARTIAL_UPDATE/headers/absent', 'restli', []],
    ['accounts/PARTIAL_UPDATE/headers/absent', 'linkedin', [400, 422, 403, 404, 405]],
    ['accounts/GET/headers/absent', 'linkedin', []],
  ])('%s may be refused as the dialect %s says', (id, dialect, refusals) => {
    const contract = dialect === 'restli' ? books : accounts('  GET:\n  PARTIAL_UPDATE:');
    expect(promiseOf(cell(id, contract)).orRefused).toEqual(refusals);
  });

  it('has cells for the headers of the dialect, below its base only', () => {
    const contract = accounts('  GET:');
    expect(promiseOf(cell('accounts/GET/headers/linkedin-version-absent', contract)).orRefused).toContain(400);
    expect(
      [...cells(contract, { ...EMBEDDED, live: true, base: '/v2' }).keys()].filter((id) => id.includes('linkedin')),
    ).toEqual([]);
  });

  it('skips what protocol 1.0.0 has no form for, with the reason', () => {
    const contract = contractOf(`
contract: 1
resource: things
key: { id: long }
entity: { type: object, properties: { name: { type: string } } }
methods: { FINDER: { byTags: { params: { tags: "string[]" } } } }
cases: [{ name: finds by one tag, method: FINDER, q: byTags, params: { tags: [a] } }]
`);
    expect(cell('things/FINDER/headers/byTags/version-1-0-0', contract).skip).toMatch(/list of one/);
    expect(cell('things/FINDER/headers/byTags/version-2-0-0', contract).skip).toBeNull();
  });
});

describe('the header matrix on a live target', () => {
  const live: PlanTarget = { name: 'service', live: true, seeded: true, writes: true };
  const readable = contractOf(`
contract: 1
resource: things
key: { id: long }
entity: { type: object, properties: { id: { $ref: "#/types/long" }, name: { type: string } } }
examples: [{ id: 1, name: One }]
methods: { GET: , DELETE: }
`);

  it('names no writing method on an entity that the run did not create', () => {
    expect(cell('things/GET/headers/names-delete', readable, live).skip).toMatch(
      /DELETE on an entity that this run did not create/,
    );
    expect(cell('things/GET/headers/names-batch-get', readable, live).skip).toBeNull();
  });

  it('names one where the user allowed writes', () => {
    const allowed = { ...live, allowsWrites: true };
    expect(cell('things/GET/headers/names-delete', readable, allowed).skip).toBeNull();
  });

  it('takes any refusal of LinkedIn’s gateway for one', () => {
    const contract = accounts('  GET:\n  BATCH_CREATE:\n');
    expect(promiseOf(cell('accounts/GET/headers/names-delete', contract)).status).toEqual(
      expect.arrayContaining([400, 403, 405, 422]),
    );
    expect(promiseOf(cell('accounts/BATCH_CREATE/headers/absent', contract)).status).toContain(405);
    expect(promiseOf(cell('things/GET/headers/names-delete', readable, live)).status).toEqual([400, 422]);
  });

  it('counts every request whose header names a writing method as a write', () => {
    expect(cell('things/GET/headers/names-delete', readable, live).writes).toBe(true);
    expect(cell('things/GET/headers/names-get-all', readable, live).writes).toBe(false);
  });

  it('is blocked for an action that only asks, where the service does not hold what it asks of', async () => {
    const shelf = contractOf(`
contract: 1
resource: books
key: { id: long }
entity: { type: object, properties: { id: { $ref: '#/types/long' } } }
examples: [{ id: 1 }]
methods: { ACTION: { size: { level: entity, readOnly: true, returns: int, mock: { value: 3 } } } }
`);
    await using service = await serviceOf((_request, response) => refuse(response, 404));
    const { cases } = await runOf(shelf, {
      groups: ['headers'],
      target: serviceAt(service.url, { seeded: true, writes: true }),
      filters: only('books/ACTION/headers/size/right'),
    });
    expect(cases.map(({ verdict }) => verdict)).toEqual(['blocked']);
  });

  it('removes only what the case itself created', () => {
    const owned = cell('books/DELETE/headers/names-get', books, live);
    expect(owned.steps.map(({ spec }) => spec.method)).toEqual(['CREATE', 'DELETE']);
  });
});

describe('the header matrix replayed', () => {
  // `accounts` lacks the header of its dialect, and an example of `shelves` takes the only key that a creation would get.
  const contracts = LIBRARY.filter(({ resource }) => resource !== 'accounts' && resource !== 'shelves');
  const run = (faults: readonly string[]): Promise<Collected> =>
    runOf(contracts, { groups: ['headers'], faults, inProcess: true });
  let sound: Collected;
  beforeAll(async () => {
    sound = await run([]);
  });

  it('finds nothing on an endpoint that keeps to the table', () => {
    const failed = sound.cases.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'skip');
    expect(failed.map(({ id }) => id)).toEqual([]);
    expect(sound.cases.length).toBeGreaterThan(400);
  });

  it.each([
    ['method-header-ignored', 'header-matrix/contradiction-refused'],
    ['version-ignored', 'response-headers/protocol-version'],
    ['errors-are-500', 'expectation/status'],
  ])('finds the fault %s by %s', async (fault, rule) => {
    const { cases } = await run([fault]);
    const rules = cases.flatMap(({ violations }) => violations.map((one) => one.rule));
    expect(rules).toContain(rule);
  });

  it('tells a gateway in front of LinkedIn that ignores the header, without failing it', async () => {
    const { cases, end } = await runOf(accounts('  GET:'), {
      groups: ['headers'],
      faults: ['method-header-ignored'],
      inProcess: true,
    });
    expect(end.verdicts.fail).toBe(0);
    const told = cases.find(({ id }) => id === 'accounts/GET/headers/names-update');
    expect(told?.violations.map(({ rule, level }) => [rule, level])).toEqual([
      ['header-matrix/contradiction-refused', 'should'],
    ]);
  });
});
