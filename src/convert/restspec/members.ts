/** Objects of members that may be absent. */
import { jsonObject, type Json, type JsonObject } from '../../protocol/json.ts';

export type Member = readonly [name: string, value: Json | undefined];

/** The members that are there, in this order. */
export function members(list: readonly Member[]): JsonObject {
  return jsonObject(list.filter((member): member is readonly [string, Json] => member[1] !== undefined));
}
