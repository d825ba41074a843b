/** S: the server misbehaves. */
/* oxlint-disable vitest/no-standalone-expect -- rows are played inside a test */
import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { expect } from 'vitest';
import { folderOf } from '../../cli/support.ts';
import type { RawAnswer } from '../../transport/raw-server.ts';
import { CANARY, fault, rest, withServer } from './against-server.ts';
import { command } from './command.ts';
import { elsewhere, type Row } from './row.ts';

const HEAD = 'HTTP/1.1 200 OK\r\nX-RestLi-Protocol-Version: 2.0.0\r\nContent-Type: application/json\r\n';
const end =
  (bytes: string): RawAnswer =>
  (socket) =>
    void socket.end(bytes, 'latin1');

/** Writes on until the client hangs up. */
const endless =
  (start: string, chunk: string, everyMs: number): RawAnswer =>
  (socket) => {
    socket.write(start, 'latin1');
    const timer = setInterval(() => socket.writableNeedDrain || socket.write(chunk, 'latin1'), everyMs);
    socket.once('close', () => clearInterval(timer));
  };
const coded = (coding: string, body: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`${HEAD}Content-Encoding: ${coding}\r\nContent-Length: ${body.byteLength}\r\n\r\n`),
    body,
  ]);
const times = (count: number, layer: (body: Buffer) => Buffer, body: Buffer): Buffer =>
  count === 0 ? body : times(count - 1, layer, layer(body));
const bytes = (...values: readonly number[]): string => String.fromCharCode(...values);

const BATCH = { meets: 'method: BATCH_GET, ids: [1, 3]', methods: '  BATCH_GET:' };
const REMOVES = { meets: 'method: BATCH_DELETE, ids: [1, 3]', methods: '  BATCH_DELETE:' };
const CREATES = { meets: 'method: CREATE, entity: { text: new }', methods: '  CREATE:' };
const CREATED = 'HTTP/1.1 201 Created\r\nX-RestLi-Protocol-Version: 2.0.0\r\nContent-Length: 0\r\n';
const MASKED = Buffer.from(CANARY).toString('base64');

