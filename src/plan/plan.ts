/** Contracts and options -> the ordered cases of a run: the author's, then those that the groups derive. */
import { createHash } from 'node:crypto';
import type { Contract, HeaderValues } from '../contract/contract.ts';
import type { Dialect } from '../protocol/dialects.ts';
import { authoredCase, authoredFlow } from './authored.ts';
import { GROUPS, type Case, type Group } from './case.ts';
import type { GroupPlanner, PlanContext, PlanTarget } from './context.ts';
import { clearCase } from './clear.ts';
import { planContractGroup } from './contract-group.ts';
import { planHeaderGroup } from './headers.ts';
import { planLawGroup } from './laws.ts';
import { planNegativeGroup } from './negative.ts';
import { NO_FILTERS, selectCases, type Filters } from './select.ts';

export interface PlanOptions {
  /** Default: contract, headers, laws. */
  readonly groups?: readonly Group[];
  readonly filters?: Filters;
  /** Default: the embedded endpoint. */
  readonly target?: PlanTarget;
  /** Default: 1. */
  readonly seed?: number;
  /** The dialect that each contract is spoken to in. */
  readonly dialectOf: (contract: Contract) => Dialect;
  /** What target and flags add to every request. */
  readonly headers?: HeaderValues;
}

export interface Plan {
  /** Selected cases, in order. */
  readonly cases: readonly Case[];
  /** Cases before the filters. */
  readonly total: number;
  /** Ids of those that the filters leave out. */
  readonly leftOut: readonly string[];
  readonly groups: readonly Group[];
  readonly filters: Filters;
  readonly seed: number;
  /** First 16 hex of the SHA-256 over the ids of all cases: shards of one plan agree on it. */
  readonly planHash: string;
}

export const DEFAULT_GROUPS: readonly Group[] = ['contract', 'headers', 'laws'];

/** One row for each group that derives cases; a group without a row yields none. */
export const GROUP_PLANNERS: Readonly<Partial<Record<Group, GroupPlanner>>> = {
  contract: planContractGroup,
  headers: planHeaderGroup,
  laws: planLawGroup,
  negative: planNegativeGroup,
};

export const EMBEDDED: PlanTarget = { name: 'mock', live: false, seeded: true, writes: true };

/**
 * The plan of a run. Same contracts, options and seed, same plan.
 *
 * Order: contracts as given; within one, the author's cases and flows as in the file, then the derived groups.
 */
export function planCases(contracts: readonly Contract[], options: PlanOptions): Plan {
  const {
    groups = DEFAULT_GROUPS,
    filters = NO_FILTERS,
    target = EMBEDDED,
    seed = 1,
    dialectOf,
    headers = new Map(),
  } = options;
  const context: PlanContext = { contracts, target, seed, dialectOf, headers };
  const byResource = new Map(contracts.map((contract) => [contract.resource, contract]));

  const all: Case[] = [];
  for (const contract of contracts) {
    if (groups.includes('contract')) {
      for (const spec of contract.cases) all.push(authoredCase(contract, spec, target));
      for (const flow of contract.flows) all.push(authoredFlow(contract, flow, byResource, target));
    }
    for (const group of GROUPS) {
      if (!groups.includes(group)) continue;
      const derived = GROUP_PLANNERS[group]?.(contract, context) ?? [];
      for (const one of derived) all.push(clearCase(one, context));
    }
  }

  const cases = selectCases(all, filters);
  const leftOut = cases.length === all.length ? [] : idsBeside(all, new Set(cases));
  return { cases, total: all.length, leftOut, groups, filters, seed, planHash: hashOf(all) };
}

function idsBeside(all: readonly Case[], selected: ReadonlySet<Case>): readonly string[] {
  return all.filter((one) => !selected.has(one)).map(({ id }) => id);
}

function hashOf(cases: readonly Case[]): string {
  const hash = createHash('sha256');
  // One call for each case: a second one for the line end took as long as the first.
  for (const { id } of cases) hash.update(`${id}\n`);
  return hash.digest('hex').slice(0, 16);
}
