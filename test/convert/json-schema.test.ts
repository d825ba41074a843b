/** Data schemas -> JSON Schema: what each type is on the wire, tried on values. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { PRIMITIVE_TYPES, type DataType } from '../../src/convert/data-schema.ts';
import { definitionOf, primitiveSchema, schemaOfType } from '../../src/convert/json-schema.ts';
import { parsePdl } from '../../src/convert/pdl/parser.ts';
import { parsePdsc } from '../../src/convert/pdsc.ts';
import { printJson } from '../../src/convert/print-json.ts';
import { TypeLibrary } from '../../src/convert/type-library.ts';
import { TypeNames } from '../../src/convert/type-names.ts';
import { misfit } from '../../src/convert/wire-value.ts';
import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts';
import type { Json, JsonObject } from '../../src/protocol/json.ts';
import { checkSchema } from '../../src/schema/check.ts';
import { PRIMITIVES, schemaOf } from '../../src/schema/types.ts';

/** A library of the types in these texts. */
function libraryOf(...texts: readonly string[]): TypeLibrary {
  const library = new TypeLibrary();
  for (const [index, text] of texts.entries()) {
    const { types, problems } = text.startsWith('{')
      ? parsePdsc(text, `${index}.pdsc`)
      : parsePdl(text, `${index}.pdl`);
    expect(problems).toEqual([]);
    library.add(types);
  }
  return library;
}

function define(
  library: TypeLibrary,
  name: string,
  isFile = false,
): { readonly schema: JsonObject; readonly notes: readonly string[] } {
  const type = library.find(name);
  if (type === null) throw new Error(`no ${name}`);
  const notes: string[] = [];
  const schema = definitionOf(type, {
    library,
    refTo: (other) => `#/types/${other}`,
    isFile,
    note: ({ message }) => void notes.push(message),
  });
  return { schema, notes: [...notes, ...library.problems.map(({ message }) => message)] };
}

/** The schema of one field of a record. */
function fieldOf(text: string, ...others: readonly string[]): Json | undefined {
  const { schema } = define(libraryOf(`namespace n record R { f: ${text} }`, ...others), 'n.R');
  return (schema['properties'] as JsonObject)['f'];
}

/** Whether a value fits the schema that `T` becomes. */
function fits(text: string, value: Json, ...others: readonly string[]): boolean {
  const library = libraryOf(`namespace n typeref T = ${text}`, ...others);
  const named = [
    ...new Set([
      'T',
      ...[text, ...others].flatMap((one) =>
        [...one.matchAll(/(?:record|enum|fixed) (\w+)/g)].map(([, name]) => name ?? ''),
      ),
    ]),
  ];
  const types = new Map(named.map((name) => [`n.${name}`, define(library, `n.${name}`).schema]));
  return (
    checkSchema(schemaOf({ $ref: '#/types/n.T' }, { types, files: new Map() }), value, { variant: 'whole' }).length ===
    0
  );
}

describe('the primitives', () => {
  it('are those that contracts know by name', () => {
    const { null: _none, ...mine } = Object.fromEntries(PRIMITIVE_TYPES.map((name) => [name, primitiveSchema(name)]));
    const { urn: _urn, ...theirs } = PRIMITIVES;
    expect(mine).toEqual(theirs);
  });

  it.each([2147483648, -2147483649, 1.5])('keep %d out of an int for every validator, in files', (value) => {
    const { schema } = define(libraryOf('record R { a: int = 7, b: array[Year] }', 'typeref Year = int'), 'R', true);
    const validate = new Ajv2020({ strict: true }).compile(schema);
    expect(validate({ a: 2147483647, b: [-2147483648] })).toBe(true);
    expect(validate({ a: value, b: [] })).toBe(false);
    expect(validate({ a: 1, b: [value] })).toBe(false);
  });
});

