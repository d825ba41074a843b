/** Every construct of PDL, and what its reader says about text that is none. */
import { describe, expect, it } from 'vitest';
import type { DataType, NamedType } from '../../src/convert/data-schema.ts';
import { parsePdl } from '../../src/convert/pdl/parser.ts';

const FILE = 'Book.pdl';

/** The types of a good text by their full names. */
function typesOf(text: string): ReadonlyMap<string, NamedType> {
  const { types, problems } = parsePdl(text, FILE);
  expect(problems).toEqual([]);
  return new Map(types.map((type) => [type.name, type]));
}

function typeOf<K extends NamedType['kind']>(text: string, name: string, kind: K): NamedType & { readonly kind: K } {
  const type = typesOf(text).get(name);
  if (type?.kind !== kind) throw new Error(`${name} is ${type?.kind ?? 'nowhere'}`);
  return type as NamedType & { readonly kind: K };
}

function fieldsOf(body: string): Readonly<Record<string, DataType>> {
  return Object.fromEntries(
    typeOf(`namespace x.y record R { ${body} }`, 'x.y.R', 'record').fields.map(({ name, type }) => [name, type]),
  );
}

/** `line:col message` of everything wrong. */
function faults(text: string): readonly string[] {
  return parsePdl(text, FILE).problems.map(({ at, message }) => `${at?.line}:${at?.col} ${message}`);
}

const named = (name: string): unknown => expect.objectContaining({ kind: 'named', name });

describe('a document', () => {
  it('has a namespace that every simple name stands in, and a package that only Java sees', () => {
    expect([...typesOf('namespace com.example\npackage com.example.java\nrecord Book {}').keys()]).toEqual([
      'com.example.Book',
    ]);
  });

  it('may do without a namespace', () => {
    expect([...typesOf('enum Colour { RED }').keys()]).toEqual(['Colour']);
  });

  it('resolves names: full, imported, of the namespace', () => {
    const text = 'namespace a.b import c.d.Far record R { full: e.f.G, imported: Far, own: Near, plain: string }';
    const fields = typeOf(text, 'a.b.R', 'record').fields.map(({ type }) =>
      type.kind === 'named' ? type.name : type.kind,
    );
    expect(fields).toEqual(['e.f.G', 'c.d.Far', 'a.b.Near', 'primitive']);
  });

  it('declares exactly one type', () => {
    expect(faults('record A {} record B {}')).toEqual(['1:13 `record` stands where the end of the file should']);
  });

  it.each([
    ['Record R {}', '1:1 `Record` stands where a declaration should', 'did you mean `record`?'],
    ['namespce a.b record R {}', '1:1 `namespce` stands where a declaration should', 'did you mean `namespace`?'],
    ['{ Enum E { A } }', '1:3 `Enum` stands where a declaration should', 'did you mean `enum`?'],
    [
      'class R {}',
      '1:1 `class` stands where a declaration should',
      'write one of record, enum, typeref, fixed, union, array, map, null',
    ],
    ['record R { a: Array[int] }', '1:15 `Array` stands where the type of `a` should', 'did you mean `array`?'],
    [
      'record R { a: recrod In { b: int } }',
      '1:15 `recrod` stands where the type of `a` should',
      'did you mean `record`?',
    ],
  ])('%s is a slip of the pen', (text, fault, fix) => {
    expect(faults(text)).toEqual([fault]);
    expect(parsePdl(text, FILE).problems[0]?.fix).toBe(fix);
  });

  it('may name its types almost like the words of the language', () => {
    expect(
      fieldsOf('a: Record b: union[Enum, Array] c: Map = {} d: record In includes Record, Maps { }'),
    ).toMatchObject({
      a: named('x.y.Record'),
      c: named('x.y.Map'),
    });
  });

  it('may be an array, a map or a union without a name', () => {
    expect(parsePdl('array[int]', FILE).root).toEqual({ kind: 'array', items: { kind: 'primitive', name: 'int' } });
    expect(parsePdl('map[string, long]', FILE).root).toMatchObject({ kind: 'map' });
    expect(parsePdl('union[int]', FILE).root).toMatchObject({ kind: 'union' });
  });

  it('takes commas, comments and line ends as space', () => {
    const text = '// one\nrecord/* two */R,{,a:/* three */int,,b:optional,string,}';
    expect(typeOf(text, 'R', 'record').fields).toMatchObject([
      { name: 'a', optional: false },
      { name: 'b', optional: true },
    ]);
  });

  it('reads text without any space that is not needed, as generated classes hold it', () => {
    const text =
      'namespace a.b/**Key*/@Aspect.name="k"record R{/**N*/@S={"on":true}n:string@Search.`/*`.q=1 m:map[string,string]={}}';
    const record = typeOf(text, 'a.b.R', 'record');
    expect(record.properties).toEqual({ Aspect: { name: 'k' } });
    expect(record.fields).toMatchObject([
      { name: 'n', doc: 'N', properties: { S: { on: true } } },
      { name: 'm', default: {}, properties: { Search: { '/*': { q: 1 } } } },
    ]);
  });

  it('skips a byte order mark', () => {
    expect([...typesOf('\uFEFFrecord R {}').keys()]).toEqual(['R']);
  });
});

