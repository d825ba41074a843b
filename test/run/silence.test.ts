import { describe, expect, it } from 'vitest';
import { books, json, runOf, serviceOf, target } from './support.ts';

const contract = books(
  '  GET:\n  GET_ALL:\n',
  `cases:\n${Array.from({ length: 12 }, (_, i) => `  - { name: reads ${i}, method: GET, key: 1 }`).join('\n')}`,
);

describe('an endpoint that never answers', () => {
  it('is asked a few times only, and told once, when nothing listens', async () => {
    const gone = await serviceOf(() => undefined);
    await gone[Symbol.asyncDispose]();
    const { cases, end } = await runOf(contract, { target: target(gone.url), concurrency: 1 });
    expect(end).toMatchObject({ run: 5, exitCode: 3, verdicts: { error: 5, blocked: cases.length - 5 } });
    expect(new Set(cases.slice(5).map(({ skipReason }) => skipReason)).size).toBe(1);
    expect(cases.at(-1)?.skipReason).toMatch(/never answered.*refused/);
  });

  it('is asked a few times only when it hangs', async () => {
    await using hanging = await serviceOf(() => undefined);
    const { end } = await runOf(contract, {
      target: target(hanging.url),
      concurrency: 1,
      wire: { headersTimeoutMs: 20, totalTimeoutMs: 20 },
    });
    expect(end).toMatchObject({ run: 5, exitCode: 3 });
  });

  it('is not given up once it has answered anything', async () => {
    let asked = 0;
    await using flaky = await serviceOf((_, response) => {
      asked += 1;
      if (asked === 3) json(response, 200, { id: 1, title: 'One' });
      else response.destroy();
    });
    const { end, cases } = await runOf(contract, { target: target(flaky.url), concurrency: 1 });
    expect(end.verdicts.error).toBeGreaterThan(5);
    expect(cases.filter(({ skipReason }) => skipReason?.includes('never answered'))).toEqual([]);
  });
});
