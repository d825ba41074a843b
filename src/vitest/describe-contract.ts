/** A contract as a vitest suite: one test a case, so that vitest's filters, retries and reports work on cases. */
// oxlint-disable vitest/expect-expect, vitest/valid-title, vitest/no-conditional-tests -- this file makes tests and is none
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { Contract } from '../contract/contract.ts';
import { NO_FILTERS } from '../plan/select.ts';
import type { CaseFinished, RunEnded, RunStarted } from '../run/events.ts';
import { EMBEDDED_TARGET, type RunOptions, type Target } from '../run/options.ts';
import { planOf, runContracts } from '../run/run.ts';
import type { Transport } from '../transport/transport.ts';
import { createWire } from '../transport/wire.ts';
import { caseFailure } from './case-failure.ts';

/** What a run takes, but for what belongs to vitest: filters, retries and the order of things. */
type Passed = Pick<
  RunOptions,
  | 'groups'
  | 'seed'
  | 'allowWrites'
  | 'dialects'
  | 'vars'
  | 'env'
  | 'transport'
  | 'wire'
  | 'faults'
  | 'redactor'
  | 'waivers'
  | 'isForeign'
>;

export interface DescribeOptions extends Passed {
  /** Everything before the path of a resource. Without it and without `transport`: the embedded endpoint. */
  readonly baseUrl?: string;
  /** Headers of every request; null leaves one out. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** The rest of a target, as in a config: `dialect`, `protocol`, `auth`, `seeded`, `writes`. */
  readonly target?: Partial<Omit<Target, 'baseUrl' | 'headers'>>;
  /** Of one case. Default: 60 s, for flows that wait. */
  readonly timeoutMs?: number;
}

/** A case may be a flow whose steps wait and ask again. */
const TIMEOUT_MS = 60_000;

/** Declares one `describe` for each resource, one `it` for each case. */
export function describeContract(contracts: Contract | readonly Contract[], options: DescribeOptions = {}): void {
  const all = isList(contracts) ? contracts : [contracts];
  const runOptions = runOptionsOf(all, options);
  const { cases } = planOf(runOptions);
  for (const contract of all) {
    const { resource } = contract;
    const own = { ...runOptions, about: { rerun: commandOf(contract, options) } };
    const mine = cases.filter((one) => one.contract.resource === resource);
    describe(resource, () => {
      let wire: Transport | null = null;
      if (runOptions.target?.baseUrl !== null && options.transport === undefined) {
        beforeAll(() => void (wire = createWire({ ...options.wire })));
        afterAll(() => wire?.close());
      }
      if (mine.length === 0)
        it('has cases', () => {
          throw new Error(`Nothing of ${resource} was selected, so nothing is tested`);
        });

      for (const { id } of mine) {
        it(id.slice(resource.length + 1), { timeout: options.timeoutMs ?? TIMEOUT_MS }, async (context) => {
          const { run, finished, ended } = await runOne(wire === null ? own : { ...own, transport: wire }, id);
          for (const left of ended?.leftBehind ?? []) await context.annotate(left, 'warning');
          const { verdict, skipReason } = finished;
          if (verdict === 'skip' || verdict === 'blocked') context.skip(`${verdict}: ${skipReason ?? ''}`);
          else if (verdict === 'fail' || verdict === 'error') throw caseFailure(finished, run);
        });
      }
    });
  }
}

async function runOne(
  options: RunOptions,
  id: string,
): Promise<{ readonly run: RunStarted | null; readonly finished: CaseFinished; readonly ended: RunEnded | null }> {
  const only = { pattern: id, matches: (other: string) => other === id };
  let run: RunStarted | null = null;
  let finished: CaseFinished | null = null;
  let ended: RunEnded | null = null;
  for await (const event of runContracts({ ...options, filters: { ...NO_FILTERS, cases: [only] } })) {
    if (event.type === 'run') run = event;
    if (event.type === 'case') finished = event;
    if (event.type === 'end') ended = event;
  }
  if (finished === null) throw new Error(`Failed to run ${id}: it is no longer in the plan`);
  return { run, finished, ended };
}

function runOptionsOf(contracts: readonly Contract[], options: DescribeOptions): RunOptions {
  const { baseUrl, headers, target, timeoutMs: _, ...passed } = options;
  const url = baseUrl ?? (options.transport === undefined ? null : 'http://localhost');
  const isEmbedded = url === null;
  return {
    ...passed,
    contracts,
    coverage: false,
    concurrency: 1,
    inProcess: isEmbedded,
    target: {
      ...EMBEDDED_TARGET,
      ...(isEmbedded ? {} : { name: 'base-url', seeded: false, writes: false }),
      ...target,
      baseUrl: url === null ? null : url.replace(/\/+$/, ''),
      headers: new Map(Object.entries(headers ?? {})),
    },
  };
}

/** What runs the contract from a shell. */
function commandOf(contract: Contract, { baseUrl }: DescribeOptions): string {
  return `restli-contract run ${contract.file}${baseUrl === undefined ? '' : ` --base-url ${baseUrl}`}`;
}

function isList(contracts: Contract | readonly Contract[]): contracts is readonly Contract[] {
  return Array.isArray(contracts);
}
