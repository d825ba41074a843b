/**
 * Every single fault of a right request of each method, put through the four ways in which a client's requests are
 * checked: the mock over a socket, the mock behind nock, a recording, and the proxy. A naive matcher of verb and path
 * stands beside as the control.
 */
import http from 'node:http';
import { EXAMPLE_CONTRACTS } from '../src/rules/example-contract.ts';
import type { Contract } from '../src/contract/contract.ts';
import { parseContract } from '../src/contract/parse.ts';
import { mockContract } from '../src/mock/nock.ts';
import { serveContract } from '../src/mock/server.ts';
import { RULE_HEADER } from '../src/mock/understand-strict.ts';
import { METHOD_NAMES, profileOf, type MethodName } from '../src/protocol/methods.ts';
import { judgeExchange } from '../src/traffic/judge.ts';
import { readNdjson, recordLine } from '../src/traffic/ndjson.ts';
import { unanswered } from '../src/traffic/recording.ts';
import { serveProxy } from '../src/traffic/proxy.ts';
import { headerOf, type HttpRequest } from '../src/transport/exchange.ts';
import { createWire } from '../src/transport/wire.ts';
import { checkRequest } from '../src/verify/check-request.ts';

export type DialectName = 'restli' | 'linkedin';

interface Sent {
  readonly verb: string;
  readonly path: string;
  readonly query: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface Fault {
  readonly method: MethodName;
  readonly dialect: DialectName;
  /** `verb PUT`, `ids lost`. */
  readonly name: string;
  readonly family: string;
  readonly sent: Sent;
}

/**
 * `caught`: a rule of level must tells. `equivalent`: nothing that counts was changed. `undecidable`: a right request of
 * another method, or of another text, with nothing on the wire to show the intent. `missed`: none of these.
 */
export type Class = 'caught' | 'equivalent' | 'undecidable' | 'missed';

export const WAYS = ['mock', 'nock', 'traffic', 'proxy'] as const;
export type Way = (typeof WAYS)[number];

export interface Row extends Fault {
  readonly class: Class;
  /** Why it is not caught; the method reached. */
  readonly reason: string | null;
  readonly reached: MethodName | null;
  readonly rules: readonly string[];
  readonly caught: Readonly<Record<Way, boolean>>;
  /** By a matcher that knows the verbs and paths of the contract and nothing else. */
  readonly control: boolean;
  /** Of an undecidable one: whether stating the intent decides it. */
  readonly decidedByIntent: boolean | null;
}

const BOOK = '{"isbn":"1","title":"a b","genre":"POETRY"}';
const PATCH = '{"patch":{"$set":{"title":"a"}}}';

interface Right {
  readonly path: string;
  readonly query: readonly string[];
  readonly body: string | null;
  readonly operation?: string;
}

const RIGHT: Readonly<Record<MethodName, Right>> = {
  GET: { path: '/books/1', query: ['fields=id,title'], body: null },
  BATCH_GET: { path: '/books', query: ['ids=List(1,2)'], body: null },
  GET_ALL: { path: '/books', query: ['start=0', 'count=5'], body: null },
  FINDER: { path: '/books', query: ['q=search', 'title=a%20b'], body: null, operation: 'search' },
  BATCH_FINDER: {
    path: '/books',
    query: ['bq=searchMany', 'criteria=List((title:a%20b))'],
    body: null,
    operation: 'searchMany',
  },
  CREATE: { path: '/books', query: [], body: BOOK },
  BATCH_CREATE: { path: '/books', query: [], body: `{"elements":[${BOOK}]}` },
  UPDATE: { path: '/books/1', query: [], body: BOOK },
  BATCH_UPDATE: { path: '/books', query: ['ids=List(1,2)'], body: `{"entities":{"1":${BOOK},"2":${BOOK}}}` },
  PARTIAL_UPDATE: { path: '/books/1', query: [], body: PATCH },
  BATCH_PARTIAL_UPDATE: { path: '/books', query: ['ids=List(1,2)'], body: `{"entities":{"1":${PATCH},"2":${PATCH}}}` },
  DELETE: { path: '/books/1', query: [], body: null },
  BATCH_DELETE: { path: '/books', query: ['ids=List(1,2)'], body: null },
  ACTION: { path: '/books/1', query: ['action=lend'], body: '{"reader":"urn:li:person:a"}', operation: 'lend' },
};

/** Prefix and headers of each dialect. */
const DIALECT: Readonly<
  Record<DialectName, { readonly base: string; readonly headers: Readonly<Record<string, string>> }>
> = {
  restli: { base: '', headers: {} },
  linkedin: { base: '/rest', headers: { 'LinkedIn-Version': '202604' } },
};

const VERSION = 'X-RestLi-Protocol-Version';
const METHOD = 'X-RestLi-Method';
const VERBS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'] as const;
const ROUTING = ['ids=List(1,2)', 'q=search', 'bq=searchMany', 'action=lend'] as const;

/** @param withHeader - whether the client sends the method header where it may be left out */
export function rightOf(method: MethodName, dialect: DialectName, withHeader: boolean): Sent {
  const { path, query, body } = RIGHT[method];
  const isNeeded = NEEDS_HEADER[dialect].includes(method);
  return {
    verb: profileOf(method).verb,
    path,
    query,
    headers: {
      [VERSION]: '2.0.0',
      ...DIALECT[dialect].headers,
      ...(withHeader || isNeeded ? { [METHOD]: method } : {}),
      ...(body === null ? {} : { 'Content-Type': 'application/json' }),
      // What the contract asks of one method; others ignore it.
      'X-Confirm': 'y',
    },
    body,
  };
}

const NEEDS_HEADER: Readonly<Record<DialectName, readonly MethodName[]>> = {
  restli: ['BATCH_CREATE'],
  linkedin: ['BATCH_CREATE', 'PARTIAL_UPDATE', 'BATCH_PARTIAL_UPDATE'],
};

export function faultsOf(method: MethodName, dialect: DialectName, withHeader: boolean): readonly Fault[] {
  const right = rightOf(method, dialect, withHeader);
  const { headers, query, path, body } = right;
  const without = (...names: readonly string[]): Sent['headers'] =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
  const fault = (family: string, name: string, change: Partial<Sent>): Fault => ({
    method,
    dialect,
    name: `${name}${withHeader ? '' : ', no method header'}`,
    family,
    sent: { ...right, ...change },
  });
  const { verb, parameter } = profileOf(method);
  const faults: Fault[] = [
    ...VERBS.filter((other) => other !== verb).map((other) => fault('verb', `verb ${other}`, { verb: other })),
    path === '/books' ? fault('key', 'key added', { path: '/books/1' }) : fault('key', 'key lost', { path: '/books' }),
    ...query
      .map((part) => part.slice(0, part.indexOf('=')))
      .filter((name) => name === parameter || name === 'criteria')
      .map((name) =>
        fault('parameter', `${name} lost`, { query: query.filter((part) => !part.startsWith(`${name}=`)) }),
      ),
    ...ROUTING.filter((part) => !part.startsWith(`${parameter}=`)).map((part) =>
      fault('parameter', `${part.slice(0, part.indexOf('='))} added`, { query: [...query, part] }),
    ),
    ...query
      .filter((part) => /^(?:q|bq|action)=/.test(part))
      .map((part) =>
        fault('parameter', `${part} misnamed`, { query: query.map((one) => (one === part ? `${part}s` : one)) }),
      ),
    ...(headers[METHOD] === undefined
      ? []
      : [
          fault('header', 'method header lost', { headers: without(METHOD) }),
          fault('header', 'method header unknown', { headers: { ...headers, [METHOD]: 'FETCH' } }),
          ...METHOD_NAMES.filter((other) => other !== method).map((other) =>
            fault('header', `method header ${other}`, { headers: { ...headers, [METHOD]: other } }),
          ),
        ]),
    fault('version', 'protocol version lost', { headers: without(VERSION) }),
    fault('version', 'protocol version 3.0.0', { headers: { ...headers, [VERSION]: '3.0.0' } }),
    fault('version', 'protocol version 1.0.0', { headers: { ...headers, [VERSION]: '1.0.0' } }),
    ...(dialect === 'linkedin'
      ? [
          fault('version', 'LinkedIn-Version lost', { headers: without('LinkedIn-Version') }),
          fault('version', 'LinkedIn-Version malformed', { headers: { ...headers, 'LinkedIn-Version': 'v202604' } }),
        ]
      : []),
    ...(body === null
      ? [fault('body', 'body added', { body: BOOK, headers: { ...headers, 'Content-Type': 'application/json' } })]
      : [
          fault('body', 'body lost', { body: null, headers: without('Content-Type') }),
          fault('body', 'content type lost', { headers: without('Content-Type') }),
          fault('body', 'content type text/plain', { headers: { ...headers, 'Content-Type': 'text/plain' } }),
        ]),
    ...query.flatMap((part) =>
      encodings(part).map(([name, wrong]) =>
        fault('encoding', name, { query: query.map((one) => (one === part ? wrong : one)) }),
      ),
    ),
    ...(body?.includes('"entities"') === true
      ? [fault('body', 'a key of entities is not in ids', { body: body.replace('"2":', '"3":') })]
      : []),
  ];
  return faults;
}

/** The ways in which HTTP libraries write a parameter wrongly. */
function encodings(part: string): readonly (readonly [name: string, wrong: string])[] {
  const equals = part.indexOf('=');
  const [name, value] = [part.slice(0, equals), part.slice(equals + 1)];
  const wrong: (readonly [string, string])[] = [];
  if (value.startsWith('List('))
    wrong.push([
      `${name} escaped as a whole`,
      `${name}=${value.replaceAll('(', '%28').replaceAll(')', '%29').replaceAll(',', '%2C').replaceAll(':', '%3A')}`,
    ]);
  if (value === 'List(1,2)') {
    wrong.push([`${name} repeated, as in 1.0.0`, `${name}=1&${name}=2`]);
    wrong.push([`${name} indexed, as in 1.0.0`, `${name}[0]=1&${name}[1]=2`]);
    wrong.push([`${name} joined by a comma`, `${name}=1,2`]);
  }
  if (value.includes('%20')) {
    wrong.push([`${name} escaped twice`, part.replaceAll('%', '%25')]);
    wrong.push([`${name} with + for a space`, part.replaceAll('%20', '+')]);
  }
  return wrong;
}

const parsed = new Map<DialectName, Contract>();

export function contractFor(dialect: DialectName): Contract {
  const known = parsed.get(dialect);
  if (known !== undefined) return known;
  const text = EXAMPLE_CONTRACTS.get('books') ?? '';
  const { contract, diagnostics } = parseContract(`${text}\ndialect: ${dialect}\n`, {
    file: `books.${dialect}.contract.yaml`,
  });
  if (contract === null)
    throw new Error(`Failed to read the contract: ${diagnostics.map(({ message }) => message).join('; ')}`);
  parsed.set(dialect, contract);
  return contract;
}

export function requestOf(
  { verb, path, query, headers, body }: Sent,
  dialect: DialectName,
  origin: string,
): HttpRequest {
  return {
    verb,
    origin,
    target: `${DIALECT[dialect].base}${path}${query.length === 0 ? '' : `?${query.join('&')}`}`,
    headers: Object.entries(headers),
    body: body === null ? null : Buffer.from(body),
  };
}

/** The four ways for one dialect, open until `close`. */
export interface FourWays {
  readonly catches: (sent: Sent, method: MethodName) => Promise<Readonly<Record<Way, boolean>>>;
  close(): Promise<void>;
}

export async function openFourWays(dialect: DialectName): Promise<FourWays> {
  const contract = contractFor(dialect);
  const contracts = [contract];
  const options = { dialects: new Map() };
  const nocked = mockContract(contract, { baseUrl: `http://four-ways.${dialect}.test${DIALECT[dialect].base}` });
  const strict = await serveContract(contract);
  // Behind the proxy stands a server that takes what it can: nothing but the proxy's judge notices a fault.
  const behind = await serveContract(contract, { mode: 'oss' });
  let judged: ((isCaught: boolean) => void) | null = null;
  const proxy = await serveProxy({
    origin: behind.url,
    onExchange: ({ exchange }) => {
      const { judgement } = judgeExchange(exchange, contracts, options);
      judged?.(isBroken(judgement.violations));
    },
  });
  const wire = createWire();
  return {
    catches: async (sent) => {
      const request = requestOf(sent, dialect, strict.url);
      const { response } = await wire.send(request);
      const throughProxy = new Promise<boolean>((resolve) => (judged = resolve));
      await wire.send({ ...request, origin: proxy.url });
      return {
        mock: response !== null && headerOf(response.headers, RULE_HEADER) !== null,
        nock: await byNock(nocked, sent, dialect),
        traffic: byRecording({ ...request, origin: 'https://api.example.com' }, contract),
        proxy: await throughProxy,
      };
    },
    close: async () => {
      nocked.close();
      await wire.close();
      await proxy.close();
      await strict.close();
      await behind.close();
    },
  };
}

function isBroken(violations: readonly { readonly level: string }[]): boolean {
  return violations.some(({ level }) => level === 'must');
}

function byRecording(request: HttpRequest, contract: Contract): boolean {
  const line = recordLine(unanswered(request), new Date(0));
  const [entry] = readNdjson(line).entries;
  if (entry === undefined) throw new Error(`Failed to read back ${line}`);
  return judgeExchange(entry.exchange, [contract], { dialects: new Map() }).verdict === 'fail';
}

async function byNock(api: ReturnType<typeof mockContract>, sent: Sent, dialect: DialectName): Promise<boolean> {
  const { verb, target, headers, body } = requestOf(sent, dialect, '');
  // Without it node:http sends the body of a GET or DELETE in no frame at all.
  const length = body === null ? {} : { 'Content-Length': body.byteLength };
  await new Promise<void>((resolve, reject) => {
    const request = http.request(
      {
        host: `four-ways.${dialect}.test`,
        path: target,
        method: verb,
        headers: { ...Object.fromEntries(headers), ...length },
      },
      (response) => response.resume().on('end', resolve).on('error', reject),
    );
    request.on('error', reject);
    request.end(body ?? undefined);
  });
  return api.takeViolations().length > 0;
}

/** Judges one fault in all ways. */
export async function judgeFault(fault: Fault, ways: FourWays): Promise<Row> {
  const { method, dialect, sent } = fault;
  const contract = contractFor(dialect);
  const request = requestOf(sent, dialect, 'http://localhost');
  const { violations, asked } = checkRequest(request, [contract], { dialects: new Map() });
  const rules = [...new Set(violations.filter(({ level }) => level === 'must').map(({ rule }) => rule))];
  const reached = asked?.method ?? null;
  const advice = violations.filter(({ level, rule }) => level === 'should' && rule.startsWith('encoding/'));
  const verdict = classOf(fault, rules, reached, advice[0]?.rule ?? null);
  const operation = RIGHT[method].operation;
  const intent = { method, ...(operation === undefined ? {} : { operation }) };
  return {
    ...fault,
    ...verdict,
    reached,
    rules,
    caught: await ways.catches(sent, method),
    control: isCaughtByControl(sent),
    decidedByIntent:
      verdict.class === 'undecidable' && reached !== method
        ? isBroken(checkRequest(request, [contract], { dialects: new Map(), intent }).violations)
        : null,
  };
}

function classOf(
  { method, name, sent }: Fault,
  rules: readonly string[],
  reached: MethodName | null,
  advice: string | null,
): { readonly class: Class; readonly reason: string | null } {
  if (rules.length > 0) return { class: 'caught', reason: null };
  if (reached === method && advice !== null)
    return { class: 'undecidable', reason: `the text may be meant as it stands; ${advice} advises` };
  if (reached === method) {
    const reason = EQUIVALENT.find(([family]) => name.startsWith(family))?.[1] ?? null;
    return reason === null ? { class: 'missed', reason: null } : { class: 'equivalent', reason };
  }
  if (reached !== null && sent.headers[METHOD] === undefined)
    return { class: 'undecidable', reason: `a right ${reached}; nothing on the wire shows that ${method} was meant` };
  return { class: 'missed', reason: null };
}

/** Faults that may leave the same request, by how their name begins, with the reason. */
const EQUIVALENT: readonly (readonly [name: string, reason: string])[] = [
  ['method header lost', 'the dialect does not require the header, and without it the same method is reached'],
  ['protocol version 1.0.0', 'nothing of the request is written differently in 1.0.0, which the dialect accepts'],
];

/** The naive matcher: a verb at a path that some method of the contract has. */
const KNOWN: ReadonlySet<string> = new Set(
  METHOD_NAMES.map(
    (method) => `${profileOf(method).verb} ${RIGHT[method].path === '/books' ? 'collection' : 'entity'}`,
  ),
);

function isCaughtByControl({ verb, path }: Sent): boolean {
  return !KNOWN.has(`${verb} ${path === '/books' ? 'collection' : 'entity'}`);
}

/** All faults of all methods in both dialects, with the header sent and without. */
export async function measureFourWays(): Promise<{
  readonly rows: readonly Row[];
  readonly falseAlarms: readonly string[];
  readonly right: number;
}> {
  const rows: Row[] = [];
  const falseAlarms: string[] = [];
  let right = 0;
  for (const dialect of ['restli', 'linkedin'] as const) {
    const ways = await openFourWays(dialect);
    try {
      for (const method of METHOD_NAMES) {
        for (const withHeader of [true, false]) {
          if (!withHeader && NEEDS_HEADER[dialect].includes(method)) continue;
          right += 1;
          const alarms = await ways.catches(rightOf(method, dialect, withHeader), method);
          for (const way of WAYS) if (alarms[way]) falseAlarms.push(`${dialect} ${method} by ${way}`);
          for (const fault of faultsOf(method, dialect, withHeader)) rows.push(await judgeFault(fault, ways));
        }
      }
    } finally {
      await ways.close();
    }
  }
  return { rows, falseAlarms, right };
}
