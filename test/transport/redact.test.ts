import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../src/transport/exchange.ts';
import { createRedactor, MASK } from '../../src/transport/redact.ts';
import { textOf } from './raw-server.ts';

/** Values with everything that encoders touch; nobody writes such a value by chance. */
const CANARIES = [
  'canary-plain-0001',
  'canary/with+base64=chars',
  'canary "quoted" \\ back',
  "canary 'single' & <html>",
  'canary-ünïcödé-€-😀',
  'canary(a:1,b:List(x))',
  'canary%25already%2Fencoded',
  'canary\ttab\nline',
  'k4n7',
  'AQXcanaryToken_-.~0123456789',
];

const html = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

const inBase64 = (encoding: 'base64' | 'base64url', before: string) => (text: string) =>
  Buffer.from(`${before}${text}:after`, 'utf8').toString(encoding);

const ENCODINGS: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  'URL-encoded': (text) => encodeURIComponent(text),
  'URL-encoded in lower case': (text) => encodeURIComponent(text).replace(/%../g, (hex) => hex.toLowerCase()),
  'URL-encoded twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  'URL-encoded with parentheses': (text) =>
    encodeURIComponent(text).replace(/[()'*!]/g, (c) => `%${c.charCodeAt(0).toString(16)}`),
  'form-encoded': (text) => new URLSearchParams({ x: text }).toString().slice(2),
  'JSON-escaped': (text) => JSON.stringify(text).slice(1, -1),
  'JSON-escaped to ASCII': (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'JSON in JSON': (text) => JSON.stringify(JSON.stringify(text)),
  'HTML-escaped': html,
  hex: (text) => Buffer.from(text, 'utf8').toString('hex'),
  HEX: (text) => Buffer.from(text, 'utf8').toString('hex').toUpperCase(),
  'base64 at 0': inBase64('base64', ''),
  'base64 at 1': inBase64('base64', 'user1:'.slice(0, 4)),
  'base64 at 2': inBase64('base64', 'user:'),
  'base64url at 0': inBase64('base64url', 'abc'),
  'base64url at 1': inBase64('base64url', 'a'),
  'base64url at 2': inBase64('base64url', 'ab'),
  'base64, URL-encoded': (text) => encodeURIComponent(inBase64('base64', 'u:')(text)),
};

describe('ten canaries', () => {
  const redactor = createRedactor({ values: CANARIES });

  it.each(Object.entries(ENCODINGS))('are masked where they are %s', (_, encode) => {
    for (const canary of CANARIES) {
      const planted = encode(canary);
      // What stays of base64 are at most the characters at either end that the neighbours decide too.
      const redacted = redactor.redactText(`before ${planted} after`);
      expect(redacted).toContain(MASK);
      expect(redacted).not.toContain(planted);
      expect(redacted.replace('before ', '').replace(' after', '').replaceAll(MASK, '').length).toBeLessThan(
        planted.length / 2 + 14,
      );
    }
  });

  it('are found nowhere in a whole exchange that is full of them', () => {
    const forms = CANARIES.flatMap((canary) => Object.values(ENCODINGS).map((encode) => encode(canary)));
    const json = Buffer.from(JSON.stringify({ note: forms, nested: { [String(CANARIES[0])]: 1 } }), 'utf8');
    const exchange: Exchange = {
      request: {
        verb: 'POST',
        origin: 'http://127.0.0.1:1',
        target: `/x?${CANARIES.map((canary, i) => `q${i}=${encodeURIComponent(canary)}`).join('&')}`,
        headers: CANARIES.map((canary, i) => [`X-Note-${i}`, JSON.stringify(canary)]),
        body: json,
      },
      response: {
        status: 200,
        headers: CANARIES.map((canary) => ['Location', `/y/${encodeURIComponent(canary)}`]),
        body: Buffer.from(forms.join('\n'), 'utf8'),
      },
      failure: {
        phase: 'headers',
        code: 'bad-status-line',
        message: `it begins with "${CANARIES.join(' ')}"`,
        hint: 'none',
      },
      durationMs: 1,
    };
    const redacted = redactor.redactExchange(exchange);
    const everything = JSON.stringify(redacted, (_, value: unknown) =>
      value instanceof Uint8Array ? textOf(value) : value,
    );
    const hits = forms.filter(
      (form) => everything.includes(form) || everything.includes(JSON.stringify(form).slice(1, -1)),
    );
    expect(hits).toEqual([]);
    expect(redacted.redacted).toBe(true);
    // The judge still sees the truth.
    expect(exchange.request.body).toBe(json);
  });

  it('are masked once they are known', () => {
    const late = createRedactor();
    expect(late.redactText('canary-late')).toBe('canary-late');
    late.addValue('canary-late\n');
    expect(late.redactText('a canary-late b')).toBe(`a ${MASK} b`);
  });
});

describe('a value of fewer than four characters', () => {
  it('is not looked for', () => {
    expect(createRedactor({ values: ['abc', '', '1'] }).redactText('abc 1 abcd')).toBe('abc 1 abcd');
  });
});

describe('redaction by name', () => {
  const redactor = createRedactor({
    fieldNames: ['taxId'],
    headerNames: ['X-Partner'],
    pointers: ['/owners/*/ssn', '/a~1b/0'],
  });
  const redact = (text: string): string => redactor.redactText(text).replaceAll(MASK, '#');

  it.each([
    [
      '{"access_token":"abc","pageToken":"p","nextPageToken":"n"}',
      '{"access_token":"#","pageToken":"p","nextPageToken":"n"}',
    ],
    [
      '{ "clientSecret" :\n 123.5e3 , "a":[1,{"Password":"x"}]}',
      '{ "clientSecret" :\n "#" , "a":[1,{"Password":"#"}]}',
    ],
    ['{"api_key":{"a":["x",1,true,null]},"b":"x"}', '{"api_key":{"a":["#","#",true,null]},"b":"x"}'],
    ['{"taxId":"1","TAXID":2}', '{"taxId":"#","TAXID":"#"}'],
    [
      '{"owners":[{"ssn":"1","n":"a"},{"ssn":2}],"ssn":"kept"}',
      '{"owners":[{"ssn":"#","n":"a"},{"ssn":"#"}],"ssn":"kept"}',
    ],
    ['{"a/b":["x","y"]}', '{"a/b":["#","y"]}'],
    ['{"\\u0074oken":"x"}', '{"\\u0074oken":"#"}'],
    ['{"token":"with \\" and \\\\"}', '{"token":"#"}'],
    ['{"token":"cut off', '{"token":"#"'],
    ['"sessionId": "x", "a": 1', '"sessionId": "#", "a": 1'],
    ['{"token":', '{"token":'],
    ['}}]]{"token":"x"', '}}]]{"token":"#"'],
    ['{"id":1,"name":"no secret"}', '{"id":1,"name":"no secret"}'],
    ['GET /x?access_token=abc&q=a&pageToken=1#f', 'GET /x?access_token=#&q=a&pageToken=1#f'],
    [
      'grant_type=client_credentials&client_secret=a%2Fb&code=1',
      'grant_type=client_credentials&client_secret=#&code=1',
    ],
    ['Authorization: Bearer abc', 'Authorization: Bearer #'],
    [
      "curl -H 'Cookie: a=b; c=d' -H 'X-Partner: p' -H 'X-Api-Key: 1'",
      "curl -H 'Cookie: #' -H 'X-Partner: #' -H 'X-Api-Key: #'",
    ],
    ['sent Bearer AQX-12345678 to it', 'sent Bearer # to it'],
    ['Bearer authentication is required', 'Bearer authentication is required'],
    ['https://user:pass@host/x', 'https://user:#@host/x'],
    ['x eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln y', 'x # y'],
    ['expected 4 tokens: see session handling', 'expected 4 tokens: see session handling'],
  ])('turns %s into %s', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it('masks headers, keeping the scheme of credentials', () => {
    const headers = [
      ['authorization', 'Basic dXNlcjpwYXNz'],
      ['Set-Cookie', 'a=b'],
      ['X-Session-Id', '1'],
      ['X-RestLi-Id', '7'],
      ['Location', '/x?token=1'],
    ] as const;
    expect(redactor.redactHeaders(headers)).toEqual([
      ['authorization', `Basic ${MASK}`],
      ['Set-Cookie', MASK],
      ['X-Session-Id', MASK],
      ['X-RestLi-Id', '7'],
      ['Location', `/x?token=${MASK}`],
    ]);
  });

  it('leaves bytes that are no text alone', () => {
    const body = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect(redactor.redactBody(body)).toBe(body);
    const mixed = Buffer.concat([Buffer.from([0xff, 0xfe, 0x00]), Buffer.from('{"token":"x","ä":"€"}', 'utf8')]);
    const redacted = redactor.redactBody(mixed);
    expect([...redacted.subarray(0, 3)]).toEqual([0xff, 0xfe, 0x00]);
    expect(textOf(redacted.subarray(3))).toBe(`{"token":"${MASK}","ä":"€"}`);
  });

  it('goes through JSON of any depth', () => {
    const deep = `${'['.repeat(100_000)}{"token":"x"}${']'.repeat(100_000)}`;
    expect(redact(deep)).toContain('{"token":"#"}');
  });

  it('returns the very same objects where nothing is secret', () => {
    const headers = [['A', 'b']] as const;
    const body = Buffer.from('{"a":1}');
    expect(redactor.redactHeaders(headers)).toBe(headers);
    expect(createRedactor().redactBody(body)).toBe(body);
  });
});
