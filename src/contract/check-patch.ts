/** A patch: its form, and what it sets against the type of the entity. */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { checkPatch } from '../protocol/patch.ts';
import { escapeSegment } from '../protocol/pointer.ts';
import { locate } from '../schema/refs.ts';
import type { Schema } from '../schema/schema.ts';
import { branchesOf, keywordOf, memberSchema, partsOf, schemaAt } from '../schema/shape.ts';
import { quoteList } from '../diagnostic/quote.ts';
import { nearest } from './suggest.ts';
import type { Checking } from './checking.ts';

export function checkPatchValue(checking: Checking, patch: Json, pointer: string, entity: Schema | null): void {
  if (isWrappedTwice(patch, entity)) {
    checking.error('patch-wrapped', `${pointer}/patch`, 'the wrapper `patch` is written twice', {
      part: 'name',
      fix: 'write `patch: { $set: … }`: the tool puts the wrapper around it',
      see: 'cases',
    });
    return;
  }
  const faults = checkPatch(patch);
  for (const fault of faults) {
    checking.error(
      fault.effect === 'no-op' ? 'patch-without-effect' : 'patch-form',
      pointer + fault.pointer,
      fault.message,
      { part: 'name', fix: fault.hint, see: 'cases' },
    );
  }
  if (faults.length > 0 || entity === null || !isJsonObject(patch)) return;

  const { value, places } = whatItSets(patch);
  checking.values.check(entity, value, pointer, {
    code: 'value-type',
    see: 'cases',
    variant: 'partial',
    readOnly: checking.contract.readOnly,
    place: (inside) => pointer + placeOf(inside, places),
  });
  checkDeletes(checking, patch, pointer, entity, []);
}

/** `{ patch: { $set: … } }`, where the entity has no member of that name. */
function isWrappedTwice(patch: Json, entity: Schema | null): boolean {
  const inner = isJsonObject(patch) && Object.keys(patch).length === 1 ? patch['patch'] : undefined;
  if (!isJsonObject(inner) || !Object.keys(inner).some((name) => name.startsWith('$'))) return false;
  return entity === null || memberSchema(partsOf(locate(entity), entity.scope), 'patch') === null;
}

/** `{ loan: { $set: { days: 7 } } }` as the part of an entity that it writes: `{ loan: { days: 7 } }`. */
function whatItSets(patch: JsonObject): { readonly value: JsonObject; readonly places: ReadonlyMap<string, string> } {
  const places = new Map<string, string>();
  const build = (node: JsonObject, at: string, place: string): JsonObject => {
    const members: [string, Json][] = [];
    for (const [name, child] of Object.entries(node)) {
      const step = `/${escapeSegment(name)}`;
      if (name === '$set' && isJsonObject(child)) {
        for (const [member, value] of Object.entries(child)) {
          members.push([member, value]);
          places.set(`${at}/${escapeSegment(member)}`, `${place}/$set/${escapeSegment(member)}`);
        }
      } else if (!name.startsWith('$') && isJsonObject(child) && !touchesList(child)) {
        places.set(at + step, place + step);
        members.push([name, build(child, at + step, place + step)]);
      }
    }
    return Object.fromEntries(members);
  };
  return { value: build(patch, '', ''), places };
}

/** A branch that only reorders is about a list, whose items are not in the patch. */
function touchesList(node: JsonObject): boolean {
  return node['$reorder'] !== undefined;
}

/** The longest known beginning decides. */
function placeOf(inside: string, places: ReadonlyMap<string, string>): string {
  for (let prefix = inside; prefix !== ''; prefix = prefix.slice(0, prefix.lastIndexOf('/'))) {
    const place = places.get(prefix);
    if (place !== undefined) return place + inside.slice(prefix.length);
  }
  return inside;
}

function checkDeletes(
  checking: Checking,
  node: JsonObject,
  pointer: string,
  entity: Schema,
  path: readonly string[],
): void {
  const removed = node['$delete'];
  if (isJsonArray(removed)) {
    const required = requiredAt(entity, path);
    removed.forEach((name, index) => {
      if (typeof name !== 'string') return;
      checkRemoved(checking, name, `${pointer}/$delete/${index}`, entity, path);
      if (!required.includes(name)) return;
      checking.error(
        'delete-required',
        `${pointer}/$delete/${index}`,
        `\`${name}\` is required, so it cannot be deleted`,
        { fix: 'drop it, or expect the refusal: `expect: { status: [400, 422] }`', see: 'cases' },
      );
    });
  }
  for (const [name, child] of Object.entries(node)) {
    if (!name.startsWith('$') && isJsonObject(child))
      checkDeletes(checking, child, `${pointer}/${escapeSegment(name)}`, entity, [...path, name]);
  }
}

/** A member that no schema knows is not there to be deleted. */
function checkRemoved(
  checking: Checking,
  name: string,
  pointer: string,
  entity: Schema,
  path: readonly string[],
): void {
  const at = schemaAt(entity, path);
  if (at === null) return;
  const parts = partsOf(locate(at), at.scope);
  const known = [...parts, ...branchesOf(parts).flatMap((branch) => partsOf(branch, at.scope))].flatMap(({ json }) =>
    isJsonObject(json['properties']) ? Object.keys(json['properties']) : [],
  );
  const further = keywordOf(parts, 'additionalProperties') ?? keywordOf(parts, 'unevaluatedProperties');
  if (known.length === 0 || known.includes(name) || (further !== undefined && further !== false)) return;
  if (memberSchema(parts, name) !== null) return;

  const tell = further === false ? checking.error.bind(checking) : checking.warning.bind(checking);
  tell('unknown-deletion', pointer, `the type knows no member \`${name}\`, so there is nothing to delete`, {
    fix: nearest(name, known) ?? `its members are ${quoteList(known)}`,
    see: 'cases',
  });
}

function requiredAt(entity: Schema, path: readonly string[]): readonly string[] {
  let here = locate(entity);
  for (const name of path) {
    const next = memberSchema(partsOf(here, entity.scope), name);
    if (next === null) return [];
    here = next;
  }
  return partsOf(here, entity.scope).flatMap(({ json }) => {
    const required = json['required'];
    return isJsonArray(required) ? required.filter((name) => typeof name === 'string') : [];
  });
}
