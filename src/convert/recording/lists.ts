/**
 * How a recorded list was selected, as the `mock` of its finder: by equal names, by a filter that explains all recorded
 * answers, else by the elements themselves.
 */
import {
  isJsonArray,
  isJsonObject,
  jsonEquals,
  jsonObject,
  memberOf,
  type Json,
  type JsonObject,
} from '../../protocol/json.ts';
import { profileOf } from '../../protocol/methods.ts';
import { literal } from './answers.ts';
import { queryOf, type ReadCall } from './cases.ts';
import { listOf } from './entity.ts';
import { identity, listed } from './evidence.ts';
import type { Example, Examples } from './examples.ts';
import { PAGING_PARAMS } from './paging-params.ts';

/** One list that was asked for. */
interface Ask {
  readonly params: JsonObject;
  /** null: the elements do not say which entities they are. */
  readonly those: readonly Example[] | null;
  readonly elements: readonly JsonObject[];
  /** What there was to select from. */
  readonly universe: readonly Example[];
  readonly parents: Example['parents'];
  /** Only a part of the list was asked for. */
  readonly isPaged: boolean;
}

interface Rule {
  readonly parameter: string;
  readonly path: string;
  readonly how: How;
}

type How = 'equals' | 'contains' | 'startsWith' | 'min' | 'max';

/** Simplest first. */
const HOWS: readonly How[] = ['equals', 'contains', 'startsWith', 'min', 'max'];

export interface ListHint {
  /** undefined: what the mock does by itself explains the recording. */
  readonly mock: Json | undefined;
  /** Whether no selection explains it, so that the recorded elements are fixed. */
  readonly isFixed: boolean;
  /** The finder's name, or the method. */
  readonly what: string;
  /** Whether the mock lists what was recorded, in this order, to one of these calls. */
  lists(call: ReadCall): boolean;
}

/** @param calls - recorded requests of one GET_ALL, finder or batch finder */
export function listHint(calls: readonly ReadCall[], examples: Examples): ListHint {
  const what = `\`${calls[0]?.read.name ?? calls[0]?.method ?? ''}\``;
  const asks = calls.flatMap((call) => asksOf(call, examples));
  const told = asks.filter(({ those }) => those !== null);
  const parameters = [...new Set(asks.flatMap(({ params }) => Object.keys(params)))];
  const byName = parameters.map((parameter): Rule => ({ parameter, path: parameter, how: 'equals' }));
  const lists =
    (rules: readonly Rule[]) =>
    (call: ReadCall): boolean =>
      asksOf(call, examples).every((ask) => isListed(ask, rules, examples));
  const named = byName.filter(({ path }) => asks.some((ask) => knows(ask, path)));
  if (explains(named, told)) return { mock: undefined, isFixed: false, what, lists: lists(named) };

  for (const rules of combinations(parameters.map((parameter) => candidates(parameter, told)))) {
    if (explains(rules, told))
      return {
        mock: { filter: rules.length === 0 ? false : filterOf(rules) },
        isFixed: false,
        what,
        lists: lists(rules),
      };
  }
  const fixed = asks.map(({ params, elements }): Json => {
    const shown = elements.map(literal);
    return Object.keys(params).length === 0 ? { elements: shown } : { when: { params }, elements: shown };
  });
  return { mock: [...fixed, { filter: false }], isFixed: true, what, lists: () => true };
}

/** Keys of a path are texts, those of a body may be numbers. */
function isSameText(one: Json | undefined, other: Json): boolean {
  return one !== undefined && typeof one !== 'object' && typeof other !== 'object' && String(one) === String(other);
}

function asksOf({ method, read, answers }: ReadCall, examples: Examples): readonly Ask[] {
  const { returns } = profileOf(method);
  const body = answers.find(({ status }) => status < 300)?.body;
  if (body === undefined) return [];
  const { params, criteria } = queryOf(read, returns === 'collections');
  const place = JSON.stringify([...read.parents].map(([name, key]) => [name, identity(key)]));
  const universe = examples.all.filter(
    ({ key, parents, isLater, isMadeUp }) =>
      !isLater &&
      !isMadeUp &&
      JSON.stringify([...parents].map(([name, one]) => [name, identity(one)])) === place &&
      Object.entries(read.partialKey ?? {}).every(
        ([name, part]) => key !== null && isJsonObject(key) && isSameText(memberOf(key, name), part),
      ),
  );
  const ask = (own: JsonObject, page: Json | undefined): Ask => {
    const elements = listed('collection', page);
    const rest = Object.entries(own).filter(([name]) => !PAGING_PARAMS.includes(name) && !name.startsWith('$'));
    return {
      params: jsonObject(rest),
      those: examples.findAll(elements, read.parents),
      elements,
      universe,
      parents: read.parents,
      isPaged: Object.keys(params).some((name) => PAGING_PARAMS.includes(name)),
    };
  };
  if (returns === 'collection') return [ask(params, body)];
  const pages = listOf(memberOf(body, 'elements'));
  return listOf(criteria).map((one, index) => ask(isJsonObject(one) ? one : {}, pages[index]));
}

