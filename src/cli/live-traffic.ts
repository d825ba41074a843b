/**
 * What `mock` and `proxy` do with every exchange that passes: judge it, show it, count it, record it, and hand it to the
 * reporters. Nothing of it is kept.
 */
import type { Contract } from '../contract/contract.ts';
import type { MethodName } from '../protocol/methods.ts';
import type { OutputError } from '../report/write.ts';
import type { RunEvent, RunStarted } from '../run/events.ts';
import { trafficCase, trafficStarted, VerdictCount, type About } from '../traffic/events.ts';
import { CredentialLearner } from '../traffic/learn-credentials.ts';
import { judgeExchange, type JudgeOptions, type Judged } from '../traffic/judge.ts';
import type { Exchange } from '../transport/exchange.ts';
import type { Redactor } from '../transport/redact.ts';
import type { Console } from './console.ts';
import { deliver, type Delivered } from './deliver.ts';
import { EventQueue } from './event-queue.ts';
import type { ReporterPlan } from './outputs.ts';
import type { Recorder } from './recorder.ts';
import { seenLines } from './seen-lines.ts';

export interface LiveOptions {
  readonly console: Console;
  readonly contracts: readonly Contract[];
  readonly judge: JudgeOptions;
  readonly redactor: Redactor;
  readonly about: About;
  readonly target: RunStarted['target'];
  /** Reporters asked for; none: only lines and the summary. */
  readonly plans: readonly ReporterPlan[];
  readonly recorder: Recorder | null;
  /** Whether requests get no line; those that break a contract always do. */
  readonly quiet: boolean;
}

export class LiveTraffic {
  readonly #options: LiveOptions;
  readonly #queue: EventQueue<RunEvent> | null;
  readonly #delivered: Promise<Delivered> | null;
  readonly #credentials: CredentialLearner;
  readonly #count = new VerdictCount();
  readonly #methods = new Map<MethodName, number>();
  readonly #rules = new Map<string, number>();
  readonly #startedMs = performance.now();
  #number = 0;
  /** Lines of this turn of the event loop. */
  #lines = '';

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#credentials = new CredentialLearner(options.redactor);
    const { contracts, judge, redactor, about, target, plans, console } = options;
    if (plans.length === 0) {
      this.#queue = null;
      this.#delivered = null;
      return;
    }
    this.#queue = new EventQueue();
    this.#queue.push(
      trafficStarted({ about, target, contracts, options: judge, startedAt: new Date(), entries: 0, redactor }),
    );
    this.#delivered = deliver(this.#queue, plans, { console, strict: false, live: false });
  }

  /**
   * @param unjudged - why it is only counted; null: it is judged
   * @param known - what the judge said of it already
   */
  see(exchange: Exchange, unjudged: string | null, known: Judged | null = null): void {
    const { contracts, judge, redactor, recorder, quiet } = this.#options;
    this.#number += 1;
    this.#credentials.learn(exchange);
    const judged = known ?? judgeExchange(exchange, contracts, judge);
    const verdict = unjudged === null ? judged.verdict : 'skip';
    this.#count.add(verdict);
    const method = judged.judgement.asked?.method;
    if (method !== undefined) this.#methods.set(method, (this.#methods.get(method) ?? 0) + 1);
    if (verdict === 'fail') {
      const broken = judged.violations.filter(({ level }) => level === 'must').map(({ rule }) => rule);
      for (const rule of new Set(broken)) this.#rules.set(rule, (this.#rules.get(rule) ?? 0) + 1);
    }
    if (!quiet || verdict === 'fail' || verdict === 'error') {
      const lines = seenLines(exchange, { ...judged, verdict }, unjudged);
      this.#show(`${redactor.redactText(lines.join('\n'))}\n`);
    }
    if (recorder !== null) recorder.write(redactor.redactExchange(exchange));
    if (this.#queue === null) return;
    const { reason, id } = { reason: `request ${this.#number}`, id: `#${this.#number}` };
    this.#queue.push(trafficCase(exchange, judged, { id, reason, unjudged }, redactor));
  }

  /** Standard error is written at once, and a write costs as much as the answer to a read (4 us): one write a turn. */
  #show(line: string): void {
    if (this.#lines === '') setImmediate(() => this.#flush());
    this.#lines += line;
  }

  #flush(): void {
    if (this.#lines !== '') this.#options.console.err(this.#lines);
    this.#lines = '';
  }

  get brokenCount(): number {
    return this.#count.broken;
  }

  /** The last words, and what the outputs came to. @returns whether one of them could not be written */
  async end(): Promise<boolean> {
    this.#queue?.push({ ...this.#count.ended(performance.now() - this.#startedMs) });
    this.#queue?.close();
    this.#flush();
    const delivered = await this.#delivered;
    const failed = await this.#options.recorder?.finish();
    this.#summarise();
    this.#tell(failed ?? []);
    return delivered?.failed === true || (failed ?? []).length > 0;
  }

  #tell(failed: readonly OutputError[]): void {
    for (const { message } of failed) this.#options.console.err(`error: ${message}\n`);
  }

  #summarise(): void {
    const { console } = this.#options;
    const { total, broken, skipped } = this.#count;
    const uncovered = skipped === 0 ? '' : `, ${skipped} not judged`;
    console.err(`${total} request${total === 1 ? '' : 's'}, ${broken} against the contract${uncovered}\n`);
    if (this.#methods.size > 0) {
      const reached = [...this.#methods].toSorted(([, a], [, b]) => b - a).map(([name, count]) => `${name} ${count}`);
      console.err(`  reached  ${reached.join(', ')}\n`);
    }
    for (const [rule, count] of [...this.#rules].toSorted(([, a], [, b]) => b - a))
      console.err(`  ${String(count).padStart(7)}  ${rule}\n`);
  }
}
