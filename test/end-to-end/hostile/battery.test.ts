/** The battery as a whole: its ids, its count, and whether the tests that it names are there. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { COMMAND_ROWS } from './command-rows.ts';
import { CONTRACT_ROWS } from './contract-rows.ts';
import { INTERRUPTION_ROWS } from './interruption-rows.ts';
import { REPORT_ROWS } from './report-rows.ts';
import type { Elsewhere, Row } from './row.ts';
import { SERVER_ROWS } from './server-rows.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');

const LETTERS: readonly (readonly [letter: string, rows: readonly Row[], count: number])[] = [
  ['S', SERVER_ROWS, 44],
  ['C', CONTRACT_ROWS, 34],
  ['L', COMMAND_ROWS, 16],
  ['X', INTERRUPTION_ROWS, 14],
  ['R', REPORT_ROWS, 11],
];

const isElsewhere = (proof: Row['proof']): proof is readonly Elsewhere[] => Array.isArray(proof);
const POINTERS = LETTERS.flatMap(([, rows]) =>
  rows.flatMap(({ id, proof }) => (isElsewhere(proof) ? proof.map((one) => ({ id, ...one })) : [])),
);

describe('the hostile battery', () => {
  it.each(LETTERS)('has every row of letter %s once, in order', (letter, rows, count) => {
    const ids = Array.from({ length: count }, (_, index) => `${letter}${String(index + 1).padStart(2, '0')}`);
    expect(rows.map(({ id }) => id)).toEqual(ids);
    for (const { what, expected } of rows) expect(what.length * expected.length).toBeGreaterThan(0);
  });

  it.each(POINTERS)('$id is proved by `$test` of $file', ({ file, test }) => {
    const text = readFileSync(path.join(ROOT, file), 'utf8').replaceAll("\\'", "'");
    const quoted = [`'${test}'`, `"${test}"`, `\`${test}\``];
    expect(quoted.some((one) => text.includes(one))).toBe(true);
  });

  afterAll(() => {
    const lines = LETTERS.map(([letter, rows]) => {
      const here = rows.filter(({ proof }) => typeof proof === 'function').length;
      const pointed = rows.filter(({ proof }) => isElsewhere(proof)).length;
      return `${letter} ${rows.length} (${here} played here, ${pointed} proved elsewhere, ${rows.length - here - pointed} that cannot arise)`;
    });
    const total = LETTERS.reduce((sum, [, rows]) => sum + rows.length, 0);
    console.log(`hostile battery: ${total} rows\n  ${lines.join('\n  ')}`);
  });
});
