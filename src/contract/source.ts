/**
 * The text of a contract or config file as values, with a way back from every value to its place in the text.
 */
import type { Diagnostic, SourceRange } from '../diagnostic/diagnostic.ts';
import type { Json } from '../protocol/json.ts';
import { parsePointer } from '../protocol/pointer.ts';
import type { Part } from './problem.ts';
import { findInScript } from './script-places.ts';

/** Offsets into the text, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where a node stands. `name` is null for items of lists and for the whole document. */
export interface Place {
  readonly name: Span | null;
  readonly value: Span;
  /** Whether the value is a scalar without quotes. */
  readonly plain: boolean;
}

/** What a reader of one notation gives: the value, or nothing but problems. */
export interface ReadSource {
  readonly value: Json | undefined;
  readonly problems: readonly TextProblem[];
  /** The place of a node; null where the path leaves the document. */
  readonly find: (segments: readonly string[]) => Place | null;
}

/** Reads the text of one notation. */
export type ReadNotation = (text: string) => ReadSource;

/** A fault of the notation itself, by offset. */
export interface TextProblem {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly span: Span;
  readonly fix: string | null;
  readonly related: readonly { readonly span: Span; readonly message: string }[];
}

export interface SourceFile {
  /** As shown to the user. */
  readonly file: string;
  readonly text: string;
  readonly value: Json;
  /** The place of a node by JSON Pointer; the nearest node above if there is none. */
  readonly locate: (pointer: string, part?: Part) => SourceRange;
  /** Lines and columns of a stretch of the text. */
  rangeAt(span: Span): SourceRange;
  /** The text of a scalar as it was written, with whether it stands without quotes; null if nothing is there. */
  written(pointer: string): { readonly text: string; readonly plain: boolean } | null;
}

/** 5 MB: more than any contract we met, small enough to read in a breath. */
export const MAX_SOURCE_BYTES = 5_000_000;

/** `.json` is JSON, everything else YAML. */
export function isJsonFile(file: string): boolean {
  return file.endsWith('.json');
}

/** Faults after which the rest of the file still means what its author wrote. */
const PASSED_OVER = new Set(['contract/duplicate-name', 'contract/yaml-directive', 'contract/cut-by-comma']);

/**
 * @returns the source, or null when the text has no value that is worth looking at; every fault as a diagnostic, never
 *   thrown. A source may come with errors, so that what else is wrong in the file is told beside them
 */
export function readSourceWith(
  readNotation: ReadNotation,
  text: string,
  file: string,
): { readonly source: SourceFile | null; readonly diagnostics: readonly Diagnostic[] } {
  const refused = refuse(text, file);
  if (refused !== null) return { source: null, diagnostics: [refused] };

  const marked = text.startsWith('\uFEFF');
  const body = marked ? text.slice(1) : text;
  const read = readNotation(body);
  const lines = new Lines(body);
  const range = (span: Span): SourceRange => lines.range(file, span);

  const diagnostics: Diagnostic[] = read.problems.map((problem) => ({
    code: problem.code,
    severity: problem.severity,
    message: problem.message,
    at: range(problem.span),
    fix: problem.fix,
    see: 'docs/contract-format.md#notation',
    related: problem.related.map(({ span, message }) => ({ at: range(span), message })),
  }));
  if (marked) diagnostics.push(noteByteOrderMark(file));

  const isBroken = read.problems.some(({ severity, code }) => severity === 'error' && !PASSED_OVER.has(code));
  if (read.value === undefined || isBroken) return { source: null, diagnostics };
  return { source: makeSource(file, body, read.value, read, lines), diagnostics };
}

/**
 * A source that has no text of its own: a contract written as an object in TypeScript.
 *
 * @param script - the text that made it, in which places are looked for; without it every place is the first line
 */
export function objectSource(value: Json, file: string, script = ''): SourceFile {
  const lines = new Lines(script);
  const rangeAt = (span: Span): SourceRange => lines.range(file, span);
  const locate = (pointer: string): SourceRange => rangeAt(findInScript(script, value, parsePointer(pointer) ?? []));
  return { file, text: '', value, locate, rangeAt, written: () => null };
}

