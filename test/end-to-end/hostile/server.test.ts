import { describe, expect, it } from 'vitest';
import { runHere } from './row.ts';
import { SERVER_ROWS } from './server-rows.ts';

describe('a server that misbehaves', () => {
  it.each(runHere(SERVER_ROWS))('$id: $what', async ({ proof }) => {
    expect.hasAssertions();
    await proof();
  });
});
