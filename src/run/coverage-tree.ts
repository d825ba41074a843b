/**
 * What there is to see in the values of one type: its properties, the members of its unions, the symbols of its
 * enumerations. Values are walked as they pass; what is wholly seen below a place is not walked again.
 */
import { isJsonArray, isJsonObject, type Json } from '../protocol/json.ts';
import { isSchema, locate, type Located } from '../schema/refs.ts';
import type { Schema, SchemaScope } from '../schema/schema.ts';
import { branchesOf, itemSchema, keywordOf, memberSchema, partsOf, type Part } from '../schema/shape.ts';

/** One thing that a run can exercise. */
export interface CoverageItem {
  readonly label: string;
  seen: boolean;
}

/** Takes in an item of a category; the same label twice is one item. */
export type AddItem = (category: 'properties' | 'unions' | 'enums', label: string) => CoverageItem;

/** Types that hold each other without end, or are larger than anyone reads, are followed so far. */
const MOST_DEPTH = 12;
const MOST_NODES = 5_000;

interface Node {
  /** What is seen when a value stands here. */
  readonly item: CoverageItem | null;
  readonly members: Map<string, Node>;
  rest: Node | null;
  items: Node | null;
  readonly symbols: Map<Json, CoverageItem>;
  /** Items here and below that were not seen yet. */
  left: number;
}

export class CoverageTree {
  readonly #root: Node;
  readonly #scope: SchemaScope;
  readonly #add: AddItem;
  #nodes = 0;

  /** @param place - what labels begin with: `{ prefix: 'FINDER search: ', path: 'genre' }` for a parameter */
  constructor(schema: Schema, place: Place, add: AddItem) {
    this.#scope = schema.scope;
    this.#add = add;
    this.#root = nodeOf(null);
    this.#expand(this.#root, locate(schema), place, []);
    total(this.#root);
  }

  /** Marks what a value shows. */
  see(value: Json | undefined): void {
    if (value !== undefined && this.#root.left > 0) walk(this.#root, value);
  }

  #expand(node: Node, located: Located, place: Place, above: readonly string[]): void {
    if (above.length > MOST_DEPTH || above.includes(located.identity)) return;
    const inside = [...above, located.identity];
    const parts = partsOf(located, this.#scope);
    this.#addSymbols(node, parts, place);
    this.#addMembers(node, parts, place, inside);
    const item = itemSchema(parts, 0);
    if (item !== null) this.#expand((node.items ??= nodeOf(null)), item, below(place, '*'), inside);
    for (const branch of branchesOf(parts)) this.#expand(node, branch, place, inside);
  }

  #addMembers(node: Node, parts: readonly Part[], place: Place, above: readonly string[]): void {
    const category = isUnion(parts) ? 'unions' : 'properties';
    for (const name of namesOf(parts)) {
      const member = memberSchema(parts, name);
      if (member === null || isDeprecated(member, this.#scope) || (this.#nodes += 1) > MOST_NODES) continue;
      const inner = below(place, name);
      const label = category === 'unions' ? labelled(place, name) : inner.prefix + inner.path;
      let held = node.members.get(name);
      if (held === undefined) node.members.set(name, (held = nodeOf(this.#add(category, label))));
      this.#expand(held, member, inner, above);
    }
    for (const { json, located } of parts) {
      const rest = json['additionalProperties'];
      if (!isJsonObject(rest) || !isSchema(rest)) continue;
      const values = { ...located, json: rest, identity: `${located.identity}/additionalProperties`, name: null };
      this.#expand((node.rest ??= nodeOf(null)), values, below(place, '*'), above);
    }
  }

  #addSymbols(node: Node, parts: readonly Part[], place: Place): void {
    const symbols = keywordOf(parts, 'enum');
    if (!isJsonArray(symbols)) return;
    for (const symbol of symbols) {
      if (typeof symbol !== 'string' && typeof symbol !== 'number') continue;
      if (!node.symbols.has(symbol)) node.symbols.set(symbol, this.#add('enums', labelled(place, String(symbol))));
    }
  }
}

export interface Place {
  readonly prefix: string;
  readonly path: string;
}

function below({ prefix, path }: Place, segment: string): Place {
  return { prefix, path: path === '' ? segment : `${path}/${segment}` };
}

/** `genre: POETRY`, `FINDER search: genre: POETRY`. */
function labelled({ prefix, path }: Place, value: string): string {
  return path === '' ? prefix + value : `${prefix}${path}: ${value}`;
}

function nodeOf(item: CoverageItem | null): Node {
  return { item, members: new Map(), rest: null, items: null, symbols: new Map(), left: 0 };
}

function namesOf(parts: readonly Part[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { json } of parts) {
    const { properties } = json;
    if (isJsonObject(properties)) for (const name of Object.keys(properties)) names.add(name);
  }
  return names;
}

/** Exactly one member: how a contract writes a union. */
function isUnion(parts: readonly Part[]): boolean {
  return (
    keywordOf(parts, 'minProperties') === 1 &&
    keywordOf(parts, 'maxProperties') === 1 &&
    keywordOf(parts, 'additionalProperties') === false
  );
}

function isDeprecated(located: Located, scope: SchemaScope): boolean {
  return keywordOf(partsOf(located, scope), 'deprecated') === true;
}

function childrenOf(node: Node): readonly Node[] {
  const others = [node.rest, node.items].filter((one) => one !== null);
  return [...node.members.values(), ...others];
}

function total(node: Node): number {
  const own = [node.item, ...node.symbols.values()].filter((item) => item !== null && !item.seen).length;
  node.left = childrenOf(node).reduce((sum, child) => sum + total(child), own);
  return node.left;
}

/** @returns how many items were seen for the first time */
function walk(node: Node, value: Json): number {
  let fresh = mark(node.item);
  if (typeof value === 'string' || typeof value === 'number') fresh += mark(node.symbols.get(value) ?? null);
  else if (isJsonArray(value)) {
    const { items } = node;
    if (items !== null) for (const item of value) if (items.left > 0) fresh += walk(items, item);
  } else if (isJsonObject(value)) {
    for (const name of Object.keys(value)) {
      const member = node.members.get(name) ?? node.rest;
      const held = value[name];
      if (member !== null && member.left > 0 && held !== undefined) fresh += walk(member, held);
    }
  }
  node.left -= fresh;
  return fresh;
}

function mark(item: CoverageItem | null): number {
  if (item === null || item.seen) return 0;
  item.seen = true;
  return 1;
}
