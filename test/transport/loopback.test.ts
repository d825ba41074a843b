import { describe, expect, it } from 'vitest';
import { isLoopback } from '../../src/transport/loopback.ts';

describe('an origin on this machine', () => {
  it.each([
    'http://127.0.0.1:8080',
    'http://127.9.9.9',
    'https://localhost',
    'http://LOCALHOST.:1',
    'http://a.localhost',
    'http://[::1]:80',
    'http://127.1',
    'http://2130706433',
    'http://[::ffff:127.0.0.1]',
  ])('is %s', (origin) => expect(isLoopback(origin)).toBe(true));

  it.each([
    'http://128.0.0.1',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'http://[::2]',
    'http://0.0.0.0',
    'http://10.0.0.1',
    'https://api.linkedin.com',
    'nonsense',
    '',
    'http://notlocalhost',
  ])('is not %s', (origin) => expect(isLoopback(origin)).toBe(false));
});
