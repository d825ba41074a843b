/** The errors that a contract wants of its mock: `errors.<status>.when`. The first that a request meets is answered. */
import type { Contract, ErrorPromise, Operation, When } from '../contract/contract.ts';
import { isJsonObject, jsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { isSameHeader, type HeaderLines } from '../protocol/headers.ts';
import type { Key } from '../protocol/keys.ts';
import { matches } from '../verify/matchers.ts';

/** The parts of a request, or of one item of it, that conditions speak of; absent parts meet no condition on them. */
export interface Facets {
  readonly parents: ReadonlyMap<string, Key>;
  readonly params: JsonObject;
  readonly key?: Json | undefined;
  readonly entity?: Json | undefined;
  readonly patch?: Json | undefined;
  readonly criteria?: Json | undefined;
}

/** Which declared errors are asked for: those of the request as a whole, those of single items, or all. */
export type Scope = 'request' | 'item' | 'all';

/** The parts of a condition that belong to one item of a batch. */
const ITEM_PARTS = ['key', 'entity', 'patch', 'criteria'] as const;
const FACETS = [...ITEM_PARTS, 'params'] as const;

const conditional = new WeakMap<Operation, boolean>();

/** Whether any error of the operation has a condition; found out once. */
export function hasConditions(operation: Operation): boolean {
  let has = conditional.get(operation);
  if (has === undefined) {
    has = [...operation.errors.values()].some((promises) => promises.some(({ when }) => when !== null));
    conditional.set(operation, has);
  }
  return has;
}

/**
 * The first declared error whose condition holds, with its status.
 *
 * @param headers - of the request
 * @param facets - asked for only when a condition is about more than headers
 * @param itemParts - further parts that belong to one item: the parameters, where each criterion of a batch finder
 *   stands for those of a finder
 */
export function conditionalError(
  contract: Contract,
  operation: Operation,
  headers: HeaderLines,
  facets: () => Facets,
  scope: Scope,
  itemParts: readonly (keyof When)[] = [],
): { readonly status: number; readonly promise: ErrorPromise } | null {
  for (const [status, promises] of operation.errors) {
    for (const promise of promises) {
      const { when } = promise;
      if (when === null) continue;
      const isOfItem = [...ITEM_PARTS, ...itemParts].some((part) => when[part] !== undefined);
      if (scope !== 'all' && isOfItem !== (scope === 'item')) continue;
      if (meets(when, headers, facets, contract)) return { status, promise };
    }
  }
  return null;
}

/** The first row whose condition holds; a row without one always does. */
export function firstMeeting<T extends { readonly when: When | null }>(
  rows: readonly T[],
  contract: Contract,
  headers: HeaderLines,
  facets: () => Facets,
): T | null {
  return rows.find(({ when }) => when === null || meets(when, headers, facets, contract)) ?? null;
}

function meets(when: When, headers: HeaderLines, facetsOf: () => Facets, contract: Contract): boolean {
  const holds = (expected: Json | undefined, actual: Json | undefined): boolean =>
    expected === undefined || matches(expected, actual, contract);
  if (!holdsHeaders(when.headers, headers, holds)) return false;
  if (when.parents === undefined && FACETS.every((part) => when[part] === undefined)) return true;

  const facets = facetsOf();
  return (
    FACETS.every((part) => holds(when[part], facets[part])) &&
    (when.parents === undefined || matches(when.parents, jsonObject(facets.parents), contract))
  );
}

/** Header names compare without case; of doubled lines any may meet. */
function holdsHeaders(
  expected: Json | undefined,
  lines: HeaderLines,
  holds: (expected: Json | undefined, actual: Json | undefined) => boolean,
): boolean {
  if (!isJsonObject(expected)) return true;
  return Object.entries(expected).every(([name, value]) => {
    const sent = lines.filter(([other]) => isSameHeader(other, name)).map(([, text]) => text);
    return sent.length === 0 ? holds(value, undefined) : sent.some((text) => holds(value, text));
  });
}
