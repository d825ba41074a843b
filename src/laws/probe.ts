/** Makers of probes that several laws share. */
import type { CaseSpec, Operation } from '../contract/contract.ts';
import type { Json, JsonObject } from '../protocol/json.ts';
import { profileOf, type MethodProfile } from '../protocol/methods.ts';
import type { Blocked, LawFacts, LawMaterial, Probe, ProbeStep } from './law.ts';

/** Whether a request may be repeated and its answers compared: the method reads, or the action is said to write nothing. */
export function onlyAsks({ effect }: MethodProfile, { readOnly }: Pick<Operation, 'readOnly'>): boolean {
  return effect === 'reads' || (effect === 'acts' && readOnly);
}

export interface Variation {
  readonly name: string;
  readonly change: Partial<CaseSpec>;
  readonly rewrite?: ProbeStep['rewrite'];
}

/**
 * The request that is known to succeed, once for each variation. The first must succeed, the others are judged. An action
 * is then asked all of them again, the last one first: what it answers may change by itself.
 */
export function vary(facts: LawFacts, variations: readonly Variation[]): Probe | Blocked {
  const basis = facts.basis();
  if ('blocked' in basis) return basis;
  const isAction = profileOf(facts.operation.method).effect === 'acts';
  const again = variations.toReversed().map((one) => ({ ...one, name: `${one.name}, again` }));
  return {
    setup: basis.setup,
    steps: [...variations, ...(isAction ? again : [])].map(({ name, change, rewrite }, index) => ({
      name,
      operation: facts.operation,
      spec: { ...basis.spec, ...change },
      expects: index === 0 ? 'success' : 'any',
      ...(rewrite === undefined ? {} : { rewrite }),
    })),
  };
}

/**
 * The same for forms of one request that are compared with each other. A list is then asked for once more as at first:
 * where entities come or go meanwhile, as they do behind a removal that takes its time, the answers do not compare.
 */
export function compareForms(facts: LawFacts, variations: readonly Variation[]): Probe | Blocked {
  const probe = vary(facts, variations);
  const { returns } = profileOf(facts.operation.method);
  const [first] = 'blocked' in probe ? [] : probe.steps;
  if ('blocked' in probe || first === undefined || (returns !== 'collection' && returns !== 'collections'))
    return probe;
  return { ...probe, steps: [...probe.steps, { ...first, name: `${first.name}, again`, expects: 'any' }] };
}

/** Steps on an entity that may be written; null where the resource cannot be read back. */
export function onOwned(
  facts: LawFacts,
  steps: (owned: OwnedEntity) => readonly ProbeStep[] | null,
): Probe | Blocked | null {
  const reader = facts.find('GET');
  if (reader === null || reader.projection === 'required') return null;
  const material = facts.material('writes');
  if ('blocked' in material) return material;
  const made = steps({ material, key: material.keys[0], reader, parents: material.parents });
  return made === null ? null : { setup: material.setup, steps: made };
}

/** A creation, alone or as a batch of one, and the reading of what it made; null where the resource cannot be read back. */
export function onCreated(
  facts: LawFacts,
  entity: JsonObject | undefined,
  name = 'creates',
  expects: ProbeStep['expects'] = 'success',
): Probe | Blocked | null {
  const reader = facts.find('GET');
  if (reader === null || reader.projection === 'required') return null;
  const basis = facts.basis();
  if ('blocked' in basis) return basis;
  if (entity === undefined) return null;
  const { parents } = basis.spec;
  const isBatch = profileOf(facts.operation.method).batchOf !== null;
  const spec: Partial<CaseSpec> = {
    parents,
    capture: new Map([['made', isBatch ? 'each/0/key' : 'key']]),
    ...(isBatch ? { elements: [entity] } : { entity }),
  };
  return {
    setup: basis.setup,
    steps: [{ name, operation: facts.operation, spec, expects }, reads({ reader, parents }, MADE)],
  };
}

/** The key of what {@link onCreated} made. */
export const MADE = '${made}';

export interface OwnedEntity {
  readonly material: LawMaterial;
  /** undefined on a simple resource. */
  readonly key: Json | undefined;
  readonly reader: Operation;
  readonly parents: JsonObject | undefined;
}

export function reads(
  { reader, parents }: Pick<OwnedEntity, 'reader' | 'parents'>,
  key: Json | undefined,
  name = 'reads it back',
): ProbeStep {
  return { name, operation: reader, spec: { parents, ...(key === undefined ? {} : { key }) }, expects: 'any' };
}

/** A write of one entity, by the single method or as a batch of one. */
export function writes(
  operation: Operation,
  { parents }: Pick<OwnedEntity, 'parents'>,
  key: Json | undefined,
  item: { readonly entity?: Json; readonly patch?: Json },
  name: string,
  expects: ProbeStep['expects'] = 'success',
): ProbeStep {
  const isKeyed = key !== undefined && operation.level === 'entity';
  const isBatch = operation.level === 'collection';
  const hasItem = item.entity !== undefined || item.patch !== undefined;
  const spec: Partial<CaseSpec> = isBatch
    ? { parents, ...(hasItem ? { entities: [{ key: key ?? null, ...item }] } : { ids: [key ?? null] }) }
    : { parents, ...(isKeyed ? { key } : {}), ...item };
  return { name, operation, spec, expects };
}