describe('a record', () => {
  it('has the primitives as types', () => {
    const names = ['int', 'long', 'float', 'double', 'boolean', 'string', 'bytes', 'null'];
    const fields = fieldsOf(names.map((name) => `f_${name}: ${name}`).join(' '));
    expect(Object.values(fields)).toEqual(names.map((name) => ({ kind: 'primitive', name })));
  });

  it('includes records before its fields or after them', () => {
    const before = typeOf('record R includes A, x.B { c: int }', 'R', 'record');
    expect(before).toMatchObject({ includes: [named('A'), named('x.B')], includesFirst: true });
    const after = typeOf('record R { c: int } includes A B', 'R', 'record');
    expect(after).toMatchObject({ includes: [named('A'), named('B')], includesFirst: false });
  });

  it('ends the includes of an inner record where the next field begins', () => {
    const record = typeOf('record R { a: record In {} includes B next: int }', 'R', 'record');
    expect(record.fields.map(({ name }) => name)).toEqual(['a', 'next']);
  });

  it('does not include on both sides', () => {
    expect(faults('record R includes A {} includes B')).toEqual([
      '1:24 a record has its `includes` before or after its fields, not both',
    ]);
  });

  it('declares types inside, which stand in the namespace of the file', () => {
    const types = typesOf('namespace n record R { a: record In { b: enum E { X } } c: typeref T = long d: fixed F 4 }');
    expect([...types.keys()]).toEqual(['n.E', 'n.In', 'n.T', 'n.F', 'n.R']);
  });

  it('declares a type of another namespace in braces, and goes on in its own', () => {
    const types = typesOf('namespace n record R { a: { namespace o.p package q record In { x: Near } } b: Own }');
    expect([...types.keys()]).toEqual(['o.p.In', 'n.R']);
    expect(types.get('o.p.In')).toMatchObject({ fields: [{ type: named('o.p.Near') }] });
    expect(types.get('n.R')).toMatchObject({ fields: [{}, { type: named('n.Own') }] });
  });

  it('refers to itself', () => {
    expect(fieldsOf('next: optional R')).toEqual({ next: named('x.y.R') });
  });

  it('reports every field that stands twice, with the first', () => {
    const { problems } = parsePdl('record R {\n a: int\n b: int\n a: long\n b: long\n}', FILE);
    expect(problems.map(({ at }) => `${at?.line}:${at?.col}`)).toEqual(['4:2', '5:2']);
    expect(problems[0]?.related[0]?.at).toMatchObject({ line: 2, col: 2 });
  });

  it('keeps the first of what stands twice, so that nothing is told twice', () => {
    const { types } = parsePdl(
      'record R { a: int a: long u: union[m: int, m: string] e: enum E { X X } f: enum E { Y } }',
      FILE,
    );
    expect(types).toMatchObject([
      { name: 'E', symbols: [{ name: 'X' }] },
      { name: 'R', fields: [{ name: 'a', type: { name: 'int' } }, { type: { members: [{ alias: 'm' }] } }, {}, {}] },
    ]);
  });

  it('knows the place of a default', () => {
    expect(typeOf('record R { a: int = /* x */ 12 }', 'R', 'record').fields[0]).toMatchObject({
      at: { col: 12, endCol: 13 },
      defaultAt: { line: 1, col: 29, endCol: 31 },
    });
  });
});

