/** The first event of a run: what is run, against what, by whom. */
import type { Contract } from '../contract/contract.ts';
import type { Plan } from '../plan/plan.ts';
import type { Dialect } from '../protocol/dialects.ts';
import type { Redactor } from '../transport/redact.ts';
import { SCHEMA_VERSION, type RunStarted } from './events.ts';
import type { RunOptions, Target } from './options.ts';

export interface Start {
  readonly target: Target;
  readonly plan: Plan;
  readonly writes: boolean;
  readonly startedAt: Date;
  readonly redactor: Redactor;
  readonly dialectOf: (contract: Contract) => Dialect;
}

export function startedEvent(
  options: RunOptions,
  { target, plan, writes, startedAt, redactor, dialectOf }: Start,
): RunStarted {
  const { about = {}, contracts, filters } = options;
  const { name, baseUrl } = target;
  return {
    type: 'run',
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'restli-contract', version: about.version ?? '' },
    command: 'run',
    rerun: redactor.redactText(about.rerun ?? 'restli-contract run'),
    target: {
      name,
      baseUrl: baseUrl === null ? null : redactor.redactText(baseUrl),
      mode: baseUrl === null ? 'mock' : 'live',
      insecure: options.wire?.tls?.insecure === true,
      writes: writes,
    },
    ...(options.baseline === undefined
      ? {}
      : { baseline: { baseUrl: redactor.redactText(options.baseline.baseUrl ?? '') } }),
    seed: plan.seed,
    groups: plan.groups,
    startedAt: startedAt.toISOString(),
    gitRevision: about.gitRevision ?? null,
    environment: { node: about.node ?? '', platform: about.platform ?? '' },
    contracts: contracts.map((contract) => ({
      resource: contract.resource,
      file: contract.file,
      hash: contract.hash,
      kind: contract.kind,
      dialect: dialectOf(contract).name,
      protocol: target.protocol ?? contract.protocol ?? dialectOf(contract).protocol[0],
      path: contract.path,
      doc: contract.doc,
      operations: contract.operations.map(({ method, name: operation }) => ({ method, name: operation })),
    })),
    planned: { total: plan.total, selected: plan.cases.length },
    planHash: plan.planHash,
    shard: filters?.shard ?? null,
    notes: (about.notes ?? []).map((note) => redactor.redactText(note)),
  };
}