/** Contracts keep `locate` for as long as they live: what it closes over holds the text, not the value. */
function makeSource(file: string, text: string, value: Json, read: ReadSource, lines: Lines): SourceFile {
  return { file, text, value, ...placesIn(file, text, read.find, lines) };
}

function placesIn(
  file: string,
  text: string,
  find: ReadSource['find'],
  lines: Lines,
): Pick<SourceFile, 'rangeAt' | 'locate' | 'written'> {
  return {
    rangeAt: (span) => lines.range(file, span),
    locate(pointer, part = 'value') {
      const segments = [...(parsePointer(pointer) ?? [])];
      const whole = segments.length;
      for (;;) {
        const place = find(segments);
        if (place !== null) {
          // What is missing is shown at the name of what should hold it.
          const span = (part === 'name' || segments.length < whole) && place.name !== null ? place.name : place.value;
          return lines.range(file, span);
        }
        segments.pop();
      }
    },
    written(pointer) {
      const place = find(parsePointer(pointer) ?? []);
      return place === null ? null : { text: text.slice(place.value.start, place.value.end), plain: place.plain };
    },
  };
}

function refuse(text: string, file: string): Diagnostic | null {
  const bytes = text.length > MAX_SOURCE_BYTES ? text.length : 0;
  if (bytes > 0)
    return fileProblem(
      file,
      'contract/too-large',
      `the file has more than ${MAX_SOURCE_BYTES / 1e6} MB`,
      'split it: one contract holds one resource',
    );
  if (text.includes('\0')) {
    return fileProblem(
      file,
      'contract/not-text',
      'the file holds NUL bytes: it is binary, or text in UTF-16',
      'save it as UTF-8',
    );
  }
  if (text.includes('\uFFFD')) {
    return fileProblem(file, 'contract/not-text', 'the file is not valid UTF-8', 'save it as UTF-8');
  }
  return null;
}

/** A problem of the file as a whole. */
export function fileProblem(file: string, code: string, message: string, fix: string | null): Diagnostic {
  return {
    code,
    severity: 'error',
    message,
    at: { file, line: 1, col: 1, endLine: 1, endCol: 1 },
    fix,
    see: 'docs/contract-format.md#notation',
    related: [],
  };
}

function noteByteOrderMark(file: string): Diagnostic {
  return {
    code: 'contract/byte-order-mark',
    severity: 'warning',
    message: 'the file begins with a byte order mark, which was skipped',
    at: { file, line: 1, col: 1, endLine: 1, endCol: 1 },
    fix: 'save it as UTF-8 without BOM',
    see: null,
    related: [],
  };
}

/** Offsets to lines and columns; the line starts are found when first asked for. */
class Lines {
  readonly #text: string;
  #starts: number[] | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  /** A value of several lines is shown by its first. */
  range(file: string, span: Span): SourceRange {
    const start = this.#place(span.start);
    const lineEnd = this.#lineEnd(start.line);
    const end = Math.max(Math.min(span.end, lineEnd), span.start);
    return { file, line: start.line, col: start.col, endLine: start.line, endCol: start.col + (end - span.start) };
  }

  #lineEnd(line: number): number {
    const next = this.#lineStarts()[line];
    let end = next === undefined ? this.#text.length : next - 1;
    while (end > 0 && /\s/.test(this.#text[end - 1] ?? '') && end > (this.#lineStarts()[line - 1] ?? 0)) end--;
    return end;
  }

  #place(offset: number): { readonly line: number; readonly col: number } {
    const starts = this.#lineStarts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, col: offset - (starts[low] ?? 0) + 1 };
  }

  #lineStarts(): number[] {
    if (this.#starts !== null) return this.#starts;
    const starts = [0];
    for (let at = this.#text.indexOf('\n'); at >= 0; at = this.#text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#starts = starts;
    return starts;
  }
}
