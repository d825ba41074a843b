/**
 * A schema and everything its `$ref`s reach, as one document that ajv can compile, in the variant asked for.
 *
 * Every object of the document remembers which written schema it came from, so that a problem can be told in the
 * author's words and with the author's position.
 */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { escapeSegment } from '../protocol/pointer.ts';
import { EXACT_RANGE, EXACT_TYPE } from './engine.ts';
import { KEYWORDS, textsIn } from './keywords.ts';
import { child, isSchema, locate, type Located, resolveFully, resolveRef } from './refs.ts';
import type { JsonSchema, Schema, SchemaScope, SchemaVariant } from './schema.ts';
import { INTEGER_RANGES } from './types.ts';

type Paths = readonly (readonly string[])[];
/** A schema object on its way into the document. */
type Draft = Record<string, unknown>;

export interface Bundle {
  /** What ajv compiles: `{ $defs, $ref }`. */
  readonly document: Draft;
  /** Schema object of the document -> the written schema, and the object's own place in the document. */
  readonly origins: WeakMap<object, Origin>;
  readonly scope: SchemaScope;
}

export interface Origin {
  readonly located: Located;
  /** `#/$defs/d3/properties/a`, for a `$ref` to it. */
  readonly place: string;
}

export interface BundleOptions {
  readonly variant: SchemaVariant;
  /** Paths of members that only the server sets. */
  readonly readOnly: Paths;
}

export function bundle(schema: Schema, options: BundleOptions): Bundle {
  return new Bundler(schema.scope, options.variant).bundle(locate(schema), options.readOnly);
}

/** A document for one schema inside a bundle: one branch of an `anyOf`. */
export function bundleAt(whole: Bundle, place: string): Draft {
  return { $defs: whole.document['$defs'], $ref: place };
}

/** Formats that say how large a number is; on text they mean nothing. */
const NUMBER_FORMATS = new Set([...INTEGER_RANGES.keys(), 'float', 'double']);
const NUMERIC_TYPES = new Set(['integer', 'number']);
/** Names that concern documents, not values; ajv would resolve against them. */
const DROPPED = new Set([
  '$id',
  '$schema',
  '$anchor',
  '$dynamicRef',
  '$dynamicAnchor',
  '$defs',
  'definitions',
  '$comment',
]);
/** Keywords that ask for members, and those that turn around when a member is no longer asked for. */
const OWED = new Set([
  'required',
  'minProperties',
  'dependentRequired',
  'dependentSchemas',
  'not',
  'if',
  'then',
  'else',
]);
/** Keywords where ajv reports `false` itself, naming the member or item that is too much. */
const CLOSING = new Set(['additionalProperties', 'unevaluatedProperties', 'items', 'unevaluatedItems']);
const INVERTING = new Set(['not', 'if']);

class Bundler {
  readonly #scope: SchemaScope;
  readonly #variant: SchemaVariant;
  readonly #defs: Draft = Object.create(null);
  readonly #ids = new Map<string, string>();
  readonly #origins = new WeakMap<object, Origin>();
  /** Counts `required` names left out, to see whether a branch changed. */
  #dropped = 0;

  constructor(scope: SchemaScope, variant: SchemaVariant) {
    this.#scope = scope;
    this.#variant = variant;
  }

  bundle(root: Located, readOnly: Paths): Bundle {
    const $ref = this.#define(root, readOnly);
    return { document: { $defs: this.#defs, $ref }, origins: this.#origins, scope: this.#scope };
  }

  /** Puts a schema among the definitions once for each set of paths below it, and returns the reference to it. */
  #define(located: Located, paths: Paths): string {
    const key = `${located.identity} ${paths.length === 0 ? '' : JSON.stringify(paths)}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;

    const id = `d${this.#ids.size}`;
    const place = `#/$defs/${id}`;
    this.#ids.set(key, place);
    this.#defs[id] = this.#rewrite(located, paths, place, false);
    return place;
  }

  #rewrite(located: Located, paths: Paths, place: string, inverted: boolean): object {
    const schema = located.json;
    // `false` becomes an object: only objects can remember where they came from.
    const draft: Draft = Object.create(null);
    this.#origins.set(draft, { located, place });
    if (schema === true) return draft;
    if (schema === false) return Object.assign(draft, { not: {} });

    for (const [keyword, value] of Object.entries(schema)) {
      if (DROPPED.has(keyword)) continue;
      if (this.#variant === 'partial' && OWED.has(keyword)) continue;
      this.#copy(draft, keyword, value, {
        located,
        schema,
        paths,
        place,
        inverted: inverted || INVERTING.has(keyword),
      });
    }
    return draft;
  }

