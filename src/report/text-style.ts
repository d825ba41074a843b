/** Colour, width and numbers of terminal text. */
import { columns } from '../diagnostic/width.ts';
import type { VerdictName } from '../run/events.ts';
import type { ReporterOptions } from './reporter.ts';
import { VERDICT_LOOKS } from './verdicts.ts';

export type Tone = 'red' | 'green' | 'yellow' | 'magenta' | 'blue' | 'dim' | 'bold';

const SGR: Readonly<Record<Tone, readonly [on: number, off: number]>> = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  magenta: [35, 39],
  blue: [34, 39],
  dim: [2, 22],
  bold: [1, 22],
};

const TONES: Readonly<Record<VerdictName, Tone>> = {
  fail: 'red',
  error: 'magenta',
  flaky: 'yellow',
  waived: 'blue',
  blocked: 'dim',
  skip: 'dim',
  pass: 'green',
};

/** How text is drawn for one terminal: with or without colour, Unicode and a known width. */
export interface Pen {
  readonly width: number;
  readonly paint: (tone: Tone, text: string) => string;
  /** The verdict's sign in its colour. */
  readonly sign: (verdict: VerdictName) => string;
  readonly inTone: (verdict: VerdictName, text: string) => string;
  /** Cuts to the width of the terminal, escapes not counted in; give it text without colour. */
  readonly fit: (text: string, columnsTaken?: number) => string;
  /** Lines within the width, broken between words; every line but the first begins with so many spaces. */
  readonly wrap: (text: string, indent: number) => readonly string[];
  readonly dot: string;
  readonly arrow: string;
  readonly more: string;
}

/** Narrower terminals get this width and wrap by themselves. */
const NARROWEST = 20;
/** Columns of a sentence that are shown, on however many lines. */
const MOST_WRAPPED = 800;

export function penFor({ colour, unicode, width }: Pick<ReporterOptions, 'colour' | 'unicode' | 'width'>): Pen {
  const paint = (tone: Tone, text: string): string => {
    const [on, off] = SGR[tone];
    return colour && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  };
  const widest = Math.max(NARROWEST, width);
  const more = unicode ? '…' : '...';
  return {
    width: widest,
    paint,
    sign: (verdict) => paint(TONES[verdict], unicode ? VERDICT_LOOKS[verdict].sign : VERDICT_LOOKS[verdict].ascii),
    inTone: (verdict, text) => paint(TONES[verdict], text),
    fit: (text, taken = 0) => cutColumns(text, Math.max(8, widest - taken), more),
    wrap: (text, indent) => wrapColumns(cutColumns(text, MOST_WRAPPED, more), widest, indent),
    dot: unicode ? '·' : '|',
    arrow: unicode ? '→' : '->',
    more,
  };
}

/** `1 case`, `12 cases`, `12,345 checks`. */
export function plural(count: number, one: string, many: string = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** Digits in groups of three: `12,345`. Not by locale, so that a report is the same everywhere. */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `0.4 ms`, `12 ms`, `1.2 s`, `3 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 0.05) return '0 ms';
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `512 B`, `1.2 kB`, `3.4 MB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Breaks between words; a word wider than a line stands alone on one and is not broken, so that it can be copied. */
function wrapColumns(text: string, width: number, indent: number): readonly string[] {
  const lines: string[] = [];
  let line = /^ */.exec(text)?.[0] ?? '';
  let isEmpty = true;
  for (const word of text.trimStart().split(' ')) {
    if (!isEmpty && columns(line) + 1 + columns(word) > width) {
      lines.push(line);
      line = ' '.repeat(indent) + word;
    } else line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}

/** Pads by columns, not characters. */
export function padColumns(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)));
}

/** Cuts by columns, never inside a character. */
export function cutColumns(text: string, width: number, more: string = '…'): string {
  // A character takes at most two columns and two units, so the head is all that can be shown of a text of megabytes.
  const head = text.slice(0, width * 2 + 2);
  if (head.length === text.length && columns(text) <= width) return text;

  let shown = '';
  let taken = columns(more);
  for (const char of head) {
    taken += columns(char);
    if (taken > width) break;
    shown += char;
  }
  return shown + more;
}
