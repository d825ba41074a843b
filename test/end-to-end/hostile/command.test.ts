import { describe, expect, it } from 'vitest';
import { COMMAND_ROWS } from './command-rows.ts';
import { runHere } from './row.ts';

describe('a command line used wrongly', () => {
  it.each(runHere(COMMAND_ROWS))('$id: $what', async ({ proof }) => {
    expect.hasAssertions();
    await proof();
  });
});
