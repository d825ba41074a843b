/** Which cases of a plan are run: filters by id, method, resource, tag, group and line, then the shard. */
import type { MethodName } from '../protocol/methods.ts';
import type { Case } from './case.ts';
import type { Glob } from './glob.ts';

/** Every member narrows; its values are alternatives. An empty member filters nothing. */
export interface Filters {
  readonly cases: readonly Glob[];
  readonly methods: readonly MethodName[];
  /** `adAccounts` also selects its sub-resources. */
  readonly resources: readonly string[];
  readonly tags: readonly string[];
  /** `file:line` selects the case that the line belongs to. */
  readonly lines: readonly { readonly file: string; readonly line: number }[];
  readonly shard: Shard | null;
}

/** `index` from 1 to `count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

export const NO_FILTERS: Filters = { cases: [], methods: [], resources: [], tags: [], lines: [], shard: null };

/** The cases that pass all filters, in plan order. Groups of a shard are dealt by resource and kept in order. */
export function selectCases(cases: readonly Case[], filters: Filters): readonly Case[] {
  const starts = startLines(cases, filters.lines);
  const wanted = cases.filter((one) => passes(one, filters, starts));
  return filters.shard === null ? wanted : shardOf(wanted, filters.shard);
}

function passes(one: Case, filters: Filters, starts: ReadonlySet<string>): boolean {
  const { cases, methods, resources, tags, lines } = filters;
  if (cases.length > 0 && !cases.some((glob) => glob.matches(one.id))) return false;
  if (methods.length > 0 && !methodsOf(one).some((method) => methods.includes(method))) return false;
  if (resources.length > 0 && !resources.some((name) => isWithin(one.contract.resource, name))) return false;
  if (tags.length > 0 && !tags.some((tag) => one.tags.includes(tag))) return false;
  return lines.length === 0 || starts.has(`${one.contract.file}:${lineOf(one)}`);
}

/** A flow is about every method of its steps. */
function methodsOf(one: Case): readonly MethodName[] {
  return one.method === null ? one.steps.map((step) => step.spec.method) : [one.method];
}

function isWithin(resource: string, name: string): boolean {
  return resource === name || resource.startsWith(`${name}.`);
}

/**
 * The lines at which the wanted cases begin: of each `file:line` the nearest at or above it. Derived cases stand where
 * the operation does that they are derived from; a line there selects all of them.
 */
function startLines(cases: readonly Case[], lines: Filters['lines']): ReadonlySet<string> {
  const starts = new Set<string>();
  for (const { file, line } of lines) {
    let nearest = 0;
    for (const one of cases) {
      if (one.contract.file !== file) continue;
      const start = lineOf(one);
      if (start <= line && start > nearest) nearest = start;
    }
    if (nearest > 0) starts.add(`${file}:${nearest}`);
  }
  return starts;
}

function lineOf({ contract, pointer }: Case): number {
  return contract.locate(pointer).line;
}

/**
 * Every `count`-th case. Cases of one flow or law are one case each and so never split; the same plan always deals the
 * same way.
 */
function shardOf(cases: readonly Case[], { index, count }: Shard): readonly Case[] {
  return cases.filter((_, position) => position % count === index - 1);
}
