/**
 * PDSC, the older schema language: types as JSON, in `.pdsc` files, in the `models` of snapshots and as text in
 * `.restspec.json`. The same types as PDL's.
 */
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import type { Json, JsonObject } from '../protocol/json.ts';
import { jsonObject } from '../protocol/json.ts';
import {
  isPrimitiveType,
  PRIMITIVE_TYPES,
  type DataType,
  type EnumSymbol,
  type NamedType,
  type RecordField,
  type UnionMember,
} from './data-schema.ts';
import { readJsonText, withoutComments, type JsonNode } from './json-text.ts';
import type { ParsedTypes } from './pdl/parser.ts';
import { problem, reading } from './problem.ts';

/** @param file - as shown in messages */
export function parsePdsc(text: string, file: string): ParsedTypes {
  const types: NamedType[] = [];
  const read = reading(() => {
    const node = readJsonText(withoutComments(text), file);
    return readType(node, '', types);
  }, 'pdsc');
  if ('problem' in read) return { types: [], root: null, problems: [read.problem] };
  return { types, root: read.value, problems: twice(types) };
}

/**
 * A type as JSON; named types that are declared in it are added to `declared`. Throws `Unreadable`.
 *
 * @param namespace - of simple names
 */
export function readType(node: JsonNode, namespace: string, declared: NamedType[]): DataType {
  const { value } = node;
  if (typeof value === 'string') return reference(node, value, namespace);
  if (Array.isArray(value)) return readUnion(node, namespace, declared);

  node.object();
  const kind = node.need('type').text();
  if (isPrimitiveType(kind)) return { kind: 'primitive', name: kind, ...extraOf(node, []) };
  if (kind === 'array')
    return { kind: 'array', items: readType(node.need('items'), namespace, declared), ...extraOf(node, ['items']) };
  if (kind === 'map')
    return { kind: 'map', values: readType(node.need('values'), namespace, declared), ...extraOf(node, ['values']) };

  const read = NAMED.get(kind);
  if (read === undefined) {
    const near = didYouMean(kind, [...NAMED.keys(), 'array', 'map', ...PRIMITIVE_TYPES]);
    return node
      .need('type')
      .fail(
        `there is no type \`${kind}\``,
        near === null ? `write one of ${[...NAMED.keys(), 'array', 'map'].join(', ')}` : `did you mean \`${near}\`?`,
      );
  }
  const name = fullName(node, namespace);
  const type = read(node, name, name.slice(0, Math.max(name.lastIndexOf('.'), 0)), declared);
  declared.push(type);
  return { kind: 'named', name, at: type.at };
}

/** What an array, map or primitive says of itself beside its type. Members of unions have it as theirs. */
function extraOf(node: JsonNode, own: readonly string[]): Pick<DataType & { readonly kind: 'array' }, 'extra'> {
  const properties = others(node, ['type', 'alias', ...own]);
  return Object.keys(properties).length === 0 ? {} : { extra: { properties, at: node.at } };
}

