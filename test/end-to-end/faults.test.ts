/** Each fault of the embedded endpoint, and the groups of the shipped contracts that catch it; prints the table. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Contract } from '../../src/contract/contract.ts';
import { FAULTS } from '../../src/mock/faults.ts';
import type { Group } from '../../src/plan/case.ts';
import { parseJson } from '../../src/protocol/json.ts';
import { collect } from '../run/support.ts';
import { runContracts } from '../../src/run/run.ts';
import { contractOf } from '../support/contract.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../contracts');
const read = (name: string): string => readFileSync(path.join(FOLDER, name), 'utf8');
const files = new Map(
  readdirSync(path.join(FOLDER, 'schemas')).map((name) => {
    const parsed = parseJson(read(`schemas/${name}`));
    if (!('value' in parsed)) throw new Error(`contracts/schemas/${name} is not JSON`);
    return [`./schemas/${name}`, parsed.value];
  }),
);
const shipped: readonly Contract[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.contract.yaml'))
  .map((name) => contractOf(read(name), { file: name, files }))
  // The contract of all methods first: it ends most searches at once.
  .toSorted((a, b) => b.operations.length - a.operations.length);

const GROUPS: readonly Group[] = ['contract', 'headers', 'laws'];

/** Whether any case of the group fails; looks no further than the first. */
async function catches(group: Group, fault: string): Promise<boolean> {
  for (const contract of shipped) {
    const options = {
      contracts: [contract],
      groups: [group],
      faults: [fault],
      inProcess: true,
      bail: 1,
      concurrency: 4,
      coverage: false,
    };
    const { end } = await collect(runContracts(options));
    if (end.verdicts.fail + end.verdicts.error > 0) return true;
  }
  return false;
}

const rows: string[] = [];

afterAll(() => {
  console.log(['fault                             caught by', ...rows].join('\n'));
});

describe('the shipped contracts', () => {
  it.each(GROUPS)('find nothing in group %s without a fault', async (group) => {
    const { cases } = await collect(runContracts({ contracts: shipped, groups: [group], inProcess: true }));
    expect(cases.filter(({ verdict }) => verdict === 'fail' || verdict === 'error').map(({ id }) => id)).toEqual([]);
  });

  it.each(FAULTS.map((fault) => [fault.name, fault] as const))('catch %s', async (name, { caughtBy }) => {
    const caught: Group[] = [];
    for (const group of GROUPS) {
      // The header matrix is large: it is asked where nothing else would tell.
      if (group === 'headers' && caughtBy !== 'headers' && caught.length > 0) continue;
      if (await catches(group, name)) caught.push(group);
    }
    rows.push(`${name.padEnd(33)} ${caught.join(', ')}`);
    expect(caught).not.toEqual([]);
    // Faults of checks that broken input meets are told apart on request only.
    if (caughtBy !== 'negative') expect(caught).toContain(caughtBy);
  });
});
