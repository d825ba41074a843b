/** The state of a mock as tests see it: entities by resource and key, to be looked at and set. */
import type { Contract } from '../contract/contract.ts';
import { jsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import type { Key } from '../protocol/keys.ts';
import type { Place, State } from './state.ts';

/** Which list of entities is meant; left out: that of the only contract, without parents. */
export interface At {
  readonly resource?: string;
  /** Keys of the parents by the variables of the path. */
  readonly parents?: Readonly<Record<string, Key>>;
}

export interface PutAt extends At {
  /** Default: what the entity holds under the names of the key's parts. */
  readonly key?: Key;
}

export class Entities {
  readonly #contracts: readonly Contract[];
  readonly #state: State;

  constructor(contracts: readonly Contract[], state: State) {
    this.#contracts = contracts;
    this.#state = state;
  }

  /** What is stored under a key (null: the entity of a simple resource); undefined if nothing is. */
  get(key: Key | null, at: At = {}): JsonObject | undefined {
    return this.#state.get(this.#place(at).place, key)?.entity;
  }

  /** All of a list, in the order in which they came. */
  list(at: At = {}): readonly JsonObject[] {
    return this.#state.list(this.#place(at).place).map(({ entity }) => entity);
  }

  /** Stores an entity, over the one that has its key. */
  put(entity: Readonly<Record<string, Json>>, at: PutAt = {}): void {
    const { place, contract } = this.#place(at);
    const stored = jsonObject(Object.entries(entity));
    this.#state.put(place, { key: at.key ?? keyWithin(contract, stored), entity: stored });
  }

  /** @returns whether there was such an entity */
  remove(key: Key | null, at: At = {}): boolean {
    return this.#state.remove(this.#place(at).place, key);
  }

  #place({ resource, parents = {} }: At): { readonly place: Place; readonly contract: Contract } {
    const names = this.#contracts.map((contract) => contract.resource);
    const contract =
      resource === undefined ? this.#contracts[0] : this.#contracts.find((one) => one.resource === resource);
    if (contract === undefined || (resource === undefined && names.length > 1))
      throw new RangeError(
        `Failed to find the entities of \`${resource ?? ''}\`: name one of the mocked resources: ${names.join(', ')}`,
      );
    const given = new Map(Object.entries(parents));
    const missing = [...contract.parents.keys()].filter((name) => !given.has(name));
    if (missing.length > 0)
      throw new RangeError(
        `Failed to find the entities of ${contract.resource}: \`parents\` lacks ${missing.join(', ')}`,
      );
    return { place: { resource: contract.resource, parents: given }, contract };
  }
}

function keyWithin(contract: Contract, entity: JsonObject): Key | null {
  if (contract.key === null) return null;
  const parts = [...contract.key.parts.keys()];
  const members = parts.map((part) => [part, Object.hasOwn(entity, part) ? entity[part] : undefined] as const);
  const [only] = members;
  if (contract.key.shape.kind === 'simple' && only !== undefined && isScalar(only[1])) return only[1];
  const whole = members.flatMap(([part, value]) => (value === undefined ? [] : [[part, value] as const]));
  if (contract.key.shape.kind !== 'simple' && whole.length === parts.length) return jsonObject(whole);
  throw new RangeError(
    `Failed to store an entity of ${contract.resource}: it holds no ${parts.join(', ')}; give its \`key\``,
  );
}

function isScalar(value: Json | undefined): value is string | number | bigint | boolean {
  return value !== undefined && value !== null && typeof value !== 'object';
}
