import { beforeAll, describe, expect, it } from 'vitest';

import type { Json } from '../../src/protocol/json.ts';
import { checkSchema } from '../../src/schema/check.ts';
import { compilePattern, needsDeadline } from '../../src/schema/patterns.ts';
import { sampleOfPattern } from '../../src/schema/pattern-sample.ts';
import { prepareSamples, sampleOf } from '../../src/schema/sample.ts';
import { randomOf } from '../../src/schema/random.ts';
import type { JsonSchema, SchemaScope } from '../../src/schema/schema.ts';
import { schemaOf } from '../../src/schema/types.ts';

const scope: SchemaScope = {
  types: new Map<string, JsonSchema>([
    [
      'Tree',
      {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string' }, children: { type: 'array', items: { $ref: '#/types/Tree' } } },
      },
    ],
    ['Endless', { type: 'object', required: ['next'], properties: { next: { $ref: '#/types/Endless' } } }],
    [
      'Owner',
      {
        type: 'object',
        minProperties: 1,
        maxProperties: 1,
        additionalProperties: false,
        properties: { person: { $ref: '#/types/urn:li:person' }, number: { $ref: '#/types/int' } },
      },
    ],
  ]),
  files: new Map(),
};

describe('sampleOf', () => {
  it.each<[Json]>([
    ['int'],
    ['long'],
    ['double'],
    ['boolean'],
    ['string'],
    ['bytes'],
    ['urn'],
    ['urn:li:person'],
    ['long[]'],
    ['Tree'],
    ['Owner'],
    [{ enum: ['A', 'B'] }],
    [{ const: 9007199254740993n }],
    [{ type: 'integer', minimum: 9007199254740993n }],
    [{ type: 'integer', minimum: -5, exclusiveMaximum: -3, multipleOf: 2 }],
    [{ type: 'number', exclusiveMinimum: 0, maximum: 1 }],
    [{ type: 'number', minimum: 0, maximum: 1, multipleOf: 0.01 }],
    [{ type: 'string', minLength: 30, maxLength: 40 }],
    [{ type: 'string', maxLength: 3 }],
    [{ type: 'string', pattern: '^97[89]-\\d{10}$' }],
    [{ type: 'string', pattern: '^(?:[A-Z]{2}|\\w+@x\\.org)$' }],
    [{ type: 'string', format: 'date-time' }],
    [{ type: 'string', format: 'uuid' }],
    [{ type: 'string', format: 'ipv6' }],
    [{ type: 'array', minItems: 3, uniqueItems: true, items: { enum: [1, 2, 3] } }],
    [{ type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }] }],
    [{ type: 'object', additionalProperties: { $ref: '#/types/long' }, minProperties: 2 }],
    [
      {
        allOf: [
          { type: 'object', required: ['a'], properties: { a: { type: 'string' } } },
          { required: ['b'], properties: { b: { type: 'integer' } } },
        ],
      },
    ],
    [{ oneOf: [{ type: 'object', required: ['k'], properties: { k: { const: 'x' } } }, { type: 'string' }] }],
    [{ type: ['null', 'integer'] }],
  ])('makes values that fit %#', (type) => {
    const schema = schemaOf(type, scope);
    for (let seed = 1; seed <= 25; seed++) {
      const value = sampleOf(schema, randomOf(seed));
      expect(value).not.toBeNull();
      expect(checkSchema(schema, value)).toEqual([]);
    }
  });

  it('makes the same value from the same seed', () => {
    expect(sampleOf(schemaOf('Tree', scope), randomOf(7))).toEqual(sampleOf(schemaOf('Tree', scope), randomOf(7)));
  });

  it('makes longs that no double holds, maps with entries, and empty texts of members', () => {
    const written = {
      type: 'object',
      required: ['count', 'small', 'text', 'tags'],
      properties: {
        count: { $ref: '#/types/long' },
        small: { $ref: '#/types/int' },
        text: { type: 'string' },
        tags: { type: 'object', additionalProperties: { $ref: '#/types/int' } },
      },
    };
    const made = Array.from({ length: 60 }, (_, seed) => sampleOf(schemaOf(written, scope), randomOf(seed)));
    const members = (name: string): readonly unknown[] => made.map((one) => (one as Record<string, unknown>)[name]);
    expect(members('count').some((count) => typeof count === 'bigint')).toBe(true);
    expect(members('count').some((count) => typeof count === 'number')).toBe(true);
    expect(members('small').every((small) => typeof small === 'number')).toBe(true);
    expect(members('text')).toContain('');
    expect(members('tags').some((tags) => Object.keys(tags as object).length > 0)).toBe(true);
    // On its own a text may be a key, which is never empty.
    const texts = Array.from({ length: 60 }, (_, seed) => sampleOf(schemaOf('string', scope), randomOf(seed)));
    expect(texts).not.toContain('');
  });

  it('gives up on what nothing fits', () => {
    expect(sampleOf(schemaOf({ type: 'integer', minimum: 5, maximum: 4 }, scope), randomOf(1))).toBeNull();
    expect(sampleOf(schemaOf('Endless', scope), randomOf(1))).toBeNull();
    expect(sampleOf(schemaOf(false, scope), randomOf(1))).toBeNull();
  });

  describe('with json-schema-faker', () => {
    beforeAll(prepareSamples);

    it('never hands out what does not fit', () => {
      const schemas = [
        { type: 'object', minProperties: 1, propertyNames: { pattern: '^[a-c]$' } },
        { type: 'integer', minimum: 5, maximum: 4 },
        { type: 'array', contains: { const: 7 }, items: { type: 'integer' } },
      ].map((written) => schemaOf(written, scope));
      const made = schemas.map((schema) => sampleOf(schema, randomOf(3)));
      const problems = made.map((value, index) => (value === null ? [] : checkSchema(schemas[index]!, value)));
      expect(problems).toEqual([[], [], []]);
      expect(made[1]).toBeNull();
    });
  });
});

