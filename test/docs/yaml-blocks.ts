import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** One fenced block of YAML. `kind`: the word after `yaml`; `part` where there is none. */
export interface YamlBlock {
  readonly kind: string;
  readonly text: string;
  /** Line of the page at which the block begins, from 1. */
  readonly line: number;
}

export function readPage(name: string): string {
  return readFileSync(path.join(ROOT, name), 'utf8');
}

export function yamlBlocks(page: string): readonly YamlBlock[] {
  return [...page.matchAll(/^```yaml(?: ([a-z]+))?\n([^]*?)^```$/gm)].map((match) => ({
    kind: match[1] ?? 'part',
    text: match[2] ?? '',
    line: page.slice(0, match.index).split('\n').length,
  }));
}

type Members = Readonly<Record<string, unknown>>;

/** A contract with a part added, as JSON: types, methods and cases to those that it has; anything else takes its place. */
export function withPart(contract: string, part: string): string {
  const base = parse(contract) as Members;
  const own = parse(part) as Members;
  const merged = Object.fromEntries(['types', 'methods'].map((name) => [name, merge(base[name], own[name])]));
  const cases = [base, own].flatMap(({ cases: some = [] }) => some as readonly unknown[]);
  return JSON.stringify({ ...base, ...own, ...merged, cases });
}

function merge(base: unknown, own: unknown): unknown {
  if (!isMembers(base) || !isMembers(own)) return own ?? base;
  const names = Object.keys({ ...base, ...own });
  return Object.fromEntries(names.map((name) => [name, name in own ? merge(base[name], own[name]) : base[name]]));
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
