import { describe, expect, it } from 'vitest';
import { createInProcess } from '../../src/mock/in-process.ts';
import { createMock } from '../../src/mock/mock.ts';
import { planCases } from '../../src/plan/plan.ts';
import { DIALECTS } from '../../src/protocol/dialects.ts';
import type { Violation } from '../../src/verify/violation.ts';
import { books, LIBRARY } from '../mock/library.ts';
import { runOf, target, type Collected } from '../run/support.ts';

const contracts = LIBRARY.filter(({ resource }) => resource !== 'accounts' && resource !== 'shelves');
const ids = planCases(contracts, { groups: ['negative'], dialectOf: () => DIALECTS.restli }).cases.map(({ id }) => id);

/** Against the endpoint that behaves as the open-source server, which validates nothing. */
function onServer(): Promise<Collected> {
  const transport = createInProcess(createMock(contracts, { mode: 'oss' }));
  return runOf(contracts, {
    groups: ['negative'],
    transport,
    target: target('http://127.0.0.1:1', { writes: true, seeded: true }),
  });
}

const levels = ({ cases }: Collected): readonly Violation['level'][] =>
  [...new Set(cases.flatMap(({ violations }) => violations.map(({ level }) => level)))].toSorted();

describe('broken input', () => {
  it('is not sent unasked', () => {
    expect(planCases([books], { dialectOf: () => DIALECTS.restli }).groups).not.toContain('negative');
  });

  it.each([
    'books/CREATE/negative/misses-title',
    'books/CREATE/negative/type-of-title',
    'books/CREATE/negative/length-of-title',
    'books/CREATE/negative/symbol-of-genre',
    'books/CREATE/negative/read-only-addedAt',
    'books/CREATE/negative/no-body',
    'books/CREATE/negative/body-no-json',
    'books/GET/negative/key-type',
    'books/GET/negative/key-beside-ids',
    'books/GET/negative/verb-patch',
    'books/GET/negative/bad-mask',
    'books/GET_ALL/negative/negative-start',
    'books/BATCH_GET/negative/ids-no-list',
    'books/BATCH_UPDATE/negative/ids-differ',
    'books/FINDER/negative/search/unknown-name',
    'books/FINDER/negative/search/unclosed-list',
    'books/FINDER/negative/search/repeated-parameter',
    'books/ACTION/negative/lend/misses-reader',
    'books/PARTIAL_UPDATE/negative/set-and-delete',
  ])('has the case %s', (id) => {
    expect(ids).toContain(id);
  });

  it('has one id for each case', () => {
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('puts a wrong parameter in the place of the right one, so that nothing else is wrong', async () => {
    const { cases } = await runOf(contracts, { groups: ['negative'], inProcess: true });
    const urls = cases
      .filter(({ id }) => /\/(?:negative-start|start-no-number|bad-mask)$/.test(id))
      .flatMap(({ attempts }) => attempts.flatMap(({ exchanges }) => exchanges.map(({ request }) => request.url)));
    expect(urls.length).toBeGreaterThan(5);
    const twice = urls.filter((url) => (url.match(/[?&](?:start|fields)=/g) ?? []).length > 1);
    expect(twice).toEqual([]);
  });

  it('is refused by the strict endpoint, but for what is only ignored', async () => {
    const run = await runOf(contracts, { groups: ['negative'], inProcess: true });
    expect(run.cases.filter(({ verdict }) => verdict !== 'pass').map(({ id }) => id)).toEqual([]);
    expect(levels(run)).toEqual(['may']);
  });

  it('breaks no rule of level must on a server that validates nothing', async () => {
    const run = await onServer();
    expect(levels(run)).toEqual(['may', 'should']);
    expect(run.end.leftBehind).toEqual([]);
  });

  it.each([
    ['parameters-unchecked', 'negative/refused'],
    ['schema-unchecked', 'negative/validated'],
    ['batch-keys-unchecked', 'negative/refused'],
    ['patch-unchecked', 'negative/validated'],
    ['errors-are-500', 'negative/refused'],
  ])('finds the fault %s by %s', async (fault, rule) => {
    const { cases } = await runOf(contracts, { groups: ['negative'], faults: [fault], inProcess: true });
    expect(cases.flatMap(({ violations }) => violations.map((one) => one.rule))).toContain(rule);
  });
});