describe('defaults', () => {
  const defaultOf = (text: string): unknown => typeOf(`record R { f: ${text} }`, 'R', 'record').fields[0]?.default;

  it.each([
    ['int = 1', 1],
    ['int = -7', -7],
    ['double = 1.5e3', 1500],
    ['boolean = true', true],
    ['union[null, int] = null', null],
    ['string = "a\\n\\u00e9\\"b"', 'a\né"b'],
    ['array[int] = [1 2, 3,]', [1, 2, 3]],
    ['map[string, int] = {"a": 1 "b": 2}', { a: 1, b: 2 }],
    ['long = 9007199254740993', 9007199254740993n],
    ['record In {} = {"__proto__": {"x": 1}}', JSON.parse('{"__proto__": {"x": 1}}')],
  ])('%s', (text, value) => {
    expect(defaultOf(text)).toEqual(value);
  });

  it('takes a string over several lines', () => {
    expect(defaultOf('string = "a\nb"')).toBe('a\nb');
  });

  it.each([
    ['int = 01', '1:21 `01` is no number'],
    ['int = 1e999', '1:21 1e999 is beyond what a double holds'],
    ['string = "x', '1:24 the string has no end'],
    ['string = "\\q"', '1:24 the string has an escape that JSON does not know'],
    ['int = {"a": 1, "a": 2}', '1:30 `a` stands twice in one object'],
    ['int = {a: 1}', '1:22 `a` stands where the name of a member should'],
    ['int = ', '1:22 `}` stands where a JSON value should'],
  ])('%s is none', (text, fault) => {
    expect(faults(`record R { f: ${text} }`)).toEqual([fault]);
  });
});

describe('enums, typerefs and fixed', () => {
  it('give each symbol its documentation and properties', () => {
    const { symbols } = typeOf(
      'enum E { /** First. */ A, @deprecated B @deprecated = "use A" @x.y = 2 C }',
      'E',
      'enum',
    );
    expect(symbols).toEqual([
      { name: 'A', doc: 'First.', properties: {} },
      { name: 'B', doc: null, properties: { deprecated: true } },
      { name: 'C', doc: null, properties: { deprecated: 'use A', x: { y: 2 } } },
    ]);
  });

  it('report a symbol that stands twice', () => {
    expect(faults('enum E { A B A }')).toEqual(['1:14 `A` is a symbol already']);
  });

  it('let a typeref mean any type', () => {
    expect(typeOf('typeref T = array[map[string, union[int, string]]]', 'T', 'typeref').ref).toMatchObject({
      kind: 'array',
      items: { kind: 'map', values: { kind: 'union' } },
    });
  });

  it('know the size of a fixed', () => {
    expect(typeOf('fixed F 16', 'F', 'fixed').size).toBe(16);
    expect(faults('fixed F 1.5')).toEqual(['1:9 the size of F is a number of bytes']);
    expect(faults('fixed F -1')).toEqual(['1:9 the size of F is a number of bytes']);
  });

  it('cannot take the name of a primitive', () => {
    expect(faults('typeref long = int')).toEqual(['1:9 `long` is a primitive and cannot name a typeref']);
  });
});

