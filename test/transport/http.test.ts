import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { gzipSync } from 'node:zlib';
import nock from 'nock';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttp, type HttpOptions } from '../../src/transport/http.ts';
import { get, rawServer, reply, textOf, type RawAnswer, type RawServer } from './raw-server.ts';

const pem = (name: string): Buffer => readFileSync(new URL(`../fixtures/tls/${name}.pem`, import.meta.url));

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  nock.cleanAll();
  nock.restore();
  for (const each of open.splice(0)) await each.close();
});

async function serve(...answer: Parameters<typeof rawServer>): Promise<RawServer> {
  nock.restore();
  const server = await rawServer(...answer);
  open.push(server);
  return server;
}

function http(options: HttpOptions = {}): ReturnType<typeof createHttp> {
  const made = createHttp(options);
  open.unshift(made);
  return made;
}

describe('node:http as transport', () => {
  it('keeps target, header names and values as written', async () => {
    const server = await serve(() => reply(200, 'ok', ['X-A: 1', 'x-a: 2']));
    const { response, failure } = await http().send(
      get(server.origin, "/a/../''?x=(a:1)&y=%27", [
        ['X-RestLi-Method', 'GET'],
        ['X-B', '1'],
        ['X-B', '2'],
      ]),
    );
    expect(failure).toBeNull();
    expect(response?.headers.slice(0, 2)).toEqual([
      ['X-A', '1'],
      ['x-a', '2'],
    ]);
    const lines = server.requests[0]?.split('\r\n');
    expect(lines?.[0]).toBe("GET /a/../''?x=(a:1)&y=%27 HTTP/1.1");
    expect(lines?.filter((line) => line.startsWith('X-'))).toEqual(['X-RestLi-Method: GET', 'X-B: 1', 'X-B: 2']);
  });

  it('sends bodies with a length, and Content-Length: 0 with a POST without one', async () => {
    const server = await serve(() => reply(200));
    const transport = http();
    await transport.send({ ...get(server.origin), verb: 'POST' });
    await transport.send({ ...get(server.origin), verb: 'POST', body: Buffer.from('ab') });
    expect(server.requests.map((request) => /content-length: (\d+)/i.exec(request)?.[1])).toEqual(['0', '2']);
    expect(server.connections()).toBe(1);
  });

  const head = 'HTTP/1.1 200 OK\r\n';
  const gzipped = gzipSync('x'.repeat(3_000_000)).toString('latin1');
  it.each<readonly [string, RawAnswer, HttpOptions, string]>([
    ['S03: never answers', () => undefined, { headersTimeoutMs: 60 }, 'header-timeout'],
    ['S04: stops in mid-body', `${head}Content-Length: 9\r\n\r\nabc`, { bodyTimeoutMs: 60 }, 'body-timeout'],
    ['S04: takes too long in all', () => undefined, { totalTimeoutMs: 60 }, 'total-timeout'],
    ['S05: closes before any byte', (socket) => void socket.destroy(), {}, 'closed-before-response'],
    ['S06: closes in mid-body', (socket) => void socket.end(`${head}Content-Length: 9\r\n\r\nabc`), {}, 'body-cut'],
    ['S07: bad chunk', `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, {}, 'bad-chunk'],
    ['S08: two lengths', `${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, {}, 'two-content-lengths'],
    [
      'S09: length and chunked',
      `${head}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`,
      {},
      'length-and-chunked',
    ],
    ['S10: headers over the limit', `${head}X: ${'a'.repeat(20_000)}\r\n\r\n`, {}, 'header-overflow'],
    [
      'S12: body that inflates over the limit',
      reply(200, gzipped, ['Content-Encoding: gzip']),
      { maxBodyBytes: 100_000 },
      'size-limit',
    ],
    ['S13: five codings', reply(200, 'x', ['Content-Encoding: gzip,gzip,gzip,gzip,gzip']), {}, 'too-many-codings'],
    ['S14: not gzip', reply(200, 'plain', ['Content-Encoding: gzip']), {}, 'not-gzip'],
    ['S16: unknown coding', reply(200, 'x', ['Content-Encoding: zstd9']), {}, 'unknown-coding'],
    ['S17: body over the limit', reply(200, 'x'.repeat(5_000)), { maxBodyBytes: 1_000 }, 'size-limit'],
    ['S23: status 999', 'HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n', {}, 'bad-status-line'],
    ['S23: text', 'hello\r\n\r\n', {}, 'bad-status-line'],
  ])('%s', async (_, answer, options, code) => {
    const server = await serve(() => answer);
    const { failure } = await http(options).send(get(server.origin));
    expect(failure?.code).toBe(code);
    expect(failure?.message.length).toBeGreaterThan(10);
  });

  it('inflates, and takes HEAD and 204 for empty', async () => {
    const server = await serve((request) => {
      if (request.startsWith('HEAD')) return 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Encoding: gzip\r\n\r\n';
      return request.startsWith('DELETE')
        ? 'HTTP/1.1 204 No\r\n\r\n'
        : reply(200, gzipSync('{"a":1}').toString('latin1'), ['Content-Encoding: gzip']);
    });
    const transport = http();
    expect(textOf((await transport.send(get(server.origin))).response?.body)).toBe('{"a":1}');
    for (const verb of ['HEAD', 'DELETE']) {
      const { failure, response } = await transport.send({ ...get(server.origin), verb });
      expect([failure, response?.body.byteLength]).toEqual([null, 0]);
    }
  });

  it('S01: names where nothing listens', async () => {
    const server = await serve(() => '');
    await server.close();
    expect((await http().send(get(server.origin))).failure).toMatchObject({
      code: 'connection-refused',
      message: expect.stringContaining(String(server.port)),
    });
  });

  it('S41: refuses a certificate that signs itself', async () => {
    nock.restore();
    const server = tls.createServer({ key: pem('server-key'), cert: pem('self-signed') }, (socket) => {
      socket.on('error', () => undefined).on('data', () => socket.end(reply(200, 'secure')));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('Failed to open a loopback port');
    const origin = `https://127.0.0.1:${address.port}`;
    expect((await http().send(get(origin))).failure?.code).toBe('tls-self-signed');
    expect(textOf((await http({ tls: { insecure: true } }).send(get(origin))).response?.body)).toBe('secure');
  });

  it('refuses what HTTP cannot carry, aborts, and ends all on close', async () => {
    const server = await serve(() => () => undefined);
    const transport = http();
    expect((await transport.send(get(server.origin, '/a b'))).failure?.code).toBe('request-not-sendable');
    const stop = new AbortController();
    const aborted = transport.send(get(server.origin), { signal: stop.signal });
    const hanging = transport.send(get(server.origin));
    stop.abort();
    expect((await aborted).failure?.code).toBe('aborted');
    await transport.close();
    expect((await hanging).failure?.code).toBe('transport-closed');
    expect((await transport.send(get(server.origin))).failure?.code).toBe('transport-closed');
  });
});

describe('node:http under nock', () => {
  it('is answered by an interceptor', async () => {
    nock.activate();
    nock('http://api.example.com')
      .get('/x')
      .matchHeader('X-RestLi-Method', 'GET')
      .reply(200, '{"a":1}', { 'X-RestLi-Id': '7' });
    const { response, failure } = await http().send(get('http://api.example.com', '/x', [['X-RestLi-Method', 'GET']]));
    expect(failure).toBeNull();
    expect(textOf(response?.body)).toBe('{"a":1}');
    expect(response?.headers.map(([name]) => name.toLowerCase())).toContain('x-restli-id');
  });

  it('always ends, also a GET with a body', async () => {
    nock.activate();
    nock('http://api.example.com').get('/x').reply(200, 'ok');
    const { durationMs } = await http({ totalTimeoutMs: 100 }).send({
      ...get('http://api.example.com', '/x'),
      body: Buffer.from('b'),
    });
    expect(durationMs).toBeLessThan(5_000);
  });

  it('says that no interceptor matches', async () => {
    nock.activate();
    nock('http://api.example.com').get('/other').reply(200);
    const { failure } = await http({ totalTimeoutMs: 500 }).send(get('http://api.example.com', '/x'));
    expect(failure?.code).toBe('connection-failed');
    expect(failure?.message).toMatch(/no match/i);
  });
});
