import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerValue } from '../../src/protocol/headers.ts';
import { isTunnelled, tunnel, untunnel, type WireRequest } from '../../src/protocol/tunnel.ts';

const utf8 = new TextEncoder();

function request(more: Partial<WireRequest> = {}): WireRequest {
  return {
    verb: 'GET',
    path: '/albums',
    query: 'ids=List(1,2)',
    headers: [['X-RestLi-Method', 'BATCH_GET']],
    body: null,
    ...more,
  };
}

function problemOf(more: Partial<WireRequest>): unknown {
  const out = untunnel(request({ verb: 'POST', query: null, ...more }));
  return 'problem' in out ? [out.problem.status, out.problem.message] : out.request;
}

describe('a tunnelled request', () => {
  it('is a form when it has no body of its own', () => {
    const sent = tunnel(request());
    expect([sent.verb, sent.path, sent.query]).toEqual(['POST', '/albums', null]);
    expect(sent.headers).toEqual([
      ['X-RestLi-Method', 'BATCH_GET'],
      ['X-HTTP-Method-Override', 'GET'],
      ['Content-Type', 'application/x-www-form-urlencoded'],
    ]);
    expect(new TextDecoder().decode(sent.body ?? undefined)).toBe('ids=List(1,2)');
  });

  it('comes out as it went in, whatever its body', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('GET', 'PUT', 'POST', 'DELETE'),
        fc.constantFrom('ids=List(1)', 'q=x&a=%26', 'a=☺'),
        fc.option(
          fc.oneof(
            fc.uint8Array(),
            fc
              .constantFrom('--restli-tunnel', '\r\n--restli-tunnel--\r\n', '\r\n\r\n', '')
              .map((text) => utf8.encode(text)),
          ),
        ),
        (verb, query, body) => {
          const headers: WireRequest['headers'] =
            body === null
              ? [['A', 'b']]
              : [
                  ['A', 'b'],
                  ['Content-Type', 'application/json'],
                ];
          const before = request({ verb, query, headers, body });
          const sent = tunnel(before);
          expect(isTunnelled(sent)).toBe(true);
          const out = untunnel(sent);
          if (!('request' in out)) throw new Error(out.problem.message);
          expect({ ...out.request, body: out.request.body === null ? null : [...out.request.body] }).toEqual({
            ...before,
            body: body === null ? null : [...body],
          });
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('keeps a query that was left in the URL, before its own', () => {
    const out = untunnel({ ...tunnel(request()), query: 'count=1' });
    expect('request' in out && out.request.query).toBe('count=1&ids=List(1,2)');
  });

  it('may have its parts in either order, with a quoted boundary', () => {
    const body = utf8.encode(
      'preamble\r\n--a b\r\nContent-Type: application/json\r\n\r\n{}\r\n--a b\r\ncontent-type: application/x-www-form-urlencoded\r\n\r\nids=List(1)\r\n--a b--\r\n',
    );
    const out = untunnel(
      request({
        verb: 'POST',
        query: null,
        headers: [
          ['x-http-method-override', 'PUT'],
          ['content-type', 'multipart/mixed; boundary="a b"'],
        ],
        body,
      }),
    );
    if (!('request' in out)) throw new Error(out.problem.message);
    expect([out.request.verb, out.request.query, new TextDecoder().decode(out.request.body ?? undefined)]).toEqual([
      'PUT',
      'ids=List(1)',
      '{}',
    ]);
    expect(headerValue(out.request.headers, 'Content-Type')).toBe('application/json');
  });

  it('is refused when it is malformed, with what is wrong', () => {
    const override: readonly [string, string] = ['X-HTTP-Method-Override', 'PUT'];
    const mixed = (type: string, body: string): unknown =>
      problemOf({ headers: [override, ['Content-Type', type]], body: utf8.encode(body) });
    expect(problemOf({ headers: [['X-HTTP-Method-Override', 'put']] })).toEqual([
      500,
      expect.stringContaining('`put`'),
    ]);
    expect(problemOf({ verb: 'GET', headers: [override] })).toEqual([400, expect.stringContaining('POST')]);
    expect(problemOf({ headers: [override] })).toEqual([400, expect.stringContaining('none')]);
    expect(mixed('text/plain', 'a=b')).toEqual([400, expect.stringContaining('text/plain')]);
    expect(mixed('multipart/mixed', '')).toEqual([400, expect.stringContaining('boundary')]);
    expect(mixed('multipart/mixed; boundary=x', 'nothing')).toEqual([400, expect.stringContaining('boundary')]);
    expect(mixed('multipart/mixed; boundary=x', '--x\r\n\r\nbody')).toEqual([400, expect.stringContaining('no end')]);
    expect(mixed('multipart/mixed; boundary=x', '--x\r\n\r\nbody\r\n--x--')).toEqual([
      400,
      expect.stringContaining('no part'),
    ]);
    expect(
      mixed(
        'multipart/mixed; boundary=x',
        '--x\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\na=b\r\n--x--',
      ),
    ).toEqual([400, expect.stringContaining('two parts')]);
  });

  it('is read without an exception, whatever its body', () => {
    const pieces = fc.array(
      fc.constantFrom('--x', '\r\n', '\r\n\r\n', '--', 'Content-Type: application/x-www-form-urlencoded', 'a=b'),
      { maxLength: 10 },
    );
    fc.assert(
      fc.property(
        pieces,
        (parts) =>
          void problemOf({
            headers: [
              ['X-HTTP-Method-Override', 'GET'],
              ['Content-Type', 'multipart/mixed; boundary=x'],
            ],
            body: utf8.encode(parts.join('')),
          }),
      ),
      { numRuns: 2_000 },
    );
  });
});
