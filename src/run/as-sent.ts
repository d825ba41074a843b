/** Requests whose bytes were changed after they were built, as a contract writes them: with the parts that were sent. */
import { isUtf8 } from 'node:buffer';
import type { CaseSpec } from '../contract/contract.ts';
import type { Step } from '../plan/case.ts';
import { HEADERS, headerValue } from '../protocol/headers.ts';
import { profileOf } from '../protocol/methods.ts';
import type { HttpRequest } from '../transport/exchange.ts';
import type { CaseOutcome } from './run-case.ts';

/** The steps of a case whose last request was rewritten, without rewriting; null where its bytes are no text. */
export function stepsAsSent({ one, attempts }: CaseOutcome): readonly Step[] | null {
  const step = one.steps[one.steps.length - 1];
  if (step?.rewrite === undefined) return one.steps;
  const request = attempts[attempts.length - 1]?.exchanges.at(-1)?.exchange.request;
  const spec = request === undefined ? null : specAsSent(step, request);
  if (spec === null) return null;
  const { contract, operation } = step;
  return [...one.steps.slice(0, -1), { spec, contract, operation }];
}

function specAsSent({ spec, contract }: Step, request: HttpRequest): CaseSpec | null {
  const body = request.body === null ? '' : textOf(request.body);
  if (body === null) return null;
  const at = request.target.indexOf('?');
  const path = at < 0 ? request.target : request.target.slice(0, at);
  const [root = ''] = contract.path.split('/').filter((segment) => segment !== '');
  const raw = {
    verb: request.verb,
    // What is above the resource is the target's.
    path: path.slice(Math.max(0, path.indexOf(`/${root}`))),
    query: at < 0 ? '' : request.target.slice(at + 1),
    ...(profileOf(spec.method).sends === 'none' ? {} : { body }),
  };
  const changed = [HEADERS.accept, HEADERS.contentType].flatMap((name): (readonly [string, string])[] => {
    const value = headerValue(request.headers, name);
    return value === null || value === 'application/json' ? [] : [[name, value]];
  });
  return { ...spec, raw, headers: new Map([...spec.headers, ...changed]) };
}

function textOf(bytes: Uint8Array): string | null {
  return isUtf8(bytes) ? new TextDecoder().decode(bytes) : null;
}
