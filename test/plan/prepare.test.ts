import { describe, expect, it } from 'vitest';
import type { Contract, HeaderValues } from '../../src/contract/contract.ts';
import { scopeOf } from '../../src/contract/interpolate.ts';
import { planCases } from '../../src/plan/plan.ts';
import { Preparer, type Prepared } from '../../src/plan/prepare.ts';
import { DIALECTS, type Dialect } from '../../src/protocol/dialects.ts';
import type { Json } from '../../src/protocol/json.ts';
import { contractOf } from '../support/contract.ts';
import { books } from '../run/support.ts';

interface Around {
  readonly vars?: Readonly<Record<string, Json>>;
  readonly targetHeaders?: HeaderValues;
  readonly flagHeaders?: HeaderValues;
  readonly protocol?: '1.0.0';
  readonly baseUrl?: string;
}

function dialectOf({ dialect }: Contract): Dialect {
  return dialect === 'linkedin' ? DIALECTS.linkedin : DIALECTS.restli;
}

function prepare(contract: Contract, around: Around = {}): ReturnType<Preparer['prepareStep']> {
  const preparer = new Preparer({
    baseUrlOf: () => around.baseUrl ?? 'http://127.0.0.1:1/base',
    dialectOf,
    protocol: around.protocol ?? null,
    targetHeaders: around.targetHeaders ?? new Map(),
    flagHeaders: around.flagHeaders ?? new Map(),
  });
  const step = planCases([contract], { groups: ['contract'], dialectOf }).cases[0]?.steps[0];
  if (step === undefined) throw new Error('no step');
  return preparer.prepareStep(
    step,
    scopeOf({ layers: [new Map(Object.entries(around.vars ?? {})), contract.vars], env: {} }),
  );
}

function sent(contract: Contract, around?: Around): Prepared & { readonly line: string; readonly body: string | null } {
  const prepared = prepare(contract, around);
  if ('problem' in prepared) throw new Error(prepared.problem);
  const { request } = prepared;
  return {
    ...prepared,
    line: `${request.verb} ${request.target}`,
    body: request.body === null ? null : new TextDecoder().decode(request.body),
  };
}

const one = (spec: string): string => `cases:\n  - { name: it, ${spec} }\n`;

