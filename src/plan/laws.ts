/** Group `laws`: for every declared operation the laws that apply to it, each a case of the exchanges it needs. */
import type { Contract, Operation } from '../contract/contract.ts';
import { interpolate, scopeOf } from '../contract/interpolate.ts';
import { itemCount } from '../contract/negative.ts';
import { LAWS } from '../laws/index.ts';
import type { Law, LawFacts, LawMaterial, Probe, ProbeStep } from '../laws/law.ts';
import { jsonEquals, jsonObject, type Json } from '../protocol/json.ts';
import { profileOf, type MethodName } from '../protocol/methods.ts';
import { basisOf, unwritable } from './basis.ts';
import type { Case, Step } from './case.ts';
import type { PlanContext } from './context.ts';
import { deriveCase, deriveSpec } from './derive.ts';
import { generatedEntity } from './generated.ts';
import { creatableEntity, materialOf, writable, type Blocked } from './material.ts';
import { nestedMaskOf, nestedPatchOf } from './nested.ts';
import { pairOf } from './pair.ts';
import { authoredSpecs, expectsSuccess, sampleFields } from './sample-values.ts';
import {
  awkwardEntity,
  awkwardKeyOf,
  changedEntity,
  declaredMembers,
  distinctEntities,
  missingKeyOf,
  patchOf,
  replacementOf,
  underKey,
} from './variants.ts';

export function planLawGroup(contract: Contract, context: PlanContext): readonly Case[] {
  return contract.operations.flatMap((operation) => {
    const facts = factsOf(contract, operation, context);
    const profile = profileOf(operation.method);
    return LAWS.flatMap((law) => {
      if (!law.appliesTo(profile, operation) || operation.exempt.has(law.rule)) return [];
      const probe = law.probe(facts);
      const planned = [
        ...(probe === null ? [] : [lawCase(law, facts, probe)]),
        ...(law.more?.(facts) ?? []).map((further) => lawCase(law, facts, further.probe, further.name)),
      ];
      return planned.filter((one) => one !== null);
    });
  });
}

/** @param further - what tells the case from the law's first one */
function lawCase(law: Law, facts: LawFacts, probe: Probe | Blocked, further?: string): Case | null {
  const { contract, operation } = facts;
  const rule = law.rule.slice(law.rule.indexOf('/') + 1);
  const what = further === undefined ? rule : `${rule}-${further}`;
  const derivation = {
    group: 'laws' as const,
    what,
    name: what.replaceAll('-', ' '),
    reason: `every endpoint owes it: ${law.rule}`,
  };
  if ('blocked' in probe) {
    const steps = [{ spec: deriveSpec(operation, {}), contract, operation }];
    return deriveCase(contract, operation, { ...derivation, steps, blocked: probe.blocked, check: law.check });
  }

  if (!fits(probe)) return null;
  const setup = probe.setup.map((step): Step => ({
    spec: deriveSpec(step.operation, step.spec),
    contract,
    operation: step.operation,
    setup: true,
  }));
  const steps = probe.steps.map((step) => stepOf(contract, step));
  return deriveCase(contract, operation, { ...derivation, steps: [...setup, ...steps], check: law.check });
}

/** Whether every request can be written, and holds no more items than it may. */
function fits({ steps }: Probe): boolean {
  return steps.every(({ operation, spec }) => {
    const whole = deriveSpec(operation, spec);
    const { maxBatchSize } = operation;
    return unwritable(whole) === null && (maxBatchSize === null || (itemCount(whole) ?? 0) <= maxBatchSize);
  });
}

function stepOf(contract: Contract, { name, operation, spec, expects, rewrite }: ProbeStep): Step {
  return {
    spec: deriveSpec(operation, { ...spec, name, expect: null }),
    contract,
    operation,
    expects,
    ...(rewrite === undefined ? {} : { rewrite }),
  };
}

