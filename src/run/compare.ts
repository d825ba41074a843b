/**
 * The answers of two endpoints to the same request -> what differs, after what may differ was set aside: what the
 * baseline does not repeat itself, keys that each endpoint gave, times of now, its own address, and places where the case
 * declares a matcher.
 */
import type { Expectation } from '../contract/contract.ts';
import { isMatcher } from '../contract/matcher-syntax.ts';
import { describeValue } from '../diagnostic/quote.ts';
import { ID_HEADER } from '../protocol/headers.ts';
import { isJsonArray, isJsonObject, jsonEquals, memberOf, stringifyJson, type Json } from '../protocol/json.ts';
import { escapeSegment, parsePointer } from '../protocol/pointer.ts';
import { headerOf, type HttpResponse } from '../transport/exchange.ts';
import type { ViolationPlace } from '../verify/violation.ts';
import { differingHeaders } from './compare-headers.ts';
import { ERROR_TEXTS } from './error-texts.ts';

/** An answer with its decoded body; undefined: no bytes, or no JSON. */
export interface Answered {
  readonly response: HttpResponse;
  readonly body: Json | undefined;
}

export interface Difference {
  readonly rule: string;
  readonly where: ViolationPlace;
  readonly pointer: string | null;
  readonly header: string | null;
  readonly expected: string;
  readonly actual: string;
  readonly message: string;
}

/** Texts of one endpoint and what stands for them in the other: keys that were created, base addresses. */
export type Renames = readonly (readonly [old: string, now: string])[];

export interface Allowances {
  readonly renames: Renames;
  /** Members that hold a key: elsewhere a number that happens to be one is a value like any other. */
  readonly keyNames: ReadonlySet<string>;
  /** Epoch milliseconds between which the exchanges happened. */
  readonly during: readonly [from: number, to: number];
  /** What the author expects of the body: a place that a matcher governs may hold whatever it allows. */
  readonly expected: Expectation['body'];
}

/** Every difference of the new answer, in the order of the baseline's members; none when it may take its place. */
export function compareAnswers(old: Answered, now: Answered, allowances: Allowances): readonly Difference[] {
  if (old.response.status !== now.response.status) {
    return [
      difference('compare/status', 'status', null, {
        expected: String(old.response.status),
        actual: String(now.response.status),
        message: `The baseline answers ${old.response.status}, this endpoint ${now.response.status}.`,
      }),
    ];
  }
  const found: Difference[] = [];
  const same = (a: string, b: string): boolean => isRenamed(a, b, allowances.renames);
  for (const { rule, header, expected, actual } of differingHeaders(old.response.headers, now.response.headers, same)) {
    const message = `The baseline answers ${header}: ${expected}, this endpoint ${actual}.`;
    found.push({ rule, where: 'header', pointer: null, header, expected, actual, message });
  }
  compareBodies(old, now, allowances, found);
  return found;
}

/** Differences that the baseline does not have to itself. */
export function withoutUnsteady(
  differences: readonly Difference[],
  unsteady: readonly Difference[],
): readonly Difference[] {
  if (unsteady.length === 0) return differences;
  const headers = new Set(unsteady.map(({ header }) => header?.toLowerCase()));
  const places = unsteady.flatMap(({ pointer }) => (pointer === null ? [] : [anyItem(pointer)]));
  return differences.filter(({ header, pointer }) => {
    if (header !== null) return !headers.has(header.toLowerCase());
    if (pointer === null) return true;
    const place = anyItem(pointer);
    return !places.some((one) => place === one || place.startsWith(`${one}/`));
  });
}

/** `https://old/rest` in a link of one endpoint is `https://new/v2` in the other's; paths alone stand in Location. */
export function addressesOf(old: string, now: string): Renames {
  const pathOf = (url: string): string => url.replace(/^[a-z]+:\/\/[^/]+/i, '').replace(/\/+$/, '');
  const pairs: Renames = [
    [old, now],
    [pathOf(old), pathOf(now)],
  ];
  return pairs.filter(([from, to]) => from !== to);
}