describe('a union', () => {
  const UNION = 'union[null, int, array[string], record P { x: int }]';

  it.each<[Json, boolean]>([
    [null, true],
    [{ int: 1 }, true],
    [{ array: ['a'] }, true],
    [{ 'n.P': { x: 1 } }, true],
    [{}, false],
    [{ int: 1, array: [] }, false],
    [{ int: 'one' }, false],
    [{ string: 'a' }, false],
    [{ P: { x: 1 } }, false],
    [1, false],
  ])('without aliases takes %j: %s', (value, expected) => {
    expect(fits(UNION, value)).toBe(expected);
  });

  it('goes by aliases, and keeps the documentation of each', () => {
    expect(fieldOf('union[/** One. */ a: int, b: int]')).toEqual({
      type: 'object',
      minProperties: 1,
      maxProperties: 1,
      additionalProperties: false,
      properties: {
        a: { type: 'integer', format: 'int32', description: 'One.' },
        b: { type: 'integer', format: 'int32' },
      },
    });
  });

  it('names a typeref by what it means', () => {
    const field = fieldOf('union[L, int]', 'namespace n typeref L = long') as JsonObject;
    expect(Object.keys(field['properties'] as JsonObject)).toEqual(['long', 'int']);
  });

  it('of no members takes the empty object only', () => {
    expect([fits('union[]', {}), fits('union[]', { a: 1 }), fits('union[]', null)]).toEqual([true, false, false]);
    expect([fits('union[null]', null), fits('union[null]', {})]).toEqual([true, false]);
  });

  it('with two members of one name is told', () => {
    expect(
      define(libraryOf('namespace n typeref T = union[L, long]', 'namespace n typeref L = long'), 'n.T').notes,
    ).toEqual(['two members of the union have the name `long`']);
    expect(define(libraryOf('typeref T = union[null, int, null]'), 'T').notes).toEqual([
      'two members of the union are `null`',
    ]);
  });
});

describe('bytes, fixed, maps and enums', () => {
  it.each<[string, Json, boolean]>([
    ['bytes', '\u00ff\u0000', true],
    ['bytes', '\u0100', false],
    ['fixed F 2', 'ab', true],
    ['fixed F 2', 'abc', false],
    ['fixed F 2', 'a', false],
    ['map[string, int]', { a: 1 }, true],
    ['map[string, int]', { a: 'x' }, false],
    ['enum E { A B }', 'A', true],
    ['enum E { A B }', 'C', false],
    ['array[array[int]]', [[1], []], true],
    ['array[array[int]]', [1], false],
  ])('%s takes %j: %s', (text, value, expected) => {
    expect(fits(text, value)).toBe(expected);
  });

  it('tell of symbols what has no place of its own', () => {
    expect(
      define(libraryOf('/** Kinds. */ enum E { /** First\n * one. */ A @deprecated B @deprecated = "use A" C D }'), 'E')
        .schema,
    ).toEqual({
      title: 'E',
      description: 'Kinds.\n\n- A: First one.\n- B: deprecated.\n- C: Deprecated: use A',
      enum: ['A', 'B', 'C', 'D'],
    });
  });
});

describe('a record', () => {
  it('requires what is neither optional nor has a default', () => {
    expect(
      define(libraryOf('record R { a: int, b: optional int, c: int = 1, d: optional int = 2 }'), 'R').schema[
        'required'
      ],
    ).toEqual(['a']);
  });

  it('takes the fields of its includes, before or after its own, through typerefs', () => {
    const library = libraryOf(
      'record R includes A T { c: int }',
      'record A { a: int }',
      'record B { b: int }',
      'typeref T = B',
      'record S { c: int } includes A',
    );
    expect(Object.keys(define(library, 'R').schema['properties'] as JsonObject)).toEqual(['a', 'b', 'c']);
    expect(Object.keys(define(library, 'S').schema['properties'] as JsonObject)).toEqual(['c', 'a']);
  });

  it.each([
    [
      'an include that is nowhere',
      ['record R includes Gone {}'],
      '`R` includes `Gone`, which is nowhere; its fields are missing',
    ],
    ['an include of what is no record', ['record R includes E {}', 'enum E { A }'], '`R` includes what is no record'],
    ['a circle of includes', ['record R includes A {}', 'record A includes R {}'], '`A` includes itself'],
    [
      'a field of an include once more',
      ['record R includes A { a: int }', 'record A { a: int }'],
      '`R` has two fields `a`',
    ],
  ])('reports %s', (_, texts, message) => {
    expect(define(libraryOf(...texts), 'R').notes).toEqual([message]);
  });

  it('may hold itself', () => {
    expect(
      fits('record N { next: optional N, all: array[N] = [] }', { next: { next: {} }, all: [{ all: [{}] }] }),
    ).toBe(true);
    expect(fits('record N { next: optional N }', { next: { next: 1 } })).toBe(false);
  });
});