/** Whether the text matches, or why the expression is none. */
function matches(pattern: string, text: string): boolean | string {
  const compiled = compilePattern(pattern);
  return 'test' in compiled ? compiled.test(text) : compiled.problem;
}

describe('compilePattern', () => {
  it.each<[string, string, boolean]>([
    ['^a', 'abc', true],
    ['b', 'abc', true],
    ['^b', 'abc', false],
    ['^\\d{10}$', '0123456789', true],
    ['(?=.*\\d)(?=.*[a-z]).{3,}', 'a1x', true],
    ['(a)\\1', 'aa', true],
    ['^(?:[a-z]+\\.)+[a-z]+$', 'a.b.c', true],
    ['\\s', '\u2003', true],
    ['^(\\s+)+$', '\u00a0 ', true],
    ['^(?:\\u00e9|x)+$', 'éx', true],
    ['^[\\w.-]+@[\\w-]+(?:\\.[\\w-]+)+$', 'a.b@c.org', true],
    ['^(?<year>\\d+)(-\\d+)*$', '2024-1-2', true],
  ])('%s on %j', (pattern, text, matching) => {
    expect(matches(pattern, text)).toBe(matching);
  });

  it('reports what is no expression', () => {
    expect(matches('(', 'a')).toMatch(/[Uu]nterminated/);
  });

  it.each([['(a+)+$'], ['^(a|aa)*$'], ['a*a*a*a*a*b'], ['(x+x+)+y']])(
    '%s ends on a long text that does not match',
    (pattern) => {
      const started = performance.now();
      matches(pattern, `${'a'.repeat(5_000)}!`);
      matches(pattern, `${'x'.repeat(5_000)}!`);
      expect(performance.now() - started).toBeLessThan(5_000);
    },
  );

  it('stops what no engine can bound', () => {
    expect(matches('^(?=a)(a+)+$', `${'a'.repeat(50)}!`)).toBe(false);
    expect(needsDeadline('^(?=a)(a+)+$')).toBe(true);
    expect(needsDeadline('(a+)+$')).toBe(false);
    expect(needsDeadline('^a$')).toBe(false);
  });

  it('agrees with the native engine wherever a text is short', () => {
    for (const pattern of ['^a.c$', '[^x]+y', '\\bfoo\\b', '^\\S+$', 'a{2,3}', '^[\\s\\d]+$', 'x|y|^z']) {
      const native = new RegExp(pattern, 'u');
      for (const text of ['abc', 'a\nc', 'foo bar', 'aaa', '1 2', 'zzz', 'ay', '']) {
        const long = `${text}${' '.repeat(3_000)}`;
        expect([pattern, text, matches(pattern, text)]).toEqual([pattern, text, native.test(text)]);
        expect([pattern, long.length, matches(pattern, long)]).toEqual([pattern, long.length, native.test(long)]);
      }
    }
  });
});

describe('sampleOfPattern', () => {
  it.each([['^a{3}$'], ['[^a-z]'], ['\\u0041\\x42'], ['(?:a|b)c?'], ['^[-a]$'], ['\\D\\W\\S']])(
    'makes a match of %s',
    (pattern) => {
      for (let seed = 1; seed <= 10; seed++) {
        expect(sampleOfPattern(pattern, randomOf(seed))).toMatch(new RegExp(pattern, 'u'));
      }
    },
  );

  it.each([['(?=a)b'], ['(a)\\1'], ['a{2'], ['[a'], ['(a'], ['(a{1000}){1000}']])('gives up on %s', (pattern) => {
    expect(sampleOfPattern(pattern, randomOf(1))).toBeNull();
  });
});
