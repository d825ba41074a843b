/**
 * Group `contract`: one positive case for every declared operation that no case of the author exercises. What the
 * request needs is read off the method's profile, so no method is named here.
 */
import type { CaseSpec, Contract, Operation } from '../contract/contract.ts';
import { hasConditions } from '../verify/conditions.ts';
import { jsonObject, memberOf, type Json, type JsonObject } from '../protocol/json.ts';
import { profileOf, type MethodProfile } from '../protocol/methods.ts';
import type { Case } from './case.ts';
import { clearStep, whyMet } from './clear.ts';
import type { PlanContext } from './context.ts';
import type { DeclaredError } from './declared-errors.ts';
import { deriveCase, deriveExpectation, deriveOutcome, deriveSpec } from './derive.ts';
import {
  creatableEntity,
  harmlessPatches,
  materialOf,
  removing,
  whyNoRemoval,
  writable,
  type Blocked,
  type Material,
} from './material.ts';
import { ownBodyOf, sampledBody } from './own-body.ts';
import { positiveSpecs, sampleFields } from './sample-values.ts';
import { patchOf } from './variants.ts';

export function planContractGroup(contract: Contract, context: PlanContext): readonly Case[] {
  return contract.operations
    .filter((operation) => !isExercised(contract, operation, context))
    .map((operation) => positiveCase(contract, operation, context));
}

/** A flow exercises its steps, too. What is skipped, or written for other targets, exercises nothing here. */
function isExercised(contract: Contract, operation: Operation, context: PlanContext): boolean {
  const runs = (one: { readonly skip: string | null; readonly targets: readonly string[] | null }): boolean =>
    one.skip === null && (one.targets === null || one.targets.includes(context.target.name));
  const positive = new Set(positiveSpecs(contract, operation));
  return (
    contract.cases.some((spec) => runs(spec) && positive.has(spec)) ||
    contract.flows.some((flow) => runs(flow) && flow.steps.some((step) => positive.has(step)))
  );
}

function positiveCase(contract: Contract, operation: Operation, context: PlanContext): Case {
  const request = positiveRequest(contract, operation, context);
  const isBlocked = 'blocked' in request;
  return deriveCase(contract, operation, {
    group: 'contract',
    what: 'keeps-its-promise',
    name: `${operation.name ?? operation.method} keeps its promise`,
    reason: 'declared, and no case of the author exercises it with success',
    steps: isBlocked
      ? [{ spec: deriveSpec(operation, {}), contract, operation }]
      : [...request.material.setup, { spec: request.spec, contract, operation }],
    blocked: isBlocked ? request.blocked : null,
  });
}

/** A request of an operation that must succeed, with the material that it stands on. */
export interface PositiveRequest {
  readonly spec: CaseSpec;
  readonly material: Material;
}

/**
 * The plainest request that an operation must answer with success.
 *
 * Laws and the header matrix begin with it, too.
 */
export function positiveRequest(
  contract: Contract,
  operation: Operation,
  context: PlanContext,
): PositiveRequest | Blocked {
  const profile = profileOf(operation.method);
  const reads = profile.effect === 'reads' || operation.readOnly;
  const creates = profile.effect === 'creates';
  if (creates && context.target.live && removing(contract) === undefined) {
    return { blocked: `what it creates could not be removed again: ${whyNoRemoval(contract)}` };
  }
  if (!reads && !creates && context.target.live && operation.level === 'collection' && profile.sends === 'params') {
    return { blocked: 'an action that writes on a whole live collection is never run unasked' };
  }

  const needsEntity =
    !creates && (operation.level === 'entity' || profile.parameter === 'ids' || operation.assocKeys.length > 0);
  const material: Material | Blocked = needsEntity
    ? materialOf(contract, context, reads ? 'reads' : 'writes', operation)
    : freeMaterial(contract);
  if ('blocked' in material) return material;

  let met: DeclaredError | null = null;
  for (let turn = 0; turn < (hasConditions(operation) ? TURNS : 1); turn += 1) {
    const parts = requestParts(contract, operation, profile, material, choiceOf(turn, context));
    if ('blocked' in parts) {
      if (met === null) return parts;
      continue;
    }
    const spec = deriveSpec(operation, {
      ...(material.parents === undefined ? {} : { parents: material.parents }),
      ...parts,
      ...(context.target.live && profile.returns === 'collections'
        ? { expect: deriveExpectation(operation, { each: FOUND_OR_NOT }) }
        : {}),
    });
    const clear = clearStep({ spec, contract, operation }, context);
    if ('spec' in clear) return { material, spec: clear.spec };
    met ??= clear;
  }
  return { blocked: met === null ? 'no request can be made' : whyMet(met) };
}

/** Requests that are tried where errors are declared for some of them. */
const TURNS = 10;

/** How the values of one try are chosen. */
interface Choice {
  readonly turn: number;
  readonly seed: number;
  /** Whether values of the author and the examples come first. */
  readonly isKnown: boolean;
  /** Whether what may be absent is there. */
  readonly isGenerous: boolean;
}

/** First what is known, then samples; both again with all that may be absent. */
function choiceOf(turn: number, { seed }: PlanContext): Choice {
  const half = TURNS / 2;
  return { turn, seed: seed + (turn % half), isKnown: turn % half === 0, isGenerous: turn >= half };
}

