/**
 * Makes the failures of a run smaller: what may be sent again, how often, and what says whether a smaller case proves the
 * same. On a service only what reads is asked again, for every other attempt would write there once more.
 */
import type { Case } from '../plan/case.ts';
import type { Redactor } from '../transport/redact.ts';
import { checkRequest } from '../verify/check-request.ts';
import { hasConditions } from '../verify/conditions.ts';
import type { RunOptions } from './options.ts';
import { runCase, type CaseContext, type CaseOutcome } from './run-case.ts';
import { shrink } from './shrink.ts';
import { ShrinkQuota } from './shrink-quota.ts';
import type { Twins } from './twins.ts';

/** Replays that all failures beyond the first of their kind share; in this process they cost next to nothing. */
const SHARED_REPLAYS = { embedded: 4_000, service: 400 };

export class Shrinker {
  readonly #options: RunOptions;
  readonly #nowMs: number;
  readonly #redactor: Redactor;
  readonly #isService: boolean;
  readonly #quota: ShrinkQuota;
  /** Opened when first asked; in this process, so that there is nothing to close. */
  #twins: Promise<Twins> | null = null;

  /**
   * @param isService - whether the run speaks to a service, and not to the embedded endpoint
   * @param nowMs - the time that the run began
   */
  constructor(options: RunOptions, isService: boolean, nowMs: number, redactor: Redactor) {
    this.#options = options;
    this.#nowMs = nowMs;
    this.#redactor = redactor;
    this.#isService = isService;
    this.#quota = new ShrinkQuota(SHARED_REPLAYS[isService ? 'service' : 'embedded']);
  }

  /** @param session - of the embedded endpoint, in which the case ran; null: none of its own */
  async shrunk(outcome: CaseOutcome, context: CaseContext, session: string | null): Promise<CaseOutcome> {
    const { one } = outcome;
    const dialect = context.dialectOf(one.contract);
    const basePath = basePathOf(context.baseUrlOf(one.contract, dialect));
    const { contracts, dialects = new Map() } = this.#options;
    // What a replay exercises, no case of the plan does.
    const { seen: _, ...unseen } = context;
    let replays = 0;
    return shrink(outcome, {
      replay: (smaller) =>
        runCase(smaller, { ...unseen, retries: 0 }, session === null ? null : `${session}.s${(replays += 1)}`),
      faultsOf: (request) =>
        checkRequest(request, contracts, { dialects, dialect, basePath })
          .violations.filter(({ level }) => level === 'must')
          .map(({ rule, where, pointer, header, key }) => JSON.stringify([rule, where, pointer, header, key])),
      base: basePath,
      holds: async (whole) => {
        const { outcome: tried } = await (await this.#openTwins()).sound(whole);
        return tried.verdict === 'pass' && tried.blocked === null;
      },
      pair: this.#isService ? null : await this.#openTwins(),
      spend: this.#mayReplay(one) ? this.#quota.spendOn(outcome) : null,
    });
  }

  /**
   * A smaller request to a service could be one that the contract declares an error for, and no twin would tell. A case that
   * waits for its answer would wait as often as it is sent.
   */
  #mayReplay({ writes, operation, steps }: Case): boolean {
    if (steps.some(({ spec }) => spec.retry !== null)) return false;
    return !this.#isService || (!writes && (operation === null || !hasConditions(operation)));
  }

  async #openTwins(): Promise<Twins> {
    this.#twins ??= import('./twins.ts').then(async ({ Twins }) =>
      Twins.open(this.#options, this.#nowMs, this.#redactor),
    );
    return this.#twins;
  }
}

/** `/rest` of `http://host/rest/` */
function basePathOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).pathname.replace(/\/+$/, '') : '';
}