  #copy(draft: Draft, keyword: string, value: Json, at: Context): void {
    if (keyword === '$ref') this.#copyRef(draft, value, at);
    else if (keyword === 'type') this.#copyType(draft, value);
    else if (keyword === 'format')
      draft[typeof value === 'string' && NUMBER_FORMATS.has(value) ? EXACT_RANGE : 'format'] = value;
    else if (keyword === 'required') draft['required'] = this.#owed(value, at);
    else if (keyword === 'properties' && isJsonObject(value)) this.#copyProperties(draft, value, at);
    else if (keyword === 'patternProperties') this.#addPatterns(draft, this.#copyValue(keyword, value, at));
    else if (keyword === 'oneOf') this.#copyOneOf(draft, value, at);
    else draft[keyword] = this.#copyValue(keyword, value, at);
  }

  #copyValue(keyword: string, value: Json, at: Context): unknown {
    const holds = KEYWORDS.get(keyword);
    const path = `/${keyword}`;
    if (value === false && CLOSING.has(keyword)) return false;
    if (holds === 'schema' && isSchema(value)) return this.#sub(at, value, path, below(at.paths, keyword));
    if (holds === 'list' && isJsonArray(value)) {
      return value.map((item, i) =>
        isSchema(item) ? this.#sub(at, item, `${path}/${i}`, below(at.paths, keyword)) : true,
      );
    }
    if (holds === 'map' && isJsonObject(value)) {
      const map: Draft = Object.create(null);
      for (const [name, item] of Object.entries(value)) {
        map[name] = isSchema(item)
          ? this.#sub(at, item, `${path}/${escapeSegment(name)}`, below(at.paths, keyword))
          : item;
      }
      return map;
    }
    return value;
  }

  #sub(at: Context, json: JsonSchema, path: string, paths: Paths): object {
    const place = at.place + path.split('/').map(encodeURIComponent).join('/');
    return this.#rewrite(child(at.located, json, path), paths, place, at.inverted);
  }

  /** Primitives are written out where they are used: faster, and a problem points at the place that uses them. */
  #copyRef(draft: Draft, value: Json, at: Context): void {
    const target = typeof value === 'string' ? resolveRef(value, at.located.document, this.#scope) : null;
    if (target === null) return;

    const clashes =
      target.isPrimitive &&
      isJsonObject(target.json) &&
      Object.keys(target.json).some((name) => Object.hasOwn(at.schema, name));
    if (!target.isPrimitive || clashes || !isJsonObject(target.json)) draft['$ref'] = this.#define(target, at.paths);
    else for (const [keyword, part] of Object.entries(target.json)) this.#copy(draft, keyword, part, at);
  }

  #copyType(draft: Draft, value: Json): void {
    const names = textsIn(isJsonArray(value) ? value : [value]);
    if (names.some((name) => NUMERIC_TYPES.has(name))) draft[EXACT_TYPE] = names;
    else draft['type'] = value;
  }

  /** ajv passes over a property called `__proto__`, but not over a pattern that matches it. */
  #copyProperties(draft: Draft, properties: JsonObject, at: Context): void {
    const map: Draft = Object.create(null);
    for (const [name, item] of Object.entries(properties)) {
      const sub = isSchema(item)
        ? this.#sub(at, item, `/properties/${escapeSegment(name)}`, under(at.paths, name))
        : {};
      if (name === '__proto__') this.#addPatterns(draft, { '^__proto__$': sub });
      else map[name] = sub;
    }
    draft['properties'] = map;
  }

  /** Beside those that are there already. */
  #addPatterns(draft: Draft, patterns: unknown): void {
    draft['patternProperties'] = Object.assign(Object.create(null), draft['patternProperties'], patterns);
  }

  /** Where members are no longer asked for, several branches of a `oneOf` may fit. */
  #copyOneOf(draft: Draft, value: Json, at: Context): void {
    const before = this.#dropped;
    const branches = this.#copyValue('oneOf', value, at);
    const loose = this.#variant === 'partial' || this.#dropped > before;
    draft[loose && draft['anyOf'] === undefined ? 'anyOf' : 'oneOf'] = branches;
  }

  #owed(value: Json, at: Context): Json {
    if (this.#variant === 'whole' || at.inverted || !isJsonArray(value)) return value;
    const owed = textsIn(value).filter((name) => !this.#isReadOnly(name, at));
    this.#dropped += value.length - owed.length;
    return owed;
  }

  #isReadOnly(name: string, at: Context): boolean {
    if (at.paths.some((path) => path.length === 1 && path[0] === name)) return true;
    const properties = at.schema['properties'];
    const property = isJsonObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (!isSchema(property)) return false;
    return [child(at.located, property, ''), resolveFully(child(at.located, property, ''), this.#scope)].some(
      (found) => found !== null && isJsonObject(found.json) && found.json['readOnly'] === true,
    );
  }
}

interface Context {
  readonly located: Located;
  readonly schema: JsonObject;
  readonly paths: Paths;
  readonly place: string;
  /** Inside `not` or `if`, where less asked for means more refused. */
  readonly inverted: boolean;
}

/** Paths that go on below the member. */
function under(paths: Paths, name: string): Paths {
  if (paths.length === 0) return paths;
  return paths.filter((path) => path.length > 1 && path[0] === name).map((path) => path.slice(1));
}

/** Paths below a keyword other than `properties`: an index or `*` of a path meets the items of a list. */
function below(paths: Paths, keyword: string): Paths {
  if (paths.length === 0 || !ITEMS.has(keyword)) return paths;
  return paths
    .filter((path) => path.length > 1 && /^(?:\*|\$\*|\d+)$/.test(path[0] ?? ''))
    .map((path) => path.slice(1));
}
const ITEMS = new Set(['items', 'prefixItems', 'additionalProperties', 'patternProperties', 'unevaluatedItems']);
