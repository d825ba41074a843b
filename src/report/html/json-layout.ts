/**
 * JSON text as lines to read, with the line of each place asked for.
 *
 * Works on tokens of the text and never on values, so every number keeps its digits and every string its escapes. Text
 * that has line ends already stays as it was sent; text that is no JSON stays too, and has no places.
 */

export interface JsonLayout {
  readonly lines: readonly string[];
  /** Pointer asked for -> index of its line; of a member that is missing, the line of what should hold it. */
  readonly lineOf: ReadonlyMap<string, number>;
  /** Whether line ends were added. */
  readonly indented: boolean;
}

type Token = '{' | '}' | '[' | ']' | ',' | ':' | 'string' | 'literal';

/** Deeper levels are indented no further, so that a hostile body does not grow with the square of its depth. */
const MAX_INDENT = 40;

/**
 * @param pointers - JSON Pointers (RFC 6901) whose lines are wanted
 */
export function layOutJson(text: string, pointers: ReadonlySet<string>): JsonLayout {
  const keepLines = text.trimEnd().includes('\n');
  const printer = new LinePrinter(keepLines);
  const places = new Places(pointers);

  const isJson = scanJson(text, (token, start, end, next) => {
    const line = keepLines ? printer.countLines(text, start) : printer.print(token, text.slice(start, end), next);
    places.see(token, token === 'string' ? text.slice(start, end) : '', line);
  });
  const lines = isJson && !keepLines ? printer.finish() : text.split(/\r\n|\n|\r/);
  return { lines, lineOf: isJson ? places.found() : new Map(), indented: isJson && lines.length > 1 && !keepLines };
}

/**
 * Calls back for each token, with the first character of the one after it.
 * @returns whether the text is made of JSON tokens with brackets that match; the grammar between them is not checked
 */
function scanJson(text: string, onToken: (token: Token, start: number, end: number, next: string) => void): boolean {
  const open: string[] = [];
  let at = skipSpace(text, 0);
  if (text[at] !== '{' && text[at] !== '[') return false;

  while (at < text.length) {
    const char = text[at] ?? '';
    const end = endOfToken(text, at, char);
    if (end === null) return false;
    if (char === '{' || char === '[') open.push(char);
    if ((char === '}' || char === ']') && open.pop() !== (char === '}' ? '{' : '[')) return false;

    const following = skipSpace(text, end);
    onToken(kindOf(char), at, end, text[following] ?? '');
    at = following;
  }
  return open.length === 0;
}

function kindOf(char: string): Token {
  if (char === '"') return 'string';
  return char === '{' || char === '}' || char === '[' || char === ']' || char === ',' || char === ':'
    ? char
    : 'literal';
}

/** Sticky, so that no piece of the text is copied to look for them. */
const STRING = /"(?:[^"\\]|\\[^])*?"/y;
const LITERAL = /-?\d[\d.eE+-]*|true|false|null/y;
const SPACE = /[ \t\r\n]*/y;

function endOfToken(text: string, at: number, char: string): number | null {
  if (kindOf(char) === 'string') return endOfMatch(STRING, text, at);
  if (kindOf(char) === 'literal') return endOfMatch(LITERAL, text, at);
  return at + 1;
}

function endOfMatch(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}

function skipSpace(text: string, at: number): number {
  return endOfMatch(SPACE, text, at) ?? at;
}

/** Puts tokens on lines, two spaces a level; an empty object or list stays on one. */
class LinePrinter {
  readonly #lines: string[] = [];
  readonly #keepLines: boolean;
  #line = '';
  #depth = 0;
  #scanned = 0;
  #count = 0;

  constructor(keepLines: boolean) {
    this.#keepLines = keepLines;
  }

  /** @returns index of the line on which the token begins */
  print(token: Token, text: string, next: string): number {
    const closes = token === '}' || token === ']';
    if (closes) this.#depth -= 1;
    if (closes && !/[[{]$/.test(this.#line)) this.#breakLine();
    const line = this.#lines.length;
    this.#line += token === ':' ? ': ' : text;

    const opens = token === '{' || token === '[';
    if (opens) this.#depth += 1;
    const isEmpty = opens && (next === '}' || next === ']');
    if ((opens && !isEmpty) || token === ',') this.#breakLine();
    return line;
  }

  /** Index of the line of a place in text that is kept as it is; places must come in order. */
  countLines(text: string, at: number): number {
    if (!this.#keepLines) return 0;
    for (let next = text.indexOf('\n', this.#scanned); next !== -1 && next < at; next = text.indexOf('\n', next + 1)) {
      this.#count += 1;
      this.#scanned = next + 1;
    }
    return this.#count;
  }

  finish(): readonly string[] {
    return [...this.#lines, this.#line];
  }

  #breakLine(): void {
    this.#lines.push(this.#line);
    this.#line = '  '.repeat(Math.min(MAX_INDENT, Math.max(0, this.#depth)));
  }
}

interface Level {
  readonly pointer: string;
  readonly isList: boolean;
  index: number;
  key: string;
}

/** Follows the tokens and notes on which line each pointer asked for begins. */
class Places {
  readonly #wanted: ReadonlySet<string>;
  readonly #lines = new Map<string, number>();
  readonly #levels: Level[] = [];
  #expectsKey = false;

  constructor(pointers: ReadonlySet<string>) {
    // A missing member is shown where its nearest existing parent begins.
    const wanted = new Set<string>();
    for (const pointer of pointers) {
      for (let part = pointer; part !== ''; part = part.slice(0, part.lastIndexOf('/'))) wanted.add(part);
      wanted.add('');
    }
    this.#wanted = wanted;
  }

  see(token: Token, text: string, line: number): void {
    if (this.#wanted.size === 0) return;
    const level = this.#levels.at(-1);
    if (token === '}' || token === ']') {
      this.#levels.pop();
      this.#expectsKey = false;
    } else if (token === ',') {
      if (level !== undefined) level.index += 1;
      this.#expectsKey = level?.isList === false;
    } else if (token === ':') {
      this.#expectsKey = false;
    } else if (this.#expectsKey && level !== undefined) {
      level.key = keyOf(text);
      this.#note(pointerIn(level), line);
    } else {
      this.#value(token, level, line);
    }
  }

  found(): ReadonlyMap<string, number> {
    const found = new Map<string, number>();
    for (const pointer of this.#wanted) {
      let part = pointer;
      while (part !== '' && !this.#lines.has(part)) part = part.slice(0, part.lastIndexOf('/'));
      found.set(pointer, this.#lines.get(part) ?? 0);
    }
    return found;
  }

  #value(token: Token, level: Level | undefined, line: number): void {
    const pointer = level === undefined ? '' : pointerIn(level);
    this.#note(pointer, line);
    if (token !== '{' && token !== '[') return;
    this.#levels.push({ pointer, isList: token === '[', index: 0, key: '' });
    this.#expectsKey = token === '{';
  }

  #note(pointer: string, line: number): void {
    if (this.#wanted.has(pointer) && !this.#lines.has(pointer)) this.#lines.set(pointer, line);
  }
}

function pointerIn(level: Level): string {
  return `${level.pointer}/${level.isList ? level.index : level.key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function keyOf(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}
