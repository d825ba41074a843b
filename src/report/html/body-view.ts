/** A body as numbered lines with the broken places marked; of a long one the lines around them. */
import type { EventBody } from '../../run/events.ts';
import { bytesText } from '../text-style.ts';
import { layOutJson } from './json-layout.ts';

export interface BodyView {
  /** `612 B`, `12.1 kB, re-indented`, `1.2 MB, binary`. */
  readonly note: string;
  /** Runs of neighbouring lines, `first` the 1-based number of the first. One for a body that is shown whole. */
  readonly parts: readonly BodyPart[];
  /** Line number -> rule, `[12, 'entity/schema']`. */
  readonly marks: readonly (readonly [line: number, rule: string])[];
}

export interface BodyPart {
  readonly first: number;
  readonly text: string;
  /** Lines left out before it. */
  readonly before: number;
}

export interface BodyMark {
  readonly pointer: string;
  readonly rule: string;
}

/** A body of more lines shows only the neighbourhood of its marks. */
const WHOLE_LINES = 200;
const LINES_AROUND = 20;
/** Without a mark: so many from the top. */
const LINES_AT_TOP = 60;
/** Characters of one line; longer ones are cut, so that a megabyte on one line stays a line. */
const LINE_CHARACTERS = 2000;
/** Characters of a body that are kept at all. */
const KEPT_CHARACTERS = 64 * 1024;
/** Text beyond is not searched for places: it can only come from a stream that another tool wrote. */
const SEARCHED_CHARACTERS = 1024 * 1024;
const HEX_BYTES = 256;

export function bodyView(body: EventBody, marks: readonly BodyMark[]): BodyView {
  const size = body.cut ? `${bytesText(body.bytes)}, cut` : bytesText(body.bytes);
  const hash = body.sha256 === null ? '' : `, SHA-256 ${body.sha256}`;
  if (body.encoding === 'base64') {
    return { note: `${size}, binary${hash}`, parts: [{ first: 1, text: hexLines(body.text), before: 0 }], marks: [] };
  }

  const layout = layOutJson(body.text.slice(0, SEARCHED_CHARACTERS), new Set(marks.map(({ pointer }) => pointer)));
  const lineMarks = new Map<number, string>();
  for (const { pointer, rule } of marks) {
    const line = layout.lineOf.get(pointer);
    // Marks come with the weightiest first, and a line has room for one.
    if (line !== undefined && !lineMarks.has(line + 1)) lineMarks.set(line + 1, rule);
  }
  return {
    note: `${size}${layout.indented ? ', re-indented' : ''}${hash}`,
    parts: partsOf(layout.lines, [...lineMarks.keys()]),
    marks: [...lineMarks].toSorted((a, b) => a[0] - b[0]),
  };
}

/** The runs of lines that are shown: all, or those around the marks, within the characters kept. */
function partsOf(lines: readonly string[], marked: readonly number[]): readonly BodyPart[] {
  const shown = new Set<number>();
  if (lines.length <= WHOLE_LINES) for (let line = 1; line <= lines.length; line += 1) shown.add(line);
  else if (marked.length === 0) for (let line = 1; line <= LINES_AT_TOP; line += 1) shown.add(line);
  else for (const mark of marked) addAround(shown, mark, lines.length);

  const parts: { first: number; texts: string[]; before: number }[] = [];
  let previous = 0;
  let kept = 0;
  for (const line of [...shown].toSorted((a, b) => a - b)) {
    const text = cutLine(lines[line - 1] ?? '');
    kept += text.length + 1;
    if (kept > KEPT_CHARACTERS) break;
    const part = parts.at(-1);
    if (part !== undefined && previous === line - 1) part.texts.push(text);
    else parts.push({ first: line, texts: [text], before: line - previous - 1 });
    previous = line;
  }
  const shownParts = parts.map(({ first, texts, before }) => ({ first, text: texts.join('\n'), before }));
  const after = lines.length - previous;
  return after > 0 ? [...shownParts, { first: 0, text: '', before: after }] : shownParts;
}

function addAround(shown: Set<number>, mark: number, last: number): void {
  for (let line = Math.max(1, mark - LINES_AROUND); line <= Math.min(last, mark + LINES_AROUND); line += 1)
    shown.add(line);
}

function cutLine(line: string): string {
  return line.length <= LINE_CHARACTERS
    ? line
    : `${line.slice(0, LINE_CHARACTERS)}… (${bytesText(line.length - LINE_CHARACTERS)} more)`;
}

/** `00000010  7b 22 69 64  …` of the first bytes. */
function hexLines(base64: string): string {
  const bytes = Buffer.from(base64.slice(0, HEX_BYTES * 2), 'base64').subarray(0, HEX_BYTES);
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex.padEnd(47)}  ${text}`);
  }
  return lines.join('\n');
}