describe('typerefs', () => {
  it('of primitives leave their documentation and limits only', () => {
    expect(fieldOf('Year', 'namespace n /** A year. */ typeref Year = int')).toEqual({
      type: 'integer',
      format: 'int32',
      description: 'A year.',
    });
  });

  it('of each other end somewhere, or are told', () => {
    expect(
      fieldOf('A', 'namespace n typeref A = B', 'namespace n typeref B = C', 'namespace n typeref C = string'),
    ).toEqual({ type: 'string' });
    const library = libraryOf('namespace n typeref A = B', 'namespace n typeref B = A');
    const { at } = library.find('n.A') ?? { at: null };
    expect(at === null ? undefined : library.resolve({ kind: 'named', name: 'n.A', at })).toBeNull();
    expect(library.problems).toMatchObject([{ severity: 'error', code: 'convert/typeref-cycle' }]);
  });

  it.each([
    ['typeref A = A'],
    ['typeref A = array[A]'],
    ['typeref A = map[string, array[A]]'],
    ['typeref A = union[int, array[A]]'],
    ['typeref A = typeref B = A', '`A` means itself, by way of `B`'],
    [
      'typeref A = union[B, int]',
      '`A` means itself, by way of `B`, `C`',
      'typeref B = array[C]',
      'typeref C = array[A]',
    ],
  ])('that mean themselves are told once: %s', (text, message = '`A` means itself', ...others) => {
    const library = libraryOf(text, ...others);
    for (const name of ['A', 'B', 'C']) if (library.find(name) !== null) define(library, name);
    expect(library.problems.map((found) => found.message)).toEqual([`the typeref ${message}`]);
    expect(library.problems[0]?.at).toEqual(library.find('A')?.at);
  });

  it('may mean themselves where a record stands between, which ends somewhere', () => {
    const library = libraryOf('typeref A = union[int, array[R]]', 'record R { a: A, b: B }', 'typeref B = array[A]');
    for (const name of ['A', 'B', 'R']) expect(define(library, name).notes).toEqual([]);
  });

  it('are found by their other names, too', () => {
    expect(fieldOf('Old', 'namespace n @aliases = ["Old", "m.Older"] record New {}')).toEqual({
      $ref: '#/types/n.New',
    });
    expect(fieldOf('m.Older', 'namespace n @aliases = ["Old", "m.Older"] record New {}')).toEqual({
      $ref: '#/types/n.New',
    });
  });
});

describe('chains that no person wrote', () => {
  const chain = (make: (index: number) => string): TypeLibrary =>
    libraryOf(...Array.from({ length: 1000 }, (_, index) => `namespace n ${make(index)}`));

  it('of typerefs and of includes are told and end', () => {
    const typerefs = chain((index) => `typeref T${index} = T${index + 1}`);
    expect(define(typerefs, 'n.T0').notes).toEqual([
      expect.stringContaining('more than 200 typerefs that mean one another'),
    ]);
    const includes = chain((index) => `record R${index} includes R${index + 1} { f${index}: int }`);
    const { schema, notes } = define(includes, 'n.R0');
    expect(notes).toEqual([expect.stringContaining('more than 200 records include one another')]);
    expect(Object.keys(schema['properties'] as JsonObject)).toHaveLength(200);
  });
});

describe('includes that double with each record', () => {
  it('are put together once, and told as what they are', () => {
    const library = libraryOf(
      ...Array.from({ length: 100 }, (_, index) =>
        index === 0 ? 'record R0 {}' : `record R${index} includes R${index - 1}, R${index - 1} {}`,
      ),
      'record S includes R99, F { s: int }',
      'record F includes R99 { f: Gone }',
    );
    const { schema } = define(library, 'S');
    expect(Object.keys(schema['properties'] as JsonObject)).toEqual(['f', 's']);
  });
});

describe('annotations', () => {
  it('limit length and form of text, on the field or on its typeref', () => {
    const annotated =
      'record R { @validate.strlen = {"min": 1, "max": 9} @validate.regex.regex = "[a-z]+" f: string @validate.seven = {} g: int h: T }';
    const { schema, notes } = define(libraryOf(annotated, '@validate.strlen.max = 3 typeref T = string'), 'R');
    expect(schema['properties']).toEqual({
      f: { type: 'string', minLength: 1, maxLength: 9, pattern: '^(?:[a-z]+)$' },
      g: { type: 'integer', format: 'int32' },
      h: { type: 'string', maxLength: 3 },
    });
    expect(notes).toEqual([]);
  });

  it('with a pattern that only Java knows are told', () => {
    expect(
      define(libraryOf('record R { @validate.regex.regex = "\\\\p{javaLowerCase}++" f: string }'), 'R').notes,
    ).toEqual(['the pattern `\\p{javaLowerCase}++` is none of ECMAScript; it is left out']);
  });

  it('deprecate', () => {
    expect(define(libraryOf('@deprecated = "use B" record A { @deprecated f: int }'), 'A').schema).toMatchObject({
      deprecated: true,
      description: 'Deprecated: use B',
      properties: { f: { deprecated: true } },
    });
  });
});

