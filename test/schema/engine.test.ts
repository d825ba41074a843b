import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/protocol/json.ts';
import { checkSchema, fitsSchema } from '../../src/schema/check.ts';
import type { JsonSchema } from '../../src/schema/schema.ts';
import { EMPTY_SCOPE, schemaOf } from '../../src/schema/types.ts';

/** Few names and numbers, so that schemas and values meet often. */
const name = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor');
const small = fc.integer({ min: -2, max: 3 });
const scalar = fc.oneof(
  small,
  fc.constantFrom('', 'a', 'ab', 'b1'),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(0.5, 1.5),
);

const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(name, tie('value')), { maxLength: 3 }).map((members): Json => Object.fromEntries(members)),
  ),
}));

const { schema } = fc.letrec<{ schema: JsonSchema }>((tie) => {
  const sub = tie('schema');
  const keyword: fc.Arbitrary<[string, Json]> = fc.oneof(
    fc
      .constantFrom('integer', 'number', 'string', 'boolean', 'null', 'array', 'object')
      .map((type): [string, Json] => ['type', type]),
    fc.constant<[string, Json]>(['type', ['integer', 'string', 'object']]),
    fc.tuple(fc.constantFrom('minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'), small),
    fc.constantFrom<[string, Json]>(
      ['multipleOf', 2],
      ['multipleOf', 0.5],
      ['pattern', '^a'],
      ['pattern', 'b\\d'],
      ['uniqueItems', true],
    ),
    fc.tuple(
      fc.constantFrom('minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'),
      fc.nat(2),
    ),
    fc.array(scalar, { minLength: 1, maxLength: 3 }).map((values): [string, Json] => ['enum', values]),
    value.map((one): [string, Json] => ['const', one]),
    fc
      .uniqueArray(fc.constantFrom('a', 'b', 'constructor'), { maxLength: 2 })
      .map((names): [string, Json] => ['required', names]),
    // ajv itself passes over a property called `__proto__`; ours has a test of its own.
    fc
      .dictionary(fc.constantFrom('a', 'b', 'c', 'constructor'), sub, { maxKeys: 3 })
      .map((map): [string, Json] => ['properties', { ...map }]),
    fc.tuple(
      fc.constantFrom(
        'items',
        'additionalProperties',
        'not',
        'contains',
        'propertyNames',
        'unevaluatedProperties',
        'if',
        'then',
        'else',
      ),
      sub,
    ),
    fc.tuple(fc.constantFrom('anyOf', 'oneOf', 'allOf', 'prefixItems'), fc.array(sub, { minLength: 1, maxLength: 3 })),
    sub.map((one): [string, Json] => ['dependentSchemas', { a: one }]),
  );
  return {
    schema: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.boolean(),
      fc.array(keyword, { maxLength: 4 }).map((keywords): JsonSchema => Object.fromEntries(keywords)),
    ),
  };
});

const plain = new Ajv2020({ strict: false, ownProperties: true, validateSchema: false, logger: false });

describe('the engine', () => {
  it('agrees with ajv wherever no number is beyond 2^53', () => {
    fc.assert(
      fc.property(schema, fc.array(value, { minLength: 1, maxLength: 6 }), (written, values) => {
        // Beside `prefixItems`, ajv lets an empty list pass `contains: false`, which nothing can keep; ours refuses it.
        fc.pre(!JSON.stringify(written).includes('"contains":false'));
        const validate = plain.compile(written as object | boolean);
        const ours = schemaOf(written, EMPTY_SCOPE);
        for (const one of values) {
          expect([one, checkSchema(ours, one).length === 0]).toEqual([one, validate(one)]);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('owes less in the variants, never more', () => {
    fc.assert(
      fc.property(schema, value, (written, one) => {
        const ours = schemaOf(written, EMPTY_SCOPE);
        fc.pre(!JSON.stringify(written).includes('"not"') && fitsSchema(ours, one));
        expect(checkSchema(ours, one, { variant: 'partial' })).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('says of every problem what was wanted and what is there', () => {
    fc.assert(
      fc.property(schema, value, (written, one) => {
        for (const { expected, actual, pointer } of checkSchema(schemaOf(written, EMPTY_SCOPE), one)) {
          expect(expected).not.toBe('');
          expect(actual).not.toBe('');
          expect(pointer).toMatch(/^(?:\/.*)?$/s);
        }
      }),
      { numRuns: 200 },
    );
  });
});
