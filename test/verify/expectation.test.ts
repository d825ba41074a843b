import { describe, expect, it } from 'vitest';
import { captureFrom } from '../../src/verify/capture.ts';
import { checkResponse } from '../../src/verify/check-response.ts';
import { contractOf } from '../support/contract.ts';
import { answer, book, brokenBy, exchange, outcome, send, type Answering } from './support.ts';

const ONE = { answer: book(1) };
const BATCH = 'GET /books?ids=List(2,404,1)';
const FOUND = `{"results":{"1":${book(1)},"2":${book(2)}},"errors":{"404":{"status":404,"message":"gone"}}}`;
const CONFIRM = { 'X-Confirm': 'y' };

function told(line: string, answering: Answering): readonly (readonly [string, string | null, string, string])[] {
  return answer(line, answering).violations.map(({ rule, pointer, expected: wanted, actual }) => [
    rule,
    pointer,
    wanted,
    actual,
  ]);
}

describe('an expectation of', () => {
  it('nothing wants a success', () => {
    expect(brokenBy('GET /books/1', { ...ONE, expect: {} })).toEqual([]);
    expect(brokenBy('GET /books/1', { status: 404, answer: '{"status":404}', expect: {} })).toEqual([
      'status/not-success',
    ]);
  });

  it('a success tells what the server said instead', () => {
    const { violations } = answer('GET /books/1', {
      status: 400,
      answer: '{"status":400,"message":"the shelf is closed"}',
      expect: {},
    });
    expect(violations[0]?.message).toContain('answered 400: "the shelf is closed"');
  });

  it('an error is kept by the error', () => {
    expect(brokenBy('GET /books/1', { status: 404, answer: '{"status":404}', expect: { status: [404] } })).toEqual([]);
    expect(told('GET /books/1', { ...ONE, expect: { status: [404, 410] } })).toEqual([
      ['expectation/status', null, '404 or 410', '200'],
    ]);
  });

  it('an undeclared success does not lift the promise of the method', () => {
    expect(brokenBy('GET /books/1', { status: 203, answer: book(1), expect: { status: [203] } })).toEqual([
      'status/undeclared-success',
    ]);
  });

  it('two outcomes is kept by a refusal, whatever the body should be', () => {
    const either = { status: [200], orRefused: [400, 422], body: { title: 'Tides' } };
    expect(brokenBy('GET /books/1', { status: 422, answer: '{"status":422}', expect: either })).toEqual([]);
    expect(brokenBy('GET /books/1', { status: 404, answer: '{"status":404}', expect: either })).toEqual([
      'expectation/status',
    ]);
  });

  it('a body says where it differs, with types', () => {
    expect(told('GET /books/1', { ...ONE, expect: { body: { title: 5, loan: { $present: true } } } })).toEqual([
      ['expectation/body', '/title', 'integer 5', 'string "Tides"'],
      ['expectation/body', '/loan', 'a value', 'nothing'],
    ]);
  });

  it('no body is kept by zero bytes', () => {
    const none = { body: { $present: false } };
    expect(brokenBy('DELETE /books/1', { status: 204, expect: none })).toEqual([]);
    expect(brokenBy('GET /books/1', { ...ONE, expect: none })).toEqual(['expectation/body']);
  });

  it('a header compares text, names without case', () => {
    const tagged = { ...ONE, answerHeaders: { etag: '"7"' } };
    expect(brokenBy('GET /books/1', { ...tagged, expect: { headers: new Map([['ETag', '"7"']]) } })).toEqual([]);
    expect(brokenBy('GET /books/1', { ...tagged, expect: { headers: new Map([['ETag', { $regex: '^W' }]]) } })).toEqual(
      ['expectation/header'],
    );
    expect(
      brokenBy('GET /books/1', {
        ...tagged,
        answerHeaders: { etag: '"7"', 'X-Count': '3' },
        expect: { headers: new Map([['X-Count', 3]]) },
      }),
    ).toEqual([]);
  });

  it('a key compares the decoded one', () => {
    const created = {
      body: '{"isbn":"1","title":"a","genre":"POETRY"}',
      status: 201,
      answerHeaders: { 'X-RestLi-Id': '9007199254740993', Location: '/books/9007199254740993' },
    };
    expect(brokenBy('POST /books', { ...created, expect: { key: 9007199254740993n } })).toEqual([]);
    expect(brokenBy('POST /books', { ...created, expect: { key: 9007199254740992n } })).toEqual(['expectation/key']);
    expect(brokenBy('POST /books', { ...created, expect: { key: { $type: 'long' } } })).toEqual([]);
  });
});

