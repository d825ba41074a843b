/** What the header matrix finds where a request had to be refused. */
import type { LawFinding, Trace, TraceCheck } from './law.ts';

export type RefusalRule =
  'header-matrix/contradiction-refused' | 'header-matrix/undeclared-refused' | 'header-matrix/version-refused';

/**
 * Judges the last exchange of a trace: it must not be a success.
 *
 * @param why - one clause: why the request had to be refused
 */
export function refusedCheck(rule: RefusalRule, why: string): TraceCheck {
  return (trace: Trace): readonly LawFinding[] => {
    const last = trace.at(-1);
    if (last === undefined || last.status < 200 || last.status >= 300) return [];
    return [
      {
        rule,
        pointer: null,
        expected: 'a refusal: 400',
        actual: `${last.status}`,
        message: `The request is answered ${last.status}, and had to be refused: ${why}.`,
        exchange: trace.length - 1,
      },
    ];
  };
}
