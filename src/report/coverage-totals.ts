/** The coverage of a run by category, as every report shows it. */
import { COVERAGE_CATEGORIES, type CoverageCategory, type CoverageMeasured } from '../run/events.ts';

export interface CoverageTotal {
  readonly category: CoverageCategory;
  /** What the category holds, for readers. */
  readonly meaning: string;
  readonly seen: number;
  readonly total: number;
  /** Rounded down, so that 100 means all. */
  readonly percent: number;
  /** Percent that was asked for; null: nothing was. */
  readonly minimum: number | null;
  readonly isShort: boolean;
  /** What was never exercised, resources in the order of the run. */
  readonly missing: readonly { readonly resource: string; readonly labels: readonly string[] }[];
}

const MEANINGS: Readonly<Record<CoverageCategory, string>> = {
  methods: 'declared methods that were answered with success',
  names: 'finders, batch finders and actions that were answered with success',
  statuses: 'declared statuses of successes and errors that were answered',
  headers: 'declared headers that were sent or answered',
  parameters: 'parameters that were sent, and optional ones that were left out',
  versions: 'protocol versions of the dialect that were sent',
  properties: 'properties of entities, metadata, parameters and values that were seen',
  unions: 'members of unions that were seen',
  enums: 'symbols of enumerations that were seen',
  errors: 'declared error codes that were answered',
  batches: 'outcomes of batches: all, some or none of the items fail',
};

/** Categories of which the contracts declare anything, in their order. */
export function coverageTotals({ rows, minimums }: CoverageMeasured): readonly CoverageTotal[] {
  return COVERAGE_CATEGORIES.flatMap((category): readonly CoverageTotal[] => {
    const counted = rows.filter((row) => row.category === category);
    const seen = counted.reduce((sum, row) => sum + row.seen.length, 0);
    const total = counted.reduce((sum, row) => sum + row.missing.length, seen);
    if (total === 0) return [];
    const minimum = minimums.find((one) => one.category === category)?.percent ?? null;
    const missing = counted.filter((row) => row.missing.length > 0);
    return [
      {
        category,
        meaning: MEANINGS[category],
        seen,
        total,
        percent: Math.floor((seen * 100) / total),
        minimum,
        isShort: minimum !== null && seen * 100 < minimum * total,
        missing: missing.map(({ resource, missing: labels }) => ({ resource, labels })),
      },
    ];
  });
}

/** `12/14 (85 %)`; of a whole category only the count. */
export function shareText({ seen, total, percent }: Pick<CoverageTotal, 'seen' | 'total' | 'percent'>): string {
  return seen === total ? `${seen}/${total}` : `${seen}/${total} (${percent} %)`;
}
