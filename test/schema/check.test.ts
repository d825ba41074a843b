import { describe, expect, it } from 'vitest';

import type { Json, JsonObject } from '../../src/protocol/json.ts';
import { checkSchema, type CheckOptions } from '../../src/schema/check.ts';
import type { JsonSchema, SchemaScope } from '../../src/schema/schema.ts';
import { schemaOf } from '../../src/schema/types.ts';

const scope: SchemaScope = {
  types: new Map<string, JsonSchema>([
    ['Status', { enum: ['ACTIVE', 'DRAFT'] }],
    [
      'Money',
      {
        type: 'object',
        required: ['amount', 'currency'],
        properties: { amount: { type: 'string' }, currency: { type: 'string' } },
      },
    ],
    [
      'Owner',
      {
        type: 'object',
        minProperties: 1,
        maxProperties: 1,
        additionalProperties: false,
        properties: {
          person: { $ref: '#/types/urn:li:person' },
          organization: { $ref: '#/types/urn:li:organization' },
        },
      },
    ],
    [
      'Tree',
      {
        type: 'object',
        properties: { children: { type: 'array', items: { $ref: '#/types/Tree' } } },
        additionalProperties: false,
      },
    ],
    [
      'Account',
      {
        type: 'object',
        required: ['id', 'name', 'status', 'audit', 'cost'],
        properties: {
          id: { $ref: '#/types/long', readOnly: true },
          name: { type: 'string', minLength: 1, maxLength: 5 },
          status: { $ref: '#/types/Status' },
          audit: { type: 'object', required: ['time'], properties: { time: { $ref: '#/types/long' } } },
          cost: { $ref: '#/types/Money' },
        },
      },
    ],
  ]),
  files: new Map<string, Json>([
    [
      './place.json',
      {
        $defs: { Zip: { type: 'string', minLength: 3 } },
        type: 'object',
        required: ['zip'],
        properties: { zip: { $ref: '#/$defs/Zip' }, at: { $ref: '#/types/long' } },
      },
    ],
  ]),
};

/** `pointer keyword: expected / actual` of every problem. */
const told = (type: Json, value: Json, options?: CheckOptions): string[] =>
  checkSchema(schemaOf(type, scope), value, options).map(
    (p) => `${p.pointer} ${p.keyword}: ${p.expected} / ${p.actual}`,
  );
const places = (type: Json, value: Json): (string | null)[] =>
  checkSchema(schemaOf(type, scope), value).map((p) => p.schemaPointer);

const account: JsonObject = {
  id: 1,
  name: 'Acme',
  status: 'ACTIVE',
  audit: { time: 1 },
  cost: { amount: '1', currency: 'EUR' },
};

describe('primitives', () => {
  it.each<[string, Json, boolean]>([
    ['int', 2147483647, true],
    ['int', 2147483648, false],
    ['int', -2147483648, true],
    ['int', 1.5, false],
    ['long', 9223372036854775807n, true],
    ['long', 9223372036854775808n, false],
    ['long', -9223372036854775808n, true],
    ['long', -9223372036854775809n, false],
    ['long', 1e300, false],
    ['double', 1e300, true],
    ['double', 5, true],
    ['float', 12345678901234567890n, true],
    ['boolean', true, true],
    ['boolean', 'true', false],
    ['bytes', 'ab\u00ff', true],
    ['bytes', '\u0100', false],
    ['urn', 'urn:x', true],
    ['urn', 'x', false],
    ['urn:li:person', 'urn:li:person:1', true],
    ['urn:li:person', 'urn:li:personal:1', false],
    ['long[]', [1, 2n ** 60n], true],
    ['long[][]', [[1], ['a']], false],
  ])('%s', (type, value, fits) => {
    expect(told(type, value).length === 0).toBe(fits);
  });

  it.each<[Json, Json, string]>([
    ['long', '12', ' type: long / string "12"'],
    ['long', 9223372036854775808n, ' format: long / integer 9223372036854775808'],
    ['bytes', '\u0100', ' pattern: bytes, each character at most U+00FF / string "Ā"'],
    ['urn:li:person', 'x', ' pattern: urn:li:person / string "x"'],
    ['Status', 'GONE', ' enum: one of "ACTIVE", "DRAFT" / string "GONE"'],
    ['long[]', ['a'], '/0 type: long / string "a"'],
  ])('says what %j wants', (type, value, text) => {
    expect(told(type, value)).toEqual([text]);
  });
});

