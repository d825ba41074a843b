/**
 * Reads JSON without losing digits, and says exactly what is wrong with text that is not JSON.
 *
 * Most bodies take the short way: one scan, the engine's own parser, one count of the members. Text that holds a long
 * run of digits, a repeated member or a fault is read again by the careful reader of `json-reader.ts`.
 */
import type { Json } from './json.ts';
import { endOfString, LONG_RUN, readJson } from './json-reader.ts';

export interface ParseJsonOptions {
  /** How deep arrays and records may nest. */
  readonly maxDepth?: number;
}

/** What is wrong, and where: `offset` in UTF-16 units from 0, `line` and `col` from 1. */
export interface JsonProblem {
  readonly kind:
    'syntax' | 'end' | 'not-a-number' | 'trailing-comma' | 'comment' | 'byte-order-mark' | 'string' | 'depth';
  readonly message: string;
  readonly offset: number;
  readonly line: number;
  readonly col: number;
}

/** A member sent twice in one record: where it is, and the offsets of both names. */
export interface JsonDuplicate {
  readonly pointer: string;
  readonly first: number;
  readonly second: number;
}

/** `value` holds the last of members that are sent twice, as every common parser does. */
export interface ParsedJson {
  readonly value: Json;
  readonly duplicates: readonly JsonDuplicate[];
}

/** Deep enough for every schema we met, and far from what exhausts a recursive reader of the value. */
const MAX_DEPTH = 512;
const NO_DUPLICATES: readonly JsonDuplicate[] = [];

/** Never throws; every problem comes back with its place. */
export function parseJson(text: string, options?: ParseJsonOptions): ParsedJson | { readonly problem: JsonProblem } {
  const maxDepth = options?.maxDepth ?? MAX_DEPTH;
  const members = maxDepth <= MAX_DEPTH ? countColons(text, maxDepth) : -1;
  if (members >= 0) {
    try {
      const value: Json = JSON.parse(text);
      if (countMembers(value) === members) return { value, duplicates: NO_DUPLICATES };
    } catch {
      // Read again, where the place of the fault is known.
    }
  }
  return readJson(text, maxDepth);
}

/** The colons outside strings, which is one a member; -1 if the text needs the careful reader. */
function countColons(text: string, maxDepth: number): number {
  let colons = 0;
  let depth = 0;
  let digits = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x30 && code <= 0x39) {
      if (++digits === LONG_RUN) return -1;
      continue;
    }
    digits = 0;
    if (code === 0x22) {
      i = endOfString(text, i + 1);
      if (i < 0) return -1;
    } else if (code === 0x3a) colons++;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > maxDepth) return -1;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return colons;
}

/**
 * The members of all records in a value. `for in` is the quickest walk; names that somebody put on the prototype of
 * objects only make the count wrong, and the text is read again.
 */
function countMembers(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0;

  let members = 0;
  if (isList(value)) {
    for (const item of value) if (typeof item === 'object' && item !== null) members += countMembers(item);
    return members;
  }
  for (const name in value) {
    members++;
    const member = value[name];
    if (typeof member === 'object' && member !== null) members += countMembers(member);
  }
  return members;
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
