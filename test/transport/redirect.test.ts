import { afterEach, describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from '../../src/transport/exchange.ts';
import { nextHop, type RedirectOptions } from '../../src/transport/redirect.ts';
import { createWire } from '../../src/transport/wire.ts';
import { get, rawServer, reply, textOf, type RawServer } from './raw-server.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function serve(...answer: Parameters<typeof rawServer>): Promise<RawServer> {
  const server = await rawServer(...answer);
  open.push(server);
  return server;
}

function wire(followRedirects: false | RedirectOptions): ReturnType<typeof createWire> {
  const made = createWire({ followRedirects });
  open.unshift(made);
  return made;
}

const to = (location: string, status = 302): HttpResponse => ({
  status,
  headers: [['Location', location]],
  body: new Uint8Array(),
});
const from: HttpRequest = get('https://api.example.com', '/a/b?c', [
  ['Authorization', 'Bearer x'],
  ['X-Api-Key', 'k'],
  ['Accept', 'y'],
]);

describe('a redirect', () => {
  it('is an answer like any other by default', async () => {
    const server = await serve(() => reply(302, '', ['Location: /other']));
    const { response, failure } = await wire(false).send(get(server.origin));
    expect([response?.status, failure]).toEqual([302, null]);
    expect(server.requests).toHaveLength(1);
  });

  it('is followed where asked for, target byte for byte', async () => {
    const server = await serve((_, index) =>
      index === 0 ? reply(307, '', ["Location: /b/../''?x=(a:1)#frag"]) : reply(200, 'there'),
    );
    const request = { ...get(server.origin, '/first'), verb: 'POST', body: Buffer.from('body') };
    const { response, request: shown } = await wire({}).send(request);
    expect(textOf(response?.body)).toBe('there');
    expect(shown).toBe(request);
    expect(server.requests[1]).toMatch(/^POST \/b\/\.\.\/''\?x=\(a:1\) HTTP\/1\.1\r\n[^]*\r\n\r\nbody$/);
  });

  it.each([301, 302, 303])('S18: of %i on a POST is never turned into a GET', async (status) => {
    const server = await serve(() => reply(status, '', ['Location: /other']));
    const { response } = await wire({}).send({ ...get(server.origin), verb: 'POST' });
    expect(response?.status).toBe(status);
    expect(server.requests).toHaveLength(1);
  });

  it('S19: to another origin is refused unless configured, and carries no secret', async () => {
    const other = await serve(() => reply(200, 'other'));
    const server = await serve(() => reply(302, '', [`Location: ${other.origin}/x`]));
    const request = get(server.origin, '/', [
      ['Authorization', 'Bearer x'],
      ['cookie', 'a'],
      ['X-Api-Key', 'k'],
      ['Host', 'h'],
      ['Accept', 'y'],
    ]);

    const refused = await wire({}).send(request);
    expect(refused.failure).toMatchObject({ code: 'redirect-refused', message: expect.stringContaining(other.origin) });
    expect(refused.response?.status).toBe(302);
    expect(other.requests).toEqual([]);

    const followed = await wire({ crossOrigin: true }).send(request);
    expect(textOf(followed.response?.body)).toBe('other');
    expect(other.requests[0]).not.toMatch(/authorization|cookie|api-key|host: h\r/i);
    expect(other.requests[0]).toContain('Accept: y');
  });

  it('S20: loop is named with its chain', async () => {
    const server = await serve((request) => reply(302, '', [`Location: ${request.includes(' /a ') ? '/b' : '/a'}`]));
    const { failure } = await wire({}).send(get(server.origin, '/a'));
    expect(failure).toMatchObject({
      code: 'redirect-loop',
      message: expect.stringMatching(/\/a -> .*\/b -> .*\/a\.$/),
    });
    expect(server.requests).toHaveLength(2);
  });

  it('S20: chain of 51 is cut at the limit', async () => {
    const server = await serve((_, index) => (index < 51 ? reply(302, '', [`Location: /${index}`]) : reply(200)));
    const { failure } = await wire({}).send(get(server.origin));
    expect(failure).toMatchObject({ code: 'too-many-redirects', message: expect.stringContaining('More than 10') });
    expect(server.requests).toHaveLength(11);
  });

  it.each([
    ['file:///etc/passwd', /no http address/],
    ['javascript:alert(1)', /no http address/],
    ['data:text/plain,x', /no http address/],
    ['http://[bad', /no http address/],
    ['https://169.254.169.254/latest/meta-data', /link-local/],
    ['https://[fe80::1]/', /link-local/],
    ['//169.254.1.1/x', /link-local/],
    ['https://0.0.0.0/', /unspecified/],
    ['https://127.0.0.1/', /to this machine/],
    ['https://localhost/', /to this machine/],
    ['http://api.example.com/a', /from https to http/],
  ])('S21: to %s is refused', (location, reason) => {
    expect(nextHop(from, to(location), { crossOrigin: true })).toMatchObject({
      code: 'redirect-refused',
      message: expect.stringMatching(reason),
    });
  });

  it.each([
    ['/x?y#z', 'https://api.example.com', '/x?y'],
    ['x', 'https://api.example.com', '/a/x'],
    ['?q', 'https://api.example.com', '/a/b?q'],
    ["https://api.example.com/''/../y", 'https://api.example.com', "/''/../y"],
    ['https://www.example.com', 'https://www.example.com', '/'],
  ])('to %s leads to %s %s', (location, origin, target) => {
    expect(nextHop(from, to(location), { crossOrigin: true })).toMatchObject({ origin, target });
  });

  it('without Location, and an answer of another status, is none', () => {
    expect(nextHop(from, { status: 302, headers: [], body: new Uint8Array() })).toBeNull();
    expect(nextHop(from, to('/x', 304))).toBeNull();
  });
});
