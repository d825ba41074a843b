/**
 * Every case with one thing less, the largest things first: items of batches, members of entities and patches, parameters,
 * steps of an author's flow. Whether a smaller case still says anything is for who runs it.
 */
import type { CaseSpec } from '../contract/contract.ts';
import { isList } from '../contract/negative.ts';
import type { Case, Step } from '../plan/case.ts';
import { isJsonArray, isJsonObject, jsonEquals, jsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { requiredNames } from '../schema/shape.ts';

/** A thing is left out of all steps, which belong together; the author's flows lose whole steps. */
export function* reductions(one: Case): Generator<Case> {
  if (isAuthorsFlow(one)) {
    yield* shorterFlows(one);
    return;
  }
  const specs = one.steps.map(({ spec }) => spec);
  const without = (change: (spec: CaseSpec) => CaseSpec): Case => ({
    ...one,
    steps: one.steps.map((step): Step => ({ ...step, spec: change(step.spec) })),
  });
  // A law is about its items: which of them are asked for is what its requests differ in.
  for (const part of one.group === 'laws' ? [] : LISTS) {
    const length = Math.max(0, ...specs.map((spec) => listOf(spec, part).length));
    if (length < 2) continue;
    for (let index = length - 1; index >= 0; index -= 1) yield without((spec) => withoutItem(spec, part, index));
  }
  const needed = new Set(one.steps.flatMap(neededMembers));
  const names = new Set(specs.flatMap((spec) => entitiesOf(spec).flatMap((entity) => Object.keys(entity))));
  for (const name of [...names].filter((own) => !needed.has(own)))
    yield without((spec) => mapEntities(spec, (entity) => dropped(entity, name)));
  const patched = new Set(specs.flatMap((spec) => patchesOf(spec).flatMap(patchedNames)));
  if (patched.size > 1) for (const name of patched) yield without((spec) => mapPatches(spec, name));
  for (const name of droppableParams(one)) yield without((spec) => ({ ...spec, params: dropped(spec.params, name) }));
}

export function isAuthorsFlow({ derived, method, steps }: Case): boolean {
  return !derived && method === null && steps.length > 1;
}

/**
 * What no entity may lack. It stays even in a request that is refused before anyone looks at its body: what is shown to be
 * pasted has one fault.
 */
function neededMembers({ contract, operation }: Step): readonly string[] {
  const schema = operation?.request.entity ?? contract.entity;
  return schema === null ? [] : requiredNames(schema);
}

/** Optional ones of any request; of a law those that all its requests have alike, for it is about the others. */
function droppableParams({ group, operation, steps }: Case): readonly string[] {
  const all = steps.map(({ spec }) => spec.params);
  const names = [...new Set(all.flatMap((params) => Object.keys(params)))].filter(
    (name) => operation?.params.get(name)?.required !== true,
  );
  if (group !== 'laws') return names;
  const [first = {}] = all;
  return names.filter((name) => all.every((params) => jsonEquals(params[name] ?? null, first[name] ?? null)));
}

/** The flow without one of its steps: those after the failure go first, for they were never sent. */
function* shorterFlows(one: Case): Generator<Case> {
  for (let at = one.steps.length - 1; at >= 0; at -= 1) {
    yield { ...one, steps: one.steps.filter((_, index) => index !== at) };
  }
}

const LISTS = ['ids', 'elements', 'entities', 'criteria'] as const;
type ListPart = (typeof LISTS)[number];

function listOf(spec: CaseSpec, part: ListPart): readonly unknown[] {
  const list = spec[part];
  return Array.isArray(list) ? list : [];
}

/** What is expected of the items goes by their places, and loses the same one. */
function withoutItem(spec: CaseSpec, part: ListPart, index: number): CaseSpec {
  const list = listOf(spec, part);
  if (list.length < 2) return spec;
  const rest = <T>(items: readonly T[]): readonly T[] => items.filter((_, at) => at !== index);
  const { expect } = spec;
  const each = expect === null || expect.each === null || !isList(expect.each) ? null : expect.each;
  return {
    ...spec,
    [part]: rest(list),
    expect: expect === null || each === null ? expect : { ...expect, each: rest(each) },
  };
}

function entitiesOf({ entity, elements, entities }: CaseSpec): readonly JsonObject[] {
  const all = [entity, ...(elements ?? []), ...(entities ?? []).map((item) => item.entity)];
  return all.filter((value): value is JsonObject => isJsonObject(value));
}

function mapEntities(spec: CaseSpec, change: (entity: JsonObject) => JsonObject): CaseSpec {
  const changed = (value: Json): Json => (isJsonObject(value) ? change(value) : value);
  return {
    ...spec,
    entity: spec.entity === undefined ? undefined : changed(spec.entity),
    elements: spec.elements?.map(changed),
    entities: spec.entities?.map((item) =>
      item.entity === undefined ? item : { ...item, entity: changed(item.entity) },
    ),
  };
}

function patchesOf({ patch, entities }: CaseSpec): readonly Json[] {
  return [patch, ...(entities ?? []).map((item) => item.patch)].filter((value) => value !== undefined);
}

function patchedNames(patch: Json): readonly string[] {
  if (!isJsonObject(patch)) return [];
  const { $set: set, $delete: deleted } = patch;
  const names = isJsonArray(deleted) ? deleted.filter((name): name is string => typeof name === 'string') : [];
  return [...(isJsonObject(set) ? Object.keys(set) : []), ...names];
}

function mapPatches(spec: CaseSpec, name: string): CaseSpec {
  return {
    ...spec,
    patch: spec.patch === undefined ? undefined : withoutPatched(spec.patch, name),
    entities: spec.entities?.map((item) =>
      item.patch === undefined ? item : { ...item, patch: withoutPatched(item.patch, name) },
    ),
  };
}

function withoutPatched(patch: Json, name: string): Json {
  if (!isJsonObject(patch)) return patch;
  const { $set: set, $delete: deleted, ...rest } = patch;
  const kept = isJsonObject(set) ? dropped(set, name) : {};
  const others = isJsonArray(deleted) ? deleted.filter((other) => other !== name) : [];
  return {
    ...rest,
    ...(Object.keys(kept).length === 0 ? {} : { $set: kept }),
    ...(others.length === 0 ? {} : { $delete: others }),
  };
}

function dropped(members: JsonObject, name: string): JsonObject {
  return Object.hasOwn(members, name)
    ? jsonObject(Object.entries(members).filter(([other]) => other !== name))
    : members;
}
