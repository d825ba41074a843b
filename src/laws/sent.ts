/** What a write sends, out of its envelope. */
import { isJsonArray, isJsonObject, memberOf, type Json } from '../protocol/json.ts';
import { readKey, sameKey } from '../protocol/keys.ts';
import { profileOf } from '../protocol/methods.ts';
import type { TraceEntry } from './law.ts';

/** The entity or patch of one item: of a batch by the place of its key in `ids`, for the order of a body's members is free. */
export function sentOf({ asked, contract }: TraceEntry, index = 0): Json | undefined {
  const { body, method, ids, protocol } = asked;
  const { sends } = profileOf(method);
  if (sends === 'patch') return memberOf(body, 'patch');
  if (sends === 'elements') return itemAt(memberOf(body, 'elements'), index);
  if (sends !== 'entities' && sends !== 'patches') return body;

  const entities = memberOf(body, 'entities');
  const key = ids?.[index];
  if (!isJsonObject(entities) || key === undefined) return undefined;
  // Clients of some dialects escape the keys of a body.
  const name = Object.keys(entities).find((text) =>
    (['reduced', 'either'] as const).some((batchKeys) => {
      const read = readKey(text, contract.key?.shape ?? { kind: 'simple' }, 'body', protocol, { batchKeys });
      return 'key' in read && sameKey(read.key, key);
    }),
  );
  const item = name === undefined ? undefined : memberOf(entities, name);
  return sends === 'patches' ? memberOf(item, 'patch') : item;
}

function itemAt(list: Json | undefined, index: number): Json | undefined {
  return isJsonArray(list) ? list[index] : undefined;
}
