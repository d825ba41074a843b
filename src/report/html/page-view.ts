/** The view model of the whole page but its long lists: each section as plain values, empty ones as null. */
import type { VerdictName } from '../../run/events.ts';
import type { ReporterOptions } from '../reporter.ts';
import { duration, grouped, plural } from '../text-style.ts';
import { conclusionOf, totalsOf, VERDICT_LOOKS, VERDICT_ORDER } from '../verdicts.ts';
import { anchorOf, type CaseView } from './case-view.ts';
import type { PageCollector } from './collect.ts';
import { coverageView, type CoverageView } from './coverage-view.ts';
import { failureView, type FailureView } from './failure-view.ts';
import {
  coverageTables,
  metersOf,
  slowest,
  timesOf,
  type CountTable,
  type Fact,
  type MeterView,
  type SlowCase,
} from './figures-view.ts';
import type { HeaderTables } from './header-tally.ts';
import { matrixView, type MatrixView } from './matrix-view.ts';
import { mutationView, type MutationView } from './mutation-view.ts';
import { problemView, rulesOf, type ProblemView, type RuleView } from './problem-view.ts';
import { proseOf, type Prose } from './prose.ts';
import { trustNotes } from './trust-view.ts';

export interface PageView {
  readonly title: string;
  readonly tone: VerdictName;
  readonly sign: string;
  readonly target: string;
  readonly word: string;
  readonly badge: string;
  readonly badgeNote: string;
  readonly lastLine: string;
  readonly counts: readonly {
    readonly verdict: VerdictName;
    readonly sign: string;
    readonly count: string;
    readonly word: string;
    readonly meaning: string;
    readonly isZero: boolean;
  }[];
  readonly bar: readonly { readonly verdict: VerdictName; readonly x: string; readonly width: string }[];
  readonly facts: readonly Fact[];
  readonly rerun: string;
  readonly trust: readonly Prose[];
  readonly matrix: MatrixView;
  readonly problems: readonly ProblemView[];
  readonly problemCount: string;
  readonly advice: readonly ProblemView[];
  readonly headers: HeaderTables | null;
  readonly hasProbes: boolean;
  readonly failures: readonly FailureView[];
  readonly failureNote: string;
  readonly coverage: readonly CoverageView[];
  readonly mutation: MutationView | null;
  readonly meters: readonly MeterView[];
  readonly tables: readonly CountTable[];
  readonly flaky: readonly CaseView[];
  readonly slow: readonly SlowCase[];
  readonly times: readonly Fact[];
  readonly notRun: readonly {
    readonly verdict: VerdictName;
    readonly sign: string;
    readonly reason: string;
    readonly count: string;
  }[];
  readonly rules: readonly RuleView[];
  readonly environment: readonly Fact[];
  readonly contracts: readonly {
    readonly resource: string;
    readonly file: string;
    readonly path: string;
    readonly kind: string;
    readonly dialect: string;
    readonly protocol: string;
    readonly hash: string;
  }[];
  readonly caseCount: string;
  readonly tool: string;
}

const MAX_PROBLEMS = 100;
/** Failures that are open when the page is. */
const OPEN_FAILURES = 3;

export function pageView(page: PageCollector, options: ReporterOptions, droppedEvidence: number): PageView {
  const { tally } = page;
  const { run, counts } = tally;
  const conclusion = conclusionOf(counts, options.strict, tally.isComplete);
  const totals = totalsOf(counts, options.strict);
  const target = run?.target.name ?? 'unknown target';
  const problems = tally.problems.sorted();
  const headers = page.headers.tables();
  const bad = page.rows.filter(
    ({ verdict }) => verdict === 'fail' || verdict === 'error' || verdict === 'flaky',
  ).length;

  return {
    title: `${VERDICT_LOOKS[conclusion.verdict].sign} ${target}: ${conclusion.word}`,
    tone: conclusion.verdict,
    sign: VERDICT_LOOKS[conclusion.verdict].sign,
    target,
    word: conclusion.word,
    badge: run === null ? 'UNKNOWN' : run.target.mode.toUpperCase(),
    badgeNote: BADGE_NOTES[run?.target.mode ?? 'unknown'],
    lastLine: `${grouped(totals.passed)} passed, ${grouped(totals.failed)} failed of ${grouped(totals.total)}`,
    counts: VERDICT_ORDER.map((verdict) => ({
      verdict,
      sign: VERDICT_LOOKS[verdict].sign,
      count: grouped(counts[verdict]),
      word: verdict,
      meaning: VERDICT_LOOKS[verdict].meaning,
      isZero: counts[verdict] === 0,
    })),
    bar: barOf(page),
    facts: factsOf(page),
    rerun: run?.rerun ?? '',
    trust: trustNotes(page, droppedEvidence, options.stream).map(proseOf),
    matrix: matrixView(tally, options.strict, resourceAnchor),
    problems: problems.slice(0, MAX_PROBLEMS).map((group) => problemView(group, options)),
    problemCount: plural(problems.length, 'problem'),
    advice: tally.advice
      .sorted()
      .slice(0, MAX_PROBLEMS)
      .map((group) => problemView(group, options)),
    headers: headers.methods.length === 0 && headers.probes.length === 0 ? null : headers,
    hasProbes: headers.probes.length > 0,
    failures: page.failures.map((view, index) => failureView(view, index < OPEN_FAILURES)),
    failureNote:
      bad > page.failures.length
        ? `The first ${page.failures.length} of ${grouped(bad)}; the others open from the list of all cases.`
        : '',
    coverage: coverageView(tally.coverage),
    mutation: mutationView(tally.mutation),
    meters: metersOf(page),
    tables: coverageTables(page),
    flaky: page.flaky,
    slow: slowest(page),
    times: timesOf(page),
    notRun: [
      ...[...tally.blocked].map(([reason, count]) => notRun('blocked', reason, count)),
      ...[...tally.skipped].map(([reason, count]) => notRun('skip', reason, count)),
    ],
    rules: rulesOf(page),
    environment: environmentOf(page),
    contracts: (run?.contracts ?? []).map(({ resource, file, path, kind, dialect, protocol, hash }) => ({
      resource,
      file,
      path,
      kind,
      dialect,
      protocol,
      hash: hash.slice(0, 10),
    })),
    caseCount: plural(tally.total, 'case'),
    tool: run === null ? 'restli-contract' : `${run.tool.name} ${run.tool.version}`,
  };
}

