/** Answers of misbehaving servers: each is told by a rule of its own, and nothing crashes. */
import { describe, expect, it } from 'vitest';
import { answer, book, brokenBy, exchange, send } from './support.ts';
import { checkResponse } from '../../src/verify/check-response.ts';
import { failure } from '../../src/transport/failure.ts';

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)));

describe('a status that asks for credentials', () => {
  it.each([401, 403])('%i says where they come from', (status) => {
    const { violations } = answer('GET /books/1', {
      answer: '{"status":401,"message":"No token."}',
      status,
      expect: { status: [200] },
    });
    expect(violations[0]?.hint).toMatch(/`auth` of the target.*--header/);
  });
});

describe('a body that', () => {
  it.each([
    ['is HTML', '<!doctype html><html><head><title>Sign <b>in</title></head></html>', 'body/not-json'],
    ['ends early', '{"id":1', 'body/not-json'],
    ['has a trailing comma', '{"id":1,}', 'body/not-json'],
    ['has a comment', '{"id":1} // x', 'body/not-json'],
    ['holds NaN', '{"id":NaN}', 'body/not-a-number'],
    ['holds Infinity', '{"id":Infinity}', 'body/not-a-number'],
    ['nests 20,000 deep', '['.repeat(20_000) + ']'.repeat(20_000), 'body/too-deep'],
  ])('%s is told', (_, text, rule) => {
    expect(brokenBy('GET /books/1', { answer: text })).toEqual([rule]);
  });

  it('is HTML is told with its title, escaped', () => {
    const { violations } = answer('GET /books/1', { answer: '<html><title>Sign\u001b[31m "in"</title>' });
    expect(violations[0]?.actual).toContain('<html>');
    expect(violations[0]?.message).not.toContain('\u001b');
  });

  it('is a page for people is one problem, whatever else would not fit', () => {
    const page = '<!doctype html><html><title>Sign in</title></html>';
    const answerHeaders = { 'Content-Type': 'text/html', 'X-RestLi-Protocol-Version': null };
    const asked = { answer: page, answerHeaders, expect: { status: [200], body: { id: 1 } } };
    const { violations } = answer('GET /books/1', asked);
    expect(violations.map(({ rule }) => rule)).toEqual(['body/not-json']);
    expect(violations[0]?.message).toContain('page of HTML, titled "Sign in"');

    const refused = answer('GET /books/1', { answer: page, answerHeaders, status: 403 }).violations;
    expect(refused.map(({ rule }) => rule)).toHaveLength(1);
    expect(refused[0]?.message).toContain('Sign in');
  });

  it('begins with a byte order mark is told by name, and its entity is judged', () => {
    expect(brokenBy('GET /books/1', { answer: bytes([0xef, 0xbb, 0xbf], book(1)) })).toEqual(['body/byte-order-mark']);
    expect(brokenBy('GET /books/1', { answer: bytes([0xef, 0xbb, 0xbf], '{}') })).toEqual([
      'body/byte-order-mark',
      'entity/schema',
    ]);
    expect(brokenBy('GET /books/1', { answer: bytes([0xef, 0xbb, 0xbf], '<html>') })).toEqual([
      'body/byte-order-mark',
      'body/not-json',
    ]);
  });

  it('is not UTF-8 is told with the offset', () => {
    const { violations } = answer('GET /books/1', { answer: bytes('{"id":"', [0xe9], '"}') });
    expect(violations.map(({ rule, actual }) => [rule, actual])).toEqual([['body/invalid-utf-8', '0xE9 at byte 7']]);
  });

  it('names a member twice is told with both places', () => {
    const { violations } = answer('GET /books/1', { answer: `{"id":2,${book(1).slice(1)}` });
    expect(violations.map(({ rule, pointer, actual }) => [rule, pointer, actual])).toEqual([
      ['body/duplicate-member', '/id', '/id at characters 1 and 8'],
    ]);
  });

  it('holds half a character is told', () => {
    expect(brokenBy('GET /books/1', { answer: book(1, ',"shelf":"\\uD83D"') })).toEqual(['body/lone-surrogate']);
    expect(brokenBy('GET /books/1', { answer: book(1, ',"shelf":"\\uD83D\\uDE00"') })).toEqual([]);
  });

  it('holds __proto__ and constructor is plain data', () => {
    expect(brokenBy('GET /books/1', { answer: book(1, ',"__proto__":{"polluted":1},"constructor":{}') })).toEqual([]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('holds a long at its limit is compared to the last digit', () => {
    const line = 'GET /books/9223372036854775807';
    expect(brokenBy(line, { answer: book(1).replace('"id":1', '"id":9223372036854775807') })).toEqual([]);
    expect(brokenBy(line, { answer: book(1).replace('"id":1', '"id":9223372036854775806') })).toEqual([
      'entity/key-differs',
    ]);
    expect(brokenBy(line, { answer: book(1).replace('"id":1', '"id":9223372036854775808') })).toEqual([
      'entity/key-differs',
      'entity/schema',
    ]);
  });

  it('comes as another type is told, and read as JSON all the same', () => {
    expect(
      brokenBy('GET /books/1', { answer: book(1), answerHeaders: { 'Content-Type': 'text/html; charset=utf-16' } }),
    ).toEqual(['response-headers/content-type']);
    expect(
      brokenBy('GET /books/1', {
        answer: book(1),
        answerHeaders: { 'Content-Type': 'application/json; charset=UTF-8' },
      }),
    ).toEqual([]);
  });

  it('has a hundred faults is told by twenty and a count', () => {
    const elements = Array.from({ length: 100 }, () => '{}').join(',');
    const { violations } = answer('GET /books?start=0&count=100', {
      answer: `{"elements":[${elements}],"paging":{"start":0,"count":100,"total":9,"links":[]}}`,
    });
    expect(violations.length).toBe(20);
    expect(violations[19]?.message).toMatch(/and 480 more violations/);
  });
});

describe('headers of an answer', () => {
  it('in another protocol version are told, an absent version is a note', () => {
    expect(
      brokenBy('GET /books/1', { answer: book(1), answerHeaders: { 'X-RestLi-Protocol-Version': '1.0.0' } }),
    ).toEqual(['response-headers/protocol-version']);
    const { violations } = answer('GET /books/1', {
      answer: book(1),
      answerHeaders: { 'X-RestLi-Protocol-Version': null },
    });
    expect(violations.map(({ level }) => level)).toEqual(['may']);
  });

  it('of a request without version are those of 1.0.0', () => {
    const plain = { headers: { 'X-RestLi-Protocol-Version': null }, answer: book(1) };
    expect(brokenBy('GET /books/1', { ...plain, answerHeaders: { 'X-RestLi-Protocol-Version': '1.0.0' } })).toEqual([]);
    expect(brokenBy('GET /books/1', plain)).toEqual(['response-headers/protocol-version']);
  });
});

describe('an error', () => {
  it('without its header is told, in linkedin as a note', () => {
    const lost = { status: 404, answer: '{"status":404}', answerHeaders: { 'X-RestLi-Error-Response': null } };
    expect(brokenBy('GET /books/1', lost)).toEqual(['errors/header-missing']);
    expect(
      brokenBy('GET /rest/accounts/urn%3Ali%3Aaccount%3A1', {
        ...lost,
        contract: 'accounts',
        headers: { 'LinkedIn-Version': '202601' },
      }),
    ).toEqual([]);
  });

  it('in 1.0.0 is marked by the older header', () => {
    const old = { headers: { 'X-RestLi-Protocol-Version': '1.0.0' }, status: 404, answer: '{"status":404}' };
    const answered = { 'X-RestLi-Protocol-Version': '1.0.0', 'X-RestLi-Error-Response': null };
    expect(
      brokenBy('GET /books/1', { ...old, answerHeaders: { ...answered, 'X-LinkedIn-Error-Response': 'true' } }),
    ).toEqual([]);
    expect(brokenBy('GET /books/1', { ...old, answerHeaders: answered })).toEqual(['errors/header-missing']);
  });

  it('whose body says another status is told', () => {
    expect(brokenBy('GET /books/1', { status: 404, answer: '{"status":400}' })).toEqual(['errors/status-differs']);
  });

  it('without a body is legal', () => {
    expect(brokenBy('DELETE /books/1', { status: 404 })).toEqual([]);
  });

  it('in linkedin must hold its status', () => {
    const sent = { contract: 'accounts', headers: { 'LinkedIn-Version': '202601' } };
    expect(
      brokenBy('GET /rest/accounts/urn%3Ali%3Aaccount%3A1', { ...sent, status: 404, answer: '{"message":"x"}' }),
    ).toEqual(['errors/body']);
  });
});

describe('a batch', () => {
  const DELETE = { headers: { 'X-Confirm': 'y' } };
  const gone = '{"status":404}';

  it.each([
    [
      'a key that nobody asked for',
      'GET /books?ids=List(1)',
      `{"results":{"1":${book(1)},"9":${book(9)}},"errors":{}}`,
      'batch/key-not-asked',
    ],
    [
      'a key in both maps',
      'GET /books?ids=List(1)',
      `{"results":{"1":${book(1)}},"errors":{"1":${gone}}}`,
      'batch/key-in-both',
    ],
    [
      'a written key in neither map',
      'DELETE /books?ids=List(1,2)',
      '{"results":{"1":{"status":204}},"errors":{}}',
      'batch/key-unanswered',
    ],
    ['an item without status', 'DELETE /books?ids=List(1)', '{"results":{"1":{}},"errors":{}}', 'batch/entry-status'],
    [
      'a status that is none',
      'DELETE /books?ids=List(1)',
      '{"results":{"1":{"status":99}},"errors":{}}',
      'batch/entry-status',
    ],
    ['an error that is none', 'DELETE /books?ids=List(1)', '{"results":{},"errors":{"1":7}}', 'batch/entry-error'],
    ['results that are a list', 'GET /books?ids=List(1)', '{"results":[],"errors":{}}', 'envelope/shape'],
  ])('with %s is told', (_, line, text, rule) => {
    expect(brokenBy(line, { ...DELETE, answer: text })).toEqual([rule]);
  });

  it('read may leave a key out of both maps', () => {
    expect(brokenBy('GET /books?ids=List(1,2)', { answer: `{"results":{"1":${book(1)}},"errors":{}}` })).toEqual([]);
  });

  it('may tell a failure in either map', () => {
    expect(
      brokenBy('DELETE /books?ids=List(1,2)', {
        ...DELETE,
        answer: `{"results":{"1":{"status":404}},"errors":{"2":${gone}}}`,
      }),
    ).toEqual([]);
  });

  it('with a percent-encoded simple key is told in restli and read in linkedin', () => {
    expect(
      brokenBy('GET /notes?ids=List(a%3Ab)', {
        contract: 'notes',
        answer: '{"results":{"a%3Ab":{"text":"x"}},"errors":{}}',
      }),
    ).toEqual(['batch/key-spelling']);
    const sent = { contract: 'accounts', headers: { 'LinkedIn-Version': '202601' } };
    for (const key of ['urn%3Ali%3Aaccount%3A1', 'urn:li:account:1']) {
      expect(
        brokenBy('GET /rest/accounts?ids=List(urn%3Ali%3Aaccount%3A1)', {
          ...sent,
          answer: `{"results":{"${key}":{"name":"x"}}}`,
        }),
      ).toEqual([]);
    }
  });

  it('with compound keys compares them as records', () => {
    const line = 'GET /follows?ids=List((from:a%20b,to:1))';
    for (const key of ['(from:a b,to:1)', '(to:1,from:a%20b)']) {
      expect(brokenBy(line, { contract: 'follows', answer: `{"results":{"${key}":{"since":1}},"errors":{}}` })).toEqual(
        [],
      );
    }
  });

  it('with a key asked for twice is answered once', () => {
    expect(
      brokenBy('DELETE /books?ids=List(1,1)', { ...DELETE, answer: '{"results":{"1":{"status":204}},"errors":{}}' }),
    ).toEqual([]);
  });
});

describe('a creation', () => {
  const sent = { body: '{"isbn":"1","title":"a","genre":"POETRY"}', status: 201 };
  const linkedin = { ...sent, contract: 'accounts', body: '{"name":"x"}', headers: { 'LinkedIn-Version': '202601' } };

  it('in linkedin carries any of three headers, raw or escaped', () => {
    const line = 'POST /rest/accounts';
    for (const headers of [
      { 'X-RestLi-Id': 'urn:li:account:1' },
      { 'x-linkedin-id': 'urn%3Ali%3Aaccount%3A1' },
      { Location: '/accounts/urn%3Ali%3Aaccount%3A1' },
    ]) {
      expect(brokenBy(line, { ...linkedin, answerHeaders: headers })).toEqual([]);
    }
    expect(brokenBy(line, linkedin)).toEqual(['create/id-missing']);
  });

  it('in 1.0.0 carries the older header', () => {
    const old = { ...sent, headers: { 'X-RestLi-Protocol-Version': '1.0.0' } };
    const version = { 'X-RestLi-Protocol-Version': '1.0.0' };
    expect(
      brokenBy('POST /books', { ...old, answerHeaders: { ...version, 'X-LinkedIn-Id': '7', Location: '/books/7' } }),
    ).toEqual([]);
    expect(
      brokenBy('POST /books', { ...old, answerHeaders: { ...version, 'X-RestLi-Id': '7', Location: '/books/7' } }),
    ).toEqual(['create/id-missing']);
  });

  it('of many answers one result for each, by index', () => {
    const many = { body: `{"elements":[${sent.body},${sent.body}]}`, headers: { 'X-RestLi-Method': 'BATCH_CREATE' } };
    expect(brokenBy('POST /books', { ...many, answer: '{"elements":[{"status":201,"id":"1"}]}' })).toEqual([
      'batch-create/one-result-per-element',
    ]);
    expect(
      brokenBy('POST /books', {
        ...many,
        answer: '{"elements":[{"status":201,"id":"1"},{"status":400,"error":{"status":400}}]}',
      }),
    ).toEqual([]);
  });
});

describe('an exchange without an answer', () => {
  it('is told by its phase, with the reason', () => {
    const { asked } = send('GET /books/1');
    if (asked === null) throw new Error('no method');
    const broken = {
      ...exchange('GET /books/1'),
      response: null,
      failure: failure('header-timeout', 'no head within 30 s'),
    };
    const { violations } = checkResponse(asked, broken, null, { exchangeIndex: 3 });
    expect(violations.map(({ rule, actual, exchange: index }) => [rule, actual, index])).toEqual([
      ['transport/timeout', 'header-timeout', 3],
    ]);
  });
});

describe('an answer that is open to more than is promised', () => {
  it('may hold the entity where none was asked for, which is advice; never `{}`', () => {
    const body = '{"isbn":"1","title":"a","genre":"POETRY"}';
    const levels = (text: string) =>
      answer('PUT /books/1', { body, status: 200, answer: text })
        .violations.filter(({ rule }) => rule === 'body/unexpected')
        .map(({ level }) => level);
    expect(levels(book(1))).toEqual(['should']);
    expect(levels('{}')).toEqual(['must']);
    expect(levels('{"id":"no book"}')).toEqual(['must']);
  });

  it('may refuse a version that is not spoken in one that is, marked as that one marks errors', () => {
    const refused = (sent: string, spoken: string, mark: string): readonly string[] => {
      const { asked } = send('GET /books/1');
      if (asked === null) throw new Error('no method');
      const answered = exchange('GET /books/1', {
        status: 400,
        answer: '{"status":400}',
        answerHeaders: { 'X-RestLi-Protocol-Version': spoken, 'X-RestLi-Error-Response': null, [mark]: 'true' },
      });
      const request = { ...answered.request, headers: [['X-RestLi-Protocol-Version', sent] as const] };
      const { violations } = checkResponse({ ...asked, spec: null }, { ...answered, request }, null, {
        exchangeIndex: 0,
      });
      return violations.filter(({ level }) => level === 'must').map(({ rule }) => rule);
    };
    expect(refused('9.0.0', '1.0.0', 'X-LinkedIn-Error-Response')).toEqual([]);
    expect(refused('9.0.0', '2.0.0', 'X-RestLi-Error-Response')).toEqual([]);
    expect(refused('9.0.0', '1.0.0', 'X-Other')).toEqual(['errors/header-missing']);
    expect(refused('2.0.0', '1.0.0', 'X-LinkedIn-Error-Response')).toEqual(['response-headers/protocol-version']);
  });

  it('may leave paging out, which is advice', () => {
    const { violations } = answer('GET /books?q=search', { answer: '{"elements":[]}' });
    expect(violations.filter(({ level }) => level === 'must')).toEqual([]);
  });
});
