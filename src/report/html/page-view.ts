/** The view model of the whole page but its long lists: each section as plain values, empty ones as null. */
import type { MethodName } from '../../protocol/methods.ts';
import { RULES } from '../../rules/index.ts';
import type { PageCollector } from './collect.ts';
import type { BodyView } from './body-view.ts';
import type { CaseView, ExchangeView, ViolationView } from './case-view.ts';
import { anchorOf, violationView } from './case-view.ts';
import { matrixView, type MatrixView } from './matrix-view.ts';
import type { HeaderTables } from './header-tally.ts';
import { proseOf, type Prose } from './prose.ts';
import { trustNotes } from './trust-view.ts';
import type { ReporterOptions } from '../reporter.ts';
import type { ProblemGroup } from '../problem-groups.ts';
import { ruleText } from '../rule-text.ts';
import { duration, grouped, plural } from '../text-style.ts';
import { conclusionOf, totalsOf, VERDICT_LOOKS, VERDICT_ORDER } from '../verdicts.ts';
import type { VerdictName } from '../../run/events.ts';

export interface Fact {
  readonly label: string;
  readonly value: string;
}

export interface ProblemView {
  readonly fingerprint: string;
  readonly rule: string;
  readonly title: Prose;
  readonly level: string;
  readonly verdict: VerdictName;
  readonly sign: string;
  readonly cases: string;
  readonly count: string;
  readonly where: string;
  readonly place: string;
  readonly why: Prose;
  readonly consequence: Prose;
  readonly source: string;
  readonly url: string;
  readonly sample: ViolationView;
  readonly first: readonly { readonly id: string; readonly anchor: string }[];
  readonly more: number;
  readonly filter: string;
}

export interface RuleView {
  readonly id: string;
  readonly title: Prose;
  readonly level: string;
  readonly why: Prose;
  readonly consequence: Prose;
  readonly fix: Prose;
  readonly source: string;
  readonly url: string;
  readonly cases: string;
}

export interface MeterView {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  readonly text: string;
  readonly missing: string;
}

/** A body as the rows that the template prints. */
interface BodyRows {
  readonly note: string;
  readonly rows: readonly { readonly gap: number; readonly n: number; readonly text: string; readonly mark: string }[];
}

type FailureView = Omit<CaseView, 'exchanges'> & {
  readonly open: boolean;
  readonly exchanges: readonly (Omit<ExchangeView, 'requestBody' | 'responseBody'> & {
    readonly requestBody: BodyRows | null;
    readonly responseBody: BodyRows | null;
  })[];
};

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
  readonly meters: readonly MeterView[];
  readonly tables: readonly { readonly name: string; readonly rows: readonly Fact[] }[];
  readonly flaky: readonly CaseView[];
  readonly slow: readonly {
    readonly name: string;
    readonly anchor: string;
    readonly time: string;
    readonly share: number;
    readonly method: string;
    readonly resource: string;
  }[];
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
const SLOWEST = 10;

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

function failureView(view: CaseView, open: boolean): FailureView {
  const exchanges = view.exchanges.map((exchange) => ({
    ...exchange,
    requestBody: bodyRows(exchange.requestBody),
    responseBody: bodyRows(exchange.responseBody),
  }));
  return { ...view, open, exchanges };
}

