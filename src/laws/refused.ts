/** What the header matrix and broken input find where a request had to be refused. */
import type { LawFinding, Trace, TraceCheck } from './law.ts';

export type RefusalRule =
  | 'header-matrix/contradiction-refused'
  | 'header-matrix/undeclared-refused'
  | 'header-matrix/version-refused'
  | 'negative/refused'
  | 'negative/validated'
  | 'negative/advised';

/**
 * Judges the last exchange of a trace: it must blame the client, neither be a success nor a fault of the server.
 *
 * @param why - one clause: why the request had to be refused
 * @param refusals - the statuses that count as one, in words
 */
export function refusedCheck(rule: RefusalRule, why: string, refusals = '400'): TraceCheck {
  return (trace: Trace): readonly LawFinding[] => {
    const last = trace.at(-1);
    if (last === undefined || (last.status >= 300 && last.status < 500)) return [];
    // A batch may be answered and its item refused.
    if (last.outcomes?.some(({ status }) => status !== null && status >= 400) === true) return [];
    return [
      {
        rule,
        where: 'status',
        pointer: null,
        expected: `a refusal: ${refusals}`,
        actual: `${last.status}`,
        message: `The request is answered ${last.status}, and had to be refused: ${why}.`,
        exchange: trace.length - 1,
      },
    ];
  };
}
