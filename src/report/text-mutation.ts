/** What came of mutants as terminal text: shares by kind and method, then what no case noticed and what would. */
import { visible, visibleLine } from '../diagnostic/visible.ts';
import type { MutantCounts, MutationMeasured, MutationSurvivor } from '../run/events.ts';
import { contractScoreText, scoreText } from './mutation-figures.ts';
import { padColumns, plural, type Pen } from './text-style.ts';

/** Faults whose survivors are written out; the rest stands in the report. */
const MAX_FAULTS = 10;
const MAX_REASONS = 5;

export function mutationLines(mutation: MutationMeasured | null, pen: Pen): readonly string[] {
  if (mutation === null) return [];
  const { total, faults, survivors } = mutation;
  const caught = faults.filter(({ killed }) => killed > 0).length;
  const byContract = faults.filter(({ killedByContract }) => killedByContract > 0).length;
  const tried = faults.filter(({ killed, survived }) => killed + survived > 0).length;
  return [
    pen.paint('bold', 'mutants'),
    ...tableLines(mutation, pen),
    '',
    `  faults noticed somewhere: ${caught} of ${tried}, by group contract alone ${byContract}`,
    `  mutants noticed: ${total.killed} of ${total.killed + total.survived} (${scoreText(total)}), by group contract alone ${total.killedByContract} (${contractScoreText(total)})`,
    ...apartLines(mutation),
    ...survivorLines(survivors, pen),
  ];
}

function tableLines({ kinds, methods, total }: MutationMeasured, pen: Pen): readonly string[] {
  const rows: (readonly [string, MutantCounts])[] = [
    ...kinds.map((row) => [row.kind, row] as const),
    ...methods.map((row) => [row.method, row] as const),
    ['all', total],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const head = `  ${' '.repeat(width)}  noticed  survived  apart  score  contract alone`;
  const lines = rows.map(([name, counts]) => {
    const cells = `${cell(counts.killed, 7)}  ${cell(counts.survived, 8)}  ${cell(counts.apart, 5)}`;
    const text = `  ${padColumns(name, width)}  ${cells}  ${scoreText(counts).padStart(5)}  ${contractScoreText(counts).padStart(14)}`;
    return counts.survived > 0 ? pen.paint('yellow', text) : text;
  });
  return [pen.paint('dim', head), ...lines];
}

function cell(count: number, width: number): string {
  return String(count).padStart(width);
}

/** Faults that were not tried anywhere, by their reason. */
function apartLines({ faults, total }: MutationMeasured): readonly string[] {
  const reasons = new Map<string, number>();
  for (const { reason } of faults) if (reason !== null) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const lines = [...reasons]
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, MAX_REASONS)
    .map(([reason, count]) => `    ${plural(count, 'fault')}: ${visibleLine(reason)}`);
  const shown = `  apart: ${plural(total.apart, 'mutant')} that no request shows, neither for nor against the contracts`;
  return [...(total.apart > 0 ? [shown] : []), ...(lines.length > 0 ? ['  faults that do not apply:', ...lines] : [])];
}

/** One block a fault: the same is missing wherever it survived, so the first is written out and the others named. */
function survivorLines(survivors: readonly MutationSurvivor[], pen: Pen): readonly string[] {
  const byFault = new Map<string, MutationSurvivor[]>();
  for (const one of survivors) byFault.set(one.fault, [...(byFault.get(one.fault) ?? []), one]);
  if (byFault.size === 0) return [];

  const blocks = [...byFault].slice(0, MAX_FAULTS).flatMap(([fault, list]) => blockOf(fault, list, pen));
  const rest = byFault.size - MAX_FAULTS;
  return [
    '',
    pen.paint('bold', 'survivors'),
    ...blocks,
    ...(rest > 0 ? [`  and ${plural(rest, 'more fault')}: --reporter html or --json shows all`] : []),
  ];
}

function blockOf(fault: string, list: readonly MutationSurvivor[], pen: Pen): readonly string[] {
  const first = list.find(({ paste }) => paste !== null) ?? list[0];
  if (first === undefined) return [];
  const places = list.map(({ resource, method }) => `${resource} ${method}`);
  return [
    `  ${pen.paint('yellow', visibleLine(fault))}  ${visibleLine(first.title)}`,
    `    ${pen.fit(visibleLine(`survived in ${places.join(', ')}`), 4)}`,
    `    ${visibleLine(first.advice)}`,
    ...(first.paste === null
      ? []
      : visible(first.paste)
          .trimEnd()
          .split('\n')
          .map((line) => `      ${line}`)),
  ];
}
