/**
 * What a report needs to know of a whole run, counted while the events pass: nothing here grows with the number of
 * passing cases.
 */
import { METHOD_NAMES, type MethodName } from '../protocol/methods.ts';
import type {
  CaseFinished,
  CoverageMeasured,
  MutationMeasured,
  RunEnded,
  RunEvent,
  RunStarted,
} from '../run/events.ts';
import { ProblemGroups } from './problem-groups.ts';
import { noVerdicts, VERDICT_ORDER, type VerdictCounts } from './verdicts.ts';

/** Row of cases that belong to no resource, and column of those about no single method. */
export const NO_RESOURCE = '(no resource)';

/** Reasons are text of the run; more kinds than this are counted together. */
const MAX_REASONS = 50;

export class Tally {
  readonly counts: VerdictCounts = noVerdicts();
  /** resource -> method -> counts, resources in order of appearance. */
  readonly matrix = new Map<string, Map<MethodName | null, VerdictCounts>>();
  readonly problems = new ProblemGroups('failures');
  /** Violations of level should and may, which fail nothing. */
  readonly advice = new ProblemGroups('advice');
  /** `skip` and `blocked`: reason -> cases. */
  readonly skipped = new Map<string, number>();
  readonly blocked = new Map<string, number>();
  /** Reason and last day of a waiver -> cases that it excused. */
  readonly waived = new Map<string, number>();
  /** Rules that any violation named -> cases. */
  readonly rules = new Map<string, number>();
  checks = 0;
  unchecked = 0;
  caseMs = 0;
  run: RunStarted | null = null;
  end: RunEnded | null = null;
  coverage: CoverageMeasured | null = null;
  mutation: MutationMeasured | null = null;

  add(event: RunEvent): void {
    if (event.type === 'case') this.#addCase(event);
    else if (event.type === 'run') this.run ??= event;
    else if (event.type === 'coverage') this.coverage = event;
    else if (event.type === 'mutation') this.mutation = event;
    else this.end = event;
  }

  /** Cases seen so far. */
  get total(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  /** Whether the run came to its end by itself. */
  get isComplete(): boolean {
    return this.end !== null && this.end.interrupted === null;
  }

  /** Declared operations, by the run's contracts: resource -> methods. */
  declared(): Map<string, Set<MethodName>> {
    const declared = new Map<string, Set<MethodName>>();
    for (const contract of this.run?.contracts ?? []) {
      const methods = declared.get(contract.resource) ?? new Set<MethodName>();
      for (const operation of contract.operations) methods.add(operation.method);
      declared.set(contract.resource, methods);
    }
    return declared;
  }

  /** Cells of declared operations: how many have a case by now, of how many. */
  cells(): { readonly seen: number; readonly declared: number } {
    let seen = 0;
    let declared = 0;
    for (const [resource, methods] of this.declared()) {
      declared += methods.size;
      const row = this.matrix.get(resource);
      for (const method of methods) if (row?.has(method) === true) seen += 1;
    }
    return { seen, declared };
  }

  #addCase(finished: CaseFinished): void {
    this.counts[finished.verdict] += 1;
    this.checks += finished.checks.total;
    this.caseMs += finished.durationMs;
    if (finished.checks.total === 0 && finished.verdict === 'pass') this.unchecked += 1;

    const resource = finished.resource ?? NO_RESOURCE;
    const row = this.matrix.get(resource) ?? new Map<MethodName | null, VerdictCounts>();
    if (row.size === 0) this.matrix.set(resource, row);
    const cell = row.get(finished.method) ?? noVerdicts();
    cell[finished.verdict] += 1;
    row.set(finished.method, cell);

    if (finished.verdict === 'skip') countUp(this.skipped, finished.skipReason ?? 'no reason given');
    if (finished.verdict === 'blocked') countUp(this.blocked, finished.skipReason ?? 'no reason given');
    if (finished.verdict === 'waived' && finished.waiver !== null)
      countUp(this.waived, `until ${finished.waiver.until}: ${finished.waiver.reason}`);
    for (const rule of new Set(finished.violations.map((violation) => violation.rule))) countUp(this.rules, rule);
    this.problems.add(finished);
    this.advice.add(finished);
  }
}

/** Methods in the order of the documents, then flows. */
export function methodsOf(row: ReadonlyMap<MethodName | null, VerdictCounts>): readonly (MethodName | null)[] {
  const methods: (MethodName | null)[] = METHOD_NAMES.filter((method) => row.has(method));
  return row.has(null) ? [...methods, null] : methods;
}

/** Sums counts of several cells. */
export function sumCounts(cells: Iterable<Readonly<VerdictCounts>>): VerdictCounts {
  const sum = noVerdicts();
  for (const cell of cells) {
    for (const verdict of VERDICT_ORDER) sum[verdict] += cell[verdict];
  }
  return sum;
}

function countUp(counts: Map<string, number>, key: string): void {
  const known = counts.has(key) || counts.size < MAX_REASONS ? key : 'other reasons';
  counts.set(known, (counts.get(known) ?? 0) + 1);
}
