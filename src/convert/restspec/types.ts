/**
 * Types as one contract writes them: primitives and lists by name, everything that has a name through an entry of
 * `types` that leads to its file.
 */
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { isJsonObject, jsonObject, type Json, type JsonObject } from '../../protocol/json.ts';
import type { DataType, NamedType, RecordField } from '../data-schema.ts';
import {
  fieldExtras,
  hasDefinition,
  notFound,
  primitiveSchema,
  schemaOfType,
  type SchemaContext,
} from '../json-schema.ts';
import { compareText } from '../problem.ts';
import type { TypeLibrary } from '../type-library.ts';
import type { TypeNames } from '../type-names.ts';

/** Folder of the schemas, as contracts see it. */
export const SCHEMA_FOLDER = './schemas/';

export class ContractTypes {
  readonly library: TypeLibrary;
  /** Every type that the contract names. */
  readonly fullNames = new Set<string>();
  /** Records whose fields it writes instead: keys and criteria. */
  readonly inPieces = new Set<string>();
  /** Types without a name that it writes out. */
  readonly anonymous = new Set<DataType>();
  readonly #names: TypeNames;
  readonly #note: (found: Diagnostic) => void;
  readonly #used = new Map<string, Json>();
  readonly #context: SchemaContext;

  constructor(library: TypeLibrary, names: TypeNames, note: (found: Diagnostic) => void) {
    this.library = library;
    this.#names = names;
    this.#note = note;
    this.#context = { library, note, refTo: (name) => `#/types/${this.#use(name, null)}` };
  }

  /** A type where the contract takes one: `long`, `Tone`, `Tone[]`, or a schema. */
  written(type: DataType): Json {
    if (type.kind !== 'named') this.anonymous.add(type);
    switch (type.kind) {
      case 'primitive':
        return type.name === 'null' ? primitiveSchema('null') : type.name;
      case 'named':
        return this.#use(type.name, type);
      case 'array': {
        const items = this.written(type.items);
        return typeof items === 'string' ? `${items}[]` : { type: 'array', items };
      }
      default:
        return schemaOfType(type, this.#context);
    }
  }

  /** The type of a field or parameter. With documentation, default or limits it is a schema, else the shortest text. */
  ofField(field: Omit<RecordField, 'optional'>): Json {
    const short = this.written(field.type);
    const extras = fieldExtras(field, this.#context);
    if (Object.keys(extras).length === 0) return short;
    return {
      ...(typeof short === 'string' ? this.#base(field.type, short) : isJsonObject(short) ? short : {}),
      ...extras,
    };
  }

  /** The entries of `types`, by name; undefined when there is none. */
  entries(): JsonObject | undefined {
    const entries = [...this.#used].toSorted(([a], [b]) => compareText(a, b));
    return entries.length === 0 ? undefined : jsonObject(entries);
  }

  /** Whether something has named the type already. */
  uses(name: string): boolean {
    return this.#used.has(this.#names.short(name));
  }

  /** What the entry of a type would hold, for a place that needs no name. */
  direct(type: DataType & { readonly kind: 'named' }): Json {
    const named = this.library.find(type.name);
    if (named === null) this.#noteNotFound(type);
    this.fullNames.add(named?.name ?? type.name);
    return this.#entry(named?.name ?? type.name);
  }

  /** The fields of a record that the contract writes in its place, without naming it. */
  dissolved(record: NamedType & { readonly kind: 'record' }): readonly RecordField[] {
    this.inPieces.add(record.name);
    return this.library.fieldsOf(record);
  }

  shortName(name: string): string {
    return this.#names.short(name);
  }

  note(found: Diagnostic): void {
    this.#note(found);
  }

  /** `{ type: string }` for what everyone knows, a reference for the rest. */
  #base(type: DataType, short: string): JsonObject {
    if (type.kind === 'primitive') {
      const schema = primitiveSchema(type.name);
      return Object.keys(schema).length === 1 ? schema : { $ref: `#/types/${short}` };
    }
    return type.kind === 'array' ? schemaOfType(type, this.#context) : { $ref: `#/types/${short}` };
  }

  #use(name: string, reference: (DataType & { readonly kind: 'named' }) | null): string {
    const named = this.library.find(name);
    const short = this.#names.short(named?.name ?? name);
    this.fullNames.add(named?.name ?? name);
    if (!this.#used.has(short)) {
      if (named === null && reference !== null) this.#noteNotFound(reference);
      this.#used.set(short, this.#entry(named?.name ?? name));
    }
    return short;
  }

  /** A broken file has been told, and no contract that needs it is written. */
  #noteNotFound({ name, at }: DataType & { readonly kind: 'named' }): void {
    if (this.library.brokenFileOf(name) === null) this.#note(notFound(name, at));
  }

  #entry(name: string): Json {
    const named = this.library.find(name);
    if (named === null) return { description: `${name}, whose definition was not at hand.` };
    if (hasDefinition(named, this.library)) return { $ref: `${SCHEMA_FOLDER}${this.#names.file(named.name)}` };
    return this.#ofPrimitive(named);
  }

  /** A typeref that means a primitive. */
  #ofPrimitive(named: NamedType): Json {
    const schema = schemaOfType({ kind: 'named', name: named.name, at: named.at }, this.#context);
    const resolved = this.library.resolve({ kind: 'named', name: named.name, at: named.at });
    const plain =
      resolved?.kind === 'primitive' &&
      Object.keys(schema).every((key) => Object.hasOwn(primitiveSchema(resolved.name), key));
    return plain && resolved.name !== 'null' ? resolved.name : schema;
  }
}
