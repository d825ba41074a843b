/** Coverage by category, as the page shows it. */
import type { CoverageMeasured } from '../../run/events.ts';
import { coverageTotals, shareText } from '../coverage-totals.ts';

export interface CoverageView {
  readonly category: string;
  readonly meaning: string;
  readonly text: string;
  readonly seen: number;
  readonly total: number;
  /** `80 %`, or empty where nothing was asked for. */
  readonly minimum: string;
  readonly isShort: boolean;
  /** Number of things that were never exercised. */
  readonly count: string;
  readonly missing: readonly { readonly resource: string; readonly labels: string }[];
}

/** Missing things that are named for each resource; a contract may declare thousands of symbols. */
const MAX_LABELS = 200;

export function coverageView(coverage: CoverageMeasured | null): readonly CoverageView[] {
  if (coverage === null) return [];
  return coverageTotals(coverage).map((total) => ({
    category: total.category,
    meaning: total.meaning,
    text: shareText(total),
    seen: total.seen,
    total: total.total,
    minimum: total.minimum === null ? '' : `${total.minimum} %`,
    isShort: total.isShort,
    count: String(total.total - total.seen),
    missing: total.missing.map(({ resource, labels }) => ({ resource, labels: named(labels) })),
  }));
}

function named(labels: readonly string[]): string {
  const rest = labels.length - MAX_LABELS;
  return labels.slice(0, MAX_LABELS).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
