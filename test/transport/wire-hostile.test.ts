/** What a misbehaving server does to the wire, row by row. Ids are those of the hostile battery. */
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FailureCode } from '../../src/transport/failure.ts';
import type { Transport } from '../../src/transport/transport.ts';
import { createWire, type WireOptions } from '../../src/transport/wire.ts';
import { rawServer, reply, textOf, type RawAnswer, type RawServer } from './raw-server.ts';

interface Row {
  readonly id: string;
  readonly what: string;
  readonly answer: RawAnswer;
  readonly options?: WireOptions;
  readonly verb?: string;
  /** The failure expected, with a part of its message; or the status and body of a good answer. */
  readonly expected: readonly [code: FailureCode, message: RegExp] | readonly [status: number, body: string];
}

const endAfter =
  (bytes: string): RawAnswer =>
  (socket) =>
    void socket.end(bytes, 'latin1');

const head = 'HTTP/1.1 200 OK\r\n';
const bomb = gzipSync(Buffer.alloc(20_000_000));
const gzipped = gzipSync('{"a":1}');
const encoded = (coding: string, body: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`${head}Content-Encoding: ${coding}\r\nContent-Length: ${body.byteLength}\r\n\r\n`),
    body,
  ]);

/** Writes on, slowly or as fast as the client takes it, until the client hangs up. */
const endless =
  (start: string, chunk: string, everyMs: number): RawAnswer =>
  (socket) => {
    socket.write(start, 'latin1');
    const timer = setInterval(() => socket.writableNeedDrain || socket.write(chunk, 'latin1'), everyMs);
    socket.once('close', () => clearInterval(timer));
  };