/** The keys that each of two endpoints gave for the same request. */
export function renamesOf(old: Answered, now: Answered): Renames {
  const pairs: (readonly [string, string])[] = [];
  const add = (a: Json | null | undefined, b: Json | null | undefined): void => {
    if (typeof a === 'string' && typeof b === 'string' && a !== '' && a !== b) pairs.push([a, b]);
  };
  for (const name of Object.values(ID_HEADER))
    add(headerOf(old.response.headers, name), headerOf(now.response.headers, name));
  const [olds, nows] = [memberOf(old.body, 'elements'), memberOf(now.body, 'elements')];
  if (isJsonArray(olds) && isJsonArray(nows)) {
    for (const [index, one] of olds.entries()) {
      // Only the result of a creation has both: an entity of a list has no status.
      if (memberOf(one, 'status') === 201) add(memberOf(one, 'id'), memberOf(nows[index], 'id'));
    }
  }
  return pairs;
}

function compareBodies(old: Answered, now: Answered, allowances: Allowances, found: Difference[]): void {
  if (old.body === undefined || now.body === undefined) {
    const [a, b] = [kindOf(old), kindOf(now)];
    const isSame = a === b && (old.body === now.body || a === 'no body' || isSameBytes(old, now));
    if (isSame) return;
    const message = `The baseline answers ${a}, this endpoint ${a === b ? 'other bytes' : b}.`;
    found.push(difference('compare/body', 'body', '', { expected: a, actual: b, message }));
    return;
  }
  const isError = old.response.status >= 400;
  walk(old.body, now.body, '', { allowances, isError, found });
}

interface Walk {
  readonly allowances: Allowances;
  /** Whether the place is inside an error. */
  readonly isError: boolean;
  readonly found: Difference[];
}

function walk(old: Json, now: Json, pointer: string, context: Walk): void {
  if (jsonEquals(old, now) || isDeclared(context.allowances.expected, pointer)) return;
  if (isJsonObject(old) && isJsonObject(now)) return walkMembers(old, now, pointer, context);
  if (isJsonArray(old) && isJsonArray(now)) return walkItems(old, now, pointer, context);

  const { allowances, isError, found } = context;
  const isSameKind = kindOfValue(old) === kindOfValue(now);
  if (isSameKind && isScalar(old) && isScalar(now) && isOfKey(old, pointer, allowances.keyNames)) {
    if (isRenamed(textOf(old), textOf(now), allowances.renames)) return;
  }
  if (isNow(old, allowances.during) && isNow(now, allowances.during)) return;

  const where: ViolationPlace = isError ? 'error-body' : 'body';
  const name = parsePointer(pointer)?.at(-1) ?? '';
  const rule = isError && ERROR_TEXTS.has(name) ? 'compare/error-text' : isSameKind ? 'compare/value' : 'compare/type';
  const texts = { expected: describeValue(old), actual: describeValue(now) };
  found.push(
    difference(rule, where, pointer, {
      ...texts,
      message: `The baseline answers ${texts.expected} at \`${pointer}\`, this endpoint ${texts.actual}.`,
    }),
  );
}

function walkMembers(
  old: { readonly [name: string]: Json },
  now: { readonly [name: string]: Json },
  pointer: string,
  context: Walk,
): void {
  const { allowances, isError, found } = context;
  const where: ViolationPlace = isError ? 'error-body' : 'body';
  const met = new Set<string>();
  for (const [name, value] of Object.entries(old)) {
    const place = `${pointer}/${escapeSegment(name)}`;
    const other = Object.hasOwn(now, name)
      ? name
      : Object.keys(now).find((one) => isRenamed(name, one, allowances.renames));
    const held = other === undefined ? undefined : now[other];
    if (other === undefined || held === undefined) {
      if (isDeclared(allowances.expected, place)) continue;
      const rule = isError && ERROR_TEXTS.has(name) ? 'compare/error-text' : 'compare/member-missing';
      const message = `The baseline answers \`${place}\`, this endpoint does not.`;
      found.push(difference(rule, where, place, { expected: describeValue(value), actual: 'nothing', message }));
      continue;
    }
    met.add(other);
    const inError = isError || name === 'errors' || name === 'error';
    walk(value, held, place, { ...context, isError: inError });
  }
  for (const [name, value] of Object.entries(now)) {
    if (met.has(name)) continue;
    const place = `${pointer}/${escapeSegment(name)}`;
    if (isDeclared(allowances.expected, place)) continue;
    const rule = isError && ERROR_TEXTS.has(name) ? 'compare/error-text' : 'compare/member-added';
    const message = `This endpoint answers \`${place}\`, the baseline does not.`;
    found.push(difference(rule, where, place, { expected: 'nothing', actual: describeValue(value), message }));
  }
}

