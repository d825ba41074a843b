/**
 * Servers that keep the protocol in unusual ways: what one of them answers is changed within what Rest.li allows, and no
 * rule of level must may be broken. A finding here would be a false alarm on somebody's correct service.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Group } from '../../src/plan/case.ts';
import type { Contract } from '../../src/contract/contract.ts';
import { createMock } from '../../src/mock/mock.ts';
import {
  isJsonArray,
  isJsonObject,
  jsonObject,
  parseJson,
  stringifyJson,
  type Json,
  type JsonObject,
} from '../../src/protocol/json.ts';
import { runContracts } from '../../src/run/run.ts';
import type { HttpRequest } from '../../src/transport/exchange.ts';
import { books, members, pages, settings, shelves, tools } from '../mock/library.ts';
import { collect, target } from '../run/support.ts';

interface Answered {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  /** undefined: no bytes. */
  readonly body: Json | undefined;
}

/** One liberty that a server takes, and how the bytes are sent. */
interface Liberty {
  readonly what: string;
  readonly change?: (answered: Answered, request: HttpRequest) => Answered;
  readonly chunked?: boolean;
  readonly protocol?: '1.0.0';
  /** Contract and laws unless others are named: most liberties mean nothing to the header matrix. */
  readonly groups?: readonly Group[];
}

const isFailure = ({ status }: Answered): boolean => status >= 400;
const without =
  (name: string) =>
  (answered: Answered): Answered =>
    isJsonObject(answered.body) && !isFailure(answered)
      ? { ...answered, body: jsonObject(Object.entries(answered.body).filter(([member]) => member !== name)) }
      : answered;
const withoutHeader =
  (name: string) =>
  (answered: Answered): Answered => ({
    ...answered,
    headers: answered.headers.filter(([header]) => header.toLowerCase() !== name),
  });

/** Every record of a body, from the inside out. */
function records(value: Json, change: (record: JsonObject) => Json): Json {
  if (isJsonArray(value)) return value.map((item) => records(item, change));
  if (!isJsonObject(value)) return value;
  return change(jsonObject(Object.entries(value).map(([name, member]) => [name, records(member, change)])));
}

const mapRecords = (body: Json | undefined, change: (record: JsonObject) => Json): Json | undefined =>
  body === undefined ? undefined : records(body, change);

/** A page with links: what is promised of it is in `paging`. */
const withoutTotal = (record: JsonObject): Json =>
  record['links'] === undefined ? record : jsonObject(Object.entries(record).filter(([name]) => name !== 'total'));

/** GET_ALL of books is declared with a total. */
const promisesTotal = ({ target: path }: HttpRequest): boolean => /^\/books(\?(?!.*\bb?q=).*)?$/.test(path);

const MAPS = new Set(['results', 'errors', 'statuses', 'metadata']);
/** Members that nobody declared, everywhere but in maps, where a member is an entry. */
function extended(value: Json, name = ''): Json {
  if (isJsonArray(value)) return value.map((item) => extended(item));
  if (!isJsonObject(value)) return value;
  const inside = Object.entries(value).map(([member, inner]): [string, Json] => [member, extended(inner, member)]);
  return jsonObject(MAPS.has(name) ? inside : [...inside, ['x-new', { since: 'tomorrow' }], ['$metadata', 1]]);
}

const ALL: readonly Group[] = ['contract', 'headers', 'laws'];

