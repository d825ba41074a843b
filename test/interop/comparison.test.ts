/**
 * The comparison of server and mock sees what it is for: a stream of the real server, recorded in `recorded/`, is spoilt
 * in one way after another, and each is reported.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseGlob } from '../../src/plan/glob.ts';
import type { EventExchange } from '../../src/run/events.ts';
import { contractOf } from '../support/contract.ts';
import { ASIDE } from './answer-walk.ts';
import { explain, readKnownDifferences, textOf } from './known-differences.ts';
import { compareStreams, type RecordedCase } from './streams.ts';

const GREETINGS = contractOf(
  `contract: 1
resource: greetings
key: { greetingsId: long }
types:
  Tone: { type: string, enum: [FRIENDLY, SINCERE, INSULTING] }
entity:
  type: object
  required: [id, message, tone]
  properties: { id: { type: integer, format: int64 }, message: { type: string }, tone: { $ref: '#/types/Tone' }, senders: { type: array, items: { type: string } } }
readOnly: [id]
examples:
  - { $key: 1, id: 1, message: Good morning!, tone: FRIENDLY, senders: [Alice] }
methods:
  GET:
  BATCH_GET:
  GET_ALL: { paging: offset }
  FINDER: { search: { params: { tone?: Tone }, paging: offset } }
  CREATE:
  BATCH_CREATE:
  UPDATE:
  BATCH_UPDATE:
  PARTIAL_UPDATE:
  DELETE:
  BATCH_DELETE:
  ACTION: { updateTone: { level: entity, params: { newTone?: Tone }, returns: { $type: Greeting } } }
`.replace('returns: { $type: Greeting }', 'returns: { type: object }'),
);

const SERVER = recorded('server');
const MOCK = recorded('mock');

function recorded(side: string): readonly RecordedCase[] {
  return readFileSync(path.join(import.meta.dirname, `recorded/${side}.ndjson`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedCase);
}

type Response = NonNullable<EventExchange['response']>;

/** The server's stream with every answer changed; undefined leaves one as it is. */
function spoilt(
  change: (response: Response, exchange: EventExchange, id: string) => Response | undefined,
): readonly RecordedCase[] {
  return SERVER.map(({ id, attempts }) => ({
    id,
    attempts: attempts.map(({ exchanges }) => ({
      exchanges: exchanges.map((exchange) => {
        const response = exchange.response === null ? undefined : change(exchange.response, exchange, id);
        return response === undefined ? exchange : { ...exchange, response };
      }),
    })),
  }));
}

type Body = Readonly<Record<string, unknown>>;

/** Changes bodies that are JSON objects. */
function bodies(change: (body: Body, exchange: EventExchange) => unknown): readonly RecordedCase[] {
  return spoilt((response, exchange) => {
    if (response.body === null || response.body.text === '') return undefined;
    const changed = change(JSON.parse(response.body.text) as Body, exchange);
    if (changed === undefined) return undefined;
    const text = JSON.stringify(changed);
    return { ...response, body: { ...response.body, text, bytes: text.length } };
  });
}

function header(response: Response, name: string, value: string | null): Response | undefined {
  if (!response.headers.some(([one]) => one.toLowerCase() === name)) return undefined;
  const rest = response.headers.filter(([one]) => one.toLowerCase() !== name);
  return { ...response, headers: value === null ? rest : [...rest, [name, value]] };
}

/** Differences that the untouched recording does not have, as `id place: server …, mock …`. */
function reported(stream: readonly RecordedCase[]): readonly string[] {
  const own = new Set(linesOf(SERVER));
  return linesOf(stream).filter((line) => !own.has(line));
}

function linesOf(stream: readonly RecordedCase[]): readonly string[] {
  const { differences } = compareStreams(stream, MOCK, [GREETINGS]);
  const { unexplained } = explain(differences, readKnownDifferences(), '2.0.0');
  return unexplained.map((one) => `${one.id} ${textOf(one)}`);
}

const isEntity = (body: Body): boolean => 'message' in body && 'tone' in body;
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const mapped = (value: unknown, change: (name: string, held: unknown) => readonly [string, unknown]): unknown =>
  Object.fromEntries(Object.entries(value ?? {}).map(([name, held]) => change(name, held)));