describe('all digits count', () => {
  it.each<[Json, Json, boolean]>([
    [{ type: 'integer', minimum: 9007199254740993n }, 9007199254740993n, true],
    [{ type: 'integer', minimum: 9007199254740993n }, 9007199254740992n, false],
    [{ type: 'integer', exclusiveMaximum: 9007199254740993n }, 9007199254740993n, false],
    [{ const: 9007199254740993n }, 9007199254740992n, false],
    [{ enum: [9007199254740993n, 'x'] }, 9007199254740993n, true],
    [{ multipleOf: 3 }, 9007199254740993n, true],
    [{ multipleOf: 3 }, 9007199254740994n, false],
    [{ multipleOf: 0.01 }, 0.07, true],
    [{ type: ['integer', 'null'] }, null, true],
    [{ uniqueItems: true }, [9007199254740993n, 9007199254740992n], true],
  ])('case %#', (schema, value, fits) => {
    expect(told(schema, value).length === 0).toBe(fits);
  });
});

describe('records', () => {
  it('names the missing member, its type and its place', () => {
    expect(told('Account', { ...account, cost: { amount: '1' } })).toEqual([
      '/cost/currency required: string / nothing',
    ]);
    expect(places('Account', { ...account, cost: { amount: '1' } })).toEqual(['/types/Money/required']);
  });

  it('points at the keyword in the contract', () => {
    expect(places('Account', { ...account, name: 'too long a name' })).toEqual([
      '/types/Account/properties/name/maxLength',
    ]);
    expect(places('Account', { ...account, id: 'x' })).toEqual(['/types/Account/properties/id']);
    expect(places({ type: 'object', properties: { a: { type: 'string' } } }, { a: 1 })).toEqual(['/properties/a/type']);
  });

  it('guesses the member that was meant', () => {
    expect(told('Tree', { childen: [] })).toEqual([
      '/childen additionalProperties: no member of that name (did you mean "children"?) / list []',
    ]);
  });

  it('owes no read-only members in what is sent', () => {
    const { id: _id, audit: _audit, ...sent } = account;
    expect(told('Account', sent)).toHaveLength(2);
    expect(told('Account', sent, { variant: 'sent', readOnly: [['audit']] })).toEqual([]);
    expect(told('Account', { ...sent, audit: {} }, { variant: 'sent', readOnly: [['audit', 'time']] })).toEqual([]);
    expect(told('Account', { ...sent, audit: {} }, { variant: 'sent', readOnly: [] })).toEqual([
      '/audit/time required: long / nothing',
    ]);
  });

  it('owes nothing at all in a projection', () => {
    expect(told('Account', { cost: {} }, { variant: 'partial' })).toEqual([]);
    expect(told('Account', { cost: { amount: 1 } }, { variant: 'partial' })).toEqual([
      '/cost/amount type: string / integer 1',
    ]);
  });

  it('reads a file with its own names and the primitives', () => {
    expect(told({ $ref: './place.json' }, { zip: 'ab', at: '1' })).toEqual([
      '/zip minLength: at least 3 characters / 2: string "ab"',
      '/at type: long / string "1"',
    ]);
    expect(places({ $ref: './place.json' }, {})).toEqual([null]);
  });
});

