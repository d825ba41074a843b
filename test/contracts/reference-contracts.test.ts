import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CaseSpec, Contract } from '../../src/contract/contract.ts';
import { parseContract, type ParsedContract } from '../../src/contract/parse.ts';
import { formatDiagnostic } from '../../src/diagnostic/format.ts';
import { type Json, parseJson } from '../../src/protocol/json.ts';
import { METHOD_NAMES } from '../../src/protocol/methods.ts';
import { EMBEDDED_TARGET } from '../../src/run/options.ts';
import { runContracts } from '../../src/run/run.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../contracts');
const read = (name: string): string => readFileSync(path.join(FOLDER, name), 'utf8');

const schemas = new Map<string, Json>(
  readdirSync(path.join(FOLDER, 'schemas')).map((name) => {
    const parsed = parseJson(read(`schemas/${name}`));
    if (!('value' in parsed)) throw new Error(`contracts/schemas/${name} is not JSON`);
    return [`./schemas/${name}`, parsed.value];
  }),
);
const parsed = new Map<string, ParsedContract>(
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.contract.yaml'))
    .map((name) => [name, parseContract(read(name), { file: name, files: schemas })]),
);
const contracts: readonly Contract[] = [...parsed.values()].flatMap(({ contract }) => contract ?? []);

const cases: readonly CaseSpec[] = contracts.flatMap((contract) => contract.cases);
const steps: readonly CaseSpec[] = [...cases, ...contracts.flatMap(({ flows }) => flows.flatMap((flow) => flow.steps))];
const operations = contracts.flatMap((contract) => contract.operations);

/** Everything that a case expects, as text. */
const expected = (spec: CaseSpec): string =>
  JSON.stringify(spec.expect, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)) ?? '';

async function verdicts(
  contract: Contract,
  faults: readonly string[] = [],
): Promise<{ passed: number; others: string[] }> {
  let passed = 0;
  const others: string[] = [];
  for await (const event of runContracts({ contracts: [contract], groups: ['contract'], faults })) {
    if (event.type !== 'case') continue;
    if (event.verdict === 'pass') passed++;
    else others.push(`${event.verdict} ${event.id}: ${event.violations[0]?.message ?? event.skipReason ?? ''}`);
  }
  return { passed, others };
}

describe.each(['2.0.0', '1.0.0'] as const)('the reference contracts in protocol %s', (protocol) => {
  it.each([1, 2, 3, 5, 8, 13, 21, 34, 55, 89])(
    'are kept by the embedded endpoint in every group, seed %i',
    async (seed) => {
      const broken: string[] = [];
      const target = { ...EMBEDDED_TARGET, protocol };
      const groups = ['contract', 'headers', 'laws', 'negative'] as const;
      for await (const event of runContracts({ contracts, groups, seed, target, inProcess: true })) {
        if (event.type !== 'case') continue;
        const grave = event.violations.filter(({ level }) => level === 'must');
        if (event.verdict === 'fail' || event.verdict === 'error' || grave.length > 0)
          broken.push(`${event.id}: ${grave[0]?.message ?? event.verdict}`);
      }
      expect(broken).toEqual([]);
    },
    60_000,
  );
});

describe('the reference contracts', () => {
  it.each([...parsed.keys()])('%s is valid, without a warning', (name) => {
    const told = parsed.get(name)?.diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, () => read(name)));
    expect(told).toEqual([]);
  });

  it.each(contracts.map((contract) => contract.resource))('%s is kept by its own mock', async (resource) => {
    const contract = contracts.find((one) => one.resource === resource);
    expect(contract).toBeDefined();
    const { passed, others } = await verdicts(contract!);
    expect(others).toEqual([]);
    expect(passed).toBeGreaterThan(4);
  });

  it.each([
    ['photos', 'partial-update-overwrites'],
    ['photos', 'long-loses-digits'],
    ['adAccounts', 'page-token-ignored'],
    ['organizationAuthorizations', 'batch-finder-drops-empty-lists'],
    ['socialActions.comments', 'delete-does-nothing'],
  ])('%s notices the fault %s', async (resource, fault) => {
    const contract = contracts.find((one) => one.resource === resource);
    const { others } = await verdicts(contract!, [fault]);
    expect(others.length).toBeGreaterThan(0);
  });
});

describe('together the reference contracts', () => {
  it('are all listed in their README', () => {
    const listed = [...read('README.md').matchAll(/\]\(([\w.]+\.contract\.yaml)\)/g)].map(([, file]) => file);
    expect(new Set(listed)).toEqual(new Set(parsed.keys()));
  });

  it('model at least eight resources of both dialects', () => {
    expect(contracts.length).toBeGreaterThanOrEqual(8);
    expect(new Set(contracts.map(({ dialect }) => dialect))).toEqual(new Set(['linkedin', 'restli']));
  });

  it.each(METHOD_NAMES)('promise and test %s', (method) => {
    expect(operations.some((operation) => operation.method === method)).toBe(true);
    expect(cases.some((spec) => spec.method === method)).toBe(true);
  });

  it.each(METHOD_NAMES)('document an error of %s, and meet it', (method) => {
    const refused = cases.filter((spec) => spec.method === method && /"status":\[?(?:4|5)\d\d/.test(expected(spec)));
    expect(refused.length).toBeGreaterThan(0);
  });

  it('meet every error that they document', () => {
    const met = cases.map(expected).join('\n');
    const unmet = operations.flatMap(({ errors, pointer }) =>
      [...errors.values()]
        .flat()
        .flatMap(({ code, when }) =>
          code !== null && when !== null && !met.includes(code) ? [`${pointer} ${code}`] : [],
        ),
    );
    expect(unmet).toEqual([]);
  });

  it.each<[string, boolean]>([
    ['a collection', contracts.some(({ kind }) => kind === 'collection')],
    ['an association', contracts.some(({ kind }) => kind === 'association')],
    ['a simple resource', contracts.some(({ kind }) => kind === 'simple')],
    ['a set of actions', contracts.some(({ kind }) => kind === 'actionsSet')],
    ['a sub-resource', contracts.some(({ parents }) => parents.size > 0)],
    ['a compound key', contracts.some(({ key }) => key?.shape.kind === 'compound')],
    [
      'a complex key with parameters',
      contracts.some(({ key }) => key?.shape.kind === 'complex' && key.params !== null),
    ],
    ['URN keys', steps.some(({ key }) => typeof key === 'string' && key.startsWith('urn:'))],
    ['keys beyond 2^53', steps.some(({ key }) => typeof key === 'bigint')],
    ['paging by offset', operations.some(({ paging }) => paging?.kind === 'offset')],
    ['paging by cursor', operations.some(({ paging }) => paging?.kind === 'cursor')],
    ['upserts', operations.some(({ upsert }) => upsert)],
    ['returned entities', operations.some(({ returnEntity }) => returnEntity)],
    ['projections', steps.some(({ fields }) => fields !== undefined)],
    ['tunnels', steps.some(({ tunnel }) => tunnel)],
    ['protocol 1.0.0', steps.some(({ protocol }) => protocol === '1.0.0')],
    ['a lost method header', steps.some(({ headers }) => headers.get('X-RestLi-Method') === null)],
    ["another method's header", steps.some(({ headers }) => typeof headers.get('X-RestLi-Method') === 'string')],
    ['partial failures of batches', cases.some(({ expect: e }) => Array.isArray(e?.each) && e.each.length > 1)],
    ['flows that clean up', contracts.some(({ flows }) => flows.some(({ cleanup }) => cleanup.length > 0))],
  ])('show %s', (_what, shown) => {
    expect(shown).toBe(true);
  });
});
