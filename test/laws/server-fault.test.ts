/** An endpoint that fails breaks a law as one that answers wrongly does. */
import { describe, expect, it } from 'vitest';
import { LAWS } from '../../src/laws/index.ts';
import type { Law, Trace } from '../../src/laws/law.ts';
import { serveContracts } from '../../src/mock/index.ts';
import type { CaseFinished } from '../../src/run/events.ts';
import { ruleOf } from '../../src/rules/index.ts';
import { books } from '../mock/library.ts';
import { startGateway, type Forwarded } from '../interop/gateway.ts';
import { runOf, target } from '../run/support.ts';
import { traceOf } from './trace.ts';

const law = (rule: string): Law => {
  const found = LAWS.find((one) => one.rule === rule);
  if (found === undefined) throw new Error(`no law has the rule ${rule}`);
  return found;
};

/** The trace with one of its exchanges answered by that status, without a body that could be read. */
const answered = (trace: Trace, index: number, status: number): Trace =>
  trace.map((entry, at) =>
    at === index
      ? { ...entry, status, body: undefined, created: null, outcomes: entry.outcomes?.map(unknown) ?? null }
      : entry,
  );
const unknown = () => ({ status: null, key: undefined, entity: undefined, elements: undefined, pointer: null });

describe.each(LAWS.map(({ rule }) => rule))('law %s', (rule) => {
  const kept = traceOf(ruleOf(rule).keeps);

  it.each(kept.map((_, index) => index))('is broken by a fault of the server in exchange %i', (index) => {
    for (const status of [500, 503]) {
      const findings = law(rule).check(answered(kept, index, status));
      expect(findings.map((one) => one.rule)).toContain(rule);
    }
  });
});

describe('a batch that is refused as a whole', () => {
  const ofBatch = ['laws/batch-get-equals-gets', 'laws/batch-get-unites'];

  it.each(ofBatch)('breaks %s with 404, for a key of it is found by itself', (rule) => {
    const findings = law(rule).check(answered(traceOf(ruleOf(rule).keeps), 0, 404));
    expect(findings).toMatchObject([{ rule, where: 'status', actual: '404' }]);
  });

  it.each(ofBatch)('breaks nothing of %s with a status that speaks of the request', (rule) => {
    for (const status of [400, 401, 403, 413, 414, 429])
      expect(law(rule).check(answered(traceOf(ruleOf(rule).keeps), 0, status))).toEqual([]);
  });

  it('breaks nothing with 404 where none of its keys is found', () => {
    for (const rule of ofBatch) {
      const trace = traceOf(ruleOf(rule).keeps);
      expect(law(rule).check(trace.map((_, at) => at).reduce((all, at) => answered(all, at, 404), trace))).toEqual([]);
    }
  });
});

describe('a created element that is not found', () => {
  const rule = 'laws/batch-create-keeps-order';

  it('breaks the law of order, for its key leads nowhere', () => {
    expect(law(rule).check(answered(traceOf(ruleOf(rule).keeps), 2, 404))).toMatchObject([{ rule, exchange: 2 }]);
  });

  it('breaks nothing where it may not be read', () => {
    expect(law(rule).check(answered(traceOf(ruleOf(rule).keeps), 2, 403))).toEqual([]);
  });
});

/** The laws on the mock behind something that fails on some requests, as the service itself would. */
async function lawsWhere(fails: (asked: Forwarded) => boolean): Promise<readonly CaseFinished[]> {
  const mock = await serveContracts([books]);
  const gateway = await startGateway(mock.url, {
    name: 'fails',
    how: 'a fault of the service',
    answer: (asked) =>
      fails(asked)
        ? { status: 500, headers: [['Content-Type', 'application/json']], body: Buffer.from('{"status":500}') }
        : undefined,
  });
  try {
    const endpoint = target(gateway.baseUrl, { writes: true, seeded: true });
    return (await runOf(books, { groups: ['laws'], target: endpoint })).cases;
  } finally {
    await gateway.stop();
    await mock.close();
  }
}

const failed = (cases: readonly CaseFinished[]): readonly string[] =>
  cases.flatMap(({ verdict, violations }) => (verdict === 'fail' ? violations.map(({ rule }) => rule) : []));

describe('an endpoint over a real socket', () => {
  it('keeps the laws as long as it does not fail', async () => {
    expect(failed(await lawsWhere(() => false))).toEqual([]);
  });

  it('breaks the laws of BATCH_GET with 500 where one of the keys is unknown', async () => {
    // Every key that is made up for a law is far beyond those of the examples.
    const cases = await lawsWhere(
      ({ target: url }) => /^\/books\?ids=List\(.*\d{12}/.test(url) && !url.includes('9007199254740993'),
    );
    expect(failed(cases)).toContain('laws/batch-get-equals-gets');
  });

  it('breaks the law of writes to what is missing with 500', async () => {
    const cases = await lawsWhere(({ verb, target: url }) => verb !== 'GET' && /^\/books\/\d{12,}/.test(url));
    expect(failed(cases)).toContain('laws/write-to-missing-is-told');
  });
});
