import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/protocol/json.ts';
import { checkSchema } from '../../src/schema/check.ts';
import { coerce } from '../../src/schema/coerce.ts';
import { typeText } from '../../src/schema/describe.ts';
import type { JsonSchema, SchemaScope } from '../../src/schema/schema.ts';
import { sampleOf } from '../../src/schema/sample.ts';
import { schemaAt } from '../../src/schema/shape.ts';
import { schemaOf } from '../../src/schema/types.ts';

const scope: SchemaScope = {
  types: new Map<string, JsonSchema>([
    ['Status', { enum: ['ACTIVE', 'DRAFT'] }],
    ['Tree', { type: 'object', properties: { name: { type: 'string' }, next: { $ref: '#/types/Tree' } } }],
    [
      'Owner',
      {
        type: 'object',
        minProperties: 1,
        maxProperties: 1,
        additionalProperties: false,
        properties: { person: { type: 'string' }, count: { $ref: '#/types/int' } },
      },
    ],
    ['Places', { type: 'array', items: { $ref: './place.json#/$defs/Place' } }],
  ]),
  files: new Map<string, Json>([
    [
      './place.json',
      {
        $defs: {
          Place: { title: 'Place', type: 'object', properties: { zip: { $ref: '#/$defs/Zip' } } },
          Zip: { type: 'string' },
        },
      },
    ],
  ]),
};

describe('typeText', () => {
  it.each<[Json, string]>([
    ['long', 'long'],
    ['double[]', 'list of double'],
    ['urn:li:person', 'urn:li:person'],
    ['bytes', 'bytes'],
    ['Status', 'one of "ACTIVE", "DRAFT"'],
    ['Tree', 'Tree'],
    ['Tree[]', 'list of Tree'],
    ['Owner', 'union of "person", "count"'],
    ['Places', 'list of Place'],
    [{ type: 'integer' }, 'integer'],
    [{ type: ['string', 'null'] }, 'string or null'],
    [{ anyOf: [{ $ref: '#/types/long' }, { type: 'string' }] }, 'long or string'],
    [{ oneOf: Array.from({ length: 9 }, (_, index) => ({ const: index })) }, 'one of 9 alternatives'],
    [
      { enum: Array.from({ length: 14 }, (_, index) => index) },
      'one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more',
    ],
    [{ const: 9007199254740993n }, 'exactly 9007199254740993'],
    [{ allOf: [true, { $ref: '#/types/Status' }] }, 'one of "ACTIVE", "DRAFT"'],
    [true, 'any value'],
    [false, 'no value'],
    [{}, 'any value'],
    [{ $ref: '#/types/Gone' }, '#/types/Gone'],
  ])('case %#', (written, text) => {
    expect(typeText(schemaOf(written, scope))).toBe(text);
  });
});

describe('schemaAt', () => {
  it.each<[Json, string[], string | null]>([
    ['Tree', ['name'], 'string'],
    ['Tree', ['next', 'next', 'name'], 'string'],
    ['Owner', ['count'], 'int'],
    ['Places', ['0', 'zip'], 'string'],
    ['Tree', ['gone'], null],
    [{ anyOf: [{ type: 'string' }, { $ref: '#/types/Tree' }] }, ['name'], 'string'],
    [{ type: 'object', additionalProperties: { $ref: '#/types/long' } }, ['any'], 'long'],
  ])('finds the schema inside %j at %j', (written, path, text) => {
    const found = schemaAt(schemaOf(written, scope), path);
    expect(found === null ? null : typeText(found)).toBe(text);
  });
});

describe('alternatives that refer to each other', () => {
  const tangled: SchemaScope = {
    types: new Map(
      ['A', 'B', 'C'].map((name): [string, JsonSchema] => [
        name,
        { anyOf: ['A', 'B', 'C', 'A', 'B', 'C'].map((other) => ({ $ref: `#/types/${other}` })) },
      ]),
    ),
    files: new Map(),
  };
  const schema = schemaOf('A', tangled);

  it('have no type, no member, no value and no sample, and all of them soon', () => {
    const started = performance.now();
    expect(typeText(schema)).not.toBe('');
    expect(schemaAt(schema, ['x'])).toBeNull();
    expect(coerce(schema, '1')).toHaveProperty('problem');
    expect(sampleOf(schema, () => 0.5)).toBeNull();
    expect(checkSchema(schema, 1)).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
