import type { CaseSpec, Contract, Operation } from '../contract/contract.ts';
import type { Dialect, ProtocolVersion } from '../protocol/dialects.ts';
import type { Json, JsonObject } from '../protocol/json.ts';
import type { Key } from '../protocol/keys.ts';
import type { MethodName } from '../protocol/methods.ts';

/**
 * What a request asks, decoded and typed: the runner knows it from the case, the judge of foreign traffic reads it from
 * the wire. Every check of an answer starts from it.
 */
export interface Asked {
  readonly contract: Contract;
  readonly operation: Operation | null;
  readonly method: MethodName;
  readonly dialect: Dialect;
  readonly protocol: ProtocolVersion;
  readonly parents: ReadonlyMap<string, Key>;
  readonly key: Key | null;
  readonly partialKey: JsonObject | null;
  /** Keys of a batch in the order of the request (of `ids`, else of `entities`); null when it has none. */
  readonly ids: readonly Key[] | null;
  /** Number of items of a batch by any name: ids, elements, criteria. null: no batch. */
  readonly items: number | null;
  /** Query parameters beside routing, masks and keys, typed where the contract knows them. */
  readonly params: ReadonlyMap<string, Json>;
  readonly criteria: readonly Json[] | null;
  readonly masks: { readonly fields?: string; readonly metadataFields?: string; readonly pagingFields?: string };
  /** Request body, decoded; undefined: none. */
  readonly body: Json | undefined;
  /** `$returnEntity`, where sent. */
  readonly returnEntity: boolean | null;
  readonly tunnelled: boolean;
  /** The case behind it, for positions; null for foreign traffic. */
  readonly spec: CaseSpec | null;
}
