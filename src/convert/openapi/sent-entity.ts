/** The entity as clients send it: without the members that only the server sets. */
import type { Contract } from '../../contract/contract.ts';
import { isJsonArray, isJsonObject, jsonObject, type Json, type JsonObject } from '../../protocol/json.ts';
import type { Schema } from '../../schema/schema.ts';
import type { Components } from './components.ts';

/** A component of its own where the contract has members that are read-only, else the entity. */
export function sentEntity(entity: Schema | null, contract: Contract, components: Components): JsonObject {
  if (entity === null) return { type: 'object' };
  const answered = components.of(entity, contract);
  if (contract.readOnly.length === 0) return answered;
  const sent = contract.readOnly.reduce<Json>((schema, path) => without(schema, path, components), answered);
  if (!isJsonObject(sent) || sent === answered) return answered;
  return components.shared(`${contract.resource}.sent`.replaceAll(/[^\w.-]/g, '_'), sent);
}

/** A schema without one member, at any depth of records; the same schema where it has no such member. */
function without(schema: Json, path: readonly string[], components: Components): Json {
  const [name, ...rest] = path;
  const json = components.resolve(schema);
  if (name === undefined || !isJsonObject(json)) return schema;
  const { properties, required, allOf } = json;
  if (isJsonArray(allOf)) {
    const parts = allOf.map((part) => without(part, path, components));
    if (parts.some((part, index) => part !== allOf[index])) return { ...json, allOf: parts };
  }
  if (!isJsonObject(properties) || !Object.hasOwn(properties, name)) return schema;
  const needed = isJsonArray(required) ? required.filter((other) => other !== name) : [];
  if (rest.length === 0) {
    const { required: _, ...others } = json;
    return {
      ...others,
      ...(needed.length === 0 ? {} : { required: needed }),
      properties: jsonObject(Object.entries(properties).filter(([other]) => other !== name)),
    };
  }
  const member = properties[name] ?? {};
  const changed = without(member, rest, components);
  return changed === member ? schema : { ...json, properties: { ...properties, [name]: changed } };
}
