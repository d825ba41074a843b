/**
 * Runs one case: its steps in order, again where it may be asked again, then its cleanup, whatever happened before.
 * Nothing here throws for what an endpoint does.
 */
import type { Contract } from '../contract/contract.ts';
import type { Scope } from '../contract/interpolate.ts';
import type { TraceEntry } from '../laws/law.ts';
import type { Case, Step } from '../plan/case.ts';
import { fillExpectation } from '../plan/fill-expectation.ts';
import type { Prepared, Preparer } from '../plan/prepare.ts';
import type { Dialect } from '../protocol/dialects.ts';
import type { Json } from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import type { Exchange, HttpRequest } from '../transport/exchange.ts';
import { escapeSegment } from '../protocol/pointer.ts';
import type { Asked } from '../verify/asked.ts';
import { captureFrom } from '../verify/capture.ts';
import { checkResponse } from '../verify/check-response.ts';
import { createdKey, keyOf } from '../verify/created-key.ts';
import { Findings, placeOf } from '../verify/findings.ts';
import { outcomesOf } from '../verify/outcomes.ts';
import { verdictOf } from '../verify/verdict.ts';
import type { Violation } from '../verify/violation.ts';
import { createdBy, sweep, type Created } from './created.ts';
import { lawViolations } from './law-violations.ts';
import type { Paste } from './paste.ts';

/** What a case needs of its run. */
export interface CaseContext {
  readonly preparer: Preparer;
  readonly dialectOf: (contract: Contract) => Dialect;
  /** Everything before the path of a resource. */
  readonly baseUrlOf: (contract: Contract, dialect: Dialect) => string;
  /** Variables of a contract, captures of the case first. */
  readonly scopeOf: (contract: Contract, captures: ReadonlyMap<string, Json>) => Scope;
  /** `session` names the state of the embedded endpoint; `cleanup` requests are sent although the run was stopped. */
  readonly send: (request: HttpRequest, options: SendOptions) => Promise<Exchange>;
  readonly endSession: (session: string) => void;
  /** Whether what cases create stays there until it is removed. */
  readonly keepsState: boolean;
  /** Times that a failed case is run again; one that passes then is flaky. */
  readonly retries: number;
  /** Resolves early when the run is stopped. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
  readonly stopped: () => boolean;
  /** Told of every exchange once it was judged; `body`: the decoded answer. */
  readonly seen?: (asked: Asked, exchange: Exchange, body: Json | undefined) => void;
}

export interface SendOptions {
  readonly session: string | null;
  readonly timeoutMs: number | null;
  readonly cleanup: boolean;
  /** Whether the target's authorization is left out. */
  readonly anonymous: boolean;
  /** What the request is for. */
  readonly step: Step;
}

export interface StepExchange {
  /** Name of the step; null in a case of one request. */
  readonly step: string | null;
  readonly exchange: Exchange;
  /** What another endpoint answered to the same request, where two are compared. */
  readonly baseline?: Exchange;
}

export interface AttemptOutcome {
  readonly verdict: 'pass' | 'fail' | 'error';
  readonly exchanges: readonly StepExchange[];
  readonly violations: readonly Violation[];
  readonly checks: number;
  /** What was not there for the case to begin or go on; then the verdict does not count. */
  readonly blocked: string | null;
}

export interface CaseOutcome {
  readonly one: Case;
  readonly attempts: readonly AttemptOutcome[];
  readonly durationMs: number;
  /** Cleanup that failed, one sentence each. */
  readonly leftBehind: readonly string[];
  /** The failure as a case or flow to paste into the contract; it may hold secrets. */
  readonly paste?: Paste;
}

/** @param session - names the state of the embedded endpoint that the first attempt has for itself; null: the shared one */
export async function runCase(one: Case, context: CaseContext, session: string | null): Promise<CaseOutcome> {
  const startedAt = context.monotonic();
  const attempts: AttemptOutcome[] = [];
  const leftBehind: string[] = [];
  for (let round = 0; round <= context.retries; round += 1) {
    const state = session === null || round === 0 ? session : `${session}.${round}`;
    const run = new Attempt(one, context, state);
    const attempt = await run.steps();
    attempts.push(attempt);
    const cleaning = run.cleanUp();
    if (cleaning !== null) leftBehind.push(...(await cleaning));
    if (state !== null) context.endSession(state);
    if (attempt.verdict === 'pass' || attempt.blocked !== null || context.stopped()) break;
  }
  return { one, attempts, durationMs: context.monotonic() - startedAt, leftBehind };
}

const NO_VIOLATIONS: readonly Violation[] = [];

/** A cleanup may not hold up the end of a run that was interrupted. */
const CLEANUP_MS = 10_000;

