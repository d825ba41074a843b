/** Gathers from the stream what the page shows: a row for every case, evidence for as many as fit, counts for the rest. */
import type { MethodName } from '../../protocol/methods.ts';
import type { CaseFinished, RunEvent, VerdictName } from '../../run/events.ts';
import { NO_RESOURCE, Tally } from '../tally.ts';
import { anchorOf, caseView, type CaseView } from './case-view.ts';
import { EvidenceStore } from './evidence.ts';
import { HeaderTally } from './header-tally.ts';
import { visibleView } from './visible-view.ts';

/** All that is kept of every case. */
export interface CaseRow {
  readonly anchor: string;
  readonly resource: string;
  readonly method: MethodName | null;
  readonly name: string;
  readonly verdict: VerdictName;
  readonly durationMs: number;
  /** Rules that its violations name, for the filter. */
  readonly rules: string;
  /** Whether it stands in full among the failures. */
  readonly inFull: boolean;
}

/** Failures written out in the page; the others open from the list. */
const MAX_IN_FULL = 200;
/** Names are shown cut in the list; the whole one stands with the evidence. */
const NAME_CHARACTERS = 160;
const MAX_STATUSES = 60;

export class PageCollector {
  readonly tally = new Tally();
  readonly headers = new HeaderTally();
  readonly rows: CaseRow[] = [];
  readonly failures: CaseView[] = [];
  readonly flaky: CaseView[] = [];
  readonly waivers: { readonly id: string; readonly reason: string; readonly until: string }[] = [];
  /** Cell -> what its calls were answered. */
  readonly answers = new Map<string, { calls: number; denied: number; notFound: number }>();
  readonly statuses = new Map<string, number>();
  readonly versions = new Map<string, number>();
  readonly groups = new Map<string, number>();
  readonly evidence: EvidenceStore;
  readonly #readFile: (file: string) => string | null;
  readonly #seenCells = new Set<string>();

  constructor(readFile: (file: string) => string | null, evidenceLimit: number | undefined) {
    this.#readFile = readFile;
    this.evidence = new EvidenceStore(evidenceLimit);
  }

  add(event: RunEvent): void {
    this.tally.add(event);
    if (event.type !== 'case') return;

    this.headers.add(event);
    countUp(this.groups, event.group);
    this.#countAnswers(event);
    if (event.waiver !== null && this.waivers.length < MAX_STATUSES)
      this.waivers.push({ id: event.id, ...event.waiver });
    this.#addRow(event);
  }

  #addRow(finished: CaseFinished): void {
    const { verdict, durationMs, method } = finished;
    const resource = finished.resource ?? NO_RESOURCE;
    const isBad = verdict === 'fail' || verdict === 'error' || verdict === 'flaky';
    const inFull = isBad && this.failures.length < MAX_IN_FULL;
    const row = this.rows.length;
    this.rows.push({
      anchor: anchorOf(finished.id),
      resource,
      method,
      name: rowName(finished),
      verdict,
      durationMs,
      rules: [...new Set(finished.violations.map(({ rule }) => rule))].join(' '),
      inFull,
    });

    if (inFull) {
      const view = visibleView(caseView(finished, this.tally.run, this.#readFile));
      this.failures.push(view);
      if (verdict === 'flaky') this.flaky.push(view);
      return;
    }
    const view = (): CaseView => caseView(finished, this.tally.run, () => null);
    if (verdict !== 'pass') {
      this.evidence.addImportant(row, view(), 'bad');
      return;
    }
    const cell = `${resource} ${method ?? 'flow'}`;
    if (this.#seenCells.has(cell)) {
      this.evidence.addOrdinary(row, view, durationMs);
      return;
    }
    this.#seenCells.add(cell);
    this.evidence.addImportant(row, view(), 'firstOfCell');
  }

  #countAnswers(finished: CaseFinished): void {
    const exchanges = finished.attempts.flatMap((attempt) => attempt.exchanges);
    if (exchanges.length === 0) return;
    const key = `${finished.resource ?? NO_RESOURCE} ${finished.method ?? 'flow'}`;
    const answers = this.answers.get(key) ?? { calls: 0, denied: 0, notFound: 0 };
    this.answers.set(key, answers);

    for (const { request, response, failure } of exchanges) {
      answers.calls += 1;
      if (response?.status === 401 || response?.status === 403) answers.denied += 1;
      if (response?.status === 404) answers.notFound += 1;
      countUp(this.statuses, response === null ? (failure?.code ?? 'no answer') : String(response.status));
      const version = request.headers.find(([name]) => name.toLowerCase() === 'x-restli-protocol-version');
      countUp(this.versions, version?.[1] ?? 'none sent');
    }
  }
}

/** The name, with the operation that it is about where the name does not say so. */
function rowName({ name, operation }: CaseFinished): string {
  const whole = operation === null || name.includes(operation) ? name : `${operation}: ${name}`;
  return whole.length <= NAME_CHARACTERS ? whole : `${whole.slice(0, NAME_CHARACTERS)}…`;
}

function countUp(counts: Map<string, number>, key: string): void {
  const known = counts.has(key) || counts.size < MAX_STATUSES ? key : 'others';
  counts.set(known, (counts.get(known) ?? 0) + 1);
}
