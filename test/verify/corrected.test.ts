import { describe, expect, it } from 'vitest';
import { structureOf } from '../../src/verify/corrected.ts';

describe('a text whose structure was escaped', () => {
  it.each([
    ['List%281%2C2%29', 'List(1,2)'],
    ['List%28urn%3Ali%3Aa%3A1%2Curn%3Ali%3Aa%3A2%29', 'List(urn%3Ali%3Aa%3A1,urn%3Ali%3Aa%3A2)'],
    ['List%28urn%253Ali%253Aa%253A1%29', 'List(urn%3Ali%3Aa%3A1)'],
    ['%28t%3Aa%20b%26c%2Bd%23%C3%A9%29', '(t:a%20b%26c%2Bd%23%C3%A9)'],
    // Only the separators were escaped: what is inside the values stays.
    ['List(urn%3Ali%3Aa%3A1%2Curn%3Ali%3Aa%3A2)', 'List(urn%3Ali%3Aa%3A1,urn%3Ali%3Aa%3A2)'],
    ['List((a:x%2Cy%28z%29)%2C%28a%3A1%29)', 'List((a:x%2Cy%28z%29),(a:1))'],
  ])('%s is %s', (text, right) => {
    expect(structureOf(text)).toBe(right);
  });
});
