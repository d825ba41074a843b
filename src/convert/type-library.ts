/** All types that are known, by full name, and the questions that go beyond one type: includes, typerefs, union keys. */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { isJsonArray, stringifyJson } from '../protocol/json.ts';
import type { DataType, NamedType, RecordField, UnionMember } from './data-schema.ts';
import { problem } from './problem.ts';

/** Where a chain of typerefs ends. */
export type ResolvedType = Exclude<DataType, { kind: 'named' }> | Exclude<NamedType, { kind: 'typeref' }>;

export interface TypeLoader {
  /** The types of the file in which a type of that full name should stand; null when there is none. */
  (fullName: string): readonly NamedType[] | null;
}

/** Typerefs and includes that lead to one another; what is longer was not written by a person. */
const LONGEST_CHAIN = 200;

export class TypeLibrary {
  readonly problems: Diagnostic[] = [];
  readonly #types = new Map<string, NamedType>();
  readonly #aliases = new Map<string, string>();
  readonly #asked = new Set<string>();
  readonly #fields = new Map<string, readonly RecordField[]>();
  readonly #load: TypeLoader;

  constructor(load: TypeLoader = () => null) {
    this.#load = load;
  }

  /** Adds types; of two definitions of one name the first stays, and a second that differs is reported. */
  add(types: readonly NamedType[]): void {
    for (const type of types) {
      const known = this.#types.get(type.name);
      if (known === undefined) this.#types.set(type.name, type);
      else if (shapeOf(known) !== shapeOf(type)) {
        this.problems.push({
          ...problem(
            'warning',
            'type-twice',
            `\`${type.name}\` is defined here and elsewhere, not alike; the other one counts`,
            type.at,
            'keep one definition',
          ),
          related: [{ at: known.at, message: 'this one counts' }],
        });
      }
      for (const alias of aliasesOf(type)) if (!this.#aliases.has(alias)) this.#aliases.set(alias, type.name);
    }
  }

  /** The type of that full name, or of that alias; null when it is nowhere. */
  find(name: string): NamedType | null {
    const known = this.#types.get(name) ?? this.#types.get(this.#aliases.get(name) ?? '');
    if (known !== undefined || this.#asked.has(name)) return known ?? null;
    this.#asked.add(name);
    this.add(this.#load(name) ?? []);
    return this.#types.get(name) ?? this.#types.get(this.#aliases.get(name) ?? '') ?? null;
  }

  /** Follows names and typerefs; null where a type is nowhere or a typeref ends in itself. */
  resolve(type: DataType): ResolvedType | null {
    const seen = new Set<string>();
    let here: DataType = type;
    while (here.kind === 'named') {
      const named = this.find(here.name);
      if (named === null) return null;
      if (named.kind !== 'typeref') return named;
      if (seen.has(named.name) || seen.size >= LONGEST_CHAIN) {
        const message = seen.has(named.name)
          ? `the typeref \`${named.name}\` means itself`
          : `before \`${named.name}\` stand more than ${LONGEST_CHAIN} typerefs that mean one another`;
        this.#once(problem('error', 'typeref-cycle', message, named.at, 'let it mean another type'));
        return null;
      }
      seen.add(named.name);
      here = named.ref;
    }
    return here;
  }

  /** The fields of a record with those of its includes, in the order of the wire's schema. */
  fieldsOf(record: NamedType & { readonly kind: 'record' }): readonly RecordField[] {
    return this.#fieldsOf(record, new Set());
  }

  #fieldsOf(record: NamedType & { readonly kind: 'record' }, above: ReadonlySet<string>): readonly RecordField[] {
    const known = this.#fields.get(record.name);
    if (known !== undefined) return known;

    const here = new Set([...above, record.name]);
    const included = record.includes.flatMap((include) => {
      const type = this.resolve(include);
      const at = include.kind === 'named' ? include.at : record.at;
      if (type === null) {
        const name = include.kind === 'named' ? include.name : include.kind;
        this.#once(
          problem(
            'warning',
            'type-not-found',
            `\`${record.name}\` includes \`${name}\`, which is nowhere; its fields are missing`,
            at,
            'hand in the file that defines it',
          ),
        );
        return [];
      }
      if (type.kind !== 'record') {
        this.#once(
          problem('error', 'include', `\`${record.name}\` includes what is no record`, at, 'include a record'),
        );
        return [];
      }
      const isCircle = here.has(type.name);
      if (isCircle || here.size >= LONGEST_CHAIN) {
        const message = isCircle
          ? `\`${record.name}\` includes itself`
          : `below \`${record.name}\` more than ${LONGEST_CHAIN} records include one another`;
        this.#once(problem('error', 'include-cycle', message, at, 'drop one of the includes'));
        return [];
      }
      return this.#fieldsOf(type, here);
    });

    const all = record.includesFirst ? [...included, ...record.fields] : [...record.fields, ...included];
    const fields = new Map<string, RecordField>();
    for (const field of all) {
      if (fields.has(field.name))
        this.#once(
          problem(
            'error',
            'field-twice',
            `\`${record.name}\` has two fields \`${field.name}\``,
            field.at,
            'rename one, or drop the include',
          ),
        );
      else fields.set(field.name, field);
    }
    const list = [...fields.values()];
    if (above.size === 0) this.#fields.set(record.name, list);
    return list;
  }

  /** The name under which a member stands in the union's object; null for the member `null`, which has none. */
  memberKey({ alias, type }: UnionMember): string | null {
    if (alias !== null) return alias;
    const resolved = this.resolve(type);
    if (resolved === null) return type.kind === 'named' ? type.name : type.kind;
    if (resolved.kind === 'primitive') return resolved.name === 'null' ? null : resolved.name;
    return 'name' in resolved ? resolved.name : resolved.kind;
  }

  #once(found: Diagnostic): void {
    const isKnown = this.problems.some(
      ({ code, message, at }) => code === found.code && message === found.message && at?.file === found.at?.file,
    );
    if (!isKnown) this.problems.push(found);
  }
}

/** `@aliases = ["Other"]`: simple names stand in the namespace of the type. */
function aliasesOf({ name, properties }: NamedType): readonly string[] {
  const { aliases } = properties;
  if (!isJsonArray(aliases)) return [];
  const namespace = name.slice(0, name.lastIndexOf('.') + 1);
  return aliases
    .filter((alias) => typeof alias === 'string')
    .map((alias) => (alias.includes('.') ? alias : namespace + alias));
}

/** What makes two definitions the same: everything but places and documentation. */
function shapeOf(type: NamedType): string {
  return JSON.stringify(type, (name, value: unknown) => {
    if (name === 'at' || name === 'doc' || name === 'properties' || name === 'extra') return undefined;
    return typeof value === 'bigint' ? stringifyJson(value) : value;
  });
}
