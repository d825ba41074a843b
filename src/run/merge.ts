/** Streams of the shards of one run -> the stream of the whole run. */
import { mergeCoverage, shortfallsOf } from './coverage.ts';
import {
  VERDICTS,
  type CaseFinished,
  type CoverageMeasured,
  type RunEnded,
  type RunEvent,
  type RunStarted,
  type VerdictName,
} from './events.ts';
import { executedOf, exitCodeOf } from './exit-code.ts';

/** A stream with its first event read. */
export interface Part {
  /** For messages: the file. */
  readonly name: string;
  readonly run: RunStarted;
  /** What follows the first event. */
  readonly rest: AsyncIterable<RunEvent>;
}

/** Why streams do not belong together, one sentence; null when they do. */
export function whyNoMerge(parts: readonly Part[]): string | null {
  const [first] = parts;
  if (first === undefined) return 'there is no stream to merge';

  const count = first.run.shard?.count ?? 0;
  const seen = new Map<number, string>();
  for (const { name, run } of parts) {
    if (run.shard === null) return `${name} is a whole run, not a shard`;
    if (run.shard.count !== count) return `${name} is one of ${run.shard.count} shards, ${first.name} one of ${count}`;
    if (run.planHash !== first.run.planHash) return `${name} and ${first.name} come from different plans`;
    if (run.seed !== first.run.seed) return `${name} ran with seed ${run.seed}, ${first.name} with ${first.run.seed}`;
    if (run.tool.version !== first.run.tool.version)
      return `${name} was written by version ${run.tool.version}, ${first.name} by ${first.run.tool.version}`;
    const other = seen.get(run.shard.index);
    if (other !== undefined) return `${other} and ${name} are both shard ${run.shard.index}/${count}`;
    seen.set(run.shard.index, name);
  }
  const missing = Array.from({ length: count }, (_, index) => index + 1).filter((index) => !seen.has(index));
  return missing.length === 0 ? null : `shard ${missing.map((index) => `${index}/${count}`).join(', ')} is missing`;
}

/** Events of all shards as one run: their cases by shard, verdicts added up, the exit code judged anew. */
export async function* mergeShards(parts: readonly Part[], strict: boolean): AsyncGenerator<RunEvent> {
  const ordered = parts.toSorted((a, b) => (a.run.shard?.index ?? 0) - (b.run.shard?.index ?? 0));
  const [first] = ordered;
  if (first === undefined) return;

  const selected = ordered.reduce((sum, { run }) => sum + run.planned.selected, 0);
  yield {
    ...first.run,
    shard: null,
    planned: { total: first.run.planned.total, selected },
    notes: [...new Set(ordered.flatMap(({ run }) => run.notes))],
  };

  const verdicts: Record<VerdictName, number> = {
    pass: 0,
    fail: 0,
    error: 0,
    flaky: 0,
    waived: 0,
    blocked: 0,
    skip: 0,
  };
  const ends: RunEnded[] = [];
  const coverages: CoverageMeasured[] = [];
  for (const { rest } of ordered) {
    for await (const event of rest) {
      if (event.type === 'end') ends.push(event);
      else if (event.type === 'coverage') coverages.push(event);
      else if (event.type === 'case') {
        tally(verdicts, event);
        yield event;
      }
    }
  }
  // A shard that was cut off leaves the whole without an end, too.
  if (ends.length < ordered.length) return;
  const coverage = coverages.length === ordered.length ? mergeCoverage(coverages) : null;
  if (coverage !== null) yield coverage;
  yield ended(ends, { verdicts, selected, strict, shortfalls: coverage === null ? [] : shortfallsOf(coverage) });
}

function tally(verdicts: Record<VerdictName, number>, { verdict }: CaseFinished): void {
  if (VERDICTS.includes(verdict)) verdicts[verdict] += 1;
}

function ended(
  ends: readonly RunEnded[],
  {
    verdicts,
    selected,
    strict,
    shortfalls,
  }: {
    readonly verdicts: Readonly<Record<VerdictName, number>>;
    readonly selected: number;
    readonly strict: boolean;
    readonly shortfalls: readonly string[];
  },
): RunEnded {
  const interrupted = ends.find((end) => end.interrupted !== null)?.interrupted ?? null;
  const { code } = exitCodeOf({
    verdicts,
    selected,
    sharded: false,
    strict,
    signal: interrupted,
    misused: false,
    broken: false,
    short: shortfalls.length > 0,
  });
  return {
    type: 'end',
    verdicts,
    selected,
    run: executedOf(verdicts),
    durationMs: Math.max(...ends.map(({ durationMs }) => durationMs)),
    exitCode: code,
    interrupted,
    leftBehind: ends.flatMap(({ leftBehind }) => leftBehind),
    ...(shortfalls.length === 0 ? {} : { shortfalls }),
  };
}
