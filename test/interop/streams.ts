/**
 * The streams of two runs of one plan, on the server and on the mock, exchange by exchange -> what differs.
 *
 * A case is compared to its end. What depends on an earlier difference is counted apart: exchanges after a write that
 * came out otherwise, since both sides hold another state then, and requests that are made of another answer.
 */
import type { Contract, Operation } from '../../src/contract/contract.ts';
import { parseJson, type Json } from '../../src/protocol/json.ts';
import { HEADERS, headerValue, protocolOf } from '../../src/protocol/headers.ts';
import { profileOf } from '../../src/protocol/methods.ts';
import { readRequest, type ResourceShape, type WireRequest } from '../../src/protocol/request.ts';
import { untunnel } from '../../src/protocol/tunnel.ts';
import type { Attempt, EventBody, EventExchange } from '../../src/run/events.ts';
import { ASIDE, type AnswerDifference, type AsideRule, type Question } from './answer-walk.ts';
import { compareAnswers, type Answer } from './answers.ts';
import { KnownKeys } from './created-keys.ts';
import { headerValues } from '../../src/transport/exchange.ts';

export interface Difference extends AnswerDifference {
  /** Id of the case. */
  readonly id: string;
  /** `GET /greetings/1` */
  readonly request: string;
}

export interface StreamComparison {
  /** Exchanges that both sides had, with the same request. */
  readonly compared: number;
  readonly alike: number;
  /** Exchanges that depend on an earlier difference of their case. */
  readonly dependent: number;
  /** Exchanges whose body is longer than the stream keeps: status and headers are compared. */
  readonly cut: number;
  readonly differences: readonly Difference[];
  readonly aside: ReadonlyMap<AsideRule, number>;
}

/** What is read of a case of the stream. */
export interface RecordedCase {
  readonly id: string;
  readonly attempts: readonly Pick<Attempt, 'exchanges'>[];
}

/** Whether a case that is in both streams begins with the same request: one that does not was planned otherwise. */
export function isPlannedAlike(server: RecordedCase, mock: RecordedCase): boolean {
  const [[ours], [theirs]] = [exchangesOf(server), exchangesOf(mock)];
  if (ours === undefined || theirs === undefined) return ours === theirs;
  return isSameRequest(ours, theirs, new KnownKeys());
}

export function compareStreams(
  real: readonly RecordedCase[],
  mocked: readonly RecordedCase[],
  contracts: readonly Contract[],
): StreamComparison {
  const resources = contracts.map(({ shape }) => shape);
  const others = new Map(mocked.map((one) => [one.id, one]));
  const total = { compared: 0, alike: 0, dependent: 0, cut: 0 };
  const differences: Difference[] = [];
  const aside = new Map<AsideRule, number>(Object.keys(ASIDE).map((rule) => [rule as AsideRule, 0]));
  for (const one of real) {
    const other = others.get(one.id);
    others.delete(one.id);
    const pair = { id: one.id, server: exchangesOf(one), mock: exchangesOf(other) };
    for (const counted of compareCase(pair, contracts, resources)) {
      total[counted.as] += 1;
      if (counted.as !== 'compared') continue;
      if (counted.isCut) total.cut += 1;
      if (counted.differences.length === 0) total.alike += 1;
      differences.push(...counted.differences);
      for (const [rule, count] of counted.aside) aside.set(rule, (aside.get(rule) ?? 0) + count);
    }
  }
  for (const { id, attempts } of others.values())
    if (attempts.length > 0)
      differences.push({ id, request: 'the case', place: 'case', server: 'not run', mock: 'run' });
  return { ...total, differences, aside };
}

type Counted =
  | { readonly as: 'dependent' }
  | {
      readonly as: 'compared';
      readonly differences: readonly Difference[];
      readonly aside: ReadonlyMap<AsideRule, number>;
      readonly isCut: boolean;
    };

interface Pair {
  readonly id: string;
  readonly server: readonly EventExchange[];
  readonly mock: readonly EventExchange[];
}

function compareCase(
  { id, server, mock }: Pair,
  contracts: readonly Contract[],
  resources: readonly ResourceShape[],
): readonly Counted[] {
  const keys = new KnownKeys();
  const counted: Counted[] = [];
  let hasDiffered = false;
  let isOtherState = false;
  for (let i = 0; i < Math.max(server.length, mock.length); i += 1) {
    const [ours, theirs] = [server[i], mock[i]];
    const shown = ours ?? theirs;
    if (shown === undefined) break;
    const request = requestOf(shown);
    const isSame = ours !== undefined && theirs !== undefined && isSameRequest(ours, theirs, keys);
    if (isOtherState || (!isSame && hasDiffered)) {
      counted.push({ as: 'dependent' });
      continue;
    }
    if (!isSame) {
      const described = (one: EventExchange | undefined): string => (one === undefined ? 'none' : requestOf(one));
      const differences = [{ id, request, place: 'request', server: described(ours), mock: described(theirs) }];
      counted.push({ as: 'compared', differences, aside: new Map(), isCut: false });
      hasDiffered = true;
      continue;
    }
    const question = questionOf(ours, contracts, resources);
    const [answer, other] = [answerOf(ours), answerOf(theirs)];
    const compared = compareAnswers(answer, other, question, keys);
    const differences = compared.differences.map((difference) => ({ id, request, ...difference }));
    const isCut = answer.kind === 'cut' || other.kind === 'cut';
    counted.push({ as: 'compared', differences, aside: compared.aside, isCut });
    // The next request may be made of what was set aside: a law pages through as many entities as there are.
    if (differences.length > 0 || OWN_DATA.some((rule) => compared.aside.has(rule))) hasDiffered = true;
    if (writes(question.operation) && differences.some(isOutcome)) isOtherState = true;
  }
  return counted;
}

