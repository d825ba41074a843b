import type { Json, JsonObject } from './json.ts';

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
