/**
 * Where the real server does other than the protocol's text says: why, by hand, and which cases show it, as recorded.
 *
 * `disagreements.yaml` explains; `exchanges/` holds for each case what is found, and the exchange that shows it. A case
 * is known only if it fails exactly so: another status, another value or another rule is a finding.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { parseGlob, type Glob } from '../../src/plan/glob.ts';
import type { CaseFinished } from '../../src/run/events.ts';
import { RAN } from './table.ts';
import { exchangesText } from './exchange-text.ts';

const DISAGREEMENTS = path.join(import.meta.dirname, 'disagreements.yaml');
const EXCHANGES = path.join(import.meta.dirname, 'exchanges');

export interface Disagreement {
  readonly id: string;
  /** Globs of case ids that may meet it when it is recorded. */
  readonly cases: readonly string[];
  /** Rules that find it. */
  readonly rules: readonly string[];
  readonly why: string;
  /** Section of the protocol's text, or law. */
  readonly source: string;
}

/** What a case must be found to do, to be known. */
export interface Pin {
  readonly cases: readonly string[];
  readonly protocols: readonly string[];
  /** Of level must, each once. */
  readonly found: readonly Found[];
  /** Of every exchange, in order: `204 200`. */
  readonly statuses: string;
  /** The exchanges of the first case: what was sent (`>`) and what came back (`<`). */
  readonly exchange: string;
}

export interface Found {
  readonly rule: string;
  readonly expected: string;
  readonly actual: string;
}

export interface Judged {
  /** Cases that fail as it is known have the verdict `waived`. */
  readonly cases: readonly CaseFinished[];
  /** Known, and no longer so: one line each. */
  readonly unmet: readonly string[];
}

export function readDisagreements(): readonly Disagreement[] {
  return (parse(readFileSync(DISAGREEMENTS, 'utf8')) ?? []) as readonly Disagreement[];
}

/** @returns the pins of each disagreement, by its id */
export function readPins(): ReadonlyMap<string, readonly Pin[]> {
  if (!existsSync(EXCHANGES)) return new Map();
  return new Map(
    readdirSync(EXCHANGES).map((file) => [
      file.replace(/\.yaml$/, ''),
      parse(readFileSync(path.join(EXCHANGES, file), 'utf8')) as readonly Pin[],
    ]),
  );
}

/** Tells what is known of a run from what is new. Only `fail` can be known: no answer is never a disagreement. */
export function judge(
  cases: readonly CaseFinished[],
  protocol: string,
  pins: ReadonlyMap<string, readonly Pin[]> = readPins(),
  explained: readonly Disagreement[] = readDisagreements(),
): Judged {
  const known = new Map<string, { readonly pin: Pin; readonly why: string; readonly id: string }>();
  for (const { id, why } of explained)
    for (const pin of pins.get(id) ?? [])
      if (pin.protocols.includes(protocol)) for (const one of pin.cases) known.set(one, { pin, why, id });

  const unmet: string[] = [];
  const judged = cases.map((one): CaseFinished => {
    const entry = known.get(one.id);
    if (entry === undefined) return one;
    if (one.verdict === 'fail' && isAsPinned(one, entry.pin))
      return { ...one, verdict: 'waived', waiver: { reason: entry.why, until: 'the release is replaced' } };
    if (one.verdict !== 'fail') unmet.push(`${one.id}: ${entry.id} is known of it, and it is ${one.verdict}`);
    return one;
  });
  const seen = new Set(cases.map(({ id }) => id));
  const missing = [...known]
    .filter(([id]) => !seen.has(id))
    .map(([id, one]) => `${id}: ${one.id} is known of it, and it was not planned`);
  return { cases: judged, unmet: [...unmet, ...missing] };
}

function isAsPinned(one: CaseFinished, { found, statuses }: Pin): boolean {
  return JSON.stringify(foundIn(one)) === JSON.stringify(found) && statusesOf(one) === statuses;
}

/** Writes what the failing cases of the explained disagreements do, in place of what was known of them. */
export function recordPins(runs: ReadonlyMap<string, readonly CaseFinished[]>): void {
  rmSync(EXCHANGES, { recursive: true, force: true });
  mkdirSync(EXCHANGES);
  for (const disagreement of readDisagreements()) {
    const pins = pinsOf(disagreement, runs);
    if (pins.length === 0) continue;
    const head = `# Recorded by \`npm run interop -- record\`. Read what changes.\n`;
    writeFileSync(path.join(EXCHANGES, `${disagreement.id}.yaml`), head + stringify(pins, { lineWidth: 0 }));
  }
}

/** Cases of one operation that fail alike share an exchange, that of the first. */
export function pinsOf(
  { cases: patterns, rules }: Disagreement,
  runs: ReadonlyMap<string, readonly CaseFinished[]>,
): readonly Pin[] {
  const globs = patterns.map(globFrom);
  const pins = new Map<string, { cases: Set<string>; protocols: Set<string>; pin: Omit<Pin, 'cases' | 'protocols'> }>();
  const byCase = new Map<string, { readonly one: CaseFinished; readonly protocols: string[] }>();
  for (const [protocol, cases] of runs) {
    for (const one of cases) {
      if (!RAN.has(one.verdict) || one.verdict === 'pass' || !globs.some((glob) => glob.matches(one.id))) continue;
      const found = foundIn(one);
      if (found.length === 0 || !found.every(({ rule }) => rules.includes(rule))) continue;
      const known = byCase.get(signatureOf(one));
      if (known === undefined) byCase.set(signatureOf(one), { one, protocols: [protocol] });
      else known.protocols.push(protocol);
    }
  }
  for (const { one, protocols } of byCase.values()) {
    const [found, statuses] = [foundIn(one), statusesOf(one)];
    const key = JSON.stringify([one.resource, one.method, one.operation, found, statuses, protocols]);
    const known = pins.get(key);
    if (known !== undefined) known.cases.add(one.id);
    else
      pins.set(key, {
        cases: new Set([one.id]),
        protocols: new Set(protocols),
        pin: { found, statuses, exchange: exchangesText(one) },
      });
  }
  return [...pins.values()].map(({ cases, protocols, pin }) => ({
    cases: [...cases],
    protocols: [...protocols],
    ...pin,
  }));
}

function signatureOf(one: CaseFinished): string {
  return JSON.stringify([one.id, foundIn(one), statusesOf(one)]);
}

function foundIn({ violations }: CaseFinished): readonly Found[] {
  const found = new Map<string, Found>();
  for (const { level, rule, expected, actual } of violations)
    if (level === 'must') found.set(JSON.stringify([rule, expected, actual]), { rule, expected, actual });
  return [...found.values()];
}

function statusesOf({ attempts }: CaseFinished): string {
  return (attempts.at(-1)?.exchanges ?? []).map(({ response }) => response?.status ?? 'none').join(' ');
}

function globFrom(pattern: string): Glob {
  const glob = parseGlob(pattern);
  if (typeof glob === 'string') throw new Error(`disagreements.yaml: ${pattern}: ${glob}`);
  return glob;
}
