/**
 * Asks the judge of requests, and refuses what breaks a rule of level must: with the status of the open-source server
 * where that refuses, too; else with 400, or 422 where only the schema is broken. An item
 * of a batch that breaks its schema fails for itself.
 */
import type { Dialect } from '../protocol/dialects.ts';
import { HEADERS, isSameHeader } from '../protocol/headers.ts';
import { untunnel } from '../protocol/tunnel.ts';
import type { HttpRequest } from '../transport/exchange.ts';
import { checkRequest, type RequestJudgement } from '../verify/check-request.ts';
import { mergeViolations } from '../verify/verdict.ts';
import type { Violation } from '../verify/violation.ts';
import { wireOf, type AnswerContext, type Understood } from './context.ts';
import { errorBody } from './errors.ts';
import { byItem, NO_REFUSED_ITEMS, type RefusedItem } from './refused-items.ts';
import { failure, type Failure } from './result.ts';
import { understandAsServer } from './understand-oss.ts';

/** Names the rule that a refused request broke. */
export const RULE_HEADER = 'X-RestLi-Contract-Rule';
/** LinkedIn's gateway marks what it refuses itself. */
const GATEWAY_HEADER = 'X-Restli-Gateway-Error';

export function understandStrictly(request: HttpRequest, context: AnswerContext): Understood {
  const judged = checkRequest(request, context.contracts, { dialects: context.dialects, everyViolation: true });
  context.onJudged?.({ ...judged, violations: mergeViolations(judged.violations) });
  const wire = judged.read?.untunnelled ?? outOfTunnel(request);
  const forgives = (rule: string): boolean => context.faults.some(({ apply }) => apply.forgives?.(rule) === true);
  const broken = judged.violations.filter(({ level, rule }) => level === 'must' && !forgives(rule));
  const { asked, contract, operation } = judged;
  const isPromised = asked !== null && contract !== null && operation !== null;
  if (isPromised && broken.length === 0) {
    return { wire, contract, operation, asked, badKeys: NONE, refused: NO_REFUSED_ITEMS };
  }

  const server = understandAsServer(request, context);
  const isOfSchema = broken.every(({ rule }) => statusOf(rule, server) === UNPROCESSABLE);
  const items = isPromised && isOfSchema ? byItem(broken, asked.method) : null;
  if (!isPromised || items === null) return { wire, refusal: refusalOf(judged, broken, server) };
  const refused = new Map([...items].map(([pointer, own]) => [pointer, refusedItem(own, server)]));
  return { wire, contract, operation, asked, badKeys: NONE, refused };
}

function refusedItem([first, ...others]: readonly Violation[], server: Understood): RefusedItem {
  const rule = first?.rule ?? 'request-body/schema';
  return { rule, status: UNPROCESSABLE, message: messageOf(rule, first, others, server) };
}

/** Told before anything else that is wrong: what is asked of a place that is none does not matter. */
const UNKNOWN_PATH = 'routing/unknown-path';

const NONE: ReadonlySet<string> = new Set();

function outOfTunnel(request: HttpRequest): ReturnType<typeof wireOf> {
  const wire = wireOf(request);
  const out = untunnel(wire);
  return 'request' in out ? out.request : wire;
}

function refusalOf(judged: RequestJudgement, broken: readonly Violation[], server: Understood): Failure {
  const first = broken.find((one) => one.rule === UNKNOWN_PATH) ?? broken[0];
  const others = broken.filter((one) => one !== first);
  const rule = first?.rule ?? 'routing/undeclared-method';
  const missing = first === undefined ? null : missingHeader(first, judged.dialect);
  const status = missing?.status ?? statusOf(rule, server);

  const message = messageOf(rule, first, others, server);
  const headers: [string, string][] = [[RULE_HEADER, rule]];
  if (missing !== null) headers.push([GATEWAY_HEADER, 'true']);
  return failure(status, errorBody(status, { message, code: missing?.code ?? null }, judged.dialect), { headers });
}

/** What is wrong, what the open-source server makes of it, how to mend it, and what else is wrong. */
function messageOf(
  rule: string,
  first: Violation | undefined,
  others: readonly Violation[],
  server: Understood,
): string {
  const more =
    others.length === 0 ? '' : ` Also broken: ${[...new Set(others.map((violation) => violation.rule))].join(', ')}.`;
  const fix = first?.hint ?? null;
  return (
    `${first?.message ?? 'The contract promises no such request.'} (${rule}) ${otherwise(server)}` +
    `${fix === null ? '' : ` Fix: ${fix}`}${more}`
  );
}

/** What the dialect answers to a request that lacks one of its headers. */
function missingHeader(
  { header, rule }: Violation,
  dialect: Dialect,
): { readonly status: number; readonly code: string } | null {
  if (header === null || isSameHeader(header, HEADERS.method) || !rule.endsWith('-missing')) return null;
  return dialect.headers.find(({ name }) => isSameHeader(name, header))?.missing ?? null;
}

/** Statuses of what the open-source server would accept, by how the rule begins; 400 for all others. */
const UNPROCESSABLE = 422;
const STATUSES: readonly (readonly [start: string, status: number])[] = [
  ['limits/', 414],
  ['request-body/schema', UNPROCESSABLE],
  ['request-body/union-member', UNPROCESSABLE],
  ['request-body/unknown-member', UNPROCESSABLE],
  ['request-body/read-only-member', UNPROCESSABLE],
];

function statusOf(rule: string, server: Understood): number {
  // A 500 of the open-source server is its weakness: who refuses on purpose answers 400.
  if ('refusal' in server) return server.refusal.status < 500 ? server.refusal.status : 400;
  return STATUSES.find(([start]) => rule.startsWith(start))?.[1] ?? 400;
}

/** What becomes of the request where nobody checks it against a contract. */
function otherwise(server: Understood): string {
  if ('refusal' in server) return `The open-source server refuses it with ${server.refusal.status}.`;
  const { method, name } = server.operation;
  return `The open-source server would run ${name === null ? method : `${method} ${name}`}.`;
}
