/**
 * The secrets of a recording, and the one gate that everything made of it goes through.
 *
 * They are taken out before anything reads the exchanges: each is replaced by a stand-in, in every place and every
 * encoded form, so that no later step can show one. What leaves is a contract, where a stand-in becomes a variable of
 * the environment, or a message, where it becomes a mask.
 */
import { isJsonArray, isJsonObject, jsonObject, type Json } from '../../protocol/json.ts';
import { isTelling } from '../../transport/credentials.ts';
import { createRedactor, MASK } from '../../transport/redact.ts';
import { secretPatterns } from '../../transport/secret-forms.ts';
import { isSecretField } from '../../transport/secret-names.ts';

/** Secrets beyond this number are still left out where their name tells, but not looked for elsewhere. */
const MOST_SOUGHT = 500;

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
    const { sought, numbers } = (this.#patterns ??= this.#compile());
    if (sought === null) return text;
    return text.replace(sought, (_, ...groups: unknown[]) => {
      const number = numbers[groups.findIndex((group) => group !== undefined)] ?? 0;
      this.removed.add(this.#names[number] ?? '');
      return `${this.#mark}${number}~`;
    });
  }

  /** A body: what a name calls secret loses its strings and numbers, all else what is known. */
  replaceIn(value: Json, name = '', isSecret = name !== '' && isSecretField(name)): Json {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
      const text = String(value);
      if (isSecret && text !== '') return this.standIn(name, text);
      const replaced = this.replace(text);
      return replaced === text ? value : replaced;
    }
    if (isJsonArray(value)) return value.map((item) => this.replaceIn(item, name, isSecret));
    if (!isJsonObject(value)) return value;
    return jsonObject(
      Object.entries(value).map(([member, item]): [string, Json] => [
        this.replace(member),
        isSecret ? this.replaceIn(item, name, true) : this.replaceIn(item, member),
      ]),
    );
  }

  /** A part of a contract in which variables stand; `${` of the recording stays what it is. */
  withVariables(value: Json, name = ''): Json {
    if (typeof value === 'string' && value !== '' && !value.includes(this.#mark) && isSecretField(name))
      return this.withVariables(this.standIn(name, value));
    if ((typeof value === 'number' || typeof value === 'bigint') && isSecretField(name))
      return this.withVariables(this.standIn(name, String(value)));
    if (typeof value === 'string') {
      return this.replace(value)
        .replaceAll('${', () => '$${')
        .replace(this.#standIn, (_, number) => {
          const { variable, plain } = this.#at(number);
          return `\${env.${variable}:-${plain}}`;
        });
    }
    if (isJsonArray(value)) return value.map((item) => this.withVariables(item, name));
    if (!isJsonObject(value)) return value;
    return jsonObject(
      Object.entries(value).map(([member, item]) => [this.plainText(member), this.withVariables(item, member)]),
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
    return (isClean ? text : this.replace(text)).replace(this.#standIn, (_, number) => this.#at(number).plain);
  }

  /** A sentence, which may quote the recording. */
  message(text: string): string {
    return this.#redactor.redactText(this.replace(text).replace(this.#standIn, MASK));
  }

  /**
   * Whether one still stands in a finished text. Secrets that are plain words are not asked for here: a contract holds
   * `required` and `string` whatever the passwords are.
   */
  showsIn(text: string): boolean {
    const { unmistakable } = (this.#patterns ??= this.#compile());
    return text.includes(this.#mark) || (unmistakable !== null && unmistakable.test(text));
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
      sought: sought.length === 0 ? null : new RegExp(sought.map(sourceOf).join('|'), 'g'),
      numbers: sought.map(([, number]) => number),
      unmistakable: mixed.length === 0 ? null : new RegExp(mixed.map(sourceOf).join('|')),
    };
  }
}

interface Patterns {
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

/** What of an object's members is secret by name and worth looking for elsewhere. */
export function* secretMembers(value: Json, name = '', isSecret = false): Generator<readonly [string, string]> {
  const known = isSecret || (name !== '' && isSecretField(name));
  if (isJsonArray(value)) for (const item of value) yield* secretMembers(item, name, known);
  else if (isJsonObject(value)) {
    for (const [member, item] of Object.entries(value)) yield* secretMembers(item, known ? name : member, known);
  } else if (known && value !== null && typeof value !== 'boolean' && isTelling(String(value)))
    yield [name, String(value)];
}
