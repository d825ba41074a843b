/**
 * Keys: what identifies an entity, and how each place of the wire writes it.
 *
 * A simple key stands raw in bodies and headers and escaped in URLs; compound and complex keys are elements
 * everywhere, without escapes for URLs in bodies and headers. `$params` of a complex key go wherever the client says
 * which entity it means, and are left out where the server does (ids of created entities, result maps).
 */
import { decodeElement, encodeElement, encodeText, isElementRecord, percentDecode, scalarText } from './encoding.ts';
import type { ElementProblem } from './encoding.ts';
import { isJsonObject, jsonObject, type Json, type JsonObject } from './json.ts';
import type { ProtocolVersion } from './dialects.ts';
import { readLegacyKey, writeLegacyKey } from './legacy.ts';

/**
 * How the keys of a resource look on the wire: one scalar, the named parts of an association, or a record (with
 * `$params` where `params` is true).
 */
export type KeyShape =
  | { readonly kind: 'simple' }
  | { readonly kind: 'compound'; readonly parts: readonly string[] }
  | { readonly kind: 'complex'; readonly parts: readonly string[]; readonly params: boolean };

/** A key as a value: the scalar of a simple key, else the parts by name, `$params` beside them. */
export type Key = string | number | bigint | boolean | JsonObject;
export type { Json };

/**
 * `path`: a segment. `ids`: a member of the list. `body`: a member name of `entities` or `results`. `header`: the id
 * header, or `id` of a created element. `location`: the last segment of `Location`.
 */
export type KeyPlace = 'path' | 'ids' | 'body' | 'header' | 'location';

/**
 * How keys stand in bodies: `reduced` as the protocol says; `encoded` as in `ids`, which LinkedIn's clients write;
 * `either` writes encoded and reads both. Where it is not `reduced` the id header is read in the same way, and still
 * written raw.
 */
export type BatchKeys = 'reduced' | 'encoded' | 'either';

export interface KeyOptions {
  readonly batchKeys?: BatchKeys;
  /** Whether `$params` are written. Default: where a client names an entity, and in `Location`; not in `header`. */
  readonly params?: boolean;
}

/** The member of a complex key that holds its parameters. */
export const KEY_PARAMS = '$params';

/** @returns the text of a key as it stands in that place; parts in the order that encoders must write */
export function writeKey(
  key: Key,
  shape: KeyShape,
  place: KeyPlace,
  version: ProtocolVersion,
  options?: KeyOptions,
): string {
  const value = keepParams(key, options?.params ?? place !== 'header');
  if (version === '1.0.0') return writeLegacyKey(value, shape, place);

  const encoded = place === 'body' && options?.batchKeys !== undefined && options.batchKeys !== 'reduced';
  if (!isJsonObject(value)) {
    const text = scalarText(value);
    if (place === 'path' || place === 'location') return encodeText(text, 'path');
    return place === 'ids' || encoded ? encodeText(text, 'query') : text;
  }
  if (place === 'path' || place === 'location') return encodeElement(value, 'path');
  return encodeElement(value, place === 'ids' || encoded ? 'query' : 'reduced');
}

/**
 * Reads a key without knowing the types of its parts: every scalar of the result is text.
 *
 * A compound key may come back incomplete, which a path means as the collection; one with an unknown part is a
 * problem. A complex key may lack parts or have more: the resource decides.
 *
 * @returns the problem, with the column in `text`, where the server refuses the text too; never throws
 */
export function readKey(
  text: string,
  shape: KeyShape,
  place: KeyPlace,
  version: ProtocolVersion,
  options?: KeyOptions,
): { readonly key: Key } | { readonly problem: ElementProblem } {
  if (version === '1.0.0') return readLegacyKey(text, shape, place);
  if (shape.kind === 'simple') return readSimpleKey(text, place, options?.batchKeys ?? 'reduced');

  const read = decodeElement(text);
  if ('problem' in read) return read;
  return checkKey(read.value, shape);
}

/** A decoded member of `ids` as a key, or why the server answers an error for it. */
export function checkKey(value: Json, shape: KeyShape): { readonly key: Key } | { readonly problem: ElementProblem } {
  if (shape.kind === 'simple') {
    if (typeof value !== 'object' || value === null) return { key: value ?? 'null' };
    return problem('a list or a record stands where a simple key should');
  }
  if (!isJsonObject(value)) return problem(`a ${shape.kind} key is a record, \`(${shape.parts.join(':…,')}:…)\``);
  if (shape.kind === 'complex') return { key: value };

  for (const name of Object.keys(value)) {
    if (!shape.parts.includes(name))
      return problem(`\`${name}\` is no part of the key (parts: ${shape.parts.join(', ')})`);
    if (typeof value[name] === 'object') return problem(`part \`${name}\` of the key is no scalar`);
  }
  return { key: value };
}

/** Whether a compound key has all its parts; every other key is complete by itself. */
export function isCompleteKey(key: Key, shape: KeyShape): boolean {
  if (shape.kind !== 'compound') return true;
  return isJsonObject(key) && shape.parts.every((part) => Object.hasOwn(key, part));
}

/** Whether two keys name the same entity: parts in any order, values by their text (`1` and `'1'` are the same). */
export function sameKey(a: Key, b: Key): boolean {
  return a === b || keyText(a) === keyText(b);
}

/** One text for all spellings of a key, to use as the name in a map. `$params` belong to it; see `withoutParams`. */
export function keyText(key: Key): string {
  return isJsonObject(key) ? encodeElement(key, 'reduced') : scalarText(key);
}

/** The key without its `$params`, which do not identify: result maps and created ids leave them out. */
export function withoutParams(key: Key): Key {
  return keepParams(key, false);
}

/**
 * The raw text of the key in a `Location`, absolute or not: its last segment, without query or fragment. Read it with
 * place `location`.
 */
export function keyOfLocation(location: string): string {
  const path = location.split(/[?#]/, 1)[0] ?? '';
  return path.slice(path.lastIndexOf('/') + 1);
}

function keepParams(key: Key, keep: boolean): Key {
  if (keep || !isJsonObject(key) || !Object.hasOwn(key, KEY_PARAMS)) return key;
  return jsonObject(Object.entries(key).filter(([name]) => name !== KEY_PARAMS));
}

function readSimpleKey(
  text: string,
  place: KeyPlace,
  batchKeys: BatchKeys,
): { readonly key: Key } | { readonly problem: ElementProblem } {
  if (place === 'path' || place === 'location') {
    const decoded = percentDecode(text);
    return 'value' in decoded ? { key: decoded.value } : decoded;
  }
  if (place !== 'ids' && batchKeys === 'reduced') return { key: text };

  const read = decodeElement(text);
  if ('value' in read && !isElementRecord(read.value) && typeof read.value === 'string') return { key: read.value };
  // Raw where escapes were possible, as LinkedIn's pages show: the text itself is the key.
  if (place !== 'ids' && batchKeys === 'either') return { key: text };
  return 'problem' in read ? read : problem('a list or a record stands where a simple key should');
}

function problem(message: string): { readonly problem: ElementProblem } {
  return { problem: { message, column: 0 } };
}
