/** What is wrong with a patch that nobody has applied yet, and how to write it instead. */
import { isJsonArray, isJsonObject, memberOf, type Json, type JsonObject } from './json.ts';
import { escapeSegment } from './pointer.ts';

export interface PatchFault {
  /**
   * `no-op`: the server passes over it in silence, so nothing is changed. `refused`: the patch cannot be applied.
   */
  readonly effect: 'no-op' | 'refused';
  /** JSON Pointer into the patch. */
  readonly pointer: string;
  readonly message: string;
  readonly hint: string;
}

const COMMANDS = ['$set', '$delete', '$reorder'];

/**
 * Every fault of form in a patch without its wrapper; whether its fields exist is for the schema to say.
 * An empty patch has none: it changes nothing and may.
 */
export function checkPatch(patch: Json): readonly PatchFault[] {
  const faults: PatchFault[] = [];
  checkNode(patch, '', faults);
  return faults;
}

function checkNode(node: Json, pointer: string, faults: PatchFault[]): void {
  if (!isJsonObject(node)) {
    const name = pointer.slice(pointer.lastIndexOf('/') + 1);
    const hint =
      pointer === ''
        ? 'write {"$set": {…}}'
        : `write {"$set": {"${name}": ${isJsonArray(node) ? '[…]' : '…'}}} one level up`;
    faults.push({ effect: 'refused', pointer, message: 'a branch of a patch is a record, not a value', hint });
    return;
  }

  const set = checkSet(node, pointer, faults);
  const removed = checkDelete(node, pointer, faults);
  checkReorder(node, pointer, faults);
  for (const name of removed) {
    if (set.includes(name)) faults.push(clash(`${pointer}/$delete`, name, '$set and $delete'));
  }
  for (const [name, child] of Object.entries(node)) {
    const here = `${pointer}/${escapeSegment(name)}`;
    if (name.startsWith('$')) {
      if (!COMMANDS.includes(name)) faults.push(unknownCommand(here, name));
      continue;
    }
    if (set.includes(name)) faults.push(clash(here, name, '$set and a branch'));
    if (removed.includes(name)) faults.push(clash(here, name, '$delete and a branch'));
    if (/^\d+$/.test(name) && isJsonObject(child)) faults.push(arrayIndex(here, name));
    checkNode(child, here, faults);
  }
}

function checkSet(node: JsonObject, pointer: string, faults: PatchFault[]): readonly string[] {
  const set = memberOf(node, '$set');
  if (set === undefined) return [];

  const here = `${pointer}/$set`;
  if (!isJsonObject(set)) {
    const hint = 'write {"$set": {"field": value}}';
    faults.push({
      effect: 'refused',
      pointer: here,
      message: '$set holds a record of fields and their new values',
      hint,
    });
    return [];
  }
  const names = Object.keys(set);
  // A map may have keys of digits; a branch that sets nothing but such keys reads like an attempt at an array's items.
  if (pointer !== '' && names.length > 0 && names.every((name) => /^\d+$/.test(name))) {
    faults.push(...names.map((name) => arrayIndex(`${here}/${name}`, name)));
  }
  for (const name of names) {
    if (!COMMANDS.includes(name)) continue;
    const hint = `move ${name} out of $set, beside it`;
    const message = `$set gives a field named \`${name}\` a value; no command runs inside $set`;
    faults.push({ effect: 'no-op', pointer: `${here}/${name}`, message, hint });
  }
  return names;
}

function checkDelete(node: JsonObject, pointer: string, faults: PatchFault[]): readonly string[] {
  const names = memberOf(node, '$delete');
  if (names === undefined) return [];

  const here = `${pointer}/$delete`;
  const message = '$delete holds an array of the names of fields';
  if (!isJsonArray(names)) {
    const hint =
      typeof names === 'string'
        ? `write {"$delete": [${JSON.stringify(names)}]}`
        : `write {"$delete": [${
            isJsonObject(names)
              ? Object.keys(names)
                  .map((name) => JSON.stringify(name))
                  .join(', ')
              : '"field"'
          }]}`;
    faults.push({ effect: 'refused', pointer: here, message, hint });
    return [];
  }

  return names.filter((name, i): name is string => {
    if (typeof name === 'string') return true;
    const hint = 'array items cannot be deleted singly: $set the whole array';
    faults.push({ effect: 'refused', pointer: `${here}/${i}`, message, hint });
    return false;
  });
}

function checkReorder(node: JsonObject, pointer: string, faults: PatchFault[]): void {
  const moves = memberOf(node, '$reorder');
  if (moves === undefined) return;

  const here = `${pointer}/$reorder`;
  const hint = 'write {"$reorder": [{"$fromIndex": 0, "$toIndex": 2}]}';
  const refuse = (message: string, at = here): void =>
    void faults.push({ effect: 'refused', pointer: at, message, hint });
  if (pointer === '') refuse('$reorder stands under the field that holds the array');
  if (!isJsonArray(moves)) return refuse('$reorder holds an array of one move');
  if (moves.length > 1) refuse('only one item can be moved at a time');

  for (const [i, move] of moves.entries()) {
    const indices = [memberOf(move, '$fromIndex'), memberOf(move, '$toIndex')];
    const good = indices.every((index) => typeof index === 'number' && Number.isInteger(index) && index >= 0);
    if (!good) refuse('a move has $fromIndex and $toIndex, integers from 0', `${here}/${i}`);
  }
  if (Object.keys(node).length > 1) refuse('a node with $reorder has nothing else', pointer);
}

function clash(pointer: string, name: string, where: string): PatchFault {
  const message = `\`${name}\` is in ${where} of the same node`;
  return { effect: 'refused', pointer, message, hint: `name \`${name}\` once` };
}

function unknownCommand(pointer: string, name: string): PatchFault {
  const near = COMMANDS.find((command) => command.slice(1) === name.slice(1).toLowerCase() || command.startsWith(name));
  const message = `\`${name}\` is no command of a patch; the server ignores it`;
  const hint = near === undefined ? `commands are ${COMMANDS.join(', ')}` : `did you mean ${near}?`;
  return { effect: 'no-op', pointer, message, hint };
}

function arrayIndex(pointer: string, name: string): PatchFault {
  const message = `\`${name}\` looks like the index of an array; items cannot be patched singly and the server ignores it`;
  return { effect: 'no-op', pointer, message, hint: 'if the field is an array, $set the whole array at its parent' };
}
