import { afterEach, describe, expect, it } from 'vitest';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { HttpRequest } from '../../src/transport/exchange.ts';
import type { Transport } from '../../src/transport/transport.ts';
import { createWire, type WireOptions } from '../../src/transport/wire.ts';
import { get, rawServer, reply, textOf, type RawAnswer, type RawServer } from './raw-server.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function serve(
  answer: (request: string, index: number) => RawAnswer = () => reply(200, '{}'),
): Promise<RawServer> {
  const server = await rawServer(answer);
  open.unshift(server);
  return server;
}

function wire(options: WireOptions = {}): Transport {
  const made = createWire(options);
  open.unshift(made);
  return made;
}

describe('the request on the wire', () => {
  it.each([
    "/rest/books/''?q=''&a=%27%27",
    '/rest/books/(a:1,b:List(x,y))?fields=id,name',
    '/rest/../x/./y//z/%2e%2e/',
    '/rest/a%2Fb?ids=List(urn%3Ali%3Ax%3A1,2)&p=a+b&e=&f',
    '/a?x={}|^`"<>\\[]#frag',
  ])('keeps the target %s byte for byte', async (target) => {
    const server = await serve();
    const { failure } = await wire().send(get(server.origin, target));
    expect(failure).toBeNull();
    expect(server.requests[0]?.split('\r\n')[0]).toBe(`GET ${target} HTTP/1.1`);
  });

  it('keeps order, case and doubled lines of headers', async () => {
    const server = await serve();
    const headers = [
      ['X-RestLi-Method', 'GET'],
      ['b', '1'],
      ['X-RestLi-Method', 'BATCH_GET'],
      ['B', '2'],
      ['x-empty', ''],
      ['X-Latin', 'é'],
    ] as const;
    await wire().send(get(server.origin, '/', headers));
    const lines = server.requests[0]?.split('\r\n').slice(3, -2);
    expect(lines).toEqual(headers.map(([name, value]) => `${name}: ${value}`));
  });

  it('sends Content-Length: 0 with a POST without body, and none with a GET or DELETE', async () => {
    const server = await serve();
    const transport = wire();
    for (const verb of ['POST', 'PUT', 'GET', 'DELETE']) await transport.send({ ...get(server.origin), verb });
    expect(server.requests.map((request) => /content-length: (\d+)/i.exec(request)?.[1] ?? null)).toEqual([
      '0',
      '0',
      null,
      null,
    ]);
  });

  it('sends a body of any bytes with its length', async () => {
    const server = await serve();
    const body = Uint8Array.from({ length: 256 }, (_, i) => i);
    await wire().send({ ...get(server.origin), verb: 'POST', body });
    expect(server.requests[0]?.endsWith(`content-length: 256\r\n\r\n${Buffer.from(body).toString('latin1')}`)).toBe(
      true,
    );
  });

  it.each<readonly [string, Partial<HttpRequest>, RegExp]>([
    ['a space in the target', { target: '/a b' }, /a space \(U\+0020\) at character 3/],
    ['a letter above ASCII in the target', { target: '/ä' }, /U\+00E4/],
    ['a line feed in a header', { headers: [['A', 'b\r\nC: d']] }, /a carriage return/],
    ['a value above Latin-1', { headers: [['A', '€']] }, /U\+20AC/],
    ['Expect', { headers: [['Expect', '100-continue']] }, /Expect/],
    ['Transfer-Encoding', { headers: [['Transfer-Encoding', 'chunked']] }, /Transfer-Encoding/],
    ['a false Content-Length', { headers: [['Content-Length', '5']] }, /"5", the body has 0 bytes/],
    ['an origin that is none', { origin: 'ftp://x' }, /origin/],
  ])('refuses %s before a byte is sent', async (_, part, message) => {
    const server = await serve();
    const { failure, response } = await wire().send({ ...get(server.origin), ...part });
    expect(failure).toMatchObject({
      code: 'request-not-sendable',
      phase: 'send',
      message: expect.stringMatching(message),
    });
    expect(response).toBeNull();
    expect(server.connections()).toBe(0);
  });
});

