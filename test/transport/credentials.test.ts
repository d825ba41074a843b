import { describe, expect, it } from 'vitest';
import { credentialsInText, credentialsOf, isTelling } from '../../src/transport/credentials.ts';

const values = (name: string, value: string): readonly string[] =>
  credentialsOf([[name, value]]).map((credential) => credential.value);

const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

describe('credentials of a header', () => {
  it.each([
    ['Authorization', 'Bearer tok-1', ['tok-1']],
    ['authorization', 'tok-1', ['tok-1']],
    ['Proxy-Authorization', basic('bob:pässwört'), [basic('bob:pässwört').slice(6), 'pässwört']],
    ['Authorization', basic('sk_live_4242:'), [basic('sk_live_4242:').slice(6), 'sk_live_4242']],
    ['Authorization', basic('client0001:pass'), [basic('client0001:pass').slice(6), 'pass', 'client0001']],
    ['Authorization', 'bob:BASICPASS01', ['bob:BASICPASS01', 'BASICPASS01']],
    [
      'Authorization',
      'Digest username="bob", response="6629fae49393"',
      ['username="bob", response="6629fae49393"', '6629fae49393'],
    ],
    ['Cookie', 'sid=COOKSEC03; theme=dark; a=b; q="quoted-1"', ['COOKSEC03', '"quoted-1"', 'quoted-1']],
    ['Cookie', 'sid=a%2Fb%3D12', ['a%2Fb%3D12', 'a/b=12']],
    ['Set-Cookie', 'sid=COOKSEC04; Path=/library; Domain=example.com', ['COOKSEC04']],
    ['X-Api-Key', 'k-123456', ['k-123456']],
    ['X-Tenant', 'acme-123456', []],
  ])('%s: %s', (name, value, found) => {
    expect(values(name, value)).toEqual(found);
  });
});

describe('credentials in a text', () => {
  it.each([
    ['GET https://joe:URLSEC07@h/x', ['URLSEC07']],
    ['"https:\\/\\/joe:URLSEC07@h\\/x"', ['URLSEC07']],
    ['https://ghp_token99@h/', ['ghp_token99']],
    ['https://joe:p%40ss@h', ['p%40ss', 'p@ss']],
    ['https://h/a?mail=joe:x@h', []],
    ['on eyJhbGciOiJI.eyJzdWIiOiIx.c2ln here', ['eyJhbGciOiJI.eyJzdWIiOiIx.c2ln']],
  ])('%s', (text, found) => {
    expect(credentialsInText(text).map(({ value }) => value)).toEqual(found);
  });
});

describe('a value that may be a secret', () => {
  it.each(['COOKSEC03', 'SECRET', 'a1b2', '1234567', 'with space'])('%s is looked for', (value) => {
    expect(isTelling(value)).toBe(true);
  });

  it.each(['dark', 'en-US', '10', '123456', '', 'true', 'elements', 'application/json'])('%s is not', (value) => {
    expect(isTelling(value)).toBe(false);
  });
});
