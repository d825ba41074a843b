/** Every format of a recording: what is read of it, where it stands, and what is told of damaged ones. */
import { describe, expect, it } from 'vitest';
import { formatOf, RECORDING_FORMATS } from '../../src/traffic/formats.ts';
import { judgeRecordings } from '../../src/traffic/judge-recording.ts';
import { recordLine } from '../../src/traffic/ndjson.ts';
import type { Reading } from '../../src/traffic/recording.ts';
import type { CaseFinished, RunEnded } from '../../src/run/events.ts';
import { createRedactor } from '../../src/transport/redact.ts';
import { HAR_TAIL, harEntry, harHead } from '../../src/transport/har.ts';
import type { Exchange } from '../../src/transport/exchange.ts';
import { books } from '../mock/library.ts';
import { ABOUT } from './support.ts';

const EXCHANGE: Exchange = {
  request: {
    verb: 'POST',
    origin: 'https://api.example.com',
    target: "/books?x=%27&y=a+b&z=''",
    headers: [
      ['X-A', '1'],
      ['x-a', '2'],
    ],
    body: Buffer.from('{"title":"Ünï"}'),
  },
  response: { status: 201, headers: [['X-RestLi-Id', '3']], body: new Uint8Array([0xff, 0x00, 0x7f]) },
  failure: null,
  durationMs: 1.5,
};

function read(text: string, format = formatOf(text)): Reading {
  const reader = RECORDING_FORMATS.get(format ?? '');
  if (reader === undefined) throw new Error(`no format fits ${text.slice(0, 40)}`);
  return reader.read(text);
}

/** Bytes as plain arrays, so that buffers of any kind compare. */
function plain({ exchange: { request, response } }: Reading['entries'][number]): unknown {
  const bytes = (body: Uint8Array | null | undefined): number[] | null =>
    body === null || body === undefined ? null : [...body];
  return {
    request: { ...request, body: bytes(request.body) },
    response: response === null ? null : { ...response, body: bytes(response.body) },
  };
}

const WANTED = plain({ exchange: EXCHANGE, at: { start: 0, end: 0 }, unjudged: null });

describe('what is recorded is read back whole', () => {
  it('from NDJSON', () => {
    const text = recordLine(EXCHANGE, new Date(0)) + recordLine(EXCHANGE, new Date(1));
    const { entries, problems } = read(text);
    expect([entries.length, problems]).toEqual([2, []]);
    expect(plain(entries[1] ?? { exchange: EXCHANGE, at: { start: 0, end: 0 }, unjudged: 'missing' })).toEqual(WANTED);
    expect(text.slice(entries[1]?.at.start, entries[1]?.at.end)).toBe(recordLine(EXCHANGE, new Date(1)).trim());
  });

  it('from HAR', () => {
    const text = `${harHead({ name: 'x', version: '1' })}${harEntry(EXCHANGE, new Date(0))},\n${harEntry(EXCHANGE, new Date(1))}${HAR_TAIL}`;
    const { entries, problems } = read(text);
    expect([entries.length, problems]).toEqual([2, []]);
    expect(entries.map(plain)).toEqual([WANTED, WANTED]);
    expect(JSON.parse(text.slice(entries[1]?.at.start, entries[1]?.at.end))).toHaveProperty(
      'startedDateTime',
      new Date(1).toISOString(),
    );
  });
});

