/** Figures of a run as the page shows them: coverage, answers, times. */
import type { MethodName } from '../../protocol/methods.ts';
import { duration, grouped } from '../text-style.ts';
import type { PageCollector } from './collect.ts';

export interface Fact {
  readonly label: string;
  readonly value: string;
}

export interface MeterView {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  readonly text: string;
  readonly missing: string;
}

export interface SlowCase {
  readonly name: string;
  readonly anchor: string;
  readonly time: string;
  readonly share: number;
  readonly method: string;
  readonly resource: string;
}

export interface CountTable {
  readonly name: string;
  readonly rows: readonly Fact[];
}

const SLOWEST = 10;

/** For each resource how many of its declared operations were run. */
export function metersOf({ tally }: PageCollector): readonly MeterView[] {
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

/** What was answered, in which versions it was asked, and by which groups of cases. */
export function coverageTables({ statuses, versions, groups }: PageCollector): readonly CountTable[] {
  const tables = [
    countTable('Answers', statuses),
    countTable('Protocol versions sent', versions),
    countTable('Groups of cases', groups),
  ];
  return tables.filter(({ rows }) => rows.length > 0);
}

function countTable(name: string, counts: ReadonlyMap<string, number>): CountTable {
  const sorted = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { name, rows: sorted.map(([label, count]) => ({ label, value: grouped(count) })) };
}

export function slowest({ rows }: PageCollector): readonly SlowCase[] {
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

export function timesOf({ rows }: PageCollector): readonly Fact[] {
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
