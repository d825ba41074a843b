/** What the real server once showed to be wrong in ours, kept as the exchanges it happened in. */
import { describe, expect, it } from 'vitest';
import { LAWS } from '../../src/laws/index.ts';
import { planCases } from '../../src/plan/plan.ts';
import { Preparer, type NotPrepared, type Prepared } from '../../src/plan/prepare.ts';
import { scopeOf } from '../../src/contract/interpolate.ts';
import { DIALECTS } from '../../src/protocol/dialects.ts';
import { request, response } from '../../src/rules/http-text.ts';
import { contractOf } from '../support/contract.ts';
import { traceOf } from '../laws/trace.ts';

const GREETINGS = `contract: 1
resource: greetings
key: { greetingsId: long }
entity: { type: object, properties: { tone: { type: string } } }
methods: { GET: , BATCH_GET: , BATCH_FINDER: { searchGreetings: { criteria: { id: long, tone: string } } } }
`;

function prepared(spec: string, protocol: '1.0.0' | '2.0.0' = '2.0.0'): Prepared | NotPrepared {
  const contract = contractOf(`${GREETINGS}cases:\n  - { name: it, ${spec} }\n`);
  const dialectOf = () => DIALECTS.restli;
  const preparer = new Preparer({
    baseUrlOf: () => 'http://127.0.0.1:1',
    dialectOf,
    protocol,
    targetHeaders: new Map(),
    flagHeaders: new Map(),
  });
  const step = planCases([contract], { groups: ['contract'], dialectOf }).cases[0]?.steps[0];
  if (step === undefined) throw new Error('no step');
  return preparer.prepareStep(step, scopeOf({ layers: [], env: {} }));
}

function askedBy(spec: string): Prepared['asked'] {
  const one = prepared(spec);
  if ('problem' in one) throw new Error(one.problem);
  return one.asked;
}

describe('a batch finder', () => {
  const FOUND = '{"elements":[{"id":1,"title":"Tides"}],"paging":{"count":10,"start":0,"total":1,"links":[]}}';
  const FAILED = '{"isError":true,"elements":[],"error":{"message":"Fail to find Greeting!","status":404}}';
  const asks = (criteria: string, answer: string): { request: string; response: string } => ({
    request: request('BATCH_FINDER', `GET /books?bq=searchMany&criteria=List(${criteria})`),
    response: response(200, `{"elements":[${answer}]}`),
  });
  const check = (alone: string): readonly unknown[] => {
    const law = LAWS.find(({ rule }) => rule === 'laws/batch-finder-keeps-order');
    const together = asks('(title:Tides),(title:Nobody)', `${FOUND},${FAILED}`);
    const before = [together, asks('(title:Tides)', FOUND)];
    return law?.check(traceOf({ ...asks('(title:Nobody)', alone), before })) ?? ['no law'];
  };

  it('keeps the order of criteria when one fails alone as it fails among others', () => {
    expect(check(FAILED)).toEqual([]);
  });

  it('does not when the criterion that fails among others succeeds alone', () => {
    expect(check(FOUND)).toHaveLength(1);
  });
});

describe('a query that an author wrote byte for byte', () => {
  it('is judged by the mask it holds', () => {
    expect(askedBy('method: GET, key: 1, raw: { query: "fields=" }, expect: 200').masks).toEqual({ fields: '' });
  });

  it('is not counted as the items of its case', () => {
    const criteria = 'criteria: [{ id: 1, tone: SINCERE }], raw: { query: "bq=searchGreetings&criteria=List()" }';
    expect(askedBy(`method: BATCH_FINDER, bq: searchGreetings, ${criteria}, expect: 200`).items).toBeNull();
  });
});

describe('no keys in protocol 1.0.0', () => {
  it('have no text, so the request is not sent as a GET_ALL', () => {
    expect(prepared('method: BATCH_GET, ids: []', '1.0.0')).toEqual({
      problem: expect.stringContaining('protocol 1.0.0 has no form for this request') as string,
    });
  });

  it('are an empty list in 2.0.0', () => {
    expect(prepared('method: BATCH_GET, ids: []')).toMatchObject({ request: { target: '/greetings?ids=List()' } });
  });
});
