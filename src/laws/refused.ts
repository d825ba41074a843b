/** What the header matrix and broken input find where a request had to be refused. */
import { isJsonObject, memberOf } from '../protocol/json.ts';
import { headerOf } from '../transport/exchange.ts';
import type { LawFinding, Trace, TraceCheck, TraceEntry } from './law.ts';

export type RefusalRule =
  | 'header-matrix/contradiction-refused'
  | 'header-matrix/undeclared-refused'
  | 'header-matrix/version-refused'
  | 'negative/refused'
  | 'negative/validated'
  | 'negative/advised';

/** The statuses that refuse a request, by what is wrong with it. */
export interface Refusal {
  readonly statuses: readonly number[];
  /** Whether a batch may be answered and the item at fault refused. */
  readonly byItem: boolean;
}

/**
 * Each fault has statuses of its own: `404` refuses a key, not an entity that breaks its schema. A redirect refuses
 * nothing, and a fault of the server is none of the client.
 *
 * The open-source server answers 400 to whatever it refuses, but for `Accept` (406) and attachments (415). The others
 * are what servers that validate (422), routers of other makes (404, 405) and gateways (411, 413, 414, 415) say.
 */
// prettier-ignore
export const REFUSALS = {
  headers:   { statuses: [400, 422],           byItem: false },
  routing:   { statuses: [400, 404, 405],      byItem: false },
  syntax:    { statuses: [400, 422],           byItem: false },
  path:      { statuses: [400, 404],           byItem: false },
  key:       { statuses: [400, 404, 422],      byItem: true  },
  keySets:   { statuses: [400, 422],           byItem: true  },
  parameter: { statuses: [400, 422],           byItem: true  },
  noBody:    { statuses: [400, 411, 415, 422], byItem: false },
  body:      { statuses: [400, 415, 422],      byItem: false },
  schema:    { statuses: [400, 422],           byItem: true  },
  ignored:   { statuses: [400, 409, 422],      byItem: true  },
  size:      { statuses: [400, 413, 414, 422], byItem: false },
  mediaType: { statuses: [400, 415],           byItem: false },
  accept:    { statuses: [400, 406],           byItem: false },
} as const satisfies Record<string, Refusal>;
export type RefusalKind = keyof typeof REFUSALS;

/** Answers to who asks, not to what is asked: they prove neither that a request is refused nor that it is taken. */
export const UNJUDGED: readonly number[] = [401, 403, 407, 429];

/**
 * Judges the last exchange of a trace.
 *
 * @param why - one clause: why the request had to be refused
 * @param refusal - the statuses that count as a refusal
 */
export function refusedCheck(rule: RefusalRule, why: string, refusal: Refusal = REFUSALS.headers): TraceCheck {
  return (trace: Trace): readonly LawFinding[] => {
    const last = trace.at(-1);
    if (last === undefined || isRefused(last, refusal)) return [];
    const items = refusal.byItem ? [...new Set(itemStatuses(last))] : [];
    const told = items.length > 0 ? `, its items ${items.join(', ')}` : '';
    return [
      {
        rule,
        where: 'status',
        pointer: null,
        expected: `a refusal: ${listed(refusal.statuses)}${refusal.byItem && last.outcomes !== null ? ', of the request or of the item' : ''}`,
        actual: `${answerOf(last)}${told}`,
        message: `The request is answered ${answerOf(last)}${told}, and had to be refused with ${listed(refusal.statuses)}: ${why}.`,
        exchange: trace.length - 1,
      },
    ];
  };
}

function isRefused(entry: TraceEntry, { statuses, byItem }: Refusal): boolean {
  const { status } = entry;
  if (statuses.includes(status)) return true;
  if (!byItem || status < 200 || status >= 300) return false;
  return itemStatuses(entry).some((item) => statuses.includes(item) || UNJUDGED.includes(item));
}

/**
 * What the answer says of the items. One that it passes over was not refused: nobody is told. A key that is none may
 * stand in `errors` under any text.
 */
function itemStatuses({ outcomes, body }: TraceEntry): readonly number[] {
  if (outcomes === null) return [];
  const told = outcomes.flatMap(({ pointer, status }) => (pointer === null || status === null ? [] : [status]));
  const errors = memberOf(body, 'errors');
  const others = isJsonObject(errors) ? Object.values(errors).map((error) => memberOf(error, 'status')) : [];
  return [...told, ...others.filter((status) => typeof status === 'number')];
}

/** `302 to /login` */
function answerOf({ status, exchange }: TraceEntry): string {
  const location = exchange.response === null ? null : headerOf(exchange.response.headers, 'Location');
  return status >= 300 && status < 400 && location !== null ? `${status} to ${location}` : `${status}`;
}

/** `400, 404 or 422` */
function listed(statuses: readonly number[]): string {
  const last = statuses.at(-1);
  return statuses.length < 2 ? `${last ?? ''}` : `${statuses.slice(0, -1).join(', ')} or ${last ?? ''}`;
}
