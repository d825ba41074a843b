import { describe, expect, it } from 'vitest';

import type { Element } from '../../src/protocol/encoding.ts';
import type { Json } from '../../src/protocol/json.ts';
import { coerce, wireValue } from '../../src/schema/coerce.ts';
import type { JsonSchema, SchemaScope } from '../../src/schema/schema.ts';
import { schemaOf } from '../../src/schema/types.ts';

const scope: SchemaScope = {
  types: new Map<string, JsonSchema>([
    ['Genre', { enum: ['POETRY', 'HISTORY'] }],
    [
      'Search',
      {
        type: 'object',
        properties: {
          ids: { type: 'array', items: { $ref: '#/types/long' } },
          genre: { $ref: '#/types/Genre' },
          open: { type: 'boolean' },
        },
      },
    ],
    [
      'Owner',
      {
        type: 'object',
        minProperties: 1,
        maxProperties: 1,
        additionalProperties: false,
        properties: { person: { type: 'string' }, number: { $ref: '#/types/int' } },
      },
    ],
    ['Counts', { type: 'object', additionalProperties: { $ref: '#/types/int' } }],
    [
      'Prices',
      {
        type: 'object',
        properties: { low: { $ref: '#/types/double' }, high: { type: 'number' }, stock: { $ref: '#/types/int' } },
      },
    ],
  ]),
  files: new Map(),
};
const read = (type: Json, element: Element) => coerce(schemaOf(type, scope), element);

describe('coerce', () => {
  it('reads the word null where nothing else may stand, and as text where text may', () => {
    expect(read({ type: 'null' }, 'null')).toMatchObject({ value: null });
    expect(read({ type: ['null', 'string'] }, 'null')).toMatchObject({ value: 'null' });
    expect(read({ type: 'null' }, 'nil')).toHaveProperty('problem');
  });

  it.each<[string, Element, Json]>([
    ['int', '01', 1],
    ['int', '+1', 1],
    ['int', '-1', -1],
    ['double', '1', 1],
    ['double', '1.0E21', 1e21],
    ['double', '-.5', -0.5],
    ['boolean', 'true', true],
    ['boolean', 'false', false],
    ['string', '12', '12'],
    ['urn:li:person', 'urn:li:person:1', 'urn:li:person:1'],
    ['Genre', 'UNKNOWN', 'UNKNOWN'],
    ['long[]', ['1', '2'], [1, 2]],
    ['Counts', { a: '1', b: '2' }, { a: 1, b: 2 }],
    ['Owner', { number: '5' }, { number: 5 }],
    [
      'Search',
      { ids: ['7'], genre: 'POETRY', open: 'true', other: 'x' },
      { ids: [7], genre: 'POETRY', open: true, other: 'x' },
    ],
  ])('reads a %s from %j', (type, element, value) => {
    expect(read(type, element)).toEqual({ value, lenient: [] });
  });

  it('keeps every digit of a long', () => {
    expect(read('long', '9223372036854775807')).toEqual({ value: 9223372036854775807n, lenient: [] });
  });

  it.each<[string, Element, string, string]>([
    ['int', '1.0', '', 'int'],
    ['int', '2147483648', '', 'int'],
    ['long', '9223372036854775808', '', 'long'],
    ['int', ' 1', '', 'int'],
    ['int', '', '', 'int'],
    ['double', 'NaN', '', 'double'],
    ['string', ['a'], '', 'string'],
    ['long[]', '1', '', 'list of long'],
    ['long[]', ['1', 'x'], '/1', 'long'],
    ['Search', { ids: ['a'] }, '/ids/0', 'long'],
  ])('refuses for %s the text %j', (type, element, pointer, expected) => {
    expect(read(type, element)).toMatchObject({ problem: { pointer, expected, keyword: 'type' } });
  });

  it('reads any other boolean as false, and says so', () => {
    expect(read('boolean', 'yes')).toMatchObject({
      value: false,
      lenient: [{ expected: 'boolean', actual: 'text "yes"' }],
    });
  });

  it.each<[Json, Element, Json]>([
    [{ enum: [1, 2] }, '2', 2],
    [{ anyOf: [{ $ref: '#/types/int' }, { type: 'string' }] }, '5', 5],
    [{ anyOf: [{ $ref: '#/types/int' }, { type: 'string' }] }, 'five', 'five'],
    [{ type: ['integer', 'string'] }, 'five', 'five'],
    [{ oneOf: [{ type: 'boolean' }, { type: 'string' }] }, 'true', true],
    [true, 'x', 'x'],
  ])('chooses the alternative that fits %#', (schema, element, value) => {
    expect(read(schema, element)).toMatchObject({ value });
  });

  it('takes hostile names for names', () => {
    const element: Element = Object.fromEntries([['__proto__', '1']]);
    const result = read('Counts', element);
    expect('value' in result && JSON.stringify(result.value)).toBe('{"__proto__":1}');
  });
});

describe('wireValue', () => {
  it.each<[Json, Json, Json]>([
    ['double', 1, '1.0'],
    ['double', 1e21, '1.0E21'],
    ['int', 1, 1],
    ['string', 'a', 'a'],
    ['Prices', { low: 1, high: 2.5, stock: 3 }, { low: '1.0', high: '2.5', stock: 3 }],
    ['double[]', [1, 2], ['1.0', '2.0']],
    [{ anyOf: [{ $ref: '#/types/Prices' }, { type: 'null' }] }, { low: 1 }, { low: '1.0' }],
  ])('writes the numbers of %j as Java does', (type, value, written) => {
    expect(wireValue(schemaOf(type, scope), value)).toEqual(written);
  });

  it('leaves a long as it is', () => {
    expect(wireValue(schemaOf('long', scope), 9007199254740993n)).toBe(9007199254740993n);
  });
});
