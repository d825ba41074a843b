import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Contract } from '../../src/contract/contract.ts';
import { loadConfig, loadContracts } from '../../src/contract/load.ts';
import { MATCHERS } from '../../src/contract/matcher-syntax.ts';
import { formatDiagnostic } from '../../src/diagnostic/format.ts';
import { fillTables, formatTables } from '../../src/docs/format-tables.ts';
import { runContracts } from '../../src/run/run.ts';
import { readPage, withPart, yamlBlocks, type YamlBlock } from './yaml-blocks.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PAGE = readPage('docs/contract-format.md');
const BASE = yamlBlocks(PAGE).find(({ kind }) => kind === 'contract')?.text ?? '';

/** What GitHub makes of a heading: lower case, dashes for spaces, no punctuation. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
const anchorsOf = (page: string): ReadonlySet<string> =>
  new Set([...page.replaceAll(/^```[^]*?^```$/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, text = '']) => anchorOf(text)));

/** The blocks of every page that a user reads first. */
const blocks = ['docs/contract-format.md', 'docs/getting-started.md', 'README.md'].flatMap((page) =>
  yamlBlocks(readPage(page)).map((block) => ({ ...block, place: `${page}:${block.line}` })),
);
/** What is told of a block, as `check` tells it; the contract, if it is good. A part is put into the page's first contract. */
async function checked({ kind, text }: YamlBlock): Promise<{ told: readonly string[]; contract: Contract | null }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'restli-contract-page-'));
  try {
    const file = kind === 'part' ? 'shown.contract.json' : kind === 'config' ? CONFIG : 'shown.contract.yaml';
    writeFileSync(path.join(folder, file), kind === 'part' ? withPart(BASE, text) : text);
    const loaded =
      kind === 'config' ? await loadConfig(null, folder) : await loadContracts([file], { cwd: folder, env: {} });
    const textOf = (name: string): string => loaded.texts.get(name) ?? '';
    return {
      told: loaded.diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, textOf)),
      contract: 'contracts' in loaded ? (loaded.contracts[0] ?? null) : null,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
const CONFIG = 'restli-contract.config.yaml';

describe('the page of the contract format', () => {
  it('holds the tables that the shapes make', () => {
    expect(fillTables(PAGE)).toBe(PAGE);
  });

  it('refuses a page without a place for a table, and a place without a table', () => {
    expect(() => fillTables('# Empty\n')).toThrow('it has no place for contract, mock,');
    const unknown = '<!-- generated:colour -->\n<!-- /generated:colour -->\n';
    expect(() => fillTables(PAGE + unknown)).toThrow('there is no table colour');
  });

  it('tells every member of a case with what stands there', () => {
    const row = /^\| `retry` +\| a retry +\| +\| Asks again until it holds\. +\|$/m;
    expect(formatTables().get('case')).toMatch(row);
  });

  it('has a section for every place that diagnostics point at', () => {
    const sections = anchorsOf(PAGE);
    const pointedAt = new Set<string>();
    for (const file of readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue;
      const text = readFileSync(path.join(ROOT, 'src', file), 'utf8');
      for (const [, anchor = ''] of text.matchAll(/contract-format\.md#([a-z-]+)/g)) pointedAt.add(anchor);
      if (!/^(contract|schema|diagnostic)[\\/]/.test(file)) continue;
      for (const [, anchor = ''] of text.matchAll(/\b(?:see: |SEE = )'([a-z-]+)'/g)) pointedAt.add(anchor);
    }
    expect(pointedAt.size).toBeGreaterThan(5);
    expect([...pointedAt].filter((anchor) => !sections.has(anchor))).toEqual([]);
  });

  it('tells every matcher', () => {
    const rows = PAGE.split('\n').filter((line) => line.startsWith('| `$'));
    expect([...MATCHERS.keys()].filter((name) => !rows.some((row) => row.includes(`\`${name}`)))).toEqual([]);
  });
});

describe('the YAML of the pages', () => {
  const contracts = blocks.filter(({ kind }) => kind !== 'config');

  it('is marked as a contract, a config or a part of a contract', () => {
    expect(new Set(blocks.map(({ kind }) => kind))).toEqual(new Set(['contract', 'config', 'part']));
  });

  it.each(blocks.map((block) => [block.place, block] as const))('%s is good, without a warning', async (_, block) => {
    expect((await checked(block)).told).toEqual([]);
  });

  it.each(contracts.map((block) => [block.place, block] as const))('%s is kept by its mock', async (_, block) => {
    const { contract } = await checked(block);
    expect(contract).not.toBeNull();
    const others: string[] = [];
    for await (const event of runContracts({ contracts: [contract!], groups: ['contract'], inProcess: true })) {
      if (event.type !== 'case' || event.verdict === 'pass') continue;
      others.push(`${event.verdict} ${event.id}: ${event.violations[0]?.message ?? ''}`);
    }
    expect(others).toEqual([]);
  });
});

describe('the links of the pages', () => {
  it.each(['docs/contract-format.md', 'docs/getting-started.md', 'README.md'])('%s leads somewhere', (name) => {
    const page = readPage(name).replaceAll(/^```[^]*?^```$/gm, '');
    const broken: string[] = [];
    for (const [, link = ''] of page.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(link)) continue;
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? name : path.join(path.dirname(name), file);
      if (!existsSync(path.join(ROOT, target))) broken.push(link);
      else if (anchor !== undefined && !anchorsOf(readPage(target)).has(anchor)) broken.push(link);
    }
    expect(broken).toEqual([]);
  });
});