describe('defaults', () => {
  const library = libraryOf(
    'namespace n record R { a: int, b: int = 1 }',
    'namespace n enum E { A }',
    'namespace n fixed F 1',
    'namespace n typeref U = union[null, one: int, rec: R]',
    'namespace n @validate.strlen = { "min": 1, "max": 2 } typeref T = string',
    'namespace n record L { @validate.regex.regex = "[a-z]*" t: optional string }',
  );
  const typeNamed = (text: string): DataType => {
    const [record] = parsePdl(`namespace n record Q { q: ${text} }`, 'q.pdl').types;
    const type = record?.kind === 'record' ? record.fields[0]?.type : undefined;
    if (type === undefined) throw new Error(`${text} is no type`);
    return type;
  };

  it.each<[string, Json, string | null]>([
    ['int', 1, null],
    ['int', 2147483648, '2147483648 is no int'],
    ['int', 1.5, '1.5 is no int'],
    ['long', 9223372036854775807n, null],
    ['long', 9223372036854775808n, '9223372036854775808 is no long'],
    ['double', 'NaN', '"NaN" is no double of JSON'],
    ['double', 'NAN', '"NAN" is no double'],
    ['float', 1e300, null],
    ['T', 'ab', null],
    ['T', 'abc', '"abc" is longer than 2 characters'],
    ['array[T]', ['a', ''], '1: "" is shorter than 1 characters'],
    ['L', { t: 'X' }, 't: "X" does not match ^(?:[a-z]*)$'],
    ['double', 'x', '"x" is no double'],
    ['boolean', 0, '0 is no boolean'],
    ['bytes', '\u0100', '"Ā" is no bytes'],
    ['E', 'A', null],
    ['E', 'B', '"B" is no symbol of n.E'],
    ['F', 'ab', '"ab" is not 1 bytes'],
    ['R', { a: 1 }, null],
    ['R', { b: 1 }, '`a` of n.R is missing'],
    ['R', { a: 'x' }, 'a: "x" is no int'],
    ['R', { a: 1, other: 2 }, null],
    ['U', null, null],
    ['U', { one: 1 }, null],
    ['U', { rec: { a: 'x' } }, 'rec: a: "x" is no int'],
    ['U', { two: 1 }, '`two` in a union of null, one, rec'],
    ['U', { one: 1, rec: { a: 1 } }, 'several members in a union of null, one, rec'],
    ['U', {}, 'the union holds no member'],
    ['array[int]', [1, 'x'], '1: "x" is no int'],
    ['array[int]', {}, 'an object is no list'],
    ['map[string, E]', { a: 'B' }, 'a: "B" is no symbol of n.E'],
    ['Gone', 'anything', null],
  ])('of %s', (text, value, wrong) => {
    expect(misfit(value, typeNamed(text), library)).toBe(wrong);
  });

  it('that do not fit are left out and told; the field need not be sent all the same', () => {
    const { schema, notes } = define(libraryOf('record R { a: int = "x" }'), 'R');
    expect(schema).toEqual({ title: 'R', type: 'object', properties: { a: { type: 'integer', format: 'int32' } } });
    expect(notes).toEqual(['the default of `a` does not fit its type: "x" is no int; it is left out']);
  });

  it.each(['"abc"', '""'])('that the schema of the field refuses are left out: %s', (value) => {
    const text = `record R { @validate.strlen = { "min": 1, "max": 2 } a: string = ${value} }`;
    const { schema, notes } = define(libraryOf(text), 'R');
    expect(schema['properties']).toEqual({ a: { type: 'string', minLength: 1, maxLength: 2 } });
    expect(notes).toHaveLength(1);
  });

  it.each([
    ['PDL', 'record R {\n  some: int = "text"\n}', { line: 2, col: 15, endCol: 21 }],
    [
      'PDSC',
      '{"type":"record","name":"R","fields":[\n{"name":"some","type":"int","default":"text"}]}',
      { line: 2, col: 39 },
    ],
  ])('of the wrong type are told where they stand in %s', (_, text, at) => {
    const own = libraryOf(text);
    const found: Diagnostic[] = [];
    const type = own.find('R');
    if (type !== null) definitionOf(type, { library: own, refTo: String, note: (one) => void found.push(one) });
    expect(found).toMatchObject([{ code: 'convert/default', at }]);
  });
});

