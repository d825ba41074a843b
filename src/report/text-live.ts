/** The one line of a terminal that is drawn again while cases finish. */
import type { CaseFinished } from '../run/events.ts';
import type { Write } from './reporter.ts';
import { grouped, type Pen } from './text-style.ts';
import type { Tally } from './tally.ts';
import { VERDICT_ORDER } from './verdicts.ts';

/** Ten times a second is as often as an eye needs. */
const REDRAW_MS = 100;
/** Without a clock: redrawn after so many cases. */
const REDRAW_CASES = 20;
const CLEAR_LINE = '\r\u001b[2K';

export class LiveLine {
  readonly #tally: Tally;
  readonly #write: Write;
  readonly #pen: Pen;
  readonly #now: (() => number) | undefined;
  readonly #startedMs: number;
  #drawnMs = -Infinity;
  #undrawn = 0;

  constructor(tally: Tally, write: Write, pen: Pen, now: (() => number) | undefined) {
    this.#tally = tally;
    this.#write = write;
    this.#pen = pen;
    this.#now = now;
    this.#startedMs = now?.() ?? 0;
  }

  async add(_finished: CaseFinished): Promise<void> {
    this.#undrawn += 1;
    const nowMs = this.#now?.();
    const due = nowMs === undefined ? this.#undrawn >= REDRAW_CASES : nowMs - this.#drawnMs >= REDRAW_MS;
    if (!due) return;

    this.#undrawn = 0;
    this.#drawnMs = nowMs ?? 0;
    await this.#write(`${CLEAR_LINE}${this.#text(nowMs)}`);
  }

  async end(): Promise<void> {
    await this.#write(CLEAR_LINE);
  }

  /** `12/40 cells · 812/1,000 · ✗ 3 · ≈ 1 · 4.1 s`; parts that do not fit are left out from the right. */
  #text(nowMs: number | undefined): string {
    const { seen, declared } = this.#tally.cells();
    const selected = this.#tally.run?.planned.selected;
    const { dot } = this.#pen;
    const parts = [
      { plain: `${seen}/${declared} cells`, shown: `${seen}/${declared} cells` },
      countOf(this.#tally.total, selected),
    ];
    for (const verdict of VERDICT_ORDER) {
      const count = this.#tally.counts[verdict];
      if (count > 0 && verdict !== 'pass')
        parts.push({ plain: `x ${count}`, shown: `${this.#pen.sign(verdict)} ${count}` });
    }
    if (nowMs !== undefined) parts.push(secondsOf(nowMs - this.#startedMs));

    let width = -3;
    const fitting = parts.filter(({ plain }) => (width += plain.length + 3) < this.#pen.width);
    return fitting.map(({ shown }) => shown).join(` ${dot} `);
  }
}

function countOf(done: number, selected: number | undefined): { plain: string; shown: string } {
  const text = selected === undefined ? grouped(done) : `${grouped(done)}/${grouped(selected)}`;
  return { plain: text, shown: text };
}

function secondsOf(ms: number): { plain: string; shown: string } {
  const text = `${(ms / 1000).toFixed(1)} s`;
  return { plain: text, shown: text };
}
