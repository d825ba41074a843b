/**
 * The errors that a contract wants of its mock: `errors.<status>.when`. The first that a request meets is answered; a
 * plan that derives requests keeps clear of them.
 */
import type { Contract, ErrorPromise, Field, Operation, When } from '../contract/contract.ts';
import { isJsonObject, jsonObject, memberOf, type Json, type JsonObject } from '../protocol/json.ts';
import { isSameHeader, type HeaderLines } from '../protocol/headers.ts';
import type { Key } from '../protocol/keys.ts';
import { matches } from './matchers.ts';
import { readTyped } from './typed.ts';

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
      if (meets(when, { contract, operation }, headers, facets)) return { status, promise };
    }
  }
  return null;
}

/** The first row whose condition holds; a row without one always does. */
export function firstMeeting<T extends { readonly when: When | null }>(
  rows: readonly T[],
  declared: Declared,
  headers: HeaderLines,
  facets: () => Facets,
): T | null {
  return rows.find(({ when }) => when === null || meets(when, declared, headers, facets)) ?? null;
}

/** Who declares a condition, and with it the types of what the condition speaks of. */
export interface Declared {
  readonly contract: Contract;
  readonly operation: Operation;
}

function meets(when: When, declared: Declared, headers: HeaderLines, facetsOf: () => Facets): boolean {
  const { contract } = declared;
  const holds = (expected: Json | undefined, actual: Json | undefined): boolean =>
    expected === undefined || matches(expected, actual, contract);
  if (!holdsHeaders(when.headers, declared, headers)) return false;
  if (when.parents === undefined && FACETS.every((part) => when[part] === undefined)) return true;

  const facets = facetsOf();
  return (
    FACETS.every((part) => holds(when[part], facets[part])) &&
    (when.parents === undefined || matches(when.parents, jsonObject(facets.parents), contract))
  );
}

/** Header names compare without case; of doubled lines any may meet. */
function holdsHeaders(expected: Json | undefined, declared: Declared, lines: HeaderLines): boolean {
  if (!isJsonObject(expected)) return true;
  return Object.entries(expected).every(([name, value]) => {
    const field = fieldOf(declared, name);
    const wanted = field === null ? asText(value) : value;
    const sent = lines.filter(([other]) => isSameHeader(other, name)).map(([, text]) => text);
    if (sent.length === 0) return matches(wanted, undefined, declared.contract);
    return sent.some((text) => matches(wanted, typed(field, text), declared.contract));
  });
}

/** The declared type of a header; null where nobody gives it one. */
function fieldOf({ contract, operation }: Declared, name: string): Field | null {
  for (const fields of [operation.request.headers, contract.requestHeaders]) {
    for (const field of fields.values()) {
      if (isSameHeader(field.name, name) && typeof field.type !== 'boolean') return field;
    }
  }
  return null;
}

/** The value of a header by its type. Text that has none of that type stays text: it meets no condition on values. */
function typed(field: Field | null, text: string): Json {
  return field === null ? text : readTyped(field, text).value;
}

/** Without a type a header is text, whatever the condition was written as. */
function asText(expected: Json): Json {
  return typeof expected === 'object' ? expected : String(expected);
}

/** The parameters with the defaults of those that were not sent. */
export function withDefaults(operation: Operation, sent: JsonObject): JsonObject {
  const missingOnes: [string, Json][] = [];
  for (const field of operation.params.values()) {
    if (field.default !== undefined && memberOf(sent, field.name) === undefined)
      missingOnes.push([field.name, field.default]);
  }
  return missingOnes.length === 0 ? sent : { ...jsonObject(missingOnes), ...sent };
}
