/** Which part of a list an answer shows: by offset, by cursor, or all of it. */
import type { Operation } from '../contract/contract.ts';
import { isJsonArray, type Json } from '../protocol/json.ts';
import { DEFAULT_COUNT, DEFAULT_START } from '../protocol/paging.ts';

/** `total`: of all elements, not of the page. */
export interface Slice<T> {
  readonly items: readonly T[];
  readonly total: number;
  /** Where the slice begins, and how many it may hold. */
  readonly start: number;
  readonly count: number;
  /** The token of the page after it; null on the last one, and where pages have no tokens. */
  readonly next: string | null;
}

/** Elements of a page by cursor when neither request nor contract says. Source: LinkedIn's marketing finders. */
const DEFAULT_CURSOR_SIZE = 100;

/**
 * The slice that a request asks for.
 *
 * @param cursor - the parameters of cursor paging, as the dialect names them
 * @returns null for a token that was never given out
 */
export function slice<T>(
  all: readonly T[],
  paging: Operation['paging'],
  params: ReadonlyMap<string, Json>,
  cursor: { readonly size: string; readonly token: string },
): Slice<T> | null {
  const total = all.length;
  if (paging === null) return { items: all, total, start: DEFAULT_START, count: DEFAULT_COUNT, next: null };
  if (paging.kind === 'offset') {
    const start = whole(params.get('start')) ?? DEFAULT_START;
    const count = whole(params.get('count')) ?? paging.size ?? DEFAULT_COUNT;
    return { items: all.slice(start, start + count), total, start, count, next: null };
  }

  const count = whole(params.get(cursor.size)) ?? paging.size ?? DEFAULT_CURSOR_SIZE;
  const token = params.get(cursor.token);
  const start = token === undefined ? 0 : offsetOf(token);
  if (start === null || start > total) return null;
  const end = start + count;
  return { items: all.slice(start, end), total, start, count, next: end < total && count > 0 ? tokenOf(end) : null };
}

/** Tokens say nothing to a client, and the same place always has the same one. */
const TOKEN = /^c([0-9a-z]+)-([0-9a-z]+)$/;

function tokenOf(offset: number): string {
  return `c${offset.toString(36)}-${checksum(offset)}`;
}

function offsetOf(token: Json): number | null {
  if (typeof token !== 'string') return null;
  const [, offset, sum] = TOKEN.exec(token) ?? [];
  const number = offset === undefined ? Number.NaN : Number.parseInt(offset, 36);
  return Number.isSafeInteger(number) && sum === checksum(number) ? number : null;
}

/** Three digits that a made-up token will not have. */
function checksum(offset: number): string {
  return ((offset * 40_503 + 97) % 46_656).toString(36);
}

/** A bound of a page. An unchecked request may bring it as text, or as a list of which the first counts. */
function whole(value: Json | undefined): number | null {
  const one = isJsonArray(value) ? value[0] : value;
  const number = typeof one === 'string' ? Number(one) : one;
  if (typeof number === 'bigint') return number < 0n ? null : Number.MAX_SAFE_INTEGER;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 ? number : null;
}
