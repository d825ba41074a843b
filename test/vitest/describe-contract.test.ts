import { execFile } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createInProcess } from '../../src/mock/in-process.ts';
import { createMock } from '../../src/mock/mock.ts';
import { serveContract } from '../../src/mock/server.ts';
import { describeContract } from '../../src/vitest/index.ts';
import { books } from '../mock/library.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

describe('a contract without a target', () => {
  describeContract(books, { groups: ['contract'] });
});

describe('a contract over a transport', () => {
  describeContract(books, {
    transport: createInProcess(createMock([books])),
    groups: ['contract'],
    target: { seeded: true },
  });
});

const served = await serveContract(books);
describe('a contract against a base URL', () => {
  describeContract(books, { baseUrl: `${served.url}/`, groups: ['contract'], target: { seeded: true } });
  it('was asked over the wire', async () => {
    const answer = await fetch(`${served.url}/books`, { headers: { 'X-RestLi-Protocol-Version': '2.0.0' } });
    expect(answer.status).toBe(200);
    await served.close();
  });
});

/** What vitest prints of a suite that fails by design. */
function runSuite(...args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs');
  const config = path.join(ROOT, 'test/fixtures/vitest/vitest.config.ts');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [vitest, 'run', '--config', config, ...args],
      { cwd: ROOT, env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '' }, timeout: 60_000, maxBuffer: 10_000_000 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : 1, text: stdout + stderr }),
    );
  });
}

describe('a suite that fails', () => {
  it('shows our message for a case, and no stack', { timeout: 60_000 }, async () => {
    const { code, text } = await runSuite('-t', 'GET/reads-a-photo');
    expect(code).toBe(1);
    expect(text).toMatch(/1 failed \| \d+ skipped/);
    expect(text).toContain('photos > GET/reads-a-photo');
    expect(text).toMatch(/ContractBroken: ✗ FAIL entity\/schema/);
    expect(text).toMatch(
      /rerun\s+restli-contract run contracts\/photos\.contract\.yaml --case photos\/GET\/reads-a-photo/,
    );
    expect(text).not.toMatch(/❯ .*src\//);
  });

  it('shows the failure of a client and that of its request beside each other', { timeout: 60_000 }, async () => {
    const { text } = await runSuite('-t', 'shows what the client did');
    expect(text).toContain('Error: the client gave up: 400');
    expect(text).toContain('[headers/protocol-version-missing]');
    expect(text).not.toContain('SuppressedError');
  });
});
