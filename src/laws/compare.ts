/** Entities compared as the laws mean it: by value, members in any order, without what the server alone sets. */
import type { Contract } from '../contract/contract.ts';
import {
  isJsonArray,
  isJsonObject,
  jsonEquals,
  jsonObject,
  memberOf,
  stringifyJson,
  type Json,
  type JsonObject,
} from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import { escapeSegment, parsePointer } from '../protocol/pointer.ts';
import type { Schema } from '../schema/schema.ts';
import { locate } from '../schema/refs.ts';
import { branchesOf, keywordOf, partsOf, schemaAt } from '../schema/shape.ts';
import type { LawFinding, Trace, TraceEntry } from './law.ts';

/** One member that is not as it should be. `added`: nobody sent it. */
export interface Difference {
  readonly kind: 'lost' | 'differs' | 'added';
  /** JSON Pointer below the compared values. */
  readonly pointer: string;
  readonly expected: Json | undefined;
  readonly actual: Json | undefined;
}

/**
 * Where two answers about one entity differ: in what clients set and in the parts of the key, not in what the server
 * sets by itself or what the schema does not know. Lists of one length are compared item by item.
 */
export function differences(
  contract: Contract,
  expected: Json | undefined,
  actual: Json | undefined,
): readonly Difference[] {
  const found: Difference[] = [];
  compare(expected, actual, [], ignoredOf(contract).read, found);
  return found.filter((one) => !isServersOwn(contract, one));
}

/**
 * The same between what a client sent and what is there afterwards: the key is the server's to choose, and what was sent
 * counts whether the schema knows it or not.
 */
export function differencesFromSent(
  contract: Contract,
  sent: Json | undefined,
  actual: Json | undefined,
): readonly Difference[] {
  const found: Difference[] = [];
  compare(sent, actual, [], ignoredOf(contract).sent, found);
  return found.filter((one) => one.kind !== 'added' || !isServersOwn(contract, one));
}

/**
 * Whether a member is the server's affair: a filter's `$metadata`, and what the schema does not know. Such a member may
 * be in one answer and not in the next, or hold the time of the request. Where the schema knows no members at all, every
 * member is one of the entity's.
 */
export function isServersOwn({ entity }: Contract, { pointer }: Pick<Difference, 'pointer'>): boolean {
  const path = parsePointer(pointer) ?? [];
  if (path[0]?.startsWith('$') === true) return true;
  if (entity === null) return false;
  for (const [depth, name] of path.entries()) {
    const around = schemaAt(entity, path.slice(0, depth));
    if (around === null) return false;
    if (schemaAt(around, [name]) === null) return knowsMembers(around);
  }
  return false;
}

function knowsMembers(schema: Schema): boolean {
  const parts = partsOf(locate(schema), schema.scope);
  const known = [parts, ...branchesOf(parts).map((branch) => partsOf(branch, schema.scope))];
  return known.some((all) => isJsonObject(keywordOf(all, 'properties')));
}

/** Whether two entities are the same in what clients set. */
export function sameEntity(contract: Contract, one: Json | undefined, other: Json | undefined): boolean {
  return differences(contract, one, other).length === 0;
}

/** Whether two lists hold the same entities in the same order. */
export function sameList(contract: Contract, one: readonly Json[], other: readonly Json[]): boolean {
  return one.length === other.length && one.every((entity, index) => sameEntity(contract, entity, other[index]));
}

export function compare(
  expected: Json | undefined,
  actual: Json | undefined,
  path: readonly string[],
  ignored: readonly (readonly string[])[],
  found: Difference[],
): void {
  if (
    ignored.some(
      (one) => one.length === path.length && one.every((name, index) => name === '*' || name === path[index]),
    )
  )
    return;
  const pointer = path.map((name) => `/${escapeSegment(name)}`).join('');
  if (expected === undefined || actual === undefined) {
    if (expected !== actual) found.push({ kind: expected === undefined ? 'added' : 'lost', pointer, expected, actual });
    return;
  }
  if (isJsonObject(expected) && isJsonObject(actual)) {
    for (const name of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      compare(own(expected, name), own(actual, name), [...path, name], ignored, found);
    }
    return;
  }
  if (isJsonArray(expected) && isJsonArray(actual) && expected.length === actual.length) {
    for (const [index, item] of expected.entries())
      compare(item, actual[index], [...path, String(index)], ignored, found);
    return;
  }
  if (!jsonEquals(expected, actual)) found.push({ kind: 'differs', pointer, expected, actual });
}

interface Ignored {
  /** Members that the server sets: declared read-only, or set by the mock. */
  readonly read: readonly (readonly string[])[];
  /** The same, and the parts of the key. */
  readonly sent: readonly (readonly string[])[];
}