function notRun(verdict: 'blocked' | 'skip', reason: string, count: number): PageView['notRun'][number] {
  return { verdict, sign: VERDICT_LOOKS[verdict].sign, reason, count: grouped(count) };
}

const BADGE_NOTES = {
  live: 'A service answered over the network.',
  mock: 'This checked the mock, not the service.',
  recorded: 'This judged recorded traffic; nothing was called.',
  unknown: 'The stream does not say what answered.',
} as const;

/** Anchor of a resource's list of cases. */
export function resourceAnchor(resource: string): string {
  return `r${anchorOf(resource).slice(1)}`;
}

/** The verdicts as shares of a bar 100 wide; a rare one still gets a visible sliver. */
function barOf({ tally }: PageCollector): PageView['bar'] {
  const shown = VERDICT_ORDER.filter((verdict) => tally.counts[verdict] > 0);
  const raw = shown.map((verdict) => Math.max(0.8, (tally.counts[verdict] / tally.total) * 100));
  const sum = raw.reduce((total, width) => total + width, 0);
  let x = 0;
  return shown.map((verdict, index) => {
    const width = ((raw[index] ?? 0) / sum) * 100;
    const rect = { verdict, x: x.toFixed(2), width: width.toFixed(2) };
    x += width;
    return rect;
  });
}

function factsOf({ tally }: PageCollector): readonly Fact[] {
  const { run, end, counts } = tally;
  const ran = tally.total - counts.skip - counts.blocked;
  const versions = [...new Set((run?.contracts ?? []).map(({ protocol }) => protocol))].join(', ');
  const facts: readonly (Fact | null)[] = [
    { label: 'Target', value: run?.target.baseUrl ?? (run?.target.mode === 'mock' ? 'embedded mock' : 'unknown') },
    run?.baseline === undefined ? null : { label: 'Compared with', value: run.baseline.baseUrl },
    {
      label: 'Selected',
      value: `${grouped(run?.planned.selected ?? tally.total)} of ${grouped(run?.planned.total ?? tally.total)} cases`,
    },
    { label: 'Run', value: `${grouped(ran)}, with ${plural(tally.checks, 'check')}` },
    { label: 'Not run', value: `${grouped(counts.skip)} skipped, ${grouped(counts.blocked)} blocked` },
    { label: 'Duration', value: duration(end?.durationMs ?? tally.caseMs) },
    { label: 'Started', value: run === null ? 'unknown' : `${run.startedAt.slice(0, 19).replace('T', ' ')} UTC` },
    versions === '' ? null : { label: 'Protocol', value: versions },
    run === null ? null : { label: 'Seed', value: String(run.seed) },
    run === null || run.gitRevision === null ? null : { label: 'Revision', value: run.gitRevision.slice(0, 10) },
    run === null || run.shard === null ? null : { label: 'Shard', value: `${run.shard.index} of ${run.shard.count}` },
  ];
  return facts.filter((fact) => fact !== null);
}

function environmentOf({ tally }: PageCollector): readonly Fact[] {
  const { run } = tally;
  if (run === null) return [];
  return [
    { label: 'Tool', value: `${run.tool.name} ${run.tool.version}` },
    { label: 'Node', value: run.environment.node },
    { label: 'Platform', value: run.environment.platform },
    { label: 'Command', value: run.command },
    { label: 'Groups', value: run.groups.join(', ') || 'none' },
    { label: 'Writes', value: run.target.writes ? 'allowed' : 'off' },
    { label: 'Plan', value: run.planHash.slice(0, 12) },
    { label: 'Revision', value: run.gitRevision ?? 'unknown' },
  ];
}
