/** Patches: their commands, the values that they set, and what they may not touch. */
import type { ValuePath } from '../contract/contract.ts';
import { describeValue } from '../diagnostic/quote.ts';
import { isJsonArray, isJsonObject, jsonObject, memberOf, type Json, type JsonObject } from '../protocol/json.ts';
import { checkPatch } from '../protocol/patch.ts';
import { escapeSegment, parsePointer, valueAt } from '../protocol/pointer.ts';
import { locate } from '../schema/refs.ts';
import { partsOf, schemaAt } from '../schema/shape.ts';
import { placeOf } from './findings.ts';
import { checkSentValue, sentSchema } from './request-entity.ts';
import type { Sent } from './sent.ts';

const COMMANDS = new Set(['$set', '$delete', '$reorder']);

/** Judges a patch without its wrapper; `pointer` is its place in the body. */
export function checkSentPatch(sent: Sent, patch: Json, pointer: string, key: string | null): void {
  const { findings } = sent;
  findings.checks += 1;
  const faults = checkPatch(patch);
  for (const fault of faults) {
    const rule = ruleOfFault(patch, fault.pointer, fault.effect);
    if (rule === 'patch/whole-entity' && findings.has(rule)) continue;
    const held = valueAt(patch, parsePointer(fault.pointer) ?? []);
    findings.add(rule, {
      where: 'request-body',
      pointer: pointer + fault.pointer,
      key,
      expected: fault.hint,
      actual: describeValue(held),
      message: `${fault.message[0]?.toUpperCase() ?? ''}${fault.message.slice(1)}; ${fault.effect === 'no-op' ? 'nothing is changed' : 'the patch is refused'}.`,
      hint:
        rule === 'patch/whole-entity' && isJsonObject(patch)
          ? `Write ${describeValue(wrapped(patch), 120).replace(/^object /, '')}.`
          : `${fault.hint[0]?.toUpperCase() ?? ''}${fault.hint.slice(1)}.`,
    });
  }
  if (!isJsonObject(patch) || faults.length > 0) return;
  if (Object.keys(patch).length === 0) {
    findings.add('patch/empty', {
      where: 'request-body',
      pointer,
      key,
      expected: 'a change',
      actual: 'object {}',
      message: 'The patch is empty and changes nothing.',
    });
    return;
  }
  checkNode(sent, patch, [], pointer, key);
}

/** Which rule names a fault: by what stands at its place, not by its words. */
function ruleOfFault(patch: Json, pointer: string, effect: 'no-op' | 'refused'): string {
  const path = parsePointer(pointer) ?? [];
  const last = path[path.length - 1] ?? '';
  const held = valueAt(patch, path);
  if (last.startsWith('$') && !COMMANDS.has(last)) return 'patch/unknown-operator';
  if (effect === 'no-op' && /^\d+$/.test(last)) return 'patch/array-index';
  if (last === '$delete' && isJsonArray(held)) return 'patch/conflict';

  const parent = path.length === 0 ? undefined : valueAt(patch, path.slice(0, -1));
  const removed = memberOf(parent, '$delete');
  const isElsewhere =
    memberOf(memberOf(parent, '$set'), last) !== undefined || (isJsonArray(removed) && removed.includes(last));
  if (!last.startsWith('$') && isElsewhere) return 'patch/conflict';
  return !isJsonObject(held) && path.every((step) => !step.startsWith('$')) ? 'patch/whole-entity' : 'patch/shape';
}

/** The values of a patch that was written as an entity, as they should have been sent. */
function wrapped(patch: JsonObject): JsonObject {
  const values = Object.entries(patch).filter(([name]) => !COMMANDS.has(name));
  return { patch: { $set: jsonObject([...values, ...Object.entries(asObject(memberOf(patch, '$set')))]) } };
}

function asObject(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** One node of a sound patch: `path` leads to the record that it changes. */
function checkNode(sent: Sent, node: JsonObject, path: ValuePath, pointer: string, key: string | null): void {
  const entity = sentSchema(sent);
  const schema = entity === null ? null : path.length === 0 ? entity : schemaAt(entity, path);
  const set = memberOf(node, '$set');
  if (isJsonObject(set)) {
    if (schema !== null) checkSentValue(sent, schema, set, `${pointer}/$set`, key, { variant: 'partial' }, '/entity');
    for (const name of Object.keys(set))
      checkTouched(sent, [...path, name], set[name], `${pointer}/$set/${escapeSegment(name)}`, key);
  }
  const removed = memberOf(node, '$delete');
  if (isJsonArray(removed)) {
    removed.forEach((name, i) => {
      if (typeof name !== 'string') return;
      checkTouched(sent, [...path, name], undefined, `${pointer}/$delete/${i}`, key);
      checkRemoved(sent, schema, name, `${pointer}/$delete/${i}`, key);
    });
  }
  for (const [name, child] of Object.entries(node)) {
    if (!name.startsWith('$') && isJsonObject(child))
      checkNode(sent, child, [...path, name], `${pointer}/${escapeSegment(name)}`, key);
  }
}

function checkRemoved(
  sent: Sent,
  schema: ReturnType<typeof schemaAt>,
  name: string,
  pointer: string,
  key: string | null,
): void {
  if (schema === null) return;
  const required = partsOf(locate(schema), schema.scope).flatMap(({ json }) =>
    isJsonArray(json['required']) ? json['required'] : [],
  );
  if (!required.includes(name)) return;
  sent.findings.add('patch/deletes-required', {
    where: 'request-body',
    pointer,
    key,
    expected: `a member that may be absent`,
    actual: `\`${name}\``,
    message: `The patch deletes \`${name}\`, which the schema requires.`,
    at: placeOf(sent.contract, '/entity'),
  });
}

/** Warns where a patch touches what only the server sets, or what is fixed at creation. */
function checkTouched(sent: Sent, path: ValuePath, value: Json | undefined, pointer: string, key: string | null): void {
  for (const [rule, paths, words] of [
    ['request-body/read-only-member', sent.contract.readOnly, 'set by the server only'],
    ['request-body/create-only-member', sent.contract.createOnly, 'fixed when the entity is created'],
  ] as const) {
    for (const fixed of paths) {
      if (!isTouched(fixed, path, value)) continue;
      sent.findings.add(rule, {
        where: 'request-body',
        pointer,
        key,
        expected: 'nothing',
        actual: value === undefined ? 'a deletion' : describeValue(value),
        message: `\`${fixed.join('/')}\` is ${words}.`,
        at: placeOf(sent.contract, rule === 'request-body/read-only-member' ? '/readOnly' : '/createOnly'),
      });
    }
  }
}

/** Whether a command on `path` changes what stands at `fixed`: at it, below it, or above it with a value that holds it. */
function isTouched(fixed: ValuePath, path: ValuePath, value: Json | undefined): boolean {
  const shared = Math.min(fixed.length, path.length);
  for (let i = 0; i < shared; i++) if (fixed[i] !== path[i]) return false;
  if (fixed.length <= path.length) return true;
  return value !== undefined && valueAt(value, fixed.slice(path.length)) !== undefined;
}
