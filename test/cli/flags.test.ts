import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from 'commander';
import { baseUrl, duration, header, shard, variable, wholeNumber } from '../../src/cli/flags.ts';

describe('flags', () => {
  it.each([
    ['500ms', 500],
    ['2s', 2_000],
    ['1m', 60_000],
    ['1.5s', 1_500],
  ])('reads the duration %s', (text, ms) => {
    expect(duration(text)).toBe(ms);
  });

  it.each(['-1', '1e99', 'abc', '10parsecs', '5', '0s', '99999999m', ''])('refuses the duration %j', (text) => {
    expect(() => duration(text)).toThrow(InvalidArgumentError);
  });

  it.each(['0/3', '4/3', 'a/b', '1', '1/0', '-1/2'])('refuses the shard %j', (text) => {
    expect(() => shard(text)).toThrow(/1\/3/);
  });

  it('reads a shard', () => {
    expect(shard('2/3')).toEqual({ index: 2, count: 3 });
  });

  it.each(['example.com', 'ftp://example.com', 'http://', 'http://a?b=c'])('refuses the base URL %j', (text) => {
    expect(() => baseUrl(text)).toThrow(InvalidArgumentError);
  });

  it('refuses credentials in a base URL without showing them', () => {
    const caught = ((): string => {
      try {
        return baseUrl('https://ann:canary-secret@example.com');
      } catch (error) {
        return String(error);
      }
    })();
    expect(caught).toContain('credentials');
    expect(caught).not.toContain('canary');
  });

  it('takes trailing slashes off a base URL', () => {
    expect(baseUrl('https://api.example.com/rest//')).toBe('https://api.example.com/rest');
  });

  it.each(['no-colon', 'bad name: x', 'A: b\r\nC: d'])('refuses the header %j', (text) => {
    expect(() => header(text)).toThrow(InvalidArgumentError);
  });

  it('collects variables', () => {
    expect(variable('b=2=3', variable('a=1'))).toEqual(['a=1', 'b=2=3']);
    expect(() => variable('=x')).toThrow(InvalidArgumentError);
  });

  it('keeps numbers in their range', () => {
    expect(wholeNumber(1, 64)('16')).toBe(16);
    for (const text of ['0', '65', '1.5', 'x', '-1'])
      expect(() => wholeNumber(1, 64)(text)).toThrow(InvalidArgumentError);
  });
});
