import type { Json, JsonObject } from '../protocol/json.ts';

/** A JSON Schema 2020-12 as it stands in a contract: names already replaced by `$ref` or by the primitive's schema. */
export type JsonSchema = boolean | JsonObject;

/**
 * Where the `$ref`s of a schema lead. `types` answers `#/types/NAME` (the contract's own and the primitives), `files`
 * answers `./file.json#/pointer` by the path as written, already read and parsed.
 */
export interface SchemaScope {
  readonly types: ReadonlyMap<string, JsonSchema>;
  readonly files: ReadonlyMap<string, Json>;
}

/** A schema with its scope; compiled when first used, cached by text. */
export interface Schema {
  readonly json: JsonSchema;
  readonly scope: SchemaScope;
  /** How messages call it: `Book`, `long`, `string`; null for an anonymous one. */
  readonly name: string | null;
}

/**
 * Which members an entity owes. `whole`: as the schema stands. `sent`: members that only the server sets (`readOnly`)
 * are not required. `partial`: nothing is required (answers to a projection, values under `$set`).
 */
export type SchemaVariant = 'whole' | 'sent' | 'partial';

/** One way in which a value does not fit its schema. */
export interface SchemaProblem {
  /** JSON Pointer into the value. */
  readonly pointer: string;
  readonly keyword: string;
  /** What the schema wants, with type: `long`, `one of "ACTIVE", "DRAFT"`, `at most 100 characters`. */
  readonly expected: string;
  /** What is there, with type: `string "12"`, `nothing`. */
  readonly actual: string;
  /** JSON Pointer of the keyword inside the schema, for positions in the contract; null when it lies in a file. */
  readonly schemaPointer: string | null;
}
