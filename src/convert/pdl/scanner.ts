/**
 * Reads PDL text word by word. White space, commas and comments stand anywhere; the last documentation comment that
 * was passed is kept for the declaration that follows it.
 */
import type { SourceRange } from '../../diagnostic/diagnostic.ts';
import type { Json } from '../../protocol/json.ts';
import { Places } from '../places.ts';
import { Unreadable, type Span } from '../problem.ts';
import { docText } from './doc-comment.ts';

/** Words that have to stand in backticks where a name is meant. */
const KEYWORDS: ReadonlySet<string> = new Set([
  'array',
  'enum',
  'fixed',
  'import',
  'optional',
  'package',
  'map',
  'namespace',
  'record',
  'typeref',
  'union',
  'includes',
  'true',
  'false',
  'null',
]);

export interface Word extends Span {
  readonly text: string;
  readonly escaped: boolean;
}

const WORD = /`([A-Za-z_][A-Za-z0-9_-]*)`|[A-Za-z_][A-Za-z0-9_-]*/y;
const SEGMENT = /`([^`\n]+)`|[A-Za-z0-9_-]+/y;
// oxlint-disable-next-line no-control-regex -- JSON takes none of them as they are, PDL does
const CONTROL = /[\u0000-\u001f]/g;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

export class Scanner {
  readonly #text: string;
  readonly #places: Places;
  #at = 0;
  #doc: string | null = null;

  constructor(text: string, file: string) {
    this.#text = text;
    this.#places = new Places(file, text);
  }

  get at(): number {
    return this.#at;
  }

  range(span: Span): SourceRange {
    return this.#places.range(span);
  }

  fail(message: string, span: Span, fix: string | null = null): never {
    throw new Unreadable(message, this.range(span), fix);
  }

  /** Fails at what comes next. */
  failHere(wanted: string, fix: string | null = null): never {
    this.#skip();
    const found = this.isEnd() ? 'the file ends' : `\`${this.#shown()}\` stands`;
    this.fail(`${found} where ${wanted} should`, { start: this.#at, end: this.#at + this.#shown().length }, fix);
  }

  tooDeep(levels: number): never {
    this.fail(
      `this nests deeper than ${levels} levels`,
      { start: this.#at, end: this.#at + 1 },
      'declare inner types in files of their own',
    );
  }

  isEnd(): boolean {
    this.#skip();
    return this.#at >= this.#text.length;
  }

  /** The documentation that stands before what comes next; it is given once. */
  takeDoc(): string | null {
    this.#skip();
    const doc = this.#doc;
    this.#doc = null;
    return doc;
  }

  /** Whether this sign comes next. */
  sees(sign: string): boolean {
    this.#skip();
    return this.#text.startsWith(sign, this.#at);
  }

  /** Steps over the sign if it comes next. */
  takes(sign: string): boolean {
    if (!this.sees(sign)) return false;
    this.#at += sign.length;
    // What stood before a closing sign belongs to nothing.
    if (sign === '}' || sign === ']') this.#doc = null;
    return true;
  }

  expect(sign: string, where: string): void {
    if (!this.takes(sign)) this.failHere(`\`${sign}\` ${where}`);
  }

  /** The word that comes next, which stays; null if something else does. */
  peek(): Word | null {
    this.#skip();
    WORD.lastIndex = this.#at;
    const match = WORD.exec(this.#text);
    if (match === null) return null;
    return { text: match[1] ?? match[0], escaped: match[1] !== undefined, start: this.#at, end: WORD.lastIndex };
  }

  /** The keyword that comes next, which stays; null if a name or a sign does. */
  peekKeyword(): string | null {
    const word = this.peek();
    return word === null || word.escaped || !KEYWORDS.has(word.text) ? null : word.text;
  }

  takesKeyword(keyword: string): boolean {
    if (this.peekKeyword() !== keyword) return false;
    this.#at += keyword.length;
    return true;
  }

  /** Whether a word comes next that `sign` follows. */
  seesWordBefore(sign: string): boolean {
    const word = this.peek();
    if (word === null) return false;
    const saved = [this.#at, this.#doc] as const;
    this.#at = word.end;
    const found = this.sees(sign);
    [this.#at, this.#doc] = saved;
    return found;
  }

  /** A name: a word that is no keyword, or one in backticks. */
  name(what: string): Word {
    const word = this.peek();
    if (word === null) return this.failHere(what);
    if (!word.escaped && KEYWORDS.has(word.text)) {
      this.fail(
        `\`${word.text}\` is a keyword, but ${what} should stand here`,
        word,
        `write it in backticks: \`${word.text}\``,
      );
    }
    if (word.text.includes('-'))
      this.fail(`\`${word.text}\` holds a \`-\`, which no name may`, word, 'only the keys of properties may hold one');
    this.#at = word.end;
    return word;
  }

  /** `com.example.Book`, each part possibly in backticks. */
  dotted(what: string): Word {
    const first = this.name(what);
    let text = first.text;
    let end = first.end;
    while (this.takes('.')) {
      const next = this.name(`the rest of ${what}`);
      text += `.${next.text}`;
      end = next.end;
    }
    return { text, escaped: false, start: first.start, end };
  }

  /** One segment of a property's path, which may hold digits and `-`. */
  segment(): Word {
    this.#skip();
    SEGMENT.lastIndex = this.#at;
    const match = SEGMENT.exec(this.#text);
    if (match === null) return this.failHere('the name of a property');
    const start = this.#at;
    this.#at = SEGMENT.lastIndex;
    return { text: match[1] ?? match[0], escaped: match[1] !== undefined, start, end: this.#at };
  }

  /** A number; integers beyond 2^53 keep their digits. */
  number(what: string): Json {
    this.#skip();
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (match === null) return this.failHere(what);
    const start = this.#at;
    this.#at = NUMBER.lastIndex;
    if (/^[A-Za-z0-9_.]/.test(this.#text[this.#at] ?? '')) {
      this.fail(`\`${this.#text.slice(start, this.#at + 1)}\` is no number`, { start, end: this.#at + 1 });
    }
    const value = Number(match[0]);
    if (!Number.isFinite(value)) this.fail(`${match[0]} is beyond what a double holds`, { start, end: this.#at });
    return /[.eE]/.test(match[0]) || Number.isSafeInteger(value) ? value : BigInt(match[0]);
  }

  /** A string with the escapes of JSON; line ends may stand in it as they are. */
  string(): string {
    this.#skip();
    const start = this.#at;
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1;
    if (end >= this.#text.length) this.fail('the string has no end', { start, end: start + 1 }, 'close it with `"`');

    const inner = this.#text.slice(start + 1, end);
    this.#at = end + 1;
    try {
      return String(JSON.parse(`"${inner.replace(CONTROL, escapeControl)}"`));
    } catch {
      return this.fail(
        'the string has an escape that JSON does not know',
        { start, end: end + 1 },
        'write a backslash as `\\\\`',
      );
    }
  }

  #shown(): string {
    return /^(?:[\w`.-]{1,40}|[^]?)/.exec(this.#text.slice(this.#at, this.#at + 40))?.[0] ?? '';
  }

  #skip(): void {
    for (;;) {
      while (this.#at < this.#text.length && /[\s,\uFEFF]/.test(this.#text[this.#at] ?? '')) this.#at++;
      if (this.#text.startsWith('//', this.#at)) {
        const end = this.#text.indexOf('\n', this.#at);
        this.#at = end < 0 ? this.#text.length : end;
      } else if (this.#text.startsWith('/*', this.#at)) this.#comment();
      else return;
    }
  }

  #comment(): void {
    const start = this.#at;
    const end = this.#text.indexOf('*/', start + 2);
    if (end < 0) this.fail('the comment has no end', { start, end: start + 2 }, 'close it with `*/`');
    this.#at = end + 2;
    // `/**/` is an empty comment, not the begin of a documentation.
    if (this.#text.startsWith('/**', start) && end > start + 2) this.#doc = docText(this.#text.slice(start + 3, end));
  }
}

function escapeControl(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