function ignoredOf(contract: Contract): Ignored {
  const known = ignoredByContract.get(contract);
  if (known !== undefined) return known;
  const parts = contract.key?.parts ?? null;
  const served = [
    ...contract.readOnly,
    ...leaves(contract.mock.onCreate, []),
    ...leaves(contract.mock.onWrite, []),
  ].filter(([head = '', ...rest]) => rest.length > 0 || parts?.has(head) !== true);
  const ignored: Ignored = { read: served, sent: [...served, ...[...(parts?.keys() ?? [])].map((name) => [name])] };
  ignoredByContract.set(contract, ignored);
  return ignored;
}

const ignoredByContract = new WeakMap<Contract, Ignored>();

function leaves(value: Json, path: readonly string[]): readonly (readonly string[])[] {
  if (!isJsonObject(value)) return [path];
  return Object.entries(value).flatMap(([name, member]) => leaves(member, [...path, name]));
}

function own(value: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

/** A value as findings show it, in one line of bounded length. */
export function shown(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  const text = stringifyJson(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

/** A finding about the first of some differences; none when there is none. */
export function told(
  rule: string,
  exchange: number,
  pointer: string,
  found: readonly Difference[],
  message: string,
): readonly LawFinding[] {
  const [first] = found;
  if (first === undefined) return [];
  const more = found.length === 1 ? '' : ` (and ${found.length - 1} more)`;
  return [
    {
      rule,
      exchange,
      pointer: pointer + first.pointer,
      expected: shown(first.expected),
      actual: shown(first.actual),
      message: `${message}: ${first.pointer === '' ? 'the whole' : `\`${first.pointer}\``} ${WORDS[first.kind]}${more}.`,
    },
  ];
}

const WORDS: Readonly<Record<Difference['kind'], string>> = {
  lost: 'is gone',
  differs: 'is another',
  added: 'was not sent',
};

export function isSuccess({ status }: { readonly status: number | null }): boolean {
  return status !== null && status >= 200 && status < 300;
}

/** Elements of a list; none of a body that is no list. */
export function elementsOf(body: Json | undefined): readonly Json[] {
  const elements = isJsonObject(body) ? own(body, 'elements') : undefined;
  return Array.isArray(elements) ? elements : [];
}

/**
 * The entity or entities that an answer shows, by where they stand; absent ones are undefined. Of an action it is the
 * value: null and no body are both no value.
 */
export function entitiesOf({ outcomes, body, asked }: TraceEntry): readonly (Json | undefined)[] {
  if (isOfAction(asked)) return [memberOf(body, 'value') ?? undefined];
  if (outcomes === null) return isJsonObject(body) && Array.isArray(own(body, 'elements')) ? elementsOf(body) : [body];
  if (asked.criteria !== null) return outcomes.flatMap(({ elements }) => (Array.isArray(elements) ? elements : []));
  return outcomes.map(({ entity }) => entity);
}

/** Where {@link entitiesOf} found the entity of that index. */
export function pointerOf({ outcomes, body, asked }: TraceEntry, index: number): string {
  if (isOfAction(asked)) return '/value';
  if (outcomes !== null) return outcomes[index]?.pointer ?? '';
  return isJsonObject(body) && own(body, 'elements') !== undefined ? `/elements/${index}` : '';
}

/** Where two answers to one question differ: entities in what clients set, the value of an action in anything. */
export function answerDifferences(
  { contract, asked }: TraceEntry,
  expected: Json | undefined,
  actual: Json | undefined,
): readonly Difference[] {
  if (!isOfAction(asked)) return differences(contract, expected, actual);
  const found: Difference[] = [];
  compare(expected, actual, [], [], found);
  return found;
}

/**
 * Whether what is asked holds still. Actions may answer the time, a count or a draw, and lists gain and lose entities, so
 * forms of a request are asked again in reverse order, of a list the first; only where each form is answered twice alike
 * can a difference be due to its form.
 */
export function isSteady(trace: Trace): boolean {
  if (trace.length === 2) return true;
  return trace.every((entry, index) => {
    const again = trace[trace.length - 1 - index];
    return again !== undefined && entry.status === again.status && isSameAnswer(entry, again);
  });
}

function isSameAnswer(one: TraceEntry, other: TraceEntry): boolean {
  if (!isSuccess(one)) return true;
  const [before, after] = [entitiesOf(one), entitiesOf(other)];
  return (
    before.length === after.length &&
    before.every((entity, index) => answerDifferences(one, entity, after[index]).length === 0)
  );
}

function isOfAction({ method }: TraceEntry['asked']): boolean {
  return profileOf(method).effect === 'acts';
}

/** The members of `paging`, as far as they are numbers. */
export function pagingOf(body: Json | undefined): JsonObject {
  const paging = isJsonObject(body) ? own(body, 'paging') : undefined;
  return isJsonObject(paging) ? paging : jsonObject([]);
}
