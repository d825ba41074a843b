/** What was judged of other people's traffic, as the stream that every reporter reads. */
import type { Contract } from '../contract/contract.ts';
import { DIALECTS } from '../protocol/dialects.ts';
import {
  VERDICTS,
  SCHEMA_VERSION,
  type CaseFinished,
  type RunEnded,
  type RunStarted,
  type VerdictName,
} from '../run/events.ts';
import { eventExchange, eventViolation, rounded } from '../run/evidence.ts';
import { exitCodeOf } from '../run/exit-code.ts';
import type { Exchange } from '../transport/exchange.ts';
import { failure } from '../transport/failure.ts';
import type { Redactor } from '../transport/redact.ts';
import type { JudgeOptions, Judged } from './judge.ts';

export interface About {
  /** `traffic`, `mock` or `proxy`. */
  readonly command: string;
  readonly version: string;
  readonly commandLine: string;
  readonly gitRevision: string | null;
  readonly node: string;
  readonly platform: string;
  readonly notes: readonly string[];
}

export interface Start {
  readonly about: About;
  readonly target: RunStarted['target'];
  readonly contracts: readonly Contract[];
  readonly options: JudgeOptions;
  readonly startedAt: Date;
  /** Entries of a recording; 0 where nobody knows how many will come. */
  readonly entries: number;
  readonly redactor: Redactor;
}

export function trafficStarted({ about, target, contracts, options, startedAt, entries, redactor }: Start): RunStarted {
  return {
    type: 'run',
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'restli-contract', version: about.version },
    command: about.command,
    rerun: redactor.redactText(about.commandLine),
    target: { ...target, baseUrl: target.baseUrl === null ? null : redactor.redactText(target.baseUrl) },
    seed: 0,
    groups: [GROUP],
    startedAt: startedAt.toISOString(),
    gitRevision: about.gitRevision,
    environment: { node: about.node, platform: about.platform },
    contracts: contracts.map((contract) => {
      const dialect = dialectOf(contract, options);
      return {
        resource: contract.resource,
        file: contract.file,
        hash: contract.hash,
        kind: contract.kind,
        dialect: dialect.name,
        protocol: contract.protocol ?? dialect.protocol[0],
        path: contract.path,
        doc: contract.doc,
        operations: contract.operations.map(({ method, name }) => ({ method, name })),
      };
    }),
    planned: { total: entries, selected: entries },
    planHash: '',
    shard: null,
    notes: about.notes.map((note) => redactor.redactText(note)),
  };
}

const GROUP = 'traffic';

function dialectOf(contract: Contract, { dialect, dialects }: JudgeOptions): (typeof DIALECTS)['restli'] {
  if (dialect !== undefined && typeof dialect !== 'string') return dialect;
  const name = dialect ?? contract.dialect;
  return dialects.get(name) ?? (name === DIALECTS.linkedin.name ? DIALECTS.linkedin : DIALECTS.restli);
}

/** Where an exchange comes from: `calls.har#3@1204`, `#17`; and the same in words. */
export interface Origin {
  readonly id: string;
  readonly reason: string;
  /** Why it is not judged; null: it is. */
  readonly unjudged: string | null;
}

/** The event of one exchange. */
export function trafficCase(exchange: Exchange, judged: Judged, origin: Origin, redactor: Redactor): CaseFinished {
  const { judgement, checks } = judged;
  const { contract, operation, asked } = judgement;
  const isJudged = origin.unjudged === null && judged.verdict !== 'skip';
  const method = asked?.method ?? null;
  const violations = isJudged ? judged.violations.map((one) => eventViolation(one, method, redactor)) : [];
  const failed = violations.filter(({ level }) => level === 'must').length;
  const verdict: VerdictName = isJudged ? judged.verdict : 'skip';
  const { verb, target } = exchange.request;
  return {
    type: 'case',
    id: `${contract?.resource ?? 'uncovered'}/${method ?? 'none'}/${origin.id}`,
    contract:
      contract === null
        ? null
        : { file: contract.file, hash: contract.hash, ...placeOf(contract, operation?.pointer ?? '') },
    resource: contract?.resource ?? null,
    method,
    operation: operation?.name ?? null,
    group: GROUP,
    derived: false,
    reason: origin.reason,
    name: redactor.redactText(`${verb} ${target}`),
    verdict,
    durationMs: rounded(exchange.durationMs),
    attempts: [{ verdict, exchanges: [eventExchange(shown(exchange), null, redactor)], violations }],
    checks: isJudged ? { total: Math.max(checks, failed), failed } : { total: 0, failed: 0 },
    violations,
    tags: [],
    waiver: null,
    skipReason: isJudged
      ? null
      : (origin.unjudged ?? `no contract covers ${redactor.redactText(`${verb} ${pathOf(target)}`)}`),
  };
}

/** Where nobody kept the answer, reports say so instead of guessing. */
function shown(exchange: Exchange): Exchange {
  if (exchange.response !== null || exchange.failure !== null) return exchange;
  return { ...exchange, failure: failure('not-recorded', 'The answer was not recorded.') };
}

function placeOf(contract: Contract, pointer: string): { readonly line: number; readonly col: number } {
  const { line, col } = contract.locate(pointer);
  return { line, col };
}

function pathOf(target: string): string {
  return target.split('?', 1)[0] ?? target;
}

/** Counts verdicts as events pass, for the last event. */
export class VerdictCount {
  readonly #verdicts: Record<VerdictName, number> = {
    pass: 0,
    fail: 0,
    error: 0,
    flaky: 0,
    waived: 0,
    blocked: 0,
    skip: 0,
  };

  add(verdict: VerdictName): void {
    this.#verdicts[verdict] += 1;
  }

  get total(): number {
    return VERDICTS.reduce((sum, verdict) => sum + this.#verdicts[verdict], 0);
  }

  get broken(): number {
    return this.#verdicts.fail + this.#verdicts.error;
  }

  get skipped(): number {
    return this.#verdicts.skip;
  }

  ended(durationMs: number): RunEnded {
    const { code } = exitCodeOf({
      verdicts: this.#verdicts,
      selected: this.total,
      sharded: false,
      strict: false,
      signal: null,
      misused: false,
      broken: false,
    });
    return {
      type: 'end',
      verdicts: { ...this.#verdicts },
      selected: this.total,
      run: this.total - this.#verdicts.skip,
      durationMs: Math.round(durationMs),
      exitCode: code,
      interrupted: null,
      leftBehind: [],
    };
  }
}