describe('unions, arrays and maps', () => {
  it('hold members without aliases, null among them', () => {
    expect(fieldsOf('u: union[null, int, array[string], x.Z]')).toMatchObject({
      u: {
        members: [
          { alias: null, type: { name: 'null' } },
          { type: { name: 'int' } },
          { type: { kind: 'array' } },
          { type: named('x.Z') },
        ],
      },
    });
  });

  it('hold members with aliases, documentation and properties', () => {
    expect(fieldsOf('u: union[null, /** One. */ one: int, @deprecated two: int]')).toMatchObject({
      u: {
        members: [{ alias: null }, { alias: 'one', doc: 'One.' }, { alias: 'two', properties: { deprecated: true } }],
      },
    });
  });

  it('may be empty, and may be declared in place', () => {
    expect(fieldsOf('e: union[] r: union[record In { a: int }, enum E { X }]')).toMatchObject({
      e: { members: [] },
      r: { members: [{ type: named('x.y.In') }, { type: named('x.y.E') }] },
    });
  });

  it('give every member an alias or none', () => {
    expect(faults('union[a: int, string]')).toEqual([
      '1:15 some members of the union have an alias, this one has none',
    ]);
    expect(faults('union[a: int, a: string]')).toEqual(['1:15 `a` is an alias already']);
  });

  it('have strings as keys of maps', () => {
    expect(faults('map[int, string]')).toEqual(['1:5 the keys of a map are strings']);
  });

  it('nest as deep as anyone needs, and no deeper', () => {
    expect(faults(`typeref T = ${'array['.repeat(50)}int${']'.repeat(50)}`)).toEqual([]);
    expect(faults(`typeref T = ${'array['.repeat(10_000)}`)).toEqual(['1:607 this nests deeper than 100 levels']);
    expect(faults(`@a = ${'['.repeat(10_000)} record R {}`)).toEqual([
      expect.stringContaining('this nests deeper than 100 levels'),
    ]);
    expect(faults(`@${'a.'.repeat(10_000)}a record R {}`)).toEqual([
      expect.stringContaining('this nests deeper than 100 levels'),
    ]);
  });
});

describe('names', () => {
  it('may be keywords in backticks, inside dotted names, too', () => {
    const text = 'namespace com.`typeref`.api record `record` { `optional`: optional boolean, r: com.`union`.`Map` }';
    const record = typeOf(text, 'com.typeref.api.record', 'record');
    expect(record.fields).toMatchObject([{ name: 'optional', optional: true }, { type: named('com.union.Map') }]);
  });

  it('may be words that are keywords elsewhere only', () => {
    expect(Object.keys(fieldsOf('type: int name: int doc: int int: string default: long'))).toEqual([
      'type',
      'name',
      'doc',
      'int',
      'default',
    ]);
  });

  it('are no keywords otherwise', () => {
    const { problems } = parsePdl('record R { union: int }', FILE);
    expect(problems).toMatchObject([
      {
        message: '`union` is a keyword, but the name of a field should stand here',
        at: { line: 1, col: 12, endCol: 17 },
        fix: 'write it in backticks: `union`',
      },
    ]);
  });

  it('hold no hyphen', () => {
    expect(faults('record R { a-b: int }')).toEqual(['1:12 `a-b` holds a `-`, which no name may']);
  });
});

