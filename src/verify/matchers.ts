/**
 * Compares an expected value, matchers included, with an actual one.
 *
 * Objects are partial, lists are whole, numbers compare by value to the last digit. `$present` sees absence; every
 * other expectation needs a value.
 */
import { isMatcher } from '../contract/matcher-syntax.ts';
import type { Contract } from '../contract/contract.ts';
import { describeValue } from '../diagnostic/quote.ts';
import { isJsonArray, isJsonObject, jsonEquals, stringifyJson, type Json } from '../protocol/json.ts';
import { escapeSegment } from '../protocol/pointer.ts';
import { checkSchema } from '../schema/check.ts';
import { compilePattern } from '../schema/patterns.ts';

/** One difference: where in the actual value, where in the expected one, and what. */
export interface Mismatch {
  readonly pointer: string;
  /** JSON Pointer below the expected value. */
  readonly expectation: string;
  readonly expected: string;
  readonly actual: string;
}

/** Types by name are the contract's: `$type: Genre`. */
export type Types = Pick<Contract, 'typeOf'>;

const NONE: readonly Mismatch[] = [];
/** Differences that are told of one expectation. */
const MOST = 20;

/** Every difference; none if the value is as expected. Never throws. */
export function matchValue(expected: Json, actual: Json | undefined, types: Types): readonly Mismatch[] {
  if (matches(expected, actual, types)) return NONE;
  const found: Mismatch[] = [];
  collect(expected, actual, types, '', '', found);
  return found;
}

/** As `matchValue`, where only the answer counts. */
export function matches(expected: Json, actual: Json | undefined, types: Types): boolean {
  const found: Mismatch[] = [];
  collect(expected, actual, types, '', '', found, 1);
  return found.length === 0;
}

function collect(
  expected: Json,
  actual: Json | undefined,
  types: Types,
  pointer: string,
  expectation: string,
  found: Mismatch[],
  most = MOST,
): void {
  if (found.length >= most) return;
  if (isMatcher(expected)) {
    for (const [name, operand] of Object.entries(expected)) {
      const matcher = MATCHERS.get(name);
      const here = `${expectation}/${escapeSegment(name)}`;
      if (matcher === undefined)
        found.push({
          pointer,
          expectation: here,
          expected: `a known matcher (\`${name}\` is none)`,
          actual: describeValue(actual),
        });
      else matcher({ operand, actual, types, pointer, expectation: here, found, most });
      if (found.length >= most) return;
    }
    return;
  }

  const differs = (what: string): void =>
    void found.push({ pointer, expectation, expected: what, actual: describeValue(actual) });
  if (isJsonArray(expected)) {
    if (!isJsonArray(actual)) return differs(describeValue(expected));
    if (actual.length !== expected.length) differs(`${count(expected.length, 'item')} (list has ${actual.length})`);
    const length = Math.min(actual.length, expected.length);
    for (let i = 0; i < length; i++) {
      collect(expected[i] ?? null, actual[i], types, `${pointer}/${i}`, `${expectation}/${i}`, found, most);
    }
    return;
  }
  if (isJsonObject(expected)) {
    if (!isJsonObject(actual)) return differs(describeValue(expected));
    for (const name of Object.keys(expected)) {
      const step = `/${escapeSegment(name)}`;
      const member = Object.hasOwn(actual, name) ? actual[name] : undefined;
      collect(expected[name] ?? null, member, types, pointer + step, expectation + step, found, most);
    }
    return;
  }
  if (actual === undefined || !jsonEquals(expected, actual)) differs(describeValue(expected));
}

interface Asked {
  readonly operand: Json;
  readonly actual: Json | undefined;
  readonly types: Types;
  readonly pointer: string;
  readonly expectation: string;
  readonly found: Mismatch[];
  readonly most: number;
}

function report(asked: Asked, expected: string, actual = describeValue(asked.actual)): void {
  asked.found.push({ pointer: asked.pointer, expectation: asked.expectation, expected, actual });
}