describe('the answer on the wire', () => {
  it('keeps header lines as sent, doubled ones and high bytes too', async () => {
    const server = await serve(() =>
      reply(200, 'x', ['Set-Cookie: a=1', 'SET-COOKIE: b=2', 'X-Latin: \xe9', 'X-Empty:']),
    );
    const { response } = await wire().send(get(server.origin));
    expect(response?.headers).toEqual([
      ['Set-Cookie', 'a=1'],
      ['SET-COOKIE', 'b=2'],
      ['X-Latin', 'é'],
      ['X-Empty', ''],
      ['Content-Length', '1'],
    ]);
  });

  it('reads a head that comes byte by byte', async () => {
    const answer = reply(200, 'ok', ['X-Long: abcdef', 'Y: z']);
    const server = await serve(() => (socket) => {
      let at = 0;
      const step = (): void => {
        if (at >= answer.length) return;
        socket.write(answer.slice(at, (at += 1)), 'latin1', () => setImmediate(step));
      };
      step();
    });
    const { response } = await wire().send(get(server.origin));
    expect(response?.headers).toEqual([
      ['X-Long', 'abcdef'],
      ['Y', 'z'],
      ['Content-Length', '2'],
    ]);
    expect(textOf(response?.body)).toBe('ok');
  });

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ] as const)('inflates %s (%#)', async (coding, compress) => {
    const text = JSON.stringify({ text: 'ä'.repeat(50_000) });
    const body = compress(text).toString('latin1');
    const server = await serve(() => reply(200, body, [`Content-Encoding: ${coding}`]));
    const { response, failure } = await wire().send(get(server.origin));
    expect(failure).toBeNull();
    expect(textOf(response?.body) === text).toBe(true);
  });

  it('takes an empty body for empty, whatever its coding says', async () => {
    const server = await serve(() => reply(200, '', ['Content-Encoding: gzip']));
    const { response, failure } = await wire().send(get(server.origin));
    expect(failure).toBeNull();
    expect(response?.body.byteLength).toBe(0);
  });

  it('shows the cut body beside the failure', async () => {
    const server = await serve(() => (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'));
    const { response, failure } = await wire().send(get(server.origin));
    expect(failure?.code).toBe('body-cut');
    expect(response?.status).toBe(200);
    expect(textOf(response?.body)).toBe('abc');
  });
});

describe('connections', () => {
  it('are used again, and no more are opened than allowed', async () => {
    const server = await serve();
    const transport = wire({ connections: 3 });
    const exchanges = await Promise.all(Array.from({ length: 60 }, () => transport.send(get(server.origin))));
    expect(exchanges.every(({ failure }) => failure === null)).toBe(true);
    expect(server.connections()).toBeLessThanOrEqual(3);
  });

  it('are closed after each request with keepAlive: false', async () => {
    const server = await serve();
    const transport = wire({ keepAlive: false });
    for (let i = 0; i < 3; i += 1) await transport.send(get(server.origin));
    expect(server.connections()).toBe(3);
  });

  it('send a GET again whose connection the server had given up', async () => {
    const server = await serve((_, index) => (index === 1 ? (socket) => void socket.destroy() : reply(200, 'ok')));
    const transport = wire({ connections: 1 });
    await transport.send(get(server.origin));
    const { response, failure } = await transport.send(get(server.origin));
    expect(failure).toBeNull();
    expect(textOf(response?.body)).toBe('ok');
    expect(server.requests).toHaveLength(3);
  });

  it('never send a POST again', async () => {
    const server = await serve((_, index) => (index === 1 ? (socket) => void socket.destroy() : reply(200, 'ok')));
    const transport = wire({ connections: 1 });
    await transport.send(get(server.origin));
    const { failure } = await transport.send({ ...get(server.origin), verb: 'POST' });
    expect(failure?.code).toBe('closed-before-response');
    expect(failure?.message).toContain('had answered before');
    expect(server.requests).toHaveLength(2);
  });

  it('keep late bytes of a 204 away from the next answer', async () => {
    const server = await serve((request) => {
      if (request.includes(' /204 ')) return 'HTTP/1.1 204 No Content\r\n\r\n';
      return (socket) =>
        void socket.write(
          request.startsWith('GET') && server.requests.length === 2
            ? `late${reply(200, 'poisoned')}`
            : reply(200, 'ok'),
        );
    });
    const transport = wire({ connections: 1 });
    await transport.send(get(server.origin, '/204'));
    const next = await transport.send(get(server.origin, '/next'));
    expect(next.failure).toBeNull();
    expect(textOf(next.response?.body)).toBe('ok');
  });

  it('name late bytes of a 204 where a POST cannot be sent again', async () => {
    const server = await serve((request) =>
      request.includes(' /204 ') ? 'HTTP/1.1 204 No Content\r\n\r\n' : `late${reply(200, 'poisoned')}`,
    );
    const transport = wire({ connections: 1 });
    await transport.send(get(server.origin, '/204'));
    const next = await transport.send({ ...get(server.origin, '/next'), verb: 'POST' });
    expect(next.failure?.code).toBe('stray-bytes');
    expect(next.response).toBeNull();
  });
});

