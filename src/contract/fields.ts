/** Field maps (`name?` -> type) and maps of header values, as written and as the program sees them. */
import { isJsonObject, type Json } from '../protocol/json.ts';
import type { Schema } from '../schema/schema.ts';
import type { Field, Fields, HeaderValues } from './contract.ts';

/** Shared, so that thousands of cases without fields or headers cost nothing. */
export const NO_FIELDS: Fields = new Map();
export const NO_HEADERS: HeaderValues = new Map();

/** `name?` -> `name`, and whether it may be absent. */
export function optionalName(written: string): { readonly name: string; readonly optional: boolean } {
  return written.endsWith('?') ? { name: written.slice(0, -1), optional: true } : { name: written, optional: false };
}

export function fieldsOf(written: Readonly<Record<string, Json>> | undefined, typeOf: (type: Json) => Schema): Fields {
  if (written === undefined) return NO_FIELDS;
  const fields = new Map<string, Field>();
  for (const [text, type] of Object.entries(written)) {
    const { name, optional } = optionalName(text);
    fields.set(name, fieldOf(name, optional, type, typeOf));
  }
  return fields;
}

function fieldOf(name: string, optional: boolean, type: Json, typeOf: (type: Json) => Schema): Field {
  const schema = isJsonObject(type) ? type : null;
  const fallback = schema?.['default'];
  const doc = schema?.['description'];
  return {
    name,
    type: typeof type === 'boolean' ? type : typeOf(type),
    // `false` forbids the field; nobody owes what is forbidden.
    required: !optional && fallback === undefined && type !== false,
    default: fallback,
    doc: typeof doc === 'string' ? doc : null,
    deprecated: schema?.['deprecated'] === true,
  };
}

export function headerValuesOf(
  written: Readonly<Record<string, string | readonly string[] | null>> | undefined,
): HeaderValues {
  return written === undefined ? NO_HEADERS : new Map(Object.entries(written));
}
