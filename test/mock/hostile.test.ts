import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headerOf } from '../../src/transport/exchange.ts';
import { createMock } from '../../src/mock/mock.ts';
import { serveContracts, type Served } from '../../src/mock/server.ts';
import { at, bodyOf, LIBRARY, namesOf, request, type Sent } from './library.ts';

const text = (value: string) => new TextEncoder().encode(value);
const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const bytes = (...values: number[]) => new Uint8Array(values);

const HOSTILE: readonly (readonly [string, Sent])[] = [
  ['no JSON', { verb: 'POST', target: '/books', body: text('{bad') }],
  ['the text null', { verb: 'POST', target: '/books', body: text('null') }],
  ['a list for an entity', { verb: 'POST', target: '/books', body: text('[1,2]') }],
  ['no UTF-8', { verb: 'POST', target: '/books', body: bytes(0x7b, 0xff, 0xfe, 0x7d) }],
  ['a byte order mark', { verb: 'POST', target: '/books', body: text('\ufeff{}') }],
  ['deep JSON', { verb: 'POST', target: '/books', body: text(deep(100_000)) }],
  ['a deep patch', { verb: 'POST', target: '/books/1', body: text(`{"patch":${deep(400)}}`) }],
  [
    '__proto__ in an entity',
    {
      verb: 'POST',
      target: '/books',
      body: text('{"__proto__":{"polluted":true},"constructor":1,"isbn":"x","title":"T","genre":"POETRY"}'),
    },
  ],
  [
    '__proto__ in a patch',
    {
      verb: 'POST',
      target: '/books/1',
      body: text('{"patch":{"$set":{"__proto__":{"polluted":true}},"__proto__":{"$set":{"polluted":true}}}}'),
    },
  ],
  [
    '__proto__ as a batch key',
    { verb: 'PUT', target: '/books?ids=List(1)', body: text('{"entities":{"__proto__":{}}}') },
  ],
  ['__proto__ as a parameter', { verb: 'GET', target: '/books?__proto__=1&constructor=2&toString=3' }],
  ['__proto__ as a finder', { verb: 'GET', target: '/books?q=__proto__' }],
  ['__proto__ as an action', { verb: 'POST', target: '/books?action=constructor', body: {} }],
  ['__proto__ as a resource', { verb: 'GET', target: '/__proto__/constructor' }],
  ['__proto__ as a key', { verb: 'GET', target: '/shelves/(__proto__:1,room:a,row:1)' }],
  ['__proto__ in a mask', { verb: 'GET', target: '/books/1?fields=__proto__,constructor:(prototype)' }],
  ['a bad percent escape in the path', { verb: 'GET', target: '/books/%zz' }],
  ['a bad percent escape in the query', { verb: 'GET', target: '/books?q=%' }],
  ['half a UTF-8 sequence', { verb: 'GET', target: '/shelves/(room:%E2%98,row:1)' }],
  ['an open list', { verb: 'GET', target: '/books?ids=List(1' }],
  ['ten thousand open brackets', { verb: 'GET', target: `/books?ids=${'List('.repeat(10_000)}` }],
  ['a mask of ten thousand levels', { verb: 'GET', target: `/books/1?fields=${'a:('.repeat(10_000)}` }],
  ['a number too large for a long', { verb: 'GET', target: '/books/99999999999999999999999999' }],
  ['a huge start', { verb: 'GET', target: '/books?start=99999999999999999999&count=1' }],
  ['a negative count', { verb: 'GET', target: '/books?count=-1' }],
  ['an empty target', { verb: 'GET', target: '' }],
  ['no path', { verb: 'GET', target: '?ids=List(1)' }],
  ['only slashes', { verb: 'GET', target: '////' }],
  ['an absolute target', { verb: 'GET', target: 'http://elsewhere/books/1' }],
  ['the star', { verb: 'OPTIONS', target: '*' }],
  ['an unknown verb', { verb: 'BREW', target: '/books' }],
  ['a version that is none', { verb: 'GET', target: '/books/1', headers: { 'X-RestLi-Protocol-Version': 'two' } }],
  ['an unusable override', { verb: 'POST', target: '/books', headers: { 'X-HTTP-Method-Override': 'FETCH' } }],
  [
    'a tunnel without a boundary',
    {
      verb: 'POST',
      target: '/books',
      headers: { 'X-HTTP-Method-Override': 'PUT', 'Content-Type': 'multipart/mixed' },
      body: text('x'),
    },
  ],
  ['an empty Accept', { verb: 'GET', target: '/books/1', headers: { Accept: '' } }],
];

describe.each(['strict', 'oss'] as const)('a hostile request in %s mode', (mode) => {
  const mock = createMock(LIBRARY, { mode });

  it.each(HOSTILE)('is answered, not thrown at: %s', (_, sent) => {
    const response = mock.answer(request(sent));
    expect(response.status).toBeGreaterThanOrEqual(200);
    expect(response.status).toBeLessThan(600);
    expect(new TextDecoder().decode(response.body)).not.toContain('a bug of the mock');
    const isText = headerOf(response.headers, 'Content-Type') === 'text/plain';
    expect(() => (isText ? undefined : bodyOf(response))).not.toThrow();
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('answers ten thousand ids', () => {
    const ids = Array.from({ length: 10_000 }, (_, i) => i + 1).join(',');
    const response = mock.answer(request({ verb: 'GET', target: `/books?ids=List(${ids})` }));
    expect(response.status).toBe(200);
    expect(namesOf(at(bodyOf(response), 'errors'))).toHaveLength(9_998);
  });

  it('is none the worse for them', () => {
    expect(mock.answer(request({ verb: 'GET', target: '/books/2' })).status).toBe(200);
  });
});

describe('hostile bytes on the socket', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serveContracts(LIBRARY);
  });
  afterAll(() => served.close());

  const send = (bytesSent: string): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(served.port, '127.0.0.1', () => socket.end(bytesSent, 'latin1'));
      let received = '';
      socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
      socket.on('error', () => resolve(received));
      socket.on('close', () => resolve(received));
    });

  it.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['a request cut in its head', 'GET /books/1 HTTP/1.1\r\nHost'],
    ['a body cut short', 'POST /books HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"a":'],
    ['two lengths', 'POST /books HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}'],
    ['a bad chunk', 'POST /books HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['a head without end', `GET /books/1 HTTP/1.1\r\n${'X-A: 1\r\n'.repeat(50_000)}\r\n`],
  ])('survives %s', async (_, bytesSent) => {
    await send(bytesSent);
    const alive = await send(
      'GET /books/2 HTTP/1.1\r\nHost: x\r\nX-RestLi-Protocol-Version: 2.0.0\r\nConnection: close\r\n\r\n',
    );
    expect(alive.startsWith('HTTP/1.1 200')).toBe(true);
  });
});
