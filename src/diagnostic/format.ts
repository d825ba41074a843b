/**
 * A diagnostic as text for a terminal: what, where with a code frame, how to mend it, where to read on.
 */
import type { Diagnostic, SourceRange } from './diagnostic.ts';
import { codeFrame } from './frame.ts';
import { visible, visibleLine } from './visible.ts';

/** How parts are coloured. The member names are picocolors'; leave the painter out for plain text. */
export interface Painter {
  readonly red: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
  readonly dim: Paint;
  readonly bold: Paint;
}
type Paint = (text: string) => string;

const plain: Paint = (text) => text;
const PLAIN: Painter = { red: plain, yellow: plain, cyan: plain, dim: plain, bold: plain };

/**
 * Lays out one diagnostic, without a newline at the end.
 *
 * @param readFile - text of a file by the name that the diagnostic shows; null when it cannot be read: then the place
 *   is named without a frame
 */
export function formatDiagnostic(
  diagnostic: Diagnostic,
  readFile: (file: string) => string | null,
  options: { readonly colour?: Painter | undefined } = {},
): string {
  const paint = options.colour ?? PLAIN;
  const loud = diagnostic.severity === 'error' ? paint.red : paint.yellow;

  const lines = [
    `${loud(paint.bold(`${diagnostic.severity} ${visibleLine(diagnostic.code)}`))}: ${visible(diagnostic.message)}`,
  ];
  if (diagnostic.at !== null) lines.push(...placeLines(diagnostic.at, '-->', readFile, paint, loud));
  for (const related of diagnostic.related) {
    lines.push(`  ${visibleLine(related.message)}:`);
    lines.push(...placeLines(related.at, '-->', readFile, paint, paint.cyan));
  }
  if (diagnostic.fix !== null) lines.push(`   ${paint.bold('fix:')} ${visible(diagnostic.fix)}`);
  if (diagnostic.see !== null) lines.push(`   ${paint.dim(`see: ${visibleLine(diagnostic.see)}`)}`);
  return lines.join('\n');
}

/** `file:line:col` */
export function formatPlace(at: SourceRange): string {
  return `${visibleLine(at.file)}:${at.line}:${at.col}`;
}

function placeLines(
  at: SourceRange,
  arrow: string,
  readFile: (file: string) => string | null,
  paint: Painter,
  loud: Paint,
): string[] {
  const lines = [`  ${paint.dim(arrow)} ${formatPlace(at)}`];
  const source = readFile(at.file);
  if (source === null) return lines;

  const rows = codeFrame(source, at).map(({ gutter, text, kind }) =>
    `${paint.dim(gutter)} ${kind === 'caret' ? loud(text) : text}`.trimEnd(),
  );
  return [...lines, '', ...rows];
}