describe('the comparison of a recorded stream of the server with that of the mock', () => {
  it('finds nothing that is not explained, and compares every case to its end', () => {
    expect(linesOf(SERVER)).toEqual([]);
    const sent = SERVER.flatMap(({ attempts }) => attempts.flatMap(({ exchanges }) => exchanges)).length;
    const { compared, dependent } = compareStreams(SERVER, MOCK, [GREETINGS]);
    expect(compared + dependent).toBe(sent);
    expect(compared).toBeGreaterThan(30);
    expect(dependent).toBe(0);
  });

  it('compares the mock with itself without a difference', () => {
    expect(compareStreams(MOCK, MOCK, [GREETINGS])).toMatchObject({ differences: [], dependent: 0 });
  });

  it('reports a status, whatever it was', () => {
    const all = reported(spoilt((response) => ({ ...response, status: 599 })));
    const cases = all.filter((line) => / status: server 599, mock \d+$/.test(line)).map((line) => line.split(' ')[0]);
    expect([...new Set(cases)]).toEqual(SERVER.map(({ id }) => id));
  });

  // prettier-ignore
  const WAYS: readonly (readonly [string, readonly RecordedCase[], RegExp])[] = [
    ['entities that are none', bodies((body) => (isEntity(body) ? { nonsense: true } : undefined)), /\/nonsense: server boolean, mock nothing/],
    ['an entity with a member too many', bodies((body) => (isEntity(body) ? { ...body, extra: 1 } : undefined)), /\/extra: server integer/],
    ['an entity without a member', bodies((body) => (isEntity(body) ? { ...body, message: undefined } : undefined)), /\/message: server nothing/],
    ['a number that became a text', bodies((body) => (isEntity(body) ? { ...body, id: String(body['id']) } : undefined)), /\/id: server string/],
    ['a written value that does not come back', bodies((body) => (body['message'] === 'third' ? { ...body, message: 'second' } : undefined)), /\/message: server string "second", mock string "third"/],
    ['a projection that is not kept', bodies((body, { request }) => (request.url.includes('fields=') ? { ...body, message: 'x' } : undefined)), /\/message: server string/],
    ['results under a wrong key', bodies((body) => ('results' in body ? { ...body, results: mapped(body['results'], (_, held) => ['77777', held]) } : undefined)), /\/results\/:: server a key that nobody asked for/],
    ['errors under a wrong key', bodies((body) => ('errors' in body ? { ...body, errors: mapped(body['errors'], (_, held) => ['77777', held]) } : undefined)), /\/errors\/:: server a key that nobody asked for/],
    ['results that are lost', bodies((body) => ('results' in body ? { ...body, results: {} } : undefined)), /\/results\/:: server nothing/],
    ['an envelope without a member', bodies((body) => ('errors' in body ? { results: body['results'] } : undefined)), /\/errors: server nothing, mock object/],
    ['the status of an item', bodies((body) => ('results' in body ? { ...body, results: mapped(body['results'], (name) => [name, { status: 500 }]) } : undefined)), /\/results\/:\/status: server integer 500/],
    ['the status of a created item', bodies((body, { request }) => (request.verb === 'POST' && 'elements' in body ? { elements: list(body['elements']).map((one) => ({ ...(one as Body), status: 200 })) } : undefined)), /\/elements\/:\/status: server integer 200, mock integer 201/],
    ['the id of a created item', bodies((body, { request }) => (request.verb === 'POST' && 'elements' in body ? { elements: list(body['elements']).map((one) => ({ ...(one as Body), id: '77777' })) } : undefined)), /\/elements\/:\/location: server path\/another id/],
    ['lists that are emptied', bodies((body, { request }) => (request.verb === 'GET' && list(body['elements']).length > 0 ? { ...body, elements: [] } : undefined)), /\/elements: server empty, mock not empty/],
    ['a paging that is none', bodies((body) => ('paging' in body ? { ...body, paging: 'wrong' } : undefined)), /\/paging: server string "wrong"/],
    ['a page that was not asked for', bodies((body) => ('paging' in body ? { ...body, paging: { ...(body['paging'] as Body), count: 77 } } : undefined)), /\/paging\/count: server integer 77/],
    ['elements of a list that are no entities', bodies((body, { request }) => (request.verb === 'GET' && 'elements' in body ? { ...body, elements: [{ nonsense: true }] } : undefined)), /\/elements\/:: server required fails/],
    ['an error body that names another status', bodies((body) => (body['status'] === 404 ? { ...body, status: 400 } : undefined)), /\/status: server integer 400/],
    ['a service error code', bodies((body) => (body['status'] === 404 ? { ...body, serviceErrorCode: 7 } : undefined)), /\/serviceErrorCode: server integer/],
    ['a body where none is due', spoilt((response) => (response.status === 204 ? { ...response, body: { text: '{}', bytes: 2, cut: false, encoding: 'utf8', sha256: null } } : undefined)), /body: server JSON, mock none/],
    ['a body that is no JSON', spoilt((response) => (response.body === null ? undefined : { ...response, body: { ...response.body, text: '<html>', bytes: 6 } })), /body: server text, mock JSON/],
    ['an id that is none', spoilt((response) => header(response, 'x-restli-id', 'WRONG')), /header x-restli-id of 201: server no greetingsId/],
    ['another id than in Location', spoilt((response) => header(response, 'x-restli-id', '77777')), /header location of 201: server path\/another id/],
    ['an id that the next requests do not use', spoilt((response) => header(header(response, 'x-restli-id', '77777') ?? response, 'location', '/greetings/77777')), / request: server/],
    ['no id', spoilt((response) => header(response, 'x-restli-id', null)), /header x-restli-id of 201: server nothing, mock there/],
    ['a Location of another path', spoilt((response) => header(response, 'location', '/wrong/1')), /header location of 201: server \/wrong\/…/],
    ['no Location', spoilt((response) => header(response, 'location', null)), /header location of 201: server nothing/],
    ['no error header', spoilt((response) => header(response, 'x-restli-error-response', null)), /header x-restli-error-response of 40\d: server nothing/],
    ['an error header on a success', spoilt((response) => (response.status < 400 ? { ...response, headers: [...response.headers, ['X-RestLi-Error-Response', 'true']] } : undefined)), /header x-restli-error-response of 20\d: server there, mock nothing/],
    ['another protocol version', spoilt((response) => header(response, 'x-restli-protocol-version', '1.0.0')), /header x-restli-protocol-version of \d+: server 1.0.0, mock 2.0.0/],
    ['another content type', spoilt((response) => header(response, 'content-type', 'text/html')), /header content-type of \d+: server text\/html/],
    ['a case that ends early', SERVER.map(({ id, attempts }) => ({ id, attempts: attempts.map(({ exchanges }) => ({ exchanges: exchanges.slice(0, -1) })) })), / request: server none/],
  ];

  it.each(WAYS)('reports %s', (_, stream, expected) => {
    expect(reported(stream)).toEqual(expect.arrayContaining([expect.stringMatching(expected)]));
  });

  it('counts what follows a write that came out otherwise apart, and compares what follows any other difference', () => {
    const flow = 'greetings/flow/lives-from-create-to-delete';
    const refused = spoilt((response, { request }, id) =>
      id === flow && request.verb === 'PUT' ? { ...response, status: 404 } : undefined,
    );
    expect(compareStreams(refused, MOCK, [GREETINGS]).dependent).toBe(5);
    const headers = spoilt((response, { request }, id) =>
      id === flow && request.verb === 'POST' ? header(response, 'x-restli-protocol-version', '1.0.0') : undefined,
    );
    expect(compareStreams(headers, MOCK, [GREETINGS]).dependent).toBe(0);
  });
});

describe('mock-differences.yaml', () => {
  it('pins every reason to a difference, and no wildcard of cases stands without one', () => {
    for (const { why, cases, differences, protocol } of readKnownDifferences()) {
      expect(why.length).toBeGreaterThan(20);
      expect(cases.length).toBeGreaterThan(0);
      for (const glob of cases) expect(parseGlob(glob)).not.toBeTypeOf('string');
      expect(differences.length, why).toBeGreaterThan(0);
      for (const text of differences) expect(text).toMatch(/^\S.*: server .+, mock .+$/);
      expect([undefined, '1.0.0', '2.0.0']).toContain(protocol);
    }
  });

  it('is stale where nothing differs any more', () => {
    const { stale } = explain([], readKnownDifferences(), '2.0.0');
    expect(stale.length).toBeGreaterThan(readKnownDifferences().length / 2);
  });
});

describe('what is set aside', () => {
  it('has a sentence for each rule', () => {
    for (const sentence of Object.values(ASIDE)) expect(sentence.length).toBeGreaterThan(30);
  });
});
