/**
 * Combinators that describe what the members of a written file may be. One description serves three readers: the
 * author's TypeScript types (`SourceOf`), the published JSON Schema (`shape-schema.ts`) and the structural check with
 * positions (`shape-check.ts`).
 */
import type { Json, JsonObject } from '../protocol/json.ts';

/** Carries the author's type of a shape through inference; never present at run time. */
declare const SOURCE: unique symbol;
export interface Typed<T> {
  readonly [SOURCE]?: T;
}

/** What an author may write where the shape stands. */
export type SourceOf<S> = S extends Typed<infer T> ? T : never;

const JSON_TYPES = ['null', 'boolean', 'number', 'string', 'array', 'object'] as const;
export type JsonType = (typeof JSON_TYPES)[number];

export interface TextNode {
  readonly kind: 'text';
  /** How messages call it: `a duration`. */
  readonly called: string;
  readonly pattern: RegExp | null;
  /** Completes `write …`. */
  readonly hint: string | null;
  readonly code: string | null;
}
export interface IntegerNode {
  readonly kind: 'integer';
  readonly min: number;
  readonly max: number;
  readonly called: string;
}
export interface WordNode {
  readonly kind: 'word';
  readonly words: readonly string[];
  readonly called: string;
  readonly code: string | null;
  /** What people write instead -> the word. */
  readonly aliases: ReadonlyMap<string, string>;
}
export interface ListNode {
  readonly kind: 'list';
  readonly item: Shape;
  readonly min: number;
}
export interface MapNode {
  readonly kind: 'map';
  readonly value: Shape;
  readonly names: RegExp;
  /** What a name is: `a parameter name`. */
  readonly called: string;
  readonly min: number;
  /** Names with a shape of their own (`$params`). */
  readonly special: ReadonlyMap<string, Shape>;
  /** Members of the values, where people forget the name above them; null: nobody does. */
  readonly holds: { readonly what: string; readonly members: ReadonlySet<string> } | null;
}
export interface ObjectNode {
  readonly kind: 'object';
  /** How messages call it: `a case`. */
  readonly called: string;
  /** What its members are, where they are named things: `method`; null: members. */
  readonly member: string | null;
  readonly members: ReadonlyMap<string, Member>;
  /** Names of the members that must be there. */
  readonly needed: readonly string[];
  readonly min: number;
  readonly max: number;
  /** What people write instead -> what to do. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Whether `x-…` members are let through. */
  readonly open: boolean;
  /** Section of the format's page. */
  readonly see: string | null;
}
export interface ChoiceNode {
  readonly kind: 'choice';
  readonly called: string;
  readonly by: ReadonlyMap<JsonType, Shape>;
}
export interface NamedNode {
  readonly kind: 'named';
  readonly name: string;
  readonly shape: () => Shape;
}
export interface PlainNode {
  /** `expected`: a value with matchers. `patch`: a patch document. */
  readonly kind: 'any' | 'boolean' | 'number' | 'null' | 'expected' | 'patch' | 'object-value';
}
/** Where a type is due: its name or a JSON Schema; `orBoolean`: whether anything must be there at all. */
export interface TypeNode {
  readonly kind: 'type';
  readonly orBoolean: boolean;
  /** Whether the parts of a key may stand there under `$key`. */
  readonly orKey: Shape | null;
}
export interface ConstantNode {
  readonly kind: 'constant';
  readonly value: string | number | boolean;
}

export type Node =
  | TextNode
  | IntegerNode
  | WordNode
  | ListNode
  | MapNode
  | ObjectNode
  | ChoiceNode
  | NamedNode
  | PlainNode
  | TypeNode
  | ConstantNode;
export type Shape<T = unknown> = Node & Typed<T>;

export interface Member<S extends Shape = Shape, R extends boolean = boolean> {
  readonly shape: S;
  readonly required: R;
  /** Shown by editors; one or two sentences. */
  readonly doc: string;
  readonly default: Json | undefined;
}

type Members = Readonly<Record<string, Member>>;
type NamesWhere<M extends Members, R extends boolean> = {
  [K in keyof M]: M[K] extends Member<Shape, R> ? K : never;
}[keyof M];
type Flat<T> = { [K in keyof T]: T[K] };
/** `x-…` members are free wherever members are fixed. */
interface Extensions {
  readonly [name: `x-${string}`]: unknown;
}
export type ObjectSource<M extends Members> = Flat<
  { readonly [K in NamesWhere<M, true>]: SourceOf<M[K]['shape']> } & {
    readonly [K in Exclude<keyof M, NamesWhere<M, true>>]?: SourceOf<M[K]['shape']> | undefined;
  }
