/** `mock`, `proxy` and `traffic` as processes: what a client's test suite in CI runs behind. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'restli-commands-'));
const running = new Set<ChildProcess>();
const TIMEOUT = { timeout: 60_000 };

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Command {
  /** The first line of standard output. */
  readonly first: Promise<string>;
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
  stop(): void;
}

function start(...args: readonly string[]): Command {
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(ROOT, 'src/cli/main.ts'), ...args], {
    cwd: ROOT,
  });
  running.add(child);
  let out = '';
  let err = '';
  const first = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const [line, more] = out.split('\n');
      if (more !== undefined) resolve(line ?? '');
    });
    child.once('close', () => resolve(''));
  });
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, out, err })),
  );
  return { first, ended, stop: () => void child.kill('SIGTERM') };
}

const V2 = { 'X-RestLi-Protocol-Version': '2.0.0' };
const PHOTOS = 'contracts/photos.contract.yaml';

describe('mock', () => {
  it('answers, records, reports and fails what broke the contract', TIMEOUT, async () => {
    const har = path.join(folder, 'calls.har');
    const mock = start(
      'mock',
      PHOTOS,
      '--port',
      '0',
      '--record',
      har,
      '--fail-on-violation',
      '--status',
      'GET=503x1',
      '--reporter',
      `ndjson=${folder}/mock.ndjson`,
    );
    const url = await mock.first;
    const headers = { ...V2, Authorization: 'Bearer canary-0123456789' };
    const statuses = [];
    for (const sent of [{ headers }, { headers }, {}] as RequestInit[])
      statuses.push((await fetch(`${url}/photos/1`, sent)).status);
    mock.stop();
    const { code, out, err } = await mock.ended;
    expect([statuses, code, out]).toEqual([[503, 200, 400], 1, `${url}\n`]);
    expect(err).toContain('[headers/protocol-version-missing]');
    expect(err).toContain('3 requests, 1 against the contract');
    expect(err).toContain('reached  GET 3');
    expect(readFileSync(har, 'utf8') + readFileSync(`${folder}/mock.ndjson`, 'utf8') + err).not.toContain('canary');

    const traffic = start('traffic', har, PHOTOS, '--no-report');
    const judged = await traffic.ended;
    expect(judged.code).toBe(1);
    expect(judged.out).toMatch(/photos\/GET\/.*calls\.har#3@\d+/);
    expect(judged.out).toContain('2 passed, 1 failed, 0 waived, 0 blocked, 0 skipped of 3');
  });

  it('ends at once although a client keeps its connection', TIMEOUT, async () => {
    const mock = start('mock', PHOTOS, '--port', '0');
    const url = await mock.first;
    const agent = new Agent({ keepAlive: true });
    await new Promise<void>((resolve, reject) => {
      request(`${url}/photos/1`, { agent, headers: V2 }, (answer) => answer.resume().on('end', resolve))
        .on('error', reject)
        .end();
    });
    mock.stop();
    expect((await mock.ended).code).toBe(0);
    agent.destroy();
  });

  it.each([
    [['--status', 'books/GET=503'], 'selects nothing'],
    [['--status', 'GET=99'], 'a status looks like 503'],
    [['--delay', 'GET=fast'], 'a duration looks like'],
    [['--fault', 'nonsense'], 'there is no fault'],
  ])('says what is wrong with %j', TIMEOUT, async (flags, message) => {
    const { code, err } = await start('mock', PHOTOS, '--port', '0', ...flags).ended;
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe('proxy', () => {
  it('judges what passes, and says when its port is in use', TIMEOUT, async () => {
    const mock = start('mock', PHOTOS, '--port', '0', '--mode', 'oss', '--quiet');
    const target = await mock.first;
    const proxy = start('proxy', PHOTOS, '--base-url', target, '--port', '0', '--fail-on-violation');
    const url = await proxy.first;
    const taken = await start('proxy', PHOTOS, '--base-url', target, '--port', new URL(url).port).ended;
    expect([taken.code, taken.err]).toEqual([3, expect.stringContaining('is in use')]);

    // Behind it nobody minds: the patch replaces the photo.
    const patch = {
      method: 'PUT',
      headers: { ...V2, 'Content-Type': 'application/json' },
      body: '{"patch":{"$set":{"title":"x"}}}',
    };
    expect((await fetch(`${url}/photos/1`, patch)).status).toBe(204);
    proxy.stop();
    const { code, err } = await proxy.ended;
    expect(code).toBe(1);
    expect(err).toContain('[routing/patch-becomes-update]');
    mock.stop();
    await mock.ended;
  });

  it('passes no writes on to another machine', TIMEOUT, async () => {
    const proxy = start('proxy', PHOTOS, '--base-url', 'http://192.0.2.1', '--port', '0');
    const url = await proxy.first;
    const response = await fetch(`${url}/photos/1`, { method: 'DELETE', headers: V2 });
    expect([response.status, await response.text()]).toEqual([403, expect.stringContaining('--allow-writes')]);
    proxy.stop();
    expect((await proxy.ended).code).toBe(0);
  });
});

describe('traffic', () => {
  it.each([
    [['nowhere.har'], 2, 'there is no file nowhere.har'],
    [[PHOTOS], 2, 'name a recording'],
    [['package.json'], 2, 'holds no request'],
    [['LICENSE'], 2, 'is no recording that is known'],
    [['test/fixtures/recordings/library.har'], 1, 'No contract covers any of the entries'],
  ])('%j ends with %i', TIMEOUT, async (files, expected, message) => {
    const { code, err } = await start('traffic', ...files, PHOTOS, '--no-report').ended;
    expect([code, err]).toEqual([expected, expect.stringContaining(message)]);
  });

  it('reads standard input', TIMEOUT, async () => {
    const file = path.join(folder, 'in.http');
    writeFileSync(file, 'GET /photos/1 HTTP/1.1\nHost: h\nX-RestLi-Protocol-Version: 2.0.0\n\n');
    const command = `"${process.execPath}" --import tsx src/cli/main.ts traffic - ${PHOTOS} --no-report < "${file}"`;
    const child = spawn('sh', ['-c', command], { cwd: ROOT });
    running.add(child);
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(0);
  });
});
