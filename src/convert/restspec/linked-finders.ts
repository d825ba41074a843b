/** A batch finder that only repeats its finder says so in one word. */
import { isJsonObject, jsonEquals, jsonObject, memberOf, type Json, type JsonObject } from '../../protocol/json.ts';
import type { JsonNode } from '../json-text.ts';
import { members } from './members.ts';

/**
 * The batch finders, with `finder` in place of what they share with the finder that the description links to them.
 *
 * @param facet - the description of the resource's kind
 */
export function linkToFinders(batches: JsonObject, finders: JsonObject | null, facet: JsonNode): JsonObject {
  const links = new Map(
    (facet.get('finders')?.items() ?? []).map((node) => [
      node.get('linkedBatchFinderName')?.value,
      node.get('name')?.value,
    ]),
  );
  return jsonObject(
    Object.entries(batches).map(([name, batch]): [string, Json] => {
      const finder = links.get(name);
      const single = typeof finder === 'string' ? memberOf(finders ?? undefined, finder) : undefined;
      if (typeof finder !== 'string' || !isJsonObject(batch) || !isJsonObject(single)) return [name, batch];
      return [name, repeats(batch, single) ? linked(batch, finder) : batch];
    }),
  );
}

/** Whether one criterion is what the finder takes, and all else is alike. */
function repeats(batch: JsonObject, single: JsonObject): boolean {
  const { criteria, maxBatchSize: _max, batchParam: _name, doc: _doc, deprecated: _end, ...rest } = batch;
  const { params, doc: _its, deprecated: _ends, ...other } = single;
  return criteria !== undefined && params !== undefined && jsonEquals(criteria, params) && jsonEquals(rest, other);
}

function linked({ doc, deprecated, batchParam, maxBatchSize }: JsonObject, finder: string): JsonObject {
  return members([
    ['doc', doc],
    ['deprecated', deprecated],
    ['finder', finder],
    ['batchParam', batchParam],
    ['maxBatchSize', maxBatchSize],
  ]);
}
