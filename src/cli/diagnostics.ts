/** Diagnostics on standard error, with code frames. */
import pc from 'picocolors';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { formatDiagnostic } from '../diagnostic/format.ts';
import type { Console } from './console.ts';
import { frameText } from './frame-text.ts';

/** @param texts - of files by the name that diagnostics show */
export function showDiagnostics(
  diagnostics: readonly Diagnostic[],
  console: Console,
  texts: ReadonlyMap<string, string> = new Map(),
): void {
  const colour = console.colour('err') ? pc.createColors(true) : undefined;
  const masked = new Map<string, string>();
  const readFile = (file: string): string | null => {
    const text = texts.get(file);
    if (text === undefined) return null;
    // A frame shows the lines around the fault, and one of them may hold a secret.
    const shown = masked.get(file) ?? frameText(text);
    masked.set(file, shown);
    return shown;
  };
  for (const diagnostic of diagnostics) {
    console.err(`${formatDiagnostic(diagnostic, readFile, { colour })}\n\n`);
  }
}
