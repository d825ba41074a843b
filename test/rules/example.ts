/** Reads the HTTP texts of the catalogue's examples, and judges them. */
import { EXAMPLE_CONTRACTS, type RuleExample } from '../../src/rules/index.ts';
import type { Contract, Expectation, Outcome } from '../../src/contract/contract.ts';
import { DIALECTS, extendDialect } from '../../src/protocol/dialects.ts';
import { parseJson, isJsonObject, type Json } from '../../src/protocol/json.ts';
import type { Exchange, HeaderLines } from '../../src/transport/exchange.ts';
import { failure } from '../../src/transport/failure.ts';
import { checkRequest } from '../../src/verify/check-request.ts';
import { checkResponse } from '../../src/verify/check-response.ts';
import type { Violation } from '../../src/verify/violation.ts';
import { contractOf } from '../support/contract.ts';

export interface HttpText {
  readonly first: string;
  readonly headers: HeaderLines;
  readonly body: Uint8Array | null;
}

export function readHttp(text: string, charset: 'utf8' | 'latin1' = 'utf8'): HttpText {
  const end = text.indexOf('\n\n');
  const [first = '', ...lines] = text.slice(0, end).split('\n');
  const body = text.slice(end + 2);
  return {
    first,
    headers: lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const),
    body: body === '' ? null : new Uint8Array(Buffer.from(body, charset)),
  };
}

const contracts = new Map<string, Contract>();
export function exampleContract(name: string): Contract {
  const known = contracts.get(name);
  if (known !== undefined) return known;
  const source = EXAMPLE_CONTRACTS.get(name);
  if (source === undefined) throw new Error(`no example contract ${name}`);
  const contract = contractOf(source);
  contracts.set(name, contract);
  return contract;
}

const TENANTS = extendDialect(DIALECTS.restli, {
  name: 'tenants',
  headers: [
    { name: 'X-Tenant', schema: { type: 'string', pattern: '^[a-z]+$' }, required: true, under: null, missing: null },
  ],
});

export function sentOf(example: RuleExample): {
  verb: string;
  target: string;
  headers: HeaderLines;
  body: Uint8Array | null;
} {
  const { first, headers, body } = readHttp(example.request);
  const [verb = '', target = ''] = first.split(' ');
  return { verb, target, headers, body };
}

export function judgeRequest(example: RuleExample): ReturnType<typeof checkRequest> {
  return checkRequest(sentOf(example), [exampleContract(example.contract ?? 'books')], {
    dialects: new Map(),
    ...(example.dialect === undefined ? {} : { dialect: TENANTS }),
    ...(example.today === undefined ? {} : { today: example.today }),
    ...(example.intent === undefined ? {} : { intent: example.intent }),
  });
}

export function exchangeOf(example: RuleExample): Exchange {
  const sent = sentOf(example);
  const request = { ...sent, origin: 'http://127.0.0.1' };
  if (example.failure !== undefined) {
    const code = {
      dns: 'dns-not-found',
      connect: 'connection-refused',
      tls: 'tls-expired',
      proxy: 'proxy-refused',
      send: 'send-failed',
      headers: 'closed-before-response',
      body: 'body-cut',
      total: 'total-timeout',
      aborted: 'aborted',
    } as const;
    return { request, response: null, failure: failure(code[example.failure], 'broken on purpose'), durationMs: 1 };
  }
  const answer = readHttp(example.response ?? '', example.charset ?? 'utf8');
  const status = Number(answer.first.split(' ')[1]);
  return {
    request,
    response: { status, headers: answer.headers, body: answer.body ?? new Uint8Array() },
    failure: null,
    durationMs: 1,
  };
}

export function judgeAnswer(example: RuleExample): readonly Violation[] {
  const { asked, violations } = judgeRequest(example);
  if (asked === null) throw new Error(`the request of the example reaches no method: ${JSON.stringify(violations)}`);
  return checkResponse(asked, exchangeOf(example), expectationOf(example.expect), { exchangeIndex: 0 }).violations;
}

function expectationOf(text: string | undefined): Expectation | null {
  if (text === undefined) return null;
  const parsed = parseJson(text);
  if (!('value' in parsed) || !isJsonObject(parsed.value)) throw new Error(`expect is no JSON object: ${text}`);
  const { status, headers, body, key, each } = parsed.value;
  return {
    status: typeof status === 'number' ? [status] : null,
    orRefused: [],
    headers: new Map(isJsonObject(headers) ? Object.entries(headers) : []),
    body,
    key,
    each: Array.isArray(each) ? each.map(outcomeOf) : isJsonObject(each) ? outcomeOf(each) : null,
    pointer: '/cases/0/expect',
  };
}

function outcomeOf(value: Json): Outcome {
  const { status, key, entity, elements, paging, metadata, error } = isJsonObject(value) ? value : {};
  return { status: Array.isArray(status) ? status.map(Number) : null, key, entity, elements, paging, metadata, error };
}
