/** A POSIX shell's view of a text: commands, each a list of words. Nothing is expanded. */
import type { Span } from './span.ts';

export interface ShellWord extends Span {
  readonly text: string;
}

/**
 * The commands of a text, split at line ends, `;`, `&&`, `||`, `|` and `&`; comments are passed over.
 *
 * @returns the words of each, or the offset of a quote that is never closed
 */
export function shellCommands(
  source: string,
): { readonly commands: readonly (readonly ShellWord[])[] } | { readonly unclosed: number } {
  const commands: ShellWord[][] = [];
  let words: ShellWord[] = [];
  let at = 0;
  while (at < source.length) {
    const character = source[at] ?? '';
    if (/[ \t\r]/.test(character)) at++;
    else if (character === '\\' && /^\\\r?\n/.test(source.slice(at, at + 3))) at += source[at + 1] === '\r' ? 3 : 2;
    else if (/[\n;&|]/.test(character)) {
      if (words.length > 0) commands.push(words);
      words = [];
      at++;
    } else if (character === '#') at = lineEnd(source, at);
    else {
      const word = readWord(source, at);
      if (word === null) return { unclosed: at };
      words.push(word);
      at = word.end;
    }
  }
  if (words.length > 0) commands.push(words);
  return { commands };
}

function readWord(source: string, start: number): ShellWord | null {
  let text = '';
  let at = start;
  while (at < source.length && !/[\s;&|]/.test(source[at] ?? '')) {
    const character = source[at];
    if (character === "'" || character === '"' || (character === '$' && source[at + 1] === "'")) {
      const quoted =
        character === "'"
          ? singleQuoted(source, at)
          : character === '"'
            ? doubleQuoted(source, at)
            : ansiQuoted(source, at + 1);
      if (quoted === null) return null;
      text += quoted.text;
      at = quoted.end;
    } else if (character === '\\') {
      const next = source[at + 1] ?? '';
      if (next !== '\n') text += next;
      at += 2;
    } else {
      text += character ?? '';
      at++;
    }
  }
  return { text, start, end: Math.min(at, source.length) };
}

type Quoted = { readonly text: string; readonly end: number } | null;

function singleQuoted(source: string, start: number): Quoted {
  const end = source.indexOf("'", start + 1);
  return end < 0 ? null : { text: source.slice(start + 1, end), end: end + 1 };
}

function doubleQuoted(source: string, start: number): Quoted {
  let text = '';
  for (let at = start + 1; at < source.length; at++) {
    const character = source[at] ?? '';
    if (character === '"') return { text, end: at + 1 };
    if (character === '\\' && /["\\$`\n]/.test(source[at + 1] ?? '')) {
      at++;
      if (source[at] !== '\n') text += source[at] ?? '';
    } else text += character;
  }
  return null;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['0', '\0'],
]);

/** `$'…'`: browsers copy bodies with such quotes. */
function ansiQuoted(source: string, start: number): Quoted {
  let text = '';
  for (let at = start + 1; at < source.length; at++) {
    const character = source[at] ?? '';
    if (character === "'") return { text, end: at + 1 };
    if (character !== '\\') {
      text += character;
      continue;
    }
    const code = /^(?:u([0-9a-fA-F]{1,4})|x([0-9a-fA-F]{1,2}))/.exec(source.slice(at + 1, at + 6));
    if (code === null) text += ESCAPES.get(source[at + 1] ?? '') ?? source[at + 1] ?? '';
    else text += String.fromCharCode(Number.parseInt(code[1] ?? code[2] ?? '0', 16));
    at += code === null ? 1 : code[0].length;
  }
  return null;
}

function lineEnd(source: string, at: number): number {
  const end = source.indexOf('\n', at);
  return end < 0 ? source.length : end;
}
