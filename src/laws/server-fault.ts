/**
 * A fault of the server breaks the law that meets it. A law compares answers, and an answer of 500 compares with nothing:
 * without this, an endpoint that fails would pass where one that answers wrongly does not.
 */
import type { Law, LawFinding, Trace } from './law.ts';

/** The laws, each of which reports a fault of the server wherever its own check finds nothing. */
export function withServerFaults(laws: readonly Law[]): readonly Law[] {
  return laws.map((law) => ({
    ...law,
    check: (trace) => {
      const found = law.check(trace);
      return found.length > 0 ? found : serverFaults(law.rule, trace);
    },
  }));
}

/** The first exchange of a trace that is answered with a 5xx: every request of a law is one to be answered or refused. */
function serverFaults(rule: string, trace: Trace): readonly LawFinding[] {
  const exchange = trace.findIndex(({ status }) => status >= 500);
  const failed = trace[exchange];
  if (failed === undefined) return [];
  return [
    {
      rule,
      where: 'status',
      exchange,
      pointer: null,
      expected: 'an answer, or a refusal below 500',
      actual: `${failed.status}`,
      message: `The server fails on a ${failed.asked.method} that this law needs an answer to.`,
    },
  ];
}
