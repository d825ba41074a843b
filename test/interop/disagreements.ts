/** Where the real server does other than the protocol's text says, one by one, each with the exchange that shows it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

export const DISAGREEMENTS = path.join(import.meta.dirname, 'disagreements.yaml');

export interface Disagreement {
  readonly id: string;
  /** Globs of case ids that meet it. */
  readonly cases: readonly string[];
  /** Rules that find it. */
  readonly rules: readonly string[];
  /** Only there; absent: in both. */
  readonly protocol?: string;
  readonly why: string;
  /** Section of the protocol's text, or law. */
  readonly source: string;
  /** What was sent and what came back, in short. */
  readonly exchange: string;
}

export function readDisagreements(): readonly Disagreement[] {
  return (parse(readFileSync(DISAGREEMENTS, 'utf8')) ?? []) as readonly Disagreement[];
}
