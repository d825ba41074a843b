/**
 * The lines of a file around a place, with a row of carets under it.
 */
import type { SourceRange } from './diagnostic.ts';
import { visible } from './visible.ts';
import { columns } from './width.ts';

/** Lines shown above and below the place. */
const LINES_AROUND = 2;
/** Widest line that is shown whole; of a wider one a window around the place. */
const WIDEST = 120;
/** Where in the window the place stands. */
const BEFORE_PLACE = 40;
const TAB = '    ';

export interface FrameRow {
  /** `12 |`, or `   |` for the row of carets. */
  readonly gutter: string;
  readonly text: string;
  readonly kind: 'context' | 'place' | 'caret';
}

/**
 * The rows of a code frame: up to two lines before, the line of the place, carets, up to two lines after. Tabs show as
 * four spaces, characters of double width count twice, invisible ones show as escapes, long lines are cut around the
 * place. Columns count UTF-16 units from 1. A place past the end of the text is shown at its end.
 */
export function codeFrame(source: string, range: SourceRange): FrameRow[] {
  const lines = source.split(/\r\n|\r|\n/);
  const line = Math.min(Math.max(range.line, 1), lines.length);
  const first = Math.max(1, line - LINES_AROUND);
  const last = Math.min(lines.length, line + LINES_AROUND);
  const digits = String(last).length;

  const rows: FrameRow[] = [];
  for (let number = first; number <= last; number++) {
    const gutter = `${String(number).padStart(digits)} |`;
    const text = lines[number - 1] ?? '';
    if (number !== line) {
      if (number > line && number === lines.length && text === '') continue;
      rows.push({ gutter, text: shownPart(text, 0, WIDEST), kind: 'context' });
      continue;
    }
    const { shown, caret } = placeRows(text, range, line);
    rows.push({ gutter, text: shown, kind: 'place' });
    rows.push({ gutter: `${' '.repeat(digits)} |`, text: caret, kind: 'caret' });
  }
  return rows;
}

function placeRows(text: string, range: SourceRange, line: number): { shown: string; caret: string } {
  const start = Math.min(Math.max(range.col - 1, 0), text.length);
  const wholeLine = range.endLine > line;
  const end = wholeLine ? text.trimEnd().length : Math.min(Math.max(range.endCol - 1, start), text.length);

  const from = text.length > WIDEST && start > WIDEST - BEFORE_PLACE ? start - BEFORE_PLACE : 0;
  const to = Math.min(text.length, from + WIDEST);
  const before = display(text.slice(from, start));
  const marked = display(text.slice(start, Math.min(end, to)));
  const lead = from > 0 ? '…' : '';
  return {
    shown: shownPart(text, from, to),
    caret: ' '.repeat(columns(lead + before)) + '^'.repeat(Math.max(1, columns(marked))),
  };
}

function shownPart(text: string, from: number, to: number): string {
  return `${from > 0 ? '…' : ''}${display(text.slice(from, to))}${to < text.length ? '…' : ''}`;
}

function display(text: string): string {
  return visible(text.replaceAll('\t', TAB));
}
