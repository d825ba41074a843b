/** `summary.json`: what a run came to, for scripts: verdicts, matrix, problems with their first cases. */
import type { CoverageMeasured } from '../run/events.ts';
import { coverageTotals, type CoverageTotal } from './coverage-totals.ts';
import type { CaseRef, ProblemGroup } from './problem-groups.ts';
import type { Reporter } from './reporter.ts';
import { methodsOf, Tally } from './tally.ts';
import { conclusionOf, totalsOf } from './verdicts.ts';

export const SUMMARY_VERSION = 1;

export const summaryReporter: Reporter = async (events, write, { strict }) => {
  const tally = new Tally();
  for await (const event of events) tally.add(event);

  const { run, end, counts } = tally;
  const summary = {
    summaryVersion: SUMMARY_VERSION,
    conclusion: conclusionOf(counts, strict, tally.isComplete).word,
    complete: tally.isComplete,
    interrupted: end?.interrupted ?? null,
    exitCode: end?.exitCode ?? null,
    tool: run?.tool ?? null,
    target: run?.target ?? null,
    seed: run?.seed ?? null,
    rerun: run?.rerun ?? null,
    startedAt: run?.startedAt ?? null,
    durationMs: end?.durationMs ?? null,
    gitRevision: run?.gitRevision ?? null,
    planHash: run?.planHash ?? null,
    planned: run?.planned ?? null,
    totals: { ...totalsOf(counts, strict), ...counts, checks: tally.checks },
    // Lists, not objects: a resource may be called `__proto__`.
    matrix: [...tally.matrix].map(([resource, row]) => ({
      resource,
      cells: methodsOf(row).map((method) => ({ method, verdicts: row.get(method) })),
    })),
    problems: tally.problems.sorted().map(problemOf),
    advice: tally.advice.sorted().map(problemOf),
    skipped: reasonsOf(tally.skipped),
    blocked: reasonsOf(tally.blocked),
    coverage: tally.coverage === null ? null : coverageOf(tally.coverage),
    mutation: tally.mutation,
    shortfalls: end?.shortfalls ?? [],
    notes: run?.notes ?? [],
    leftBehind: end?.leftBehind ?? [],
  };
  await write(`${JSON.stringify(summary, null, 2)}\n`);
};

/** By category, with what is missing; the whole stands in the stream. */
function coverageOf(coverage: CoverageMeasured): readonly Omit<CoverageTotal, 'meaning'>[] {
  return coverageTotals(coverage).map(({ meaning: _meaning, ...total }) => total);
}

function problemOf(group: ProblemGroup): {
  readonly fingerprint: string;
  readonly rule: string;
  readonly level: string;
  readonly place: string;
  readonly message: string;
  readonly cases: number;
  readonly resources: readonly string[];
  readonly methods: readonly string[];
  readonly first: readonly CaseRef[];
} {
  const { fingerprint, rule, level, place, violation, cases, resources, methods, first } = group;
  return {
    fingerprint,
    rule,
    level,
    place,
    message: violation.message,
    cases,
    resources: [...resources],
    methods: [...methods],
    first,
  };
}

function reasonsOf(
  reasons: ReadonlyMap<string, number>,
): readonly { readonly reason: string; readonly cases: number }[] {
  return [...reasons].map(([reason, cases]) => ({ reason, cases }));
}
