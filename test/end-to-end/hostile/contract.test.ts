import { describe, expect, it } from 'vitest';
import { CONTRACT_ROWS } from './contract-rows.ts';
import { runHere } from './row.ts';

describe('a bad contract', () => {
  it.each(runHere(CONTRACT_ROWS))('$id: $what', async ({ proof }) => {
    expect.hasAssertions();
    await proof();
  });
});