/** A service that knows nothing of a criterion that we made up may say so: its result is then an error 404. */
const FOUND_OR_NOT = deriveOutcome({ status: [200, 404] });

/** Lists and creates need no entity; the example lends values for parameters. */
function freeMaterial(contract: Contract): Material {
  const example = contract.examples[0];
  const parents = example === undefined || example.parents.size === 0 ? undefined : jsonObject(example.parents);
  return {
    setup: [],
    keys: example === undefined || example.key === null ? [] : [example.key],
    entity: example?.entity ?? null,
    parents,
  };
}

function requestParts(
  contract: Contract,
  operation: Operation,
  profile: MethodProfile,
  material: Material,
  choice: Choice,
): Partial<CaseSpec> | Blocked {
  const body = bodyParts(contract, operation, profile, material, choice);
  if ('blocked' in body) return body;

  const params =
    profile.sends === 'params' ? {} : parametersOf(contract, operation, operation.params, material, choice);
  if (params === null)
    return {
      blocked: `a required parameter of ${operation.name ?? operation.method} has no value that an example or its type tells`,
    };

  const [key] = material.keys;
  const isOfKeys = profile.sends === 'none' || ownBodyOf(operation) !== null;
  const isKeyed = contract.kind !== 'simple' && contract.kind !== 'actionsSet';
  return {
    ...(isKeyed && operation.level === 'entity' && key !== undefined ? { key } : {}),
    ...(operation.assocKeys.length > 0 ? { key: partialKey(operation, key) } : {}),
    ...(profile.parameter === 'ids' && isOfKeys ? { ids: material.keys } : {}),
    ...(Object.keys(params).length > 0 ? { params } : {}),
    ...(operation.projection === 'required' ? { fields: projectionOf(contract, material) } : {}),
    ...body,
  };
}

function bodyParts(
  contract: Contract,
  operation: Operation,
  profile: MethodProfile,
  material: Material,
  choice: Choice,
): Partial<CaseSpec> | Blocked {
  const own = ownBodyOf(operation);
  // The preparer makes the body, as it does for cases of the author that do not say it.
  if (own !== null) return sampledBody(own) === null ? NO_BODY : {};

  const { seed } = choice;
  const replacement =
    profile.effect === 'creates'
      ? creatableEntity(contract, seed)
      : material.entity && writable(contract, material.entity);
  const patch = patchFor(contract, operation, material.entity, choice);
  const [key = null] = material.keys;

  switch (profile.sends) {
    case 'none':
      return profile.parameter === 'bq' ? criteriaOf(contract, operation, material, choice) : {};
    case 'entity':
      return replacement === null ? NO_ENTITY : { entity: replacement };
    case 'elements':
      return replacement === null ? NO_ENTITY : { elements: [replacement] };
    case 'entities':
      return replacement === null ? NO_ENTITY : { entities: [{ key, entity: replacement }] };
    case 'patch':
      return patch === null ? NO_PATCH : { patch };
    case 'patches':
      return patch === null ? NO_PATCH : { entities: [{ key, patch }] };
    default: {
      const params = parametersOf(contract, operation, operation.params, material, choice);
      return params === null
        ? {
            blocked: `a required parameter of action ${operation.name ?? ''} has no value that an example or its type tells`,
          }
        : { params };
    }
  }
}

const NO_ENTITY: Blocked = {
  blocked: 'no entity to send: no case of the author sends one with success, and no example would be taken',
};
const NO_BODY: Blocked = { blocked: 'no body can be made that fits `request.body`' };
const NO_PATCH: Blocked = { blocked: 'no member is known that a client may change' };

function criteriaOf(
  contract: Contract,
  operation: Operation,
  material: Material,
  choice: Choice,
): Partial<CaseSpec> | Blocked {
  const criterion = parametersOf(contract, operation, operation.criteria, material, choice);
  if (criterion === null)
    return {
      blocked: `a required member of the criteria of ${operation.name ?? ''} has no value that an example or its type tells`,
    };
  return { criteria: [criterion] };
}

/** Values of the required fields: from the author's request of the same operation where there is one, else sampled. */
function parametersOf(
  contract: Contract,
  operation: Operation,
  fields: Operation['params'],
  material: Material,
  { seed, isKnown, isGenerous }: Choice,
): JsonObject | null {
  const authored = positiveSpecs(contract, operation)[0];
  const known = isKnown ? { ...material.entity, ...authored?.params } : null;
  return sampleFields(fields, known, seed, isGenerous);
}

/** A member written back as it is; where all of those were tried, another value of one. */
function patchFor(
  contract: Contract,
  operation: Operation,
  entity: JsonObject | null,
  { turn, seed }: Choice,
): JsonObject | null {
  const harmless = harmlessPatches(contract, entity);
  return harmless[turn] ?? (entity === null || turn === 0 ? null : patchOf(contract, operation, entity, seed));
}

function partialKey(operation: Operation, key: Json | undefined): JsonObject {
  return jsonObject(operation.assocKeys.map((part): [string, Json] => [part, memberOf(key, part) ?? null]));
}

function projectionOf(contract: Contract, material: Material): string {
  const names = Object.keys(material.entity ?? {}).filter((name) => /^\w+$/.test(name));
  const [part] = contract.key?.parts.keys() ?? [];
  return names.slice(0, 3).join(',') || (part ?? 'id');
}
