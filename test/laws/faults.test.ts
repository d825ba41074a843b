/** The laws on an endpoint that keeps them, and on the same endpoint with one fault at a time. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Contract } from '../../src/contract/contract.ts';
import { parseContract } from '../../src/contract/parse.ts';
import { LAWS } from '../../src/laws/index.ts';
import { FAULTS } from '../../src/mock/faults.ts';
import { planCases } from '../../src/plan/plan.ts';
import { DIALECTS, type ProtocolVersion } from '../../src/protocol/dialects.ts';
import { parseJson } from '../../src/protocol/json.ts';
import type { CaseFinished } from '../../src/run/events.ts';
import { EMBEDDED_TARGET } from '../../src/run/options.ts';
import { LIBRARY, rooms } from '../mock/library.ts';
import { runOf } from '../run/support.ts';

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
  .flatMap((name) => parseContract(read(name), { file: name, files }).contract ?? []);

// The contract `accounts` lacks the header of its dialect: nothing that it sends can succeed.
const contracts = [...shipped, rooms, ...LIBRARY.filter(({ resource }) => resource !== 'accounts')];

async function lawsOn(
  faults: readonly string[],
  seed = 1,
  protocol: ProtocolVersion | null = null,
): Promise<readonly CaseFinished[]> {
  const options = {
    groups: ['laws' as const],
    faults,
    seed,
    inProcess: true,
    target: { ...EMBEDDED_TARGET, protocol },
  };
  return (await runOf(contracts, options)).cases;
}

const findings = (cases: readonly CaseFinished[]): readonly string[] =>
  cases.flatMap(({ id, violations }) => violations.map(({ rule, message }) => `${id} ${rule}: ${message}`));

/** The first fault that names a law trips it. */
const TRIPPED_BY: Readonly<Record<string, string>> = Object.fromEntries(
  LAWS.map(({ rule }) => [rule, FAULTS.find(({ rules }) => rules.includes(rule))?.name ?? `no fault names ${rule}`]),
);

describe('the laws on an endpoint without faults', () => {
  let sound: readonly CaseFinished[];
  beforeAll(async () => {
    sound = await lawsOn([]);
  });

  it('hold for the shipped contracts and the library', () => {
    expect(findings(sound)).toEqual([]);
    expect(sound.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(400);
  });

  it.each(LAWS.map(({ rule }) => rule))('%s is judged at least once', (rule) => {
    const judged = sound.filter(
      ({ id, verdict }) => verdict === 'pass' && id.endsWith(`/${rule.slice('laws/'.length)}`),
    );
    expect(judged.length).toBeGreaterThan(0);
  });

  it.each([2, 3, 5, 8, 13, 21, 34, 55, 89])('hold with seed %i, too', async (seed) => {
    expect(findings(await lawsOn([], seed))).toEqual([]);
  });

  it('hold in protocol 1.0.0, too', async () => {
    expect(findings(await lawsOn([], 1, '1.0.0'))).toEqual([]);
  });
});

describe('a fault', () => {
  const methodsOf = new Map(
    planCases(contracts, {
      groups: ['laws'],
      dialectOf: (one) => DIALECTS[one.dialect === 'linkedin' ? 'linkedin' : 'restli'],
    }).cases.map((one) => [one.id, new Set(one.steps.map(({ spec }) => spec.method))] as const),
  );

  it.each(FAULTS.map((fault) => [fault.name, fault] as const))(
    '%s trips its laws, and none that does not rest on what it breaks',
    async (name, { breaks }) => {
      const cases = await lawsOn([name]);
      const tripped = new Set(cases.flatMap(({ violations }) => violations.map(({ rule }) => rule)));
      const expected = Object.entries(TRIPPED_BY).flatMap(([rule, fault]) => (fault === name ? [rule] : []));
      expect(expected.filter((rule) => !tripped.has(rule))).toEqual([]);

      const strangers = cases.filter(
        ({ id, violations }) =>
          violations.length > 0 && breaks !== null && !breaks.some((method) => methodsOf.get(id)?.has(method)),
      );
      expect(strangers.map(({ id }) => id)).toEqual([]);
    },
    60_000,
  );

  it('exists for every law', () => {
    expect(LAWS.filter(({ rule }) => TRIPPED_BY[rule] === undefined)).toEqual([]);
    const names = new Set(FAULTS.map(({ name }) => name));
    expect(Object.values(TRIPPED_BY).filter((name) => !names.has(name))).toEqual([]);
  });
});