describe('a HAR', () => {
  const har = (entries: unknown): string =>
    JSON.stringify({ log: { version: '1.2', 'na"me': ['}'], entries } }, null, 2);
  const request = {
    method: 'GET',
    url: 'http://h/books/1',
    headers: [
      { name: ':path', value: '/x' },
      { name: 'A', value: 'b' },
    ],
  };

  it('loses neither the good entries beside a bad one nor its place', () => {
    const text = har([{ request }, { request: { method: 1, url: 'http://h/' } }, { request }]);
    const { entries, problems } = read(text);
    expect(entries.length).toBe(2);
    expect(problems).toMatchObject([{ severity: 'error', message: '`method` is a text' }]);
    expect(text.slice(problems[0]?.at.start).startsWith('{\n        "request": {\n          "method": 1')).toBe(true);
  });

  it('leaves out what HTTP/2 adds', () => {
    expect(read(har([{ request }])).entries[0]?.exchange.request.headers).toEqual([['A', 'b']]);
  });

  it('does not take a body that was not kept for an empty one', () => {
    const { entries } = read(
      har([
        { request, response: { status: 200, headers: [], content: { size: 10 } } },
        { request: { ...request, bodySize: 10 } },
      ]),
    );
    expect(entries.map(({ exchange, unjudged }) => [exchange.response, unjudged])).toEqual([
      [null, null],
      [null, 'the body of the request was not recorded'],
    ]);
  });

  it.each(['{"log":', '{"log":{}}', '{"log":{"entries":7}}', '{"log":{"entries":[null,1,[],{"request":null}]}}'])(
    'says what is wrong with %s',
    (text) => {
      const { entries, problems } = read(text, 'har');
      expect(entries).toEqual([]);
      expect(problems.length).toBeGreaterThan(0);
    },
  );
});

describe('NDJSON', () => {
  it('tells of lines that are none, and goes on', () => {
    const good = recordLine(EXCHANGE, new Date(0));
    const { entries, problems } = read(
      `${good}{broken\n[]\n{"type":"other"}\n{"request":{"verb":"GET","url":"ftp://x"}}\n\n${good}`,
    );
    expect(entries.length).toBe(2);
    expect(problems.map(({ message }) => message.split(':')[0])).toEqual([
      'the line is no JSON',
      'the line is no object; it is passed over',
      'the line holds no `request`; it is passed over',
      'the request has no verb, or no http URL; it is passed over',
    ]);
  });

  it('is read from the stream of a run, the last attempt of each case', () => {
    const exchange = (url: string): unknown => ({
      step: null,
      request: { verb: 'GET', url, headers: [], body: null },
      response: null,
      failure: null,
      durationMs: 1,
    });
    const line = {
      type: 'case',
      attempts: [
        { exchanges: [exchange('http://h/first')] },
        { exchanges: [exchange('http://h/a'), exchange('http://h/b')] },
      ],
    };
    const { entries } = read(`{"type":"run"}\n${JSON.stringify(line)}\n{"type":"end"}\n`);
    expect(entries.map(({ exchange: { request } }) => request.target)).toEqual(['/a', '/b']);
  });

  it('does not judge a body that was cut', () => {
    const line = JSON.stringify({
      request: { verb: 'POST', url: '/books', headers: {}, body: { text: '{', cut: true } },
    });
    expect(read(line).entries[0]?.unjudged).toContain('cut');
  });
});

describe('raw HTTP', () => {
  it('is requests, each with the answer after it', () => {
    const text =
      'GET /books/1 HTTP/1.1\r\nHost: h:8080\r\nA: b\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}' +
      'POST https://api.example.com/books HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{"a\r\n4;x=1\r\n":1}\r\n0\r\n\r\n';
    const { entries, problems } = read(text);
    expect(problems).toEqual([]);
    expect(
      entries.map(({ exchange: { request, response } }) => [
        request.verb,
        request.origin,
        request.target,
        Buffer.from(request.body ?? []).toString(),
        response?.status,
      ]),
    ).toEqual([
      ['GET', 'http://h:8080', '/books/1', '', 200],
      ['POST', 'https://api.example.com', '/books', '{"a":1}', undefined],
    ]);
  });

  it('is read as editors leave it: line ends changed, lengths wrong, separators between', () => {
    const text =
      '### create\nPOST /books\nContent-Length: 999\n\n{\n  "title": "x"\n}\n\n### read\nGET /books/1 HTTP/1.1\nA: b\n';
    const { entries } = read(text);
    expect(
      entries.map(({ exchange: { request } }) => [request.verb, Buffer.from(request.body ?? []).toString()]),
    ).toEqual([
      ['POST', '{\n  "title": "x"\n}'],
      ['GET', ''],
    ]);
    expect(entries.map(({ at }) => text.slice(at.start, at.end))).toEqual(['POST /books', 'GET /books/1 HTTP/1.1']);
  });

  it('tells of lines that are no part of it', () => {
    const { entries, problems } = read(
      'GET /a HTTP/1.1\nno header\n\nHTTP/1.1 200 OK\n\n\nHTTP/1.1 200 OK\n\n',
      'http',
    );
    expect(entries.length).toBe(1);
    expect(problems.map(({ message }) => message)).toEqual([
      'this is no header line; it is passed over',
      'this answer follows no request; it is passed over',
    ]);
  });
});

