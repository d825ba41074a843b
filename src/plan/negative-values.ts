/**
 * One fault in a value that fits its schema, as deep as the schema goes: members left out, of another type, beyond their
 * bounds, unknown symbols, lists too short or too long, unions with two members. The shallow ones come first.
 *
 * Every value is checked before it is handed out: what fits after all is no fault.
 */
import { isJsonArray, isJsonObject, jsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { fitsSchema, type CheckOptions } from '../schema/check.ts';
import { isUnion } from '../schema/keywords.ts';
import { randomOf } from '../schema/random.ts';
import { locate, type Located } from '../schema/refs.ts';
import { sampleOf } from '../schema/sample.ts';
import type { Schema } from '../schema/schema.ts';
import {
  branchesOf,
  itemSchema,
  keywordOf,
  memberSchema,
  partsOf,
  textOf,
  toSchema,
  typesOf,
  type Part,
} from '../schema/shape.ts';
import { INTEGER_RANGES } from '../schema/types.ts';

/** A value with one fault in it. */
export interface ValueFault {
  /** `misses`, `type-of`, `minimum-of`… */
  readonly kind: string;
  /** Where it is; empty: the value itself. */
  readonly path: readonly string[];
  /** What follows the name of the place: `of another type`. */
  readonly tells: string;
  /** The whole value. */
  readonly value: Json;
}

export interface ValueFaults {
  readonly faults: readonly ValueFault[];
  /** Faults that were found beyond the limit. */
  readonly left: number;
}

export interface ValueOptions {
  readonly check: CheckOptions;
  readonly seed: number;
  readonly most: number;
  /** Whether the value is carried as text, where a text is the plainest value of another type. */
  readonly isText?: boolean;
  /** Whether the value is a whole body, of which it is told elsewhere what else it must not be. */
  readonly isBody?: boolean;
  /** Paths that the client does not write. */
  readonly isClosed?: (path: readonly string[]) => boolean;
}

/** Nesting that is gone into. */
const DEEPEST = 5;
/** Longest text and list that are made to exceed a limit. */
const MOST_CHARACTERS = 20_000;
const MOST_ITEMS = 500;

/** @param sound - a value that fits; where it does not (variables stand in it), nothing can be said of its faults */
export function valueFaults(schema: Schema, sound: Json, options: ValueOptions): ValueFaults {
  const fits = (value: Json): boolean => fitsSchema(schema, value, options.check);
  if (!fits(sound)) return { faults: [], left: 0 };

  const faults: ValueFault[] = [];
  const told = new Set<string>();
  let left = 0;
  const waiting: Place[] = [{ located: locate(schema), path: [], value: sound, whole: sound }];
  for (let place = waiting.shift(); place !== undefined; place = waiting.shift()) {
    const { path, whole } = place;
    if (options.isClosed?.(path) === true) continue;
    const parts = partsAt(place, schema);
    for (const draft of draftsAt(place, parts, options)) {
      const at = draft.at === undefined ? path : [...path, draft.at];
      if (draft.at !== undefined && options.isClosed?.(at) === true) continue;
      const value = draft.value === undefined ? removeAt(whole, at) : replaceAt(whole, path, draft.value);
      const id = [draft.kind, ...at].join('/');
      if (told.has(id) || fits(value)) continue;
      told.add(id);
      if (faults.length < options.most) faults.push({ kind: draft.kind, path: at, tells: draft.tells, value });
      else left += 1;
    }
    if (path.length < DEEPEST) waiting.push(...inside(place, parts, schema, options, fits));
  }
  return { faults, left };
}

/** A place in the value; `whole` is the value in which it stands, with whatever had to be added for it to be there. */
interface Place {
  readonly located: Located;
  readonly path: readonly string[];
  readonly value: Json;
  readonly whole: Json;
}

interface Draft {
  readonly kind: string;
  readonly tells: string;
  /** What stands at the place instead; undefined: the member `at` is gone. */
  readonly value: Json | undefined;
  /** The member that it is about, where it is not the place itself. */
  readonly at?: string;
}

/** What holds at the place, the alternative that the value has taken included. */
function partsAt({ located, value }: Place, { scope }: Schema): readonly Part[] {
  const parts = partsOf(located, scope);
  const taken = branchesOf(parts).find((branch) => fitsSchema(toSchema(branch, scope), value));
  return taken === undefined ? parts : [...parts, ...partsOf(taken, scope)];
}

function* draftsAt(place: Place, parts: readonly Part[], { isText, isBody }: ValueOptions): Generator<Draft> {
  const { value, path } = place;
  if (isJsonObject(value)) yield* ofRecord(value, parts);
  // What a body as a whole may not be is told elsewhere.
  if (path.length > 0 || isBody !== true) yield* ofType(parts, isText === true ? AS_TEXT : BY_TYPE);
  yield* ofSymbols(parts);
  if (typeof value === 'number' || typeof value === 'bigint') yield* ofNumber(parts);
  if (typeof value === 'string') yield* ofText(parts);
  if (isJsonArray(value)) yield* ofList(value, parts);
}

function* ofRecord(value: JsonObject, parts: readonly Part[]): Generator<Draft> {
  for (const name of Object.keys(value)) yield { kind: 'misses', tells: '', value: undefined, at: name };
  const names = declared(parts);
  if (parts.some(({ json }) => isUnion(json))) {
    const other = names.find((name) => !Object.hasOwn(value, name));
    if (other !== undefined) {
      yield { kind: 'two-members-of', tells: 'with two members of a union', value: { ...value, [other]: 'no-such' } };
    }
    yield { kind: 'no-member-of', tells: 'with no member of its union', value: {} };
    yield { kind: 'other-member-of', tells: 'with a member that its union lacks', value: { noSuchMember: 'no-such' } };
    return;
  }
  const added = { ...value, noSuchMember: 'no-such' };
  yield { kind: 'unknown', tells: 'that nobody declared', value: added, at: 'noSuchMember' };
  const [least, most] = [wholeOf(parts, 'minProperties'), wholeOf(parts, 'maxProperties')];
  if (least !== null && least > 0) yield { kind: 'few-members-of', tells: 'with too few members', value: {} };
  if (most !== null && most < MOST_ITEMS) {
    const [first] = Object.values(value);
    const extra = Array.from({ length: most + 1 }, (_, index): [string, Json] => [`more${index}`, first ?? 'no-such']);
    yield { kind: 'many-members-of', tells: 'with too many members', value: jsonObject(extra) };
  }
}

type TypedValue = readonly [types: readonly string[], value: Json];
const TEXT: TypedValue = [['string'], 'no-such'];
/** One value of each JSON type, the least likely to be taken first. */
const BY_TYPE: readonly TypedValue[] = [
  [['object'], { noSuchMember: true }],
  [['array'], [true]],
  [['boolean'], true],
  TEXT,
  [['integer', 'number'], 7],
];
const AS_TEXT: readonly TypedValue[] = [TEXT, ...BY_TYPE.filter((row) => row !== TEXT)];

function* ofType(parts: readonly Part[], rows: readonly TypedValue[]): Generator<Draft> {
  const types = typesOf(parts);
  const other = rows.find(([names]) => types !== null && !names.some((name) => types.includes(name)));
  // Of alternatives the types are not told: the check says which value fits none.
  const values = types === null ? rows.map(([, value]) => value) : other === undefined ? [] : [other[1]];
  for (const value of values) yield { kind: 'type-of', tells: 'of another type', value };
}

function* ofSymbols(parts: readonly Part[]): Generator<Draft> {
  const symbols = keywordOf(parts, 'enum');
  const isText = isJsonArray(symbols) && symbols.some((symbol) => typeof symbol === 'string');
  if (isText) yield { kind: 'symbol-of', tells: 'with a symbol that its enumeration lacks', value: 'NO_SUCH_SYMBOL' };
  const fixed = keywordOf(parts, 'const');
  if (typeof fixed === 'string') yield { kind: 'constant-of', tells: 'with another value', value: `no-such-${fixed}` };
}

function* ofNumber(parts: readonly Part[]): Generator<Draft> {
  const bound = (keyword: string): number | bigint | null => {
    const value = keywordOf(parts, keyword);
    return typeof value === 'number' || typeof value === 'bigint' ? value : null;
  };
  const minimum = bound('minimum') ?? bound('exclusiveMinimum');
  const maximum = bound('maximum') ?? bound('exclusiveMaximum');
  if (minimum !== null) yield { kind: 'minimum-of', tells: 'below its minimum', value: next(minimum, -1) };
  if (maximum !== null) yield { kind: 'maximum-of', tells: 'above its maximum', value: next(maximum, 1) };
  const range = INTEGER_RANGES.get(textOf(parts, 'format') ?? '');
  if (range !== undefined && maximum === null)
    yield { kind: 'range-of', tells: 'beyond the range of its type', value: range[1] + 1n };
  if (typesOf(parts)?.includes('integer') === true && typesOf(parts)?.includes('number') !== true)
    yield { kind: 'fraction-of', tells: 'with a fraction', value: 0.5 };
  const step = bound('multipleOf');
  if (typeof step === 'number') yield { kind: 'step-of', tells: 'that is no multiple of its step', value: step * 1.5 };
}

function next(bound: number | bigint, by: 1 | -1): number | bigint {
  return typeof bound === 'bigint' ? bound + BigInt(by) : bound + by;
}

/** Texts that hardly any pattern or format takes. */
const ODD_TEXTS: readonly string[] = ['no-such', '!', 'no such text!'];

function* ofText(parts: readonly Part[]): Generator<Draft> {
  const [shortest, longest] = [wholeOf(parts, 'minLength'), wholeOf(parts, 'maxLength')];
  if (shortest !== null && shortest > 0) yield { kind: 'length-of', tells: 'shorter than it may be', value: '' };
  if (longest !== null && longest < MOST_CHARACTERS)
    yield { kind: 'length-limit-of', tells: 'longer than it may be', value: 'x'.repeat(longest + 1) };
  if (isJsonArray(keywordOf(parts, 'enum'))) return;
  for (const keyword of ['pattern', 'format']) {
    if (typeof keywordOf(parts, keyword) !== 'string') continue;
    for (const value of ODD_TEXTS) yield { kind: `${keyword}-of`, tells: `that does not keep its ${keyword}`, value };
  }
}

function* ofList(value: readonly Json[], parts: readonly Part[]): Generator<Draft> {
  const [least, most] = [wholeOf(parts, 'minItems'), wholeOf(parts, 'maxItems')];
  if (least !== null && least > 0)
    yield { kind: 'few-items-of', tells: 'with too few items', value: value.slice(0, least - 1) };
  const [first] = value;
  if (first === undefined) return;
  if (most !== null && most < MOST_ITEMS)
    yield { kind: 'many-items-of', tells: 'with too many items', value: Array.from({ length: most + 1 }, () => first) };
  if (keywordOf(parts, 'uniqueItems') === true)
    yield { kind: 'item-twice-of', tells: 'with an item twice', value: [first, ...value] };
}

/** The places one step deeper: members that are there, those that may be, one entry of a map, the first item of a list. */
function inside(
  { value, path, whole }: Place,
  parts: readonly Part[],
  schema: Schema,
  options: ValueOptions,
  fits: (value: Json) => boolean,
): readonly Place[] {
  const { scope } = schema;
  const places: Place[] = [];
  const add = (name: string, located: Located | null, known: Json | undefined): void => {
    const here = [...path, name];
    if (located === null || options.isClosed?.(here) === true) return;
    if (known !== undefined) {
      places.push({ located, path: here, value: known, whole });
      return;
    }
    const sample = sampleOf(toSchema(located, scope), randomOf(options.seed));
    const completed = sample === null ? null : replaceAt(whole, here, sample);
    if (sample !== null && completed !== null && fits(completed))
      places.push({ located, path: here, value: sample, whole: completed });
  };
  if (isJsonArray(value)) add('0', itemSchema(parts, 0), value[0]);
  if (isJsonObject(value)) {
    const names = new Set([...Object.keys(value), ...declared(parts)]);
    for (const name of names)
      add(name, memberSchema(parts, name), Object.hasOwn(value, name) ? value[name] : undefined);
    if (names.size === 0) add('entry', memberSchema(parts, 'entry'), undefined);
  }
  return places;
}

function declared(parts: readonly Part[]): readonly string[] {
  return parts.flatMap(({ json }) => (isJsonObject(json['properties']) ? Object.keys(json['properties']) : []));
}

function wholeOf(parts: readonly Part[], keyword: string): number | null {
  const value = keywordOf(parts, keyword);
  return typeof value === 'number' && Number.isInteger(value) ? value : null;
}

/** The value with what stands at a path replaced, or put there. */
export function replaceAt(value: Json, path: readonly string[], by: Json): Json {
  const [name, ...rest] = path;
  if (name === undefined) return by;
  if (isJsonArray(value)) {
    const items = value.map((item, index) => (String(index) === name ? replaceAt(item, rest, by) : item));
    return value.length === 0 ? [replaceAt(null, rest, by)] : items;
  }
  const members = isJsonObject(value) ? value : {};
  const before = Object.hasOwn(members, name) ? members[name] : undefined;
  return jsonObject([
    ...Object.entries(members).filter(([other]) => other !== name),
    [name, replaceAt(before ?? {}, rest, by)],
  ]);
}

function removeAt(value: Json, path: readonly string[]): Json {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (isJsonArray(value)) return value.map((item, index) => (String(index) === name ? removeAt(item, rest) : item));
  if (!isJsonObject(value)) return value;
  return jsonObject(
    Object.entries(value).flatMap(([other, member]): (readonly [string, Json])[] =>
      other !== name ? [[other, member]] : rest.length === 0 ? [] : [[other, removeAt(member, rest)]],
    ),
  );
}
