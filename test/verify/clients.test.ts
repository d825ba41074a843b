/** What LinkedIn's own clients send, oddities included, is not held against them. */
import { describe, expect, it } from 'vitest';
import { broken, send } from './support.ts';

const js = (method: string) => ({
  contract: 'accounts',
  headers: {
    'LinkedIn-Version': '202601',
    'X-RestLi-Method': method,
    'Content-Type': 'application/json',
    Accept: 'application/json, text/plain, */*',
  },
});
const URN = 'urn%3Ali%3Aaccount%3A1';

describe('LinkedIn’s JavaScript client', () => {
  it.each([
    ['get', `GET /rest/accounts/${URN}`],
    ['get with an empty first parameter', `GET /rest/accounts/${URN}?&fields=name,owner`],
    ['batch_get', `GET /rest/accounts?ids=List(${URN},urn%3Ali%3Aaccount%3A2)`],
    ['finder', 'GET /rest/accounts?q=search&name=a%2Fb%3F%3D%26&pageSize=10'],
    ['delete', `DELETE /rest/accounts/${URN}`],
    ['batch_delete', `DELETE /rest/accounts?ids=List(${URN})`],
  ])('may send %s', (method, line) => {
    expect(broken(line, js(method.split(' ')[0] ?? ''))).toEqual([]);
  });

  it('may write escaped keys into bodies', () => {
    const body = `{"entities":{"${URN}":{"patch":{"$set":{"name":"a"}}}}}`;
    expect(broken(`POST /rest/accounts?ids=List(${URN})`, { ...js('batch_partial_update'), body })).toEqual([]);
    expect(send(`POST /rest/accounts?ids=List(${URN})`, { ...js('batch_partial_update'), body }).asked?.ids).toEqual([
      'urn:li:account:1',
    ]);
  });

  it('may tunnel a finder', () => {
    const tunnelled = {
      ...js('finder'),
      body: 'q=search&name=a',
      headers: {
        ...js('finder').headers,
        'Content-Type': 'application/x-www-form-urlencoded',
        'X-HTTP-Method-Override': 'GET',
      },
    };
    expect(broken('POST /rest/accounts', tunnelled)).toEqual([]);
    expect(send('POST /rest/accounts', tunnelled).asked?.params.get('name')).toBe('a');
  });

  it('may decorate, which is deprecated', () => {
    for (const query of ['projection=(name,owner~(name))', 'projection=(name)&fields=name']) {
      const { violations, asked } = send(`GET /rest/accounts/${URN}?${query}`, js('get'));
      expect(violations.map(({ rule }) => rule)).toEqual(['deprecated/parameter']);
      expect(asked?.method).toBe('GET');
    }
  });

  it('may not tunnel a delete as GET', () => {
    const tunnelled = {
      ...js('delete'),
      body: 'x=1',
      headers: {
        ...js('delete').headers,
        'Content-Type': 'application/x-www-form-urlencoded',
        'X-HTTP-Method-Override': 'GET',
      },
    };
    expect(broken(`POST /rest/accounts/${URN}`, tunnelled)).toEqual(['tunnel/override-contradicts']);
  });
});

describe('what a request asks', () => {
  it('is typed by the contract', () => {
    const { asked } = send('GET /books?q=search&title=a&start=3&count=5&fields=id');
    expect(asked?.operation?.name).toBe('search');
    expect(Object.fromEntries(asked?.params ?? [])).toEqual({ title: 'a', start: 3, count: 5 });
    expect(asked?.masks).toEqual({ fields: 'id' });
  });

  it('keeps every digit of keys', () => {
    expect(send('GET /books?ids=List(9007199254740993,1)').asked?.ids).toEqual([9007199254740993n, 1]);
  });

  it('counts items of each kind of batch', () => {
    const items = (line: string, sending = {}): number | null | undefined => send(line, sending).asked?.items;
    expect(items('GET /books?ids=List(1,2)')).toBe(2);
    expect(
      items('POST /books', { body: '{"elements":[{},{},{}]}', headers: { 'X-RestLi-Method': 'BATCH_CREATE' } }),
    ).toBe(3);
    expect(items('GET /books?bq=searchMany&criteria=List((title:a))')).toBe(1);
    expect(items('GET /books/1')).toBeNull();
  });

  it('is known though the contract does not declare the method', () => {
    const { asked, operation, contract } = send('DELETE /follows/(from:a,to:1)', { contract: 'follows' });
    expect([asked?.method, operation, contract?.resource]).toEqual(['DELETE', null, 'follows']);
  });

  it('is null where nothing is reached, with the contract where the path has one', () => {
    const { asked, refusal, contract } = send('GET /books?ids=', {});
    expect([asked, refusal?.reason, contract?.resource]).toEqual([null, 'query-empty', 'books']);
  });
});

describe('a request without version', () => {
  const message = (line: string): string | undefined =>
    send(line, { headers: { 'X-RestLi-Protocol-Version': null } }).violations.find(({ level }) => level === 'must')
      ?.message;

  it('says what the server makes of it', () => {
    expect(message('GET /books?ids=List(1,2)')).toContain('misreads its lists');
    expect(message('GET /books?ids=1&ids=2')).toContain('which it is written in');
    expect(message('GET /books/1')).toContain('makes no difference until');
  });

  it('is told once, in either syntax', () => {
    for (const line of ['GET /books?ids=List(1,2)', 'GET /books?ids=1&ids=2', 'GET /books/1']) {
      expect(broken(line, { headers: { 'X-RestLi-Protocol-Version': null } })).toEqual([
        'headers/protocol-version-missing',
      ]);
    }
  });
});

describe('a request of stated intent', () => {
  it('is held to it where the wire shows nothing', () => {
    const { violations } = send('GET /books', { intent: { method: 'BATCH_GET' } });
    expect(
      violations.filter(({ level }) => level === 'must').map(({ rule, expected, actual }) => [rule, expected, actual]),
    ).toEqual([['routing/not-the-method-meant', 'BATCH_GET', 'GET_ALL']]);
    expect(violations.find(({ level }) => level === 'must')?.message).toContain('a page of all entities, unfiltered');
  });

  it('is held to the finder meant', () => {
    expect(broken('GET /books?q=newest', { intent: { method: 'FINDER', operation: 'search' } })).toEqual([
      'routing/not-the-method-meant',
    ]);
    expect(broken('GET /books?q=search', { intent: { method: 'FINDER', operation: 'search' } })).toEqual([]);
  });
});
