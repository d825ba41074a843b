import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseContract, readSource } from '../../src/contract/parse.ts';
import { jsonEquals, stringifyJson } from '../../src/protocol/json.ts';
import { parseConfig } from '../support/contract.ts';

const fixture = (name: string): string =>
  readFileSync(path.resolve(import.meta.dirname, `../fixtures/contracts/${name}`), 'utf8');
const texts = [
  fixture('instruments.contract.yaml'),
  fixture('concerts.contract.yaml'),
  fixture('seats.contract.yaml'),
  fixture('scores.contract.yaml'),
];
const errorsOf = (text: string, file = 'x.yaml'): string[] =>
  parseContract(text, { file })
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ code }) => code);

/** What a slip of the hand puts into a file. */
const slips = [
  '',
  ' ',
  '\n',
  '\t',
  ':',
  '-',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ',',
  '#',
  '&a ',
  '*a ',
  '!!x ',
  '${x}',
  '$',
  '0',
  '1e999',
  'null',
  '__proto__',
  'constructor',
  '\u2028',
  '😀',
  '%',
  '|\n',
  '? ',
  '<<: ',
];

describe('the loader', () => {
  it('survives every slip', () => {
    expect(() =>
      fc.assert(
        fc.property(
          fc.constantFrom(...texts),
          fc.array(fc.tuple(fc.nat(), fc.nat(12), fc.constantFrom(...slips)), { minLength: 1, maxLength: 3 }),
          (text, edits) => {
            let mutated = text;
            for (const [at, length, slip] of edits) {
              const start = at % mutated.length;
              mutated = mutated.slice(0, start) + slip + mutated.slice(start + length);
            }
            const { contract, diagnostics } = parseContract(mutated, { file: 'x.yaml' });
            const failed = diagnostics.some(({ severity }) => severity === 'error');
            return (
              failed === (contract === null) &&
              diagnostics.every(({ at }) => at !== null && at.line >= 1 && at.col >= 1 && at.endCol >= at.col)
            );
          },
        ),
        { numRuns: 150, seed: 7 },
      ),
    ).not.toThrow();
  }, 60_000);

  it('survives values of any type at any place', () => {
    const { source } = readSource(texts[0] ?? '', 'x.yaml');
    const json = stringifyJson(source?.value ?? null);
    const places = [...json.matchAll(/"(?:[^"\\]|\\.)*"|\b\d+\b|true|false|null/g)].map(
      ({ index, 0: text }) => [index, text.length] as const,
    );
    expect(() =>
      fc.assert(
        fc.property(
          fc.nat(places.length - 1),
          fc.constantFrom(
            'null',
            '1',
            '-0.5',
            '"x"',
            '[]',
            '{}',
            '[null]',
            '{"$ref":"#/types/Nope"}',
            'true',
            '99999999999999999999',
          ),
          (index, value) => {
            const [at, length] = places[index] ?? [0, 0];
            const mutated = json.slice(0, at) + value + json.slice(at + length);
            parseContract(mutated, { file: 'x.json' });
            parseConfig(mutated, 'x.json');
            return true;
          },
        ),
        { numRuns: 150, seed: 8 },
      ),
    ).not.toThrow();
  }, 60_000);

  it('refuses an alias bomb at once', () => {
    const bomb = [
      'a0: &a0 [x, x]',
      ...Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`),
    ].join('\n');
    expect(new Set(errorsOf(bomb))).toContain('contract/yaml-alias');
  });

  it.each([
    ['flow lists', `a: ${'['.repeat(10_000)}`],
    ['flow maps', `a: ${'{a: '.repeat(10_000)}`],
    ['block lists', `a:\n  ${'- '.repeat(10_000)}x`],
    ['closed lists', `a: ${'['.repeat(10_000)}${']'.repeat(10_000)}`],
  ])('does not overflow on %s 10,000 deep', (_, text) => {
    expect(errorsOf(text).length).toBeGreaterThan(0);
  });

  it.each([
    ['brackets', `a: ${'['.repeat(900_000)}`, 'contract/too-deep'],
    ['dashes', `a:\n  ${'- '.repeat(450_000)}x`, 'contract/too-deep'],
    ['text', `a: ${'x'.repeat(1_100_000)}`, 'contract/too-large'],
  ])('gives up on a megabyte of %s before it reads it', (_, text, code) => {
    expect(errorsOf(text)).toEqual([code]);
  });

  it('does not overflow on JSON 10,000 deep', () => {
    expect(errorsOf(`${'['.repeat(10_000)}${']'.repeat(10_000)}`, 'x.json')).toEqual(['contract/too-deep']);
  });

  it('takes names like those of every object as data', () => {
    const text = `contract: 1
resource: things
key: { id: long }
types: { constructor: { type: object, properties: { __proto__: { type: string } } } }
entity: constructor
vars: { __proto__: 1, toString: 2 }
examples: [{ id: 1, __proto__: { polluted: yes } }]
methods: { GET: , FINDER: { constructor: { params: { __proto__?: string, hasOwnProperty?: string }, mock: { filter: false } } } }
cases:
  - { name: __proto__, method: FINDER, q: constructor, params: { hasOwnProperty: x } }
`;
    const { contract, diagnostics } = parseContract(text, { file: 'x.yaml' });
    expect(diagnostics.map(({ code }) => code)).not.toContain('contract/unknown-parameter');
    expect(contract?.vars.get('toString') ?? contract).not.toBeUndefined();
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('YAML and JSON', () => {
  it('say the same', () => {
    for (const text of texts) {
      const yaml = readSource(text, 'x.yaml').source?.value ?? null;
      const json = readSource(stringifyJson(yaml, 2), 'x.json').source?.value ?? null;
      expect(jsonEquals(yaml, json)).toBe(true);
    }
  });

  it('give the same places to the same nodes', () => {
    const json = '{\n  "a": [10, { "b": "x" }],\n  "c": { "d": null }\n}';
    const [left, right] = [readSource(json, 'x.json').source, readSource(json, 'x.yaml').source];
    for (const pointer of ['', '/a', '/a/0', '/a/1', '/a/1/b', '/c', '/c/d', '/c/none', '/a/7']) {
      for (const part of ['name', 'value'] as const) {
        const file = `${pointer} ${part}`;
        expect({ ...left?.locate(pointer, part), file }).toEqual({ ...right?.locate(pointer, part), file });
      }
    }
  });
});
