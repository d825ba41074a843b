import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as library from '../../src/index.ts';
import { folderOf, GREETINGS } from '../cli/support.ts';

describe('the library entry', () => {
  it('loads, plans and runs as the command does', async () => {
    using folder = folderOf();
    const { contracts, diagnostics } = await library.loadContracts(['greetings.contract.yaml'], { cwd: folder.path });
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);

    const plan = library.planCases(contracts, { groups: ['contract'], dialectOf: () => library.DIALECTS.restli });
    const seen: string[] = [];
    for await (const event of library.runContracts({ contracts, groups: ['contract'], inProcess: true })) {
      seen.push(event.type === 'case' ? `${event.verdict} ${event.id}` : event.type);
    }
    expect(seen).toEqual(['run', ...plan.cases.map(({ id }) => `pass ${id}`), 'coverage', 'end']);
  });

  it('ends a run early when its reader does, and gives the port back', async () => {
    using folder = folderOf();
    const { contracts } = await library.loadContracts(['greetings.contract.yaml'], { cwd: folder.path });
    const seen: string[] = [];
    for await (const event of library.runContracts({ contracts })) {
      seen.push(event.type);
      if (event.type === 'case') break;
    }
    expect(seen).toEqual(['run', 'case']);
  });

  it('carries requests by a transport of one’s own', async () => {
    using folder = folderOf();
    const { contracts } = await library.loadContracts(['greetings.contract.yaml'], { cwd: folder.path });
    const targets: string[] = [];
    const transport: library.Transport = {
      send: async (request) => {
        targets.push(request.origin + request.target);
        return {
          request,
          failure: null,
          durationMs: 1,
          response: { status: 404, headers: [['X-RestLi-Protocol-Version', '2.0.0']], body: new Uint8Array(0) },
        };
      },
      close: async () => undefined,
    };
    const target: library.Target = {
      name: 'own',
      baseUrl: 'http://service.test/base',
      dialect: null,
      protocol: null,
      auth: null,
      headers: new Map(),
      vars: new Map(),
      writes: false,
      seeded: false,
    };
    const verdicts: string[] = [];
    for await (const event of library.runContracts({ contracts, groups: ['contract'], transport, target }))
      if (event.type === 'case') verdicts.push(event.verdict);
    expect(targets).toEqual(['http://service.test/base/greetings/1', 'http://service.test/base/greetings/404']);
    expect(verdicts).toEqual(['fail', 'pass', 'skip', 'skip']);
  });

  it('makes the shipped contracts pass on the embedded endpoint', async () => {
    const root = path.resolve(import.meta.dirname, '../..');
    const files = readdirSync(path.join(root, 'contracts')).filter((name) => name.includes('.contract.'));
    const { contracts, diagnostics } = await library.loadContracts(
      files.map((name) => `contracts/${name}`),
      { cwd: root },
    );
    expect(
      diagnostics
        .filter(({ severity }) => severity === 'error')
        .map(({ at, message }) => `${at?.file ?? ''}:${at?.line ?? 0} ${message}`),
    ).toEqual([]);
    const failed: string[] = [];
    for await (const event of library.runContracts({ contracts, groups: ['contract'], inProcess: true })) {
      if (event.type === 'case' && event.verdict !== 'pass' && event.verdict !== 'skip')
        failed.push(`${event.verdict} ${event.id} ${event.skipReason ?? event.violations[0]?.message ?? ''}`);
    }
    expect(failed).toEqual([]);
  });

  it('judges single requests by their route', () => {
    expect(
      library.route({
        verb: 'GET',
        level: 'entity',
        parameters: { ids: false, q: false, bq: false, action: false },
        header: null,
      }),
    ).toEqual({ method: 'GET' });
    expect(library.RULES.has('expectation/status')).toBe(true);
    expect(library.METHODS.GET.verb).toBe('GET');
    expect(GREETINGS).toContain('contract: 1');
  });
});
