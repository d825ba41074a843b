/** `@validate.strlen` and `@validate.regex` of texts: the two validators that the server knows by itself. */
import { isJsonObject, jsonObject, memberOf, type Json, type JsonObject } from '../protocol/json.ts';
import { compilePattern } from '../schema/patterns.ts';
import type { DataType } from './data-schema.ts';
import type { TypeLibrary } from './type-library.ts';

export interface Limits {
  /** `minLength`, `maxLength` and `pattern`, as far as they are said. */
  readonly keywords: JsonObject;
  /** The expression that only Java understands; null without one. */
  readonly onlyJava: string | null;
}

/** How Java says "no limit". */
const MAX_INT = 2 ** 31 - 1;

const NONE: Limits = { keywords: {}, onlyJava: null };

/** @param type - what the owner of the properties holds; what is no text has no limits */
export function limitsOf(properties: JsonObject, type: DataType, library: TypeLibrary): Limits {
  const validate = memberOf(properties, 'validate');
  if (!isJsonObject(validate)) return NONE;
  const resolved = library.resolve(type);
  if (resolved?.kind !== 'primitive' || resolved.name !== 'string') return NONE;

  const limits: [string, Json][] = [];
  const [min, max, regex] = [
    memberOf(memberOf(validate, 'strlen'), 'min'),
    memberOf(memberOf(validate, 'strlen'), 'max'),
    memberOf(memberOf(validate, 'regex'), 'regex'),
  ];
  if (typeof min === 'number' && Number.isInteger(min) && min > 0) limits.push(['minLength', min]);
  if (typeof max === 'number' && Number.isInteger(max) && max >= 0 && max < MAX_INT) limits.push(['maxLength', max]);
  // Java matches the whole text.
  const pattern = typeof regex === 'string' ? `^(?:${regex})$` : null;
  if (pattern !== null && isPattern(pattern)) limits.push(['pattern', pattern]);
  return {
    keywords: jsonObject(limits),
    onlyJava: typeof regex === 'string' && limits.at(-1)?.[0] !== 'pattern' ? regex : null,
  };
}

/** @returns what a value breaks, such as `"abc" is longer than 2 characters`; null for none, and for what is no text */
export function breachOf(value: Json, { keywords }: Limits): string | null {
  if (typeof value !== 'string') return null;
  const { minLength, maxLength, pattern } = keywords;
  const shown = JSON.stringify(Array.from(value).slice(0, LONGEST_SHOWN).join(''));
  const characters = Array.from(value).length;
  if (typeof minLength === 'number' && characters < minLength)
    return `${shown} is shorter than ${minLength} characters`;
  if (typeof maxLength === 'number' && characters > maxLength) return `${shown} is longer than ${maxLength} characters`;
  if (typeof pattern !== 'string') return null;
  const compiled = compilePattern(pattern);
  return 'problem' in compiled || compiled.test(value) ? null : `${shown} does not match ${pattern}`;
}
const LONGEST_SHOWN = 40;

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u').source !== '';
  } catch {
    return false;
  }
}
