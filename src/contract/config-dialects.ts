/** Dialects of the config: each changes a built-in row, or another of its own. */
import {
  DIALECTS,
  extendDialect,
  type Dialect,
  type DialectError,
  type DialectHeader,
  type DialectOverrides,
} from '../protocol/dialects.ts';
import { isJsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { formatPointer } from '../protocol/pointer.ts';
import { EMPTY_SCOPE, schemaOf } from '../schema/types.ts';
import { optionalName } from './fields.ts';
import type { DialectSource } from './format-config.ts';
import type { ErrorSource } from './format-parts.ts';
import { asMany } from './one-or-many.ts';
import { error, type Problems } from './problem.ts';
import { nearest } from './suggest.ts';

/** Own dialects in any order; one that extends another waits for it. */
export function dialectsOf(
  written: Readonly<Record<string, DialectSource>>,
  problems: Problems,
): ReadonlyMap<string, Dialect> {
  const dialects = new Map<string, Dialect>(Object.entries(DIALECTS));
  const waiting = new Map(Object.entries(written));
  for (let progress = true; progress && waiting.size > 0;) {
    progress = false;
    for (const [name, own] of waiting) {
      const base = dialects.get(own.extends ?? 'restli');
      if (base === undefined) continue;
      dialects.set(name, { ...extendDialect(base, overridesOf(own, base)), name });
      waiting.delete(name);
      progress = true;
    }
  }
  for (const [name, own] of waiting) {
    const base = own.extends ?? 'restli';
    const circular = waiting.has(base);
    problems.push(
      error(
        'unknown-dialect',
        formatPointer(['dialects', name, 'extends']),
        circular ? `\`${name}\` and \`${base}\` extend each other` : `there is no dialect \`${base}\` to extend`,
        {
          fix: (circular ? null : nearest(base, [...dialects.keys()])) ?? 'write `restli` or `linkedin`',
          see: 'config',
        },
      ),
    );
    dialects.set(name, { ...DIALECTS.restli, name });
  }
  return dialects;
}

function overridesOf(written: DialectSource, base: Dialect): DialectOverrides {
  const [first, ...rest] = written.protocol ?? [];
  return {
    ...(written.doc === undefined ? {} : { doc: written.doc }),
    ...(written.methodHeader === undefined ? {} : { methodHeader: written.methodHeader }),
    ...(first === undefined ? {} : { protocol: [first, ...rest] as const }),
    ...(written.headers === undefined ? {} : { headers: dialectHeaders(written.headers) }),
    ...(written.bases === undefined ? {} : { bases: written.bases }),
    ...(written.unknownParams === undefined ? {} : { unknownParams: written.unknownParams }),
    ...(written.batchKeys === undefined ? {} : { batchKeys: written.batchKeys }),
    ...(written.error === undefined ? {} : { error: errorSchema(written.error) }),
    ...(written.errors === undefined ? {} : { errors: dialectErrors(written.errors) }),
    ...(written.limits === undefined ? {} : { limits: limitsOf(written.limits) }),
    ...(written.tunnelAbove === undefined ? {} : { tunnelAbove: written.tunnelAbove }),
    ...(written.cursor === undefined ? {} : { cursor: cursorOf(written.cursor, base.cursor) }),
  };
}

function cursorOf(written: NonNullable<DialectSource['cursor']>, base: Dialect['cursor']): Dialect['cursor'] {
  return {
    size: written.size ?? base.size,
    token: written.token ?? base.token,
    next: written.next ?? base.next,
  };
}

function limitsOf({ url, query, segment, head }: NonNullable<DialectSource['limits']>): Dialect['limits'] {
  return {
    ...(url === undefined ? {} : { url }),
    ...(query === undefined ? {} : { query }),
    ...(segment === undefined ? {} : { segment }),
    ...(head === undefined ? {} : { head }),
  };
}

function dialectHeaders(written: NonNullable<DialectSource['headers']>): readonly DialectHeader[] {
  return Object.entries(written).map(([text, type]) => {
    const { name, optional } = optionalName(text);
    const { json } = schemaOf(type, EMPTY_SCOPE);
    return { name, schema: headerSchema(json), required: !optional && type !== false, under: null, missing: null };
  });
}

/** A header is text: a schema that only says a pattern means a text of that pattern. */
function headerSchema(json: boolean | JsonObject): boolean | JsonObject {
  return typeof json === 'boolean' || json['type'] !== undefined ? json : { type: 'string', ...json };
}

function errorSchema(type: Json): JsonObject {
  const { json } = schemaOf(type, EMPTY_SCOPE);
  return isJsonObject(json) ? json : {};
}

function dialectErrors(written: NonNullable<DialectSource['errors']>): Dialect['errors'] {
  const errors: [string, readonly DialectError[]][] = [];
  for (const [status, held] of Object.entries(written)) {
    const list = typeof held === 'string' ? [{ doc: held }] : asMany<ErrorSource>(held);
    errors.push([status, list.map(dialectError)]);
  }
  return Object.fromEntries(errors);
}

function dialectError({ code, serviceErrorCode, message, doc }: ErrorSource): DialectError {
  return {
    ...(code === undefined ? {} : { code }),
    ...(serviceErrorCode === undefined ? {} : { serviceErrorCode }),
    ...(message === undefined ? {} : { message }),
    ...(doc === undefined ? {} : { doc }),
  };
}
