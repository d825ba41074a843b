/** What differs between mock and server for a reason that somebody wrote down, difference by difference. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { parseGlob, type Glob } from '../../src/plan/glob.ts';
import type { Difference } from './streams.ts';

const FILE = path.join(import.meta.dirname, 'mock-differences.yaml');

interface KnownDifference {
  readonly why: string;
  /** Only there; absent: in both. */
  readonly protocol?: string;
  /** Globs of case ids. */
  readonly cases: readonly string[];
  /** `place: server …, mock …`, to the letter. */
  readonly differences: readonly string[];
}

export function readKnownDifferences(): readonly KnownDifference[] {
  return parse(readFileSync(FILE, 'utf8')) as readonly KnownDifference[];
}

/** `status: server 200, mock 404` */
export function textOf({ place, server, mock }: Difference): string {
  return `${place}: server ${server}, mock ${mock}`;
}

export interface Explained {
  /** How many differences each reason explains, in the order of the file. */
  readonly reasons: ReadonlyMap<string, number>;
  readonly unexplained: readonly Difference[];
  /** Reasons for what no longer differs: `why: glob`, `why: difference`. */
  readonly stale: readonly string[];
}

/** @param differences - of one protocol */
export function explain(
  differences: readonly Difference[],
  known: readonly KnownDifference[],
  protocol: string,
): Explained {
  const entries = known
    .filter((entry) => entry.protocol === undefined || entry.protocol === protocol)
    .map((entry) => ({ ...entry, globs: entry.cases.map(globFrom), met: new Set<string>() }));
  const reasons = new Map(entries.map(({ why }) => [why, 0]));
  const unexplained: Difference[] = [];
  for (const difference of differences) {
    const text = textOf(difference);
    let isKnown = false;
    for (const { why, globs, met, differences: texts } of entries) {
      if (!texts.includes(text)) continue;
      const glob = globs.find((one) => one.matches(difference.id));
      if (glob === undefined) continue;
      met.add(text).add(glob.pattern);
      if (!isKnown) reasons.set(why, (reasons.get(why) ?? 0) + 1);
      isKnown = true;
    }
    if (!isKnown) unexplained.push(difference);
  }
  const stale = entries.flatMap(({ why, cases, differences: texts, met }) =>
    [...cases, ...texts].filter((one) => !met.has(one)).map((one) => `${why}: ${one}`),
  );
  return { reasons, unexplained, stale };
}

function globFrom(pattern: string): Glob {
  const glob = parseGlob(pattern);
  if (typeof glob === 'string') throw new Error(`mock-differences.yaml: ${pattern}: ${glob}`);
  return glob;
}