describe('outcomes of a batch', () => {
  it('stand in the order of the request', () => {
    const each = [
      outcome({ entity: { id: 2 } }),
      outcome({ status: [404] }),
      outcome({ status: [200], entity: { id: 1 } }),
    ];
    expect(told(BATCH, { answer: FOUND, expect: { each } })).toEqual([]);
  });

  it('say which item differs', () => {
    const each = [outcome({ entity: { title: 'Sands' } }), outcome({ status: [200] }), outcome()];
    expect(told(BATCH, { answer: FOUND, expect: { each } })).toEqual([
      ['expectation/each', '/results/2/title', 'string "Sands"', 'string "Tides"'],
      ['expectation/each', '/errors/404', '200', '404, object {"status":404,"message":"gone"}'],
    ]);
  });

  it('hold for each item where there is one for all', () => {
    expect(
      brokenBy('DELETE /books?ids=List(1,2)', {
        headers: CONFIRM,
        answer: '{"results":{"1":{"status":204},"2":{"status":204}},"errors":{}}',
        expect: { each: outcome({ status: [204] }) },
      }),
    ).toEqual([]);
  });

  it('without a status must succeed', () => {
    expect(brokenBy(BATCH, { answer: FOUND, expect: { each: outcome() } })).toEqual(['batch/hidden-failure']);
    expect(brokenBy(BATCH, { answer: FOUND, expect: { status: [200] } })).toEqual(['batch/hidden-failure']);
  });

  it('of a read left out are 404', () => {
    const each = [outcome(), outcome({ status: [404] }), outcome()];
    expect(brokenBy(BATCH, { answer: FOUND.replace(/"errors":.*$/, '"errors":{}}'), expect: { each } })).toEqual([]);
  });

  it('of a write left out break a rule, whatever is expected', () => {
    const left = { headers: CONFIRM, answer: '{"results":{"1":{"status":204}},"errors":{}}' };
    expect(
      brokenBy('DELETE /books?ids=List(1,2)', { ...left, expect: { each: outcome({ status: [204, 404] }) } }),
    ).toEqual(['batch/key-unanswered']);
  });

  it('count a failure the same in results as in errors', () => {
    const each = [outcome({ status: [204] }), outcome({ status: [404] })];
    for (const text of [
      '{"results":{"1":{"status":204},"2":{"status":404}},"errors":{}}',
      '{"results":{"1":{"status":204}},"errors":{"2":{"status":404}}}',
    ]) {
      expect(brokenBy('DELETE /books?ids=List(1,2)', { headers: CONFIRM, answer: text, expect: { each } })).toEqual([]);
    }
  });

  it('of another number than the request has are told', () => {
    expect(
      brokenBy('GET /books?ids=List(1)', {
        answer: `{"results":{"1":${book(1)}},"errors":{}}`,
        expect: { each: [outcome(), outcome()] },
      }),
    ).toEqual(['expectation/each']);
  });

  it('of a batch finder stand by position', () => {
    const page = `{"elements":[${book(1)}],"paging":{"start":0,"count":10,"links":[]}}`;
    const failed = '{"isError":true,"elements":[],"error":{"status":400,"code":"X"}}';
    const line = 'GET /books?bq=searchMany&criteria=List((title:a),(title:b))';
    const each = [outcome({ elements: [{ id: 1 }] }), outcome({ status: [400], error: { code: 'X' } })];
    expect(told(line, { answer: `{"elements":[${page},${failed}]}`, expect: { each } })).toEqual([]);
    expect(brokenBy(line, { answer: `{"elements":[${failed},${page}]}`, expect: { each } })).toEqual([
      'batch/hidden-failure',
      'expectation/each',
    ]);
  });

  it('of created elements have their key', () => {
    const sent = {
      body: '{"elements":[{"isbn":"1","title":"a","genre":"POETRY"}]}',
      headers: { 'X-RestLi-Method': 'BATCH_CREATE' },
    };
    const answered = { ...sent, answer: '{"elements":[{"status":201,"id":"7"}]}' };
    expect(told('POST /books', { ...answered, expect: { each: outcome({ key: 7 }) } })).toEqual([]);
    expect(told('POST /books', { ...answered, expect: { each: outcome({ key: 8 }) } })).toEqual([
      ['expectation/each', '/elements/0/id', 'integer 8', 'integer 7'],
    ]);
  });
});

