/**
 * The entry point `./nock`: a contract's mock behind `nock`, so that a team's own client is checked inside its unit
 * tests, without a port. The client sends what it always sends; the test fails with the rule that a request broke.
 *
 * nock hands over what an HTTP client made of a request: `'` in a query arrives as `%27`, dot segments are resolved,
 * doubled headers joined. Where such bytes matter, `serveContract` of `./mock` is the same over a socket.
 */
import type { Contract } from '../contract/contract.ts';
import { DIALECTS, type Dialect } from '../protocol/dialects.ts';
import { jsonObject, stringifyJson, type Json, type JsonObject } from '../protocol/json.ts';
import type { Key } from '../protocol/keys.ts';
import type { MethodName } from '../protocol/methods.ts';
import type { HttpRequest, HttpResponse } from '../transport/exchange.ts';
import { createRedactor } from '../transport/redact.ts';
import type { Asked } from '../verify/asked.ts';
import { checkRequest } from '../verify/check-request.ts';
import type { Violation } from '../verify/violation.ts';
import { createMock, type Mock, type MockOptions } from './mock.ts';
import { Entities } from './nock-entities.ts';
import { ContractBroken } from './nock-failure.ts';
import { Intents } from './nock-intents.ts';
import { interceptAll } from './nock-intercept.ts';
import { RULE_HEADER } from './understand-strict.ts';

export { loadContract } from '../contract/load-one.ts';
export { ContractBroken } from './nock-failure.ts';
export type { At, Entities, PutAt } from './nock-entities.ts';

export interface MockContractOptions extends MockOptions {
  /** Everything before the path of a resource, as the client is configured: `https://api.linkedin.com/rest`. */
  readonly baseUrl: string;
}

/** A request that reached the mock, as the contract reads it. */
export interface MockedRequest {
  readonly request: HttpRequest;
  readonly response: HttpResponse;
  /** The method that it reached; null: none. */
  readonly method: MethodName | null;
  /** Name of the finder, batch finder or action. */
  readonly operation: string | null;
  readonly key: Key | null;
  readonly ids: readonly Key[] | null;
  /** Query parameters beside routing, keys and masks, typed by the contract. */
  readonly params: JsonObject;
  /** The body, decoded; undefined: none, or no JSON. */
  readonly body: Json | undefined;
  /** All of every level. */
  readonly violations: readonly Violation[];
}

/** An answer that a test puts in the place of the mock's. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON unless it is text. */
  readonly body?: Json;
}

const mocked = new Map<string, URL>();

/**
 * Puts the mock of contracts behind `nock` until it is disposed of.
 *
 * @throws RangeError for a base URL that is none, or under which another mock answers already
 */
export function mockContract(contracts: Contract | readonly Contract[], options: MockContractOptions): ContractMock {
  const all = isList(contracts) ? contracts : [contracts];
  if (all.length === 0) throw new RangeError('Failed to mock contracts: there are none');
  const base = baseOf(options.baseUrl);
  const other = [...mocked.values()].find((one) => overlaps(one, base));
  if (other !== undefined)
    throw new RangeError(
      `Failed to mock ${base.href}: ${other.href} is mocked already and would get its requests. ` +
        'Dispose of the other mock first (`using`, or `close()` in `afterEach`), or hand both contracts to one mock.',
    );
  return new ContractMock(all, base, options);
}

export class ContractMock implements Disposable {
  /** What the mock holds; requests and tests both change it. */
  readonly entities: Entities;
  readonly #contracts: readonly Contract[];
  readonly #mock: Mock;
  readonly #dialects: ReadonlyMap<string, Dialect>;
  readonly #isStrict: boolean;
  readonly #intents = new Intents();
  readonly #answers: Answer[] = [];
  readonly #redactor = createRedactor();
  readonly #prefix: string;
  readonly #base: URL;
  #requests: MockedRequest[] = [];
  #judged = 0;
  #restore: (() => void) | null;

  constructor(contracts: readonly Contract[], base: URL, options: MockContractOptions) {
    this.#contracts = contracts;
    this.#mock = createMock(contracts, options);
    this.#dialects = new Map([...Object.entries(DIALECTS), ...(options.dialects ?? [])]);
    this.#isStrict = (options.mode ?? 'strict') === 'strict';
    this.#base = base;
    this.#prefix = prefixOf(base.pathname, contracts, this.#dialects);
    this.entities = new Entities(contracts, this.#mock.state());
    mocked.set(base.href, base);
    this.#restore = interceptAll(base, (request) => this.#answer(request));
  }

  /** Everything that was sent, in order. */
  get requests(): readonly MockedRequest[] {
    return this.#requests;
  }

  /** The requests that reached a method, or one finder, batch finder or action of it. */
  calls(method: MethodName, operation?: string): readonly MockedRequest[] {
    return this.#requests.filter(
      (one) => one.method === method && (operation === undefined || one.operation === operation),
    );
  }

  /**
   * States what a coming request is meant to be. One that becomes another method is broken although the wire shows
   * nothing wrong, and one that never comes fails the test.
   */
  expect(method: MethodName, operation?: string): this {
    this.#intents.add(method, operation ?? null);
    return this;
  }

