/** The lines of a contract around the place that a violation names. */
import { codeFrame, type FrameRow } from '../diagnostic/frame.ts';
import type { EventViolation } from '../run/events.ts';

type Place = NonNullable<EventViolation['at']>;

/**
 * @returns the rows with the word at the place underlined; null when the file is not there or has no such line any more
 */
export function contractFrame(at: Place, readFile: (file: string) => string | null): readonly FrameRow[] | null {
  const source = readFile(at.file);
  if (source === null) return null;
  const text = source.split(/\r\n|\r|\n/)[at.line - 1];
  if (text === undefined || at.col - 1 > text.length) return null;

  const word = /^[^\s,:\]})]+/.exec(text.slice(at.col - 1))?.[0] ?? ' ';
  return codeFrame(source, {
    file: at.file,
    line: at.line,
    col: at.col,
    endLine: at.line,
    endCol: at.col + word.length,
  });
}
