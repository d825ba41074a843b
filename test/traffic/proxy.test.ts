import { createServer, connect, type Server, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { serveContract } from '../../src/mock/server.ts';
import { judgeExchange } from '../../src/traffic/judge.ts';
import { PROXY_HEADER, serveProxy, type Passed, type ProxyOptions } from '../../src/traffic/proxy.ts';
import { mayWrite } from '../../src/traffic/write-guard.ts';
import { ServeError } from '../../src/transport/listen.ts';
import { books } from '../mock/library.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

/** A server that keeps what it is sent, byte for byte, and answers the same bytes to everybody. */
async function rawServer(
  answer: string | Buffer,
): Promise<{ readonly origin: string; readonly received: () => string }> {
  let received = '';
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (isWhole(received)) socket.end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  open.push({
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  });
  return { origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, received: () => received };
}

function isWhole(request: string): boolean {
  const end = request.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = Number(/content-length: (\d+)/i.exec(request)?.[1] ?? 0);
  return /transfer-encoding: chunked/i.test(request)
    ? request.endsWith('0\r\n\r\n')
    : request.length >= end + 4 + length;
}

/** Sends bytes as they are and gives back all that comes until the connection ends. */
function exchangeBytes(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}

async function proxyTo(
  origin: string,
  options: Partial<ProxyOptions> = {},
): Promise<{ readonly port: number; readonly url: string; readonly passed: () => Promise<Passed> }> {
  const waiting: ((passed: Passed) => void)[] = [];
  const done: Passed[] = [];
  const proxy = await serveProxy({
    origin,
    onExchange: (passed) => {
      const next = waiting.shift();
      if (next === undefined) done.push(passed);
      else next(passed);
    },
    ...options,
  });
  open.push(proxy);
  return {
    port: proxy.port,
    url: proxy.url,
    passed: () => {
      const first = done.shift();
      return first === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(first);
    },
  };
}

const OK = 'HTTP/1.1 200 Fine\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}';

describe('a proxy', () => {
  it('passes path, headers and body on as they came, but for Host', async () => {
    const server = await rawServer(OK);
    const { port } = await proxyTo(server.origin);
    const head =
      "POST /a/../b/''?x='%27&y=List(a%2Cb) HTTP/1.1\r\nHost: client.example\r\nx-RESTLI-method: ACTION\r\nX-B: 1\r\nX-C: \xe9\r\nX-B: 2\r\nContent-Length: 3\r\nConnection: close\r\n\r\n";
    await exchangeBytes(port, `${head}a\u0001b`);
    expect(server.received()).toBe(`${head.replace('client.example', server.origin.slice(7))}a\u0001b`);
  });

  it('passes the answer back as it came', async () => {
    const server = await rawServer(OK);
    const { port } = await proxyTo(server.origin);
    expect(await exchangeBytes(port, 'GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')).toBe(OK);
  });

  it('adds no frame to a POST that has none', async () => {
    const server = await rawServer('HTTP/1.1 411 Length Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    const { port } = await proxyTo(server.origin);
    const answer = await exchangeBytes(port, 'POST /x HTTP/1.1\r\nHost: h\r\nX-B: 1\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 411 /);
    expect(server.received()).not.toMatch(/content-length|transfer-encoding/i);
  });

  it('passes an encoded body on untouched, and judges what is in it', async () => {
    const body = gzipSync('{"id":1}');
    const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
    const server = await rawServer(Buffer.concat([Buffer.from(head), body]));
    const { port, passed } = await proxyTo(server.origin);
    const answer = await exchangeBytes(port, 'GET /books/1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n');
    expect(answer).toBe(head + body.toString('latin1'));
    const { exchange } = await passed();
    expect(Buffer.from(exchange.response?.body ?? []).toString()).toBe('{"id":1}');
  });

  it('streams: the first bytes arrive before the last are sent', async () => {
    let finish: () => void = () => undefined;
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nab');
        finish = () => socket.end('cd');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
    const address = server.address();
    const { url } = await proxyTo(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`);
    const response = await fetch(`${url}/x`);
    const reader = response.body?.getReader();
    const first = await reader?.read();
    expect(Buffer.from(first?.value ?? []).toString()).toBe('ab');
    finish();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('cd');
  });

  it('judges both directions', async () => {
    const served = await serveContract(books, { mode: 'oss', faults: ['required-member-missing'] });
    open.push(served);
    const { url, passed } = await proxyTo(served.url);
    const verdicts: unknown[] = [];
    for (const headers of [{ 'X-RestLi-Protocol-Version': '2.0.0' }, {}] as Record<string, string>[]) {
      await (await fetch(`${url}/books/1`, { headers })).text();
      const { exchange } = await passed();
      const { violations } = judgeExchange(exchange, [books], { dialects: new Map() });
      verdicts.push(violations.filter(({ level }) => level === 'must').map(({ rule }) => rule));
    }
    expect(verdicts).toEqual([['entity/schema'], ['headers/protocol-version-missing', 'entity/schema']]);
  });

  it('says that nothing listens behind it', async () => {
    const gone = await rawServer(OK);
    await open.pop()?.close();
    const { url, passed } = await proxyTo(gone.origin);
    const response = await fetch(`${url}/books/1`);
    expect([response.status, response.headers.get(PROXY_HEADER)]).toEqual([502, 'unreachable']);
    expect((await passed()).exchange.failure?.code).toBe('connection-refused');
  });

  it('tells of an answer that breaks off', async () => {
    const server = await rawServer('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort');
    const { port, passed } = await proxyTo(server.origin);
    await exchangeBytes(port, 'GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n');
    expect((await passed()).exchange.failure?.code).toBe('body-cut');
  });

  it('does not pass on what it is told to refuse', async () => {
    const server = await rawServer(OK);
    const { url, passed } = await proxyTo(server.origin, {
      refuse: ({ verb }) => (verb === 'DELETE' ? 'no deletes' : null),
    });
    const response = await fetch(`${url}/books/1`, { method: 'DELETE' });
    expect([response.status, await response.json()]).toEqual([403, { status: 403, message: 'no deletes' }]);
    expect(await passed()).toMatchObject({ refused: true, unjudged: 'no deletes' });
    expect(server.received()).toBe('');
  });

  it('tells of a port that is in use', async () => {
    const { port } = await proxyTo('http://127.0.0.1:1');
    await expect(
      serveProxy({ origin: 'http://127.0.0.1:1', port, onExchange: () => undefined }),
    ).rejects.toBeInstanceOf(ServeError);
  });
});

describe('whether a request may write', () => {
  const may = (line: string, headers: Readonly<Record<string, string>> = {}): boolean => {
    const [verb = '', target = ''] = line.split(' ');
    const lines = Object.entries({ 'X-RestLi-Protocol-Version': '2.0.0', ...headers });
    return mayWrite({ verb, target, origin: 'http://h', headers: lines, body: null }, [books], { dialects: new Map() });
  };

  it.each([
    ['GET /books/1', {}, false],
    ['POST /books', { 'X-HTTP-Method-Override': 'GET' }, false],
    ['POST /books?action=count', {}, false],
    ['POST /books?action=tidy', {}, true],
    ['POST /books', {}, true],
    ['POST /books/1', { 'X-HTTP-Method-Override': 'PUT' }, true],
    ['PUT /books/1', {}, true],
    ['DELETE /books/1', {}, true],
    ['PATCH /books/1', {}, true],
    ['POST /elsewhere', {}, true],
    ['GET /elsewhere', {}, false],
  ])('%s %j: %s', (line, headers, expected) => {
    expect(may(line, headers)).toBe(expected);
  });
});