function bodyRows(body: BodyView | null): BodyRows | null {
  if (body === null) return null;
  const marks = new Map(body.marks);
  const rows = body.parts.flatMap(({ first, text, before }) => {
    const gap = before > 0 ? [{ gap: before, n: 0, text: '', mark: '' }] : [];
    if (first === 0) return gap;
    const lines = text
      .split('\n')
      .map((line, index) => ({ gap: 0, n: first + index, text: line, mark: marks.get(first + index) ?? '' }));
    return [...gap, ...lines];
  });
  return { note: body.note, rows };
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

function problemView(group: ProblemGroup, { readFile }: ReporterOptions): ProblemView {
  const rule = ruleText(group.rule);
  const verdict = group.verdicts.has('fail')
    ? 'fail'
    : group.verdicts.has('error')
      ? 'error'
      : group.verdicts.has('flaky')
        ? 'flaky'
        : 'pass';
  const resources = [...group.resources];
  const names = resources.slice(0, 3).join(', ');
  return {
    fingerprint: group.fingerprint,
    rule: group.rule,
    title: proseOf(rule.title === group.rule ? group.violation.message : rule.title),
    level: group.level,
    verdict,
    sign: VERDICT_LOOKS[verdict].sign,
    cases: group.cases === 1 ? 'case' : 'cases',
    count: grouped(group.cases),
    where: `${[...group.methods].join(', ') || 'flows'} in ${names || 'no resource'}${resources.length > 3 ? ` and ${resources.length - 3} more` : ''}`,
    place: group.place,
    why: proseOf(rule.why ?? ''),
    consequence: proseOf(rule.consequence ?? ''),
    source: rule.source ?? '',
    url: rule.url ?? '',
    sample: violationView(group.violation, false, readFile),
    first: group.first.map(({ id }) => ({ id, anchor: anchorOf(id) })),
    more: group.cases - group.first.length,
    filter: `rule:${group.rule}`,
  };
}

function metersOf({ tally }: PageCollector): readonly MeterView[] {
  const declared = tally.declared();
  const meters: MeterView[] = [];
  for (const [resource, methods] of declared) {
    const row = tally.matrix.get(resource);
    const ran = (method: MethodName): boolean => {
      const counts = row?.get(method);
      return counts !== undefined && counts.pass + counts.fail + counts.flaky + counts.waived + counts.error > 0;
    };
    const missing = [...methods].filter((method) => !ran(method));
    const value = methods.size - missing.length;
    meters.push({
      label: resource,
      value,
      max: Math.max(1, methods.size),
      text: `${value} of ${methods.size}`,
      missing: missing.join(', '),
    });
  }
  return meters;
}

function coverageTables({ statuses, versions, groups }: PageCollector): PageView['tables'] {
  const tables = [
    countTable('Answers', statuses),
    countTable('Protocol versions sent', versions),
    countTable('Groups of cases', groups),
  ];
  return tables.filter(({ rows }) => rows.length > 0);
}

function countTable(name: string, counts: ReadonlyMap<string, number>): PageView['tables'][number] {
  const sorted = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { name, rows: sorted.map(([label, count]) => ({ label, value: grouped(count) })) };
}

function slowest({ rows }: PageCollector): PageView['slow'] {
  const sorted = rows
    .filter(({ durationMs }) => durationMs > 0)
    .toSorted((a, b) => b.durationMs - a.durationMs)
    .slice(0, SLOWEST);
  const longest = sorted[0]?.durationMs ?? 1;
  return sorted.map(({ name, anchor, durationMs, method, resource }) => ({
    name,
    anchor,
    method: method ?? 'flow',
    resource,
    time: duration(durationMs),
    share: Math.max(1, Math.round((durationMs / longest) * 100)),
  }));
}

function timesOf({ rows }: PageCollector): readonly Fact[] {
  const times = Float64Array.from(
    rows.filter(({ durationMs }) => durationMs > 0),
    ({ durationMs }) => durationMs,
  ).toSorted();
  if (times.length === 0) return [];
  const at = (share: number): string =>
    duration(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);
  return [
    { label: 'median', value: at(0.5) },
    { label: '95 %', value: at(0.95) },
    { label: '99 %', value: at(0.99) },
    { label: 'longest', value: at(1) },
  ];
}

function rulesOf({ tally }: PageCollector): readonly RuleView[] {
  return [...tally.rules]
    .filter(([id]) => RULES.has(id))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, cases]) => {
      const rule = ruleText(id);
      return {
        id,
        title: proseOf(rule.title),
        level: RULES.get(id)?.level ?? 'must',
        why: proseOf(rule.why ?? ''),
        consequence: proseOf(rule.consequence ?? ''),
        fix: proseOf(rule.fix ?? ''),
        source: rule.source ?? '',
        url: rule.url ?? '',
        cases: plural(cases, 'case'),
      };
    });
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
