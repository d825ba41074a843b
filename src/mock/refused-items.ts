/**
 * Items in the body of a batch that break their schema while the request as a whole is right: each is answered for
 * itself. What is wrong in the query or the form of a patch concerns the whole request, for servers decode it at once.
 */
import { profileOf, type MethodName } from '../protocol/methods.ts';
import type { Violation } from '../verify/violation.ts';

/** What the answer says of an item, and the rule that it broke. */
export interface RefusedItem {
  readonly status: number;
  readonly message: string;
  readonly rule: string;
}

/** By the JSON Pointer of the item in the body. */
export type RefusedItems = ReadonlyMap<string, RefusedItem>;

export const NO_REFUSED_ITEMS: RefusedItems = new Map();

/**
 * Sorts violations by the item that each is about.
 *
 * @returns null: the request is no batch, or one of the violations is about more than an item
 */
export function byItem(
  broken: readonly Violation[],
  method: MethodName,
): ReadonlyMap<string, readonly Violation[]> | null {
  if (profileOf(method).batchOf === null) return null;

  const items = new Map<string, Violation[]>();
  for (const violation of broken) {
    const [pointer] = /^\/(?:elements|entities)\/[^/]*/.exec(violation.pointer ?? '') ?? [];
    if (pointer === undefined || violation.where !== 'request-body') return null;
    const own = items.get(pointer);
    if (own === undefined) items.set(pointer, [violation]);
    else own.push(violation);
  }
  return items;
}
