import { describe, expect, it } from 'vitest';
import { requestProblems } from '../../src/transport/check-request.ts';
import type { HttpRequest } from '../../src/transport/exchange.ts';

const good: HttpRequest = {
  verb: 'GET',
  origin: 'http://h:1',
  target: "/a/''?x=(b:1)",
  headers: [['A', 'b\té']],
  body: null,
};

describe('what HTTP cannot carry', () => {
  it.each<readonly [string, Partial<HttpRequest>]>([
    ['nothing special', {}],
    ['a verb of its own', { verb: 'PURGE' }],
    ['an origin with IPv6', { origin: 'https://[::1]:8443' }],
    ['a true Content-Length', { headers: [['Content-Length', '2']], body: Buffer.from('ab') }],
    ['Connection: close', { headers: [['Connection', 'close']] }],
    ['one Host', { headers: [['Host', 'other']] }],
    [
      'doubled headers',
      {
        headers: [
          ['X', '1'],
          ['x', '2'],
        ],
      },
    ],
  ])('is not %s', (_, part) => {
    expect(requestProblems({ ...good, ...part })).toEqual([]);
  });

  it.each<readonly [Partial<HttpRequest>, string, RegExp]>([
    [{ verb: 'GE T' }, 'verb', /not an HTTP token/],
    [{ verb: '' }, 'verb', /not an HTTP token/],
    [{ verb: 'CONNECT' }, 'verb', /tunnel/],
    [{ origin: 'http://h/path' }, 'origin', /of the form/],
    [{ origin: 'http://user@h' }, 'origin', /of the form/],
    [{ target: 'a' }, 'target', /slash/],
    [{ target: '' }, 'target', /slash/],
    [{ target: '/a b' }, 'target', /a space \(U\+0020\) at character 3/],
    [{ target: '/\u{1f600}' }, 'target', /U\+1F600/],
    [{ target: '/a\r\nX: y' }, 'target', /a carriage return \(U\+000D\) at character 3/],
    [{ headers: [['a b', 'x']] }, 'header a b', /not an HTTP token/],
    [{ headers: [['', 'x']] }, 'header ', /not an HTTP token/],
    [{ headers: [['A', 'x\n y']] }, 'header A', /a line feed \(U\+000A\) at character 2/],
    [{ headers: [['A', '\0']] }, 'header A', /NUL/],
    [{ headers: [['A', 'x\x7f']] }, 'header A', /a control character \(U\+007F\)/],
    [{ headers: [['A', '€']] }, 'header A', /`€` \(U\+20AC\)/],
    [{ headers: [['EXPECT', '100-continue']] }, 'header EXPECT', /Expect/],
    [{ headers: [['Transfer-Encoding', 'chunked']] }, 'header Transfer-Encoding', /Content-Length/],
    [{ headers: [['Upgrade', 'h2c']] }, 'header Upgrade', /HTTP\/1\.1/],
    [{ headers: [['Connection', 'X-Other']] }, 'header Connection', /close and keep-alive/],
    [{ headers: [['Content-Length', '1']] }, 'header Content-Length', /"1", the body has 0 bytes/],
    [
      {
        headers: [
          ['Content-Length', '0'],
          ['content-length', '0'],
        ],
      },
      'header content-length',
      /twice/,
    ],
    [
      {
        headers: [
          ['Host', 'a'],
          ['host', 'b'],
        ],
      },
      'header host',
      /twice/,
    ],
  ])('%j is named in part %s', (part, where, message) => {
    const problems = requestProblems({ ...good, ...part });
    expect(problems).toEqual([{ part: where, message: expect.stringMatching(message) }]);
  });

  it('is reported all at once', () => {
    const problems = requestProblems({
      ...good,
      target: '/a b',
      headers: [
        ['x y', '1'],
        ['z', '\n'],
      ],
    });
    expect(problems.map(({ part }) => part)).toEqual(['target', 'header x y', 'header z']);
  });
});
