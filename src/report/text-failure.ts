/** One problem as a block of terminal text: what, which cases, where in the contract, expected and actual, how to repeat. */
import { visible, visibleLine } from '../diagnostic/visible.ts';
import type { FrameRow } from '../diagnostic/frame.ts';
import type { EventExchange, RunStarted } from '../run/events.ts';
import { contractFrame } from './contract-frame.ts';
import { curlText } from './curl-text.ts';
import { placeOf } from './place.ts';
import type { ProblemGroup } from './problem-groups.ts';
import { failedExchanges } from './problem-groups.ts';
import { rerunOf } from './rerun.ts';
import { ruleText } from './rule-text.ts';
import { duration, plural, type Pen } from './text-style.ts';

/** Characters of a value that are shown before it is cut. */
const VALUE_CHARACTERS = 400;
/** A longer body would push the rest off the screen. */
const CURL_BODY_CHARACTERS = 1000;
/** Requests of one case that are shown, the last ones; the report has all of them. */
const MAX_REQUESTS = 4;
/** Mark, gaps and room for the cut sign beside a frame. */
const FRAME_INDENT = 5;
const LABEL_WIDTH = 10;

export interface BlockOptions {
  readonly readFile: (file: string) => string | null;
  /** The rule whose block above shows the same request; null: none does. */
  readonly requestOf: string | null;
}

/** @returns lines without line ends */
export function failureBlock(
  group: ProblemGroup,
  run: RunStarted | null,
  pen: Pen,
  { readFile, requestOf }: BlockOptions,
): readonly string[] {
  const { sample, violation } = group;
  const rule = ruleText(violation.rule);
  const lines = [titleLine(group, pen)];

  const where = [...group.resources].slice(0, 4).map(visibleLine).join(', ') || 'no resource';
  const cells = [...group.cells].map(([method, cases]) => (group.cells.size === 1 ? method : `${method} ${cases}`));
  const more = group.resources.size > 4 ? ` and ${group.resources.size - 4} more resources` : '';
  lines.push(...pen.wrap(`  ${plural(group.cases, 'case')} in ${where}${more} (${cells.join(', ')})`, 4));
  for (const { id } of group.first) lines.push(`    ${pen.fit(visibleLine(id), 4)}`);
  if (group.cases > group.first.length) lines.push(`    and ${group.cases - group.first.length} more`);
  lines.push('');

  if (violation.at !== null) lines.push(...contractLines(violation.at, pen, readFile));
  if (rule.title !== rule.id) lines.push(`  ${visible(violation.message)}`);
  lines.push(...labelled('where', placeOf(violation), pen));
  lines.push(...labelled('expected', violation.expected, pen, 'green'));
  lines.push(...labelled('actual', violation.actual, pen, 'red'));

  const exchanges = failedExchanges(sample).slice(0, violation.exchange + 1);
  if (requestOf !== null) lines.push(...labelled('request', `that of ${requestOf} above`, pen));
  else lines.push(...exchanges.slice(-MAX_REQUESTS).flatMap((exchange) => requestLines(exchange, pen)));
  const rerun = requestOf === null ? rerunOf(run, sample) : null;
  if (rerun !== null) lines.push(...labelled('rerun', rerun, pen));
  const hint = violation.hint ?? rule.fix;
  if (hint !== null) lines.push(...labelled('hint', hint, pen));
  if (sample.paste !== undefined) lines.push(...labelled('paste', sample.paste.trimEnd(), pen));
  lines.push(...labelled('explain', `restli-contract explain ${violation.rule}`, pen));
  return lines;
}

/** One request of the case: without those before it, the last one of a flow or law shows nothing. */
function requestLines(exchange: EventExchange, pen: Pen): readonly string[] {
  return [
    ...labelled('request', requestLine(exchange, pen), pen),
    ...labelled('curl', curlText(exchange, CURL_BODY_CHARACTERS), pen),
  ];
}

/** `GET /rest/books/7 → 404 (12 ms)`, or how far the request came. */
export function requestLine(exchange: EventExchange, { arrow }: Pick<Pen, 'arrow'>): string {
  const { verb, url } = exchange.request;
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '') || '/';
  const answer =
    exchange.response === null ? `no answer: ${exchange.failure?.code ?? 'unknown'}` : String(exchange.response.status);
  return `${verb} ${path} ${arrow} ${answer} (${duration(exchange.durationMs)})`;
}

function titleLine(group: ProblemGroup, pen: Pen): string {
  const { title } = ruleText(group.rule);
  const verdict = group.verdicts.has('fail') ? 'fail' : group.verdicts.has('error') ? 'error' : 'flaky';
  const id = visibleLine(group.rule);
  const word = verdict.toUpperCase();
  const rest = title === group.rule ? group.violation.message : title;
  const taken = word.length + id.length + 6;
  return `${pen.sign(verdict)} ${pen.inTone(verdict, word)} ${pen.paint('bold', id)}  ${pen.fit(visibleLine(rest), taken)}`;
}

function contractLines(
  at: NonNullable<ProblemGroup['violation']['at']>,
  pen: Pen,
  readFile: (file: string) => string | null,
): readonly string[] {
  const lines = [`  ${visibleLine(at.file)}:${at.line}:${at.col}`];
  const rows = contractFrame(at, readFile) ?? [];
  const room = pen.width - (rows[0]?.gutter.length ?? 0) - FRAME_INDENT;
  const shift = shiftOf(rows, room);
  for (const { gutter, text, kind } of rows) {
    const mark = kind === 'place' ? '>' : ' ';
    const shown = pen.fit(text.slice(shift), gutter.length + FRAME_INDENT);
    lines.push(`  ${mark} ${pen.paint('dim', gutter)} ${kind === 'caret' ? pen.paint('red', shown) : shown}`.trimEnd());
  }
  return [...lines, ''];
}

/** Characters to leave out on the left, so that the carets stand within a narrow terminal. */
function shiftOf(rows: readonly FrameRow[], room: number): number {
  const carets = rows.find(({ kind }) => kind === 'caret')?.text ?? '';
  return carets.length <= room ? 0 : Math.max(0, carets.indexOf('^') - Math.floor(room / 2));
}

/** What is there to be copied is of no use in part. */
const WHOLE = new Set(['curl', 'paste']);

function labelled(label: string, value: string, pen: Pen, tone: 'green' | 'red' | null = null): readonly string[] {
  const indent = ' '.repeat(LABEL_WIDTH + 2);
  const shown = visible(
    value.length > VALUE_CHARACTERS && !WHOLE.has(label) ? `${value.slice(0, VALUE_CHARACTERS)}${pen.more}` : value,
  );
  return shown.split('\n').map((line, index) => {
    const head = index === 0 ? `  ${pen.paint('dim', label.padEnd(LABEL_WIDTH))}` : indent;
    return `${head}${tone === null ? line : pen.paint(tone, line)}`;
  });
}