const LIBERTIES: readonly Liberty[] = [
  { what: 'answers as the open-source one does', groups: ALL },
  { what: 'does not echo the protocol version', change: withoutHeader('x-restli-protocol-version') },
  {
    what: 'leaves paging out',
    change: (answered, request) => (promisesTotal(request) ? answered : without('paging')(answered)),
  },
  { what: 'leaves statuses out', change: without('statuses') },
  {
    what: 'leaves out a total that nobody promised',
    change: (answered, request) =>
      promisesTotal(request) ? answered : { ...answered, body: mapRecords(answered.body, withoutTotal) },
  },
  {
    what: 'answers 200 instead of 204',
    change: (answered) => (answered.status === 204 ? { ...answered, status: 200 } : answered),
  },
  {
    what: 'adds members everywhere',
    groups: ['contract', 'headers'],
    change: (answered, { verb }) => ({
      ...answered,
      body:
        answered.body === undefined || (verb === 'POST' && isFailure(answered))
          ? answered.body
          : extended(answered.body),
    }),
  },
  {
    what: 'tells errors by their status alone',
    groups: ALL,
    change: (answered) =>
      isFailure(answered)
        ? {
            status: answered.status,
            headers: answered.headers.filter(([name]) => /protocol-version/i.test(name)),
            body: undefined,
          }
        : answered,
  },
  {
    what: 'names a charset and a parameter in Content-Type',
    change: (answered) => ({
      ...answered,
      headers: answered.headers.map(([name, value]) => [
        name,
        name.toLowerCase() === 'content-type' ? 'Application/JSON;charset="utf-8"' : value,
      ]),
    }),
  },
  {
    what: 'writes header names in lower case and in upper case',
    change: (answered) => ({
      ...answered,
      headers: answered.headers.map(([name, value], index) => [
        index % 2 === 0 ? name.toLowerCase() : name.toUpperCase(),
        value,
      ]),
    }),
  },
  { what: 'sends chunks', chunked: true },
  {
    what: 'writes members in another order',
    change: (answered) => ({
      ...answered,
      body: mapRecords(answered.body, (record) => jsonObject(Object.entries(record).toReversed())),
    }),
  },
  { what: 'speaks 1.0.0', protocol: '1.0.0', groups: ALL },
  {
    what: 'gives Location as a whole URL',
    change: (answered) => ({
      ...answered,
      headers: answered.headers.map(([name, value]) => [
        name,
        name.toLowerCase() === 'location' && value.startsWith('/') ? `https://api.example.com/base${value}` : value,
      ]),
    }),
  },
  {
    what: 'says isError: false and empty errors aloud',
    change: (answered) => ({
      ...answered,
      body:
        isJsonObject(answered.body) && isJsonArray(answered.body['elements']) && !isFailure(answered)
          ? {
              ...answered.body,
              elements: answered.body['elements'].map((item) =>
                isJsonObject(item) && isJsonArray(item['elements']) && item['isError'] === undefined
                  ? { ...item, isError: false }
                  : item,
              ),
            }
          : answered.body,
    }),
  },
  {
    what: 'returns the entity unasked',
    change: (answered, request) =>
      answered.status === 204 &&
      (request.verb === 'PUT' || request.verb === 'POST') &&
      /^\/books\/\d+$/.test(request.target)
        ? {
            status: 200,
            headers: [...answered.headers, ['Content-Type', 'application/json']],
            body: { id: 1, isbn: 'a1', title: 'Tides', genre: 'FANTASY', addedAt: 1 },
          }
        : answered,
  },
];

const CONTRACTS: readonly Contract[] = [books, pages, members, shelves, settings, tools];

async function serve({ change = (answered) => answered, chunked = false }: Liberty) {
  const mock = createMock(CONTRACTS, { mode: 'oss', now: () => 1_000_000 });
  const server = createServer((incoming: IncomingMessage, outgoing: ServerResponse) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const sent = Buffer.concat(chunks);
      const { rawHeaders } = incoming;
      const request: HttpRequest = {
        verb: incoming.method ?? '',
        origin: 'http://127.0.0.1',
        target: incoming.url ?? '',
        headers: rawHeaders.flatMap((name, index) =>
          index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : [],
        ),
        body: sent.byteLength === 0 ? null : sent,
      };
      const { status, headers, body } = mock.answer(request);
      const text = Buffer.from(body).toString();
      const parsed = parseJson(text);
      const isJson = 'value' in parsed;
      const as = { status, headers, body: isJson ? parsed.value : undefined };
      // What is no JSON, as the plain text of a refused tunnel, is sent as it is.
      const answered = isJson || text === '' ? change(as, request) : as;
      const bytes = answered.body !== undefined ? stringifyJson(answered.body) : isJson ? '' : text;
      const length = answered.status === 204 || chunked ? [] : ['Content-Length', String(Buffer.byteLength(bytes))];
      const lines = answered.headers.filter(([name]) => !/^content-length$/i.test(name));
      outgoing.writeHead(answered.status, [...lines.flat(), ...length]);
      for (const part of chunked ? (bytes.match(/[^]{1,7}/g) ?? []) : [bytes]) outgoing.write(part);
      outgoing.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

describe('a correct server that', () => {
  it.each(LIBERTIES)(
    '$what, breaks no rule of level must',
    async (liberty) => {
      await using server = await serve(liberty);
      const { cases } = await collect(
        runContracts({
          contracts: CONTRACTS,
          groups: liberty.groups ?? ['contract', 'laws'],
          target: target(server.url, { writes: true, seeded: true, protocol: liberty.protocol ?? null }),
        }),
      );
      const alarms = cases.flatMap(({ id, violations }) =>
        violations.filter(({ level }) => level === 'must').map(({ rule, message }) => `${id}: ${rule}: ${message}`),
      );
      expect(alarms).toEqual([]);
      expect(cases.filter(({ verdict }) => verdict === 'error').map(({ id }) => id)).toEqual([]);
      expect(cases.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(40);
    },
    60_000,
  );
});
