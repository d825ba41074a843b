/**
 * PDL, the schema language of Rest.li: the text of one file as the types that it declares.
 *
 * Syntax ends the reading with one error; what is wrong beyond it (a field twice, an alias on some members only) is
 * all told at once. Source: the PDL grammar of linkedin/rest.li.
 */
import type { Diagnostic, SourceRange } from '../../diagnostic/diagnostic.ts';
import type { Json, JsonObject } from '../../protocol/json.ts';
import {
  isPrimitiveType,
  type DataType,
  type EnumSymbol,
  type NamedType,
  type RecordField,
  type UnionMember,
} from '../data-schema.ts';
import { problem, reading } from '../problem.ts';
import { Names } from './names.ts';
import { MAX_DEPTH, readJson, readProperties } from './properties.ts';
import { Scanner, type Word } from './scanner.ts';
import { failAtDeclaration, failAtMisspelt } from './slips.ts';

export interface ParsedTypes {
  /** Every named type of the file, the outer ones after those that stand in them; none when there is an error of syntax. */
  readonly types: readonly NamedType[];
  /** The file's own type; null when it could not be read. */
  readonly root: DataType | null;
  readonly problems: readonly Diagnostic[];
}

/** @param file - as shown in messages */
export function parsePdl(text: string, file: string): ParsedTypes {
  const parser = new PdlParser(text, file);
  const read = reading(() => parser.document(), 'pdl-syntax');
  if ('problem' in read) return { types: [], root: null, problems: [...parser.problems, read.problem] };
  return { types: parser.types, root: read.value, problems: parser.problems };
}

class PdlParser {
  readonly types: NamedType[] = [];
  readonly problems: Diagnostic[] = [];
  readonly #scanner: Scanner;
  readonly #names = new Names();
  /** Of the Java classes; kept as the property it is in PDSC. */
  #package: string | null = null;
  #depth = 0;

  constructor(text: string, file: string) {
    this.#scanner = new Scanner(text, file);
  }

  document(): DataType {
    const scanner = this.#scanner;
    this.#header();
    while (scanner.takesKeyword('import')) {
      const name = scanner.dotted('the full name of a type');
      const other = this.#names.import(name.text);
      if (other === null) continue;
      const message = `\`${simpleName(name.text)}\` is imported twice, from \`${other}\` and \`${name.text}\``;
      this.#wrong('pdl-import', message, name, 'write one of them by its full name instead');
    }
    const root = this.#type(DECLARATION);
    if (!scanner.isEnd()) scanner.failHere('the end of the file', 'one file declares one type');
    return root;
  }

