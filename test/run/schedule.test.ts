import { describe, expect, it } from 'vitest';
import { inPlanOrder, type Claim } from '../../src/run/schedule.ts';

interface Item {
  readonly name: string;
  readonly claim: Claim | null;
}

/** Work that ends only when told to; records the order of begins. */
function gate() {
  const open = new Map<string, () => void>();
  const begun: string[] = [];
  let most = 0;
  return {
    begun,
    most: () => most,
    work: (item: Item): Promise<string> => {
      begun.push(item.name);
      return new Promise((resolve) => {
        open.set(item.name, () => {
          open.delete(item.name);
          resolve(item.name);
        });
        most = Math.max(most, open.size);
      });
    },
    finish: async (...names: string[]) => {
      for (const name of names) open.get(name)?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const free = (name: string): Item => ({ name, claim: null });
const reads = (name: string, on: string): Item => ({ name, claim: { names: [on], alone: false } });
const writes = (name: string, on: string): Item => ({ name, claim: { names: [on], alone: true } });

async function collect(results: AsyncIterable<readonly string[]>): Promise<string[]> {
  const names: string[] = [];
  for await (const batch of results) names.push(...batch);
  return names;
}

describe('inPlanOrder', () => {
  it('yields results in plan order whatever order they finish in', async () => {
    const { work, finish } = gate();
    const done = collect(
      inPlanOrder([free('a'), free('b'), free('c')], {
        concurrency: 3,
        claims: (item) => item.claim,
        work,
        stopped: () => false,
      }),
    );
    await finish('c', 'b');
    await finish('a');
    expect(await done).toEqual(['a', 'b', 'c']);
  });

  it('never has more under way than the concurrency', async () => {
    const { work, finish, most } = gate();
    const items = Array.from({ length: 40 }, (_, i) => free(`${i}`));
    const done = collect(inPlanOrder(items, { concurrency: 4, claims: () => null, work, stopped: () => false }));
    for (const { name } of items) await finish(name);
    expect(await done).toEqual(items.map(({ name }) => name));
    expect(most()).toBe(4);
  });

  it('lets a writer wait for the readers before it, and readers behind it wait for the writer', async () => {
    const { begun, work, finish } = gate();
    const items = [reads('r1', 'books'), writes('w', 'books'), reads('r2', 'books'), reads('other', 'songs')];
    const done = collect(
      inPlanOrder(items, { concurrency: 9, claims: (item) => item.claim, work, stopped: () => false }),
    );
    await finish();
    expect(begun).toEqual(['r1', 'other']);
    await finish('r1');
    expect(begun).toEqual(['r1', 'other', 'w']);
    await finish('w');
    expect(begun).toEqual(['r1', 'other', 'w', 'r2']);
    await finish('r2', 'other');
    expect(await done).toEqual(['r1', 'w', 'r2', 'other']);
  });

  it('begins nothing once stopped, and yields what was under way', async () => {
    const { begun, work, finish } = gate();
    let stop = false;
    const items = [free('a'), free('b'), free('c'), free('d')];
    const done = collect(inPlanOrder(items, { concurrency: 2, claims: () => null, work, stopped: () => stop }));
    await finish();
    stop = true;
    await finish('b');
    await finish('a');
    expect(await done).toEqual(['a', 'b']);
    expect(begun).toEqual(['a', 'b']);
  });

  it('yields a result behind a gap that was never begun', async () => {
    const { work, finish } = gate();
    let stop = false;
    const items = [writes('w1', 'x'), writes('w2', 'x'), free('z')];
    const done = collect(
      inPlanOrder(items, { concurrency: 2, claims: (item) => item.claim, work, stopped: () => stop }),
    );
    await finish('z');
    stop = true;
    await finish('w1');
    expect(await done).toEqual(['w1', 'z']);
  });

  it('holds no more than a window of results that wait for the first', async () => {
    const { begun, work, finish } = gate();
    const items = Array.from({ length: 1_000 }, (_, i) => free(`${i}`));
    const done = collect(inPlanOrder(items, { concurrency: 2, claims: () => null, work, stopped: () => false }));
    for (const { name } of items.slice(1)) await finish(name);
    expect(begun.length).toBeLessThanOrEqual(300);
    for (let round = 0; round < 3; round += 1) for (const { name } of items) await finish(name);
    expect(await done).toHaveLength(1_000);
  });

  it('throws what the work throws, after the rest has ended', async () => {
    const { finish } = gate();
    const done = collect(
      inPlanOrder([free('a'), free('b')], {
        concurrency: 2,
        claims: () => null,
        work: ({ name }) => (name === 'b' ? Promise.reject(new Error('broken')) : Promise.resolve(name)),
        stopped: () => false,
      }),
    );
    await expect(done).rejects.toThrow('broken');
    await finish();
  });
});