function walkItems(old: readonly Json[], now: readonly Json[], pointer: string, context: Walk): void {
  const { found } = context;
  if (old.length !== now.length) {
    const message = `The list at \`${pointer}\` has ${old.length} in the baseline and ${now.length} here.`;
    const texts = { expected: `${old.length} elements`, actual: `${now.length} elements`, message };
    found.push(difference('compare/elements', 'body', pointer, texts));
    return;
  }
  if (old.length > 1 && isShuffled(old, now)) {
    const message = `The list at \`${pointer}\` has the elements of the baseline in another order.`;
    const texts = { expected: 'the order of the baseline', actual: 'another order', message };
    found.push(difference('compare/order', 'body', pointer, texts));
    return;
  }
  for (const [index, item] of old.entries()) {
    const other = now[index];
    if (other !== undefined) walk(item, other, `${pointer}/${index}`, context);
  }
}

function isShuffled(old: readonly Json[], now: readonly Json[]): boolean {
  const texts = (list: readonly Json[]): readonly string[] => list.map((item) => stringifyJson(item)).toSorted();
  const [a, b] = [texts(old), texts(now)];
  return a.every((text, index) => text === b[index]);
}

/** Whether the place, or one above it, is governed by a matcher of the author. */
function isDeclared(expected: Json | undefined, pointer: string): boolean {
  let here = expected;
  for (const segment of parsePointer(pointer) ?? []) {
    if (here === undefined) return false;
    if (isMatcher(here)) return true;
    here = isJsonArray(here) ? here[Number(segment)] : memberOf(here, segment);
  }
  return here !== undefined && isMatcher(here);
}

function isRenamed(old: string, now: string, renames: Renames): boolean {
  if (old === now) return true;
  if (renames.length === 0) return false;
  const renamed = renames.reduce((text, [from, to]) => (from === '' ? text : text.replaceAll(from, to)), old);
  // A baseline without a base path has no text that could be replaced.
  return (
    renamed === now || renames.some(([from, to]) => from === '' && renamed.startsWith('/') && to + renamed === now)
  );
}

/** Whether the value is a key, or a text that may lead to one: a link, a path, a URN. */
function isOfKey(value: string | number | bigint, pointer: string, keyNames: ReadonlySet<string>): boolean {
  if (typeof value === 'string' && /^urn:|\//.test(value)) return true;
  const name = parsePointer(pointer)?.findLast((segment) => !/^\d+$/.test(segment));
  return name !== undefined && keyNames.has(name);
}

function isScalar(value: Json): value is string | number | bigint {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
}

function textOf(value: string | number | bigint): string {
  return String(value);
}

/** An epoch in milliseconds or seconds, or an ISO date, from the time of the exchanges. */
function isNow(value: Json, [from, to]: Allowances['during']): boolean {
  if (typeof value === 'number')
    return (value >= from && value <= to) || (value * 1_000 >= from && value * 1_000 <= to);
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT/.test(value)) return false;
  const ms = Date.parse(value);
  return ms >= from && ms <= to;
}

function kindOf({ response, body }: Answered): string {
  if (body !== undefined) return 'a JSON body';
  return response.body.byteLength === 0 ? 'no body' : 'a body that is not JSON';
}

function isSameBytes({ response: a }: Answered, { response: b }: Answered): boolean {
  return Buffer.compare(a.body, b.body) === 0;
}

function kindOfValue(value: Json): string {
  if (value === null) return 'null';
  if (isJsonArray(value)) return 'list';
  return typeof value === 'bigint' ? 'number' : typeof value;
}

/** Indexes and keys of batches stand for any of them: what is unsteady in one element may be in each. */
function anyItem(pointer: string): string {
  return pointer.replace(/^\/(results|errors|statuses)\/[^/]*/, '/$1/*').replace(/\/\d+(?=\/|$)/g, '/*');
}

function difference(
  rule: string,
  where: ViolationPlace,
  pointer: string | null,
  texts: Pick<Difference, 'expected' | 'actual' | 'message'>,
): Difference {
  return { rule, where, pointer, header: null, ...texts };
}
