/**
 * Dialects: what a family of servers adds to the protocol or changes in it, as rows.
 */
import { ERROR_SCHEMA } from './envelopes.ts';
import { isSameHeader } from './headers.ts';
import type { JsonObject } from './json.ts';
import { METHOD_NAMES, type MethodName } from './methods.ts';

export type ProtocolVersion = '2.0.0' | '1.0.0';
export type DialectFamily = 'restli' | 'linkedin';
export type RequirementLevel = 'must' | 'should' | 'may';

/**
 * A flavour of the protocol: what a family of servers adds or changes. A user's own comes from the config and
 * `extends` a built-in row (`contract-format`: Config, dialect fields).
 */
export interface Dialect {
  readonly name: string;
  /** The built-in row that it is, or was made of. Rules whose level depends on the dialect ask for this. */
  readonly family: DialectFamily;
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
  readonly limits: {
    readonly url?: number;
    readonly query?: number;
    readonly segment?: number;
    readonly head?: number;
  };
  /** A query of more characters is sent tunnelled. null: never. */
  readonly tunnelAbove: number | null;
  /** Paging by cursor: two parameters, and the names that lead to the next token in an answer. */
  readonly cursor: { readonly size: string; readonly token: string; readonly next: string };
  /** Headers any of which carries the id of a created entity, the dialect's own first. Empty: the protocol's. */
  readonly idHeaders: readonly string[];
  /** Statuses by which a gateway of the dialect refuses wrong routing headers, beside those of the protocol. */
  readonly headerRefusals: readonly number[];
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

/** LinkedIn promises the status; the other members come and go. */
const LINKEDIN_ERROR: JsonObject = { ...ERROR_SCHEMA, required: ['status'] };

const CURSOR: Dialect['cursor'] = { size: 'pageSize', token: 'pageToken', next: 'metadata/nextPageToken' };

/** The built-in dialects. Source: the open-source server as executed; LinkedIn's documentation and official clients. */
export const DIALECTS: Readonly<Record<DialectFamily, Dialect>> = {
  restli: {
    name: 'restli',
    family: 'restli',
    doc: 'The open-source server: only BATCH_CREATE needs the method header.',
    methodHeader: { BATCH_CREATE: 'must' },
    protocol: ['2.0.0', '1.0.0'],
    headers: [],
    bases: [],
    unknownParams: 'warn',
    batchKeys: 'reduced',
    error: null,
    errors: {},
    limits: {},
    tunnelAbove: null,
    cursor: CURSOR,
    idHeaders: [],
    headerRefusals: [],
  },
  linkedin: {
    name: 'linkedin',
    family: 'linkedin',
    doc: 'The public API of LinkedIn: versioned under /rest, the method header on BATCH_CREATE and both PARTIAL_UPDATEs.',
    methodHeader: {
      BATCH_CREATE: 'must',
      PARTIAL_UPDATE: 'must',
      BATCH_PARTIAL_UPDATE: 'must',
      BATCH_UPDATE: 'should',
    },
    protocol: ['2.0.0', '1.0.0'],
    headers: [
      {
        name: 'LinkedIn-Version',
        schema: { type: 'string', pattern: '^[0-9]{6}(\\.[0-9]{2})?$' },
        required: true,
        under: '/rest',
        missing: { status: 400, code: 'VERSION_MISSING' },
      },
    ],
    bases: ['/rest', '/v2'],
    unknownParams: 'error',
    batchKeys: 'either',
    error: LINKEDIN_ERROR,
    errors: {
      401: [
        { code: 'EMPTY_ACCESS_TOKEN', serviceErrorCode: 65604, doc: 'No token was sent.' },
        { code: 'INVALID_ACCESS_TOKEN', serviceErrorCode: 65600, doc: 'The token is not valid.' },
        { code: 'EXPIRED_ACCESS_TOKEN', serviceErrorCode: 65602, doc: 'The token has expired.' },
        { code: 'REVOKED_ACCESS_TOKEN', doc: 'The token was revoked.' },
      ],
      403: [{ code: 'ACCESS_DENIED', serviceErrorCode: 100, doc: 'The token lacks the permission.' }],
      426: [{ code: 'NONEXISTENT_VERSION', doc: 'The version asked for is unknown or no longer served.' }],
      429: [
        {
          code: 'QUOTA_EXCEEDED',
          serviceErrorCode: 101,
          doc: 'The daily limit of the application or member is used up.',
        },
      ],
      500: [{ doc: 'The service failed.' }],
    },
    limits: { url: 8192, query: 4096, segment: 4096, head: 28672 },
    tunnelAbove: 4000,
    cursor: CURSOR,
    idHeaders: ['X-RestLi-Id', 'X-LinkedIn-Id', 'Location'],
    headerRefusals: [403, 404, 405],
  },
};

/** What a user's dialect changes. `methodHeader: 'all'` requires the header of every method. */
export type DialectOverrides = Partial<Omit<Dialect, 'methodHeader' | 'family'>> & {
  readonly methodHeader?: Dialect['methodHeader'] | readonly MethodName[] | 'all';
};

/**
 * A dialect made of another: methods, headers (by name, without case), errors (by status) and limits are added to the
 * base's, a list of methods in `methodHeader` replaces the base's, the family stays, and everything else takes its place.
 */
export function extendDialect(base: Dialect, overrides: DialectOverrides): Dialect {
  const { methodHeader, headers = [], errors = {}, limits = {}, ...rest } = overrides;
  const inherited = base.headers.filter(({ name }) => !headers.some((other) => isSameHeader(other.name, name)));
  return {
    ...base,
    ...rest,
    methodHeader: methodHeaderOf(base, methodHeader),
    headers: [...inherited, ...headers],
    errors: { ...base.errors, ...errors },
    limits: { ...base.limits, ...limits },
  };
}

/** How strongly a method needs the header in a dialect. */
export function methodHeaderLevel(dialect: Dialect, method: MethodName): RequirementLevel {
  return dialect.methodHeader[method] ?? 'may';
}

/** The headers that requests under this path prefix carry; null: a path without a base. */
export function headersUnder(dialect: Dialect, base: string | null): readonly DialectHeader[] {
  return dialect.headers.filter(({ under }) => under === null || under === base);
}

function methodHeaderOf(base: Dialect, given: DialectOverrides['methodHeader']): Dialect['methodHeader'] {
  if (given === undefined) return base.methodHeader;
  if (given === 'all') return Object.fromEntries(METHOD_NAMES.map((name) => [name, 'must']));
  return isList(given) ? Object.fromEntries(given.map((name) => [name, 'must'])) : { ...base.methodHeader, ...given };
}

function isList(given: Dialect['methodHeader'] | readonly MethodName[]): given is readonly MethodName[] {
  return Array.isArray(given);
}
