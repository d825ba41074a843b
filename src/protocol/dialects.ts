import type { Json, JsonObject } from './json.ts';
import type { MethodName } from './methods.ts';

export type ProtocolVersion = '2.0.0' | '1.0.0';
export type RequirementLevel = 'must' | 'should' | 'may';

/**
 * A flavour of the protocol: what a family of servers adds or changes. A user's own comes from the config and
 * `extends` a built-in row (`contract-format`: Config, dialect fields).
 */
export interface Dialect {
  readonly name: string;
  readonly doc: string;
  /** How strongly each method needs `X-RestLi-Method` from a client. Methods not named: `may`. */
  readonly methodHeader: Readonly<Partial<Record<MethodName, RequirementLevel>>>;
  /** Versions that a request may carry; the first is sent. */
  readonly protocol: readonly [ProtocolVersion, ...ProtocolVersion[]];
  /** Headers that every request under one of `under` (null: everywhere) must carry; `schema` is a JSON Schema of the text. */
  readonly headers: readonly DialectHeader[];
  /** Path prefixes that mock and traffic take off; the embedded endpoint is called under the first. */
  readonly bases: readonly string[];
  readonly unknownParams: 'warn' | 'error';
  readonly batchKeys: 'reduced' | 'encoded' | 'either';
  /** JSON Schema of error bodies; null: ErrorResponse with every member optional. */
  readonly error: JsonObject | null;
  /** Errors that every method may answer: status -> code, doc. */
  readonly errors: Readonly<Record<string, readonly DialectError[]>>;
  /** Bytes, 414 beyond. Absent: no limit. */
  readonly limits: { readonly url?: number; readonly query?: number; readonly segment?: number; readonly head?: number };
  /** A query of more characters is sent tunnelled. null: never. */
  readonly tunnelAbove: number | null;
  readonly cursor: { readonly size: string; readonly token: string; readonly next: string };
  /** Headers any of which carries the id of a created entity, the dialect's own first. Empty: the protocol's. */
  readonly idHeaders: readonly string[];
}

export interface DialectHeader {
  readonly name: string;
  readonly schema: JsonObject | boolean;
  readonly required: boolean;
  readonly under: string | null;
  /** The error of a request that lacks it. */
  readonly missing: { readonly status: number; readonly code: string } | null;
}

export interface DialectError {
  readonly code?: string;
  readonly serviceErrorCode?: number;
  readonly message?: string;
  readonly doc?: string;
}
export type { Json };