> &
  Extensions;

export function required<S extends Shape>(shape: S, doc: string): Member<S, true> {
  return { shape, required: true, doc, default: undefined };
}

export function optional<S extends Shape>(shape: S, doc: string, fallback?: Json): Member<S, false> {
  return { shape, required: false, doc, default: fallback };
}

export function text(
  called: string,
  options: { pattern?: RegExp; hint?: string; code?: string } = {},
): Shape<string> & TextNode {
  return {
    kind: 'text',
    called,
    pattern: options.pattern ?? null,
    hint: options.hint ?? null,
    code: options.code ?? null,
  };
}

export function integer(
  called: string,
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
): Shape<number> & IntegerNode {
  return { kind: 'integer', called, min, max };
}

export function word<const W extends string>(
  called: string,
  words: readonly W[],
  options: { code?: string; aliases?: Readonly<Record<string, string>> } = {},
): Shape<W> & WordNode {
  return {
    kind: 'word',
    called,
    words,
    code: options.code ?? null,
    aliases: new Map(Object.entries(options.aliases ?? {})),
  };
}

export function constant<const V extends string | number | boolean>(value: V): Shape<V> & ConstantNode {
  return { kind: 'constant', value };
}

export const anything: Shape<Json> = { kind: 'any' };
export const bool: Shape<boolean> = { kind: 'boolean' };
export const number: Shape<number> = { kind: 'number' };
export const nothing: Shape<null> = { kind: 'null' };
export const objectValue: Shape<JsonObject> = { kind: 'object-value' };
export const expected: Shape<Json> = { kind: 'expected' };
export const patch: Shape<JsonObject> = { kind: 'patch' };

export const type: Shape<string | JsonObject> = { kind: 'type', orBoolean: false, orKey: null };
export const part: Shape<string | JsonObject | boolean> = { kind: 'type', orBoolean: true, orKey: null };
export function typeOrKey(key: Shape): Shape<string | JsonObject> {
  return { kind: 'type', orBoolean: false, orKey: key };
}

/** The same shape under another author's type, where inference would only repeat the members. */
export function retyped<T>(node: Node): Shape<T> {
  return node;
}

export function list<S extends Shape>(item: S, min = 0): Shape<readonly SourceOf<S>[]> & ListNode {
  return { kind: 'list', item, min };
}

export function map<S extends Shape>(
  called: string,
  value: S,
  names: RegExp,
  options: { min?: number; special?: Readonly<Record<string, Shape>>; holds?: MapNode['holds'] } = {},
): Shape<Readonly<Record<string, SourceOf<S>>>> & MapNode {
  return {
    kind: 'map',
    called,
    value,
    names,
    min: options.min ?? 0,
    special: new Map(Object.entries(options.special ?? {})),
    holds: options.holds ?? null,
  };
}

export function object<const M extends Members>(
  called: string,
  members: M,
  options: {
    aliases?: Readonly<Record<string, string>>;
    min?: number;
    max?: number;
    open?: boolean;
    see?: string;
    member?: string;
  } = {},
): Shape<ObjectSource<M>> & ObjectNode {
  return {
    kind: 'object',
    called,
    member: options.member ?? null,
    members: new Map(Object.entries(members)),
    needed: Object.keys(members).filter((name) => members[name]?.required === true),
    min: options.min ?? 0,
    max: options.max ?? Number.POSITIVE_INFINITY,
    aliases: new Map(Object.entries(options.aliases ?? {})),
    open: options.open ?? true,
    see: options.see ?? null,
  };
}

/** The JSON type of the value picks the shape, so that a problem names one branch. */
export function choice<const B extends Partial<Record<JsonType, Shape>>>(
  called: string,
  by: B,
): Shape<{ [K in keyof B]: SourceOf<B[K]> }[keyof B]> & ChoiceNode {
  const branches = new Map<JsonType, Shape>();
  for (const jsonType of JSON_TYPES) {
    const branch = by[jsonType];
    if (branch !== undefined) branches.set(jsonType, branch);
  }
  return { kind: 'choice', called, by: branches };
}

/** A shape with a name: an entry of `$defs`, and the way shapes refer to themselves. */
export function named<T>(name: string, shape: () => Shape<T>): Shape<T> & NamedNode {
  let made: Shape<T> | null = null;
  return { kind: 'named', name, shape: () => (made ??= shape()) };
}

export function typeOfJson(value: Json): JsonType {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value !== 'object') return 'number';
  return Array.isArray(value) ? 'array' : 'object';
}
