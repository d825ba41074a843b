/** Offsets of a text as lines and columns; the line starts are found when first asked for. */
import type { SourceRange } from '../diagnostic/diagnostic.ts';
import type { Span } from './problem.ts';

export class Places {
  readonly file: string;
  readonly #text: string;
  #starts: readonly number[] | null = null;

  constructor(file: string, text: string) {
    this.file = file;
    this.#text = text;
  }

  /** A stretch of several lines is shown by its first. */
  range({ start, end }: Span): SourceRange {
    const starts = (this.#starts ??= lineStarts(this.#text));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= start) low = middle;
      else high = middle - 1;
    }
    const lineStart = starts[low] ?? 0;
    const lineEnd = (starts[low + 1] ?? this.#text.length + 1) - 1;
    const last = Math.max(Math.min(end, lineEnd), start + 1);
    return {
      file: this.file,
      line: low + 1,
      col: start - lineStart + 1,
      endLine: low + 1,
      endCol: last - lineStart + 1,
    };
  }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
