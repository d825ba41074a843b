import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ContractSource } from '../../src/contract/format.ts';
import { readSource } from '../../src/contract/parse.ts';
import { printSource, printYaml } from '../../src/contract/print.ts';
import { jsonEquals, type Json } from '../../src/protocol/json.ts';

function read(text: string): Json | undefined {
  const { source, diagnostics } = readSource(text, 'x.yaml');
  expect(diagnostics).toEqual([]);
  return source?.value;
}

const texts = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0') && !text.includes('\uFFFD')),
  fc.constantFrom(
    'no',
    '012',
    '1e3',
    '2024-01-01',
    '~',
    'a, b',
    'a: b',
    'a #b',
    '# a',
    "it's",
    'two\nlines\n',
    'two\nlines',
    '\n\nlead',
    'trail \nx',
    '- a',
    '? a',
    '&a',
    '*a',
    '!a',
    '|',
    '>',
    '%a',
    '@a',
    '`a`',
    '{a}',
    '[a]',
    '.inf',
    '<<',
    'é\u2028x',
    '${a}',
    'urn:li:x:(a,b)',
    '',
  ),
);
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n }),
    texts,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      texts.filter((name) => name !== '__proto__'),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
}));

describe('printed YAML', () => {
  it('reads back as the same value', () => {
    expect(() =>
      fc.assert(
        fc.property(value, (written) => {
          const again = read(printYaml({ value: written }));
          return again !== undefined && jsonEquals(again, { value: written });
        }),
        { numRuns: 1500, seed: 20261124 },
      ),
    ).not.toThrow();
  });

  it.each(['instruments', 'concerts', 'seats', 'scores', 'settings'])(
    'of the contract %s reads back as it was written',
    (name) => {
      const file = path.resolve(import.meta.dirname, `../fixtures/contracts/${name}.contract.yaml`);
      const written = read(readFileSync(file, 'utf8'));
      const printed = printSource(written as unknown as ContractSource);
      expect(read(printed)).toEqual(written);
      expect(printed).toMatch(/^# yaml-language-server: /);
      expect(Math.max(...printed.split('\n').map((line) => line.length))).toBeLessThanOrEqual(130);
    },
  );

  it('keeps names that are not plain data apart from the object they stand in', () => {
    const written = JSON.parse('{ "__proto__": { "polluted": 1 } }') as Json;
    expect(JSON.stringify(read(printYaml(written)))).toBe('{"__proto__":{"polluted":1}}');
  });
});
