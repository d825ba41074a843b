/**
 * The steps of a derived case as an author would write them: those whose bytes were changed after they were built, and
 * those that become another operation by their headers, with the parts that were sent; what is expected, in words that a
 * contract has.
 */
import { isUtf8 } from 'node:buffer';
import type { CaseSpec, Operation } from '../contract/contract.ts';
import type { Step } from '../plan/case.ts';
import { deriveExpectation, deriveSpec } from '../plan/derive.ts';
import { HEADERS, headerValue, isSameHeader } from '../protocol/headers.ts';
import { profileOf } from '../protocol/methods.ts';
import type { HttpRequest } from '../transport/exchange.ts';
import type { CaseOutcome } from './run-case.ts';

/** Null where the bytes of the last request are no text. */
export function stepsAsSent(outcome: CaseOutcome, base: string): readonly Step[] | null {
  const {
    one: { steps, check },
    attempts,
  } = outcome;
  const last = steps[steps.length - 1];
  const request = attempts[attempts.length - 1]?.exchanges.at(-1)?.exchange.request;
  const sent = last === undefined ? null : stepAsSent(last, request, base);
  if (sent === null) return null;
  const hasCheck = check !== null;
  return [...steps.slice(0, -1).filter(isOfUse), sent].map((step) => withStatuses(step, hasCheck));
}

/**
 * The step as an author's: judged by what it promises and expects.
 *
 * @param request - what was sent for it
 * @param base - what stands before the resources in its path: `/rest`, or nothing
 * @returns null where its bytes were changed and are no text, or are not known
 */
export function stepAsSent(step: Step, request: HttpRequest | undefined, base: string): Step | null {
  const { spec, contract, operation, judgedAs } = step;
  if (step.rewrite === undefined && judgedAs === undefined) return { spec, contract, operation };
  const sent = request === undefined ? null : specAsSent(step, request, base);
  return sent === null ? null : { spec: sent, contract, operation: judgedAs ?? operation };
}

/** What only looks whether the case can be run says nothing to who pastes it. */
function isOfUse({ spec, setup }: Step): boolean {
  return setup !== true || spec.capture.size > 0 || profileOf(spec.method).effect !== 'reads';
}

/**
 * Who writes headers of the protocol, or raw parts, must say what comes back; and a contract knows no `orRefused`.
 *
 * @param hasCheck - whether what else may be answered is judged by a check, which an author does not have
 */
export function withStatuses(step: Step, hasCheck: boolean): Step {
  const { spec, operation } = step;
  const { expect } = spec;
  const refused = expect?.orRefused ?? [];
  const isPlain = spec.raw === null && ![...spec.headers.keys()].some((name) => isProtocolHeader(name));
  if (isPlain && refused.length === 0) return step;
  const promised = expect?.status ?? operation?.responses.flatMap(({ status }) => status) ?? [];
  const status = hasCheck ? promised : [...new Set([...promised, ...refused])];
  const asked = expect ?? deriveExpectation(spec, {});
  return { ...step, spec: { ...spec, expect: { ...asked, status, orRefused: [] } } };
}

function isProtocolHeader(name: string): boolean {
  return isSameHeader(name, HEADERS.method) || isSameHeader(name, HEADERS.protocol);
}

function specAsSent({ spec, judgedAs }: Step, request: HttpRequest, base: string): CaseSpec | null {
  const body = request.body === null ? '' : textOf(request.body);
  if (body === null) return null;
  if (judgedAs !== undefined) return specOfReached(judgedAs, spec, body);
  const at = request.target.indexOf('?');
  const path = at < 0 ? request.target : request.target.slice(0, at);
  const raw = {
    verb: request.verb,
    // What is above the resource is the target's.
    path: path.startsWith(`${base}/`) ? path.slice(base.length) : path,
    query: at < 0 ? '' : request.target.slice(at + 1),
    ...(profileOf(spec.method).sends === 'none' ? {} : { body }),
  };
  const changed = [HEADERS.accept, HEADERS.contentType].flatMap((name): (readonly [string, string])[] => {
    const value = headerValue(request.headers, name);
    return value === null || value === 'application/json' ? [] : [[name, value]];
  });
  return { ...spec, raw, headers: new Map([...spec.headers, ...changed]) };
}

/**
 * The request as one of the operation that it becomes. By a header alone this happens at one address: the body is all
 * that such two requests differ in.
 */
function specOfReached(
  reached: Operation,
  { parents, params, headers, protocol, expect }: CaseSpec,
  body: string,
): CaseSpec {
  return deriveSpec(reached, { parents, params, headers, protocol, raw: { body }, expect });
}

function textOf(bytes: Uint8Array): string | null {
  return isUtf8(bytes) ? new TextDecoder().decode(bytes) : null;
}
