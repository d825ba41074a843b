import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { NO_CONFIG, resolveTarget } from '../../src/contract/config.ts';
import { loadConfig, loadContracts, type LoadedContracts } from '../../src/contract/load.ts';
import { parseConfig } from '../support/contract.ts';

const base = mkdtempSync(path.join(tmpdir(), 'restli-load-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

let cwd = '';
let count = 0;
beforeEach(() => {
  count += 1;
  cwd = path.join(base, String(count));
  mkdirSync(cwd, { recursive: true });
});

function write(name: string, content: string | Uint8Array): string {
  const file = path.join(cwd, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return name;
}

function contract(resource: string, entity = '{ type: object }', rest = ''): string {
  return `contract: 1\nresource: ${resource}\nkey: { id: long }\nentity: ${entity}\nexamples: [{ id: 1 }]\nmethods: { GET: , CREATE: }\n${rest}`;
}

const flow = (step: string): string => `flows: [{ name: crosses, steps: [${step}] }]\n`;
const codes = ({ diagnostics }: Pick<LoadedContracts, 'diagnostics'>): string[] => diagnostics.map(({ code }) => code);
const names = ({ contracts }: LoadedContracts): string[] => contracts.map(({ resource }) => resource);

describe('loading contracts', () => {
  it('is not stopped by a bad file', async () => {
    const loaded = await loadContracts(
      [
        write('a.yaml', contract('a')),
        write('b.yaml', 'contract: "1'),
        write('c.json', '{'),
        write('d.yaml', contract('d')),
      ],
      { cwd },
    );
    expect(names(loaded)).toEqual(['a', 'd']);
    expect(loaded.diagnostics.map(({ at }) => at?.file)).toEqual(['b.yaml', 'c.json']);
    expect(loaded.texts.get('b.yaml')).toBe('contract: "1');
  });

  it('says so when there is nothing to load', async () => {
    expect(codes(await loadContracts([], { cwd }))).toEqual(['contract/no-files']);
    expect(codes(await loadContracts(['none.yaml'], { cwd }))).toEqual(['contract/not-found']);
    mkdirSync(path.join(cwd, 'folder'));
    expect(codes(await loadContracts(['folder'], { cwd }))).toEqual(['contract/not-a-file']);
  });

  it('refuses what is no text, or too much of it', async () => {
    const files = [
      write('utf16.yaml', Buffer.from('\ufeffcontract: 1', 'utf16le')),
      write('png.yaml', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0xff, 0x00)),
      write('big.yaml', '#'.repeat(5_000_001)),
    ];
    expect(codes(await loadContracts(files, { cwd }))).toEqual([
      'contract/not-text',
      'contract/not-text',
      'contract/too-large',
    ]);
  });

  it('follows references to files, from file to file', async () => {
    write(
      'schemas/book.json',
      '{ "type": "object", "required": ["shelf"], "properties": { "shelf": { "$ref": "./shelf.json#/Shelf" } } }',
    );
    write('schemas/shelf.json', '{ "Shelf": { "type": "integer" } }');
    const file = write(
      'books.yaml',
      contract('books', '{ $ref: ./schemas/book.json }').replace('{ id: 1 }', '{ id: 1, shelf: x }'),
    );
    const loaded = await loadContracts([file], { cwd });
    expect(loaded.diagnostics).toMatchObject([{ code: 'contract/example-type', at: { line: 5 } }]);
  });

  it('never leaves the root', async () => {
    write('../secret.json', '{ "type": "object" }');
    symlinkSync(path.join(base, 'secret.json'), path.join(cwd, 'link.json'));
    const refs = [
      '../secret.json',
      '/etc/passwd',
      './link.json',
      'file:///etc/passwd',
      'http://169.254.169.254/x.json',
    ];
    const files = refs.map((ref, index) => write(`r${index}.yaml`, contract(`r${index}`, `{ $ref: "${ref}" }`)));
    const loaded = await loadContracts(files, { cwd });
    expect(codes(loaded)).toEqual([
      'contract/ref-outside-root',
      'contract/ref-outside-root',
      'contract/ref-outside-root',
      'contract/ref-remote',
      'contract/ref-remote',
    ]);
    expect(loaded.contracts).toEqual([]);
    expect(names(await loadContracts(files.slice(0, 1), { cwd, allowOutsideRoot: true }))).toEqual(['r0']);
  });

  it('names a reference that leads nowhere', async () => {
    const loaded = await loadContracts([write('a.yaml', contract('a', '{ $ref: ./none.json }'))], { cwd });
    expect(loaded.diagnostics).toMatchObject([
      { code: 'contract/ref-unreadable', at: { file: 'a.yaml', line: 4, col: 17 } },
    ]);
  });

  it('knows resources by one name', async () => {
    const loaded = await loadContracts([write('a.yaml', contract('same')), write('b.yaml', contract('same'))], { cwd });
    expect(names(loaded)).toEqual(['same']);
    expect(loaded.diagnostics).toMatchObject([
      { code: 'contract/duplicate-resource', at: { file: 'b.yaml' }, related: [{ at: { file: 'a.yaml' } }] },
    ]);
  });

  it('judges steps against the contract that they speak to', async () => {
    const a = write('a.yaml', contract('a', undefined, flow('{ resource: b, method: GET, key: 1 }')));
    const b = write('b.yaml', contract('b'));
    const c = write('c.yaml', contract('c', undefined, flow('{ resource: bb, method: GET, key: 1 }')));
    const d = write('d.yaml', contract('d', undefined, flow('{ resource: b, method: GET }')));
    const e = write('e.yaml', contract('e', undefined, flow('{ resource: b, method: DELETE, key: x }')));
    const loaded = await loadContracts([a, b, c, d, e], { cwd });
    expect(names(loaded)).toEqual(['a', 'b']);
    expect(codes(loaded)).toEqual(['contract/unknown-resource', 'contract/needs-key', 'contract/undeclared-method']);
  });

  it('runs contracts in TypeScript', async () => {
    const define = JSON.stringify(path.resolve(import.meta.dirname, '../../src/contract/define.ts'));
    const good = write(
      'good.contract.ts',
      `import { defineContract } from ${define};\nexport default defineContract({ contract: 1, resource: 'ts', key: { id: 'long' }, entity: { type: 'object' }, examples: [{ id: 9007199254740993n }], methods: { GET: null } });\n`,
    );
    const bad = write('bad.contract.ts', 'export default { contract: 1, made: new Date() };\n');
    const broken = write('broken.contract.ts', 'throw new Error("no way");\n');
    const loaded = await loadContracts([good, bad, broken], { cwd });
    expect(loaded.contracts[0]?.examples[0]?.key).toBe(9007199254740993n);
    expect(codes(loaded)).toEqual(['contract/not-plain', 'contract/script-failed']);
  });

  it('knows variables of the config, its targets and flags', async () => {
    const file = write(
      'a.yaml',
      contract('a', undefined, 'cases: [{ name: reads, method: GET, key: "${id}", targets: [prod] }]\n'),
    );
    expect(codes(await loadContracts([file], { cwd }))).toEqual([
      'contract/unknown-variable',
      'contract/unknown-target',
    ]);
    const { config } = parseConfig('targets: { prod: { baseUrl: https://x.example, vars: { id: 1 } } }', 'c.yaml');
    expect(codes(await loadContracts([file], { cwd, config: config ?? NO_CONFIG }))).toEqual([]);
    expect(codes(await loadContracts([file], { cwd, vars: new Map([['id', 1]]) }))).toEqual([
      'contract/unknown-target',
    ]);
  });
});

describe('loading the config', () => {
  it('is content without one, and refuses two', async () => {
    expect(await loadConfig(null, cwd)).toMatchObject({ config: { file: null, target: null }, diagnostics: [] });
    write('restli-contract.config.yaml', 'timeout: 2s\n');
    expect((await loadConfig(null, cwd)).config?.timeoutMs).toBe(2000);
    write('restli-contract.config.json', '{}');
    const several = await loadConfig(null, cwd);
    expect(several.config).toBeNull();
    expect(several.diagnostics[0]?.message).toContain('restli-contract.config.yaml, restli-contract.config.json');
  });

  it('takes the one that is named', async () => {
    write('other.yaml', 'target: mock\n');
    expect((await loadConfig('other.yaml', cwd)).config?.file).toBe('other.yaml');
    expect(codes(await loadConfig('none.yaml', cwd))).toEqual(['config/not-found']);
  });
});

describe('a target', () => {
  const { config } = parseConfig(
    `vars: { host: api.example.com }
dialects: { strict: { extends: acme, unknownParams: error }, acme: { methodHeader: all, headers: { X-Tenant: { pattern: '^[a-z]+$' } }, limits: { url: 100 } } }
targets: { a: { baseUrl: "https://\${host}/rest", auth: { bearer: "\${env.TOKEN}" }, headers: { X-A: "\${env.A:-none}" }, vars: { n: 1 } } }`,
    'c.yaml',
  );

  it('gets its variables when it is chosen, and tells what came from the environment', () => {
    const target = config?.targets.get('a');
    expect(target?.auth).toEqual({ bearer: '${env.TOKEN}' });
    if (config === null || target === undefined) return;
    const seen: string[] = [];
    const resolved = resolveTarget(target, config, { env: { TOKEN: 't0k' }, onEnv: (_, value) => seen.push(value) });
    expect(resolved).toMatchObject({
      target: { baseUrl: 'https://api.example.com/rest', auth: { bearer: 't0k' }, headers: new Map([['X-A', 'none']]) },
    });
    expect(seen).toEqual(['t0k']);
    expect(resolveTarget(target, config, { env: {} })).toMatchObject({
      diagnostics: [{ code: 'config/unknown-environment' }],
    });
  });

  it('may have a dialect that extends another, in any order', () => {
    const strict = config?.dialects.get('strict');
    expect(strict).toMatchObject({
      name: 'strict',
      unknownParams: 'error',
      limits: { url: 100 },
      methodHeader: { GET: 'must' },
    });
    expect(strict?.headers).toMatchObject([
      { name: 'X-Tenant', required: true, schema: { type: 'string', pattern: '^[a-z]+$' } },
    ]);
  });
});

describe('a contract in TypeScript', () => {
  it('is told of where its case stands, and by which way', async () => {
    const file = write(
      'r.contract.ts',
      `const id = 'q';
export default {
  contract: 1,
  resource: 'r',
  key: { id: 'long' },
  entity: { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } },
  examples: [{ id: 1 }],
  methods: { CREATE: null },
  cases: [
    { name: 'one', method: 'CREATE', entity: { id: 2 } },
    { name: 'two', method: 'CREATE', entity: { id: 'q' } },
  ],
};
`,
    );
    const [problem, more] = (await loadContracts([file], { cwd })).diagnostics;
    expect(more).toBeUndefined();
    expect(problem?.at).toMatchObject({ line: 11, col: 48 });
    expect(problem?.message).toContain('/cases/1/entity/id');
  });
});
