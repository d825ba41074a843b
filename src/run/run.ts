/**
 * A run: plans the cases, sends them to an endpoint, judges the answers, and yields the events of it in plan order.
 * Nothing is held longer than until its turn to be yielded.
 */
import { EMBEDDED, planCases, type Plan } from '../plan/plan.ts';
import type { Case } from '../plan/case.ts';
import { isLoopback } from '../transport/loopback.ts';
import { createRedactor } from '../transport/redact.ts';
import { caseContext, dialectOf } from './case-context.ts';
import { addressesOf } from './compare.ts';
import { compareCase, type Comparison } from './compare-case.ts';
import { Coverage, coverageEvent, shortfallsOf } from './coverage.ts';
import { openEndpoint, type Endpoint } from './endpoint.ts';
import {
  VERDICTS,
  type CaseFinished,
  type CoverageMeasured,
  type RunEvent,
  type RunStarted,
  type VerdictName,
} from './events.ts';
import { exitCodeOf } from './exit-code.ts';
import { Finisher, type NotRun } from './finish.ts';
import { DEFAULT_CONCURRENCY, EMBEDDED_TARGET, SYSTEM_CLOCK, type RunOptions, type Target } from './options.ts';
import { Shrinker } from './shrinker.ts';
import { Silence } from './silence.ts';
import { runCase, type CaseContext, type CaseOutcome } from './run-case.ts';
import { startedEvent } from './started.ts';
import { inPlanOrder, type Claim } from './schedule.ts';

/**
 * Runs contracts against an endpoint.
 *
 * @returns `run`, then one `case` for each selected case in plan order, `coverage`, `end`; all already redacted. Ending the
 *   iteration early stops the run; cleanup is done before the iterator returns
 * @throws ServeError when the embedded endpoint cannot be opened; nothing that an endpoint does is thrown
 */
export async function* runContracts(options: RunOptions): AsyncGenerator<RunEvent, void, undefined> {
  const run = new Run(options);
  try {
    await run.open();
    yield run.started();
    for await (const outcomes of run.outcomes()) {
      for (const outcome of outcomes) yield run.finished(outcome);
    }
    const coverage = run.covered();
    if (coverage !== null) yield coverage;
    yield run.ended(coverage);
  } finally {
    await run.close();
  }
}

