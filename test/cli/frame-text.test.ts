import { describe, expect, it } from 'vitest';
import { frameText } from '../../src/cli/frame-text.ts';

describe('text of a code frame', () => {
  it.each([
    ['  params: { access_token: canary-1, page: 2 }', '  params: { access_token: ********, page: 2 }'],
    ['headers: { Cookie: "session=canary" }', 'headers: { Cookie: **************** }'],
    ["password: 'it is canary' # why", 'password: ************** # why'],
    ['{"client_secret": "canary","a":1}', '{"client_secret": ********,"a":1}'],
    ['X-Api-Key: canary key', 'X-Api-Key: **********'],
    ['Authorization: Bearer canary-0123456789abcdef', 'Authorization: ******************************'],
  ])('masks what a name calls secret: %s', (text, expected) => {
    expect(frameText(text)).toBe(expected);
    expect(frameText(text)).toHaveLength(text.length);
  });

  it.each([
    'access_token: string',
    'token: "${env.TOKEN}"',
    'pageToken: abc',
    'properties: { password: { type: string } }',
    'password:\n  type: string',
    'name: reads the token',
    'access_token?: string',
  ])('leaves alone: %s', (text) => {
    expect(frameText(text)).toBe(text);
  });

  it('keeps lines and lengths of a private key', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIIcanary\n-----END PRIVATE KEY-----';
    const hidden = key.replace(/[^\n]/g, '*');
    expect(frameText(`key: |\n${key}\nafter: 1`)).toBe(`key: |\n${hidden}\nafter: 1`);
  });
});
