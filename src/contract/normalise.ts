/**
 * A contract as it was written into the contract as the program sees it: names resolved, defaults filled in, what
 * batches inherit taken over. Expects a source that fits the format; what is wrong in meaning is `validity.ts`'s.
 */
import { isJsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import type { KeyShape } from '../protocol/keys.ts';
import type { ResourceKind } from '../protocol/methods.ts';
import type { PathSegment } from '../protocol/request.ts';
import { schemaOf, typeSchema } from '../schema/types.ts';
import type { JsonSchema, Schema, SchemaScope } from '../schema/schema.ts';
import type { Contract, Example, KeyType, ValuePath } from './contract.ts';
import { fieldsOf, headerValuesOf } from './fields.ts';
import type { ContractSource } from './format.ts';
import { normaliseCase, normaliseFlow } from './normalise-cases.ts';
import { normaliseOperations } from './normalise-operations.ts';
import { readOnlyPaths } from './read-only.ts';
import type { SourceFile } from './source.ts';

export interface NormaliseOptions {
  readonly source: SourceFile;
  /** SHA-256 of the text, hex. */
  readonly hash: string;
  /** What `$ref`s to files reach, by the path as written. */
  readonly files: ReadonlyMap<string, Json>;
}

/** A type as it stands in the contract, made a schema; the same text gives the same schema. */
export type TypeOf = (written: Json) => Schema;

export function normalise(written: ContractSource, { source, hash, files }: NormaliseOptions): Contract {
  const scope = scopeOf(written.types ?? {}, files);
  const typeOf = cachedTypes(scope);
  const kind: ResourceKind = written.kind ?? 'collection';
  const key = written.key === undefined ? null : keyTypeOf(written.key, kind, typeOf);
  const path = written.path ?? `/${written.resource}`;
  const parents = parentsOf(path, written.parents ?? {}, typeOf);
  const entity = written.entity === undefined ? null : typeOf(written.entity);

  const operations = normaliseOperations(written, { kind, entity, typeOf });
  return {
    resource: written.resource,
    file: source.file,
    hash,
    path,
    shape: { name: written.resource, segments: segmentsOf(path, parents), kind, key: key?.shape ?? null },
    kind,
    key,
    parents,
    entity,
    types: new Map(Object.keys(written.types ?? {}).map((name) => [name, typeOf(name)])),
    readOnly: distinct([...(written.readOnly ?? []).map(splitPath), ...(entity === null ? [] : readOnlyPaths(entity))]),
    createOnly: (written.createOnly ?? []).map(splitPath),
    dialect: written.dialect ?? 'restli',
    protocol: written.protocol ?? null,
    headers: headerValuesOf(written.headers),
    requestHeaders: fieldsOf(written.request?.headers, typeOf),
    responseHeaders: fieldsOf(written.response?.headers, typeOf),
    vars: new Map(Object.entries(written.vars ?? {})),
    examples: listed(written.examples).map(([example, index]) =>
      exampleOf(example, `/examples/${index}`, key, parents),
    ),
    mock: {
      key: written.mock?.key ?? null,
      onCreate: written.mock?.onCreate ?? {},
      onWrite: written.mock?.onWrite ?? {},
    },
    operations,
    cases: listed(written.cases).map(([spec, index]) => normaliseCase(spec, `/cases/${index}`)),
    flows: listed(written.flows).map(([flow, index]) => normaliseFlow(flow, `/flows/${index}`)),
    doc: written.doc ?? null,
    deprecated: written.deprecated ?? false,
    tags: written.tags ?? [],
    locate: source.locate,
    typeOf,
  };
}

/** Items with their indexes; one that did not fit the format stands as null and is passed over. */
export function listed<T>(items: readonly T[] | undefined): readonly (readonly [T, number])[] {
  return (items ?? []).map((item, index) => [item, index] as const).filter(([item]) => item !== null);
}

/** `loan/reader` -> `['loan', 'reader']` */
export function splitPath(path: string): ValuePath {
  return path.split('/');
}

function distinct(paths: readonly ValuePath[]): readonly ValuePath[] {
  const seen = new Set<string>();
  return paths.filter((path) => {
    const text = path.join('/');
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

function scopeOf(types: Readonly<Record<string, Json>>, files: ReadonlyMap<string, Json>): SchemaScope {
  const declared = { has: (name: string) => Object.hasOwn(types, name) };
  const schemas = new Map<string, JsonSchema>();
  for (const [name, type] of Object.entries(types)) {
    if (typeof type === 'string') schemas.set(name, typeSchema(type, declared) ?? true);
    else if (isJsonObject(type)) schemas.set(name, type);
  }
  return { types: schemas, files };
}

function cachedTypes(scope: SchemaScope): TypeOf {
  const byName = new Map<string, Schema>();
  const byObject = new WeakMap<object, Schema>();
  return (written) => {
    if (typeof written === 'string') {
      const known = byName.get(written) ?? schemaOf(written, scope);
      byName.set(written, known);
      return known;
    }
    if (!isJsonObject(written)) return schemaOf(written, scope);
    const known = byObject.get(written) ?? schemaOf(written, scope);
    byObject.set(written, known);
    return known;
  };
}

function keyTypeOf(written: Readonly<Record<string, Json>>, kind: ResourceKind | null, typeOf: TypeOf): KeyType {
  const { $params, ...rest } = written;
  const parts = new Map(Object.entries(rest).map(([name, type]) => [name, typeOf(type)]));
  const params = isJsonObject($params) ? fieldsOf($params, typeOf) : null;
  return { shape: keyShape([...parts.keys()], params !== null, kind), parts, params };
}

/** Without a kind (a parent, whose own contract may not be at hand) several parts without parameters are taken as compound: the text is the same. */
function keyShape(parts: readonly string[], params: boolean, kind: ResourceKind | null): KeyShape {
  if (kind === 'association' || (kind === null && parts.length > 1 && !params)) return { kind: 'compound', parts };
  if (parts.length === 1 && !params) return { kind: 'simple' };
  return { kind: 'complex', parts, params };
}

function parentsOf(
  path: string,
  written: Readonly<Record<string, Json>>,
  typeOf: TypeOf,
): ReadonlyMap<string, KeyType> {
  const parents = new Map<string, KeyType>();
  for (const variable of variablesOfPath(path)) {
    const type = Object.hasOwn(written, variable) ? written[variable] : undefined;
    const key = isJsonObject(type) ? type['$key'] : undefined;
    if (isJsonObject(key)) parents.set(variable, keyTypeOf(key, null, typeOf));
    else
      parents.set(variable, {
        shape: { kind: 'simple' },
        parts: new Map([[variable, typeOf(type ?? 'string')]]),
        params: null,
      });
  }
  return parents;
}

export function variablesOfPath(path: string): readonly string[] {
  return [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? '');
}

function segmentsOf(path: string, parents: ReadonlyMap<string, KeyType>): readonly PathSegment[] {
  return path
    .slice(1)
    .split('/')
    .map((segment): PathSegment => {
      const variable = /^\{(.+)\}$/.exec(segment)?.[1];
      if (variable === undefined) return { literal: segment };
      return { variable, key: parents.get(variable)?.shape ?? { kind: 'simple' } };
    });
}

function exampleOf(
  example: JsonObject,
  pointer: string,
  key: KeyType | null,
  parents: ReadonlyMap<string, KeyType>,
): Example {
  const { $key, $parents, ...entity } = example;
  const given = isJsonObject($parents) ? $parents : {};
  const values = new Map<string, Json>();
  for (const variable of parents.keys()) {
    values.set(variable, Object.hasOwn(given, variable) ? (given[variable] ?? null) : `\${${variable}}`);
  }
  return { key: $key ?? (key === null ? null : keyFromEntity(entity, key)), parents: values, entity, pointer };
}

/** The key that an entity carries in members named as the key's parts; null if one is missing. */
export function keyFromEntity(entity: JsonObject, key: KeyType): Json | null {
  const parts: [string, Json][] = [];
  for (const name of key.parts.keys()) {
    const value = Object.hasOwn(entity, name) ? entity[name] : undefined;
    if (value === undefined) return null;
    parts.push([name, value]);
  }
  return key.shape.kind === 'simple' ? (parts[0]?.[1] ?? null) : Object.fromEntries(parts);
}