export const SERVER_ROWS: readonly Row[] = [
  {
    id: 'S01',
    what: 'connection refused',
    expected: 'unreachable, with host, port and what to do; 3 where every request ends so',
    proof: async () => {
      using folder = folderOf();
      const { code, out } = await command(folder, [
        'run',
        'greetings.contract.yaml',
        '--no-report',
        '--group',
        'contract',
        '--base-url',
        'http://127.0.0.1:1',
      ]);
      expect(out).toMatch(/127\.0\.0\.1:1\b/);
      expect(out).toMatch(/hint +\S/);
      expect(code).toBe(3);
    },
  },
  {
    id: 'S02',
    what: 'the name of the host is unknown',
    expected: 'as S01, in phase dns',
    proof: elsewhere('test/transport/wire.test.ts', 'S02: name the phase dns where the name is unknown'),
  },
  withServer({
    id: 'S03',
    what: 'accepts, never answers',
    expected: 'stops at the limit, which is named',
    answer: () => () => undefined,
    args: ['--timeout', '250ms'],
    verdict: 'error',
    rules: ['transport/timeout'],
    says: /250 ms/,
  }),
  withServer({
    id: 'S04',
    what: 'one byte at a time after the headers',
    expected: 'the total deadline stops it',
    answer: () => endless(`${HEAD}Content-Length: 9999\r\n\r\n`, ' ', 20),
    args: ['--timeout', '300ms'],
    verdict: 'error',
    rules: ['transport/timeout'],
    says: /300 ms/,
  }),
  withServer({
    id: 'S05',
    what: 'closes before any byte',
    expected: 'closed before the first byte; no POST is sent again',
    ...CREATES,
    answer: () => end(''),
    verdict: 'error',
    rules: ['transport/headers'],
    says: /before the first byte/,
    also: ({ requests }) => expect(requests.filter((one) => one.startsWith('POST'))).toHaveLength(1),
  }),
  withServer({
    id: 'S06',
    what: 'closes in mid-body',
    expected: 'bytes got and expected; the body is not judged',
    answer: () => end(`${HEAD}Content-Length: 20\r\n\r\n{"id":`),
    verdict: 'error',
    rules: ['transport/body'],
    says: /6 of 20 bytes/,
  }),
  withServer({
    id: 'S07',
    what: 'a bad chunk size',
    expected: 'told; the next request has a connection of its own',
    answer: () => `${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n{"id":1}\r\n0\r\n\r\n`,
    args: ['--concurrency', '1'],
    verdict: 'error',
    rules: ['transport/body'],
  }),
  withServer({
    id: 'S08',
    what: 'two different Content-Length values',
    expected: 'told and explained',
    answer: () => `${HEAD}Content-Length: 8\r\nContent-Length: 9\r\n\r\n{"id":1}`,
    verdict: 'error',
    rules: ['transport/headers'],
    says: /8, 9/,
  }),
  withServer({
    id: 'S09',
    what: 'Content-Length beside Transfer-Encoding',
    expected: 'told; never a mixed body',
    answer: () => `${HEAD}Content-Length: 8\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{"id":1}\r\n0\r\n\r\n`,
    verdict: 'error',
    rules: ['transport/headers'],
  }),
  withServer({
    id: 'S10',
    what: 'headers over 16 KB',
    expected: 'told with the limit',
    answer: () => `${HEAD}X: ${'a'.repeat(20_000)}\r\n\r\n`,
    verdict: 'error',
    rules: ['transport/headers'],
    says: /16384 bytes/,
  }),
  withServer({
    id: 'S11',
    what: '10,000 header lines',
    expected: 'told with the limit',
    answer: () => `${HEAD}${'a: b\r\n'.repeat(10_000)}\r\n`,
    verdict: 'error',
    rules: ['transport/headers'],
  }),
  {
    ...withServer({
      id: 'S12',
      what: '200 MB out of 200 KB of gzip',
      expected: 'stopped at the cap; memory stays within 256 MB',
      answer: () => coded('gzip', gzipSync(Buffer.alloc(200_000_000))),
      verdict: 'error',
      rules: ['transport/body'],
      also: () => expect(process.memoryUsage.rss()).toBeLessThan(1_500_000_000),
    }),
  },
  withServer({
    id: 'S13',
    what: 'gzip within gzip, five layers',
    expected: 'refused after the second',
    answer: () => coded('gzip, gzip, gzip, gzip, gzip', times(5, gzipSync, Buffer.from('{"id":1}'))),
    verdict: 'error',
    rules: ['transport/body'],
    says: /5 content codings/,
  }),
  withServer({
    id: 'S14',
    what: 'a plain body called gzip',
    expected: 'told: it is not gzip',
    answer: () => coded('gzip', Buffer.from('{"id":1}')),
    verdict: 'error',
    rules: ['transport/body'],
    says: /not gzip/,
  }),
  withServer({
    id: 'S15',
    what: 'truncated gzip',
    expected: 'told; the part is not judged as the whole',
    answer: () => coded('gzip', gzipSync('{"id":1}').subarray(0, -9)),
    verdict: 'error',
    rules: ['transport/body'],
    says: /too early/,
  }),
  withServer({
    id: 'S16',
    what: 'an unknown content coding',
    expected: 'told with the size as received',
    answer: () => coded('zstd9', Buffer.from('12345')),
    verdict: 'error',
    rules: ['transport/body'],
    says: /zstd9[^]*5 bytes/,
  }),
  withServer({
    id: 'S17',
    what: 'an endless body without length',
    expected: 'stopped at the cap',
    answer: () => endless(`${HEAD}\r\n`, ' '.repeat(1_000_000), 1),
    verdict: 'error',
    rules: ['transport/body'],
    says: /10000000 bytes/,
  }),
  withServer({
    id: 'S18',
    what: 'a POST is redirected by 302',
    expected: 'told; never turned into a GET',
    ...CREATES,
    answer: () => 'HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n',
    verdict: 'fail',
    rules: ['status/redirect', 'response-headers/protocol-version-absent'],
    also: ({ requests }) => expect(requests.some((one) => one.includes('/elsewhere'))).toBe(false),
  }),
  {
    id: 'S19',
    what: 'a redirect to another origin where redirects are followed',
    expected: 'only if configured; no secret header goes along',
    proof: elsewhere(
      'test/transport/redirect.test.ts',
      'S19: to another origin is refused unless configured, and carries no secret',
    ),
  },
  {
    id: 'S20',
    what: 'a redirect loop, and 51 hops',
    expected: 'told with the chain, limited',
    proof: elsewhere(
      'test/transport/redirect.test.ts',
      'S20: loop is named with its chain',
      'S20: chain of 51 is cut at the limit',
    ),
  },
  {
    id: 'S21',
    what: 'redirects to file:, javascript:, 169.254.169.254',
    expected: 'refused and named',
    proof: elsewhere('test/transport/redirect.test.ts', 'S21: to %s is refused'),
  },
  withServer({
    id: 'S22',
    what: '204 with a body',
    expected: 'told; the connection is thrown away',
    meets: 'method: DELETE, key: 1',
    methods: '  DELETE:',
    answer: () => 'HTTP/1.1 204 No Content\r\nX-RestLi-Protocol-Version: 2.0.0\r\n\r\n{"id":1}',
    args: ['--concurrency', '1'],
    verdict: 'error',
    rules: ['transport/body'],
  }),
  withServer({
    id: 'S23',
    what: 'text without a status line, escapes in it',
    expected: 'told with the first bytes, escaped',
    answer: () => end('\u001b[31mHELLO HTTP/9.9 999\r\n\r\n'),
    verdict: 'error',
    rules: ['transport/headers'],
    says: /\\x1b\[31mHELLO/,
    also: ({ texts }) => expect(texts).not.toContain('\u001b[31mHELLO'),
  }),
  withServer({
    id: 'S24',
    what: 'a page of HTML called JSON',
    expected: 'told: it begins with <, its title escaped',
    answer: () => rest(200, '<html><title>Sign <b>in</b></title></html>'),
    verdict: 'fail',
    rules: ['body/not-json'],
    says: /<html>|HTML/,
    also: ({ texts }) => expect(texts).not.toMatch(/<title>Sign <b>in<\/b><\/title><\/html>(?![^]*&)/),
  }),
  withServer({
    id: 'S25',
    what: 'a member named twice',
    expected: 'told with both positions',
    answer: () => rest(200, '{"id":1,"id":1}'),
    verdict: 'fail',
    rules: ['body/duplicate-member'],
    says: /1 and 8/,
  }),
  withServer({
    id: 'S26',
    what: 'members __proto__ and constructor',
    expected: 'plain data',
    answer: () => rest(200, '{"id":1,"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
    code: 0,
    verdict: 'pass',
    rules: null,
    also: () => expect(({} as { polluted?: unknown }).polluted).toBeUndefined(),
  }),
  withServer({
    id: 'S27',
    what: 'JSON 20,000 deep',
    expected: 'told: too deep; no RangeError',
    answer: () => rest(200, `{"id":1,"text":${'['.repeat(20_000)}${']'.repeat(20_000)}}`),
    verdict: 'fail',
    rules: ['body/too-deep'],
    also: ({ texts }) => expect(texts).not.toContain('RangeError'),
  }),
  withServer({
    id: 'S28',
    what: 'a long at its limit, one digit wrong',
    expected: 'compared to the last digit',
    meets: 'method: GET, key: 9223372036854775807, expect: { body: { id: 9223372036854775807 } }',
    answer: () => rest(200, '{"id":9223372036854775806}'),
    verdict: 'fail',
    rules: ['entity/key-differs', 'expectation/body'],
    says: /9223372036854775806/,
  }),
  withServer({
    id: 'S29',
    what: 'a byte order mark before JSON with NaN',
    expected: 'the mark is named, the value is told with its position',
    answer: () => rest(200, `${bytes(0xef, 0xbb, 0xbf)}{"id":NaN}`),
    verdict: 'fail',
    rules: ['body/byte-order-mark', 'body/not-a-number'],
  }),
  withServer({
    id: 'S30',
    what: 'bytes that are no UTF-8, and half a character',
    expected: 'told with the offset; reports are valid UTF-8',
    answer: () => rest(200, `{"id":1,"text":"${bytes(0xe9)}"}`),
    verdict: 'fail',
    rules: ['body/invalid-utf-8'],
    says: /byte 16/,
    also: ({ texts }) =>
      expect(() => new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(texts))).not.toThrow(),
  }),
  withServer({
    id: 'S31',
    what: 'JSON as text/html; charset=utf-16',
    expected: 'the type is told; no decoding is guessed',
    answer: () =>
      'HTTP/1.1 200 OK\r\nX-RestLi-Protocol-Version: 2.0.0\r\nContent-Type: text/html; charset=utf-16\r\nContent-Length: 8\r\n\r\n{"id":1}',
    verdict: 'fail',
    rules: ['response-headers/content-type'],
  }),
  withServer({
    id: 'S32',
    what: 'another protocol version than was sent',
    expected: 'told',
    answer: () => rest(200, '{"id":1}').replace('2.0.0', '1.0.0'),
    verdict: 'fail',
    rules: ['response-headers/protocol-version'],
  }),
  withServer({
    id: 'S33',
    what: 'an error without its header, whose body says another status',
    expected: 'two findings',
    meets: 'method: GET, key: 1, expect: 404',
    answer: () => rest(404, '{"status":400}'),
    verdict: 'fail',
    rules: ['errors/header-missing', 'errors/status-differs'],
  }),
  withServer({
    id: 'S34',
    what: 'a batch with a key never asked for, one in both maps, one in neither',
    expected: 'findings apart, beside the failure that the 200 hides',
    ...REMOVES,
    answer: () => rest(200, '{"results":{"1":{"status":204},"9":{"status":204}},"errors":{"1":{"status":404}}}'),
    verdict: 'fail',
    rules: ['batch/key-not-asked', 'batch/key-in-both', 'batch/key-unanswered', 'batch/hidden-failure'],
  }),
  withServer({
    id: 'S35',
    what: 'a simple key percent-encoded in `results`',
    expected: 'told in restli',
    ...BATCH,
    answer: () => rest(200, '{"results":{"%31":{"id":1},"3":{"id":3}},"errors":{}}'),
    verdict: 'fail',
    rules: ['batch/key-spelling'],
  }),
  withServer({
    id: 'S36',
    what: 'BATCH_CREATE answers one element too few',
    expected: 'told',
    meets: 'method: BATCH_CREATE, elements: [{ text: a }, { text: b }]',
    methods: '  BATCH_CREATE:',
    answer: () => rest(200, '{"elements":[{"status":201,"id":"5"}]}'),
    verdict: 'fail',
    rules: ['batch-create/one-result-per-element'],
  }),
  withServer({
    id: 'S37',
    what: 'CREATE answers 201 without any id; id and Location disagree',
    expected: 'told',
    ...CREATES,
    answer: () => `${CREATED}X-RestLi-Id: 5\r\nLocation: /things/6\r\n\r\n`,
    verdict: 'fail',
    rules: ['create/ids-differ'],
  }),
  withServer({
    id: 'S38',
    what: 'good and bad answers in turn, retries on',
    expected: 'flaky, with both samples',
    answer: (_, index) => (index === 0 ? fault(500) : rest(200, '{"id":1}')),
    args: ['--retries', '1'],
    code: 0,
    verdict: 'flaky',
    rules: null,
    also: ({ met }) =>
      expect(met.attempts.map(({ verdict, exchanges }) => [verdict, exchanges[0]?.response?.status])).toEqual([
        ['fail', 500],
        ['pass', 200],
      ]),
  }),
  withServer({
    id: 'S39',
    what: '429 with a Retry-After of a day',
    expected: 'nobody waits a day; the header is shown',
    answer: () => fault(429, '{"status":429}', ['Retry-After: 86400']),
    args: ['--retries', '1'],
    verdict: 'fail',
    rules: ['status/not-success'],
    says: /429/,
    also: ({ requests, texts }) => {
      expect(requests.filter((one) => one.includes('/things/1'))).toHaveLength(2);
      expect(texts).toContain('86400');
    },
  }),
  withServer({
    id: 'S40',
    what: 'a flood of 103',
    expected: 'ignored up to a cap',
    answer: () => 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(500),
    verdict: 'error',
    rules: ['transport/headers'],
    says: /more than 32/,
  }),
  {
    id: 'S41',
    what: 'a certificate that is self-signed, expired, of another name; TLS 1.0',
    expected: 'told with the reason; --insecure succeeds with a banner',
    proof: refusesCertificates,
  },
  withServer({
    id: 'S42',
    what: 'the token comes back in body and headers, plain and encoded',
    expected: 'masked in all that is written',
    answer: () =>
      rest(200, JSON.stringify({ id: 'x', text: `${CANARY} ${encodeURIComponent(CANARY)} ${MASKED}` }), [
        `X-Echo: Bearer ${CANARY}`,
        `X-Basic: ${MASKED}`,
      ]),
    verdict: 'fail',
    rules: ['entity/schema'],
    also: ({ texts }) => expect(texts).toContain('redacted'),
  }),
  withServer({
    id: 'S43',
    what: 'a body of markup, escapes, commands for GitHub, NUL and RTL',
    expected: 'inert in every output',
    answer: () => rest(200, `{"id":"</script><img src=x onerror=alert(1)>]]>\\u001b[31m\\n::error::x\\u0000\\u202e"}`),
    verdict: 'fail',
    rules: ['entity/schema'],
    also: ({ texts, file }) => {
      for (const name of ['report.html', 'summary.md']) expect(file(name)).not.toContain('<img src=x');
      expect(texts).not.toContain('\u001b[31m');
      expect(texts).not.toMatch(/^::error::x/m);
      expect(texts).not.toContain('\u0000');
      expect(texts).not.toContain('\u202e');
    },
  }),
  withServer({
    id: 'S44',
    what: 'keeps the socket open after answering',
    expected: 'the run ends',
    answer: () => `${HEAD}Connection: keep-alive\r\nContent-Length: 8\r\n\r\n{"id":1}`,
    code: 0,
    verdict: 'pass',
    rules: null,
  }),
];

async function refusesCertificates(): Promise<void> {
  const pem = (name: string): Buffer => readFileSync(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url));
  for (const [name, options, reason] of [
    ['self-signed', {}, /self-signed/i],
    ['expired', {}, /expired|issuer|authority/i],
    ['server', { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' }, /TLS/],
  ] as const) {
    const server = tls.createServer({ key: pem('server-key'), cert: pem(name), ...options }, (socket) => {
      socket.on('error', () => undefined).on('data', () => socket.write(fault(404)));
    });
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `https://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
    try {
      using folder = folderOf();
      const args = [
        'run',
        'greetings.contract.yaml',
        '--case',
        '**/misses-a-greeting',
        '--no-report',
        '--base-url',
        url,
      ];
      const refused = await command(folder, args);
      expect([name, refused.code, reason.test(refused.out)]).toEqual([name, 3, true]);
      if ('maxVersion' in options) continue;
      const insecure = await command(folder, [...args, '--insecure']);
      expect([name, insecure.code]).toEqual([name, 0]);
      expect(insecure.err).toMatch(/certificates are not checked/);
    } finally {
      await new Promise<void>((resolve) => server.close(() => resolve()));
    }
  }
}