/** The plan that `runContracts` would follow with the same options. */
export function planOf(options: RunOptions): Plan {
  const target = options.target ?? EMBEDDED_TARGET;
  return planCases(options.contracts, {
    ...(options.groups === undefined ? {} : { groups: options.groups }),
    ...(options.filters === undefined ? {} : { filters: options.filters }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    target:
      target.baseUrl === null
        ? { ...EMBEDDED, protocol: target.protocol }
        : {
            name: target.name,
            live: true,
            seeded: target.seeded,
            writes: mayWrite(options, target),
            allowsWrites: options.allowWrites === true || target.writes,
            base: pathOf(target.baseUrl),
            protocol: target.protocol,
          },
    dialectOf: dialectOf(options, target),
    headers: new Map([...target.headers, ...(options.headers ?? [])]),
  });
}

/** `/rest` of `https://api.linkedin.com/rest/`. */
function pathOf(baseUrl: string): string {
  return baseUrl.replace(/^[a-z]+:\/\/[^/]+/i, '').replace(/\/+$/, '');
}

function mayWriteTo({ allowWrites, isForeign = isElsewhere }: RunOptions, { baseUrl, writes }: Target): boolean {
  return baseUrl === null || writes || allowWrites === true || !isForeign(baseUrl);
}

/** Where two endpoints are compared, what writes goes to both. */
function mayWrite(options: RunOptions, target: Target): boolean {
  const { baseline } = options;
  return mayWriteTo(options, target) && (baseline === undefined || mayWriteTo(options, baseline));
}

function isElsewhere(origin: string): boolean {
  return !isLoopback(origin);
}

class Run {
  readonly #options: RunOptions;
  readonly #target: Target;
  readonly #plan: Plan;
  readonly #writes: boolean;
  readonly #startedAt: Date;
  readonly #startedMs: number;
  readonly #redactor;
  readonly #finisher: Finisher;
  readonly #verdicts: Record<VerdictName, number> = {
    pass: 0,
    fail: 0,
    error: 0,
    flaky: 0,
    waived: 0,
    blocked: 0,
    skip: 0,
  };
  readonly #leftBehind: string[] = [];
  readonly #coverage: Coverage | null;
  readonly #silence = new Silence();
  #endpoint: Endpoint | null = null;
  #baseline: Endpoint | null = null;
  #failures = 0;
  readonly #shrinker: Shrinker;

  constructor(options: RunOptions) {
    const { clock = SYSTEM_CLOCK } = options;
    this.#options = options;
    this.#target = options.target ?? EMBEDDED_TARGET;
    this.#plan = planOf(options);
    this.#writes = mayWrite(options, this.#target);
    this.#startedAt = clock.now();
    this.#startedMs = clock.monotonic();
    this.#redactor = options.redactor ?? createRedactor();
    this.#coverage =
      options.coverage === false ? null : new Coverage(options.contracts, dialectOf(options, this.#target));
    this.#shrinker = new Shrinker(options, this.#target.baseUrl !== null, this.#startedAt.getTime(), this.#redactor);
    this.#finisher = new Finisher({
      plan: this.#plan,
      waivers: options.waivers ?? [],
      target: this.#target.name,
      today: this.#startedAt.toISOString().slice(0, 10),
      redactor: this.#redactor,
    });
  }

  async open(): Promise<void> {
    this.#endpoint = await openEndpoint(this.#options, this.#target, this.#redactor);
    const { baseline } = this.#options;
    if (baseline !== undefined) this.#baseline = await openEndpoint(this.#options, baseline, this.#redactor);
  }

  async close(): Promise<void> {
    await this.#endpoint?.close();
    await this.#baseline?.close();
  }

  started(): RunStarted {
    return startedEvent(this.#options, {
      target: this.#target,
      plan: this.#plan,
      writes: this.#writes,
      startedAt: this.#startedAt,
      redactor: this.#redactor,
      dialectOf: dialectOf(this.#options, this.#target),
    });
  }

  /** Batches in plan order; each outcome is to be `finished` in turn. */
  outcomes(): AsyncGenerator<readonly (CaseOutcome | NotRun)[]> {
    const context = this.#context();
    const comparison = this.#comparison(context);
    const { concurrency = DEFAULT_CONCURRENCY } = this.#options;
    const isMock = this.#target.baseUrl === null;
    return inPlanOrder<Case, CaseOutcome | NotRun>(this.#plan.cases, {
      concurrency,
      claims: isMock && this.#baseline === null ? noClaim : claimOf,
      work: (one, index) =>
        this.#notRun(one) ?? this.#run(one, context, comparison, isMock && one.alone ? `c${index + 1}` : null),
      stopped: () => this.#isStopped,
    });
  }

  /** What the cases that were run exercised; null when it was not measured. */
  covered(): CoverageMeasured | null {
    return this.#coverage === null
      ? null
      : coverageEvent(this.#coverage.rows(), this.#options.minCoverage ?? new Map());
  }

  ended(coverage: CoverageMeasured | null): RunEvent {
    // A shard exercises its part only: what is asked of the whole is judged when the shards are merged.
    const isWhole = (this.#options.filters?.shard ?? null) === null;
    const shortfalls = coverage === null || !isWhole ? [] : shortfallsOf(coverage);
    const { signal, strict = false, filters, clock = SYSTEM_CLOCK } = this.#options;
    const interrupted = signal?.aborted === true ? reasonOf(signal) : null;
    const executed = this.#plan.cases.length === 0 ? 0 : this.#executed;
    const { code } = exitCodeOf({
      verdicts: this.#verdicts,
      selected: this.#plan.cases.length,
      sharded: (filters?.shard ?? null) !== null,
      strict,
      signal: interrupted,
      misused: false,
      broken: false,
      short: shortfalls.length > 0,
    });
    return {
      type: 'end',
      verdicts: { ...this.#verdicts },
      selected: this.#plan.cases.length,
      run: executed,
      durationMs: Math.round(clock.monotonic() - this.#startedMs),
      exitCode: code,
      interrupted,
      leftBehind: this.#leftBehind.map((text) => this.#redactor.redactText(text)),
      ...(shortfalls.length === 0 ? {} : { shortfalls }),
    };
  }

  get #executed(): number {
    return VERDICTS.reduce(
      (sum, verdict) => (verdict === 'skip' || verdict === 'blocked' ? sum : sum + this.#verdicts[verdict]),
      0,
    );
  }

  get #isStopped(): boolean {
    return this.#options.signal?.aborted === true;
  }

  /** Why a case is not sent; null when it is. */
  #notRun(one: Case): NotRun | null {
    if (one.skip !== null) return { one, verdict: 'skip', reason: one.skip };
    const { bail = 0 } = this.#options;
    if (bail > 0 && this.#failures >= bail) {
      return { one, verdict: 'skip', reason: `not begun: --bail after ${bail} failure${bail === 1 ? '' : 's'}` };
    }
    if (one.blocked !== null) return { one, verdict: 'blocked', reason: one.blocked };
    const silence = this.#target.baseUrl === null ? null : this.#silence.reason;
    if (silence !== null) return { one, verdict: 'blocked', reason: silence };
    if (one.writes && !this.#writes) return { one, verdict: 'skip', reason: WRITES_OFF };
    return null;
  }

  async #run(
    one: Case,
    context: CaseContext,
    comparison: Comparison | null,
    session: string | null,
  ): Promise<CaseOutcome> {
    const outcome = await (comparison === null
      ? runCase(one, context, session)
      : compareCase(one, comparison, session));
    this.#silence.note(outcome);
    const last = outcome.attempts[outcome.attempts.length - 1];
    if (last === undefined || last.verdict === 'pass' || last.blocked !== null) return outcome;

    this.#failures += 1;
    return comparison === null && !this.#isStopped ? this.#shrinker.shrunk(outcome, context, session) : outcome;
  }

  #comparison(context: CaseContext): Comparison | null {
    const { baseline: target, clock = SYSTEM_CLOCK } = this.#options;
    const endpoint = this.#baseline;
    if (endpoint === null || target === undefined) return null;
    return {
      context,
      baseline: caseContext(this.#options, { target, endpoint, redactor: this.#redactor }),
      now: () => clock.now().getTime(),
      addresses: addressesOf(target.baseUrl ?? '', this.#target.baseUrl ?? ''),
    };
  }

  finished(outcome: CaseOutcome | NotRun): CaseFinished {
    const event = 'attempts' in outcome ? this.#finisher.finish(outcome) : this.#finisher.notRun(outcome);
    if ('attempts' in outcome && outcome.leftBehind.length > 0) this.#leftBehind.push(...outcome.leftBehind);
    this.#verdicts[event.verdict] += 1;
    return event;
  }

  #context(): CaseContext {
    const endpoint = this.#endpoint;
    if (endpoint === null) throw new Error('Failed to run cases: the endpoint was not opened');

    const coverage = this.#coverage;
    return {
      ...caseContext(this.#options, { target: this.#target, endpoint, redactor: this.#redactor }),
      ...(coverage === null ? {} : { seen: (asked, exchange, body) => coverage.see(asked, exchange, body) }),
    };
  }
}

const WRITES_OFF =
  'writes to a host that is not this machine are off: --allow-writes, or `writes: true` of the target, turns them on';

/** The embedded endpoint gives each case that writes a state of its own. */
function noClaim(): null {
  return null;
}

function claimOf(one: Case): Claim {
  if (one.steps.length === 1) return { names: [one.contract.resource], alone: one.alone };
  return {
    names: [...new Set([...one.steps, ...one.cleanup].map(({ contract }) => contract.resource))],
    alone: one.alone,
  };
}

function reasonOf(signal: AbortSignal): string {
  const reason: unknown = signal.reason;
  return typeof reason === 'string' ? reason : 'aborted';
}