function factsOf(contract: Contract, operation: Operation, context: PlanContext): LawFacts {
  const { seed, target } = context;
  const dialect = context.dialectOf(contract);
  const byMethod = (method: MethodName, name: string | null): Operation | null =>
    contract.operations.find((one) => one.method === method && one.name === name) ?? null;
  return {
    contract,
    operation,
    dialect,
    live: target.live,
    find: (method) => byMethod(method, null),
    named: byMethod,
    basis: () => {
      const basis = basisOf(contract, operation, context);
      if ('blocked' in basis) return basis;
      const paging = ['start', 'count', dialect.cursor.size, dialect.cursor.token];
      const params = jsonObject(Object.entries(basis.spec.params).filter(([name]) => !paging.includes(name)));
      return { setup: basis.material.setup.map(probeStepOf), spec: { ...basis.spec, params } };
    },
    material: (use) => lawMaterial(contract, operation, context, use),
    creatable: () => {
      const entity = creatableEntity(contract, seed);
      return entity === null ? [] : distinctEntities(contract, operation, filled(contract, entity), seed);
    },
    generated: (like, taste, shows) => generatedEntity(contract, operation, like, { taste, shows, seed }),
    pair: () => {
      const made = pairOf(contract, operation, context, (value) => filled(contract, value));
      return made === null || 'blocked' in made ? made : { ...made, setup: made.setup.map(probeStepOf) };
    },
    changed: (entity, turn = 0) => changedEntity(contract, operation, entity, seed + turn),
    replacement: (entity) => replacementOf(contract, operation, entity, seed),
    patch: (entity, turn = 0) => patchOf(contract, operation, entity, seed + turn),
    nestedPatch: (entity) => nestedPatchOf(contract, operation, entity, seed),
    missingKey: (near) => missingKeyOf(contract, near, seed),
    awkwardKey: (near) => awkwardKeyOf(contract, near),
    awkwardEntity: (ascii) => {
      const entity = creatableEntity(contract, seed);
      return entity === null ? null : awkwardEntity(contract, filled(contract, entity), ascii);
    },
    underKey: (entity, key) => underKey(contract, entity, key),
    criteria: () => criteriaOf(contract, operation, seed),
    members: () => projectable(contract),
    nestedMask: () => nestedMaskOf(contract),
  };
}

function lawMaterial(
  contract: Contract,
  operation: Operation,
  context: PlanContext,
  use: 'reads' | 'writes',
): LawMaterial | Blocked {
  const material = materialOf(contract, context, use, operation);
  if ('blocked' in material) return material;
  const { setup, keys, entity, parents } = material;
  return {
    setup: setup.map(probeStepOf),
    keys: keys.map((key) => filled(contract, key)),
    entity: entity === null ? null : writable(contract, filled(contract, entity)),
    parents,
  };
}

function probeStepOf({ spec, operation, contract }: Step): ProbeStep {
  const [fallback] = contract.operations;
  const own = operation ?? fallback;
  if (own === undefined) throw new Error(`Failed to plan the laws of ${contract.resource}: it declares no operation`);
  return { name: spec.name ?? 'makes ready', operation: own, spec, expects: 'success' };
}

/** The value with the contract's own variables put in, where all of them are known. */
function filled<T extends Json>(contract: Contract, value: T): T;
function filled(contract: Contract, value: Json): Json {
  const made = interpolate(value, scopeOf({ layers: [contract.vars], env: {} }));
  return 'value' in made ? made.value : value;
}

/** Criteria that the author writes, else one made of the required members and one of an example's. */
function criteriaOf(contract: Contract, operation: Operation, seed: number): readonly Json[] | null {
  const known: Json[] = [];
  const add = (criterion: Json): void => {
    if (!known.some((other) => jsonEquals(other, criterion))) known.push(criterion);
  };
  for (const spec of authoredSpecs(contract)) {
    if (spec.method !== operation.method || spec.operation !== operation.name || !expectsSuccess(spec)) continue;
    for (const criterion of spec.criteria ?? []) add(filled(contract, criterion));
  }
  for (const { entity } of contract.examples) {
    const required = sampleFields(operation.criteria, entity, seed);
    if (required === null) continue;
    add(required);
    for (const name of operation.criteria.keys()) {
      const value = entity[name];
      if (value !== undefined) add(filled(contract, { ...required, [name]: value }));
    }
  }
  return known.length === 0 ? null : known.slice(0, 2);
}

/** Members of the first example, else of the schema, that a mask can name. */
function projectable(contract: Contract): readonly string[] {
  const [example] = contract.examples;
  const names = example === undefined ? declaredMembers(contract) : Object.keys(example.entity);
  // What the server sets may change between two requests.
  const served = new Set(contract.readOnly.map(([head]) => head));
  return names.filter((name) => /^[A-Za-z_]\w*$/.test(name) && !served.has(name));
}
