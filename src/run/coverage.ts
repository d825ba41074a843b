/**
 * What a run exercised of what its contracts declare: methods, finders and actions, statuses, headers, parameters,
 * protocol versions, properties, unions, enumerations, error codes, outcomes of batches.
 *
 * Fed with every exchange as it is judged. What was seen is not looked for again, so that ten thousand alike cases cost
 * little more than one.
 */
import type { Contract } from '../contract/contract.ts';
import type { Dialect } from '../protocol/dialects.ts';
import type { Json } from '../protocol/json.ts';
import type { Exchange } from '../transport/exchange.ts';
import type { Asked } from '../verify/asked.ts';
import { ResourceCoverage } from './coverage-resource.ts';
import type { CoverageMinimums } from './coverage-minimums.ts';
import type { CoverageCategory, CoverageMeasured, CoverageRow } from './events.ts';

export class Coverage {
  readonly #resources = new Map<string, ResourceCoverage>();

  constructor(contracts: readonly Contract[], dialectOf: (contract: Contract) => Dialect) {
    for (const contract of contracts)
      this.#resources.set(contract.resource, new ResourceCoverage(contract, dialectOf(contract)));
  }

  /** Takes note of one exchange. `body`: of the answer, decoded; undefined: none, or no JSON. Never throws. */
  see(asked: Asked, { request, response, failure }: Exchange, body: Json | undefined): void {
    if (response === null || failure !== null) return;
    this.#resources.get(asked.contract.resource)?.see(asked, request.headers, response, body);
  }

  /** What was seen up to now, resources in the order of the run, categories in theirs. */
  rows(): readonly CoverageRow[] {
    return [...this.#resources].flatMap(([resource, coverage]) => coverage.rows(resource));
  }
}

/** The event of a run's coverage, judged by what is asked of it. */
export function coverageEvent(rows: readonly CoverageRow[], minimums: CoverageMinimums): CoverageMeasured {
  return {
    type: 'coverage',
    rows,
    minimums: [...minimums].map(([category, percent]) => ({ category, percent, ...countOf(rows, category) })),
  };
}

/** One sentence for each minimum that was not reached; exact, whatever the percentages are rounded to. */
export function shortfallsOf({ minimums }: Pick<CoverageMeasured, 'minimums'>): readonly string[] {
  return minimums
    .filter(({ percent, seen, total }) => seen * 100 < percent * total)
    .map(
      ({ category, percent, seen, total }) =>
        `coverage of ${category} is ${seen} of ${total} (${percentText(seen, total)}), the minimum is ${percent} %`,
    );
}

/** Coverage of the shards of one run as that of the whole: seen is what any of them saw. */
export function mergeCoverage(parts: readonly CoverageMeasured[]): CoverageMeasured | null {
  const [first] = parts;
  if (first === undefined) return null;

  const seen = new Set<string>();
  const id = ({ resource, category }: CoverageRow, label: string): string => `${resource}\n${category}\n${label}`;
  for (const { rows } of parts) for (const row of rows) for (const label of row.seen) seen.add(id(row, label));
  const rows = first.rows.map((row) => {
    const labels = [...row.seen, ...row.missing];
    return {
      ...row,
      seen: labels.filter((label) => seen.has(id(row, label))),
      missing: labels.filter((label) => !seen.has(id(row, label))),
    };
  });
  return coverageEvent(rows, new Map(first.minimums.map(({ category, percent }) => [category, percent])));
}

/** Rounded down: 100 % means all. */
function percentText(seen: number, total: number): string {
  return `${total === 0 ? 100 : Math.floor((seen * 100) / total)} %`;
}

function countOf(
  rows: readonly CoverageRow[],
  category: CoverageCategory | 'all',
): { readonly seen: number; readonly total: number } {
  const counted = category === 'all' ? rows : rows.filter((row) => row.category === category);
  const seen = counted.reduce((sum, row) => sum + row.seen.length, 0);
  return { seen, total: counted.reduce((sum, row) => sum + row.missing.length, seen) };
}
