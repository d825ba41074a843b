import { describe, expect, it } from 'vitest';

import type { Json } from '../../src/protocol/json.ts';
import { schemaLint } from '../../src/schema/lint.ts';
import type { JsonSchema, SchemaScope } from '../../src/schema/schema.ts';

const scope: SchemaScope = {
  types: new Map<string, JsonSchema>([
    ['Genre', { enum: ['POETRY'] }],
    ['Tree', { type: 'object', properties: { next: { $ref: '#/types/Tree' } } }],
    ['A', { $ref: '#/types/B' }],
    ['B', { $ref: '#/types/A' }],
    ['C', { $ref: '#/types/Gone' }],
  ]),
  files: new Map<string, Json>([['./place.json', { $defs: { Zip: { type: 'string' } } }]]),
};
const lint = (written: Json) =>
  schemaLint(written, scope).map(({ pointer, code, severity, fix }) => [pointer, code, severity, fix]);

describe('schemaLint', () => {
  it.each<[Json, string, string, string, string | RegExp | undefined]>([
    [{ type: 'strng' }, '/type', 'schema/invalid-keyword', 'error', 'write `type: string`'],
    [{ type: 'long' }, '/type', 'schema/invalid-keyword', 'error', 'write `$ref: "#/types/long"` instead of `type`'],
    [{ type: 'string', doc: 'x' }, '/doc', 'schema/unknown-keyword', 'error', 'write `description`'],
    [{ type: 'string', optional: true }, '/optional', 'schema/unknown-keyword', 'error', /name\?/],
    [{ type: 'string', maxLenght: 5 }, '/maxLenght', 'schema/unknown-keyword', 'error', 'write `maxLength`'],
    [
      { type: 'object', properties: { a: 'long' } },
      '/properties/a',
      'schema/not-a-schema',
      'error',
      'write `{ $ref: "#/types/long" }`',
    ],
    [
      { type: 'object', properties: { ok: { type: 'string' }, 'a/b': 'string' } },
      '/properties/a~1b',
      'schema/not-a-schema',
      'error',
      'write `{ type: string }`',
    ],
    [{ type: 'object', properties: ['a'] }, '/properties', 'schema/invalid-keyword', 'error', undefined],
    [
      { type: 'array', items: 'Genre' },
      '/items',
      'schema/invalid-keyword',
      'error',
      'write `{ $ref: "#/types/Genre" }`',
    ],
    [{ type: 'string', required: true }, '/required', 'schema/invalid-keyword', 'error', /list the names/],
    [{ type: 'string', minLength: -1 }, '/minLength', 'schema/invalid-keyword', 'error', undefined],
    [{ type: 'string', pattern: '(' }, '/pattern', 'schema/invalid-pattern', 'error', /escape/],
    [{ type: 'string', pattern: '(?=a)a' }, '/pattern', 'schema/slow-pattern', 'warning', 'write it without them'],
    [{ type: 'string', format: 'emial' }, '/format', 'schema/unknown-format', 'warning', 'write `email`'],
    [{ $ref: '#/types/Gnre' }, '/$ref', 'schema/dangling-ref', 'error', 'write `Genre`'],
    [{ $ref: '#/types/C' }, '/$ref', 'schema/dangling-ref', 'error', /declare it/],
    [{ $ref: '#/types/A' }, '/$ref', 'schema/circular-ref', 'error', /say a type/],
    [{ $ref: './plce.json' }, '/$ref', 'schema/dangling-ref', 'error', 'write `./place.json`'],
    [{ $ref: './place.json#/$defs/Gone' }, '/$ref', 'schema/dangling-ref', 'error', undefined],
    [{ type: 'integer', minimum: 5, maximum: 1 }, '/maximum', 'schema/contradiction', 'warning', /swap/],
    [{ type: 'string', enum: ['a', 1] }, '/enum', 'schema/contradiction', 'warning', /change/],
    [{ type: 'string', minimum: 1 }, '/minimum', 'schema/no-effect', 'warning', /integer and number/],
    [
      { type: 'object', required: ['nmae'], properties: { name: { type: 'string' } } },
      '/required/0',
      'schema/contradiction',
      'warning',
      'write `name`',
    ],
    [{}, '', 'schema/accepts-anything', 'warning', /say its `type`/],
    [
      { type: 'object', properties: { a: { description: 'x' } } },
      '/properties/a',
      'schema/accepts-anything',
      'warning',
      /say its `type`/,
    ],
    ['Gnre', '', 'schema/unknown-type', 'error', 'write `Genre`'],
    ['integer', '', 'schema/unknown-type', 'error', 'write `int` or `long`'],
    ['Bool', '', 'schema/unknown-type', 'error', 'write `boolean`'],
    ['array', '', 'schema/unknown-type', 'error', /`string\[\]`/],
    [5, '', 'schema/not-a-schema', 'error', undefined],
  ])('%j', (written, pointer, code, severity, fix) => {
    const found = lint(written);
    expect(found[0]?.slice(0, 3)).toEqual([pointer, code, severity]);
    const told = found[0]?.[3];
    expect(fix instanceof RegExp ? fix.test(told ?? '') : told === fix, `the fix is: ${told}`).toBe(true);
  });

  it.each<[Json]>([
    ['long'],
    ['Genre[]'],
    [true],
    [{ $ref: '#/types/Tree' }],
    [{ $ref: '#/types/urn:li:person' }],
    [{ $ref: './place.json#/$defs/Zip' }],
    [{ enum: ['A'], description: 'closed' }],
    [{ type: 'object', additionalProperties: false, properties: { a: { type: 'string', 'x-note': 1 } } }],
    [{ type: ['string', 'null'], pattern: '^a+$' }],
  ])('is silent about %j', (written) => {
    expect(lint(written)).toEqual([]);
  });

  it('tells at the reference what is wrong in a file, and in the files behind it', () => {
    const files = new Map<string, Json>([
      ['./a.json', { type: 'object', properties: { b: { $ref: './b.json#/$defs/B' }, me: { $ref: '#' } } }],
      ['./b.json', { $defs: { B: { type: 'strng' }, Unused: { type: 'nonsense' } }, back: { $ref: './a.json' } }],
    ]);
    const found = schemaLint({ type: 'array', items: { $ref: './a.json' } }, { types: new Map(), files });
    expect(found).toEqual([
      {
        pointer: '/items/$ref',
        code: 'schema/invalid-keyword',
        severity: 'error',
        message: expect.stringMatching(/^in \.\/b\.json#\/\$defs\/B\/type: `type` must be one of/),
        fix: 'write `type: string`',
      },
    ]);
  });

  it('ends where files refer to each other', () => {
    const files = new Map<string, Json>([
      ['./a.json', { type: 'object', properties: { b: { $ref: './b.json' } } }],
      ['./b.json', { type: 'object', properties: { a: { $ref: './a.json' } } }],
    ]);
    expect(schemaLint({ $ref: './a.json' }, { types: new Map(), files })).toEqual([]);
  });

  it('tells everything at once', () => {
    expect(lint({ type: 'strng', doc: 'x', minimum: 'a' })).toHaveLength(3);
  });

  it('ends on a schema of 20,000 levels', () => {
    let deep: Json = { type: 'string' };
    for (let level = 0; level < 20_000; level++) deep = { type: 'array', items: deep };
    expect(lint(deep).map(([, code]) => code)).toEqual(['schema/too-deep']);
  });
});

describe('a chain of files', () => {
  const LENGTH = 5_000;
  const chained = (last: Json): SchemaScope => ({
    types: new Map(),
    files: new Map<string, Json>(
      Array.from({ length: LENGTH }, (_, index): [string, Json] => [
        `./f${index}.json`,
        { type: 'object', properties: { next: index + 1 < LENGTH ? { $ref: `./f${index + 1}.json` } : last } },
      ]),
    ),
  });

  it('may be longer than any stack, and is linted to its end', () => {
    expect(schemaLint({ $ref: './f0.json' }, chained({ type: 'string' }))).toEqual([]);
    expect(schemaLint({ $ref: './f0.json' }, chained({ type: 'strng' }))).toMatchObject([
      { pointer: '/$ref', code: 'schema/invalid-keyword' },
    ]);
  });
});
