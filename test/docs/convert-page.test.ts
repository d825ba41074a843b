import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fillConvertPage } from '../../src/convert/page-tables.ts';
import { ELEMENTS } from '../../src/convert/restspec/elements.ts';
import { readPage } from './yaml-blocks.ts';

const FILE = path.resolve(import.meta.dirname, '../../docs/convert.md');

describe('docs/convert.md', () => {
  it('has the tables as they are made', () => {
    if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(FILE, fillConvertPage(readPage('docs/convert.md')));
    const page = readPage('docs/convert.md');
    expect(fillConvertPage(page)).toBe(page);
    for (const { called, members } of Object.values(ELEMENTS)) {
      if (members.size > 0) expect(page).toContain(`\n| ${called} `);
      for (const member of members.keys()) expect(page).toContain(`| \`${member}\` `);
    }
  });
});