/** One pass through the steps of a case, with what it captured and created. */
class Attempt {
  readonly #one: Case;
  readonly #context: CaseContext;
  readonly #session: string | null;
  readonly #exchanges: StepExchange[] = [];
  #violations: readonly Violation[] = [];
  #captures: Map<string, Json> | null = null;
  #created: Created[] | null = null;
  readonly #trace: TraceEntry[] | null;
  /** Entry of the trace -> exchange of the case: what makes a law ready is not in the trace. */
  readonly #traced: number[] = [];
  #checks = 0;
  /** Whether the last answer says all that the check has to know. */
  #isTold = false;

  constructor(one: Case, context: CaseContext, session: string | null) {
    this.#one = one;
    this.#context = context;
    this.#session = session;
    this.#trace = one.check === null ? null : [];
  }

  async steps(): Promise<AttemptOutcome> {
    const { steps, check, contract, operation, pointer } = this.#one;
    let index = 0;
    for (const step of steps) {
      const ended = await this.#step(step, steps.length === 1 ? null : nameOf(step, index));
      if (ended !== null) return ended;
      if (this.#isTold) break;
      index += 1;
    }
    if (check !== null && this.#trace !== null) {
      const dialect = this.#context.dialectOf(contract);
      const findings = check(this.#trace).map((finding) => ({
        ...finding,
        exchange: this.#traced[finding.exchange] ?? 0,
      }));
      const found = lawViolations(findings, { contract, operation, pointer, dialect });
      this.#checks += 1;
      this.#violations = [...this.#violations, ...found];
    }
    return this.#outcome(verdictOf(this.#violations, null), null);
  }

  /**
   * Cleanup steps of the author, then what the case created and did not remove.
   *
   * @returns what could not be removed; null: there is nothing to clean up, which is worth no turn of the event loop
   */
  cleanUp(): Promise<readonly string[]> | null {
    return this.#one.cleanup.length === 0 && this.#created === null ? null : this.#tidyAll();
  }

  async #tidyAll(): Promise<readonly string[]> {
    const left: string[] = [];
    for (const [index, step] of this.#one.cleanup.entries()) {
      const problem = await this.#tidy(step, 'skip');
      if (problem !== null) left.push(`${this.#one.id}: cleanup ${nameOf(step, index)} ${problem}`);
    }
    if (this.#created !== null) {
      const stayed = await sweep(this.#created, (step) => this.#tidy(step, 'tell'));
      left.push(...stayed.map((problem) => `${this.#one.id}: ${problem}`));
    }
    return left;
  }

  /** Runs a step, again as its `retry` says; null: go on with the next one. */
  async #step(step: Step, name: string | null): Promise<AttemptOutcome | null> {
    const { spec } = step;
    const prepared = this.#prepare(step);
    if ('problem' in prepared) return this.#outcome('pass', prepared.problem);

    const { asked, request } = prepared;
    const scope = this.#scope(step.contract);
    const expectation = spec.expect === null ? null : fillExpectation(spec.expect, scope);
    if (expectation !== null && 'problem' in expectation) return this.#outcome('pass', expectation.problem);

    const sent = step.rewrite?.(request) ?? request;
    const times = spec.retry?.times ?? 0;
    for (let round = 0; ; round += 1) {
      const index = this.#exchanges.length;
      const exchange = await this.#context.send(sent, {
        session: this.#session,
        timeoutMs: spec.timeoutMs,
        cleanup: false,
        anonymous: prepared.anonymous,
        step,
      });
      this.#exchanges.push({ step: name, exchange });
      const judged = checkResponse(asked, exchange, expectation, { exchangeIndex: index });
      this.#checks += judged.checks;
      this.#context.seen?.(asked, exchange, judged.body);
      // The answers of a law are judged by its check alone: what else is wrong with them fails other cases.
      const violations = step.expects === undefined || exchange.failure !== null ? judged.violations : NO_VIOLATIONS;
      const verdict = verdictOf(violations, exchange.failure);
      if (verdict === 'pass' || round >= times || this.#context.stopped()) {
        this.#remember(step, prepared, exchange, judged.body);
        if (violations.length > 0) this.#violations = [...this.#violations, ...violations];
        return this.#after(step, prepared, exchange, verdict);
      }
      await this.#context.sleep(spec.retry?.everyMs ?? 0);
    }
  }

  /** What a judged step leads to: the end of the case, or its captures and the next step. */
  #after(
    step: Step,
    { asked }: Prepared,
    exchange: Exchange,
    verdict: 'pass' | 'fail' | 'error',
  ): AttemptOutcome | null {
    if (verdict !== 'pass') {
      const blocked = step.setup === true ? `${nameOf(step, 0)}, which should make it ready, did not succeed` : null;
      return this.#outcome(verdict, blocked);
    }
    const status = exchange.response?.status ?? 0;
    if (step.unjudged?.includes(status) === true)
      return this.#outcome('pass', `the answer ${status} is about who asks, and says nothing of what was asked`);
    if (step.expects === 'taken' && status >= 500) {
      this.#isTold = true;
      return null;
    }
    if ((step.expects === 'success' || step.expects === 'taken') && (status < 200 || status >= 300)) {
      return this.#outcome(
        'pass',
        `${nameOf(step, 0)} was answered ${status}, so there is nothing to judge the law on`,
      );
    }
    for (const [variable, place] of step.spec.capture) {
      const value = captureFrom(asked, exchange, place);
      if (value === undefined) {
        if (step.setup === true || step.expects !== undefined)
          return this.#outcome('pass', `${nameOf(step, 0)} answered nothing at \`${place}\` to work on`);
        this.#violations = [
          ...this.#violations,
          captureViolation(step, asked, variable, place, this.#exchanges.length - 1),
        ];
        return this.#outcome('fail', null);
      }
      (this.#captures ??= new Map()).set(variable, value);
    }
    return null;
  }

  #remember(step: Step, { asked }: Prepared, exchange: Exchange, body: Json | undefined): void {
    const { response } = exchange;
    if (this.#context.keepsState && response !== null && profileOf(asked.method).effect !== 'reads') {
      this.#created = createdBy(asked, exchange, this.#created, step.setup === true);
    }
    if (step.setup === true || this.#trace === null) return;
    this.#traced.push(this.#exchanges.length - 1);
    this.#trace.push({
      contract: asked.contract,
      operation: asked.operation,
      exchange,
      asked,
      status: response?.status ?? 0,
      body,
      outcomes: outcomesOf(asked, body),
      created: response === null ? null : keyOf(createdKey(asked, response)),
    });
  }

  /**
   * Sends a request of the cleanup; that what it removes is gone already is fine.
   *
   * @param unprepared - what a variable that was never captured means: its entity was never made, or it must be told
   */
  async #tidy(step: Step, unprepared: 'skip' | 'tell'): Promise<string | null> {
    const prepared = this.#prepare(step);
    if ('problem' in prepared) return unprepared === 'skip' ? null : `could not be written: ${prepared.problem}`;

    const timeoutMs = Math.min(step.spec.timeoutMs ?? CLEANUP_MS, CLEANUP_MS);
    const exchange = await this.#context.send(prepared.request, {
      session: this.#session,
      timeoutMs,
      cleanup: true,
      anonymous: prepared.anonymous,
      step,
    });
    const { response, failure } = exchange;
    if (failure !== null || response === null) return `had no answer: ${failure?.message ?? 'nothing came'}`;
    // What the author's cleanup removed need not be removed again.
    if (this.#created !== null) this.#created = createdBy(prepared.asked, exchange, this.#created, false);
    const { status } = response;
    return (status >= 200 && status < 300) || status === 404 ? null : `was answered ${status}`;
  }

  #outcome(verdict: 'pass' | 'fail' | 'error', blocked: string | null): AttemptOutcome {
    return { verdict, exchanges: this.#exchanges, violations: this.#violations, checks: this.#checks, blocked };
  }

  #prepare(step: Step): ReturnType<Preparer['prepareStep']> {
    return this.#context.preparer.prepareStep(step, this.#scope(step.contract));
  }

  #scope(contract: Contract): Scope {
    return this.#context.scopeOf(contract, this.#captures ?? NO_CAPTURES);
  }
}

const NO_CAPTURES: ReadonlyMap<string, Json> = new Map();

function captureViolation(
  { spec, contract }: Step,
  { dialect }: Asked,
  variable: string,
  place: string,
  exchange: number,
): Violation {
  const findings = new Findings(dialect, null, exchange);
  findings.add('expectation/capture', {
    where: 'body',
    expected: `a value at ${place}`,
    actual: 'nothing',
    message: `Variable \`${variable}\` has no value: the answer holds nothing at \`${place}\`.`,
    at: placeOf(contract, `${spec.pointer}/capture/${escapeSegment(variable)}`),
  });
  const [violation] = findings.violations;
  if (violation === undefined) throw new Error(`Failed to report a capture of ${spec.pointer}: the rule found nothing`);
  return violation;
}

/** How messages call a step. */
function nameOf({ spec }: Step, index: number): string {
  return (
    spec.name ??
    `${spec.method}${spec.operation === null ? '' : ` ${spec.operation}`}${index === 0 ? '' : ` (step ${index + 1})`}`
  );
}