function knows({ universe }: Ask, path: string): boolean {
  return universe.some(({ entity }) => Object.hasOwn(entity, path));
}

/** Whether the rules select in every case what was answered. */
function explains(rules: readonly Rule[], asks: readonly Ask[]): boolean {
  return asks.every(({ params, those, universe, isPaged }) => {
    if (those === null) return true;
    const selected = new Set(universe.filter(({ entity }) => rules.every((rule) => keeps(entity, rule, params))));
    const earlier = those.filter(({ isLater }) => !isLater);
    return earlier.every((one) => selected.has(one)) && (isPaged || selected.size === earlier.length);
  });
}

/** What came to be during the recording is there from the start when the draft is run. */
function isListed({ params, those, isPaged, parents }: Ask, rules: readonly Rule[], examples: Examples): boolean {
  if (those === null || isPaged) return false;
  const selected = examples.all.filter(
    (one) => one.parents.size === parents.size && rules.every((rule) => keeps(one.entity, rule, params)),
  );
  return parents.size === 0 && selected.length === those.length && selected.every((one, index) => one === those[index]);
}

/** Ways in which a parameter may select: those that every recorded element keeps; an empty one is that it does not. */
function candidates(parameter: string, asks: readonly Ask[]): readonly (Rule | null)[] {
  const using = asks.filter(({ params }) => Object.hasOwn(params, parameter));
  const paths = new Set([
    parameter,
    ...using.flatMap(({ universe }) => universe.flatMap(({ entity }) => Object.keys(entity))),
  ]);
  const found = HOWS.flatMap((how) =>
    [...paths]
      .map((path): Rule => ({ parameter, path, how }))
      .filter((rule) =>
        using.every(({ those, params }) => (those ?? []).every(({ entity }) => keeps(entity, rule, params))),
      ),
  );
  return [...found.slice(0, MOST_CANDIDATES), null];
}

/** Of each parameter; beyond, a fit would be chance. */
const MOST_CANDIDATES = 12;
const MOST_COMBINATIONS = 500;

function combinations(lists: readonly (readonly (Rule | null)[])[]): readonly (readonly Rule[])[] {
  let found: readonly (readonly Rule[])[] = [[]];
  for (const list of lists) {
    found = list
      .flatMap((rule) => found.map((rules) => (rule === null ? rules : [...rules, rule])))
      .slice(0, MOST_COMBINATIONS);
  }
  return found;
}

function filterOf(rules: readonly Rule[]): JsonObject {
  const paths = [...new Set(rules.map(({ path }) => path))];
  return jsonObject(
    paths.map((path): [string, Json] => {
      const own = rules.filter((rule) => rule.path === path);
      const [sole] = own;
      if (sole !== undefined && own.length === 1 && sole.how === 'equals') return [path, sole.parameter];
      return [path, jsonObject(own.map(({ how, parameter }) => [how, parameter]))];
    }),
  );
}

/** A parameter that is left out selects nothing. */
function keeps(entity: JsonObject, { parameter, path, how }: Rule, params: JsonObject): boolean {
  const wanted = memberOf(params, parameter);
  if (wanted === undefined) return true;
  const value = memberOf(entity, path);
  return value !== undefined && COMPARE[how](value, wanted);
}

// prettier-ignore
const COMPARE: Readonly<Record<How, (value: Json, wanted: Json) => boolean>> = {
  equals:     (value, wanted) => isJsonArray(wanted) && !isJsonArray(value) ? wanted.some((one) => jsonEquals(one, value)) : jsonEquals(value, wanted),
  contains:   (value, wanted) => isJsonArray(value) ? value.some((item) => jsonEquals(item, wanted)) : typeof value === 'string' && typeof wanted === 'string' && value.includes(wanted),
  startsWith: (value, wanted) => typeof value === 'string' && typeof wanted === 'string' && value.startsWith(wanted),
  min:        (value, wanted) => typeof value === 'number' && typeof wanted === 'number' && value >= wanted,
  max:        (value, wanted) => typeof value === 'number' && typeof wanted === 'number' && value <= wanted,
};
