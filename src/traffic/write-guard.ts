/** Which requests may change something, told by their head alone: those that a proxy passes on only when it may. */
import type { Contract } from '../contract/contract.ts';
import { HEADERS } from '../protocol/headers.ts';
import { profileOf } from '../protocol/methods.ts';
import { headerOf, type HttpRequest } from '../transport/exchange.ts';
import { checkRequest } from '../verify/check-request.ts';
import type { JudgeOptions } from './judge.ts';

/** Verbs that HTTP calls safe. */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/**
 * Whether a request may write. A tunnelled one has the verb of its override; an action writes unless its contract says
 * that it only reads. What no contract covers goes by its verb.
 *
 * @param head - its body does not matter
 */
export function mayWrite(head: HttpRequest, contracts: readonly Contract[], options: JudgeOptions): boolean {
  const verb = (headerOf(head.headers, HEADERS.override) ?? head.verb).toUpperCase();
  if (SAFE.has(verb)) return false;
  const { operation, routed } = checkRequest(head, contracts, options);
  const reached = routed !== null && 'method' in routed ? routed.method : null;
  if (reached === null || operation === null) return true;
  const { effect } = profileOf(reached);
  return effect === 'acts' ? !operation.readOnly : effect !== 'reads';
}
