/**
 * What derived cases work on: an entity that is there, and the entity that a create may send.
 *
 * On the embedded endpoint these are the examples. On a live target, in this order: an entity that the case itself
 * creates, one that a list of the resource shows, the examples where the target is seeded; else the case is blocked.
 */
import type { Contract, Example, Operation, ValuePath, When } from '../contract/contract.ts';
import { interpolate, scopeOf } from '../contract/interpolate.ts';
import { isJsonArray, isJsonObject, jsonEquals, jsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import type { Step } from './case.ts';
import type { PlanContext } from './context.ts';
import { deriveSpec } from './derive.ts';
import { sampleOf } from '../schema/sample.ts';
import { ownBodyOf } from './own-body.ts';
import { withFreshKey } from './fresh-key.ts';
import { randomOf } from '../schema/random.ts';
import { authoredSpecs, expectsSuccess, positiveSpecs } from './sample-values.ts';
import { upserted } from './upserted.ts';

/** An entity at hand. */
export interface Material {
  /** Requests that make or find it; each captures what `keys` name. */
  readonly setup: readonly Step[];
  /** One key or more, as written in a case; `${found}` where the setup captures it. Empty on a simple resource. */
  readonly keys: readonly Json[];
  /** Members of the first entity, as far as they are known before the run; null when nothing is. */
  readonly entity: JsonObject | null;
  readonly parents: JsonObject | undefined;
}

export interface Blocked {
  readonly blocked: string;
}

/** Whether the request only looks, or changes what it finds: a write may touch only what the case created. */
export type Use = 'reads' | 'writes';

export function materialOf(
  contract: Contract,
  context: PlanContext,
  use: Use,
  avoid: Operation | null = null,
): Material | Blocked {
  if (contract.kind === 'actionsSet') return { setup: [], keys: [], entity: null, parents: undefined };
  if (contract.kind === 'simple') return simpleMaterial(contract, context, use);
  if (!context.target.live)
    return (
      fromExamples(contract, avoid) ??
      fromCreate(contract, context.seed) ??
      (contract.examples.length === 0 ? NOTHING_EMBEDDED : NOTHING_USABLE)
    );

  const created =
    context.target.writes || use === 'writes'
      ? (fromCreate(contract, context.seed) ?? fromUpsert(contract, context.seed))
      : null;
  if (created !== null || use === 'writes') return created ?? NOTHING_OWNED;
  const seeded = context.target.seeded ? fromExamples(contract, avoid) : null;
  return fromList(contract) ?? seeded ?? NOTHING_LIVE;
}

/** The entity that a create sends: an author's that succeeds, else an example without what the server sets. */
export function creatableEntity(contract: Contract, seed: number): JsonObject | null {
  const create = creating(contract) ?? contract.operations.find(({ method }) => profileOf(method).effect === 'creates');
  if (create === undefined) return null;

  for (const spec of positiveSpecs(contract, create)) {
    if (!isJsonObject(spec.entity) || holdsCapture(spec.entity, contract)) continue;
    if (!refused(create, { key: null, entity: spec.entity })) return spec.entity;
  }
  for (const spec of authoredSpecs(contract)) {
    const element = spec.elements?.[0];
    if (expectsSuccess(spec) && isJsonObject(element) && spec.elements?.length === 1) return element;
  }
  for (const example of contract.examples) {
    const entity = withFreshKey(contract, writable(contract, example.entity), seed);
    if (!refused(create, { key: null, entity })) return entity;
  }
  return contract.examples.length === 0 && contract.entity !== null ? sampleEntity(contract, seed) : null;
}

/** Without the members that only the server sets. */
export function writable(contract: Contract, entity: JsonObject): JsonObject {
  return contract.readOnly.reduce((rest, path) => without(rest, path), entity);
}

/** Patches that each write one member back as it is: the smallest changes, which any endpoint must take. */
export function harmlessPatches(contract: Contract, entity: JsonObject | null): readonly JsonObject[] {
  if (entity === null) return [];
  const fixed = new Set([...contract.readOnly, ...contract.createOnly].map(([head]) => head));
  const keyParts = contract.key?.parts;
  const free = Object.entries(entity).filter(([name]) => !fixed.has(name) && keyParts?.has(name) !== true);
  const isFlat = (value: Json): boolean => !isJsonObject(value) && !isJsonArray(value);
  const flat = free.filter(([, value]) => isFlat(value));
  const rest = free.filter(([, value]) => !isFlat(value));
  return [...flat, ...rest].map((member) => ({ $set: jsonObject([member]) }));
}

/** The operation that creates a single entity, if declared. */
export function creating(contract: Contract): Operation | undefined {
  return singleOf(contract, 'creates');
}

/** The operation that removes a single entity, if declared. */
export function removing(contract: Contract): Operation | undefined {
  return singleOf(contract, 'removes');
}

/** Why nothing that a run creates can be taken away again, where {@link removing} finds no operation: one clause. */
export function whyNoRemoval(contract: Contract): string {
  const batch = contract.operations.find(({ method }) => profileOf(method).effect === 'removes');
  return batch === undefined
    ? 'the contract declares no DELETE'
    : `the contract declares ${batch.method} and no DELETE, and a batch answers 200 even where it removed nothing`;
}

function singleOf(contract: Contract, effect: 'creates' | 'removes'): Operation | undefined {
  return contract.operations.find(
    ({ method }) => profileOf(method).effect === effect && profileOf(method).batchOf === null,
  );
}

const NOTHING_EMBEDDED: Blocked = { blocked: 'the contract has no examples, and no create that could make an entity' };
const NOTHING_USABLE: Blocked = {
  blocked: 'each example meets an error that the contract declares, or has an empty key, which no path can hold',
};
const NOTHING_SIMPLE: Blocked = { blocked: 'the contract has no example, so the embedded endpoint holds no entity' };
const NOTHING_OWNED: Blocked = {
  blocked:
    'writes touch only entities that the run created, and the contract declares no pair of create and delete to do so',
};
const NOTHING_LIVE: Blocked = {
  blocked: 'no entity is known on this target: nothing can be created or listed there, and it is not `seeded`',
};

function simpleMaterial(contract: Contract, context: PlanContext, use: Use): Material | Blocked {
  const example = contract.examples[0];
  if (context.target.live && use === 'writes') return NOTHING_OWNED;
  if (!context.target.live && example === undefined) return NOTHING_SIMPLE;
  return {
    setup: [],
    keys: [],
    entity: example?.entity ?? null,
    parents: example === undefined ? undefined : parentsOf(example),
  };
}

/** At most two examples that live under the same parents, none of them one that the operation is declared to refuse. */
function fromExamples(contract: Contract, avoid: Operation | null): Material | null {
  const usable = contract.examples.filter(
    (one) => one.key !== null && hasPath(one) && !(avoid !== null && isRefused(contract, avoid, one)),
  );
  const [head] = usable;
  if (head === undefined) return null;
  const siblings = usable.filter((one) => sameParents(one, head)).slice(0, 2);
  return { setup: [], keys: siblings.map((one) => one.key), entity: head.entity, parents: parentsOf(head) };
}

/** The empty text is no segment of a path, so that an entity of such a key is reached by batches alone. */
export function hasPath({ key, parents }: Example): boolean {
  return key !== '' && [...parents.values()].every((value) => value !== '');
}

/** An entity that the case creates; whatever a case creates is removed after it, which needs a declared removal. */
function fromCreate(contract: Contract, seed: number): Material | null {
  const create = creating(contract);
  const hasOwnBody = ownBodyOf(create ?? null) !== null;
  const entity = hasOwnBody ? null : creatableEntity(contract, seed);
  if (create === undefined || removing(contract) === undefined || (entity === null && !hasOwnBody)) return null;

  const spec = deriveSpec(create, { ...(entity === null ? {} : { entity }), capture: new Map([['found', 'key']]) });
  const setup: readonly Step[] = [{ spec, contract, operation: create, setup: true }];
  return { setup, keys: ['${found}'], entity, parents: undefined };
}

/** An entity that the case makes by an upsert, for resources that know no CREATE; it is removed likewise. */
function fromUpsert(contract: Contract, seed: number): Material | null {
  if (creating(contract) !== undefined || removing(contract) === undefined) return null;
  const sample = contract.examples.length > 0 ? null : sampleEntity(contract, seed);
  const made = upserted(contract, seed, { sample, writable: (entity) => writable(contract, entity) });
  return made === null ? null : { setup: made.setup, keys: [made.key], entity: made.entity, parents: made.parents };
}

/** The first entity of a list that can be asked for without knowing anything. */
function fromList(contract: Contract): Material | null {
  const parts = [...(contract.key?.parts.keys() ?? [])];
  const list = contract.operations.find((one) => isOpenList(one));
  if (list === undefined || parts.length === 0 || (contract.key?.params ?? null) !== null) return null;

  const capture = new Map(parts.map((part, index) => [`found${index}`, `body/elements/0/${part}`]));
  const setup: readonly Step[] = [{ spec: deriveSpec(list, { capture }), contract, operation: list, setup: true }];
  const named = parts.map((part, index): [string, Json] => [part, `\${found${index}}`]);
  const key = contract.key?.shape.kind === 'simple' ? (named[0]?.[1] ?? null) : jsonObject(named);
  return { setup, keys: [key], entity: null, parents: undefined };
}

function isOpenList(operation: Operation): boolean {
  if (profileOf(operation.method).returns !== 'collection' || operation.assocKeys.length > 0) return false;
  return [...operation.params.values()].every((field) => !field.required);
}

function sampleEntity(contract: Contract, seed: number): JsonObject | null {
  const sample = contract.entity === null ? null : sampleOf(contract.entity, randomOf(seed));
  if (sample === null || !isJsonObject(sample)) return null;
  const entity = writable(contract, sample);
  // An entity whose key is an empty text cannot be asked for.
  const isNameless = [...(contract.key?.parts.keys() ?? [])].some((part) => entity[part] === '');
  return isNameless ? withFreshKey(contract, entity, seed) : entity;
}

/** A text of a capture stands only in the flow that makes it. */
function holdsCapture(value: Json, contract: Contract): boolean {
  if (typeof value === 'string') {
    return [...value.matchAll(/\$\{([^}]*)\}/g)].some(
      ([, name = '']) => !contract.vars.has(name) && !name.startsWith('env.'),
    );
  }
  if (isJsonArray(value)) return value.some((item) => holdsCapture(item, contract));
  return isJsonObject(value) && Object.values(value).some((member) => holdsCapture(member, contract));
}

