import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { refuse, serviceOf, json } from '../run/support.ts';
import { cli, folderOf } from './support.ts';

const FILE = 'greetings.contract.yaml';
const FAST = ['--group', 'contract', '--fault', 'required-member-missing,get-changes-state,total-missing'] as const;

describe('mutate', () => {
  it('prints shares, survivors with a case to paste, and what does not apply', async () => {
    using folder = folderOf();
    const { code, out, err } = await cli(folder, ['mutate', FILE, ...FAST]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/mutants noticed: 1 of 2 \(50 %\)/);
    expect(out).toMatch(/get-changes-state {2}Removes an entity once it has been read/);
    expect(out).toContain('- name: notices an endpoint that removes an entity once it has been read');
    expect(out).toContain('1 fault: no contract declares GET_ALL, FINDER, BATCH_FINDER');
  });

  it('ends with 1 below --min-score and 0 at it', async () => {
    using folder = folderOf();
    expect((await cli(folder, ['mutate', FILE, ...FAST, '--min-score', '50'])).code).toBe(0);
    const low = await cli(folder, ['mutate', FILE, ...FAST, '--min-score', '51%']);
    expect(low.code).toBe(1);
    expect(low.out).toContain('too low: 1 of 2 mutants are noticed (50 %), the minimum is 51 %');
  });

  it('prints one JSON object under --json, and writes a page where one is asked for', async () => {
    using folder = folderOf();
    const { out } = await cli(folder, ['mutate', FILE, ...FAST, '--json']);
    expect(JSON.parse(out)).toMatchObject({ type: 'mutation', total: { killed: 1, survived: 1 } });
    const page = await cli(folder, [
      'mutate',
      FILE,
      ...FAST,
      '--reporter',
      'html=m.html',
      '--reporter',
      'ndjson=m.ndjson',
    ]);
    expect(page.code).toBe(0);
    expect(readFileSync(path.join(folder.path, 'm.html'), 'utf8')).toContain('id="mutants"');
    const again = await cli(folder, ['report', 'm.ndjson', '--reporter', 'text']);
    expect(again.out).toMatch(/mutants noticed: 1 of 2/);
  });

  it.each([
    [['--fault', 'no-such'], /there is no fault `no-such`/],
    [['--min-score', '101'], /percentage from 0 to 100/],
    [['--shard', '1/2'], /--shard is for `run`/],
    [['--json', '--reporter', 'text'], /leave out --reporter/],
    [['--group', 'law'], /did you mean `laws`/],
  ])('refuses %j with exit code 2', async (flags, message) => {
    using folder = folderOf();
    const { code, err } = await cli(folder, ['mutate', FILE, ...flags]);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});

describe('run --min-coverage', () => {
  it('fails a run that keeps its promises and exercises too little', async () => {
    using folder = folderOf();
    const flags = ['run', FILE, '--no-report', '--in-process', '--group', 'contract', '--method', 'GET'];
    expect((await cli(folder, [...flags, '--min-coverage', 'methods=33,versions=50'])).code).toBe(0);
    const { code, out } = await cli(folder, [...flags, '--min-coverage', 'methods=100']);
    expect(code).toBe(1);
    expect(out).toContain('too low: coverage of methods is 1 of 3 (33 %), the minimum is 100 %');
    expect(out).toMatch(/greetings DELETE/);
  });

  it('refuses what is no minimum', async () => {
    using folder = folderOf();
    const { code, err } = await cli(folder, ['run', FILE, '--min-coverage', 'method=80']);
    expect(code).toBe(2);
    expect(err).toMatch(/no category of coverage `method`/);
  });
});

describe('run --baseline-url', () => {
  const greetings = (message: string) =>
    serviceOf((request, response) => {
      if (request.verb === 'GET' && request.url === '/greetings/1') json(response, 200, { id: 1, message });
      else refuse(response, 404);
    });
  const flags = ['run', FILE, '--no-report', '--case', 'greetings/GET/*'] as const;

  it('ends with 0 where both answer alike and with 1 where they differ', async () => {
    using folder = folderOf();
    await using old = await greetings('Good morning');
    await using alike = await greetings('Good morning');
    expect((await cli(folder, [...flags, '--base-url', alike.url, '--baseline-url', old.url])).code).toBe(0);
    await using other = await serviceOf((request, response) => {
      if (request.url === '/greetings/1') json(response, 200, { id: 1, message: 'Good morning', mood: 'fine' });
      else refuse(response, 404);
    });
    const { code, out } = await cli(folder, [...flags, '--base-url', old.url, '--baseline-url', other.url]);
    expect(code).toBe(1);
    expect(out).toContain('compare/member-missing');
    expect(out).toContain('`/mood`');
  });

  it.each([
    [['--baseline-url', 'http://127.0.0.1:1'], /needs an endpoint to compare/],
    [['--base-url', 'http://127.0.0.1:1', '--baseline-url', 'http://127.0.0.1:1'], /the same endpoint/],
    [['--base-url', 'http://127.0.0.1:1', '--baseline-url', 'old'], /has no scheme/],
  ])('refuses %j with exit code 2', async (more, message) => {
    using folder = folderOf();
    const { code, err } = await cli(folder, [...flags, ...more]);
    expect([code, message.test(err)]).toEqual([2, true]);
  });
});
