/**
 * Two entities that a law may write: a batch of one proves nothing about the second. Examples on the embedded endpoint,
 * else two that the case creates.
 */
import type { Contract, Operation } from '../contract/contract.ts';
import type { LawPair } from '../laws/law.ts';
import { jsonEquals, jsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import type { Step } from './case.ts';
import type { PlanContext } from './context.ts';
import { deriveSpec } from './derive.ts';
import { creatableEntity, creating, materialOf, removing, writable, type Blocked } from './material.ts';
import { distinctEntities } from './variants.ts';

/** A pair as the plan makes it: what makes it ready is steps. */
export interface PairMaterial extends Omit<LawPair, 'setup'> {
  readonly setup: readonly Step[];
}

/**
 * @param filled - puts the contract's variables into a value
 * @returns why there is no entity at all; null where there is one and no second
 */
export function pairOf(
  contract: Contract,
  operation: Operation,
  context: PlanContext,
  filled: <T extends Json>(value: T) => T,
): PairMaterial | Blocked | null {
  if (contract.key === null) return null;
  const material = materialOf(contract, context, 'writes', operation);
  if ('blocked' in material) return material;

  const found = context.target.live ? [] : material.keys.map((key) => exampleOf(contract, key, material.parents));
  const [one, other] = found;
  const [key, otherKey] = material.keys;
  if (one && other && key !== undefined && otherKey !== undefined) {
    return {
      setup: material.setup,
      parents: material.parents,
      pair: [
        { key: filled(key), entity: writable(contract, filled(one)) },
        { key: filled(otherKey), entity: writable(contract, filled(other)) },
      ],
    };
  }
  return twoCreated(contract, context, filled);
}

function exampleOf(contract: Contract, key: Json, parents: JsonObject | undefined): JsonObject | null {
  const example = contract.examples.find(
    (one) => one.key !== null && jsonEquals(one.key, key) && jsonEquals(jsonObject(one.parents), parents ?? {}),
  );
  return example?.entity ?? null;
}

function twoCreated(
  contract: Contract,
  { seed }: PlanContext,
  filled: <T extends Json>(value: T) => T,
): PairMaterial | null {
  const create = creating(contract);
  const entity = creatableEntity(contract, seed);
  if (create === undefined || entity === null || removing(contract) === undefined) return null;

  const [one, other] = distinctEntities(contract, create, filled(entity), seed);
  if (one === undefined || other === undefined) return null;
  const creation = (made: JsonObject, name: string): Step => ({
    spec: deriveSpec(create, { entity: made, capture: new Map([[name, 'key']]) }),
    contract,
    operation: create,
    setup: true,
  });
  return {
    setup: [creation(one, 'one'), creation(other, 'other')],
    parents: undefined,
    pair: [
      { key: '${one}', entity: one },
      { key: '${other}', entity: other },
    ],
  };
}
