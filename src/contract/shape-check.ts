/**
 * Holds a written value against a shape: every problem with its place, and the value without what was wrong, so that
 * the checks that follow can speak about the rest.
 */
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { describeValue, quote, showValue } from '../diagnostic/quote.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { formatPointer } from '../protocol/pointer.ts';
import { checkMatcherSyntax } from './matcher-syntax.ts';
import { error, warning, type Problem, type Problems } from './problem.ts';
import {
  typeOfJson,
  type ChoiceNode,
  type IntegerNode,
  type ListNode,
  type MapNode,
  type ObjectNode,
  type Shape,
  type TextNode,
  type TypeNode,
  type WordNode,
} from './shape.ts';

/** The text of the number at this place, as it was written; null when the source has no text. */
export type WrittenText = (pointer: string) => string | null;

export interface Checked {
  /** Without members that do not fit; a list keeps null where an item did not, so that indexes stay. Undefined: nothing fits. */
  readonly value: Json | undefined;
  readonly problems: readonly Problem[];
  /** Every type that stands in the value, with its place. */
  readonly types: readonly WrittenType[];
}

export interface WrittenType {
  readonly written: string | JsonObject;
  readonly pointer: string;
}

export function checkShape(shape: Shape, value: Json, written: WrittenText): Checked {
  const walker = new Walker(written);
  const kept = walker.walk(shape, value);
  return {
    value: kept,
    problems: walker.problems,
    types: walker.types,
  };
}

class Walker {
  readonly problems: Problems = [];
  readonly types: WrittenType[] = [];
  /** The way from the root to where the walk is. */
  readonly #path: (string | number)[] = [];
  readonly #written: WrittenText;

  constructor(written: WrittenText) {
    this.#written = written;
  }

  /** @returns the same value when nothing is wrong, a copy when a part was, undefined when it does not fit at all */
  walk(shape: Shape, value: Json): Json | undefined {
    switch (shape.kind) {
      case 'named':
        return this.walk(shape.shape(), value);
      case 'any':
        return value;
      case 'boolean':
        return typeof value === 'boolean' ? value : this.#wrongType('true or false', value);
      case 'number':
        return typeof value === 'number' || typeof value === 'bigint' ? value : this.#wrongType('a number', value);
      case 'null':
        return value === null ? value : this.#wrongType('null', value);
      case 'object-value':
        return isJsonObject(value) ? value : this.#wrongType('an object', value);
      case 'patch':
        return isJsonObject(value) ? value : this.#wrongType('a patch: `{ $set: …, $delete: [..] }`', value);
      case 'expected':
        return this.#expected(value);
      case 'constant':
        if (value === shape.value) return value;
        this.problems.push(
          error(
            'wrong-value',
            this.#pointer(),
            `${this.#subject()} is ${showValue(shape.value)}, not ${describeValue(value)}`,
            { fix: `write \`${shape.value}\`` },
          ),
        );
        return undefined;
      case 'text':
        return this.#text(shape, value);
      case 'integer':
        return this.#integer(shape, value);
      case 'word':
        return this.#word(shape, value);
      case 'list':
        return this.#list(shape, value);
      case 'map':
        return this.#map(shape, value);
      case 'object':
        return this.#object(shape, value);
      case 'type':
        return this.#type(shape, value);
      case 'choice':
        return this.#choice(shape, value);
    }
  }

