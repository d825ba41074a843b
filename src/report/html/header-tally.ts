/**
 * Which headers went over the wire, by method; what became of the cases that did something to a header is beside it.
 *
 * Requests of the groups that leave headers out on purpose are not counted in the first.
 */
import { METHOD_NAMES, type MethodName } from '../../protocol/methods.ts';
import type { CaseFinished, EventExchange } from '../../run/events.ts';
import { failedExchanges } from '../problem-groups.ts';
import { ProbeTally, type ProbeTable } from './probe-tally.ts';

type Half = 'request' | 'response';

interface HeaderCell {
  present: number;
  missing: number;
  wrong: number;
}

/** Headers beyond this are left out, and said so: a hostile service may send any number. */
const MAX_HEADERS = 40;

export interface MarkView {
  readonly sign: string;
  readonly text: string;
  readonly kind: 'good' | 'bad' | 'plain' | 'none';
  /** Whole sentence. */
  readonly label: string;
}

export interface MarkRow {
  readonly name: string;
  readonly cells: readonly MarkView[];
}

/** `probes`: the cases of the group `headers`, what was done to the header -> outcome. */
export interface HeaderTables extends ProbeTable {
  readonly methods: readonly string[];
  readonly request: readonly MarkRow[];
  readonly response: readonly MarkRow[];
  readonly leftOut: number;
}

export class HeaderTally {
  readonly #halves: Readonly<
    Record<Half, Map<string, { readonly name: string; readonly cells: Map<MethodName, HeaderCell> }>>
  > = {
    request: new Map(),
    response: new Map(),
  };
  readonly #calls: Readonly<Record<Half, Map<MethodName, number>>> = { request: new Map(), response: new Map() };
  readonly #leftOut = new Set<string>();
  readonly #probes = new ProbeTally();

  add(finished: CaseFinished): void {
    const { method, group } = finished;
    if (method === null) return;
    if (group === 'headers') this.#probes.add(finished, method);
    if (group === 'headers' || group === 'negative') return;
    const exchanges = failedExchanges(finished);
    for (const [index, exchange] of exchanges.entries()) this.#addExchange(finished, index, exchange, method);
  }

  tables(): HeaderTables {
    const used = METHOD_NAMES.filter((method) => this.#calls.request.has(method));
    return {
      methods: used,
      request: this.#rows('request', used),
      response: this.#rows('response', used),
      leftOut: this.#leftOut.size,
      ...this.#probes.table(),
    };
  }

  #addExchange(finished: CaseFinished, index: number, exchange: EventExchange, method: MethodName): void {
    const broken = finished.violations.filter(
      (one) => one.exchange === index && one.header !== null && one.level === 'must',
    );
    const brokenIn = (half: Half): Map<string, string> =>
      new Map(
        broken
          .filter(({ where }) => where.startsWith('request') === (half === 'request'))
          .map(({ header }) => [(header ?? '').toLowerCase(), header ?? '']),
      );
    this.#addMessage('request', method, exchange.request.headers, brokenIn('request'));
    if (exchange.response !== null)
      this.#addMessage('response', method, exchange.response.headers, brokenIn('response'));
  }

  #addMessage(
    half: Half,
    method: MethodName,
    lines: readonly (readonly [string, string])[],
    broken: ReadonlyMap<string, string>,
  ): void {
    this.#calls[half].set(method, (this.#calls[half].get(method) ?? 0) + 1);
    const present = new Set(lines.map(([name]) => name.toLowerCase()));
    for (const [name] of lines) this.#cellOf(half, name, method);
    for (const name of broken.values()) this.#cellOf(half, name, method);
    for (const name of new Set([...present, ...broken.keys()])) {
      const cell = this.#cellOf(half, name, method);
      if (cell === null) continue;
      if (present.has(name)) cell.present += 1;
      if (broken.has(name)) cell[present.has(name) ? 'wrong' : 'missing'] += 1;
    }
  }

  #cellOf(half: Half, name: string, method: MethodName): HeaderCell | null {
    const key = name.toLowerCase();
    const header = this.#halves[half].get(key) ?? { name, cells: new Map<MethodName, HeaderCell>() };
    if (!this.#halves[half].has(key)) {
      if (this.#halves[half].size >= MAX_HEADERS) {
        if (this.#leftOut.size < 10_000) this.#leftOut.add(key);
        return null;
      }
      this.#halves[half].set(key, header);
    }
    const cell = header.cells.get(method) ?? { present: 0, missing: 0, wrong: 0 };
    header.cells.set(method, cell);
    return cell;
  }

  #rows(half: Half, methods: readonly MethodName[]): readonly MarkRow[] {
    return [...this.#halves[half].values()].map(({ name, cells }) => ({
      name,
      cells: methods.map((method) => headerMark(name, method, cells.get(method), this.#calls[half].get(method) ?? 0)),
    }));
  }
}

function headerMark(name: string, method: MethodName, cell: HeaderCell | undefined, calls: number): MarkView {
  if (cell === undefined) return { sign: '·', text: '', kind: 'none', label: `${name} in ${method}: not seen` };
  const { present, missing, wrong } = cell;
  if (missing > 0)
    return {
      sign: '✗',
      text: `${missing}/${calls}`,
      kind: 'bad',
      label: `${name} in ${method}: required and missing in ${missing} of ${calls} calls`,
    };
  if (wrong > 0)
    return {
      sign: '≠',
      text: `${wrong}/${calls}`,
      kind: 'bad',
      label: `${name} in ${method}: wrong in ${wrong} of ${calls} calls`,
    };
  if (present === calls)
    return {
      sign: '✓',
      text: String(calls),
      kind: 'good',
      label: `${name} in ${method}: present in all ${calls} calls`,
    };
  return {
    sign: '+',
    text: `${present}/${calls}`,
    kind: 'plain',
    label: `${name} in ${method}: present in ${present} of ${calls} calls`,
  };
}
