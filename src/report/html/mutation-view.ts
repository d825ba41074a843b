/** What came of mutants, as the page shows it. */
import type { MutantCounts, MutationMeasured, MutationSurvivor } from '../../run/events.ts';
import { contractScoreText, scoreText } from '../mutation-figures.ts';
import { grouped, plural } from '../text-style.ts';

interface MutantRow {
  readonly label: string;
  readonly killed: string;
  /** Empty where none did. */
  readonly survived: string;
  readonly apart: string;
  readonly score: string;
  readonly contract: string;
}

export interface MutationView {
  readonly summary: string;
  readonly tables: readonly { readonly name: string; readonly rows: readonly MutantRow[] }[];
  readonly survivors: readonly {
    readonly fault: string;
    readonly title: string;
    readonly places: string;
    readonly items: readonly {
      readonly resource: string;
      readonly method: string;
      readonly cases: string;
      readonly advice: string;
      readonly paste: string;
    }[];
  }[];
  /** What of the survivors is left out; empty when nothing is. */
  readonly more: string;
  readonly notTried: readonly { readonly faults: string; readonly reason: string }[];
}

/** Survivors that are written out; all of them are in the stream. */
const MAX_SURVIVORS = 400;

export function mutationView(mutation: MutationMeasured | null): MutationView | null {
  if (mutation === null) return null;
  const { total, kinds, methods, faults, survivors } = mutation;
  const caught = faults.filter(({ killed }) => killed > 0).length;
  const tried = faults.filter(({ killed, survived }) => killed + survived > 0).length;
  const all = rowOf('all', total);
  const rest = survivors.length - MAX_SURVIVORS;
  return {
    summary: `${grouped(total.killed)} of ${grouped(total.killed + total.survived)} noticed (${scoreText(total)}), ${caught} of ${tried} faults`,
    tables: [
      { name: 'kind of fault', rows: [...kinds.map((row) => rowOf(row.kind, row)), all] },
      { name: 'method', rows: [...methods.map((row) => rowOf(row.method, row)), all] },
    ],
    survivors: byFault(survivors.slice(0, MAX_SURVIVORS)),
    more: rest > 0 ? `${plural(rest, 'more survivor')} of the stream are left out.` : '',
    notTried: reasonsOf(mutation),
  };
}

function rowOf(label: string, counts: MutantCounts): MutantRow {
  return {
    label,
    killed: grouped(counts.killed),
    survived: counts.survived === 0 ? '' : grouped(counts.survived),
    apart: grouped(counts.apart),
    score: scoreText(counts),
    contract: contractScoreText(counts),
  };
}

function byFault(survivors: readonly MutationSurvivor[]): MutationView['survivors'] {
  const lists = new Map<string, MutationSurvivor[]>();
  for (const one of survivors) lists.set(one.fault, [...(lists.get(one.fault) ?? []), one]);
  return [...lists].map(([fault, list]) => ({
    fault,
    title: list[0]?.title ?? '',
    places: plural(list.length, 'method'),
    items: list.map(({ resource, method, cases, advice, paste }) => ({
      resource,
      method,
      cases: `${plural(cases, 'case')} ran on it`,
      advice,
      paste: paste ?? '',
    })),
  }));
}

function reasonsOf({ faults }: MutationMeasured): MutationView['notTried'] {
  const reasons = new Map<string, string[]>();
  for (const { fault, reason } of faults)
    if (reason !== null) reasons.set(reason, [...(reasons.get(reason) ?? []), fault]);
  return [...reasons].map(([reason, names]) => ({ reason, faults: names.join(', ') }));
}
