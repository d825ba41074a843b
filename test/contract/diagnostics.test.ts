import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { NO_SURROUNDINGS } from '../../src/contract/checking.ts';
import { parseContract } from '../../src/contract/parse.ts';
import { maskSecrets } from '../../src/contract/secrets.ts';
import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts';
import { formatDiagnostic } from '../../src/diagnostic/format.ts';
import { parseConfig } from '../support/contract.ts';

const GOLDEN = path.resolve(import.meta.dirname, '../golden/diagnostics');
const UPDATE = process.env['UPDATE_GOLDEN'] === '1';
const files = readdirSync(GOLDEN)
  .filter((file) => !file.endsWith('.txt'))
  .toSorted();

/** `json-unknown-member.contract.json` -> `contract/unknown-member`; `schema-…`, `config-…` name their family. */
function codeOf(file: string): string {
  const name = file.slice(0, file.indexOf('.')).replace(/^json-(?!syntax)/, '');
  const family = /^(schema|config)-/.exec(name)?.[1];
  return family === undefined ? `contract/${name}` : `${family}/${name.slice(family.length + 1)}`;
}

const around = { ...NO_SURROUNDINGS, env: { HOME: '/home/ann' }, targets: new Set(['mock', 'production']) };

function diagnose(file: string): { readonly diagnostics: readonly Diagnostic[]; readonly text: string } {
  const text = readFileSync(path.join(GOLDEN, file), 'utf8');
  const { diagnostics } = file.includes('.config.') ? parseConfig(text, file) : parseContract(text, { file, around });
  return { diagnostics, text };
}

describe('diagnostics', () => {
  it.each(files)('%s is told as its golden text says', (file) => {
    const { diagnostics, text } = diagnose(file);
    const told = diagnostics.map((one) => formatDiagnostic(one, () => maskSecrets(text))).join('\n\n') + '\n';

    const golden = path.join(GOLDEN, file.replace(/\.(yaml|json)$/, '.txt'));
    if (UPDATE) writeFileSync(golden, told);
    expect(told).toBe(readFileSync(golden, 'utf8'));
    expect(diagnostics.map(({ code }) => code)).toContain(codeOf(file));
  });

  it('have a place, one sentence and a fix', () => {
    const bad: string[] = [];
    for (const file of files) {
      for (const { at, message, fix, code } of diagnose(file).diagnostics) {
        if (at?.file !== file) bad.push(`${code} is elsewhere`);
        if (/[.!]$|undefined|\[object/.test(message)) bad.push(`${code}: ${message}`);
        if (fix === null || /undefined|\[object/.test(fix)) bad.push(`${code}: fix ${String(fix)}`);
      }
    }
    expect(bad).toEqual([]);
  });
});