describe('the format of a recording', () => {
  it.each([
    ['{"log":{"entries":[]}}', 'har'],
    ['\uFEFF{ "log" : {}}', 'har'],
    ['{"type":"run"}', 'ndjson'],
    ["curl 'http://h/x'", 'curl'],
    ['#!/bin/sh\nset -e\ncurl http://h/x', 'curl'],
    ['GET /x HTTP/1.1\n\n', 'http'],
    ['POST /curl HTTP/1.1\n\ncurl x', 'http'],
    ['', null],
    ['hello', null],
  ])('of %j is %s', (text, format) => {
    expect(formatOf(text)).toBe(format);
  });
});

describe('judging a recording', () => {
  const LINES = [
    ['GET', '/elsewhere', {}],
    ['GET', '/books/1', { 'X-RestLi-Protocol-Version': '2.0.0', Authorization: 'Bearer canary-0123456789' }],
    ['GET', '/books/1', {}],
    ['GET', '/api/books/2', { 'X-RestLi-Protocol-Version': '2.0.0' }],
  ] as const;
  const text = LINES.map(([verb, url, headers]) => JSON.stringify({ request: { verb, url, headers } })).join('\n');
  const { entries } = read(text);
  const options = {
    contracts: [books],
    dialects: new Map(),
    about: ABOUT,
    redactor: createRedactor(),
    now: () => new Date(0),
    monotonic: () => 0,
  };

  async function events(
    more: { readonly basePath?: string } = {},
  ): Promise<{ readonly cases: readonly CaseFinished[]; readonly end: RunEnded | null; readonly all: string }> {
    const cases: CaseFinished[] = [];
    let end: RunEnded | null = null;
    let all = '';
    for await (const event of judgeRecordings([{ name: 'a.ndjson', text, entries }], { ...options, ...more })) {
      all += JSON.stringify(event);
      if (event.type === 'case') cases.push(event);
      if (event.type === 'end') end = event;
    }
    return { cases, end, all };
  }

  it('names entry and offset, lists what nobody covers last, and redacts', async () => {
    const { cases, end, all } = await events();
    expect(cases.map(({ id, verdict }) => [id, verdict])).toEqual([
      [`books/GET/a.ndjson#2@${entries[1]?.at.start}`, 'pass'],
      [`books/GET/a.ndjson#3@${entries[2]?.at.start}`, 'fail'],
      ['uncovered/none/a.ndjson#1@0', 'skip'],
      [`uncovered/none/a.ndjson#4@${entries[3]?.at.start}`, 'skip'],
    ]);
    expect(cases[2]?.skipReason).toBe('no contract covers GET /elsewhere');
    expect(cases[1]?.reason).toBe(`entry 3 of a.ndjson, offset ${entries[2]?.at.start}, line 3`);
    expect(end).toMatchObject({ exitCode: 1, run: 2, selected: 4 });
    expect(all).not.toContain('canary');
  });

  it('takes a base path off', async () => {
    const { cases } = await events({ basePath: '/api' });
    expect(cases.filter(({ verdict }) => verdict === 'skip').map(({ name }) => name)).toEqual(['GET /elsewhere']);
  });
});
