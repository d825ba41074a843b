/** Lists: which entities a GET_ALL or finder shows, in which order. */
import type { FilterRule, ListMock, Operation } from '../contract/contract.ts';
import { isJsonArray, jsonEquals, memberOf, type Json, type JsonObject } from '../protocol/json.ts';
import { valueAt } from '../protocol/pointer.ts';
import type { Stored } from './state.ts';

/**
 * The entities that a list shows: kept by the filter, in the order of `sort`, else as they came.
 *
 * @param params - the request's own parameters, or the criterion of a batch finder
 * @param partialKey - key parts that stand in the path of the list
 */
export function select(
  stored: readonly Stored[],
  operation: Operation,
  mock: ListMock | null,
  params: JsonObject,
  partialKey: JsonObject | null,
): readonly JsonObject[] {
  const mayMatch = partialKey === null ? stored : stored.filter(({ key }) => holdsParts(key, partialKey));
  const rules = rulesOf(mayMatch, operation, mock, params);
  const entities: JsonObject[] = [];
  for (const { entity } of mayMatch) if (rules.every((rule) => keeps(entity, rule))) entities.push(entity);
  return sorted(entities, mock?.sort ?? null);
}

/** One comparison: the value at `path` of the entity with a value of the request. */
interface Comparison {
  readonly path: readonly string[];
  readonly how: keyof FilterRule;
  readonly wanted: Json;
}

function rulesOf(
  stored: readonly Stored[],
  operation: Operation,
  mock: ListMock | null,
  params: JsonObject,
): readonly Comparison[] {
  if (mock?.filter === false) return [];
  const rules: Comparison[] = [];
  if (mock !== null && mock.filter !== null) {
    for (const [path, rule] of mock.filter) {
      for (const how of HOWS) {
        const parameter = rule[how];
        const wanted = parameter === undefined ? undefined : valueAt(params, parameter.split('/'));
        if (wanted !== undefined) rules.push({ path: path.split('/'), how, wanted });
      }
    }
    return rules;
  }

  // By default a parameter filters by the member of its name; where no entity has such a member, it filters nothing.
  const declared = operation.criteria.size > 0 ? operation.criteria : operation.params;
  for (const name of declared.keys()) {
    const wanted = memberOf(params, name);
    if (wanted === undefined || !stored.some(({ entity }) => Object.hasOwn(entity, name))) continue;
    rules.push({ path: [name], how: 'equals', wanted });
  }
  return rules;
}

const HOWS: readonly (keyof FilterRule)[] = ['equals', 'startsWith', 'contains', 'min', 'max'];

function keeps(entity: JsonObject, { path, how, wanted }: Comparison): boolean {
  const value = valueAt(entity, path);
  return value !== undefined && COMPARE[how](value, wanted);
}

// prettier-ignore
const COMPARE: Readonly<Record<keyof FilterRule, (value: Json, wanted: Json) => boolean>> = {
  equals:     (value, wanted) => isJsonArray(wanted) && !isJsonArray(value) ? wanted.some((one) => jsonEquals(one, value)) : jsonEquals(value, wanted),
  startsWith: (value, wanted) => typeof value === 'string' && typeof wanted === 'string' && value.startsWith(wanted),
  contains:   (value, wanted) => isJsonArray(value) ? value.some((item) => jsonEquals(item, wanted)) : typeof value === 'string' && typeof wanted === 'string' && value.includes(wanted),
  min:        (value, wanted) => (order(value, wanted) ?? -1) >= 0,
  max:        (value, wanted) => (order(value, wanted) ?? 1) <= 0,
};

/** Key parts of a path come typed; those of an unchecked request are text. */
function holdsParts(key: Stored['key'], parts: JsonObject): boolean {
  return Object.entries(parts).every(([name, part]) => {
    const own = memberOf(key ?? undefined, name);
    if (own === undefined || typeof part === 'object') return false;
    return jsonEquals(own, part) || (typeof own !== 'object' && String(own) === String(part));
  });
}

/** By a member, `title` or `-title`, else as they are. */
export function sorted(entities: readonly JsonObject[], sort: string | null): readonly JsonObject[] {
  if (sort === null) return entities;
  const direction = sort.startsWith('-') ? -1 : 1;
  const path = (direction < 0 ? sort.slice(1) : sort).split('/');
  return entities.toSorted((a, b) => {
    const [left, right] = [valueAt(a, path), valueAt(b, path)];
    // What lacks the member comes last, in both directions.
    if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
    return direction * (order(left, right) ?? 0);
  });
}

/** Numbers by value, texts by code unit, false before true; null for what has no order. */
function order(a: Json, b: Json): number | null {
  const isNumeric = isNumber(a) && isNumber(b);
  const isText = typeof a === 'string' && typeof b === 'string';
  const isBoolean = typeof a === 'boolean' && typeof b === 'boolean';
  if (!isNumeric && !isText && !isBoolean) return null;
  return a < b ? -1 : a > b ? 1 : 0;
}

function isNumber(value: Json): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}