const MATCHERS: ReadonlyMap<string, (asked: Asked) => void> = new Map<string, (asked: Asked) => void>([
  [
    '$present',
    (asked) => {
      if ((asked.actual !== undefined) !== asked.operand) report(asked, asked.operand === true ? 'a value' : 'nothing');
    },
  ],
  [
    '$type',
    (asked) => {
      const { actual, operand } = asked;
      const name = typeof operand === 'string' ? operand : 'a value of the given type';
      if (actual === undefined) return report(asked, name);
      for (const problem of checkSchema(asked.types.typeOf(operand), actual)) {
        asked.found.push({
          pointer: asked.pointer + problem.pointer,
          expectation: asked.expectation,
          expected: problem.expected,
          actual: problem.actual,
        });
        if (asked.found.length >= asked.most) return;
      }
    },
  ],
  [
    '$regex',
    (asked) => {
      const text = typeof asked.operand === 'string' ? asked.operand : stringifyJson(asked.operand);
      const pattern = compilePattern(text);
      if ('problem' in pattern) return report(asked, `a usable pattern (${pattern.problem})`);
      if (typeof asked.actual !== 'string' || !pattern.test(asked.actual)) report(asked, `text that matches ${text}`);
    },
  ],
  [
    '$in',
    (asked) => {
      const list = isJsonArray(asked.operand) ? asked.operand : [asked.operand];
      if (!list.some((one) => matches(one, asked.actual, asked.types))) report(asked, `one of ${describeValue(list)}`);
    },
  ],
  [
    '$not',
    (asked) => {
      if (matches(asked.operand, asked.actual, asked.types))
        report(asked, `anything but ${describeValue(asked.operand)}`);
    },
  ],
  ['$gt', (asked) => compare(asked, 'above', (order) => order > 0)],
  ['$gte', (asked) => compare(asked, 'of at least', (order) => order >= 0)],
  ['$lt', (asked) => compare(asked, 'below', (order) => order < 0)],
  ['$lte', (asked) => compare(asked, 'of at most', (order) => order <= 0)],
  [
    '$length',
    (asked) => {
      const length = lengthOf(asked.actual);
      if (length === null) return report(asked, 'a list, an object or a text');
      const before = asked.found.length;
      collect(asked.operand, length, asked.types, asked.pointer, asked.expectation, asked.found, asked.most);
      for (let i = before; i < asked.found.length; i++) {
        const told = asked.found[i];
        if (told !== undefined)
          asked.found[i] = { ...told, expected: `a length that is ${told.expected}`, actual: `a length of ${length}` };
      }
    },
  ],
  [
    '$contains',
    (asked) => {
      const { operand, actual, types } = asked;
      if (typeof actual === 'string') {
        if (typeof operand !== 'string' || !actual.includes(operand))
          report(asked, `text with ${describeValue(operand)} in it`);
        return;
      }
      if (!isJsonArray(actual)) return report(asked, `a list or text with ${describeValue(operand)} in it`);
      const wanted = isJsonArray(operand) ? operand : [operand];
      const missing = pair(wanted, actual, types);
      if (missing.length > 0) report(asked, `a list with ${missing.map((one) => describeValue(one)).join(', ')} in it`);
    },
  ],
  [
    '$unordered',
    (asked) => {
      const { operand, actual, types } = asked;
      const wanted = isJsonArray(operand) ? operand : [operand];
      if (!isJsonArray(actual)) return report(asked, `a list of ${count(wanted.length, 'item')} in any order`);
      const missing = pair(wanted, actual, types);
      if (missing.length > 0)
        report(asked, `a list with ${missing.map((one) => describeValue(one)).join(', ')}, in any order`);
      else if (actual.length > wanted.length)
        report(asked, `${count(wanted.length, 'item')} in any order`, count(actual.length, 'item'));
    },
  ],
  [
    '$each',
    (asked) => {
      const { operand, actual, types, pointer, expectation, found, most } = asked;
      if (isJsonArray(actual)) {
        actual.forEach((item, i) => collect(operand, item, types, `${pointer}/${i}`, expectation, found, most));
      } else if (isJsonObject(actual)) {
        for (const [name, value] of Object.entries(actual)) {
          collect(operand, value, types, `${pointer}/${escapeSegment(name)}`, expectation, found, most);
        }
      } else report(asked, 'a list or an object');
    },
  ],
  [
    '$equals',
    (asked) => {
      if (asked.actual === undefined || !jsonEquals(asked.operand, asked.actual))
        report(asked, `exactly ${describeValue(asked.operand)}`);
    },
  ],
]);

/** Numbers by value: a bigint and a number compare exactly in JavaScript. */
function compare(asked: Asked, words: string, holds: (order: number) => boolean): void {
  const { actual, operand } = asked;
  if (isNumber(actual) && isNumber(operand) && holds(actual < operand ? -1 : actual > operand ? 1 : 0)) return;
  report(asked, `a number ${words} ${stringifyJson(operand)}`);
}

function isNumber(value: Json | undefined): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function lengthOf(value: Json | undefined): number | null {
  if (typeof value === 'string') return Array.from(value).length;
  if (isJsonArray(value)) return value.length;
  return isJsonObject(value) ? Object.keys(value).length : null;
}

/** Larger lists are paired greedily, so that two long lists cost no more than their product. */
const MOST_PAIRED = 500;

/**
 * The wanted items that no item of their own was found for. A wanted item that matches several is moved to another
 * when a later one needs its place (augmenting paths), so that the order of matchers does not decide.
 */
function pair(wanted: readonly Json[], actual: readonly Json[], types: Types): readonly Json[] {
  const takenBy: number[] = actual.map(() => -1);
  const missing: Json[] = [];
  const augments = wanted.length <= MOST_PAIRED && actual.length <= MOST_PAIRED;

  const place = (index: number, seen: Set<number>): boolean => {
    const want = wanted[index];
    if (want === undefined) return false;
    for (let i = 0; i < actual.length; i++) {
      if (seen.has(i) || !matches(want, actual[i], types)) continue;
      seen.add(i);
      const holder = takenBy[i] ?? -1;
      if (holder < 0 || (augments && place(holder, seen))) {
        takenBy[i] = index;
        return true;
      }
    }
    return false;
  };
  wanted.forEach((want, index) => {
    if (!place(index, new Set())) missing.push(want);
  });
  return missing;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
