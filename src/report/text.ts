/**
 * The terminal reporter: progress while the run goes on, then every problem once, then what was and was not run.
 *
 * On a terminal one line is drawn again and again; elsewhere each resource gets its line when it is done. Failures come
 * at the end and grouped, so that the last screen holds what a reader needs.
 */
import { visibleLine } from '../diagnostic/visible.ts';
import type { CaseFinished, RunStarted } from '../run/events.ts';
import type { Reporter, Write } from './reporter.ts';
import { LiveLine } from './text-live.ts';
import { endingLines } from './text-ending.ts';
import { cutColumns, grouped, padColumns, penFor, plural, type Pen } from './text-style.ts';
import { NO_RESOURCE, Tally } from './tally.ts';
import { noVerdicts, VERDICT_ORDER, worstOf, type VerdictCounts } from './verdicts.ts';

export const textReporter: Reporter = async (events, write, options) => {
  const pen = penFor(options);
  const tally = new Tally();
  const progress = options.live === true ? new LiveLine(tally, write, pen, options.now) : new ResourceLines(write, pen);

  for await (const event of events) {
    tally.add(event);
    if (event.type === 'run') await write(`${headLine(event, pen)}\n`);
    if (event.type === 'case') await progress.add(event, tally.run);
  }
  await progress.end();
  await write(`${endingLines(tally, pen, options).join('\n')}\n`);
};

function headLine(run: RunStarted, pen: Pen): string {
  const { name, baseUrl, mode } = run.target;
  const target = mode === 'mock' ? 'the embedded mock' : baseUrl === null ? name : `${name} ${baseUrl}`;
  const compared = run.baseline === undefined ? [] : [`compared with ${run.baseline.baseUrl}`];
  const parts = [
    `${run.tool.name} ${run.tool.version}`,
    `${run.command} against ${target}`,
    ...compared,
    `seed ${run.seed}`,
  ];
  return pen.paint('dim', pen.fit(visibleLine(parts.join(` ${pen.dot} `))));
}

/** One line a resource, written when the plan goes on to the next. */
class ResourceLines {
  readonly #write: Write;
  readonly #pen: Pen;
  #resource: string | null = null;
  #counts: VerdictCounts = noVerdicts();
  #nameWidth = 0;

  constructor(write: Write, pen: Pen) {
    this.#write = write;
    this.#pen = pen;
  }

  async add(finished: CaseFinished, run: RunStarted | null): Promise<void> {
    if (this.#nameWidth === 0) this.#nameWidth = nameWidth(run, this.#pen);
    const resource = finished.resource ?? NO_RESOURCE;
    if (this.#resource !== resource) {
      await this.end();
      this.#resource = resource;
    }
    this.#counts[finished.verdict] += 1;
  }

  async end(): Promise<void> {
    if (this.#resource === null) return;
    const pen = this.#pen;
    const name = padColumns(cutColumns(visibleLine(this.#resource), this.#nameWidth, pen.more), this.#nameWidth);
    const worst = worstOf(this.#counts) ?? 'pass';
    await this.#write(`${pen.sign(worst)} ${name}  ${pen.fit(countsText(this.#counts), this.#nameWidth + 4)}\n`);
    this.#resource = null;
    this.#counts = noVerdicts();
  }
}

/** `38 pass, 2 fail, 1 skip`; what passed first, then worst first. */
export function countsText(counts: Readonly<VerdictCounts>): string {
  const order = ['pass' as const, ...VERDICT_ORDER.filter((verdict) => verdict !== 'pass')];
  const parts = order
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) => `${grouped(counts[verdict])} ${verdict}`);
  return parts.length === 0 ? plural(0, 'case') : parts.join(', ');
}

function nameWidth(run: RunStarted | null, pen: Pen): number {
  const names = (run?.contracts ?? []).map(({ resource }) => visibleLine(resource).length);
  return Math.min(Math.max(12, ...names), 32, Math.max(12, pen.width - 40));
}
