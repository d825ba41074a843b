/** Which cases of a plan are run: filters by id, method, resource, tag, group and line, then the shard. */
import type { MethodName } from '../protocol/methods.ts';
import type { SourceRange } from '../diagnostic/diagnostic.ts';
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
  const wanted = cases.filter((one) => passes(one, filters));
  return filters.shard === null ? wanted : shardOf(wanted, filters.shard);
}

function passes(one: Case, filters: Filters): boolean {
  const { cases, methods, resources, tags, lines } = filters;
  if (cases.length > 0 && !cases.some((glob) => glob.matches(one.id))) return false;
  if (methods.length > 0 && !methodsOf(one).some((method) => methods.includes(method))) return false;
  if (resources.length > 0 && !resources.some((name) => isWithin(one.contract.resource, name))) return false;
  if (tags.length > 0 && !tags.some((tag) => one.tags.includes(tag))) return false;
  return lines.length === 0 || lines.some(({ file, line }) => standsAt(one, file, line));
}

/** A flow is about every method of its steps. */
function methodsOf(one: Case): readonly MethodName[] {
  return one.method === null ? one.steps.map((step) => step.spec.method) : [one.method];
}

function isWithin(resource: string, name: string): boolean {
  return resource === name || resource.startsWith(`${name}.`);
}

/** Derived cases stand where the operation does that they are derived from; a line there selects them all. */
function standsAt(one: Case, file: string, line: number): boolean {
  if (one.contract.file !== file) return false;
  return covers(one.contract.locate(one.pointer), line);
}

function covers(range: SourceRange, line: number): boolean {
  if (line < range.line || line > range.endLine) return false;
  // A block that ends at the first column of the next line does not own that line.
  return line < range.endLine || range.endCol > 1 || range.line === range.endLine;
}

/**
 * Every `count`-th case. Cases of one flow or law are one case each and so never split; the same plan always deals the
 * same way.
 */
function shardOf(cases: readonly Case[], { index, count }: Shard): readonly Case[] {
  return cases.filter((_, position) => position % count === index - 1);
}
