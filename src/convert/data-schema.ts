/**
 * Data schemas of Rest.li as values, whatever they were written in: PDL, PDSC, or the models of a snapshot.
 *
 * Names are full (`com.example.Book`), references are names, and inline declarations stand in the list of their file
 * like any other, so that nothing here is nested deeper than the text of one type.
 */
import type { SourceRange } from '../diagnostic/diagnostic.ts';
import type { Json, JsonObject } from '../protocol/json.ts';

export const PRIMITIVE_TYPES = ['int', 'long', 'float', 'double', 'boolean', 'string', 'bytes', 'null'] as const;
export type PrimitiveType = (typeof PRIMITIVE_TYPES)[number];

export function isPrimitiveType(name: string): name is PrimitiveType {
  return (PRIMITIVE_TYPES as readonly string[]).includes(name);
}

export type DataType =
  | ({ readonly kind: 'primitive'; readonly name: PrimitiveType } & Anonymous)
  | { readonly kind: 'named'; readonly name: string; readonly at: SourceRange }
  | ({ readonly kind: 'array'; readonly items: DataType } & Anonymous)
  | ({ readonly kind: 'map'; readonly values: DataType } & Anonymous)
  | ({ readonly kind: 'union'; readonly members: readonly UnionMember[] } & Anonymous);

interface Anonymous {
  /** Properties of a type without a name, where it has any. */
  readonly extra?: { readonly properties: JsonObject; readonly at: SourceRange };
}

export interface UnionMember {
  /** null: the member goes by the name of its type. */
  readonly alias: string | null;
  readonly type: DataType;
  readonly doc: string | null;
  readonly properties: JsonObject;
  readonly at: SourceRange;
}

export interface RecordField {
  readonly name: string;
  readonly type: DataType;
  readonly optional: boolean;
  /** In wire form; undefined: none. */
  readonly default: Json | undefined;
  /** Place of the default, where that is known. */
  readonly defaultAt?: SourceRange;
  readonly doc: string | null;
  readonly properties: JsonObject;
  /** Place of the name. */
  readonly at: SourceRange;
}

export interface EnumSymbol {
  readonly name: string;
  readonly doc: string | null;
  readonly properties: JsonObject;
}

interface Declared {
  /** Full name. */
  readonly name: string;
  readonly doc: string | null;
  readonly properties: JsonObject;
  /** Place of the name. */
  readonly at: SourceRange;
}

export interface RecordType extends Declared {
  readonly kind: 'record';
  /** Own fields, without those of the includes. */
  readonly fields: readonly RecordField[];
  readonly includes: readonly DataType[];
  /** Whether the fields of the includes come before the own ones. */
  readonly includesFirst: boolean;
}

export type NamedType =
  | RecordType
  | (Declared & { readonly kind: 'enum'; readonly symbols: readonly EnumSymbol[] })
  | (Declared & { readonly kind: 'typeref'; readonly ref: DataType })
  | (Declared & { readonly kind: 'fixed'; readonly size: number });
