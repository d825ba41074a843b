/** Diagnostics on standard error, with code frames. */
import pc from 'picocolors';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { formatDiagnostic } from '../diagnostic/format.ts';
import type { Console } from './console.ts';

/** @param texts - of files by the name that diagnostics show */
export function showDiagnostics(
  diagnostics: readonly Diagnostic[],
  console: Console,
  texts: ReadonlyMap<string, string> = new Map(),
): void {
  const colour = console.colour('err') ? pc.createColors(true) : undefined;
  for (const diagnostic of diagnostics) {
    console.err(`${formatDiagnostic(diagnostic, (file) => texts.get(file) ?? null, { colour })}\n\n`);
  }
}
