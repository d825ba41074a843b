/** Parameters of methods, finders and actions, and the fields of records, as field maps of a contract. */
import { jsonObject, parseJson, type Json, type JsonObject } from '../../protocol/json.ts';
import type { DataType, NamedType, RecordField } from '../data-schema.ts';
import type { JsonNode } from '../json-text.ts';
import { problem } from '../problem.ts';
import { isTextual } from '../wire-value.ts';
import { docOf } from './documentation.ts';
import { typeOfText } from './resource.ts';
import type { ContractTypes } from './types.ts';

/** One parameter of a description. */
export interface Parameter {
  readonly field: RecordField;
  readonly node: JsonNode;
}

/** @param declared - takes the types that are declared within parameters */
export function readParameter(node: JsonNode, declared: NamedType[]): Parameter {
  const items = node.get('items');
  const type: DataType =
    items === null ? typeOfText(node.need('type'), declared) : { kind: 'array', items: typeOfText(items, declared) };
  const deprecated = node.get('annotations')?.get('deprecated')?.value;
  const field: RecordField = {
    name: node.need('name').text(),
    type,
    optional: node.get('optional')?.boolean() ?? false,
    default: node.get('default')?.value,
    doc: docOf(node) ?? null,
    properties: deprecated === undefined ? {} : { deprecated },
    at: node.need('name').at,
  };
  return { field, node };
}

/** `name?` -> type, in the order of the description; undefined when there is none. */
export function parameterMap(parameters: readonly Parameter[], types: ContractTypes): JsonObject | undefined {
  return fieldMap(
    parameters.map(({ field, node }) => ({
      ...field,
      doc: field.doc,
      default: defaultOf(field, node, types),
      optional: field.optional || field.default !== undefined,
    })),
    types,
  );
}

/** The same for the fields of a record. */
export function fieldMap(fields: readonly RecordField[], types: ContractTypes): JsonObject | undefined {
  if (fields.length === 0) return undefined;
  return jsonObject(
    fields.map((field): [string, Json] => {
      const type = types.ofField(field);
      // A default says already that the field may be left out.
      const hasDefault = typeof type === 'object' && type !== null && Object.hasOwn(type, 'default');
      const isOptional = field.optional || field.default !== undefined;
      return [isOptional && !hasDefault ? `${field.name}?` : field.name, type];
    }),
  );
}

/** A default is the plain text of strings, enums and bytes, and JSON text of all other types. */
function defaultOf(field: RecordField, node: JsonNode, types: ContractTypes): Json | undefined {
  const { default: written } = field;
  if (typeof written !== 'string' || isTextual(types.library.resolve(field.type))) return written;
  const parsed = parseJson(written, { maxDepth: 100 });
  if (!('problem' in parsed)) return parsed.value;
  // Without a definition of its type a default may well be plain text.
  if (types.library.resolve(field.type) !== null) {
    types.note(
      problem(
        'warning',
        'default',
        `the default of \`${field.name}\` is no JSON: ${parsed.problem.message}; it is left out`,
        (node.get('default') ?? node).at,
        'correct the default',
      ),
    );
    return undefined;
  }
  return written;
}