const OWN_DATA: readonly AsideRule[] = ['own-entity', 'own-total'];

/** Whether something was written on one side and not on the other. */
function isOutcome({ place, server, mock }: AnswerDifference): boolean {
  if (place === 'status') return true;
  return /^\/(results|errors)\/:$/.test(place) || (place.endsWith('/status') && server !== mock);
}

function writes(operation: Operation | null): boolean {
  return operation !== null && profileOf(operation.method).effect !== 'reads';
}

/** Only the last attempt was judged; a case that nothing was sent for has none. */
function exchangesOf(one: RecordedCase | undefined): readonly EventExchange[] {
  return one?.attempts.at(-1)?.exchanges ?? [];
}

function requestOf({ request }: EventExchange): string {
  return `${request.verb} ${targetOf(request.url)}`;
}

function targetOf(url: string): string {
  return url.replace(/^https?:\/\/[^/?]+/, '');
}

/** Out of their tunnels: the query of a tunnelled request stands in its body. */
function isSameRequest(ours: EventExchange, theirs: EventExchange, keys: KnownKeys): boolean {
  const [a, b] = [meantOf(wireOf(ours)), meantOf(wireOf(theirs))];
  if (DECIDING.some((name) => headerLines(a, name) !== headerLines(b, name))) return false;
  if (a.verb !== b.verb || !keys.isSameTarget(a.path, b.path)) return false;
  if (!keys.isSameTarget(a.query ?? '', b.query ?? '')) return false;
  if (a.body === null || b.body === null) return a.body === b.body;
  const [one, two] = [textOf(a.body), textOf(b.body)];
  const [json, other] = [jsonOf({ text: one, encoding: 'utf8' }), jsonOf({ text: two, encoding: 'utf8' })];
  return json === undefined || other === undefined ? one === two : keys.isSameBody(json, other);
}

/** Headers that decide what a request means. */
const DECIDING = [HEADERS.protocol, HEADERS.method, HEADERS.accept];

function headerLines({ headers }: WireRequest, name: string): string {
  return headerValues(headers, name).join(', ');
}

function meantOf(wire: WireRequest): WireRequest {
  const out = untunnel(wire);
  return 'request' in out ? out.request : wire;
}

function textOf(body: Uint8Array): string {
  return new TextDecoder().decode(body);
}

function questionOf(
  exchange: EventExchange,
  contracts: readonly Contract[],
  resources: readonly ResourceShape[],
): Question {
  const wire = wireOf(exchange);
  const meant = meantOf(wire);
  const protocol = protocolOf(headerValue(meant.headers, HEADERS.protocol)) === '2.0.0' ? '2.0.0' : '1.0.0';
  const sent = jsonOf(meant.body === null ? null : { text: textOf(meant.body), encoding: 'utf8' });
  const base = { path: meant.path, protocol, sent, ids: null } as const;

  const read = readRequest(wire, resources);
  const contract = 'reason' in read ? undefined : contracts.find(({ resource }) => resource === read.resource.name);
  if ('reason' in read || contract === undefined || !('method' in read.routed))
    return { ...base, contract: contract ?? null, operation: null, isProjected: false };

  const { routed, name, level } = read;
  const operation = contract.operations.find(
    (one) =>
      one.method === routed.method &&
      (!profileOf(one.method).named || one.name === name) &&
      (profileOf(one.method).at !== 'either' || one.level === level),
  );
  return {
    ...base,
    contract,
    operation: operation ?? null,
    ids: read.ids,
    isProjected: Object.keys(read.masks).length > 0,
  };
}

function wireOf({ request }: EventExchange): WireRequest {
  const target = targetOf(request.url);
  const mark = target.indexOf('?');
  return {
    verb: request.verb,
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? null : target.slice(mark + 1),
    headers: request.headers,
    body: request.body === null ? null : new TextEncoder().encode(request.body.text),
  };
}

function answerOf({ response, failure }: EventExchange): Answer {
  if (response === null) throw new Error(`an exchange without an answer is compared: ${failure?.message ?? ''}`);
  const { status, headers, body } = response;
  if (body === null || body.bytes === 0) return { status, headers, body: undefined, kind: 'none' };
  if (body.cut) return { status, headers, body: undefined, kind: 'cut' };
  const json = jsonOf(body);
  return { status, headers, body: json, kind: json === undefined ? 'text' : 'JSON' };
}

function jsonOf(body: Pick<EventBody, 'text' | 'encoding'> | null): Json | undefined {
  if (body === null || body.encoding !== 'utf8' || body.text === '') return undefined;
  const read = parseJson(body.text);
  return 'value' in read ? read.value : undefined;
}
