/**
 * Where a `$ref` leads: `#/types/NAME` to the contract's types and the primitives, `./file.json#/pointer` to a file,
 * `#/pointer` into the schema or file that holds it.
 */
import { isJsonArray, isJsonObject, type Json } from '../protocol/json.ts';
import { escapeSegment, parsePointer, valueAt } from '../protocol/pointer.ts';
import type { JsonSchema, Schema, SchemaScope } from './schema.ts';
import { primitiveSchema } from './types.ts';

/** A schema together with the document that it stands in, which its own `$ref`s are read against. */
export interface Located {
  readonly json: JsonSchema;
  readonly document: SchemaDocument;
  /**
   * The schema's place: from the schema's own root, or, through `#/types/NAME`, from the contract's root. Null in a
   * file and in a primitive, which have no place in the contract.
   */
  readonly pointer: string | null;
  /** The same for the same place: what caches and cycle checks compare. */
  readonly identity: string;
  /** The declared or primitive name that was followed, null for other places. */
  readonly name: string | null;
  readonly isPrimitive: boolean;
}

export interface SchemaDocument {
  readonly root: Json;
  /** Path as the `$ref` wrote it; null for what stands in the contract. */
  readonly file: string | null;
  readonly identity: string;
  /** Pointer of `root` in the contract; null in a file. */
  readonly pointer: string | null;
}

/** The schema itself as the place where reading begins. */
export function locate(schema: Schema): Located {
  const document = { root: schema.json, file: null, identity: 'root', pointer: '' };
  return { json: schema.json, document, pointer: '', identity: 'root', name: schema.name, isPrimitive: false };
}

/** The schema a reference means, or null when it leads nowhere or to what is no schema. Follows one step only. */
export function resolveRef(ref: string, from: SchemaDocument, scope: SchemaScope): Located | null {
  const hash = ref.indexOf('#');
  const file = hash < 0 ? ref : ref.slice(0, hash);
  const segments = parsePointer(hash < 0 ? '' : decodeFragment(ref.slice(hash + 1)));
  if (segments === null) return null;

  if (file !== '') {
    const found = findFile(file, from.file, scope.files);
    return found === null ? null : inside(found, segments);
  }
  // A file may have a `types` of its own, and may otherwise use the contract's names.
  if (from.file !== null) return inside(from, segments) ?? inTypes(segments, scope);
  return inTypes(segments, scope) ?? inside(from, segments);
}

/** Follows `$ref` after `$ref` to the first schema that says something itself; null on a dangling or circular chain. */
export function resolveFully(start: Located, scope: SchemaScope): Located | null {
  const seen = new Set<string>();
  let here: Located | null = start;
  while (here !== null && isJsonObject(here.json) && typeof here.json['$ref'] === 'string') {
    if (seen.has(here.identity)) return null;
    seen.add(here.identity);
    here = resolveRef(here.json['$ref'], here.document, scope);
  }
  return here;
}

/** A schema found below another one, in the same document. */
export function child(parent: Located, json: JsonSchema, path: string): Located {
  return {
    json,
    document: parent.document,
    pointer: parent.pointer === null ? null : parent.pointer + path,
    identity: parent.identity + path,
    name: null,
    isPrimitive: false,
  };
}

/** Whether a value can be read as a schema at all. */
export function isSchema(value: Json | undefined): value is JsonSchema {
  return typeof value === 'boolean' || isJsonObject(value);
}

function inTypes(segments: readonly string[], scope: SchemaScope): Located | null {
  const [first, name, ...rest] = segments;
  if (first !== 'types' || name === undefined) return null;

  const declared = scope.types.get(name);
  const root = declared ?? primitiveSchema(name);
  if (root === null) return null;
  const pointer = declared === undefined ? null : `/types/${escapeSegment(name)}`;
  const document = { root, file: null, identity: `/types/${escapeSegment(name)}`, pointer };
  const found = inside(document, rest);
  return found === null || rest.length > 0 ? found : { ...found, name, isPrimitive: declared === undefined };
}

function inside(document: SchemaDocument, segments: readonly string[]): Located | null {
  const json = valueAt(document.root, segments);
  if (!isSchema(json)) return null;

  const path = segments.map((segment) => `/${escapeSegment(segment)}`).join('');
  return {
    json,
    document,
    pointer: document.pointer === null ? null : document.pointer + path,
    identity: document.identity + path,
    name: segments.at(-1) ?? null,
    isPrimitive: false,
  };
}

function findFile(written: string, from: string | null, files: ReadonlyMap<string, Json>): SchemaDocument | null {
  for (const path of [...(from === null ? [] : joined(from, written)), written]) {
    const root = files.get(path);
    if (root !== undefined && !isJsonArray(root)) return { root, file: path, identity: `file:${path}#`, pointer: null };
  }
  return null;
}

/** `./a/b.json` and `../c.json` -> `./c.json`, with and without the leading `./`. */
function joined(from: string, written: string): string[] {
  const parts: string[] = [];
  for (const part of [...from.split('/').slice(0, -1), ...written.split('/')]) {
    if (part === '.' || part === '') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  const path = parts.join('/');
  return [`./${path}`, path];
}

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
