/** Holds single values against the shapes of single values; each gives back the value, or undefined if it does not fit. */
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { describeValue, quote, showValue } from '../diagnostic/quote.ts';
import { isJsonObject, stringifyJson, type Json } from '../protocol/json.ts';
import { error, warning } from './problem.ts';
import type { ConstantNode, IntegerNode, PlainNode, TextNode, WordNode } from './shape.ts';
import type { Spot } from './shape-spot.ts';

type JsonKind = Exclude<PlainNode['kind'], 'any' | 'expected'>;

/** Shapes that ask for a type of JSON and nothing more: what is right, and how a message calls it. */
const JSON_KINDS: Readonly<Record<JsonKind, readonly [fits: (value: Json) => boolean, called: string]>> = {
  boolean: [(value) => typeof value === 'boolean', 'true or false'],
  number: [(value) => typeof value === 'number' || typeof value === 'bigint', 'a number'],
  null: [(value) => value === null, 'null'],
  'object-value': [isJsonObject, 'an object'],
  patch: [isJsonObject, 'a patch: `{ $set: …, $delete: [..] }`'],
};

export function checkJsonKind(spot: Spot, kind: JsonKind, value: Json): Json | undefined {
  const [fits, called] = JSON_KINDS[kind];
  return fits(value) ? value : spot.wrongType(called, value);
}

export function checkConstant(spot: Spot, shape: ConstantNode, value: Json): Json | undefined {
  if (value === shape.value) return value;
  const message = `${spot.subject()} is ${showValue(shape.value)}, not ${describeValue(value)}`;
  return spot.tell(error('wrong-value', spot.pointer(), message, { fix: `write \`${shape.value}\`` }));
}

/** Whether a number is taken for its source text: quoting it would be right, too. */
export function readsAsText(spot: Spot, shape: TextNode, value: Json): boolean {
  return shape.pattern === null || shape.pattern.test(spot.written() ?? stringifyJson(value));
}

export function checkText(spot: Spot, shape: TextNode, value: Json): Json | undefined {
  let text = value;
  if ((typeof value === 'number' || typeof value === 'bigint') && !readsAsText(spot, shape, value)) {
    const message = `${spot.subject()} is ${shape.called}, not ${describeValue(value)}`;
    return spot.tell(
      error(shape.code ?? 'bad-text', spot.pointer(), message, { fix: shape.hint ?? `write ${shape.called}` }),
    );
  }
  if (typeof value === 'number' || typeof value === 'bigint') {
    const read = spot.written() ?? String(value);
    const message = `${spot.subject()} is text; the number is read as ${quote(read)}`;
    const fix = `quote it: \`${JSON.stringify(read)}\``;
    spot.tell(warning('text-from-number', spot.pointer(), message, { fix, see: 'notation' }));
    text = read;
  }
  if (typeof text !== 'string') return spot.wrongType(shape.called, value);
  if (shape.pattern === null || shape.pattern.test(text)) return text;

  const message = text.trim() === '' ? `${spot.subject()} is empty` : `${quote(text)} is not ${shape.called}`;
  const fix = shape.hint ?? `write ${shape.called}`;
  return spot.tell(error(shape.code ?? 'bad-text', spot.pointer(), message, { fix }));
}

export function checkInteger(spot: Spot, shape: IntegerNode, value: Json): Json | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value)) return spot.wrongType(shape.called, value);
  if (value >= shape.min && value <= shape.max) return value;
  const range = shape.max === Number.MAX_SAFE_INTEGER ? `at least ${shape.min}` : `from ${shape.min} to ${shape.max}`;
  const message = `${spot.subject()} is ${shape.called}, ${range}, not ${value}`;
  return spot.tell(error('out-of-range', spot.pointer(), message, { fix: `write a whole number, ${range}` }));
}

export function checkWord(spot: Spot, shape: WordNode, value: Json): Json | undefined {
  const written = typeof value === 'number' ? (spot.written() ?? String(value)) : value;
  if (typeof written !== 'string') return spot.wrongType(shape.called, value);
  if (shape.words.includes(written)) return written;

  const meant = shape.aliases.get(written) ?? nearestWord(written, shape.words);
  const fix = meant === null ? `write one of ${shape.words.join(', ')}` : `did you mean \`${meant}\`?`;
  const message = `${quote(written)} is not ${shape.called}`;
  return spot.tell(error(shape.code ?? 'unknown-word', spot.pointer(), message, { fix }));
}

const bare = (text: string): string => text.replace(/[\s_-]/g, '').toLowerCase();

/** `BATCHGET` is nearer to `BATCH_GET` than any edit distance says. */
function nearestWord(written: string, words: readonly string[]): string | null {
  return words.find((word) => bare(word) === bare(written)) ?? didYouMean(written, words);
}
