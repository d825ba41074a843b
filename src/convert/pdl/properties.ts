/** Properties (`@a.b = 1`): paths that join into one object, and JSON in which commas are free. */
import { isJsonObject, jsonObject, type Json, type JsonObject } from '../../protocol/json.ts';
import type { Scanner } from './scanner.ts';

/** Deeper values are refused rather than followed. */
export const MAX_DEPTH = 100;

/** All properties that stand here. Unknown ones are kept; the same path twice is an error. */
export function readProperties(scanner: Scanner): JsonObject {
  if (!scanner.sees('@')) return NONE;
  const tree: Tree = new Map();
  const written = new Set<string>();
  while (scanner.takes('@')) {
    const path = [scanner.segment()];
    while (scanner.takes('.')) {
      if (path.length >= MAX_DEPTH) scanner.tooDeep(MAX_DEPTH);
      path.push(scanner.segment());
    }
    const value = scanner.takes('=') ? readJson(scanner, 0) : true;
    const names = path.map(({ text }) => text);
    const id = JSON.stringify(names);
    const twice = written.has(id) ? names : put(tree, names, value);
    written.add(id);
    if (twice === null) continue;
    const span = { start: path[0]?.start ?? 0, end: path.at(-1)?.end ?? 0 };
    scanner.fail(`the property \`${twice.join('.')}\` stands twice`, span, 'keep one of them');
  }
  return toJson(tree);
}

const NONE: JsonObject = Object.freeze({});

/** A JSON value. */
export function readJson(scanner: Scanner, depth: number): Json {
  if (depth > MAX_DEPTH) return scanner.tooDeep(MAX_DEPTH);
  if (scanner.takes('{')) return readObject(scanner, depth);
  if (scanner.takes('[')) {
    const items: Json[] = [];
    while (!scanner.takes(']')) items.push(readJson(scanner, depth + 1));
    return items;
  }
  if (scanner.sees('"')) return scanner.string();
  if (scanner.takesKeyword('true')) return true;
  if (scanner.takesKeyword('false')) return false;
  if (scanner.takesKeyword('null')) return null;
  return scanner.number('a JSON value');
}

function readObject(scanner: Scanner, depth: number): JsonObject {
  const members = new Map<string, Json>();
  while (!scanner.takes('}')) {
    if (!scanner.sees('"')) return scanner.failHere('the name of a member', 'names of JSON stand in double quotes');
    const start = scanner.at;
    const name = scanner.string();
    if (members.has(name))
      scanner.fail(`\`${name}\` stands twice in one object`, { start, end: scanner.at }, 'keep one of them');
    scanner.expect(':', 'after the name of a member');
    members.set(name, readJson(scanner, depth + 1));
  }
  return jsonObject(members);
}

/** Properties while they are gathered; an object may still get members. */
interface Tree extends Map<string, Json | Tree> {}

/** @returns the path at which something stands already that the value does not join; null if all is well */
function put(tree: Tree, path: readonly string[], value: Json): readonly string[] | null {
  let here = tree;
  for (const name of path.slice(0, -1)) {
    const next = here.get(name) ?? new Map<string, Json | Tree>();
    if (!(next instanceof Map)) return path;
    here.set(name, next);
    here = next;
  }
  return join(here, path, value);
}

/** @param path - of the value; its last part is the name in this tree */
function join(tree: Tree, path: readonly string[], value: Json): readonly string[] | null {
  const name = path.at(-1) ?? '';
  const known = tree.get(name);
  if (!isJsonObject(value)) {
    if (known !== undefined) return path;
    tree.set(name, value);
    return null;
  }
  if (known !== undefined && !(known instanceof Map)) return path;
  const into: Tree = known ?? new Map<string, Json | Tree>();
  tree.set(name, into);
  for (const [inner, member] of Object.entries(value)) {
    const twice = join(into, [...path, inner], member);
    if (twice !== null) return twice;
  }
  return null;
}

function toJson(tree: Tree): JsonObject {
  return jsonObject(
    [...tree].map(([name, value]): [string, Json] => [name, value instanceof Map ? toJson(value) : value]),
  );
}
