/** Makers of requests and answers on the catalogue's example contracts. */
import type { Expectation, Outcome } from '../../src/contract/contract.ts';
import type { Exchange, HeaderLines } from '../../src/transport/exchange.ts';
import { checkRequest, type Intent, type RequestJudgement } from '../../src/verify/check-request.ts';
import { checkResponse, type ResponseJudgement } from '../../src/verify/check-response.ts';
import { exampleContract } from '../rules/example.ts';

type Headers = Readonly<Record<string, string | readonly string[] | null>>;

export interface Sending {
  readonly contract?: string;
  readonly body?: string;
  readonly headers?: Headers;
  readonly intent?: Intent;
}

const BASE: Headers = { 'X-RestLi-Protocol-Version': '2.0.0' };

function linesOf(headers: Headers): HeaderLines {
  return Object.entries(headers).flatMap(([name, value]) => {
    if (value === null) return [];
    return typeof value === 'string' ? [[name, value] as const] : value.map((one) => [name, one] as const);
  });
}

/** Sends `GET /books/1`; protocol version and, with a body, the Content-Type are filled in, the method header is not. */
export function send(line: string, { contract = 'books', body, headers = {}, intent }: Sending = {}): RequestJudgement {
  const [verb = '', target = ''] = line.split(' ');
  const type: Headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const request = {
    verb,
    target,
    headers: linesOf({ ...BASE, ...type, ...headers }),
    body: body === undefined ? null : new TextEncoder().encode(body),
  };
  return checkRequest(request, [exampleContract(contract)], {
    dialects: new Map(),
    ...(intent === undefined ? {} : { intent }),
  });
}

/** The rules of level must and should that a request breaks. */
export function broken(line: string, sending: Sending = {}): readonly string[] {
  return [
    ...new Set(
      send(line, sending)
        .violations.filter(({ level }) => level !== 'may')
        .map(({ rule }) => rule),
    ),
  ].toSorted();
}

export interface Answering extends Sending {
  readonly status?: number;
  /** JSON text, or bytes as they are. */
  readonly answer?: string | Uint8Array;
  readonly answerHeaders?: Headers;
  readonly expect?: Partial<Expectation> | null;
}

export function exchange(
  line: string,
  { status = 200, answer: answered, answerHeaders = {}, body, headers = {} }: Answering = {},
): Exchange {
  const [verb = '', target = ''] = line.split(' ');
  const bytes =
    answered === undefined
      ? new Uint8Array()
      : typeof answered === 'string'
        ? new TextEncoder().encode(answered)
        : answered;
  const usual: Headers = {
    'X-RestLi-Protocol-Version': '2.0.0',
    'Content-Type': bytes.length === 0 ? null : 'application/json',
    'X-RestLi-Error-Response': status >= 400 && bytes.length > 0 ? 'true' : null,
  };
  return {
    request: {
      verb,
      origin: 'http://127.0.0.1',
      target,
      headers: linesOf({ ...BASE, ...headers }),
      body: body === undefined ? null : new TextEncoder().encode(body),
    },
    response: { status, headers: linesOf({ ...usual, ...answerHeaders }), body: bytes },
    failure: null,
    durationMs: 1,
  };
}

/** Judges an answer to a request; `expect` of null (the default) judges it as foreign traffic. */
export function answer(line: string, answering: Answering = {}): ResponseJudgement {
  const { asked, violations } = send(line, answering);
  if (asked === null)
    throw new Error(`the request reaches no method: ${violations.map(({ message }) => message).join(' ')}`);
  const expectation = answering.expect ? expected(answering.expect) : null;
  return checkResponse(asked, exchange(line, answering), expectation, { exchangeIndex: 0 });
}

/** The rules of level must and should that an answer breaks. */
export function brokenBy(line: string, answering: Answering = {}): readonly string[] {
  return [
    ...new Set(
      answer(line, answering)
        .violations.filter(({ level }) => level !== 'may')
        .map(({ rule }) => rule),
    ),
  ].toSorted();
}

export function expected(parts: Partial<Expectation>): Expectation {
  return {
    status: null,
    orRefused: [],
    headers: new Map(),
    body: undefined,
    key: undefined,
    each: null,
    pointer: '/cases/0/expect',
    ...parts,
  };
}

export function outcome(parts: Partial<Outcome> & { readonly status?: readonly number[] | null } = {}): Outcome {
  return {
    status: null,
    key: undefined,
    entity: undefined,
    elements: undefined,
    paging: undefined,
    metadata: undefined,
    error: undefined,
    ...parts,
  };
}

export const book = (id: number, more = ''): string =>
  `{"id":${id},"isbn":"978-1","title":"Tides","genre":"POETRY","addedAt":7${more}}`;
