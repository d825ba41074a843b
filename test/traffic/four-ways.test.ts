/** The table that `npx tsx bench/faults.ts` prints, held to what it must say. */
import { describe, expect, it } from 'vitest';
import { measureFourWays, WAYS } from '../../bench/four-ways.ts';

const { rows, falseAlarms, right } = await measureFourWays();

describe('every single fault of a right request', () => {
  const toCatch = rows.filter((row) => row.class === 'caught' || row.class === 'missed');

  it('is there for each method', () => {
    expect(new Set(rows.map(({ method }) => method)).size).toBe(14);
    expect(toCatch.length).toBeGreaterThan(1_000);
  });

  it.each(WAYS)('is caught by %s, unless nothing shows it', (way) => {
    expect(
      toCatch.filter((row) => !row.caught[way]).map(({ dialect, method, name }) => `${dialect} ${method}: ${name}`),
    ).toEqual([]);
  });

  it('is caught by all ways or by none', () => {
    const split = rows.filter((row) => new Set(WAYS.map((way) => row.caught[way])).size > 1);
    expect(split.map(({ method, name }) => `${method}: ${name}`)).toEqual([]);
  });

  it('is left for a reason only', () => {
    const left = rows.filter((row) => row.class === 'equivalent' || row.class === 'undecidable');
    expect(left.every(({ reason, reached }) => reason !== null && reached !== null)).toBe(true);
    expect(left.length).toBeLessThan(100);
  });

  it('is decided by a stated intent where it is a right request of another method', () => {
    const others = rows.filter(({ decidedByIntent }) => decidedByIntent !== null);
    expect(others.length).toBeGreaterThan(10);
    expect(others.filter(({ decidedByIntent }) => decidedByIntent !== true)).toEqual([]);
  });

  it('is hardly ever seen by a matcher of verb and path', () => {
    expect(toCatch.filter(({ control }) => control).length / toCatch.length).toBeLessThan(0.1);
  });
});

describe('a right request', () => {
  it('is accepted by all ways, with the header and without', () => {
    expect(right).toBe(52);
    expect(falseAlarms).toEqual([]);
  });
});
