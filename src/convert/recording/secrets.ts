/**
 * The secrets of a recording, and the one gate that everything made of it goes through.
 *
 * They are taken out before anything reads the exchanges: each is replaced by a stand-in, in every place and every
 * encoded form, so that no later step can show one. What leaves is a contract, where a stand-in becomes a variable of
 * the environment, or a message, where it becomes a mask.
 */
import { findSecrets } from '../../contract/secrets.ts';
import { isJsonArray, isJsonObject, jsonEquals, jsonObject, stringifyJson, type Json } from '../../protocol/json.ts';
import { createRedactor, MASK } from '../../transport/redact.ts';
import { secretPatterns } from '../../transport/secret-forms.ts';
import { isPairValue, isSecretMember, secretPairOf } from './secret-members.ts';
import { DEEPEST, encodedIn, placesIn } from './secret-texts.ts';

/** Secrets beyond this number are still left out where their name tells, but not looked for elsewhere. */
const MOST_SOUGHT = 500;

/** Short texts that are known to hold none. */
const MOST_CLEAN = 10_000;

interface Shown {
  /** `SESSION_ID`, of the environment. */
  readonly variable: string;
  /** Stands for it where no variable can: in names, and where the variable is not set. */
  readonly plain: string;
}

export class Secrets {
  /** Names of what was left out, for one note. */
  readonly removed = new Set<string>();
  readonly #redactor = createRedactor();
  /** What each was called where it was found. */
  readonly #names: string[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #sought = new Map<string, number>();
  readonly #shown = new Map<number, Shown>();
  readonly #mark: string;
  readonly #standIn: RegExp;
  #patterns: Patterns | null = null;

  /** @param source - the text of the recording, in which no stand-in may occur */
  constructor(source: string) {
    let mark = '~secret';
    while (source.includes(mark)) mark += '~';
    this.#mark = mark;
    this.#standIn = new RegExp(`${mark}(\\d+)~`, 'g');
  }

