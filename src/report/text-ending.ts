/** What a run comes to, as terminal text: problems, failing cells, advice, what was not run, totals. */
import { visible, visibleLine } from '../diagnostic/visible.ts';
import { littleRan, methodsExercised } from './how-much-ran.ts';
import type { ReporterOptions } from './reporter.ts';
import { coverageLines } from './text-coverage.ts';
import { failureBlock } from './text-failure.ts';
import { mutationLines } from './text-mutation.ts';
import { cutColumns, duration, grouped, padColumns, plural, type Pen } from './text-style.ts';
import { methodsOf, type Tally } from './tally.ts';
import { failsRun, totalsOf, VERDICT_ORDER, type VerdictCounts } from './verdicts.ts';

/** Problems shown in full; the rest is in the report. */
const MAX_BLOCKS = 10;
const MAX_ADVICE = 10;
const MAX_REASONS = 10;
const MAX_ROWS = 20;

/** @returns lines without line ends; the last is the plain one that scripts read */
export function endingLines(tally: Tally, pen: Pen, options: ReporterOptions): readonly string[] {
  const sections = [
    problemLines(tally, pen, options),
    matrixLines(tally, pen, options.strict),
    adviceLines(tally, pen),
    reasonLines('waived', tally.waived, pen),
    reasonLines('skipped', tally.skipped, pen),
    reasonLines('blocked', tally.blocked, pen),
    coverageLines(tally.coverage, pen),
    mutationLines(tally.mutation, pen),
    noteLines(tally, pen),
    (options.reports ?? []).map((path) => `report: ${visibleLine(path)}`),
    [...totalLines(tally, pen), lastLine(tally.counts, options.strict)],
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines) => ['', ...lines]);
}

/** `918 passed, 75 failed, 4 waived, 6 blocked, 4 skipped of 1007`: plain, without colour or grouped digits. */
export function lastLine(counts: Readonly<VerdictCounts>, strict: boolean): string {
  const { passed, failed, total } = totalsOf(counts, strict);
  return `${passed} passed, ${failed} failed, ${counts.waived} waived, ${counts.blocked} blocked, ${counts.skip} skipped of ${total}`;
}

function problemLines(tally: Tally, pen: Pen, options: ReporterOptions): readonly string[] {
  const groups = tally.problems.sorted();
  const shown = groups.slice(0, MAX_BLOCKS);
  /** case and exchange -> the rule whose block shows its request. */
  const shownBy = new Map<string, string>();
  const lines = shown.flatMap((group, index) => {
    const exchange = `${group.violation.exchange} ${group.sample.id}`;
    const block = failureBlock(group, tally.run, pen, { ...options, requestOf: shownBy.get(exchange) ?? null });
    if (!shownBy.has(exchange)) shownBy.set(exchange, group.rule);
    return index === 0 ? block : ['', ...block];
  });
  const rest = groups.length - shown.length;
  const where = (options.reports ?? []).length > 0 ? 'see report' : 'write one with --reporter html';
  if (rest > 0) lines.push('', `and ${plural(rest, 'more problem')}: ${where}`);
  if (tally.problems.uncountedCases > 0)
    lines.push(`and ${plural(tally.problems.uncountedCases, 'violation')} of further kinds`);
  return lines;
}

function matrixLines(tally: Tally, pen: Pen, strict: boolean): readonly string[] {
  const rows: { name: string; cells: string[] }[] = [];
  for (const [resource, row] of tally.matrix) {
    const cells = methodsOf(row).flatMap((method) => cellText(method, row.get(method), strict));
    if (cells.length > 0) rows.push({ name: visibleLine(resource), cells });
  }
  const width = Math.min(32, Math.max(...rows.map(({ name }) => name.length), 0));
  const lines = rows
    .slice(0, MAX_ROWS)
    .flatMap(({ name, cells }) => wrapCells(padColumns(cutColumns(name, width, pen.more), width), cells, pen));
  if (rows.length > MAX_ROWS) lines.push(`and ${plural(rows.length - MAX_ROWS, 'more resource')} with failing cells`);
  return lines.length === 0 ? [] : [pen.paint('bold', 'failing cells'), ...lines];
}

function cellText(method: string | null, counts: VerdictCounts | undefined, strict: boolean): readonly string[] {
  if (counts === undefined) return [];
  const bad = VERDICT_ORDER.filter((verdict) => failsRun(verdict, strict)).reduce(
    (sum, verdict) => sum + counts[verdict],
    0,
  );
  const total = VERDICT_ORDER.reduce((sum, verdict) => sum + counts[verdict], 0);
  return bad === 0 ? [] : [`${method ?? 'flow'} ${bad}/${total}`];
}

