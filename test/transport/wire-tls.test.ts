import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls, { type TlsOptions as ServerOptions } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { createWire, type WireOptions } from '../../src/transport/wire.ts';
import { get, reply, textOf } from './raw-server.ts';

const pem = (name: string): Buffer => readFileSync(new URL(`../fixtures/tls/${name}.pem`, import.meta.url));
const ca = pem('ca');
const key = pem('server-key');

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** The origin of a TLS server that answers `secure`. */
async function serve(options: ServerOptions): Promise<string> {
  const server = tls.createServer({ key, ...options }, (socket) => {
    socket.on('error', () => undefined).on('data', () => socket.write(reply(200, 'secure')));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Failed to open a loopback port');
  return `https://127.0.0.1:${address.port}`;
}

function wire(options: WireOptions['tls']): ReturnType<typeof createWire> {
  const made = createWire(options === undefined ? {} : { tls: options });
  open.unshift(made);
  return made;
}

describe('TLS on the wire', () => {
  it('S41: trusts a server whose issuer is given', async () => {
    const origin = await serve({ cert: pem('server') });
    const { response, failure } = await wire({ ca }).send(get(origin));
    expect(failure).toBeNull();
    expect(textOf(response?.body)).toBe('secure');
  });

  it.each([
    ['self-signed', 'tls-self-signed', undefined],
    ['server', 'tls-unknown-issuer', undefined],
    ['expired', 'tls-expired', { ca }],
    ['other-name', 'tls-wrong-name', { ca }],
  ] as const)('S41: refuses the certificate %s with %s, and takes it with insecure', async (name, code, options) => {
    const origin = await serve({ cert: pem(name) });
    const { response, failure } = await wire(options).send(get(origin));
    expect(response).toBeNull();
    expect(failure).toMatchObject({ code, phase: 'tls' });
    expect(failure?.message).toContain(origin.replace('https://', ''));

    const insecure = await wire({ ...options, insecure: true }).send(get(origin));
    expect(textOf(insecure.response?.body)).toBe('secure');
  });

  it('checks the name that is given in place of that of the origin', async () => {
    const origin = await serve({ cert: pem('other-name') });
    const { response } = await wire({ ca, servername: 'other.example' }).send(get(origin));
    expect(textOf(response?.body)).toBe('secure');
  });

  it('S41: names a server that speaks TLS 1.0 only', async () => {
    const origin = await serve({
      cert: pem('server'),
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1',
      ciphers: 'ALL@SECLEVEL=0',
    });
    const { failure } = await wire({ ca }).send(get(origin));
    expect(failure).toMatchObject({ code: 'tls-protocol', phase: 'tls' });
  });

  it('S41: names a server that speaks no TLS at all', async () => {
    const talker = net.createServer(
      (socket) =>
        void socket
          .on('error', () => undefined)
          .resume()
          .end('HTTP/1.1 400 Bad\r\n\r\n'),
    );
    await new Promise<void>((resolve) => talker.listen(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise((resolve) => talker.close(() => resolve())) });
    const address = talker.address();
    if (address === null || typeof address === 'string') throw new Error('Failed to open a loopback port');
    const { failure } = await wire(undefined).send(get(`https://127.0.0.1:${address.port}`));
    expect(failure).toMatchObject({ code: 'tls-protocol', phase: 'tls' });
    expect(failure?.hint).toContain('http://');
  });

  it('shows its certificate where the server asks for one', async () => {
    const origin = await serve({ cert: pem('server'), ca, requestCert: true, rejectUnauthorized: true });
    const refused = await wire({ ca }).send(get(origin));
    // Node's server hangs up without the alert that other servers send.
    expect(refused.failure?.code).toBe('closed-before-response');
    expect(refused.failure?.hint).toContain('client certificate');
    const taken = await wire({ ca, cert: pem('server'), key }).send(get(origin));
    expect(textOf(taken.response?.body)).toBe('secure');
  });

  it('says so where key or CA cannot be read', async () => {
    const origin = await serve({ cert: pem('server') });
    const { failure } = await wire({ ca, cert: 'nonsense', key: 'nonsense' }).send(get(origin));
    expect(failure).toMatchObject({ code: 'tls-options', phase: 'tls' });
  });
});
