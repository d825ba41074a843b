import { describe, expect, it } from 'vitest';
import { INTERRUPTION_ROWS } from './interruption-rows.ts';
import { runHere } from './row.ts';

describe('a crash or an interruption', () => {
  it.each(runHere(INTERRUPTION_ROWS))('$id: $what', async ({ proof }) => {
    expect.hasAssertions();
    await proof();
  });
});
