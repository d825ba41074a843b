/** Members of errors that are made for people or name one occurrence: no endpoint owes another's. */
import { isJsonArray, isJsonObject, jsonObject, type Json } from '../protocol/json.ts';

export const ERROR_TEXTS: ReadonlySet<string> = new Set([
  'message',
  'exceptionClass',
  'stackTrace',
  'requestId',
  'docUrl',
]);

/** Members that hold errors in a body that is none. */
const ERROR_PLACES: ReadonlySet<string> = new Set(['errors', 'error']);

/**
 * A body without the texts of its errors.
 *
 * @param isError - whether the body is an error as a whole
 * @returns the same value where it has none
 */
export function withoutErrorTexts(body: Json, isError: boolean): Json {
  if (isJsonArray(body)) {
    const items = body.map((item) => withoutErrorTexts(item, isError));
    return items.every((item, index) => item === body[index]) ? body : items;
  }
  if (!isJsonObject(body)) return body;
  const all = Object.entries(body);
  const kept = all.flatMap(([name, value]): (readonly [string, Json])[] =>
    isError && ERROR_TEXTS.has(name) ? [] : [[name, withoutErrorTexts(value, isError || ERROR_PLACES.has(name))]],
  );
  const isSame = kept.length === all.length && kept.every(([, value], index) => value === all[index]?.[1]);
  return isSame ? body : jsonObject(kept);
}
