/** All types that are known, by full name, and the questions that go beyond one type: includes, typerefs, union keys. */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { isJsonArray, stringifyJson } from '../protocol/json.ts';
import type { DataType, NamedType, RecordField, UnionMember } from './data-schema.ts';
import { compareText, problem } from './problem.ts';

/** Where a chain of typerefs ends. */
export type ResolvedType = Exclude<DataType, { kind: 'named' }> | Exclude<NamedType, { kind: 'typeref' }>;

export interface TypeLoader {
  /** The types of the file in which a type of that full name should stand; null when there is none. */
  (fullName: string): readonly NamedType[] | null;
}

/** Typerefs and includes that lead to one another; what is longer was not written by a person. */
const LONGEST_CHAIN = 200;
/** Typerefs that are looked through for a way back. */
const MOST_TYPEREFS = 2000;

/** Fields that were put together once, and what they met of types without a meaning. */
interface KnownFields {
  readonly list: readonly RecordField[];
  readonly met: readonly string[];
}

export class TypeLibrary {
  readonly problems: Diagnostic[] = [];
  readonly #types = new Map<string, NamedType>();
  readonly #aliases = new Map<string, string>();
  readonly #asked = new Set<string>();
  readonly #fields = new Map<string, KnownFields>();
  readonly #load: TypeLoader;
  readonly #broken = new Map<string, string>();
  /** Sentences about types without a meaning, each as often as something asked for one. */
  readonly #met: string[] = [];

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

  /**
   * Remembers a file that cannot be read.
   *
   * @param names - of the types that it seems to declare: full ones, and simple ones where the namespace is not known
   */
  addBroken(file: string, names: Iterable<string>): void {
    for (const name of names) if (!this.#broken.has(name)) this.#broken.set(name, file);
  }

  /** The unreadable file in which the type should be; null when it is known, or nowhere. */
  brokenFileOf(name: string): string | null {
    return this.find(name) === null ? this.#brokenFileOf(name) : null;
  }

  #brokenFileOf(name: string): string | null {
    return this.#broken.get(name) ?? this.#broken.get(name.slice(name.lastIndexOf('.') + 1)) ?? null;
  }

  /** Whether anything has asked for a type without a meaning. */
  get hasFaults(): boolean {
    return this.#met.length > 0;
  }

  /** Runs a reader; `faults` are sentences about the types without a meaning that it asked for. */
  meeting<T>(read: () => T): { readonly value: T; readonly faults: readonly string[] } {
    const before = this.#met.length;
    const value = read();
    return { value, faults: [...new Set(this.#met.slice(before))] };
  }

  /** The type of that full name, or of that alias; null when it is nowhere. */
  find(name: string): NamedType | null {
    const found = this.#find(name);
    const broken = found !== null || this.#broken.size === 0 ? null : this.#brokenFileOf(name);
    if (broken !== null) this.#met.push(`\`${name}\` should be in ${broken}, which cannot be read`);
    return found;
  }

  #find(name: string): NamedType | null {
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
      if (seen.has(named.name)) {
        this.meansItself(named);
        return null;
      }
      if (seen.size >= LONGEST_CHAIN) {
        const message = `before \`${named.name}\` stand more than ${LONGEST_CHAIN} typerefs that mean one another`;
        this.#once(problem('error', 'typeref-cycle', message, named.at, 'let it mean another type'));
        return null;
      }
      seen.add(named.name);
      here = named.ref;
    }
    return here;
  }

  /**
   * Whether a typeref leads back to itself without a record between, which is reported once for each circle. Lists, maps
   * and unions on the way make it no better: Rest.li's own parser refuses them.
   */
  meansItself(typeref: NamedType & { readonly kind: 'typeref' }): boolean {
    const circle = this.#circleOf(typeref);
    if (circle === null) return false;

    // Every member of the circle gives the same report.
    const first = circle.indexOf(circle.toSorted(compareText)[0] ?? '');
    const [name = typeref.name, ...others] = [...circle.slice(first), ...circle.slice(0, first)];
    const by = others.length === 0 ? '' : `, by way of ${others.map((other) => `\`${other}\``).join(', ')}`;
    const message = `the typeref \`${name}\` means itself${by}`;
    const at = this.#find(name)?.at ?? typeref.at;
    this.#once(problem('error', 'typeref-cycle', message, at, 'put a record between, or let it mean another type'));
    this.#met.push(message);
    return true;
  }

  /** The shortest way from a typeref back to it, as the names of typerefs; null when there is none. */
  #circleOf(start: NamedType & { readonly kind: 'typeref' }): readonly string[] | null {
    const from = new Map<string, string | null>([[start.name, null]]);
    for (const name of from.keys()) {
      const here = this.#find(name);
      for (const next of here?.kind === 'typeref' ? this.#typerefsIn(here.ref) : []) {
        if (next === start.name) return wayTo(name, from);
        if (!from.has(next) && from.size < MOST_TYPEREFS) from.set(next, name);
      }
    }
    return null;
  }

  /** The typerefs that a type names, itself or in its items, values and members. */
  #typerefsIn(type: DataType): readonly string[] {
    switch (type.kind) {
      case 'named': {
        const named = this.#find(type.name);
        return named?.kind === 'typeref' ? [named.name] : [];
      }
      case 'array':
        return this.#typerefsIn(type.items);
      case 'map':
        return this.#typerefsIn(type.values);
      case 'union':
        return type.members.flatMap((member) => this.#typerefsIn(member.type));
      default:
        return [];
    }
  }

  /** The fields of a record with those of its includes, in the order of the wire's schema. */
  fieldsOf(record: NamedType & { readonly kind: 'record' }): readonly RecordField[] {
    return this.#fieldsOf(record, new Set());
  }

  #fieldsOf(record: NamedType & { readonly kind: 'record' }, above: ReadonlySet<string>): readonly RecordField[] {
    const known = this.#fields.get(record.name);
    if (known !== undefined) {
      // Whoever asks again for fields that a broken file holds has to meet it again.
      this.#met.push(...known.met);
      return known.list;
    }

    const metBefore = this.#met.length;
    const here = new Set([...above, record.name]);
    const included = record.includes.flatMap((include) => {
      const { value: type, faults } = this.meeting(() => this.resolve(include));
      const at = include.kind === 'named' ? include.at : record.at;
      if (type === null && faults.length > 0) return [];
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
    this.#fields.set(record.name, { list, met: [...new Set(this.#met.slice(metBefore))] });
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

function wayTo(name: string, from: ReadonlyMap<string, string | null>): readonly string[] {
  const way: string[] = [];
  for (let here: string | null = name; here !== null; here = from.get(here) ?? null) way.unshift(here);
  return way;
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
    if (name === 'at' || name === 'defaultAt' || name === 'doc' || name === 'properties' || name === 'extra')
      return undefined;
    return typeof value === 'bigint' ? stringifyJson(value) : value;
  });
}
