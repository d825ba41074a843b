/**
 * A text that matches an expression, made by reading the expression: literals, classes, groups, alternatives and
 * repetition. What it cannot read (look-around, back-references) gives null.
 */

/** Repetitions beyond the least that a sample takes. */
const EXTRA_REPETITIONS = 2;
/** Longest sample; expressions such as `(a{1000}){1000}` end here. */
const LONGEST = 4_000;

/**
 * @param random - numbers from 0 up to 1, so that the same seed gives the same text
 * @returns a text that should match; the caller checks that it does. Null for an expression that cannot be read
 */
export function sampleOfPattern(pattern: string, random: () => number): string | null {
  const reader = new PatternReader(pattern, random);
  try {
    const text = reader.alternatives();
    return reader.atEnd && text.length <= LONGEST ? text : null;
  } catch (error) {
    if (error instanceof Unreadable || error instanceof RangeError) return null;
    throw error;
  }
}

class Unreadable extends Error {}

const DIGITS = '0123456789';
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('');
const CLASSES: ReadonlyMap<string, string> = new Map([
  ['d', DIGITS],
  ['w', `${LETTERS}${DIGITS}_`],
  ['s', ' '],
]);
const CONTROLS: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['f', '\f'],
  ['v', '\v'],
  ['0', '\0'],
]);

/** Makes its choice while it reads: of alternatives one is kept, of a repetition each turn is read anew. */
class PatternReader {
  readonly #pattern: string;
  readonly #random: () => number;
  #at = 0;

  constructor(pattern: string, random: () => number) {
    this.#pattern = pattern;
    this.#random = random;
  }

  get atEnd(): boolean {
    return this.#at >= this.#pattern.length;
  }

  alternatives(): string {
    const options = [this.#sequence()];
    while (this.#take('|')) options.push(this.#sequence());
    return this.#pick(options);
  }

  #sequence(): string {
    let text = '';
    while (!this.atEnd && !'|)'.includes(this.#next)) {
      const start = this.#at;
      const once = this.#atom();
      const end = this.#at;
      const times = this.#quantifier();
      text += times > 0 ? once : '';
      const after = this.#at;
      for (let turn = 1; turn < times; turn++) {
        this.#at = start;
        text += this.#atom();
        if (this.#at !== end || text.length > LONGEST) throw new Unreadable();
      }
      this.#at = after;
    }
    return text;
  }

  #atom(): string {
    const char = this.#advance();
    if (char === '^' || char === '$') return '';
    if (char === '(') return this.#group();
    if (char === '[') return this.#class();
    if (char === '.') return this.#pickChar(LETTERS);
    if (char === '\\') return this.#escape();
    if ('*+?{'.includes(char)) throw new Unreadable();
    return char;
  }

  #group(): string {
    if (this.#take('?')) {
      if (this.#take('<')) {
        if ('=!'.includes(this.#next)) throw new Unreadable();
        while (this.#advance() !== '>');
      } else if (!this.#take(':')) throw new Unreadable();
    }
    const text = this.alternatives();
    if (!this.#take(')')) throw new Unreadable();
    return text;
  }

  #class(): string {
    const negated = this.#take('^');
    let members = '';
    while (!this.#take(']')) {
      const from = this.#classMember();
      if (from.length === 1 && this.#next === '-' && this.#pattern[this.#at + 1] !== ']') {
        this.#advance();
        members += range(from, this.#classMember());
      } else members += from;
    }
    if (!negated) return this.#pickChar(members);
    return this.#pickChar(
      Array.from(PRINTABLE)
        .filter((char) => !members.includes(char))
        .join(''),
    );
  }

  #classMember(): string {
    const char = this.#advance();
    if (char !== '\\') return char;
    const kind = this.#next;
    const members = CLASSES.get(kind);
    if (members !== undefined) {
      this.#advance();
      return members;
    }
    return this.#escape();
  }

  #escape(): string {
    const kind = this.#advance();
    const members = CLASSES.get(kind);
    if (members !== undefined) return this.#pickChar(members);
    if (kind === 'D' || kind === 'S') return this.#pickChar(LETTERS);
    if (kind === 'W') return this.#pickChar('-.,:;!');
    if (kind === 'b' || kind === 'B') return '';
    if (kind === 'u' || kind === 'x') return this.#codePoint(kind);
    if (/[1-9kpPc]/.test(kind)) throw new Unreadable();
    return CONTROLS.get(kind) ?? kind;
  }

  #codePoint(kind: string): string {
    const digits = kind === 'u' ? /^\{([\dA-Fa-f]+)\}|^([\dA-Fa-f]{4})/ : /^()([\dA-Fa-f]{2})/;
    const match = digits.exec(this.#pattern.slice(this.#at, this.#at + 12));
    if (match === null) throw new Unreadable();
    this.#at += match[0].length;
    return String.fromCodePoint(Number.parseInt(match[1] || (match[2] ?? ''), 16));
  }

  #quantifier(): number {
    const match = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/.exec(this.#pattern.slice(this.#at, this.#at + 24));
    if (match === null) return 1;
    this.#at += match[0].length;
    const kind = match[0][0];
    if (kind !== '{') return this.#between(kind === '+' ? 1 : 0, kind === '?' ? 1 : EXTRA_REPETITIONS + 1);
    const least = Number(match[1]);
    if (match[2] === undefined) return least;
    return this.#between(
      least,
      Math.min(match[3] ? Number(match[3]) : Number.POSITIVE_INFINITY, least + EXTRA_REPETITIONS),
    );
  }

  get #next(): string {
    return this.#pattern[this.#at] ?? '';
  }

  #advance(): string {
    const code = this.#pattern.codePointAt(this.#at);
    if (code === undefined) throw new Unreadable();
    const char = String.fromCodePoint(code);
    this.#at += char.length;
    return char;
  }

  #take(char: string): boolean {
    if (this.#next !== char) return false;
    this.#at++;
    return true;
  }

  #between(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1));
  }

  #pick(options: readonly string[]): string {
    return options[Math.floor(this.#random() * options.length)] ?? '';
  }

  #pickChar(chars: string): string {
    const all = Array.from(chars);
    const char = all[Math.floor(this.#random() * all.length)];
    if (char === undefined) throw new Unreadable();
    return char;
  }
}

/** The characters between two; of a long range the first hundred are enough to choose from. */
function range(from: string, to: string): string {
  const [first = 0, last = 0] = [from.codePointAt(0), to.codePointAt(0)];
  if (last < first) throw new Unreadable();
  return Array.from({ length: Math.min(last - first + 1, 100) }, (_, index) =>
    String.fromCodePoint(first + index),
  ).join('');
}
