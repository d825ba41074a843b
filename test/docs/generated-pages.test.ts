import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lawsMarkdown } from '../../src/docs/laws-page.ts';
import { methodsMarkdown } from '../../src/docs/methods-page.ts';
import { rulesMarkdown } from '../../src/docs/rules-page.ts';
import { METHOD_NAMES } from '../../src/protocol/methods.ts';
import { LAWS } from '../../src/laws/index.ts';
import { RULES } from '../../src/rules/index.ts';

const DOCS = path.resolve(import.meta.dirname, '../../docs');

describe.each([
  ['rules.md', rulesMarkdown],
  ['methods.md', methodsMarkdown],
  ['laws.md', lawsMarkdown],
] as const)('docs/%s', (name, made) => {
  it('is what the tables say', () => {
    const file = path.join(DOCS, name);
    if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(file, made());
    expect(readFileSync(file, 'utf8')).toBe(made());
  });
});

describe('the pages', () => {
  it('tell every rule, each link with its target', () => {
    const page = rulesMarkdown();
    for (const id of RULES.keys()) {
      expect(page).toContain(`### ${id}\n`);
      expect(page).toContain(`(#${id.replaceAll('/', '')})`);
    }
  });

  it('tell every law, the methods it is about and a fault that trips it', () => {
    const rows = lawsMarkdown()
      .split('\n')
      .filter((row) => row.startsWith('| [laws/'));
    expect(rows).toHaveLength(LAWS.length);
    for (const line of rows) {
      const [, , , , methods = '', faults = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
      expect([line, methods === '', faults === '']).toEqual([line, false, false]);
    }
  });

  it('tell every method', () => {
    const page = methodsMarkdown();
    for (const name of METHOD_NAMES) expect(page).toContain(`## ${name}\n`);
    expect(page).toContain('| POST | collection |  | CREATE or BATCH_CREATE |');
  });
});