  #into(shape: Shape, value: Json, segment: string | number): Json | undefined {
    this.#path.push(segment);
    const kept = this.walk(shape, value);
    this.#path.pop();
    return kept;
  }

  /** Where the walk is, or a member of it. */
  #pointer(member?: string): string {
    return formatPointer(member === undefined ? this.#path : [...this.#path, member]);
  }

  #subject(): string {
    const last = this.#path.at(-1);
    if (last === undefined) return 'the file';
    if (typeof last === 'string') return `\`${last}\``;
    const holder = this.#path.at(-2);
    return holder === undefined ? `item ${last + 1}` : `item ${last + 1} of \`${holder}\``;
  }

  #wrongType(expected: string, value: Json, see: string | null = null): undefined {
    this.problems.push(
      error('wrong-type', this.#pointer(), `${this.#subject()} is ${expected}, not ${describeValue(value)}`, {
        see,
        fix: `write ${expected}`,
      }),
    );
    return undefined;
  }

  #expected(value: Json): Json | undefined {
    const before = this.problems.length;
    checkMatcherSyntax(
      value,
      () => this.#pointer(),
      this.problems,
      (written, pointer) => this.types.push({ written, pointer }),
    );
    return this.problems.length === before ? value : undefined;
  }

  #text(shape: TextNode, value: Json): Json | undefined {
    let text = value;
    if (typeof value === 'number' || typeof value === 'bigint') {
      const pointer = this.#pointer();
      text = this.#written(pointer) ?? String(value);
      this.problems.push(
        warning(
          'text-from-number',
          pointer,
          `${this.#subject()} is text; the number is read as ${quote(String(text))}`,
          {
            fix: `quote it: \`${JSON.stringify(text)}\``,
            see: 'notation',
          },
        ),
      );
    }
    if (typeof text !== 'string') return this.#wrongType(shape.called, value);
    if (shape.pattern === null || shape.pattern.test(text)) return text;

    const message = text.trim() === '' ? `${this.#subject()} is empty` : `${quote(text)} is not ${shape.called}`;
    this.problems.push(
      error(shape.code ?? 'bad-text', this.#pointer(), message, {
        fix: shape.hint ?? `write ${shape.called}`,
      }),
    );
    return undefined;
  }

  #type(shape: TypeNode, value: Json): Json | undefined {
    if (typeof value === 'boolean' && shape.orBoolean) return value;
    if (isJsonObject(value) && shape.orKey !== null && Object.hasOwn(value, '$key'))
      return this.#parentKey(shape.orKey, value);
    if (typeof value !== 'string' && !isJsonObject(value)) {
      return this.#wrongType(
        shape.orBoolean ? 'a type, true or false' : 'a type: its name or a JSON Schema',
        value,
        'notation',
      );
    }
    this.types.push({ written: value, pointer: this.#pointer() });
    return value;
  }

  #parentKey(key: Shape, value: JsonObject): Json | undefined {
    for (const name of Object.keys(value)) {
      if (name === '$key' || name.startsWith('x-')) continue;
      this.problems.push(
        error('unknown-member', this.#pointer(name), `\`${name}\` cannot stand beside \`$key\``, {
          part: 'name',
          fix: 'put key parts under `$key`',
          see: 'top-level',
        }),
      );
    }
    const parts = this.#into(key, value['$key'] ?? null, '$key');
    return parts === undefined ? undefined : { $key: parts };
  }

  #integer(shape: IntegerNode, value: Json): Json | undefined {
    if (typeof value !== 'number' || !Number.isInteger(value)) return this.#wrongType(shape.called, value);
    if (value >= shape.min && value <= shape.max) return value;
    const range = shape.max === Number.MAX_SAFE_INTEGER ? `at least ${shape.min}` : `from ${shape.min} to ${shape.max}`;
    this.problems.push(
      error('out-of-range', this.#pointer(), `${this.#subject()} is ${shape.called}, ${range}, not ${value}`, {
        fix: `write a whole number, ${range}`,
      }),
    );
    return undefined;
  }

  #word(shape: WordNode, value: Json): Json | undefined {
    const written = typeof value === 'number' ? (this.#written(this.#pointer()) ?? String(value)) : value;
    if (typeof written !== 'string') return this.#wrongType(shape.called, value);
    if (shape.words.includes(written)) return written;

    const meant = shape.aliases.get(written) ?? nearestWord(written, shape.words);
    const all = shape.words.join(', ');
    this.problems.push(
      error(shape.code ?? 'unknown-word', this.#pointer(), `${quote(written)} is not ${shape.called}`, {
        fix: meant === null ? `write one of ${all}` : `did you mean \`${meant}\`?`,
      }),
    );
    return undefined;
  }

  #list(shape: ListNode, value: Json): Json | undefined {
    if (!isJsonArray(value)) return this.#wrongType('a list', value);
    if (value.length < shape.min) {
      this.problems.push(
        error('too-few', this.#pointer(), `${this.#subject()} is an empty list`, {
          fix: 'leave it out, or write an item',
        }),
      );
      return undefined;
    }

    // Objects keep their place, so that what follows can point at the others by index; a text that does not fit just goes.
    const keepsPlaces = shape.item.kind !== 'text' && shape.item.kind !== 'integer' && shape.item.kind !== 'word';
    let kept: Json[] | null = null;
    for (let index = 0; index < value.length; index++) {
      const item = value[index] ?? null;
      const result = this.#into(shape.item, item, index);
      if (result === item) continue;
      kept ??= [...value];
      kept[index] = result ?? null;
    }
    if (kept === null) return value;
    return keepsPlaces ? kept : kept.filter((item) => item !== null);
  }

  #map(shape: MapNode, value: Json): Json | undefined {
    if (!isJsonObject(value)) return this.#wrongType('an object', value);

    const names = Object.keys(value);
    if (names.length < shape.min) {
      this.problems.push(
        error('too-few', this.#pointer(), `${this.#subject()} is empty`, {
          fix: `leave it out, or write ${shape.called}`,
        }),
      );
      return undefined;
    }
    let kept: Map<string, Json | undefined> | null = null;
    for (const name of names) {
      const member = value[name] ?? null;
      const special = shape.special.get(name);
      if (special === undefined && !shape.names.test(name)) {
        this.problems.push(
          error('bad-name', this.#pointer(name), `\`${name}\` is not ${shape.called}`, {
            part: 'name',
            fix: badNameFix(shape, name),
          }),
        );
        (kept ??= new Map(Object.entries(value))).delete(name);
        continue;
      }
      const cutText = member === null ? this.#cutText(value, names, name) : false;
      const result = cutText ? undefined : this.#into(special ?? shape.value, member, name);
      if (result !== member) (kept ??= new Map(Object.entries(value))).set(name, result);
    }
    return kept === null ? value : fromMap(kept);
  }

  #object(shape: ObjectNode, value: Json): Json | undefined {
    if (!isJsonObject(value))
      return this.#wrongType(
        shape.called.includes(' ') ? `an object (${shape.called})` : 'an object',
        value,
        shape.see,
      );

    const names = Object.keys(value);
    let kept: Map<string, Json | undefined> | null = null;
    let count = 0;
    for (const name of names) {
      const member = shape.members.get(name);
      if (member === undefined) {
        if (shape.open && name.startsWith('x-')) continue;
        this.#unknown(shape, value, names, name);
        (kept ??= new Map(Object.entries(value))).delete(name);
        continue;
      }
      count++;
      const written = value[name] ?? null;
      const result = this.#into(member.shape, written, name);
      if (result !== written) (kept ??= new Map(Object.entries(value))).set(name, result);
    }

    let complete = true;
    for (const name of shape.needed) {
      if (Object.hasOwn(value, name)) continue;
      complete = false;
      const doc = shape.members.get(name)?.doc ?? '';
      this.problems.push(
        error('missing-member', this.#pointer(), `${shape.called} needs \`${name}\``, {
          part: 'name',
          see: shape.see,
          fix: `add \`${name}\`: ${lowerFirst(doc)}`,
        }),
      );
    }
    if (count < shape.min && complete) {
      this.problems.push(
        error('too-few', this.#pointer(), `${this.#subject()} says nothing`, {
          fix: 'leave it out, or write a member',
          see: shape.see,
        }),
      );
      return undefined;
    }
    if (count > shape.max) {
      this.problems.push(
        error(
          'too-many',
          this.#pointer(),
          `${this.#subject()} holds ${count} members; only ${shape.max} can stand there`,
          { fix: 'keep one of them', see: shape.see },
        ),
      );
      return undefined;
    }
    if (kept === null) return complete ? value : this.#incomplete(shape, value);
    const pruned = fromMap(kept);
    return this.#incomplete(shape, pruned);
  }

  /** An object that lacks a required member cannot be looked at further. */
  #incomplete(shape: ObjectNode, value: JsonObject): Json | undefined {
    for (const name of shape.needed) if (!Object.hasOwn(value, name)) return undefined;
    return value;
  }

  #unknown(shape: ObjectNode, value: JsonObject, names: readonly string[], name: string): void {
    if (this.#cutText(value, names, name)) return;

    const known = [...shape.members.keys()];
    const near = shape.aliases.has(name) ? name : didYouMean(name, [...known, ...shape.aliases.keys()]);
    const alias = near === null ? undefined : shape.aliases.get(near);
    const meant = alias === undefined ? near : null;
    const fix =
      alias ??
      (meant === null ? `drop it, or write one of ${known.slice(0, 24).join(', ')}` : `did you mean \`${meant}\`?`);
    this.problems.push(
      error('unknown-member', this.#pointer(name), `${shape.called} has no member \`${name}\``, {
        part: 'name',
        see: shape.see,
        fix,
      }),
    );
  }

  /** `{ doc: one, two }` holds a second name, `two`, without a value: the comma belonged to the text. */
  #cutText(value: JsonObject, names: readonly string[], name: string): boolean {
    if (value[name] !== null || this.#written(this.#pointer(name)) !== name) return false;
    const before = names[names.indexOf(name) - 1];
    const text = before === undefined ? undefined : value[before];
    if (before === undefined || typeof text !== 'string') return false;

    this.problems.push(
      error(
        'cut-by-comma',
        this.#pointer(name),
        `a comma ends the text of \`${before}\` inside braces, so \`${name}\` became a member of its own`,
        {
          part: 'name',
          fix: `quote the text: \`${before}: ${JSON.stringify(`${text}, ${name}`)}\``,
          see: 'notation',
          related: [
            {
              pointer: this.#pointer(before),
              part: 'value',
              message: 'the text that was cut',
            },
          ],
        },
      ),
    );
    return true;
  }

  #choice(shape: ChoiceNode, value: Json): Json | undefined {
    const type = typeOfJson(value);
    const branch = shape.by.get(type);
    if (branch !== undefined) return this.walk(branch, value);

    const text = shape.by.get('string');
    if (type === 'number' && text?.kind === 'text') return this.#text(text, value);
    return this.#wrongType(shape.called, value, seeOf(shape));
  }
}

