/** Records inside an entity: patches and projections that reach into one. */
import type { Contract, Operation } from '../contract/contract.ts';
import { isJsonObject, jsonObject, type JsonObject } from '../protocol/json.ts';
import { locate } from '../schema/refs.ts';
import { keywordOf, partsOf, schemaAt } from '../schema/shape.ts';
import { isPatchRefused, isTaken, otherValues } from './variants.ts';

/** A patch that sets one member of a record which holds another as well; null where the entity has no such record. */
export function nestedPatchOf(
  contract: Contract,
  operation: Operation,
  entity: JsonObject,
  seed: number,
): JsonObject | null {
  const fixed = new Set([...contract.readOnly, ...contract.createOnly].map(([head]) => head));
  for (const [name, record] of recordsIn(contract, entity)) {
    if (fixed.has(name) || contract.key?.parts.has(name) === true) continue;
    const inside = innerChange(contract, operation, entity, [name, record], seed);
    if (inside !== null) return { [name]: { $set: inside } };
  }
  return null;
}

/** `record:(member)`, of a record in an example that has more members than that one; null where there is none. */
export function nestedMaskOf(contract: Contract): string | null {
  const served = new Set(contract.readOnly.map(([head]) => head));
  for (const { entity } of contract.examples) {
    for (const [name, record] of recordsIn(contract, entity)) {
      const [inner] = Object.keys(record).filter((member) => MASKABLE.test(member));
      if (inner !== undefined && MASKABLE.test(name) && !served.has(name)) return `${name}:(${inner})`;
    }
  }
  return null;
}

const MASKABLE = /^[A-Za-z_]\w*$/;

/** Members that are records by their schema and hold two members at least: a union holds one, and is changed whole. */
function recordsIn(contract: Contract, entity: JsonObject): readonly (readonly [string, JsonObject])[] {
  return Object.entries(entity).flatMap(([name, value]): readonly (readonly [string, JsonObject])[] => {
    if (contract.entity === null || name.startsWith('$') || !isJsonObject(value)) return [];
    const schema = schemaAt(contract.entity, [name]);
    if (schema === null || Object.keys(value).length < 2) return [];
    return isJsonObject(keywordOf(partsOf(locate(schema), schema.scope), 'properties')) ? [[name, value]] : [];
  });
}

/** Another value of one member of the record, where the whole entity still fits. */
function innerChange(
  contract: Contract,
  operation: Operation,
  entity: JsonObject,
  [name, record]: readonly [string, JsonObject],
  seed: number,
): JsonObject | null {
  for (const [member, value] of Object.entries(record)) {
    if (member.startsWith('$') || (typeof value === 'object' && value !== null)) continue;
    for (const other of otherValues(contract, [name, member], value, seed)) {
      const inside = jsonObject([[member, other]]);
      const changed = { ...entity, [name]: { ...record, ...inside } };
      const patch = { [name]: { $set: inside } };
      if (isTaken(contract, operation, changed) && !isPatchRefused(operation, patch)) return inside;
    }
  }
  return null;
}