function reference(node: JsonNode, name: string, namespace: string): DataType {
  if (isPrimitiveType(name)) return { kind: 'primitive', name };
  if (!/^[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*$/.test(name)) return node.fail(`\`${name}\` is no name of a type`);
  return { kind: 'named', name: name.includes('.') || namespace === '' ? name : `${namespace}.${name}`, at: node.at };
}

function fullName(node: JsonNode, outer: string): string {
  const name = node.need('name').text();
  if (!/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/.test(name))
    return node.need('name').fail(`\`${name}\` is no name for a type`);
  if (name.includes('.')) return name;
  const namespace = node.get('namespace')?.text() ?? outer;
  return namespace === '' ? name : `${namespace}.${name}`;
}

function readUnion(node: JsonNode, namespace: string, declared: NamedType[]): DataType {
  const members = node.items().map((item): UnionMember => {
    const alias = item.get('alias');
    if (alias === null)
      return { alias: null, type: readType(item, namespace, declared), doc: null, properties: {}, at: item.at };
    return {
      alias: alias.text(),
      type: readType(item.need('type'), namespace, declared),
      doc: item.get('doc')?.text() ?? null,
      properties: others(item, ['alias', 'type', 'doc']),
      at: item.at,
    };
  });
  return { kind: 'union', members };
}

type ReadNamed = (node: JsonNode, name: string, namespace: string, declared: NamedType[]) => NamedType;

const NAMED: ReadonlyMap<string, ReadNamed> = new Map<string, ReadNamed>([
  ['record', readRecord],
  ['error', readRecord],
  ['enum', readEnum],
  [
    'typeref',
    (node, name, namespace, declared) => ({
      kind: 'typeref',
      ...common(node, name, ['ref']),
      ref: readType(node.need('ref'), namespace, declared),
    }),
  ],
  ['fixed', readFixed],
]);

function readRecord(node: JsonNode, name: string, namespace: string, declared: NamedType[]): NamedType {
  const includes = (node.get('include')?.items() ?? []).map((item) => readType(item, namespace, declared));
  const seen = new Set<string>();
  const fields = node
    .need('fields')
    .items()
    .map((item): RecordField => {
      const field = item.need('name').text();
      if (seen.has(field)) item.need('name').fail(`\`${field}\` is a field already`, 'keep one of them');
      seen.add(field);
      return {
        name: field,
        type: readType(item.need('type'), namespace, declared),
        optional: item.get('optional')?.boolean() ?? false,
        ...defaultOf(item),
        doc: item.get('doc')?.text() ?? null,
        properties: others(item, ['name', 'type', 'optional', 'default', 'doc']),
        at: item.need('name').at,
      };
    });
  return {
    kind: 'record',
    ...common(node, name, ['fields', 'include', 'includesDeclaredBeforeFields']),
    fields,
    includes,
    includesFirst: node.get('includesDeclaredBeforeFields')?.value !== false,
  };
}

function defaultOf(field: JsonNode): Pick<RecordField, 'default' | 'defaultAt'> {
  const node = field.get('default');
  return node === null ? { default: undefined } : { default: node.value, defaultAt: node.at };
}

function readEnum(node: JsonNode, name: string): NamedType {
  const docs = node.get('symbolDocs');
  const properties = node.get('symbolProperties');
  const deprecated = node.get('deprecatedSymbols');
  const seen = new Set<string>();
  const symbols = node
    .need('symbols')
    .items()
    .map((item): EnumSymbol => {
      const symbol = item.text();
      if (seen.has(symbol)) item.fail(`\`${symbol}\` is a symbol already`, 'keep one of them');
      seen.add(symbol);
      const why = deprecated?.get(symbol)?.value;
      const own = properties?.get(symbol)?.object() ?? {};
      return {
        name: symbol,
        doc: docs?.get(symbol)?.text() ?? null,
        properties: why === undefined ? own : { ...own, deprecated: why },
      };
    });
  return {
    kind: 'enum',
    ...common(node, name, ['symbols', 'symbolDocs', 'symbolProperties', 'deprecatedSymbols']),
    symbols,
  };
}

function readFixed(node: JsonNode, name: string): NamedType {
  const size = node.need('size').integer();
  if (size < 0) node.need('size').fail('`size` is a number of bytes');
  return { kind: 'fixed', ...common(node, name, ['size']), size };
}

function common(
  node: JsonNode,
  name: string,
  own: readonly string[],
): Pick<NamedType, 'name' | 'doc' | 'properties' | 'at'> {
  return {
    name,
    doc: node.get('doc')?.text() ?? null,
    properties: others(node, ['type', 'name', 'namespace', 'doc', ...own]),
    at: node.need('name').at,
  };
}

/** Members that mean nothing here are properties. */
function others(node: JsonNode, known: readonly string[]): JsonObject {
  return jsonObject(
    Object.entries(node.object()).filter((member): member is [string, Json] => !known.includes(member[0])),
  );
}

function twice(types: readonly NamedType[]): ParsedTypes['problems'] {
  return types
    .filter(({ name }, index) => types.findIndex((other) => other.name === name) < index)
    .map(({ name, at }) => problem('error', 'pdsc', `\`${name}\` is declared twice`, at, 'keep one of them'));
}
