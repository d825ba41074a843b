import { describe, expect, it } from 'vitest';
import { EXIT_CODES, exitCodeOf, type ExitFacts } from '../../src/run/exit-code.ts';

const none = { pass: 0, fail: 0, error: 0, flaky: 0, waived: 0, blocked: 0, skip: 0 };
const kept: ExitFacts = {
  verdicts: { ...none, pass: 3 },
  selected: 3,
  sharded: false,
  strict: false,
  signal: null,
  misused: false,
  broken: false,
};

/** One row of the table each, in its order: facts that meet it and no row above it. */
const rows: readonly (readonly [code: number, why: string, facts: Partial<ExitFacts>])[] = [
  [130, 'SIGINT', { signal: 'SIGINT', broken: true, misused: true }],
  [143, 'SIGTERM', { signal: 'SIGTERM', verdicts: { ...none, fail: 1 } }],
  [3, 'an output could not be written', { broken: true, misused: true, verdicts: { ...none, fail: 1 } }],
  [3, 'every executed case is an error', { verdicts: { ...none, error: 2, skip: 5 }, misused: true }],
  [2, 'a contract error beside failures', { misused: true, verdicts: { ...none, pass: 1, fail: 1 } }],
  [1, 'a failure', { verdicts: { ...none, pass: 9, fail: 1 } }],
  [1, 'a flaky case under --strict', { verdicts: { ...none, pass: 9, flaky: 1 }, strict: true }],
  [1, 'a minimum of coverage that was not reached', { short: true }],
  [0, 'an empty explicit shard', { verdicts: none, selected: 0, sharded: true }],
  [1, 'nothing to run', { verdicts: { ...none, skip: 4, blocked: 2 }, selected: 6 }],
  [0, 'all kept', {}],
];

describe('exitCodeOf', () => {
  it('has one test for each row of the table', () => {
    expect(rows.map(([code]) => code)).toEqual(EXIT_CODES.map(({ code }) => code));
  });

  it.each(rows.map((row, index) => [...row, index] as const))('%i: %s', (code, _why, facts, index) => {
    const all = { ...kept, ...facts };
    expect(exitCodeOf(all).code).toBe(code);
    expect(EXIT_CODES.findIndex(({ holds }) => holds(all))).toBe(index);
  });

  it.each<[string, Partial<ExitFacts>, number]>([
    ['one error beside one pass', { verdicts: { ...none, pass: 1, error: 1 } }, 1],
    ['flaky without --strict', { verdicts: { ...none, flaky: 1 } }, 0],
    ['a shard whose only case fails', { verdicts: { ...none, fail: 1 }, selected: 1, sharded: true }, 1],
    ['a shard whose cases are all skipped', { verdicts: { ...none, skip: 1 }, selected: 1, sharded: true }, 1],
    ['waived alone', { verdicts: { ...none, waived: 1 } }, 0],
  ])('%s', (_why, facts, code) => {
    expect(exitCodeOf({ ...kept, ...facts }).code).toBe(code);
  });
});
