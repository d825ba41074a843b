import http from 'node:http';
import nock from 'nock';
import { afterEach, describe, expect, it } from 'vitest';
import { loadContract, mockContract, type ContractBroken, type ContractMock } from '../../src/mock/nock.ts';
import { books } from './library.ts';

const BASE = 'http://library.test/api';
const V2 = { 'X-RestLi-Protocol-Version': '2.0.0' };
const JSON_TYPE = { 'Content-Type': 'application/json' };
const HEADERS = { ...V2, ...JSON_TYPE };

afterEach(() => {
  const left = nock.activeMocks();
  if (left.length > 0) throw new Error(`a mock was left behind: ${left.join(', ')}`);
});

/** What the test would fail with; undefined: it would pass. */
function failureOf(api: ContractMock): ContractBroken | undefined {
  try {
    api[Symbol.dispose]();
    return undefined;
  } catch (error) {
    return error as ContractBroken;
  }
}

interface Answered {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

/** As axios sends: through node:http, its URL parsed before. */
function byHttp(
  verb: string,
  url: string,
  headers: http.OutgoingHttpHeaders,
  body?: string | Buffer,
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: verb, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

describe('a mocked contract', () => {
  it('answers the global fetch', async () => {
    using api = mockContract(books, { baseUrl: BASE });
    const response = await fetch(`${BASE}/books/1`, { headers: V2 });
    expect([response.status, await response.json()]).toMatchObject([200, { id: 1, title: 'Tides' }]);
    expect(api.requests.map(({ method, key }) => [method, key])).toEqual([['GET', 1]]);
  });

  it('answers node:http, digits of long ids kept', async () => {
    using api = mockContract(books, { baseUrl: BASE });
    const { status, text } = await byHttp('GET', `${BASE}/books/9007199254740993`, V2);
    expect([status, text]).toEqual([200, expect.stringContaining('"id":9007199254740993')]);
    expect(api.calls('GET')[0]?.key).toBe(9007199254740993n);
  });

  it('keeps the state that requests leave', async () => {
    using api = mockContract(books, { baseUrl: BASE });
    const patch = JSON.stringify({ patch: { $set: { title: 'Ebb' } } });
    const patched = await fetch(`${BASE}/books/1`, {
      method: 'POST',
      headers: { ...HEADERS, 'X-RestLi-Method': 'PARTIAL_UPDATE' },
      body: patch,
    });
    expect(patched.status).toBe(204);
    expect(api.entities.get(1)).toMatchObject({ title: 'Ebb', isbn: 'a1' });
    expect(api.calls('PARTIAL_UPDATE')[0]?.body).toEqual({ patch: { $set: { title: 'Ebb' } } });
  });

  it('lets tests set the state', async () => {
    using api = mockContract(books, { baseUrl: BASE });
    api.entities.put({ id: 7, isbn: 'z', title: 'Set', genre: 'POETRY', addedAt: 1 });
    api.entities.remove(1);
    expect((await fetch(`${BASE}/books/7`, { headers: V2 })).status).toBe(200);
    expect((await fetch(`${BASE}/books/1`, { headers: V2 })).status).toBe(404);
    expect(api.entities.list().map(({ id }) => id)).toEqual([2, 9007199254740993n, 7]);
    api.reset();
    expect(api.entities.list().map(({ id }) => id)).toEqual([1, 2, 9007199254740993n]);
  });

  it('has the faults it is told to have', async () => {
    using sound = mockContract(books, { baseUrl: 'http://sound.test' });
    using faulty = mockContract(books, { baseUrl: 'http://faulty.test', faults: ['entity-in-envelope'] });
    const sent = { headers: V2 };
    const [right, wrong] = [
      await fetch('http://sound.test/books/1', sent),
      await fetch('http://faulty.test/books/1', sent),
    ];
    expect([right.status, wrong.status]).toEqual([200, 200]);
    expect([sound.requests.length, faulty.requests.length]).toEqual([1, 1]);
    expect(await wrong.text()).not.toBe(await right.text());
  });

  it('answers once what a test prepares', async () => {
    using api = mockContract(books, { baseUrl: BASE });
    api.answerNext({ status: 429, headers: { 'Retry-After': '1' }, body: { status: 429 } });
    const limited = await fetch(`${BASE}/books/1`, { headers: V2 });
    expect([limited.status, limited.headers.get('retry-after'), await limited.json()]).toEqual([
      429,
      '1',
      { status: 429 },
    ]);
    expect((await fetch(`${BASE}/books/1`, { headers: V2 })).status).toBe(200);
  });

  it('fails the test with the rule, what was expected, what came and the fix', async () => {
    const api = mockContract(books, { baseUrl: BASE });
    const body = JSON.stringify({ elements: [{ isbn: 'x', title: 'y', genre: 'POETRY' }] });
    const refused = await fetch(`${BASE}/books`, {
      method: 'POST',
      headers: { ...HEADERS, Authorization: 'Bearer s3cret-token-value' },
      body,
    });
    expect(refused.status).toBe(400);
    const failure = failureOf(api);
    expect(failure?.broken[0]?.violations[0]?.rule).toBe('routing/batch-create-becomes-create');
    expect(failure?.message).toContain('POST http://library.test/api/books');
    for (const word of ['expected', 'actual', 'fix', 'restli-contract explain routing/batch-create-becomes-create'])
      expect(failure?.message).toContain(word);
    expect(failure?.stack).toBe(`ContractBroken: ${failure?.message}`);
    expect(failure?.message).not.toContain('s3cret');
  });

  it('holds a request to the intent that the test states', async () => {
    const api = mockContract(books, { baseUrl: BASE });
    api.expect('BATCH_GET');
    const lost = await fetch(`${BASE}/books`, { headers: V2 });
    expect([lost.status, lost.headers.get('x-restli-contract-rule')]).toEqual([400, 'routing/not-the-method-meant']);
    expect(failureOf(api)?.broken[0]?.violations.map(({ rule }) => rule)).toEqual(['routing/not-the-method-meant']);
  });

  it('lets requests at the same time meet the intents in any order', async () => {
    using api = mockContract(books, { baseUrl: BASE });
    api.expect('GET_ALL').expect('BATCH_GET').expect('FINDER', 'search');
    const paths = ['/books?q=search', '/books', '/books?ids=List(1,2)'];
    const answers = await Promise.all(paths.map((path) => fetch(BASE + path, { headers: V2 })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('fails the test when an expected request never comes', () => {
    const api = mockContract(books, { baseUrl: BASE });
    api.expect('DELETE');
    expect(failureOf(api)?.message).toBe('expected and never sent: DELETE');
  });

  it('refuses intents that make no sense', () => {
    using api = mockContract(books, { baseUrl: BASE });
    expect(() => api.expect('GET', 'search')).toThrow(/GET has no names/);
    expect(() => api.expect('FETCH' as 'GET')).toThrow(/none of the 14 methods/);
  });

  it('lets a test look at violations that it wants', async () => {
    using api = mockContract(books, { baseUrl: BASE });
    await fetch(`${BASE}/books/1`);
    expect(api.takeViolations().map(({ rule }) => rule)).toEqual(['headers/protocol-version-missing']);
  });

  it('judges a body that is no JSON instead of breaking on it', async () => {
    using api = mockContract(books, { baseUrl: BASE });
    const byFetch = await fetch(`${BASE}/books`, { method: 'POST', headers: HEADERS, body: '{"title":' });
    const bytes = await byHttp('POST', `${BASE}/books`, HEADERS, Buffer.from([0xff, 0x22, 0x00]));
    expect([byFetch.status, bytes.status]).toEqual([400, 400]);
    expect(api.requests[1]?.request.body).toEqual(Buffer.from([0xff, 0x22, 0x00]));
    expect(api.takeViolations().length).toBeGreaterThan(1);
  });

  it('does not hold against a client what its URL parser writes', async () => {
    using api = mockContract(books, { baseUrl: BASE });
    await fetch(`${BASE}/books?q=search&title=''`, { headers: V2 });
    expect(api.requests[0]?.violations.filter(({ rule }) => rule.startsWith('encoding/'))).toEqual([]);
  });

  it('tells which finder a client called, with its parameters', async () => {
    using api = mockContract(books, { baseUrl: BASE });
    await fetch(`${BASE}/books?q=search&genre=POETRY&minPages=3`, { headers: V2 });
    expect(api.calls('FINDER', 'newest')).toEqual([]);
    expect(api.calls('FINDER', 'search')[0]?.params).toEqual({ genre: 'POETRY', minPages: 3 });
  });
});

describe('base URLs of mocks', () => {
  it('belong to one mock each', () => {
    using api = mockContract(books, { baseUrl: BASE });
    expect(api.requests).toEqual([]);
    for (const taken of [BASE, `${BASE}/`, 'http://library.test', `${BASE}/inner`, 'http://LIBRARY.test:80/api'])
      expect(() => mockContract(books, { baseUrl: taken }), taken).toThrow(/is mocked already/);
    mockContract(books, { baseUrl: 'http://library.test/apis' }).close();
  });

  it('are free again after a failing test', async () => {
    const api = mockContract(books, { baseUrl: BASE });
    await fetch(`${BASE}/books/1`);
    expect(failureOf(api)).toBeDefined();
    using again = mockContract(books, { baseUrl: BASE });
    expect(again.requests).toEqual([]);
  });

  it('must be http URLs', () => {
    for (const wrong of ['', 'library.test', 'ftp://library.test'])
      expect(() => mockContract(books, { baseUrl: wrong })).toThrow(/it is no http URL/);
  });

  it('keep the interceptors of others', async () => {
    nock('http://other.test').get('/x').reply(200, 'mine');
    mockContract(books, { baseUrl: BASE }).close();
    expect(await (await fetch('http://other.test/x')).text()).toBe('mine');
  });

  it('may be those of a dialect, behind a gateway', async () => {
    const accounts = await loadContract('contracts/adAccounts.contract.yaml');
    using api = mockContract(accounts, { baseUrl: 'https://gateway.test/li/rest' });
    const account = `https://gateway.test/li/rest/adAccounts/${JSON.stringify(accounts.examples[0]?.key)}`;
    const answer = await fetch(account, {
      headers: { ...V2, 'LinkedIn-Version': '202604' },
    });
    expect(answer.status).toBe(200);
    await fetch(account, { headers: V2 });
    expect(api.takeViolations().map(({ rule }) => rule)).toEqual(['headers/linkedin-version-missing']);
  });
});

describe('loading a contract in a test', () => {
  it('says all that is wrong with the file', async () => {
    await expect(loadContract('test/golden/diagnostics/no-key.contract.yaml')).rejects.toThrow(
      /no-key\.contract\.yaml:\d+:\d+/,
    );
    await expect(loadContract('contracts/nowhere.contract.yaml')).rejects.toThrow(/nowhere/);
  });
});