describe('a violation', () => {
  const contract = contractOf(`contract: 1
resource: shelves
key: { id: long }
types:
  Shelf: { type: object, required: [id], properties: { id: { $ref: "#/types/long" }, name: { type: string } } }
entity: Shelf
methods: { GET: , BATCH_GET: }
cases:
  - name: reads
    method: GET
    key: 1
    expect:
      status: 200
      body:
        name: A
`);

  const judge = (text: string) => {
    const { asked } = send('GET /books/1');
    if (asked === null) throw new Error('no method');
    const [operation] = contract.operations;
    const [spec] = contract.cases;
    if (operation === undefined || spec === undefined) throw new Error('no case');
    return checkResponse(
      { ...asked, contract, operation, spec },
      exchange('GET /books/1', { answer: text }),
      spec.expect,
      { exchangeIndex: 0 },
    ).violations;
  };

  it('of an expectation points at the line that was written', () => {
    expect(judge('{"id":1,"name":"B"}').map(({ rule, at }) => [rule, at?.line])).toEqual([['expectation/body', 15]]);
  });

  it('of a schema points at the type', () => {
    expect(judge('{"name":"A"}').map(({ rule, at }) => [rule, at?.line])).toEqual([['entity/schema', 5]]);
  });
});

describe('a captured value', () => {
  const from = (line: string, answering: Answering, place: string): unknown => {
    const { asked } = send(line, answering);
    return asked === null ? 'no method' : captureFrom(asked, exchange(line, answering), place);
  };

  it.each([
    ['status', 200],
    ['body/title', 'Tides'],
    ['body/authors/1', 'b'],
    ['body/nothing', undefined],
    ['headers/etag', '"7"'],
    ['headers/none', undefined],
    ['nowhere', undefined],
    ['body/constructor', undefined],
  ])('%s is what stands there', (place, value) => {
    expect(
      from('GET /books/1', { answer: book(1, ',"authors":["a","b"]'), answerHeaders: { ETag: '"7"' } }, place),
    ).toEqual(value);
  });

  it('key is the created key, typed', () => {
    const created = { body: '{"isbn":"1","title":"a","genre":"POETRY"}', status: 201 };
    expect(from('POST /books', { ...created, answerHeaders: { 'X-RestLi-Id': '9007199254740993' } }, 'key')).toBe(
      9007199254740993n,
    );
    expect(from('POST /books', { ...created, answerHeaders: { Location: '/books/7' } }, 'key')).toBe(7);
    expect(from('POST /books', created, 'key')).toBeUndefined();
  });

  it('each/0/key is that of the item', () => {
    const many = {
      body: '{"elements":[{"isbn":"1","title":"a","genre":"POETRY"}]}',
      headers: { 'X-RestLi-Method': 'BATCH_CREATE' },
      answer: '{"elements":[{"status":201,"id":"7"}]}',
    };
    expect(from('POST /books', many, 'each/0/key')).toBe(7);
    expect(from('POST /books', many, 'each/0/status')).toBe(201);
    expect(from('POST /books', many, 'each/9/key')).toBeUndefined();
  });

  it('each reads results in the order of the request', () => {
    expect(from(BATCH, { answer: FOUND }, 'each/0/entity/id')).toBe(2);
    expect(from(BATCH, { answer: FOUND }, 'each/1/error/message')).toBe('gone');
  });
});