  #header(): void {
    const scanner = this.#scanner;
    if (scanner.takesKeyword('namespace')) this.#names.namespace = scanner.dotted('a namespace').text;
    if (scanner.takesKeyword('package')) this.#package = scanner.dotted('a package').text;
  }

  /** A reference or a declaration, with the documentation and properties before it. */
  #type(what: string, given: JsonObject = {}): DataType {
    const scanner = this.#scanner;
    if (++this.#depth > MAX_DEPTH) scanner.tooDeep(MAX_DEPTH);
    const doc = scanner.takeDoc();
    const own = readProperties(scanner);
    const type = this.#bare(what, doc ?? scanner.takeDoc(), { ...given, ...own }, Object.keys(own));
    this.#depth--;
    return type;
  }

  /** @param own - names of the properties that stand straight before the type */
  #bare(what: string, doc: string | null, properties: JsonObject, own: readonly string[]): DataType {
    const scanner = this.#scanner;
    if (scanner.sees('{')) return this.#scoped();
    const keyword = scanner.peekKeyword();
    if (keyword === null) return this.#reference(what, own);

    const declare = DECLARATIONS.get(keyword);
    if (declare === undefined || !scanner.takesKeyword(keyword)) return scanner.failHere(what);
    return declare(this, doc, properties);
  }

  #reference(what: string, properties: readonly string[]): DataType {
    if (what === DECLARATION) return failAtDeclaration(this.#scanner, what, DECLARING);
    const name = this.#scanner.dotted(what);
    if (what !== INCLUDE) failAtMisspelt(this.#scanner, name, what, DECLARING);
    if (properties.length > 0) {
      const told = properties.map((property) => `\`@${property}\``).join(', ');
      const message = `${told} stands before a reference to \`${name.text}\`, where PDL has no properties; it is left out`;
      const fix = 'write it before the field, or before the declaration';
      this.problems.push(problem('warning', 'pdl-property', message, this.#scanner.range(name), fix));
    }
    if (isPrimitiveType(name.text)) return { kind: 'primitive', name: name.text };
    return { kind: 'named', name: this.#names.resolve(name.text), at: this.#scanner.range(name) };
  }

  /** `{ namespace other record … }`: a declaration in another namespace. */
  #scoped(): DataType {
    const scanner = this.#scanner;
    const outer = { namespace: this.#names.namespace, java: this.#package };
    scanner.expect('{', 'before a declaration with a namespace');
    this.#header();
    const type = this.#type(DECLARATION);
    scanner.expect('}', 'after a declaration with a namespace');
    this.#names.namespace = outer.namespace;
    this.#package = outer.java;
    return type;
  }

  record(doc: string | null, properties: JsonObject): DataType {
    const scanner = this.#scanner;
    const name = this.#declaredName('a record');
    const before = scanner.takesKeyword('includes') ? this.#includes() : null;
    scanner.expect('{', `before the fields of ${name.text}`);
    const fields: RecordField[] = [];
    const seen = new Map<string, Word>();
    while (!scanner.takes('}')) {
      const { word, field } = this.#field();
      if (this.#isFirst(seen, word, 'a field')) fields.push(field);
    }
    const after = scanner.peekKeyword() === 'includes' ? scanner.peek() : null;
    if (after !== null && before !== null)
      scanner.fail('a record has its `includes` before or after its fields, not both', after, 'join them');
    const behind = scanner.takesKeyword('includes') ? this.#includes() : [];
    return this.#declare(name, {
      kind: 'record',
      ...this.#common(name, doc, properties),
      fields,
      includes: before ?? behind,
      includesFirst: after === null,
    });
  }

  #includes(): readonly DataType[] {
    const scanner = this.#scanner;
    const includes = [this.#type(INCLUDE)];
    // A name before `:` is the next field of the record around this one; `{` opens the fields.
    while (scanner.peek() !== null && !scanner.seesWordBefore(':')) includes.push(this.#type(INCLUDE));
    return includes;
  }

  #field(): { readonly word: Word; readonly field: RecordField } {
    const scanner = this.#scanner;
    const doc = scanner.takeDoc();
    const properties = readProperties(scanner);
    const inner = scanner.takeDoc();
    const word = scanner.name('the name of a field');
    scanner.expect(':', `after the field \`${word.text}\``);
    const optional = scanner.takesKeyword('optional');
    const type = this.#type(`the type of \`${word.text}\``);
    const fallback = scanner.takes('=') ? this.#default() : { default: undefined };
    return {
      word,
      field: {
        name: word.text,
        type,
        optional,
        ...fallback,
        doc: doc ?? inner,
        properties,
        at: scanner.range(word),
      },
    };
  }

  #default(): { readonly default: Json; readonly defaultAt: SourceRange } {
    const scanner = this.#scanner;
    // Over the space before the value, which is no part of its place.
    scanner.isEnd();
    const start = scanner.at;
    const value = readJson(scanner, 0);
    return { default: value, defaultAt: scanner.range({ start, end: scanner.at }) };
  }

  enumeration(doc: string | null, properties: JsonObject): DataType {
    const scanner = this.#scanner;
    const name = this.#declaredName('an enum');
    scanner.expect('{', `before the symbols of ${name.text}`);
    const symbols: EnumSymbol[] = [];
    const seen = new Map<string, Word>();
    while (!scanner.takes('}')) {
      const before = scanner.takeDoc();
      const own = readProperties(scanner);
      const inner = scanner.takeDoc();
      const word = scanner.name('a symbol');
      if (this.#isFirst(seen, word, 'a symbol'))
        symbols.push({ name: word.text, doc: before ?? inner, properties: own });
    }
    return this.#declare(name, { kind: 'enum', ...this.#common(name, doc, properties), symbols });
  }

  typeref(doc: string | null, properties: JsonObject): DataType {
    const name = this.#declaredName('a typeref');
    this.#scanner.expect('=', `after the name of ${name.text}`);
    return this.#declare(name, {
      kind: 'typeref',
      ...this.#common(name, doc, properties),
      ref: this.#type(`the type that ${name.text} means`),
    });
  }

  fixed(doc: string | null, properties: JsonObject): DataType {
    const scanner = this.#scanner;
    const name = this.#declaredName('a fixed');
    const start = scanner.at;
    const size = scanner.number(`the number of bytes of ${name.text}`);
    if (typeof size !== 'number' || !Number.isInteger(size) || size < 0)
      scanner.fail(`the size of ${name.text} is a number of bytes`, { start: start + 1, end: scanner.at });
    return this.#declare(name, { kind: 'fixed', ...this.#common(name, doc, properties), size: Number(size) });
  }

  /** A type without a name keeps its properties beside it. */
  withProperties(properties: JsonObject, read: () => DataType): DataType {
    const { at } = this.#scanner;
    const type = read();
    if (Object.keys(properties).length === 0 || type.kind === 'named') return type;
    return { ...type, extra: { properties, at: this.#scanner.range({ start: at, end: at + 1 }) } };
  }

  union(): DataType {
    const scanner = this.#scanner;
    scanner.expect('[', 'before the members of a union');
    const members: UnionMember[] = [];
    const seen = new Map<string, Word>();
    while (!scanner.takes(']')) {
      const doc = scanner.takeDoc();
      const properties = readProperties(scanner);
      const start = scanner.at;
      const word = scanner.seesWordBefore(':') ? scanner.name('the alias of a member') : null;
      const isFirst = word === null || this.#isFirst(seen, word, 'an alias');
      if (word !== null) scanner.expect(':', 'after an alias');
      const type = this.#type('a member of the union', word === null ? properties : {});
      if (!isFirst) continue;
      members.push({
        alias: word?.text ?? null,
        type,
        doc,
        properties,
        at: scanner.range(word ?? { start, end: scanner.at }),
      });
    }
    const valued = members.filter(({ type }) => !(type.kind === 'primitive' && type.name === 'null'));
    const bare = valued.find(({ alias }) => alias === null);
    if (bare !== undefined && valued.some(({ alias }) => alias !== null)) {
      this.problems.push(
        problem(
          'error',
          'pdl-union',
          'some members of the union have an alias, this one has none',
          bare.at,
          'give every member but null an alias, or none',
        ),
      );
    }
    return { kind: 'union', members };
  }

  array(): DataType {
    this.#scanner.expect('[', 'before the items of an array');
    const items = this.#type('the type of the items');
    this.#scanner.expect(']', 'after the type of the items');
    return { kind: 'array', items };
  }

  map(): DataType {
    const scanner = this.#scanner;
    scanner.expect('[', 'before the types of a map');
    const start = scanner.peek();
    const key = this.#type('the type of the keys');
    if (start !== null && !(key.kind === 'primitive' && key.name === 'string'))
      this.#wrong('pdl-map-key', 'the keys of a map are strings', start, 'write `map[string, …]`');
    const values = this.#type('the type of the values');
    scanner.expect(']', 'after the type of the values');
    return { kind: 'map', values };
  }

  #declaredName(what: string): Word {
    const word = this.#scanner.name(`the name of ${what}`);
    if (isPrimitiveType(word.text)) this.#scanner.fail(`\`${word.text}\` is a primitive and cannot name ${what}`, word);
    return word;
  }

  #common(
    name: Word,
    doc: string | null,
    properties: JsonObject,
  ): Pick<NamedType, 'name' | 'doc' | 'properties' | 'at'> {
    const all = this.#package === null ? properties : { ...properties, package: this.#package };
    return { name: this.#names.declare(name.text), doc, properties: all, at: this.#scanner.range(name) };
  }

  #declare(name: Word, type: NamedType): DataType {
    if (this.types.some((known) => known.name === type.name))
      this.#wrong('pdl-duplicate', `\`${type.name}\` is declared twice`, name, 'keep one of them');
    else this.types.push(type);
    return { kind: 'named', name: type.name, at: type.at };
  }

  /** Whether no other of that name stands in the list already, which is an error; only the first is kept. */
  #isFirst(seen: Map<string, Word>, word: Word, what: string): boolean {
    const first = seen.get(word.text);
    if (first === undefined) {
      seen.set(word.text, word);
      return true;
    }
    const scanner = this.#scanner;
    this.problems.push({
      ...problem(
        'error',
        'pdl-duplicate',
        `\`${word.text}\` is ${what} already`,
        scanner.range(word),
        'keep one of them',
      ),
      related: [{ at: scanner.range(first), message: 'first here' }],
    });
    return false;
  }

  #wrong(code: string, message: string, word: Word, fix: string): void {
    this.problems.push(problem('error', code, message, this.#scanner.range(word), fix));
  }
}

type Declaration = (parser: PdlParser, doc: string | null, properties: JsonObject) => DataType;

const DECLARATIONS: ReadonlyMap<string, Declaration> = new Map<string, Declaration>([
  ['record', (parser, doc, properties) => parser.record(doc, properties)],
  ['enum', (parser, doc, properties) => parser.enumeration(doc, properties)],
  ['typeref', (parser, doc, properties) => parser.typeref(doc, properties)],
  ['fixed', (parser, doc, properties) => parser.fixed(doc, properties)],
  ['union', (parser, _doc, properties) => parser.withProperties(properties, () => parser.union())],
  ['array', (parser, _doc, properties) => parser.withProperties(properties, () => parser.array())],
  ['map', (parser, _doc, properties) => parser.withProperties(properties, () => parser.map())],
  ['null', () => ({ kind: 'primitive', name: 'null' })],
]);

/** What the place of a type is called where no reference may stand. */
const DECLARATION = 'a declaration';
/** The place where a list of references ends at `{`. */
const INCLUDE = 'a record to include';

const DECLARING: readonly string[] = [...DECLARATIONS.keys()];

function simpleName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