describe('failures to connect', () => {
  it('S01: name host, port and what to do where nothing listens', async () => {
    const server = await rawServer(() => '');
    await server.close();
    const { failure, response } = await wire().send(get(server.origin));
    expect(response).toBeNull();
    expect(failure).toMatchObject({ code: 'connection-refused', phase: 'connect' });
    expect(failure?.message).toContain(`127.0.0.1:${server.port}`);
    expect(failure?.hint).toContain('base URL');
  });

  it('S02: name the phase dns where the name is unknown', async () => {
    const { failure } = await wire().send(get('http://restli-contract-test.invalid'));
    expect(failure?.phase).toBe('dns');
    expect(failure?.message).toContain('restli-contract-test.invalid:80');
  });

  it('name the phase tls where a handshake is never answered', async () => {
    const server = await serve(() => () => undefined);
    const { failure } = await wire({ connectTimeoutMs: 80 }).send(get(server.origin.replace('http:', 'https:')));
    expect(failure).toMatchObject({ code: 'connect-timeout', phase: 'tls' });
    expect(failure?.message).toContain('80 ms');
  });
});

describe('the end of a request', () => {
  it('aborts all requests that share a signal, and only those', async () => {
    const server = await serve((request) => (request.includes('/hang') ? () => undefined : reply(200, 'ok')));
    const transport = wire();
    const stop = new AbortController();
    const hanging = Array.from({ length: 12 }, () =>
      transport.send(get(server.origin, '/hang'), { signal: stop.signal }),
    );
    const other = await transport.send(get(server.origin, '/ok'));
    stop.abort();
    const ended = await Promise.all(hanging);
    expect(ended.map(({ failure }) => failure?.phase)).toEqual(Array.from({ length: 12 }, () => 'aborted'));
    expect(other.response?.status).toBe(200);
    expect((await transport.send(get(server.origin), { signal: stop.signal })).failure?.code).toBe('aborted');
  });

  it('takes the total time-out of the request before that of the wire', async () => {
    const server = await serve(() => () => undefined);
    const { failure, durationMs } = await wire({ totalTimeoutMs: 20_000 }).send(get(server.origin), { timeoutMs: 60 });
    expect(failure).toMatchObject({ code: 'total-timeout', phase: 'total' });
    expect(failure?.message).toContain('60 ms');
    expect(durationMs).toBeLessThan(5_000);
  });

  it('S03: waits for its time-out, and not much longer', async () => {
    const server = await serve(() => () => undefined);
    const { durationMs } = await wire({ headersTimeoutMs: 150 }).send(get(server.origin));
    expect(durationMs).toBeGreaterThanOrEqual(145);
    expect(durationMs).toBeLessThan(1_500);
  });

  it('counts the wait for a free connection', async () => {
    const server = await serve(() => () => undefined);
    const transport = wire({ connections: 1 });
    const first = transport.send(get(server.origin));
    const waiting = await transport.send(get(server.origin), { timeoutMs: 60 });
    await transport.close();
    expect((await first).failure?.code).toBe('transport-closed');
    expect(waiting.failure?.code).toBe('total-timeout');
    expect(waiting.failure?.message).toContain('no connection was free');
  });

  it('S44: close ends requests under way and all sockets, also those kept open', async () => {
    const server = await serve((request) => (request.includes('/hang') ? () => undefined : reply(200, 'ok')));
    const transport = createWire();
    await transport.send(get(server.origin, '/ok'));
    const hanging = transport.send(get(server.origin, '/hang'));
    await new Promise((resolve) => setImmediate(resolve));
    await transport.close();
    expect((await hanging).failure).toMatchObject({ code: 'transport-closed', phase: 'aborted' });
    await expect.poll(() => server.openSockets()).toBe(0);
    expect((await transport.send(get(server.origin))).failure?.code).toBe('transport-closed');
  });
});
