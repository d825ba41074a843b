/** Coverage as terminal text: a share for each category, and what is missing where more was asked for. */
import { visibleLine } from '../diagnostic/visible.ts';
import type { CoverageMeasured } from '../run/events.ts';
import { coverageTotals, shareText, type CoverageTotal } from './coverage-totals.ts';
import type { Pen } from './text-style.ts';

/** Missing things that are named for each category below its minimum. */
const MAX_NAMED = 10;

/** @returns no lines where the contracts declare nothing */
export function coverageLines(coverage: CoverageMeasured | null, pen: Pen): readonly string[] {
  const totals = coverage === null ? [] : coverageTotals(coverage);
  if (totals.length === 0) return [];

  const cells = totals.map((total) => `${total.category} ${shareText(total)}`);
  return [
    pen.paint('bold', 'coverage'),
    ...wrapped(cells, pen),
    ...totals.filter(({ isShort }) => isShort).flatMap((total) => missingLines(total, pen)),
  ];
}

function missingLines({ category, minimum, missing }: CoverageTotal, pen: Pen): readonly string[] {
  const all = missing.flatMap(({ resource, labels }) => labels.map((label) => `${resource} ${label}`));
  const lines = all.slice(0, MAX_NAMED).map((text) => `    ${pen.fit(visibleLine(text), 4)}`);
  if (all.length > MAX_NAMED) lines.push(`    and ${all.length - MAX_NAMED} more`);
  return [pen.paint('red', `  ${category}: at least ${minimum ?? 0} % was asked for; never exercised:`), ...lines];
}

function wrapped(cells: readonly string[], pen: Pen): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const cell of cells) {
    const longer = line === '' ? cell : `${line} ${pen.dot} ${cell}`;
    if (line !== '' && longer.length > pen.width - 2) {
      lines.push(`  ${line}`);
      line = cell;
    } else line = longer;
  }
  return [...lines, `  ${line}`];
}
