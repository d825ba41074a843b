/** What a conversion reports: errors of the input, and whatever could not be carried over, with its place and reason. */
import type { Diagnostic, SourceRange } from '../diagnostic/diagnostic.ts';

export interface Span {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** The input cannot be read on from here. Caught by the reader of that file, never seen outside. */
export class Unreadable extends Error {
  readonly at: SourceRange;
  readonly fix: string | null;

  constructor(message: string, at: SourceRange, fix: string | null) {
    super(message);
    this.name = 'Unreadable';
    this.at = at;
    this.fix = fix;
  }
}

export function problem(
  severity: Diagnostic['severity'],
  code: string,
  message: string,
  at: SourceRange | null,
  fix: string | null = null,
): Diagnostic {
  return { code: `convert/${code}`, severity, message: printable(message), at, fix, see: null, related: [] };
}

/** Names of the input stand in messages, and a terminal would obey some of their signs. */
function printable(text: string): string {
  const cut = text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text;
  // oxlint-disable-next-line no-control-regex -- these are the signs that are looked for
  return cut.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, escaped);
}

/** Nobody names anything at such length; the place shows the rest. */
const LONGEST_MESSAGE = 600;

function escaped(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Runs a reader; what it cannot read becomes one error, anything else thrown is a fault of ours and goes on. */
export function reading<T>(read: () => T, code: string): { readonly value: T } | { readonly problem: Diagnostic } {
  try {
    return { value: read() };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { problem: problem('error', code, error.message, error.at, error.fix) };
  }
}

/** By file and place; what has no place comes last. */
export function inOrder(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  return problems.toSorted((a, b) => {
    if (a.at === null || b.at === null) return a.at === b.at ? 0 : a.at === null ? 1 : -1;
    return compareText(a.at.file, b.at.file) || a.at.line - b.at.line || a.at.col - b.at.col;
  });
}

/** By UTF-16 unit: the same order on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