function wrapCells(name: string, cells: readonly string[], pen: Pen): readonly string[] {
  const indent = name.length + 4;
  const lines: string[][] = [[]];
  let taken = indent;
  for (const cell of cells) {
    const line = lines.at(-1);
    if (line === undefined || (line.length > 0 && taken + cell.length > pen.width)) {
      lines.push([cell]);
      taken = indent + cell.length + 3;
    } else {
      line.push(cell);
      taken += cell.length + 3;
    }
  }
  return lines.map(
    (line, index) => `  ${index === 0 ? name : ' '.repeat(name.length)}  ${pen.paint('red', line.join('   '))}`,
  );
}

/** One entry for each rule, however many methods and places it is said of: what it says of the first. */
function adviceLines(tally: Tally, pen: Pen): readonly string[] {
  const kinds = new Map<string, { readonly text: string; cases: number }>();
  for (const { level, rule, violation, cases } of tally.advice.sorted()) {
    const id = `${level} ${visibleLine(rule)}`;
    const kind = kinds.get(id) ?? { text: `${id}: ${visibleLine(violation.message)}`, cases: 0 };
    kind.cases += cases;
    kinds.set(id, kind);
  }
  if (kinds.size === 0) return [];

  const lines = [...kinds.values()]
    .toSorted((a, b) => b.cases - a.cases)
    .slice(0, MAX_ADVICE)
    .flatMap(({ text, cases }) => pen.wrap(`  ${text} (${plural(cases, 'case')})`, 4));
  if (kinds.size > MAX_ADVICE) lines.push(`  and ${kinds.size - MAX_ADVICE} more`);
  return [pen.paint('bold', 'advice, fails nothing'), ...lines];
}

function reasonLines(word: string, reasons: ReadonlyMap<string, number>, pen: Pen): readonly string[] {
  if (reasons.size === 0) return [];
  const sorted = [...reasons].toSorted((a, b) => b[1] - a[1]);
  const lines = sorted.slice(0, MAX_REASONS).flatMap(([reason, count]) => {
    const head = `  ${grouped(count)}  `;
    return pen.wrap(`${head}${visibleLine(reason)}`, head.length);
  });
  if (sorted.length > MAX_REASONS) lines.push(`  and ${sorted.length - MAX_REASONS} more reasons`);
  return [pen.paint('bold', word), ...lines];
}

function noteLines(tally: Tally, pen: Pen): readonly string[] {
  const lines = (tally.run?.notes ?? []).map((note) => pen.paint('yellow', `note: ${visible(note)}`));
  const little = littleRan(tally);
  if (little !== null) lines.push(...pen.wrap(visibleLine(little), 2).map((line) => pen.paint('yellow', line)));
  if (tally.unchecked > 0)
    lines.push(pen.paint('yellow', `note: ${plural(tally.unchecked, 'case')} passed without a single check`));
  for (const left of tally.end?.leftBehind ?? []) lines.push(pen.paint('yellow', `left behind: ${visible(left)}`));
  if (tally.end === null) lines.push(pen.paint('yellow', 'incomplete: the stream ends before the run did'));
  else if (tally.end.interrupted !== null)
    lines.push(pen.paint('yellow', `interrupted: ${visible(tally.end.interrupted)}`));
  for (const shortfall of tally.end?.shortfalls ?? []) lines.push(pen.paint('red', `too low: ${visible(shortfall)}`));
  if (tally.run?.target.mode === 'mock') lines.push('This checked the mock, not the service.');
  if (tally.run?.target.insecure === true)
    lines.push(pen.paint('yellow', 'note: certificates were not checked (--insecure)'));
  return lines;
}

function totalLines(tally: Tally, pen: Pen): readonly string[] {
  const { counts, run, end } = tally;
  const ran = tally.total - counts.skip - counts.blocked;
  const planned = run?.planned ?? { selected: tally.total, total: tally.total };
  const parts = [
    `${grouped(planned.selected)} selected of ${grouped(planned.total)}`,
    `${grouped(ran)} run`,
    `${grouped(counts.skip)} skipped`,
    `${grouped(counts.blocked)} blocked`,
    plural(tally.checks, 'check'),
    duration(end?.durationMs ?? tally.caseMs),
  ];
  const flaky = counts.flaky > 0 ? [`${plural(counts.flaky, 'case')} flaky`] : [];
  const methods = methodsExercised(tally);
  return [...(methods === null ? [] : pen.wrap(methods, 2)), [...parts, ...flaky].join(` ${pen.dot} `)];
}
