/**
 * JSON as Rest.li means it: a `long` keeps all its digits.
 *
 * An integer beyond 2^53 - 1 is a bigint, every other number a JavaScript number, so that nothing is lost between
 * wire, contract, report and mock. Here are the values and what compares and writes them; `json-parse.ts` reads.
 */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: Json;
}

export { parseJson } from './json-parse.ts';
export type { JsonProblem } from './json-parse.ts';
export { decodeUtf8 } from './utf8.ts';

/** Whether a value is a record: neither null, nor an array, nor a scalar. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isJsonArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The own member of a record under that name, or undefined; `constructor` finds nothing that was not sent. */
export function memberOf(value: Json | undefined, name: string): Json | undefined {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** A record of these members. Names such as `__proto__` become members like any other. */
export function jsonObject(members: Iterable<readonly [string, Json]>): JsonObject {
  return Object.fromEntries(members);
}

/**
 * Writes a value, members in the order they have, bigints as their digits.
 *
 * @param indent - spaces a level; 0 (the default) writes one line
 * @returns the same text for the same value, always; numbers that JSON does not know (NaN) become `null`
 */
export function stringifyJson(value: Json, indent = 0): string {
  if (!holdsBigint(value)) return JSON.stringify(value, null, indent);
  return write(value, ' '.repeat(indent), '');
}

/** Equality of values: members in any order, numbers by value whether they are bigints or not. */
export function jsonEquals(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (typeof a === 'bigint' || typeof b === 'bigint') return equalNumbers(a, b);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;

  if (isJsonArray(a) || isJsonArray(b)) {
    if (!isJsonArray(a) || !isJsonArray(b) || a.length !== b.length) return false;
    return a.every((item, i) => {
      const other = b[i];
      return other !== undefined && jsonEquals(item, other);
    });
  }

  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => {
    const [mine, other] = [a[name], Object.hasOwn(b, name) ? b[name] : undefined];
    return mine !== undefined && other !== undefined && jsonEquals(mine, other);
  });
}

function equalNumbers(a: Json, b: Json): boolean {
  if (typeof a === 'bigint') return typeof b === 'number' && isSameInteger(a, b);
  return typeof a === 'number' && typeof b === 'bigint' && isSameInteger(b, a);
}

/** A double beyond 2^53 is written with the fewest digits that name it, so it may also be read back as those digits. */
function isSameInteger(integer: bigint, number: number): boolean {
  return Number.isInteger(number) && (BigInt(number) === integer || String(number) === integer.toString());
}

function holdsBigint(value: Json): boolean {
  if (typeof value === 'bigint') return true;
  if (typeof value !== 'object' || value === null) return false;
  if (isJsonArray(value)) return value.some(holdsBigint);

  for (const name of Object.keys(value)) {
    const member = value[name];
    if (member !== undefined && holdsBigint(member)) return true;
  }
  return false;
}

/** The layout of `JSON.stringify`, for values it refuses. */
function write(value: Json, step: string, margin: string): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);

  const inner = margin + step;
  const [separator, open, close] = step === '' ? [',', '', ''] : [`,\n${inner}`, `\n${inner}`, `\n${margin}`];
  if (isJsonArray(value)) {
    if (value.length === 0) return '[]';
    return `[${open}${value.map((item) => write(item, step, inner)).join(separator)}${close}]`;
  }

  const members: string[] = [];
  for (const name of Object.keys(value)) {
    const member = value[name];
    if (member === undefined) continue;
    members.push(`${JSON.stringify(name)}:${step === '' ? '' : ' '}${write(member, step, inner)}`);
  }
  return members.length === 0 ? '{}' : `{${open}${members.join(separator)}${close}}`;
}