describe('a prepared request', () => {
  it.each([
    ['method: GET, key: 7', 'GET /base/books/7', null],
    [
      'method: GET, key: 9007199254740993, fields: "id,title"',
      'GET /base/books/9007199254740993?fields=id,title',
      null,
    ],
    ['method: BATCH_GET, ids: [1, 2]', 'GET /base/books?ids=List(1,2)', null],
    ['method: CREATE, entity: { title: New }', 'POST /base/books', '{"title":"New"}'],
    [
      'method: PARTIAL_UPDATE, key: 1, patch: { $set: { title: New } }',
      'POST /base/books/1',
      '{"patch":{"$set":{"title":"New"}}}',
    ],
    ['method: GET, key: 1, raw: { path: "/books/(1)" }, expect: 400', 'GET /base/books/(1)', null],
    ['method: GET, key: 1, raw: { verb: DELETE }, expect: 204', 'DELETE /base/books/1', null],
    [
      'method: CREATE, entity: { title: New }, raw: { body: "{not json" }, expect: 400',
      'POST /base/books',
      '{not json',
    ],
    ['method: BATCH_GET, ids: [1, 2], tunnel: true', 'POST /base/books', 'ids=List(1,2)'],
  ])('%s', (spec, line, body) => {
    const request = sent(books('  GET:\n  BATCH_GET:\n  CREATE:\n  PARTIAL_UPDATE:\n', one(spec)));
    expect(request.line).toBe(line);
    expect(request.body).toBe(body);
  });

  it('keeps the type of a variable that is a whole value, and makes text of the others', () => {
    const contract = books(
      '  CREATE:\n',
      `vars: { n: 12345678901234567, word: New }\n${one('method: CREATE, entity: { title: "${word} ${n}" }')}`,
    );
    expect(sent(contract).body).toBe('{"title":"New 12345678901234567"}');
    const keyed = books('  GET:\n', `vars: { n: 12345678901234567 }\n${one('method: GET, key: "${n}"')}`);
    expect(sent(keyed).asked.key).toBe(12345678901234567n);
  });

  it('says which variable has no value', () => {
    const contract = books('  GET:\n', `vars: { known: 1 }\n${one('method: GET, key: "${known}"')}`);
    const broken = { ...contract, vars: new Map() };
    expect(prepare(broken)).toEqual({ problem: expect.stringContaining('${known}') });
  });

  it('writes a whole double as the server does', () => {
    const contract = books(
      '  FINDER: { near: { params: { distance: double } } }\n',
      one('method: FINDER, q: near, params: { distance: 3 }'),
    );
    expect(sent(contract).line).toBe('GET /base/books?distance=3.0&q=near');
    expect(sent(contract).asked.params.get('distance')).toBe(3);
  });

  it('speaks protocol 1.0.0 when the target or the case wants it, the case first', () => {
    const plain = books('  BATCH_GET:\n', one('method: BATCH_GET, ids: [1, 2]'));
    expect(sent(plain, { protocol: '1.0.0' }).line).toBe('GET /base/books?ids=1&ids=2');
    const own = books('  BATCH_GET:\n', one('method: BATCH_GET, ids: [1, 2], protocol: 2.0.0'));
    expect(sent(own, { protocol: '1.0.0' }).line).toBe('GET /base/books?ids=List(1,2)');
  });

  it('tunnels a query that is longer than the dialect lets it be', () => {
    const contract = contractOf(`
contract: 1
resource: books
dialect: linkedin
headers: { LinkedIn-Version: "202604" }
key: { id: long }
entity: { type: object }
methods: { BATCH_GET: }
cases: [{ name: it, method: BATCH_GET, ids: [${Array.from({ length: 500 }, (_, i) => 1_000_000_000 + i).join(', ')}] }]
`);
    const request = sent(contract);
    expect(request.line).toBe('POST /base/books');
    expect(request.request.headers).toContainEqual(['X-HTTP-Method-Override', 'GET']);
    expect(request.asked.tunnelled).toBe(true);
  });
});

describe('headers', () => {
  const contract = books(
    '  GET:\n',
    `headers: { X-A: contract, X-B: contract, X-C: contract, X-D: contract }
${one('method: GET, key: 1, headers: { x-d: case, X-List: [one, two], Accept: null }')}`,
  );
  const around = {
    targetHeaders: new Map([
      ['x-b', 'target'],
      ['X-C', 'target'],
      ['X-D', 'target'],
    ]),
    flagHeaders: new Map([
      ['X-c', 'flag'],
      ['X-D', 'flag'],
    ]),
  };

  it('are layered: profile, contract, target, flag, case, names without case', () => {
    const lines = sent(contract, around).request.headers.filter(([name]) => /^x-[abcd]$/i.test(name));
    expect(lines.map(([name, value]) => [name.toLowerCase(), value])).toEqual([
      ['x-a', 'contract'],
      ['x-b', 'target'],
      ['x-c', 'flag'],
      ['x-d', 'case'],
    ]);
  });

  it('are left out by null and doubled by a list', () => {
    const { headers } = sent(contract, around).request;
    expect(headers.filter(([name]) => name === 'X-List')).toEqual([
      ['X-List', 'one'],
      ['X-List', 'two'],
    ]);
    expect(headers.some(([name]) => name === 'Accept')).toBe(false);
    expect(headers).toContainEqual(['X-RestLi-Method', 'GET']);
  });

  it('leave the authorization of the target out where the case says so', () => {
    expect(sent(contract).anonymous).toBe(false);
    expect(
      sent(books('  GET:\n', one('method: GET, key: 1, headers: { authorization: null }, expect: 401'))).anonymous,
    ).toBe(true);
  });
});
