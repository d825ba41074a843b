/**
 * What the mock holds: entities by resource, parents and key, in the order in which they came.
 *
 * The examples are indexed once and shared by every state; a place is copied when it is first written to. Taking all
 * writes back is therefore the same cost whatever the examples are: ten thousand cases can each start afresh.
 */
import type { JsonObject } from '../protocol/json.ts';
import { keyText, withoutParams, type Key } from '../protocol/keys.ts';

/** One list of entities: a resource under one set of parents. */
export interface Place {
  readonly resource: string;
  readonly parents: ReadonlyMap<string, Key>;
}

/** `key` is null for the entity of a simple resource. */
export interface Stored {
  readonly key: Key | null;
  readonly entity: JsonObject;
}

/** The entities of one place by the text of their key. `greatest`: of all integer keys there ever were. */
interface Contents {
  readonly entities: Map<string, Stored>;
  greatest: bigint | null;
}

/** The examples, indexed; never changed. */
export type Seed = ReadonlyMap<string, Contents>;

export function seedOf(examples: Iterable<{ readonly place: Place; readonly stored: Stored }>): Seed {
  const seed = new Map<string, Contents>();
  for (const { place, stored } of examples) {
    const id = placeId(place);
    let contents = seed.get(id);
    if (contents === undefined) seed.set(id, (contents = { entities: new Map(), greatest: null }));
    insert(contents, stored);
  }
  return seed;
}

/** The text under which a key is stored: `$params` do not identify. */
export function identityOf(key: Key | null): string {
  return key === null ? '' : keyText(withoutParams(key));
}

export class State {
  readonly #seed: Seed;
  readonly #written = new Map<string, Contents>();
  readonly #counts = new Map<string, number>();

  constructor(seed: Seed) {
    this.#seed = seed;
  }

  /** Back to the examples; counters start again. */
  reset(): void {
    if (this.#written.size > 0) this.#written.clear();
    if (this.#counts.size > 0) this.#counts.clear();
  }

  get(place: Place, key: Key | null): Stored | undefined {
    return this.#contents(placeId(place))?.entities.get(identityOf(key));
  }

  /** All entities of a place, in the order in which they came; writes to the state do not change the list. */
  list(place: Place): readonly Stored[] {
    const contents = this.#contents(placeId(place));
    return contents === undefined ? [] : [...contents.entities.values()];
  }

  /** Stores or replaces; what is replaced keeps its position. */
  put(place: Place, stored: Stored): void {
    insert(this.#own(placeId(place)), stored);
  }

  /** @returns whether there was such an entity */
  remove(place: Place, key: Key | null): boolean {
    const id = placeId(place);
    const identity = identityOf(key);
    if (this.#contents(id)?.entities.has(identity) !== true) return false;
    return this.#own(id).entities.delete(identity);
  }

  /** The greatest integer key that the place holds or has held since the examples; null if there was none. */
  greatestKey(place: Place): bigint | null {
    return this.#contents(placeId(place))?.greatest ?? null;
  }

  /** The number of a write to the resource, from 1. */
  nextCount(resource: string): number {
    const count = (this.#counts.get(resource) ?? 0) + 1;
    this.#counts.set(resource, count);
    return count;
  }

  #contents(id: string): Contents | undefined {
    return this.#written.get(id) ?? this.#seed.get(id);
  }

  #own(id: string): Contents {
    const own = this.#written.get(id);
    if (own !== undefined) return own;

    const examples = this.#seed.get(id);
    const copy: Contents = { entities: new Map(examples?.entities), greatest: examples?.greatest ?? null };
    this.#written.set(id, copy);
    return copy;
  }
}

/** Resource names hold no spaces, and key texts are joined by a character that JSON text never has raw. */
function placeId({ resource, parents }: Place): string {
  if (parents.size === 0) return resource;
  let id = resource;
  for (const [name, key] of parents) id += `\u0000${name}\u0000${identityOf(key)}`;
  return id;
}

function insert(contents: Contents, stored: Stored): void {
  contents.entities.set(identityOf(stored.key), stored);
  const number = integerOf(stored.key);
  if (number !== null && (contents.greatest === null || number > contents.greatest)) contents.greatest = number;
}

function integerOf(key: Key | null): bigint | null {
  if (typeof key === 'bigint') return key;
  return typeof key === 'number' && Number.isInteger(key) ? BigInt(key) : null;
}
