import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadContracts } from '../../src/contract/load.ts';
import { METHOD_NAMES } from '../../src/protocol/methods.ts';

const FOLDER = path.resolve(import.meta.dirname, '../fixtures/contracts');
const files = readdirSync(FOLDER).toSorted();
const { contracts, diagnostics } = await loadContracts(files, { cwd: FOLDER, env: {} });

describe('the contracts of the fixtures', () => {
  it('load without a word', () => {
    expect(diagnostics).toEqual([]);
    expect(contracts.map(({ file }) => file)).toEqual(files);
  });

  it('use all methods and all kinds', () => {
    const methods = new Set(contracts.flatMap(({ operations }) => operations.map(({ method }) => method)));
    expect([...methods].toSorted()).toEqual([...METHOD_NAMES].toSorted());
    expect(new Set(contracts.map(({ kind }) => kind)).size).toBe(4);
    expect(new Set(contracts.map(({ key }) => key?.shape.kind)).size).toBe(4);
  });
});
