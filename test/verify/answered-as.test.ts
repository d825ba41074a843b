import { describe, expect, it } from 'vitest';
import { DIALECTS } from '../../src/protocol/dialects.ts';
import type { HeaderLines, HttpRequest } from '../../src/transport/exchange.ts';
import { checkRequest } from '../../src/verify/check-request.ts';
import { checkResponse } from '../../src/verify/check-response.ts';
import { contractOf } from '../support/contract.ts';

const contract = contractOf(`
contract: 1
resource: shelves
key: { id: long }
entity: { type: object, required: [id], properties: { id: { $ref: '#/types/long' }, elements: { type: array, items: { type: string } } } }
readOnly: [id]
methods: { GET: , BATCH_GET: , GET_ALL: , CREATE: , BATCH_CREATE: , PARTIAL_UPDATE: , FINDER: { named: { params: { name?: string } } }, BATCH_FINDER: { manyNamed: { finder: named } }, ACTION: { move: { level: entity } } }
`);

const PAGE = '{"elements":[{"id":1},{"id":2}],"paging":{"start":0,"count":10,"links":[]}}';
const ID: HeaderLines = [
  ['X-RestLi-Id', '7'],
  ['Location', '/shelves/7'],
];

function rulesOf(
  method: string,
  line: string,
  sent: string | null,
  status: number,
  body: string,
  more: HeaderLines = [],
) {
  const [verb = '', target = ''] = line.split(' ');
  const request: HttpRequest = {
    verb,
    origin: 'http://127.0.0.1:1',
    target,
    headers: [
      ['X-RestLi-Method', method],
      ['X-RestLi-Protocol-Version', '2.0.0'],
      ['Accept', 'application/json'],
      ...(sent === null ? [] : [['Content-Type', 'application/json'] as const]),
    ],
    body: sent === null ? null : new TextEncoder().encode(sent),
  };
  const { asked } = checkRequest(request, [contract], { dialects: new Map(Object.entries(DIALECTS)) });
  if (asked === null) throw new Error(`Failed to read ${line}`);
  const headers: HeaderLines = [
    ['X-RestLi-Protocol-Version', '2.0.0'],
    ...(body === '' ? [] : [['Content-Type', 'application/json'] as const]),
    ...more,
  ];
  const response = { status, headers, body: new TextEncoder().encode(body) };
  const exchange = { request, response, failure: null, durationMs: 1 };
  return checkResponse(asked, exchange, null, { exchangeIndex: 0 }).violations;
}

describe('rule routing/answered-as-another-method', () => {
  it.each([
    [
      'a BATCH_CREATE that lost its header',
      'BATCH_CREATE',
      'POST /shelves',
      '{"elements":[{}]}',
      201,
      '',
      ID,
      'CREATE',
    ],
    ['a GET that lost its key', 'GET', 'GET /shelves/1', null, 200, PAGE, [], 'GET_ALL'],
    ['a BATCH_GET that lost its ids', 'BATCH_GET', 'GET /shelves?ids=List(1,2)', null, 200, PAGE, [], 'GET_ALL'],
    [
      'a BATCH_FINDER that lost bq',
      'BATCH_FINDER',
      'GET /shelves?bq=manyNamed&criteria=List((name:a),(name:b))',
      null,
      200,
      PAGE,
      [],
      'GET_ALL',
    ],
    [
      'a PARTIAL_UPDATE that lost its key',
      'PARTIAL_UPDATE',
      'POST /shelves/1',
      '{"patch":{"$set":{"elements":[]}}}',
      201,
      '',
      ID,
      'CREATE',
    ],
  ] as const)('names what became of %s', (_, method, line, sent, status, body, more, reached) => {
    const violations = rulesOf(method, line, sent, status, body, more);
    expect(violations.map(({ rule }) => rule)).toEqual(['routing/answered-as-another-method']);
    expect(violations[0]?.message).toContain(`that of ${reached},`);
  });

  it.each([
    ['an entity with a list called elements', 'GET', 'GET /shelves/1', null, 200, '{"id":1,"elements":["a"]}'],
    [
      'a batch finder without any hit',
      'BATCH_FINDER',
      'GET /shelves?bq=manyNamed&criteria=List((name:a))',
      null,
      200,
      '{"elements":[{"elements":[]}]}',
    ],
    [
      'an empty list of a finder',
      'FINDER',
      'GET /shelves?q=named',
      null,
      200,
      '{"elements":[],"paging":{"start":0,"count":10,"links":[]}}',
    ],
    [
      'a batch of creations',
      'BATCH_CREATE',
      'POST /shelves',
      '{"elements":[{}]}',
      200,
      '{"elements":[{"status":201,"id":"7","location":"/shelves/7"}]}',
    ],
  ] as const)('accepts %s', (_, method, line, sent, status, body) => {
    expect(rulesOf(method, line, sent, status, body).filter(({ level }) => level === 'must')).toEqual([]);
  });

  it('leaves a short list to the rule of lengths', () => {
    const rules = rulesOf('BATCH_CREATE', 'POST /shelves', '{"elements":[{}]}', 200, '{"elements":[]}');
    expect(rules.map(({ rule }) => rule)).not.toContain('routing/answered-as-another-method');
    expect(rules.length).toBeGreaterThan(0);
  });
});
