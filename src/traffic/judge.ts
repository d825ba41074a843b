/** Judges one exchange that somebody else's client had: its request and, where there is one, its answer. */
import type { Contract } from '../contract/contract.ts';
import type { Exchange } from '../transport/exchange.ts';
import { checkRequest, type RequestJudgement, type RequestOptions } from '../verify/check-request.ts';
import { checkResponse } from '../verify/check-response.ts';
import { verdictOf } from '../verify/verdict.ts';
import type { Violation } from '../verify/violation.ts';

export interface JudgeOptions extends Omit<RequestOptions, 'intent'> {
  /** False: only requests are judged, where the answers are our own. */
  readonly judgesAnswers?: boolean;
}

export interface Judged {
  readonly judgement: RequestJudgement;
  /** Of request and answer, all levels. */
  readonly violations: readonly Violation[];
  readonly checks: number;
  /** `skip`: no contract covers the path, so that nothing is said about it. */
  readonly verdict: 'pass' | 'fail' | 'error' | 'skip';
}

/**
 * @param exchange - without answer and failure only the request is judged
 * @param contracts - all that may be meant; an array that stays the same is prepared once
 */
export function judgeExchange(exchange: Exchange, contracts: readonly Contract[], options: JudgeOptions): Judged {
  const judgement = checkRequest(exchange.request, contracts, options);
  if (judgement.contract === null || options.judgesAnswers === false) return judgedRequest(judgement);

  const { asked } = judgement;
  const isAnswered = exchange.response !== null || exchange.failure !== null;
  // What an endpoint answers to a request that reaches no method is its own affair.
  const answer = asked === null || !isAnswered ? NOTHING : checkResponse(asked, exchange, null, { exchangeIndex: 0 });
  const violations = [...judgement.violations, ...answer.violations];
  return {
    judgement,
    violations,
    checks: judgement.checks + answer.checks,
    verdict: verdictOf(violations, exchange.failure),
  };
}

/** The same where only the request is of interest, and judged already. */
export function judgedRequest(judgement: RequestJudgement): Judged {
  const { contract, violations, checks } = judgement;
  if (contract === null) return { judgement, violations: [], checks: 0, verdict: 'skip' };
  return { judgement, violations, checks, verdict: verdictOf(violations, null) };
}

const NOTHING = { violations: [], checks: 0 } as const;
