/** Generators of what travels: texts with every awkward character, elements, keys. */
import * as fc from 'fast-check';
import type { Json, JsonObject } from '../../src/protocol/json.ts';

/** The same values in every run, so that a failure stays one. */
fc.configureGlobal({ seed: 20_260_407 });

const awkward = [
  "'",
  "''",
  '(',
  ')',
  ':',
  ',',
  '%',
  '%25',
  '+',
  ' ',
  '&',
  '=',
  ';',
  '/',
  '?',
  '#',
  '~',
  'List',
  'List(',
  '$',
  '.',
  '[',
  ']',
  'é',
  '☺',
  '😛',
  '\u0000',
  '\ufeff',
  '__proto__',
  'constructor',
];

/** Well-formed Unicode: a lone surrogate has no UTF-8. */
export const texts = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 5 }),
  fc.array(fc.constantFrom(...awkward, 'a', '1'), { maxLength: 5 }).map((parts) => parts.join('')),
);

export const scalars: fc.Arbitrary<string | number | bigint | boolean> = fc.oneof(
  { weight: 5, arbitrary: texts },
  fc.integer(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).filter((value) => !Number.isSafeInteger(Number(value))),
  fc.boolean(),
);

export const elements: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    scalars,
    fc.array(tie('value'), { maxLength: 3 }),
    recordOf(tie('value')),
  ),
})).value;

export function recordOf(values: fc.Arbitrary<Json>): fc.Arbitrary<JsonObject> {
  return fc.array(fc.tuple(texts, values), { maxLength: 3 }).map((members) => Object.fromEntries(members));
}

/** What JSON can say, with nesting and large integers. */
export const jsons: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constant(null),
    scalars,
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
    fc.array(tie('value'), { maxLength: 3 }),
    recordOf(tie('value')),
  ),
})).value;

/** The value with every scalar as its text, as a decoder returns it. */
export function asTexts(value: Json): Json {
  if (Array.isArray(value)) return value.map(asTexts);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, asTexts(item)]));
}