  /** Answers the next request so, after judging it: an outage, a limit. Called again: the one after. */
  answerNext(answer: Answer): this {
    this.#answers.push(answer);
    return this;
  }

  /**
   * The violations of level must so far, which then no longer fail the test: for tests of requests that are to be
   * refused.
   */
  takeViolations(): readonly Violation[] {
    const taken = this.#broken().flatMap(({ violations }) => violations);
    this.#judged = this.#requests.length;
    return taken;
  }

  /** Back to the examples; what was sent, expected and prepared is forgotten. */
  reset(): void {
    this.#mock.reset();
    this.#requests = [];
    this.#judged = 0;
    this.#answers.length = 0;
    this.#intents.drain();
  }

  /** @throws ContractBroken when a request broke the contract, or an expected one never came */
  verify(): void {
    const broken = this.#broken();
    this.#judged = this.#requests.length;
    const missing = this.#intents.drain();
    if (broken.length > 0 || missing.length > 0) throw new ContractBroken(broken, missing, this.#redactor);
  }

  /** Takes the mock away; judges nothing. */
  close(): void {
    this.#restore?.();
    this.#restore = null;
    mocked.delete(this.#base.href);
  }

  /** `close`, then `verify`: nothing is left behind by a test that fails. */
  [Symbol.dispose](): void {
    this.close();
    this.verify();
  }

  #broken(): { readonly verb: string; readonly url: string; readonly violations: readonly Violation[] }[] {
    return this.#requests.slice(this.#judged).flatMap(({ request, violations }) => {
      const grave = violations.filter(({ level }) => level === 'must');
      return grave.length === 0
        ? []
        : [{ verb: request.verb, url: request.origin + request.target, violations: grave }];
    });
  }

  #answer(request: HttpRequest): HttpResponse {
    const inner = { ...request, target: request.target.slice(this.#prefix.length) };
    const plain = checkRequest(inner, this.#contracts, { dialects: this.#dialects });
    const reached = plain.asked?.method ?? null;
    const intent = this.#intents.take(reached, plain.asked?.operation?.name ?? null);
    const { asked, violations } =
      intent === null ? plain : checkRequest(inner, this.#contracts, { dialects: this.#dialects, intent });
    const known = violations.filter(({ rule }) => rule !== UNDECIDED);

    const unmet = known.find(({ level }) => level === 'must');
    const isMisread = unmet !== undefined && !plain.violations.some(({ level }) => level === 'must');
    const prepared = this.#answers.shift();
    const response =
      prepared !== undefined
        ? responseOf(prepared)
        : isMisread && this.#isStrict
          ? refusedBy(this.#mock.refuse(inner, 400, `${unmet.message} (${unmet.rule})`), unmet.rule)
          : this.#mock.answer(inner);
    this.#requests.push({ request, response, ...readingOf(asked), violations: known });
    return response;
  }
}

/** Who wrote the quotes, the client or its URL parser, cannot be told behind nock. */
const UNDECIDED = 'encoding/quotes-escaped';

function readingOf(asked: Asked | null): Omit<MockedRequest, 'request' | 'response' | 'violations'> {
  if (asked === null) return { method: null, operation: null, key: null, ids: null, params: {}, body: undefined };
  const { method, operation, key, ids, params, body } = asked;
  return { method, operation: operation?.name ?? null, key, ids, params: jsonObject(params), body };
}

function refusedBy(response: HttpResponse, rule: string): HttpResponse {
  return { ...response, headers: [...response.headers, [RULE_HEADER, rule]] };
}

function responseOf({ status, headers = {}, body }: Answer): HttpResponse {
  const lines = Object.entries(headers);
  if (body === undefined) return { status, headers: lines, body: new Uint8Array() };
  const isTyped = lines.some(([name]) => name.toLowerCase() === 'content-type');
  return {
    status,
    headers: isTyped || typeof body === 'string' ? lines : [['Content-Type', 'application/json'], ...lines],
    body: new TextEncoder().encode(typeof body === 'string' ? body : stringifyJson(body)),
  };
}

function baseOf(baseUrl: string): URL {
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol))
    throw new RangeError(`Failed to mock \`${baseUrl}\`: it is no http URL`);
  const base = new URL(baseUrl);
  base.pathname = base.pathname.replace(/\/+$/, '');
  base.search = '';
  base.hash = '';
  return base;
}

/** Requests under the one are requests under the other, too. */
function overlaps(one: URL, other: URL): boolean {
  if (one.origin !== other.origin) return false;
  const [short = '', long = ''] = [one.pathname, other.pathname]
    .map((path) => path.replace(/\/$/, ''))
    .toSorted((a, b) => a.length - b.length);
  return long === short || long.startsWith(`${short}/`);
}

/** What stands before the base of the dialect, which the mock itself takes off. */
function prefixOf(path: string, contracts: readonly Contract[], dialects: ReadonlyMap<string, Dialect>): string {
  const whole = path.replace(/\/$/, '');
  const bases = contracts.flatMap(({ dialect }) => dialects.get(dialect)?.bases ?? []);
  const base = bases.find((one) => whole.endsWith(one));
  return base === undefined ? whole : whole.slice(0, whole.length - base.length);
}

function isList(contracts: Contract | readonly Contract[]): contracts is readonly Contract[] {
  return Array.isArray(contracts);
}