describe('unions', () => {
  it.each<[Json, string[]]>([
    [{ person: 'urn:li:person:1' }, []],
    [{}, [' minProperties: exactly one of the members "person", "organization" / no member']],
    [
      { persn: 'x' },
      [
        ' additionalProperties: exactly one of the members "person", "organization" (did you mean "person"?) / the member "persn"',
      ],
    ],
    [
      { person: 'urn:li:person:1', organization: 'urn:li:organization:1' },
      [' maxProperties: exactly one of the members "person", "organization" / the members "person", "organization"'],
    ],
    [{ person: 5 }, ['/person type: urn:li:person / integer 5']],
    ['x', [' type: union of "person", "organization" / string "x"']],
  ])('is one problem %#', (value, texts) => {
    expect(told('Owner', value)).toEqual(texts);
  });

  it('asks the branch that the discriminator names', () => {
    const shape = {
      oneOf: [
        {
          type: 'object',
          required: ['kind', 'radius'],
          properties: { kind: { const: 'circle' }, radius: { type: 'number' } },
        },
        {
          type: 'object',
          required: ['kind', 'width', 'height'],
          properties: { kind: { const: 'box' }, width: { type: 'number' }, height: { type: 'number' } },
        },
      ],
    };
    expect(told(shape, { kind: 'box', width: 'a' })).toEqual([
      '/height required: number / nothing',
      '/width type: number / string "a"',
    ]);
  });

  it('asks the branch of the same type', () => {
    expect(told({ anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'integer' } }] }, ['a'])).toEqual([
      '/0 type: integer / string "a"',
    ]);
  });

  it('names all types when none is near', () => {
    expect(told({ anyOf: [{ type: 'string' }, { $ref: '#/types/long' }] }, true)).toEqual([
      ' anyOf: string or long / boolean true',
    ]);
  });

  it('is open where an unknown symbol alone keeps it from holding', () => {
    expect(checkSchema(schemaOf({ anyOf: [{ enum: ['A'] }, { enum: ['B'] }] }, scope), 'C')[0]).toMatchObject({
      keyword: 'enum',
      expected: 'one of "A" or one of "B"',
    });
  });

  it('prefers the branch that only an unknown member tells from', () => {
    const closed = { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false };
    const other = { type: 'object', required: ['b'], properties: { b: { type: 'string' } } };
    expect(told({ anyOf: [other, closed] }, { a: 'x', c: 1 }).map((text) => text.split(':')[0])).toEqual([
      '/c additionalProperties',
    ]);
  });

  it('says when several alternatives hold', () => {
    expect(told({ oneOf: [{ type: 'integer' }, { type: 'number' }] }, 5)).toEqual([
      ' oneOf: exactly one of the alternatives, not 2 at once / integer 5',
    ]);
  });
});

describe('names', () => {
  it.each<[Json, string | null]>([
    ['long', 'long'],
    [{ $ref: '#/types/Money' }, 'Money'],
    [{ $ref: './titled.json' }, 'Place'],
    [{ $ref: './place.json' }, 'place.json'],
    [{ $ref: './place.json#/$defs/Zip' }, 'Zip'],
    [{ title: 'Own' }, 'Own'],
    [{ type: 'string' }, null],
  ])('%j is called %j', (written, name) => {
    const files = new Map([...scope.files, ['./titled.json', { title: 'Place', type: 'object' }]]);
    expect(schemaOf(written, { ...scope, files }).name).toBe(name);
  });
});

describe('whatever comes', () => {
  it('tells twenty problems and counts the rest', () => {
    const problems = checkSchema(
      schemaOf('long[]', scope),
      Array.from({ length: 50 }, () => 'x'),
    );
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)).toMatchObject({ keyword: 'more', actual: '30 more' });
  });

  it('names the items that are equal, however long the list', () => {
    const items = Array.from({ length: 20_000 }, (_, index): Json => ({ index, same: false }));
    const started = performance.now();
    expect(told({ uniqueItems: true }, items)).toEqual([]);
    expect(told({ uniqueItems: true }, [...items, { same: false, index: 7 }])).toEqual([
      expect.stringMatching(/^ uniqueItems: items that all differ \/ the items 7 and 20000 are equal$/),
    ]);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('survives a value of 20,000 levels', () => {
    let deep: Json = {};
    for (let level = 0; level < 20_000; level++) deep = { children: [deep] };
    expect(told('Tree', deep)[0]).toMatch(/^ depth: /);
  });

  it('takes hostile names for names', () => {
    const text = { type: 'string' };
    const schema: Json = {
      type: 'object',
      required: ['constructor'],
      properties: Object.fromEntries([
        ['__proto__', text],
        ['constructor', text],
      ]),
      patternProperties: { '^b': text },
    };
    expect(told(schema, {})).toEqual(['/constructor required: string / nothing']);
    expect(
      told(
        schema,
        Object.fromEntries([
          ['__proto__', 1],
          ['constructor', 2],
          ['b', 3],
        ]),
      ).toSorted(),
    ).toEqual([
      '/__proto__ type: string / integer 1',
      '/b type: string / integer 3',
      '/constructor type: string / integer 2',
    ]);
  });

  it('tells of a schema that cannot be used', () => {
    expect(told({ type: 'strng' }, 1)).toHaveLength(1);
    expect(told({ $ref: '#/types/Loop' }, 1)).toEqual([]);
  });

  it('stops on references that only lead to each other', () => {
    const loop: SchemaScope = {
      types: new Map([
        ['A', { $ref: '#/types/B' }],
        ['B', { $ref: '#/types/A' }],
      ]),
      files: new Map(),
    };
    expect(checkSchema(schemaOf('A', loop), 1)).toHaveLength(1);
  });

  it('cuts long values', () => {
    expect(told('long', 'x'.repeat(100_000))[0]?.length).toBeLessThan(260);
  });
});
