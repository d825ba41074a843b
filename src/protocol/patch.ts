/**
 * Patches: the documents of PARTIAL_UPDATE, `{ "$set": …, "$delete": […], "field": node }`, without their `patch`
 * wrapper.
 *
 * Source: `Patch` and `DataComplexProcessor` of linkedin/rest.li, executed. What the server passes over in silence (an
 * unknown `$` command, `$set` on an array) is passed over here too; `patch-check.ts` reports it.
 */
import { isJsonArray, isJsonObject, jsonEquals, jsonObject, memberOf, type Json, type JsonObject } from './json.ts';
import { escapeSegment } from './pointer.ts';

export { checkPatch } from './patch-check.ts';

export interface PatchProblem {
  /** JSON Pointer into the patch. */
  readonly pointer: string;
  readonly message: string;
}

/** Stops at the first thing that cannot be applied, as the server does. */
class Inapplicable extends Error {
  readonly pointer: string;

  constructor(pointer: string, message: string) {
    super(message);
    this.pointer = pointer;
  }
}

/** The value after a patch, or why it cannot be applied. Neither argument is changed; never throws. */
export function applyPatch(patch: Json, data: Json): { readonly value: Json } | { readonly problem: PatchProblem } {
  try {
    return { value: applyNode(patch, data, '') };
  } catch (fault) {
    if (fault instanceof Inapplicable) return { problem: { pointer: fault.pointer, message: fault.message } };
    throw fault;
  }
}

/**
 * The smallest patch that makes `after` of `before`: changed fields set whole unless both are records, missing ones
 * deleted. `applyPatch(diffPatch(a, b), a)` is b.
 */
export function diffPatch(before: JsonObject, after: JsonObject): JsonObject {
  const set: [string, Json][] = [];
  const removed = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  const children: [string, Json][] = [];
  for (const [name, value] of Object.entries(after)) {
    const old = memberOf(before, name);
    if (old !== undefined && jsonEquals(old, value)) continue;

    // A field whose name begins with `$` cannot be a branch: it would be read as a command.
    if (isJsonObject(old) && isJsonObject(value) && !name.startsWith('$')) children.push([name, diffPatch(old, value)]);
    else set.push([name, value]);
  }

  const node: [string, Json][] = [];
  if (set.length > 0) node.push(['$set', jsonObject(set)]);
  if (removed.length > 0) node.push(['$delete', removed]);
  return jsonObject([...node, ...children]);
}

function applyNode(patch: Json, data: Json, pointer: string): Json {
  if (!isJsonObject(patch)) throw new Inapplicable(pointer, 'a patch is a record; only commands hold other values');
  if (isJsonArray(data)) return reorder(patch, data, pointer);
  if (!isJsonObject(data)) throw new Inapplicable(pointer, `there is no record to patch here but ${kindOf(data)}`);

  const fields = new Map<string, Json>(Object.entries(data));
  const taken = new Set<string>();
  for (const [name, value] of membersOfSet(patch, pointer)) {
    taken.add(name);
    fields.set(name, value);
  }
  for (const name of namesOfDelete(patch, pointer)) {
    if (taken.has(name)) {
      throw new Inapplicable(`${pointer}/$delete`, `\`${name}\` is both in $set and in $delete`);
    }
    taken.add(name);
    fields.delete(name);
  }
  for (const [name, child] of Object.entries(patch)) {
    if (name.startsWith('$')) continue;
    const here = `${pointer}/${escapeSegment(name)}`;
    if (taken.has(name)) throw new Inapplicable(here, `\`${name}\` is both in a command and a branch of the patch`);

    const old = fields.get(name);
    if (old !== undefined) fields.set(name, applyNode(child, old, here));
    else if (setsSomething(child, here)) fields.set(name, applyNode(child, {}, here));
  }
  return jsonObject(fields);
}

function membersOfSet(patch: JsonObject, pointer: string): readonly (readonly [string, Json])[] {
  const set = memberOf(patch, '$set');
  if (set === undefined) return [];
  if (!isJsonObject(set))
    throw new Inapplicable(`${pointer}/$set`, `$set holds a record of fields, not ${kindOf(set)}`);
  return Object.entries(set);
}

function namesOfDelete(patch: JsonObject, pointer: string): readonly string[] {
  const names = memberOf(patch, '$delete');
  if (names === undefined) return [];
  if (!isJsonArray(names))
    throw new Inapplicable(`${pointer}/$delete`, `$delete holds an array of names, not ${kindOf(names)}`);

  return names.map((name, i) => {
    if (typeof name === 'string') return name;
    throw new Inapplicable(`${pointer}/$delete/${i}`, `$delete names fields, and this is ${kindOf(name)}`);
  });
}

/** Whether a branch under an absent field creates it; one that only deletes leaves it absent. Checks its form on the way. */
function setsSomething(node: Json, pointer: string): boolean {
  if (!isJsonObject(node)) throw new Inapplicable(pointer, 'a patch is a record; only commands hold other values');

  let sets = memberOf(node, '$set') !== undefined;
  for (const [name, child] of Object.entries(node)) {
    if (!name.startsWith('$') && setsSomething(child, `${pointer}/${escapeSegment(name)}`)) sets = true;
  }
  return sets;
}

function reorder(patch: JsonObject, items: readonly Json[], pointer: string): Json {
  const moves = memberOf(patch, '$reorder');
  if (moves === undefined) return items;
  const here = `${pointer}/$reorder`;
  if (!isJsonArray(moves)) throw new Inapplicable(here, `$reorder holds an array of one move, not ${kindOf(moves)}`);
  if (moves.length > 1) throw new Inapplicable(here, 'only one item can be moved at a time');

  const [move] = moves;
  if (move === undefined) return items;
  const from = memberOf(move, '$fromIndex');
  const to = memberOf(move, '$toIndex');
  if (!isIndexOf(items, from) || !isIndexOf(items, to)) {
    throw new Inapplicable(here, `$fromIndex and $toIndex lie in 0…${items.length - 1}`);
  }

  const rest = items.filter((_, i) => i !== from);
  return [...rest.slice(0, to), ...items.slice(from, from + 1), ...rest.slice(to)];
}

function isIndexOf(items: readonly Json[], index: Json | undefined): index is number {
  return typeof index === 'number' && Number.isInteger(index) && index >= 0 && index < items.length;
}

function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (isJsonArray(value)) return 'an array';
  return typeof value === 'object' ? 'a record' : `a ${typeof value === 'bigint' ? 'number' : typeof value}`;
}
