/** `expect(request).toKeepContract(contract)`, `expect(exchange).toKeepContract(contract)`. */
import type { Contract } from '../contract/contract.ts';
import { ContractBroken } from '../mock/nock-failure.ts';
import { createRedactor } from '../transport/redact.ts';
import { checkRequest, type Intent, type RequestOptions } from '../verify/check-request.ts';
import { checkResponse } from '../verify/check-response.ts';
import type { Violation } from '../verify/violation.ts';
import { comparedOf, type Compared } from './exchange-like.ts';

export interface MatcherOptions extends Partial<Omit<RequestOptions, 'intent'>> {
  /** The method that the request is meant to be, where the wire alone does not tell. */
  readonly as?: Intent['method'];
  /** The finder, batch finder or action that is meant. */
  readonly operation?: string;
}

interface Outcome {
  readonly pass: boolean;
  readonly message: () => string;
}

export function toKeepContract(
  received: unknown,
  contract: Contract | readonly Contract[],
  options: MatcherOptions = {},
): Outcome | Promise<Outcome> {
  const contracts = listOf(contract);
  const compared = comparedOf(received);
  return compared instanceof Promise
    ? compared.then((one) => judge(one, contracts, options))
    : judge(compared, contracts, options);
}

function judge({ request, response }: Compared, contracts: readonly Contract[], options: MatcherOptions): Outcome {
  const { as, operation, ...rest } = options;
  const intent = as === undefined ? {} : { intent: { method: as, ...(operation === undefined ? {} : { operation }) } };
  const { asked, violations } = checkRequest(request, contracts, { dialects: new Map(), ...rest, ...intent });
  const exchange = { request, response, failure: null, durationMs: 0 };
  const answered =
    asked === null || response === null ? [] : checkResponse(asked, exchange, null, { exchangeIndex: 0 }).violations;

  const broken = [...violations, ...answered].filter(({ level }: Violation) => level === 'must');
  const what = { verb: request.verb, url: request.origin + request.target, violations: broken };
  return {
    pass: broken.length === 0,
    message: () =>
      broken.length === 0
        ? `${request.verb} ${request.target} keeps the contract of ${contracts.map(({ resource }) => resource).join(', ')}`
        : new ContractBroken([what], [], createRedactor()).message,
  };
}

/** The same array for the same contract: what is prepared for it is prepared once. */
const lists = new WeakMap<Contract, readonly Contract[]>();

function listOf(contract: Contract | readonly Contract[]): readonly Contract[] {
  if (isList(contract)) return contract;
  const known = lists.get(contract);
  if (known !== undefined) return known;
  const list = [contract];
  lists.set(contract, list);
  return list;
}

function isList(contract: Contract | readonly Contract[]): contract is readonly Contract[] {
  return Array.isArray(contract);
}
