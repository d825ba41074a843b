/** What was run, as a table of resources by methods, and the findings below it. */
import { METHOD_NAMES, type MethodName } from '../../src/protocol/methods.ts';
import type { CaseFinished, VerdictName } from '../../src/run/events.ts';

/** Verdicts of cases that were sent and judged. */
export const RAN: ReadonlySet<VerdictName> = new Set(['pass', 'fail', 'error', 'flaky', 'waived']);
export const FINDINGS: ReadonlySet<VerdictName> = new Set(['fail', 'error', 'flaky']);

export interface Ran {
  readonly cases: readonly CaseFinished[];
  readonly resources: readonly string[];
}

/** A cell reads `cases run`, with `!n` for findings and `~n` for known disagreements. */
export function tableOf({ cases, resources }: Ran): string {
  const methods = METHOD_NAMES.filter((method) => cases.some((one) => one.method === method));
  const rows = [
    ['', ...methods.map(short), 'flows', 'cases'],
    ...resources.map((resource) => rowOf(resource, methods, cases)),
    [
      'all',
      ...methods.map((method) => cell(cases.filter((one) => one.method === method))),
      cell(cases.filter(isFlow)),
      cell(cases),
    ],
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((text, column) => pad(text, widths[column] ?? 0, column))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** One line for each finding: id, rule, what was expected and what came. */
export function findingsOf(cases: readonly CaseFinished[]): readonly string[] {
  return cases
    .filter(({ verdict }) => FINDINGS.has(verdict))
    .map(({ id, verdict, violations, attempts }) => {
      const found = violations.find(({ level }) => level === 'must');
      if (found !== undefined) return `${id}: ${found.rule}: expected ${found.expected}, actual ${found.actual}`;
      const failure = attempts.at(-1)?.exchanges.find((exchange) => exchange.failure !== null)?.failure;
      return `${id}: ${verdict}: ${failure?.message ?? 'no violation and no failure'}`;
    });
}

export function methodsRun(cases: readonly CaseFinished[]): ReadonlySet<MethodName> {
  return new Set(
    cases.filter(({ verdict }) => verdict === 'pass').flatMap(({ method }) => (method === null ? [] : [method])),
  );
}

function rowOf(resource: string, methods: readonly MethodName[], cases: readonly CaseFinished[]): readonly string[] {
  const own = cases.filter((one) => one.resource === resource);
  return [
    resource,
    ...methods.map((method) => cell(own.filter((one) => one.method === method && !isFlow(one)))),
    cell(own.filter(isFlow)),
    cell(own),
  ];
}

function isFlow({ id }: CaseFinished): boolean {
  return id.split('/')[1] === 'flow';
}

function cell(cases: readonly CaseFinished[]): string {
  const ran = cases.filter(({ verdict }) => RAN.has(verdict)).length;
  if (ran === 0) return '·';
  const found = cases.filter(({ verdict }) => FINDINGS.has(verdict)).length;
  const known = cases.filter(({ verdict }) => verdict === 'waived').length;
  return `${ran}${known === 0 ? '' : `~${known}`}${found === 0 ? '' : `!${found}`}`;
}

function pad(text: string, width: number, column: number): string {
  return column === 0 ? text.padEnd(width) : text.padStart(width);
}

/** `BATCH_PARTIAL_UPDATE` -> `B_PARTIAL`: a table of fourteen columns has to fit. */
function short(method: MethodName): string {
  return method.replace('BATCH_', 'B_').replace('PARTIAL_UPDATE', 'PARTIAL');
}
