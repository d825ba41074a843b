/** Values that a later step of a flow needs, by the place where their expectation would stand. */
import { isJsonObject, type Json } from '../protocol/json.ts';
import { valueAt } from '../protocol/pointer.ts';
import { headerValues, type Exchange } from '../transport/exchange.ts';
import type { Asked } from './asked.ts';
import { readBody } from './body.ts';
import { createdKey, keyOf } from './created-key.ts';
import { outcomesOf, type ItemOutcome } from './outcomes.ts';

/**
 * @param place - `status`, `key`, `headers/ETag`, `body/metadata/nextPageToken`, `each/0/key`
 * @returns undefined where nothing stands; never throws
 */
export function captureFrom(asked: Asked, exchange: Exchange, place: string): Json | undefined {
  const { response } = exchange;
  if (response === null) return undefined;
  const [part = '', ...path] = place.split('/');
  switch (part) {
    case 'status':
      return response.status;
    case 'key':
      return valueBelow(keyOf(createdKey(asked, response)) ?? undefined, path);
    case 'headers': {
      const values = headerValues(response.headers, path.join('/'));
      return values.length === 0 ? undefined : values.join(', ');
    }
    case 'body':
      return valueBelow(readBody(response.body).value, path);
    case 'each': {
      const outcome = outcomesOf(asked, readBody(response.body).value)?.[Number(path[0])];
      return outcome === undefined ? undefined : partOf(outcome, path.slice(1));
    }
    default:
      return undefined;
  }
}

const PARTS = ['key', 'entity', 'error', 'elements', 'paging', 'metadata'] as const;

function partOf(outcome: ItemOutcome, path: readonly string[]): Json | undefined {
  const [name, ...rest] = path;
  if (name === 'status') return outcome.status ?? undefined;
  const part = PARTS.find((one) => one === name);
  return part === undefined ? undefined : valueBelow(outcome[part], rest);
}

function valueBelow(value: Json | undefined, path: readonly string[]): Json | undefined {
  if (path.length === 0 || value === undefined) return value;
  return isJsonObject(value) || Array.isArray(value) ? valueAt(value, path) : undefined;
}
