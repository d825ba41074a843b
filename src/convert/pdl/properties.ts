/** Properties (`@a.b = 1`): paths that join into one object, and JSON in which commas are free. */
import { isJsonObject, jsonObject, type Json, type JsonObject } from '../../protocol/json.ts';
import type { Scanner, Word } from './scanner.ts';

/** Deeper values are refused rather than followed. */
export const MAX_DEPTH = 100;

/** All properties that stand here. Unknown ones are kept; the same path twice is an error. */
export function readProperties(scanner: Scanner): JsonObject {
  let properties: JsonObject = {};
  while (scanner.takes('@')) {
    const path = [scanner.segment()];
    while (scanner.takes('.')) path.push(scanner.segment());
    const value = scanner.takes('=') ? readJson(scanner, 0) : true;
    properties = put(scanner, properties, path, value, path);
  }
  return properties;
}

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

function put(
  scanner: Scanner,
  into: JsonObject,
  path: readonly Word[],
  value: Json,
  whole: readonly Word[],
): JsonObject {
  const [first, ...rest] = path;
  if (first === undefined) return into;
  const known = Object.hasOwn(into, first.text) ? into[first.text] : undefined;
  const span = { start: whole[0]?.start ?? 0, end: whole.at(-1)?.end ?? 0 };
  const twice = (): never =>
    scanner.fail(`the property \`${whole.map(({ text }) => text).join('.')}\` stands twice`, span, 'keep one of them');

  let next = value;
  if (rest.length > 0) {
    if (known !== undefined && !isJsonObject(known)) return twice();
    next = put(scanner, known ?? {}, rest, value, whole);
  } else if (known !== undefined) {
    const joined = isJsonObject(known) && isJsonObject(value) ? join(known, value) : null;
    if (joined === null) return twice();
    next = joined;
  }
  return jsonObject([...Object.entries(into).filter(([name]) => name !== first.text), [first.text, next]]);
}

/** Both objects in one; null when they disagree about a path. */
function join(left: JsonObject, right: JsonObject): JsonObject | null {
  const members = new Map(Object.entries(left));
  for (const [name, value] of Object.entries(right)) {
    const known = members.get(name);
    if (known === undefined) members.set(name, value);
    else {
      const joined = isJsonObject(known) && isJsonObject(value) ? join(known, value) : null;
      if (joined === null) return null;
      members.set(name, joined);
    }
  }
  return jsonObject(members);
}