describe('PDSC', () => {
  it('says the same as PDL', () => {
    const pdl = libraryOf(
      'namespace n /** Doc. */ record R includes A { a: optional enum E { /** X. */ X @deprecated Y } = "X" u: union[null, i: int, f: fixed F 2] l: array[typeref T = map[string, n.R]] o: m.Other }',
      'namespace n record A { z: bytes }',
    );
    const pdsc = libraryOf(
      `{"type":"record","name":"R","namespace":"n","doc":"Doc.","include":["A"],"fields":[
        {"name":"a","type":{"type":"enum","name":"E","symbols":["X","Y"],"symbolDocs":{"X":"X."},"deprecatedSymbols":{"Y":true}},"optional":true,"default":"X"},
        {"name":"u","type":["null",{"alias":"i","type":"int"},{"alias":"f","type":{"type":"fixed","name":"F","size":2}}]},
        {"name":"l","type":{"type":"array","items":{"type":"typeref","name":"T","ref":{"type":"map","values":"n.R"}}}},
        {"name":"o","type":"m.Other"}]}`,
      '{"type":"record","name":"n.A","fields":[{"name":"z","type":"bytes"}]}',
    );
    for (const name of ['n.R', 'n.E', 'n.T', 'n.F', 'n.A'])
      expect(define(pdsc, name).schema).toEqual(define(pdl, name).schema);
  });

  it('gives inner types the namespace of the nearest named type around them', () => {
    const { types } = parsePdsc(
      '{"type":"record","name":"a.b.R","fields":[{"name":"f","type":{"type":"record","name":"In","namespace":"c","fields":[{"name":"g","type":{"type":"enum","name":"E","symbols":[]}}]}}]}',
      'x.pdsc',
    );
    expect(types.map(({ name }) => name)).toEqual(['c.E', 'c.In', 'a.b.R']);
  });

  it('may hold comments, and says where it is wrong all the same', () => {
    const { problems } = parsePdsc(
      '/* a "quote" */\n{ "type": "record", // line\n  "name": "R",\n  "fields": [{ "name": "u", "type": "http://x" }]\n}',
      'x.pdsc',
    );
    expect(problems).toMatchObject([{ message: '`http://x` is no name of a type', at: { line: 4, col: 37 } }]);
  });

  it.each([
    ['', 'the file is empty'],
    ['{"type":"recrod","name":"R"}', 'there is no type `recrod`'],
    ['{"type":"record","name":"R"}', '`fields` is missing'],
    ['{"type":"record","name":"1","fields":[]}', '`1` is no name for a type'],
    [
      '{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"a","type":"int"}]}',
      '`a` is a field already',
    ],
    ['{"type":"fixed","name":"R","size":-1}', '`size` is a number of bytes'],
    ['{"type":"enum","name":"R","symbols":[1]}', '`0` is a text'],
    ['{"type":"enum","name":"R","symbols":["A","A"]}', '`A` is a symbol already'],
    ['{"type":"array"}', '`items` is missing'],
    ['7', 'the file is an object'],
    ['['.repeat(5000), expect.any(String)],
  ])('%#: %j is none', (text, message) => {
    expect(parsePdsc(text, 'x.pdsc').problems).toMatchObject([{ severity: 'error', message }]);
  });
});

describe('what is written', () => {
  it('refers to types by the shortest name that is unlike the others', () => {
    const names = new TypeNames(['a.Tone', 'b.Tone', 'a.XMLParser', 'x.a.Tone', 'c.tone_x', 'c.ToneX']);
    expect(['a.Tone', 'b.Tone', 'x.a.Tone', 'a.XMLParser'].map((name) => names.file(name))).toEqual([
      'a.tone.schema.json',
      'b.tone.schema.json',
      'x.a.tone.schema.json',
      'xml-parser.schema.json',
    ]);
    expect(new Set(['c.tone_x', 'c.ToneX'].map((name) => names.file(name))).size).toBe(2);
  });

  it('stands on one line where it fits', () => {
    const text = printJson({
      a: { b: [1, 2] },
      long: 'x'.repeat(30),
      list: Array.from({ length: 40 }, (_, i) => i * 1000),
      big: 9007199254740993n,
      empty: [{}, []],
    });
    expect(text.split('\n').every((line) => line.length <= 120)).toBe(true);
    expect(text).toContain('  "a": { "b": [1, 2] },\n');
    expect(text).toContain('"big": 9007199254740993');
  });

  it('keeps types inline that have no name', () => {
    const library = libraryOf('namespace n record R {}');
    expect(
      schemaOfType(
        { kind: 'map', values: { kind: 'array', items: { kind: 'primitive', name: 'long' } } },
        { library, refTo: String, note: () => undefined },
      ),
    ).toEqual({ type: 'object', additionalProperties: { type: 'array', items: { type: 'integer', format: 'int64' } } });
  });
});