/** Whether a declared error is the mock's answer to such a key or entity, as far as plain values tell. */
export function refused(operation: Operation, facts: { readonly key: Json; readonly entity: JsonObject }): boolean {
  for (const errors of operation.errors.values()) {
    for (const { when } of errors) if (when !== null && meets(when, facts)) return true;
  }
  return false;
}

/** The same for an example, whose key may hold variables; an item of a batch meets the errors of the single method, too. */
function isRefused(contract: Contract, operation: Operation, { key, entity }: Example): boolean {
  const filled = key === null ? null : interpolate(key, scopeOf({ layers: [contract.vars], env: {} }));
  const facts = { key: filled !== null && 'value' in filled ? filled.value : key, entity };
  const single = contract.operations.find(({ method }) => method === profileOf(operation.method).batchOf);
  return refused(operation, facts) || (single !== undefined && refused(single, facts));
}

function meets(when: When, facts: { readonly key: Json; readonly entity: JsonObject }): boolean {
  // Derived patches write a member back as it is, which no error is declared for.
  if (when.headers !== undefined || when.params !== undefined || when.patch !== undefined) return false;
  if (when.key !== undefined && !agrees(when.key, facts.key)) return false;
  return when.entity === undefined || agrees(when.entity, facts.entity);
}

/** A matcher counts as met: an example that may be refused is better left out. */
function agrees(wanted: Json, value: Json | undefined): boolean {
  if (isJsonObject(wanted)) {
    const { $present: present } = wanted;
    if (typeof present === 'boolean') return (value !== undefined) === present;
    if (Object.hasOwn(wanted, '$not')) return !agrees(wanted['$not'] ?? null, value);
    if (Object.keys(wanted).some((name) => name.startsWith('$'))) return true;
    return isJsonObject(value) && Object.entries(wanted).every(([name, member]) => agrees(member, value[name]));
  }
  // Keys of examples are numbers, or their text.
  if (typeof wanted !== 'object' && value !== undefined && typeof value !== 'object')
    return String(wanted) === String(value);
  return value !== undefined && jsonEquals(wanted, value);
}

function parentsOf(example: Example): JsonObject | undefined {
  return example.parents.size === 0 ? undefined : jsonObject(example.parents);
}

function sameParents(one: Example, other: Example): boolean {
  return [...one.parents].every(([name, value]) => agrees(value, other.parents.get(name)));
}

function without(entity: JsonObject, path: ValuePath): JsonObject {
  const [head, ...rest] = path;
  if (head === undefined || !Object.hasOwn(entity, head)) return entity;
  const entries = Object.entries(entity);
  if (rest.length === 0) return jsonObject(entries.filter(([name]) => name !== head));
  return jsonObject(
    entries.map(([name, value]) => [name, name === head && isJsonObject(value) ? without(value, rest) : value]),
  );
}