describe('properties', () => {
  const propertiesOf = (text: string): unknown => typeOf(`${text} record R {}`, 'R', 'record').properties;

  it('have paths that join with objects', () => {
    expect(propertiesOf('@a.b.c = 1 @a = {"b": {"d": 2}} @e')).toEqual({ a: { b: { c: 1, d: 2 } }, e: true });
  });

  it('take digits, hyphens and any text in backticks as a segment', () => {
    expect(propertiesOf('@a-1.2.`any /text` = [null false]')).toEqual({ 'a-1': { 2: { 'any /text': [null, false] } } });
  });

  it.each([
    ['@a = 1 @a = 2', '1:9 the property `a` stands twice'],
    ['@a.b @a.b', '1:7 the property `a.b` stands twice'],
    ['@a = {"b": 1} @a.b = 2', '1:16 the property `a.b` stands twice'],
    ['@a = 1 @a.b = 2', '1:9 the property `a.b` stands twice'],
    ['@a.b = 1 @a = {"b": 2}', '1:11 the property `a.b` stands twice'],
    ['@a = {"b": {"c": 1}} @a.b = {"c": {"d": 1}}', '1:23 the property `a.b.c` stands twice'],
    ['@a = {} @a = {}', '1:10 the property `a` stands twice'],
    ['@a = {"b": 1} @a = {"c": 1}', '1:16 the property `a` stands twice'],
  ])('%s says one thing twice', (text, fault) => {
    expect(faults(`${text} record R {}`)).toEqual([fault]);
  });

  it('may carry names that objects have anyway', () => {
    expect(Object.keys(propertiesOf('@__proto__.x = 1 @constructor = 2') as object)).toEqual([
      '__proto__',
      'constructor',
    ]);
  });

  it('stand before fields, members and references to types', () => {
    const record = typeOf('record R { @q = 1 f: @z array[int] }', 'R', 'record');
    expect(record.fields).toMatchObject([{ properties: { q: 1 }, type: { kind: 'array' } }]);
  });
});

describe('documentation', () => {
  const docOf = (text: string): unknown => typeOf(`${text} record R {}`, 'R', 'record').doc;

  it('loses its margin and keeps its lines', () => {
    expect(docOf('/**\n * One.\n *\n *   two\n * three\n */')).toBe('One.\n\n  two\nthree');
    expect(docOf('/** a\n    b\n      c */')).toBe('a\nb\n  c');
  });

  it('has entities undone', () => {
    expect(docOf('/** a &lt;b&gt; &amp;amp; &#47;*x*&#x2f; &nope; &#99999999; */')).toBe(
      'a <b> &amp; /*x*/ &nope; &#99999999;',
    );
  });

  it('is told from plain comments and empty ones', () => {
    expect(docOf('/* plain */')).toBeNull();
    expect(docOf('/**/')).toBeNull();
    expect(docOf('/** */')).toBeNull();
  });

  it('belongs to what follows, before its properties or after them', () => {
    const record = typeOf('record R { /** a */ @p a: int @q /** b */ b: int c: int /** stray */ }', 'R', 'record');
    expect(record.fields.map(({ doc }) => doc)).toEqual(['a', 'b', null]);
    const outer = typeOf('record R { in: record In { x: int /** stray */ } after: int }', 'R', 'record');
    expect(outer.fields.map(({ doc }) => doc)).toEqual([null, null]);
  });
});

describe('broken text', () => {
  it.each([
    ['', '1:1 the file ends where a declaration should'],
    ['namespace', '1:10 the file ends where a namespace should'],
    ['record', '1:7 the file ends where the name of a record should'],
    ['record R', '1:9 the file ends where `{` before the fields of R should'],
    ['record R {\n  a int\n}', '2:5 `int` stands where `:` after the field `a` should'],
    ['record R { a: }', '1:15 `}` stands where the type of `a` should'],
    ['record R { a: int', '1:18 the file ends where the name of a field should'],
    ['/* open', '1:1 the comment has no end'],
    ['union[int', '1:10 the file ends where a member of the union should'],
    ['import a.b', '1:11 the file ends where a declaration should'],
    ['import a.B import c.B record R {}', '1:19 `B` is imported twice, from `a.B` and `c.B`'],
    ['record R { a: § }', '1:15 `§` stands where the type of `a` should'],
  ])('%j', (text, fault) => {
    expect(faults(text)).toEqual([fault]);
  });

  it('of many declarations and properties is read in time', () => {
    const text = `${Array.from({ length: 3000 }, (_, i) => `/** d */ @p${i} `).join('')} record R { ${Array.from({ length: 3000 }, (_, i) => `f${i}: int`).join(' ')} }`;
    expect(typeOf(text, 'R', 'record').fields).toHaveLength(3000);
  }, 5000);
});
