/** The TypeScript of the pages is what a reader pastes: it has the types of the entries, runs, and prints what it says. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPage } from './yaml-blocks.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const TSX = path.join(ROOT, 'node_modules/tsx/dist/loader.mjs');

/** What `exports` of the package names, as the sources that the bundle is made from. */
const ENTRIES = {
  'restli-contract': ['src/index.ts'],
  'restli-contract/mock': ['src/mock/index.ts'],
  'restli-contract/nock': ['src/mock/nock.ts'],
  'restli-contract/vitest': ['src/vitest/index.ts'],
  'restli-contract/report': ['src/report/index.ts'],
  'restli-contract/convert': ['src/convert/index.ts'],
};

/** A recording for the snippet that reads one. */
const HAR = {
  log: {
    version: '1.2',
    creator: { name: 'test', version: '1' },
    entries: [
      {
        request: {
          method: 'GET',
          url: 'http://localhost/greetings/1',
          headers: [{ name: 'X-RestLi-Protocol-Version', value: '2.0.0' }],
        },
        response: {
          status: 200,
          headers: [{ name: 'Content-Type', value: 'application/json' }],
          content: { mimeType: 'application/json', text: '{"id":1,"message":"Hello"}' },
        },
      },
    ],
  },
};

interface Snippet {
  readonly name: string;
  readonly text: string;
  /** What comments behind `console.log` say that it prints, in order. */
  readonly says: readonly string[];
}

const snippets: readonly Snippet[] = ['library', 'unit-tests'].flatMap((page) =>
  [...readPage(`docs/${page}.md`).matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, text = ''], index) => ({
    name: `${page}-${index + 1}${text.includes("from 'vitest'") ? '.test' : ''}.ts`,
    text,
    says: [...text.matchAll(/^ *console\.log\(.*\); \/\/ (.*)$/gm)].map(([, said = '']) => said),
  })),
);

const folder = mkdtempSync(path.join(tmpdir(), 'restli-contract-snippets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly text: string;
}

function node(...args: readonly string[]): Promise<Ended> {
  const { PATH = '', HOME = '' } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder, env: { PATH, HOME }, timeout: 100_000 }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), text: out + err }),
    );
  });
}

const write = (name: string, content: object | string): void =>
  writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));

describe('the snippets of the pages', () => {
  beforeAll(async () => {
    const paths = Object.fromEntries(
      Object.entries(ENTRIES).map(([name, files]) => [name, files.map((file) => path.join(ROOT, file))]),
    );
    write('package.json', { type: 'module' });
    write('tsconfig.json', {
      extends: path.join(ROOT, 'tsconfig.json'),
      compilerOptions: { paths, noEmit: true, typeRoots: [path.join(ROOT, 'node_modules/@types')] },
      include: ['*.ts', path.join(ROOT, 'src/transport/undici-parts.d.ts')],
    });
    write('calls.har', HAR);
    for (const { name, text } of snippets) write(name, text);
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'), 'dir');
    await node('--import', TSX, path.join(ROOT, 'src/cli/main.ts'), 'init');
  }, 60_000);

  it('are found', () => {
    expect(snippets.map(({ name }) => name)).toContain('unit-tests-1.test.ts');
    expect(snippets.flatMap(({ says }) => says).length).toBeGreaterThan(4);
  });

  it('have the types that the entries declare', { timeout: 120_000 }, async () => {
    const { text } = await node(path.join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.');
    // The sources behind the entries are checked by themselves; an error in them would hide nothing here.
    const own = text.split('\n').filter((line) => line !== '' && !/^(?:\.\.\/| )/.test(line));
    expect(own).toEqual([]);
  });

  it('pass where they are tests', { timeout: 120_000 }, async () => {
    const alias = Object.entries(ENTRIES).map(([name, [file = '']]) => ({
      find: name,
      replacement: path.join(ROOT, file),
    }));
    const exact = `${JSON.stringify(alias)}.map((one) => ({ ...one, find: new RegExp('^' + one.find + '$') }))`;
    write('vitest.config.mjs', `export default { test: { include: ['*.test.ts'] }, resolve: { alias: ${exact} } };`);
    const { code, text } = await node(path.join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--no-color');
    expect([code, text]).toEqual([0, expect.stringMatching(/Tests +\d{3} passed/)]);
  });

  it.each(snippets.filter(({ name }) => !name.endsWith('.test.ts')))(
    '$name runs and prints what it says',
    { timeout: 60_000 },
    async ({ name, says }) => {
      const { code, text } = await node('--import', TSX, name);
      expect([code, text]).toEqual([0, expect.stringContaining(says[0] ?? '')]);
      for (const said of says) expect(text).toContain(`${said}\n`);
    },
  );
});
