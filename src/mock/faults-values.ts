/** Faults in values: an entity is stored, and something in it is not what was sent, for all that its schema allows it. */
import { isJsonArray, isJsonObject, jsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import { locate } from '../schema/refs.ts';
import type { Schema } from '../schema/schema.ts';
import { branchesOf, keywordOf, partsOf, schemaAt } from '../schema/shape.ts';
import type { Call } from './call.ts';
import type { Fault, FaultHooks } from './faults.ts';
import { factsOf } from './schema-facts.ts';

const BREAKS: Fault['breaks'] = ['CREATE', 'BATCH_CREATE', 'UPDATE', 'BATCH_UPDATE'];

// prettier-ignore
export const VALUE_FAULTS: readonly Fault[] = [
  { name: 'long-stored-as-double',     title: 'Stores integers as doubles: the last digits of large ones change',                        kind: 'state', breaks: BREAKS, rules: ['laws/long-numbers-are-kept'],   caughtBy: 'laws', apply: storing(rounded) },
  { name: 'empty-texts-dropped',       title: 'Stores an entity without the members that are empty texts',                               kind: 'state', breaks: BREAKS, rules: ['laws/empty-texts-are-kept'],    caughtBy: 'laws', apply: storing((value) => without(value, (one) => one === '')) },
  { name: 'empty-lists-dropped',       title: 'Stores an entity without its empty lists and maps',                                       kind: 'state', breaks: BREAKS, rules: ['laws/empty-lists-are-kept'],    caughtBy: 'laws', apply: storing((value) => without(value, isEmpty)) },
  { name: 'map-names-unescaped',       title: 'Decodes what looks like an escape in the names of a record or a map',                     kind: 'state', breaks: BREAKS, rules: ['laws/names-in-maps-are-kept'],  caughtBy: 'laws', apply: storing(unescaped) },
  { name: 'union-members-unknown',     title: 'Stores a union only where it holds the first member of its schema, and leaves out others', kind: 'state', breaks: BREAKS, rules: ['laws/values-are-kept'],         caughtBy: 'laws', apply: storing(withoutNewMember) },
  { name: 'last-symbol-unknown',       title: 'Stores the first symbol of an enumeration in the place of the last one',                  kind: 'state', breaks: BREAKS, rules: ['laws/values-are-kept'],         caughtBy: 'laws', apply: storing(withFirstSymbol) },
  { name: 'list-keeps-its-first-item', title: 'Stores of each list the first item alone',                                                kind: 'state', breaks: BREAKS, rules: ['laws/values-are-kept'],         caughtBy: 'laws', apply: storing(withFirstItems) },
];

/** Changes the members of an entity that is created or replaced, but for those of its key. */
function storing(change: (value: Json, schema: Schema | null) => Json | undefined): FaultHooks {
  return {
    write: (_before, after, _sent, call) => {
      const { effect } = profileOf(call.operation.method);
      return after === null || (effect !== 'creates' && effect !== 'replaces') ? after : changed(after, call, change);
    },
  };
}

function changed(
  entity: JsonObject,
  { contract }: Call,
  change: (value: Json, schema: Schema | null) => Json | undefined,
): JsonObject {
  const served = new Set([...(contract.key?.parts.keys() ?? []), ...contract.readOnly.map(([head]) => head)]);
  return jsonObject(
    Object.entries(entity).flatMap(([name, value]): [string, Json][] => {
      const schema = contract.entity === null ? null : schemaAt(contract.entity, [name]);
      const stored = served.has(name) ? value : change(value, schema);
      return stored === undefined ? [] : [[name, stored]];
    }),
  );
}

function rounded(value: Json): Json {
  if (typeof value === 'bigint') return Number(value);
  if (isJsonArray(value)) return value.map(rounded);
  return isJsonObject(value) ? mapMembers(value, (name, member) => [name, rounded(member)]) : value;
}

/** The value without the members, at any depth, that are to go; undefined where it is one. Items of lists stay. */
function without(value: Json, goes: (value: Json) => boolean): Json | undefined {
  if (goes(value)) return undefined;
  if (isJsonArray(value)) return value.map((item) => without(item, goes) ?? item);
  if (!isJsonObject(value)) return value;
  return mapMembers(value, (name, member) => {
    const kept = without(member, goes);
    return kept === undefined ? null : [name, kept];
  });
}

function isEmpty(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function unescaped(value: Json): Json {
  if (isJsonArray(value)) return value.map(unescaped);
  if (!isJsonObject(value)) return value;
  return mapMembers(value, (name, member) => [
    name.replaceAll(/%([2-7][0-9A-F])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    unescaped(member),
  ]);
}

function withFirstItems(value: Json): Json {
  if (isJsonArray(value)) return value.slice(0, 1);
  return isJsonObject(value) ? mapMembers(value, (name, member) => [name, withFirstItems(member)]) : value;
}

function withFirstSymbol(value: Json, schema: Schema | null): Json {
  const symbols = schema === null ? null : factsOf(schema).enum;
  return symbols !== null && symbols.length > 1 && symbols.at(-1) === value ? (symbols[0] ?? value) : value;
}

/** undefined for a union whose member is not the first that its schema names. */
function withoutNewMember(value: Json, schema: Schema | null): Json | undefined {
  if (schema === null || !isJsonObject(value)) return value;
  const parts = partsOf(locate(schema), schema.scope);
  const [alternative] = branchesOf(parts);
  const isUnion = alternative !== undefined || keywordOf(parts, 'maxProperties') === 1;
  const own = alternative === undefined ? parts : partsOf(alternative, schema.scope);
  const first = own.flatMap(({ json: { properties } }) => (isJsonObject(properties) ? Object.keys(properties) : []))[0];
  return isUnion && first !== undefined && !Object.hasOwn(value, first) ? undefined : value;
}

function mapMembers(
  record: JsonObject,
  change: (name: string, value: Json) => readonly [string, Json] | null,
): JsonObject {
  return jsonObject(
    Object.entries(record).flatMap(([name, value]) => [change(name, value)].filter((one) => one !== null)),
  );
}
