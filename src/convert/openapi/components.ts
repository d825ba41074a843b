/**
 * The types of contracts as `components/schemas` of one document: `#/types/NAME`, `./file.json#/pointer` and places
 * inside a file all become references into it.
 */
import { joinRef } from '../../contract/file-refs.ts';
import type { Contract } from '../../contract/contract.ts';
import { isJsonArray, isJsonObject, jsonEquals, jsonObject, type Json, type JsonObject } from '../../protocol/json.ts';
import { parsePointer } from '../../protocol/pointer.ts';
import { compareText } from '../problem.ts';

type Schema = ReturnType<Contract['typeOf']>;

const COMPONENTS = '#/components/schemas/';

/** Where a schema stands while its references are rewritten. */
interface Place {
  readonly contract: Contract;
  readonly scope: Schema['scope'];
  /** Path of the file that holds it, as references write it; null: the contract. */
  readonly file: string | null;
  /** Component that holds it, for `#/…`; null outside of one. */
  readonly component: string | null;
}

export class Components {
  readonly #schemas = new Map<string, Json>();
  /** Contract or file with the name in it -> component. */
  readonly #names = new Map<string, string>();

  /** A schema of a contract, fit for the document. */
  of(schema: Schema, contract: Contract): JsonObject {
    const json = this.#rewrite(schema.json, { contract, scope: schema.scope, file: null, component: null });
    return isJsonObject(json) ? json : json === false ? { not: {} } : {};
  }

  /** A component that is the same for all contracts. */
  shared(name: string, schema: JsonObject): JsonObject {
    if (!this.#schemas.has(name)) this.#schemas.set(name, schema);
    return { $ref: COMPONENTS + name };
  }

  /** What a schema refers to, if it is a reference to a component; otherwise itself. */
  resolve(schema: Json): Json {
    if (!isJsonObject(schema) || typeof schema['$ref'] !== 'string') return schema;
    const [name = '', ...rest] = parsePointer(schema['$ref'].slice(COMPONENTS.length - 1)) ?? [];
    const component = this.#schemas.get(name);
    return rest.length > 0 || component === undefined ? schema : component;
  }

  toJson(): JsonObject {
    return jsonObject([...this.#schemas].toSorted(([a], [b]) => compareText(a, b)));
  }

  #rewrite(value: Json, place: Place): Json {
    if (isJsonArray(value)) return value.map((item) => this.#rewrite(item, place));
    if (!isJsonObject(value)) return value;
    const members = Object.entries(value).flatMap(([name, member]): [string, Json][] => {
      if (name === '$ref' && typeof member === 'string') return Object.entries(this.#reference(member, place));
      // Examples and defaults are values; a member `$ref` in them is none.
      if (name === 'default' || name === 'const' || name === 'enum' || name === 'examples') return [[name, member]];
      return name === '$schema' || name === '$id' ? [] : [[name, this.#rewrite(member, place)]];
    });
    return jsonObject(members);
  }

  #reference(ref: string, place: Place): JsonObject {
    const [path = '', fragment = ''] = ref.split('#');
    const segments = parsePointer(decode(fragment)) ?? [];
    if (path !== '') return this.#inFile(this.#pathOf(path, place), fragment, place);
    if (segments[0] === 'types' && segments[1] !== undefined && (place.file === null || !this.#hasTypes(place)))
      return this.#declared(segments[1], segments.slice(2), place);
    return place.component === null ? {} : { $ref: `${COMPONENTS}${place.component}${fragment}` };
  }

  #hasTypes({ file, scope }: Place): boolean {
    const root = file === null ? undefined : scope.files.get(file);
    return isJsonObject(root) && Object.hasOwn(root, 'types');
  }

  #declared(name: string, rest: readonly string[], { contract, scope }: Place): JsonObject {
    const type = scope.types.get(name);
    if (type === undefined) {
      // A primitive: short enough to stand where it is used.
      const { json } = contract.typeOf(name);
      return isJsonObject(json) ? json : {};
    }
    const only = isJsonObject(type) && Object.keys(type).length === 1 ? type['$ref'] : undefined;
    // An entry that only leads on needs no component of its own.
    if (typeof only === 'string' && !only.startsWith('#') && rest.length === 0)
      return this.#reference(only, { contract, scope, file: null, component: null });
    const component = this.#add(name, `${contract.resource} ${name}`, type, (own) => ({
      contract,
      scope,
      file: null,
      component: own,
    }));
    return {
      $ref:
        COMPONENTS +
        component +
        rest.map((segment) => `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    };
  }

  #inFile(path: string | null, fragment: string, { contract, scope }: Place): JsonObject {
    const root = path === null ? undefined : scope.files.get(path);
    if (path === null || root === undefined) return {};
    const title =
      isJsonObject(root) && typeof root['title'] === 'string' && /^[\w.-]+$/.test(root['title']) ? root['title'] : null;
    const stem = path.slice(path.lastIndexOf('/') + 1).replace(/(\.schema)?\.json$/, '');
    const component = this.#add(title ?? stem, `${path} of ${folderOf(contract.file)}`, root, (own) => ({
      contract,
      scope,
      file: path,
      component: own,
    }));
    return { $ref: COMPONENTS + component + fragment };
  }

  #pathOf(written: string, { file, scope }: Place): string | null {
    const candidates =
      file === null ? [written] : [joinRef(file, written), joinRef(file, written).replace(/^\.\//, ''), written];
    return candidates.find((candidate) => scope.files.has(candidate)) ?? null;
  }

  /** The component for what `origin` names; two origins with equal schemas share one, with unlike ones take different names. */
  #add(wanted: string, origin: string, json: Json, place: (component: string) => Place): string {
    const known = this.#names.get(origin);
    if (known !== undefined) return known;

    const base = wanted.replace(/[^\w.-]/g, '_');
    for (let count = 1; ; count++) {
      const name = count === 1 ? base : `${base}${count}`;
      const taken = this.#schemas.get(name);
      this.#names.set(origin, name);
      if (taken === undefined) {
        // Taken before its own references are followed: they may lead back.
        this.#schemas.set(name, {});
        this.#schemas.set(name, this.#rewrite(json, place(name)));
        return name;
      }
      if (jsonEquals(taken, this.#rewrite(json, place(name)))) return name;
    }
  }
}

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/') + 1);
}

function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