function seeOf(shape: ChoiceNode): string | null {
  const branch = shape.by.get('object');
  return branch?.kind === 'object' ? branch.see : null;
}

/** Without members whose value did not fit. */
function fromMap(kept: ReadonlyMap<string, Json | undefined>): JsonObject {
  const entries: [string, Json][] = [];
  for (const [name, value] of kept) if (value !== undefined) entries.push([name, value]);
  return Object.fromEntries(entries);
}

function lowerFirst(sentence: string): string {
  const text = sentence.replace(/\.$/, '');
  return /^[A-Z][a-z ]/.test(text) ? text.slice(0, 1).toLowerCase() + text.slice(1) : text;
}

const bare = (text: string): string => text.replace(/[\s_-]/g, '').toLowerCase();

/** `BATCHGET` is nearer to `BATCH_GET` than any edit distance says. */
function nearestWord(written: string, words: readonly string[]): string | null {
  return words.find((word) => bare(word) === bare(written)) ?? didYouMean(written, words);
}

function badNameFix(shape: MapNode, name: string): string {
  if (name.startsWith('$')) return 'names that begin with `$` belong to Rest.li or to the format';
  return `write ${shape.called}: ${describePattern(shape.names)}`;
}

function describePattern(names: RegExp): string {
  if (names.source.startsWith('^[45]')) return '400 to 599';
  if (names.source.includes('\\/[a-z0-9-]+')) return '`family/kebab-case`';
  return names.source.includes('\\?')
    ? 'letters, digits, `_`, `.` and `-`; a `?` at its end says that it may be absent'
    : 'letters, digits and `_`';
}
