/**
 * What the checks of this folder report: a diagnostic whose place is still a JSON Pointer. Lines and columns are looked
 * up only when something is reported, so that a good file pays nothing for them.
 */
import type { Diagnostic, SourceRange } from '../diagnostic/diagnostic.ts';
import type { SourceFile } from './source.ts';

/** `name`: the member's name; `value`: what stands there. */
export type Part = 'name' | 'value';

export interface Problem {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly pointer: string;
  readonly part: Part;
  readonly fix: string | null;
  /** Section of `docs/contract-format.md`. */
  readonly see: string | null;
  readonly related: readonly { readonly pointer: string; readonly part: Part; readonly message: string }[];
  /** Members that the author most likely meant: that they are missing follows from this problem. */
  readonly meant: readonly string[];
}

export interface ProblemOptions {
  readonly fix?: string | null;
  readonly see?: string | null;
  readonly part?: Part;
  readonly related?: Problem['related'];
  readonly meant?: readonly string[];
}

export function error(code: string, pointer: string, message: string, options: ProblemOptions = {}): Problem {
  return make('error', code, pointer, message, options);
}

export function warning(code: string, pointer: string, message: string, options: ProblemOptions = {}): Problem {
  return make('warning', code, pointer, message, options);
}

function make(
  severity: Problem['severity'],
  code: string,
  pointer: string,
  message: string,
  options: ProblemOptions,
): Problem {
  return {
    code: `contract/${code.replace(/^contract\//, '')}`,
    severity,
    message,
    pointer,
    part: options.part ?? 'value',
    fix: options.fix ?? null,
    see: options.see ?? null,
    related: options.related ?? [],
    meant: options.meant ?? NONE,
  };
}

const NONE: readonly string[] = [];

/** A list of problems being gathered. */
export type Problems = Problem[];

export function toDiagnostic(problem: Problem, source: SourceFile): Diagnostic {
  return {
    code: problem.code,
    severity: problem.severity,
    // The place in a script is a guess; the way to the value is none.
    message:
      source.text === '' && problem.pointer !== '' ? `${problem.message} (at ${problem.pointer})` : problem.message,
    at: source.locate(problem.pointer, problem.part),
    fix: problem.fix,
    see: problem.see === null ? null : `docs/contract-format.md#${problem.see}`,
    related: problem.related.map(({ pointer, part, message }) => ({ at: source.locate(pointer, part), message })),
  };
}

/** By place in the file, then errors first. */
export function byPlace(a: Diagnostic, b: Diagnostic): number {
  return compareRanges(a.at, b.at) || a.code.localeCompare(b.code, 'en');
}

function compareRanges(a: SourceRange | null, b: SourceRange | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  return a.line - b.line || a.col - b.col;
}
