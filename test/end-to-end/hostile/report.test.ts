import { describe, expect, it } from 'vitest';
import { REPORT_ROWS } from './report-rows.ts';
import { runHere } from './row.ts';

describe('reports', () => {
  it.each(runHere(REPORT_ROWS))('$id: $what', async ({ proof }) => {
    expect.hasAssertions();
    await proof();
  });
});
