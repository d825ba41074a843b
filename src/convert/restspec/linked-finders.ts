/** A batch finder that only repeats its finder says so in one word. */
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { isJsonObject, jsonEquals, jsonObject, memberOf, type Json, type JsonObject } from '../../protocol/json.ts';
import type { JsonNode } from '../json-text.ts';
import { problem } from '../problem.ts';
import { members } from './members.ts';

/**
 * The batch finders, with `finder` in place of what they share with the finder that the description links to them.
 *
 * @param facet - the description of the resource's kind
 * @param note - takes the links that have no form: a batch finder stands for a finder only where it takes the same
 */
export function linkToFinders(
  batches: JsonObject,
  finders: JsonObject | null,
  facet: JsonNode,
  note: (found: Diagnostic) => void,
): JsonObject {
  const links = new Map<string, string>();
  for (const node of facet.get('finders')?.items() ?? []) {
    const link = node.get('linkedBatchFinderName');
    const finder = node.get('name')?.value;
    if (link === null || typeof finder !== 'string') continue;

    const batch = memberOf(batches, link.text());
    const single = memberOf(finders ?? undefined, finder);
    if (isJsonObject(batch) && isJsonObject(single) && repeats(batch, single)) links.set(link.text(), finder);
    else {
      const why = batch === undefined ? 'which is none of the batch finders' : 'which takes or answers something else';
      const message = `\`${finder}\` is linked to the batch finder \`${link.text()}\`, ${why}; the link is left out`;
      note(problem('warning', 'linked-finder', message, link.at, 'correct the link, or leave it out'));
    }
  }
  return jsonObject(
    Object.entries(batches).map(([name, batch]): [string, Json] => {
      const finder = links.get(name);
      return [name, finder === undefined || !isJsonObject(batch) ? batch : linked(batch, finder)];
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
