import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { proxyFor } from '../../src/transport/proxy.ts';
import { createWire, type WireOptions } from '../../src/transport/wire.ts';
import { get, rawServer, reply, textOf, type RawServer } from './raw-server.ts';

const pem = (name: string): Buffer => readFileSync(new URL(`../fixtures/tls/${name}.pem`, import.meta.url));

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

function wire(options: WireOptions): ReturnType<typeof createWire> {
  const made = createWire(options);
  open.unshift(made);
  return made;
}

async function serve(...answer: Parameters<typeof rawServer>): Promise<RawServer> {
  const server = await rawServer(...answer);
  open.push(server);
  return server;
}

/** A proxy that opens the tunnel asked for, or refuses with a status. */
const tunnelProxy = (status = 200): Promise<RawServer> =>
  serve((request) => (socket) => {
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const [, host = '', port = ''] = /^CONNECT ([^:]+):(\d+) /.exec(request) ?? [];
    const onward = net.connect(Number(port), host, () => {
      socket.removeAllListeners('data');
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  });

async function secureServer(): Promise<string> {
  const server = tls.createServer({ key: pem('server-key'), cert: pem('server') }, (socket) => {
    socket.on('error', () => undefined).on('data', () => socket.write(reply(200, 'secure')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Failed to open a loopback port');
  return `https://127.0.0.1:${address.port}`;
}

describe('a proxy for http', () => {
  it('gets the absolute form, target byte for byte, doubled headers and the credentials', async () => {
    const proxy = await serve(() => reply(200, 'via proxy'));
    const transport = wire({ proxy: { url: proxy.origin.replace('http://', 'http://us%40er:pa%3Ass@') } });
    const { response, failure } = await transport.send(
      get('http://api.example.com:8080', "/a/../''?x=(a:1)", [
        ['X-A', '1'],
        ['X-A', '2'],
      ]),
    );
    expect(failure).toBeNull();
    expect(textOf(response?.body)).toBe('via proxy');
    const lines = proxy.requests[0]?.split('\r\n');
    expect(lines?.[0]).toBe("GET http://api.example.com:8080/a/../''?x=(a:1) HTTP/1.1");
    expect(lines).toContain('host: api.example.com:8080');
    expect(lines).toContain(`Proxy-Authorization: Basic ${Buffer.from('us@er:pa:ss').toString('base64')}`);
    expect(lines?.filter((line) => line.startsWith('X-A'))).toEqual(['X-A: 1', 'X-A: 2']);
  });

  it('shows a 407 as the answer that it is', async () => {
    const proxy = await serve(() => reply(407));
    const { response } = await wire({ proxy: { url: proxy.origin } }).send(get('http://api.example.com'));
    expect(response?.status).toBe(407);
  });

  it('is named where it does not run', async () => {
    const proxy = await rawServer(() => '');
    await proxy.close();
    const { failure } = await wire({ proxy: { url: proxy.origin } }).send(get('http://api.example.com'));
    expect(failure).toMatchObject({ code: 'proxy-failed', phase: 'proxy' });
    expect(failure?.message).toContain(String(proxy.port));
  });

  it('is passed by for hosts of noProxy', async () => {
    const proxy = await serve(() => reply(200, 'via proxy'));
    const direct = await serve(() => reply(200, 'direct'));
    const env = { http_proxy: proxy.origin, NO_PROXY: '127.0.0.1' };
    const { response } = await wire({ env }).send(get(direct.origin));
    expect(textOf(response?.body)).toBe('direct');
    expect(proxy.requests).toEqual([]);
  });
});

describe('an origin that is connected to elsewhere', () => {
  it('keeps its name in Host, and is asked at the other place, past every proxy', async () => {
    const proxy = await serve(() => reply(200, 'via proxy'));
    const place = await serve(() => reply(200, 'here'));
    const transport = wire({
      connectTo: new Map([['http://127.0.0.1:8080', place.origin]]),
      proxy: { url: proxy.origin },
    });
    const { request, response } = await transport.send(get('http://127.0.0.1:8080', '/books/1'));
    expect(textOf(response?.body)).toBe('here');
    expect(place.requests[0]?.split('\r\n').slice(0, 2)).toEqual(['GET /books/1 HTTP/1.1', 'host: 127.0.0.1:8080']);
    expect(request.origin).toBe('http://127.0.0.1:8080');
    expect(proxy.requests).toEqual([]);
  });

  it('leaves other origins alone, and names the place that does not answer', async () => {
    const other = await serve(() => reply(200, 'other'));
    const gone = await rawServer(() => '');
    await gone.close();
    const transport = wire({ connectTo: new Map([['http://127.0.0.1:8080', gone.origin]]) });
    expect(textOf((await transport.send(get(other.origin))).response?.body)).toBe('other');
    const { failure } = await transport.send(get('http://127.0.0.1:8080'));
    expect(failure).toMatchObject({ code: 'connection-refused', phase: 'connect' });
    expect(failure?.message).toContain(String(gone.port));
  });
});

describe('a proxy for https', () => {
  it('opens a tunnel, and TLS runs through it', async () => {
    const origin = await secureServer();
    const proxy = await tunnelProxy();
    const transport = wire({ tls: { ca: pem('ca') }, env: { HTTPS_PROXY: proxy.origin } });
    const { response, failure } = await transport.send(get(origin));
    expect(failure).toBeNull();
    expect(textOf(response?.body)).toBe('secure');
    expect(proxy.requests).toHaveLength(1);
    expect(proxy.requests[0]).toContain(`CONNECT ${origin.replace('https://', '')} HTTP/1.1`);
  });

  it('checks the certificate through the tunnel', async () => {
    const origin = await secureServer();
    const proxy = await tunnelProxy();
    const { failure } = await wire({ proxy: { url: proxy.origin } }).send(get(origin));
    expect(failure?.code).toBe('tls-unknown-issuer');
  });

  it('is named where it refuses the tunnel', async () => {
    const proxy = await tunnelProxy(403);
    const { failure } = await wire({ proxy: { url: proxy.origin } }).send(get('https://api.example.com'));
    expect(failure).toMatchObject({ code: 'proxy-refused', phase: 'proxy' });
    expect(failure?.message).toContain('status 403');
  });

  it('is named where it does not answer in time', async () => {
    const proxy = await serve(() => () => undefined);
    const { failure } = await wire({ proxy: { url: proxy.origin }, connectTimeoutMs: 80 }).send(
      get('https://api.example.com'),
    );
    expect(failure).toMatchObject({ code: 'connect-timeout', phase: 'proxy' });
  });
});

describe('the choice of a proxy', () => {
  const env = {
    HTTP_PROXY: 'http://upper:1',
    http_proxy: 'http://lower:2',
    HTTPS_PROXY: 'secure:3',
    NO_PROXY: 'a.com, .b.com c.com:8080',
  };

  it.each<readonly [string, string | null]>([
    ['http://x.com', 'http://lower:2'],
    ['https://x.com', 'http://secure:3'],
    ['http://a.com', null],
    ['http://sub.a.com:99', null],
    ['http://nota.com', 'http://lower:2'],
    ['http://x.b.com', null],
    ['http://c.com:8080', null],
    ['http://c.com', 'http://lower:2'],
  ])('of %s is %s', (origin, expected) => {
    const proxy = proxyFor(origin, undefined, env);
    expect(typeof proxy === 'object' ? (proxy?.origin ?? null) : proxy).toBe(expected);
  });

  it('is none without options and environment', () => {
    expect(proxyFor('http://x.com', undefined, undefined)).toBeNull();
    expect(proxyFor('http://x.com', undefined, { NO_PROXY: '*', HTTP_PROXY: 'http://p:1' })).toBeNull();
  });

  it('refuses what is no proxy URL, without repeating it', () => {
    expect(proxyFor('http://x.com', { url: 'socks5://user:hidden@p:1' }, undefined)).toMatch(
      /socks5:\/\/ is not supported/,
    );
    const bad = proxyFor('http://x.com', { url: 'http://user:hidden@:x' }, undefined);
    expect(bad).toMatch(/not of the form/);
    expect(bad).not.toContain('hidden');
  });
});