  /** From now on the value is looked for everywhere. */
  seek(name: string, value: string): void {
    if (this.#sought.has(value) || this.#sought.size >= MOST_SOUGHT) return;
    this.#sought.set(value, this.#numberOf(name, value));
    this.#redactor.addValue(value);
    this.#patterns = null;
  }

  /** What stands for the value of that name; the same for the same value. */
  standIn(name: string, value: string): string {
    this.removed.add(name);
    return `${this.#mark}${this.#numberOf(name, value)}~`;
  }

  /** What was secret and is left out without a trace, as a header is. */
  leaveOut(name: string): void {
    this.removed.add(name);
  }

  /** The text with a stand-in for each secret, whatever form it has. */
  replace(text: string): string {
    const { sought, numbers, shortest, clean } = (this.#patterns ??= this.#compile());
    if (sought === null || text.length < shortest || clean.has(text)) return text;
    const replaced = text.replace(sought, (_, ...groups: unknown[]) => {
      const number = numbers[groups.findIndex((group) => group !== undefined)] ?? 0;
      this.removed.add(this.#names[number] ?? '');
      return `${this.#mark}${number}~`;
    });
    if (replaced === text && text.length < 200 && clean.size < MOST_CLEAN) clean.add(text);
    return replaced;
  }

  /**
   * A whole text of the recording: beside what is known, what the text itself shows to be secret, however short it is or
   * often it changes.
   */
  hide(text: string, depth = 0): string {
    const known = this.replace(text);
    let hidden = '';
    let at = 0;
    for (const { name, value, start, end } of placesIn(known, (found) => found.includes(this.#mark))) {
      hidden += known.slice(at, start) + this.standIn(name, value);
      at = end;
    }
    hidden += known.slice(at);
    const inner = hidden === text && depth < DEEPEST ? encodedIn(text) : undefined;
    if (inner === undefined) return hidden;
    const clean = typeof inner === 'string' ? this.hide(inner, depth + 1) : this.replaceIn(inner, '', false, depth + 1);
    if (jsonEquals(clean, inner)) return hidden;
    return typeof inner === 'string' ? this.standIn('encoded', text) : stringifyJson(clean);
  }

  /** A body: what a name calls secret loses its strings and numbers, all else what is known. */
  replaceIn(value: Json, name = '', isSecret = isSecretMember(name, value), depth = 0): Json {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
      const text = String(value);
      if (isSecret && text !== '' && !this.#isStandIn(text)) return this.standIn(name, text);
      const replaced = typeof value === 'string' ? this.hide(text, depth) : this.replace(text);
      return replaced === text ? value : replaced;
    }
    if (isJsonArray(value))
      return value.map((item) => this.replaceIn(item, name, isSecret || isSecretMember(name, item), depth));
    if (!isJsonObject(value)) return value;
    const pair = secretPairOf(value);
    return jsonObject(
      Object.entries(value).map(([member, item]): [string, Json] => [
        this.hide(member),
        isSecret
          ? this.replaceIn(item, name, true, depth)
          : pair !== null && isPairValue(member)
            ? this.replaceIn(item, pair, true, depth)
            : this.replaceIn(item, member, isSecretMember(member, item), depth),
      ]),
    );
  }

  /** A part of a contract in which variables stand; `${` of the recording stays what it is. */
  withVariables(value: Json, name = ''): Json {
    if (typeof value === 'string' && value !== '' && !value.includes(this.#mark) && isSecretMember(name, value))
      return this.withVariables(this.standIn(name, value));
    if ((typeof value === 'number' || typeof value === 'bigint') && isSecretMember(name, value))
      return this.withVariables(this.standIn(name, String(value)));
    if (typeof value === 'string') {
      return this.hide(value)
        .replaceAll('${', () => '$${')
        .replace(this.#standIn, (_, number) => {
          const { variable, plain } = this.#at(number);
          return `\${env.${variable}:-${plain}}`;
        });
    }
    if (isJsonArray(value)) return value.map((item) => this.withVariables(item, name));
    if (!isJsonObject(value)) return value;
    const pair = secretPairOf(value);
    return jsonObject(
      Object.entries(value).map(([member, item]) => [
        this.plainText(member),
        this.withVariables(item, pair !== null && isPairValue(member) ? pair : member),
      ]),
    );
  }

  /** A part of a contract without variables: names, types, masks. */
  plain(value: Json): Json {
    if (typeof value === 'string') return this.plainText(value);
    if (isJsonArray(value)) return value.map((item) => this.plain(item));
    if (!isJsonObject(value)) return value;
    return jsonObject(Object.entries(value).map(([member, item]) => [this.plainText(member), this.plain(item)]));
  }

  plainText(text: string): string {
    const isClean = (this.#patterns ??= this.#compile()).unmistakable?.test(text) !== true;
    const known = isClean ? text : this.replace(text);
    if (!known.includes(this.#mark)) return known;
    const shown = known.replace(this.#standIn, (_, number) => this.#at(number).plain);
    // Whatever stands for it, a password before the host looks like one.
    return shown.replace(/(:\/\/)[^\s/:@"']*:(?=secret\d*@)/g, '$1');
  }

  /** A sentence, which may quote the recording. */
  message(text: string): string {
    return this.#redactor.redactText(this.hide(text, DEEPEST).replace(this.#standIn, MASK));
  }

  /**
   * Whether one still stands in a finished text. Secrets that are plain words are not asked for here: a contract holds
   * `required` and `string` whatever the passwords are.
   */
  showsIn(text: string): boolean {
    const { unmistakable } = (this.#patterns ??= this.#compile());
    return text.includes(this.#mark) || unmistakable?.test(text) === true || findSecrets(text).length > 0;
  }

  #isStandIn(text: string): boolean {
    return text.replace(this.#standIn, '') === '';
  }

  /** Numbered as they are shown, so that a draft with one secret holds `secret`, not `secret17`. */
  #at(text: unknown): Shown {
    const number = Number(text);
    const known = this.#shown.get(number);
    if (known !== undefined) return known;
    const all = [...this.#shown.values()];
    // A name may be, or hold, what it names.
    const name = this.#names[number] ?? '';
    const wanted = variableOf(this.replace(name) === name ? name : '');
    const shown = {
      variable: free(wanted, '_', (word) => all.some(({ variable }) => variable === word)),
      plain: free('secret', '', (word) => this.#sought.has(word) || all.some(({ plain }) => plain === word)),
    };
    this.#shown.set(number, shown);
    return shown;
  }

  #numberOf(name: string, value: string): number {
    const known = this.#sought.get(value) ?? this.#numbers.get(value);
    if (known !== undefined) return known;
    const number = this.#names.push(name) - 1;
    this.#numbers.set(value, number);
    return number;
  }

  #compile(): Patterns {
    // Longest first, so that a secret which contains another is replaced whole.
    const sought = [...this.#sought].toSorted(([a], [b]) => b.length - a.length);
    const sourceOf = ([value]: readonly [string, number]): string => `(${secretPatterns(value).join('|')})`;
    const mixed = sought.filter(([value]) => !/^[A-Za-z]+$/.test(value));
    return {
      clean: new Set(),
      shortest: Math.min(...sought.map(([value]) => Array.from(value).length)),
      sought: sought.length === 0 ? null : new RegExp(sought.map(sourceOf).join('|'), 'g'),
      numbers: sought.map(([, number]) => number),
      unmistakable: mixed.length === 0 ? null : new RegExp(mixed.map(sourceOf).join('|')),
    };
  }
}

interface Patterns {
  /** Texts without any: bodies repeat their names and values without end. */
  readonly clean: Set<string>;
  /** Characters of the shortest secret; no encoding makes it shorter. */
  readonly shortest: number;
  /** One group for each secret. */
  readonly sought: RegExp | null;
  /** Which secret each group is. */
  readonly numbers: readonly number[];
  readonly unmistakable: RegExp | null;
}

function variableOf(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
  return (
    words
      .replace(/[^A-Z0-9]+/g, '_')
      .replace(/^(?=\d)/, '_')
      .slice(0, 60) || 'SECRET'
  );
}

/** The word itself, or the first with a number that nobody has. */
function free(word: string, separator: string, isTaken: (word: string) => boolean): string {
  let found = word;
  for (let count = 2; isTaken(found); count++) found = `${word}${separator}${count}`;
  return found;
}
