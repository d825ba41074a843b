/** X: a crash or an interruption during a run. */
/* oxlint-disable vitest/no-standalone-expect -- rows are played inside a test */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { cli, folderOf, GREETINGS } from '../../cli/support.ts';
import { books, json, runOf, serviceOf } from '../../run/support.ts';
import { command, eventsIn } from './command.ts';
import { elsewhere, notHere, type Row } from './row.ts';

const CLI = 'test/cli/run.test.ts';
const RUN = 'test/run/run.test.ts';

export const INTERRUPTION_ROWS: readonly Row[] = [
  {
    id: 'X01',
    what: 'SIGINT once',
    expected: 'the request is aborted, cleanup runs, reports are written and marked, exit 130',
    proof: elsewhere(CLI, 'X01 cleans up, writes its reports, and ends with 130'),
  },
  {
    id: 'X02',
    what: 'SIGINT twice',
    expected: 'exit 130 at once; no half of a file',
    proof: elsewhere(CLI, 'X02 twice'),
  },
  { id: 'X03', what: 'SIGTERM', expected: 'as X01, exit 143', proof: elsewhere(CLI, 'X03 SIGTERM') },
  {
    id: 'X04',
    what: 'SIGKILL',
    expected: 'the stream is readable up to the last finished case; report renders it',
    proof: killed,
  },
  {
    id: 'X05',
    what: 'the disk is full in mid-report',
    expected: 'the old report is as it was; exit 3',
    proof: elsewhere(
      'test/report/write.test.ts',
      'leaves the old one as it was until it is whole',
      'rejects with a clear error when the disk is full, and keeps the old file',
    ),
  },
  {
    id: 'X06',
    what: 'a reporter throws',
    expected: 'the others finish; it is named; exit 3',
    proof: elsewhere(
      'test/report/streams.test.ts',
      'names a reporter that throws, discards its output and finishes the others',
    ),
  },
  {
    id: 'X07',
    what: 'a check of a plugin throws or never ends',
    expected: 'an error with a deadline, the run goes on',
    proof: notHere('checks are rows of the catalogue; there are no plugins that could'),
  },
  {
    id: 'X08',
    what: 'a fault of our own, thrown where nobody waits',
    expected: 'exit 3, no stack, with the version and what to do',
    proof: crashes,
  },
  {
    id: 'X09',
    what: 'two runs into one folder',
    expected: 'the second uses a folder of its own',
    proof: elsewhere(CLI, 'gives a second run on the same folder a folder of its own'),
  },
  { id: 'X10', what: 'the contract is edited during the run', expected: 'what was loaded counts', proof: edited },
  {
    id: 'X11',
    what: 'a step of the cleanup fails',
    expected: 'told apart; it does not hide the first failure',
    proof: elsewhere(
      RUN,
      'ends at the first step that fails and cleans up all the same',
      'is listed where its removal fails',
    ),
  },
  { id: 'X12', what: 'the clock jumps back', expected: 'no duration is negative', proof: jumpsBack },
  {
    id: 'X13',
    what: 'the port of the mock is taken',
    expected: 'exit 3 with the port; --port 0 prints the real one',
    proof: elsewhere(
      CLI,
      'X13 mock names the port that is in use',
      'mock serves until it is stopped, prints where, and sums up',
    ),
  },
  {
    id: 'X14',
    what: '10,000 cases fail at once',
    expected: 'reports stay small',
    proof: elsewhere('test/report/html.test.ts', 'stays small when everything fails at once').concat(
      elsewhere('test/report/text.test.ts', 'stays below the limit of a job summary when everything fails at once'),
    ),
  },
];

async function killed(): Promise<void> {
  const second = { asked: (): void => undefined };
  const reached = new Promise<void>((resolve) => (second.asked = resolve));
  await using service = await serviceOf((request, response) => {
    if (request.url.endsWith('/1')) json(response, 200, { id: 1, message: 'Good morning' });
    else second.asked();
  });
  using folder = folderOf();
  // The second case is under way; killed once the first is on the disk, which takes a moment.
  const told = async (): Promise<void> => {
    const file = path.join(folder.path, 'results.ndjson');
    for (let tries = 0; tries < 200 && !readFileSync(file, 'utf8').includes('"type":"case"'); tries += 1)
      await pause(10);
  };
  const waiting = cli(
    folder,
    [
      'run',
      'greetings.contract.yaml',
      '--group',
      'contract',
      '--method',
      'GET',
      '--concurrency',
      '1',
      '--base-url',
      service.url,
      '--reporter',
      'ndjson=results.ndjson',
    ],
    { onStart: (child) => void reached.then(told).then(() => child.kill('SIGKILL')) },
  );
  await waiting;
  const events = eventsIn(folder, 'results.ndjson');
  expect(events.map(({ type }) => type)).toEqual(['run', 'case']);
  const { code, out } = await command(folder, [
    'report',
    'results.ndjson',
    '--reporter',
    'text',
    '--reporter',
    'html=page.html',
  ]);
  expect(code).toBe(0);
  expect(out).toMatch(/incomplete|cut off|no end/i);
  expect(readFileSync(path.join(folder.path, 'page.html'), 'utf8')).toMatch(/incomplete/i);
}

async function crashes(): Promise<void> {
  const root = path.resolve(import.meta.dirname, '../../..');
  for (const how of ['Promise.reject(new Error("it broke"))', 'setTimeout(() => { throw new Error("it broke") }, 0)']) {
    const preload = `setTimeout(() => ${how}, 700)`;
    using folder = folderOf({
      'slow.contract.ts': 'await new Promise((resolve) => setTimeout(resolve, 5000)); export default {};',
    });
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        '--import',
        path.join(root, 'node_modules/tsx/dist/loader.mjs'),
        '--import',
        `data:text/javascript,${encodeURIComponent(preload)}`,
        path.join(root, 'src/cli/main.ts'),
        'check',
        'slow.contract.ts',
      ],
      { encoding: 'utf8', cwd: folder.path, timeout: 15_000 },
    );
    expect(stderr).toMatch(/restli-contract failed: it broke\n.*restli-contract \d+\.\d+\.\d+\. Please report/);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(status).toBe(3);
  }
}

async function edited(): Promise<void> {
  using folder = folderOf();
  const file = path.join(folder.path, 'greetings.contract.yaml');
  await using service = await serviceOf((_, response) => {
    writeFileSync(file, 'contract: 2\n');
    json(response, 200, { id: 1, message: 'Good morning' });
  });
  const { code, out, err } = await command(folder, [
    'run',
    'greetings.contract.yaml',
    '--group',
    'contract',
    '--method',
    'GET',
    '--base-url',
    service.url,
    '--reporter',
    'text',
  ]);
  expect(out).toMatch(/1 passed, 1 failed/);
  expect(code).toBe(1);
  expect(err).not.toMatch(/\n\s+at /);
  expect(readdirSync(folder.path)).toEqual(['greetings.contract.yaml']);
  writeFileSync(file, GREETINGS);
}

async function jumpsBack(): Promise<void> {
  let day = 28;
  const clock = { now: () => new Date(Date.UTC(2026, 1, (day -= 1))), monotonic: () => performance.now() };
  const { cases, end } = await runOf(books('  GET:'), { clock, inProcess: true });
  expect(cases.length).toBeGreaterThan(0);
  for (const { durationMs } of [...cases, end]) expect(durationMs).toBeGreaterThanOrEqual(0);
}