const ROWS: readonly Row[] = [
  {
    id: 'S03',
    what: 'accepts, never answers',
    answer: () => undefined,
    options: { headersTimeoutMs: 80 },
    expected: ['header-timeout', /80 ms/],
  },
  {
    id: 'S03b',
    what: 'begins a head, never ends it',
    answer: 'HTTP/1.1 200 OK\r\nX: ',
    options: { headersTimeoutMs: 80 },
    expected: ['header-timeout', /80 ms/],
  },
  {
    id: 'S04',
    what: 'one byte at a time',
    answer: endless(`${head}Content-Length: 9999\r\n\r\n`, 'x', 5),
    options: { totalTimeoutMs: 120, bodyTimeoutMs: 2_000 },
    expected: ['total-timeout', /120 ms; \d+ bytes of the body/],
  },
  {
    id: 'S04b',
    what: 'stops in mid-body',
    answer: `${head}Content-Length: 9\r\n\r\nabc`,
    options: { bodyTimeoutMs: 80 },
    expected: ['body-timeout', /80 ms in mid-body; 3 of 9 bytes/],
  },
  {
    id: 'S05',
    what: 'closes before any byte',
    answer: endAfter(''),
    expected: ['closed-before-response', /before the first byte/],
  },
  {
    id: 'S05b',
    what: 'resets before any byte',
    answer: (socket) => void socket.resetAndDestroy(),
    expected: ['closed-before-response', /before the first byte/],
  },
  {
    id: 'S05c',
    what: 'closes within the head',
    answer: endAfter('HTTP/1.1 200 OK\r\nContent-'),
    expected: ['closed-in-headers', /after 25 bytes/],
  },
  {
    id: 'S06',
    what: 'closes in mid-body',
    answer: endAfter(`${head}Content-Length: 10\r\n\r\nabc`),
    expected: ['body-cut', /3 of 10 bytes/],
  },
  {
    id: 'S06b',
    what: 'closes before the last chunk',
    answer: endAfter(`${head}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`),
    expected: ['body-cut', /3 bytes came, the last chunk did not/],
  },
  {
    id: 'S07',
    what: 'bad chunk size',
    answer: `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n`,
    expected: ['bad-chunk', /chunk size/],
  },
  {
    id: 'S07b',
    what: 'chunk longer than its size',
    answer: `${head}Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n`,
    expected: ['bad-chunk', /after 3 bytes/],
  },
  {
    id: 'S08',
    what: 'two different Content-Length values',
    answer: `${head}Content-Length: 3\r\nContent-Length: 5\r\n\r\nabc`,
    expected: ['two-content-lengths', /3, 5/],
  },
  {
    id: 'S09',
    what: 'Content-Length together with Transfer-Encoding',
    answer: `${head}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`,
    expected: ['length-and-chunked', /Content-Length: 3 and Transfer-Encoding/],
  },
  {
    id: 'S09b',
    what: 'the same in the other order',
    answer: `${head}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n`,
    expected: ['length-and-chunked', /both/],
  },
  {
    id: 'S10',
    what: 'headers over the limit',
    answer: `${head}X: ${'a'.repeat(20_000)}\r\n\r\n`,
    expected: ['header-overflow', /16384 bytes/],
  },
  {
    id: 'S11',
    what: '10,000 header lines',
    answer: `${head}${'a: b\r\n'.repeat(10_000)}\r\n`,
    expected: ['header-overflow', /limit of 16384 bytes|10000 header lines/],
  },
  {
    id: 'S11b',
    what: '1,500 header lines of two bytes',
    answer: `${head}${'a:\r\n'.repeat(1_500)}\r\n`,
    expected: ['header-overflow', /1500 header lines, 1000/],
  },
  {
    id: 'S12',
    what: '20 MB from 20 KB gzip',
    answer: encoded('gzip', bomb),
    options: { maxBodyBytes: 500_000 },
    expected: ['size-limit', /500000 bytes: \d+ bytes received/],
  },
  {
    id: 'S12b',
    what: 'the same, stopped by the ratio',
    answer: encoded('gzip', bomb),
    options: { maxInflateRatio: 100, maxBodyBytes: 50_000_000 },
    expected: ['inflate-ratio', /more than 100 times/],
  },
  {
    id: 'S13',
    what: 'five codings',
    answer: encoded('gzip, gzip, gzip, gzip, gzip', gzipped),
    expected: ['too-many-codings', /5 content codings, 2/],
  },
  { id: 'S13b', what: 'two codings', answer: encoded('gzip, gzip', gzipSync(gzipped)), expected: [200, '{"a":1}'] },
  {
    id: 'S14',
    what: 'plain body called gzip',
    answer: encoded('gzip', Buffer.from('{"a":1}')),
    expected: ['not-gzip', /not gzip: it begins with "\{"a":1\}"/],
  },
  {
    id: 'S15',
    what: 'truncated gzip',
    answer: encoded('gzip', gzipped.subarray(0, -9)),
    expected: ['truncated-gzip', /ends too early/],
  },
  {
    id: 'S16',
    what: 'unknown coding',
    answer: encoded('zstd9', Buffer.from('12345')),
    expected: ['unknown-coding', /"zstd9".* 5 bytes/],
  },
  {
    id: 'S17',
    what: 'endless body without length',
    answer: endless(`${head}\r\n`, 'x'.repeat(65_536), 1),
    options: { maxBodyBytes: 300_000 },
    expected: ['size-limit', /300000 bytes/],
  },
  {
    id: 'S17b',
    what: 'Content-Length over the limit',
    answer: `${head}Content-Length: 99999999\r\n\r\n`,
    expected: ['size-limit', /99999999 bytes, the limit is 10000000/],
  },
  {
    id: 'S18',
    what: 'redirect on POST',
    verb: 'POST',
    answer: reply(302, '', ['Location: /other']),
    expected: [302, ''],
  },
  {
    id: 'S22',
    what: '204 with Content-Length and body',
    answer: 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello',
    expected: ['body-on-204', /5 bytes/],
  },
  {
    id: 'S22b',
    what: '204 with a body that nothing announces',
    answer: 'HTTP/1.1 204 No Content\r\n\r\nhello',
    expected: ['body-on-204', /5 bytes follow/],
  },
  {
    id: 'S22c',
    what: '204 with a chunked body',
    answer: 'HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n',
    expected: ['body-on-204', /chunked/],
  },
  {
    id: 'S22d',
    what: '204 whose announced body comes later',
    answer: 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n',
    expected: ['body-on-204', /announce 5 bytes/],
  },
  { id: 'S22e', what: '204 without body', answer: 'HTTP/1.1 204 No Content\r\n\r\n', expected: [204, ''] },
  {
    id: 'S22f',
    what: '204 with Content-Length: 0',
    answer: 'HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n',
    expected: [204, ''],
  },
  {
    id: 'S22g',
    what: '304 with the length of what it stands for',
    answer: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n',
    expected: [304, ''],
  },
  {
    id: 'S22h',
    what: '304 with a body',
    answer: 'HTTP/1.1 304 Not Modified\r\n\r\nhello',
    expected: ['body-not-allowed', /A 304 .* 5 bytes/],
  },
  {
    id: 'S22i',
    what: 'HEAD with the length of what it stands for',
    verb: 'HEAD',
    answer: `${head}Content-Length: 5\r\n\r\n`,
    expected: [200, ''],
  },
  {
    id: 'S22j',
    what: 'HEAD with a body',
    verb: 'HEAD',
    answer: `${head}Content-Length: 5\r\n\r\nhello`,
    expected: ['body-not-allowed', /HEAD .* 5 bytes/],
  },
  {
    id: 'S23',
    what: 'status 999',
    answer: 'HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n',
    expected: ['bad-status-line', /begins with "HTTP\/1\.1 999 What\\r\\n/],
  },
  {
    id: 'S23b',
    what: 'status 099',
    answer: 'HTTP/1.1 099 What\r\nContent-Length: 0\r\n\r\n',
    expected: ['bad-status-line', /099 What/],
  },
  {
    id: 'S23c',
    what: 'HTTP/9.9',
    answer: 'HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n',
    expected: ['bad-status-line', /HTTP\/9\.9/],
  },
  {
    id: 'S23d',
    what: 'text without status',
    answer: `\x1b[31mhello ${'x'.repeat(200)}\r\n`,
    expected: ['bad-status-line', /"\\x1b\[31mhello x{69}\.\.\."/],
  },
  {
    id: 'S23e',
    what: 'a header line without colon',
    answer: `${head}what is this\r\n\r\n`,
    expected: ['bad-header', /not HTTP/],
  },
  { id: 'S38', what: 'a bad answer among good ones', answer: reply(500, 'no'), expected: [500, 'no'] },
  {
    id: 'S39',
    what: '429 with a Retry-After of a day',
    answer: reply(429, '', ['Retry-After: 86400']),
    expected: [429, ''],
  },
  {
    id: 'S40',
    what: '100 and 103 before the answer',
    answer: `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${reply(200, 'hi')}`,
    expected: [200, 'hi'],
  },
  {
    id: 'S40b',
    what: '1xx flood',
    answer: 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(500),
    expected: ['too-many-informational', /more than 32/],
  },
  {
    id: 'S40c',
    what: 'protocol switched unasked',
    answer: 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
    expected: ['unexpected-upgrade', /unasked/],
  },
  {
    id: 'S44',
    what: 'keeps the socket open after answering',
    answer: `${head}Content-Length: 2\r\nConnection: keep-alive\r\n\r\nhi`,
    expected: [200, 'hi'],
  },
];

describe('a hostile server', () => {
  let server: RawServer;
  let wire: Transport;
  let row: Row;

  beforeEach(async () => {
    server = await rawServer((request) => (request.includes(' /good ') ? reply(200, 'good') : row.answer));
  });
  afterEach(async () => {
    await wire.close();
    await server.close();
  });
  afterAll(() => console.log(`hostile servers on the wire: ${ROWS.length} rows`));

  it.each(ROWS)('$id: $what', async (current) => {
    row = current;
    wire = createWire({ connections: 1, ...row.options });
    const send = (target: string, verb = 'GET') =>
      wire.send({ verb, origin: server.origin, target, headers: [], body: null });

    const { failure, response } = await send('/bad', row.verb);
    const [first, second] = row.expected;
    const outcome = failure === null ? [response?.status, textOf(response?.body)] : [failure.code, failure.message];
    const asExpected = typeof second === 'string' ? outcome[1] === second : second.test(String(outcome[1]));
    expect([outcome[0], asExpected ? 'as expected' : outcome[1]]).toEqual([first, 'as expected']);

    // Nothing of it may reach the answer after it, on the only connection there is.
    for (let i = 0; i < 2; i += 1) {
      const good = await send('/good');
      expect(good.failure).toBeNull();
      expect(textOf(good.response?.body)).toBe('good');
    }
  });

  it('has one row for each id', () => {
    row = ROWS[0] ?? fail();
    wire = createWire();
    expect(new Set(ROWS.map(({ id }) => id)).size).toBe(ROWS.length);
  });
});

function fail(): never {
  throw new Error('the table is empty');
}
