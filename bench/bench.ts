/**
 * The figures of the project, each as a ratio of two things measured in one run, on the built command.
 *
 *     npm run bench            all figures
 *     npm run bench -- quick   without the long ones (10,000 cases and more)
 *
 * The endpoint is a bare server in its own process, the same for all; every contender is a process of its own, so that
 * start-up counts for all alike. Of several rounds, taken in turn, the best counts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { writeContracts } from './contracts.ts';
import { measureMock } from './mock.ts';

const HERE = import.meta.dirname;
const CLI = path.join(HERE, '../dist/cli.js');

interface Measured {
  readonly ms: number;
  readonly peakMb: number;
}

/** Runs a process to its end. Peak memory is what the kernel says (`VmHWM`), sampled while it lives. */
async function measure(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<Measured> {
  const started = performance.now();
  const child = spawn(command, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  let messages = '';
  child.stderr.on('data', (chunk: Buffer) => (messages += chunk.toString()));
  let peakMb = 0;
  const sample = setInterval(() => {
    try {
      const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'));
      if (found !== null) peakMb = Math.max(peakMb, Number(found[1]) / 1024);
    } catch {
      // The process has just ended, or this is no Linux: the last sample stands.
    }
  }, 20);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(sample);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${String(code)}:\n${messages.slice(-2000)}`);
  return { ms: performance.now() - started, peakMb };
}

type Contender = () => Promise<Measured>;

/** Best of `rounds` for each contender, taken in turn so that a noisy moment meets them all. */
async function compare(rounds: number, contenders: readonly Contender[]): Promise<readonly Measured[]> {
  const best: Measured[] = contenders.map(() => ({ ms: Number.POSITIVE_INFINITY, peakMb: 0 }));
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, contender] of contenders.entries()) {
      const measured = await contender();
      const before = best[index] as Measured;
      best[index] = { ms: Math.min(before.ms, measured.ms), peakMb: Math.max(before.peakMb, measured.peakMb) };
    }
  }
  return best;
}

const rows: string[][] = [];
function report(figure: string, measured: string, must: string): void {
  rows.push([figure, measured, must]);
  process.stderr.write(`  ${figure}: ${measured} (must: ${must})\n`);
}

/** Cases that a stream says were run. */
function casesOf(file: string): number {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const { run } = JSON.parse(lines.at(-1) ?? '{}') as { readonly run?: number };
  return run ?? 0;
}

const ratio = (a: number, b: number): string => `${(a / b).toFixed(2)}x`;

async function startServer(): Promise<{ readonly origin: string; readonly child: ChildProcess }> {
  const child = spawn(process.execPath, [path.join(HERE, 'server.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const port = await new Promise<string>((resolve) =>
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())),
  );
  return { origin: `http://127.0.0.1:${port}`, child };
}

const quick = process.argv.includes('quick');
const folder = mkdtempSync(path.join(tmpdir(), 'restli-contract-bench-'));
const { origin, child } = await startServer();

const node =
  (...args: string[]): Contender =>
  () =>
    measure(process.execPath, args);

const run = (files: readonly string[], ...more: string[]): Contender =>
  node(CLI, 'run', ...files, '--base-url', origin, '--group', 'contract', ...more);

const stream = (name: string): string => `ndjson=${path.join(folder, name)}`;

try {
  const one = writeContracts(path.join(folder, '1'), 1);
  const [empty, version, single] = await compare(7, [
    node('-e', '0'),
    node(CLI, '--version'),
    run(one, '--reporter', stream('1.ndjson')),
  ]);
  report('--version against node -e 0', ratio(version!.ms, empty!.ms), 'at most 1.3x');
  report('1 case against node -e 0', ratio(single!.ms, empty!.ms), 'at most 3.5x');

  const thousand = writeContracts(path.join(folder, '1000'), 1000);
  const suite = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--root',
    '.',
    '--config',
    path.join(HERE, 'hand-written.config.mjs'),
  ];
  const [ours, fetched, handWritten] = await compare(3, [
    run(thousand, '--reporter', stream('1000.ndjson')),
    node(path.join(HERE, 'baseline-fetch.mjs'), origin, '1000'),
    () => measure(process.execPath, suite, { ORIGIN: origin, COUNT: '1000' }),
  ]);
  report('1,000 cases: how much faster than vitest + fetch + ajv', ratio(handWritten!.ms, ours!.ms), 'at least 3x');
  report('1,000 cases against a bare fetch loop', ratio(ours!.ms, fetched!.ms), '-');

  if (!quick) {
    const many = writeContracts(path.join(folder, '10000'), 10_000);
    const [bare, slow, tenThousand] = await compare(5, [
      node(path.join(HERE, 'baseline.mjs'), origin, '10000'),
      node(path.join(HERE, 'baseline-fetch.mjs'), origin, '10000'),
      run(many, '--reporter', stream('10000.ndjson')),
    ]);
    report(
      '10,000 cases against a bare undici + JSON.parse + ajv loop',
      ratio(tenThousand!.ms, bare!.ms),
      'at most 1.5x',
    );
    report('10,000 cases against a bare fetch loop', ratio(tenThousand!.ms, slow!.ms), '-');
    report('peak memory, 10,000 cases', `${tenThousand!.peakMb.toFixed(0)} MB`, 'at most 160 MB');

    const html = path.join(folder, 'report.html');
    const [rendered] = await compare(2, [
      node(CLI, 'report', path.join(folder, '10000.ndjson'), '--reporter', `html=${html}`),
    ]);
    report('HTML report of 10,000 cases: size', `${(statSync(html).size / 1e6).toFixed(2)} MB`, 'at most 4 MB');
    report('HTML report of 10,000 cases against the bare loop', ratio(rendered!.ms, bare!.ms), 'built within 3 s');

    const hundred = await run(
      writeContracts(path.join(folder, '100000'), 100_000),
      '--reporter',
      stream('100000.ndjson'),
    )();
    report('peak memory, 100,000 cases', `${hundred.peakMb.toFixed(0)} MB`, 'at most 220 MB');
  }

  for (const group of ['contract', 'headers', 'laws', 'negative']) {
    const name = `group-${group}.ndjson`;
    const measured = await node(
      CLI,
      'run',
      'contracts',
      '--in-process',
      '--group',
      group,
      '--reporter',
      stream(name),
    )();
    const cases = casesOf(path.join(folder, name));
    report(`group ${group}, shipped contracts`, `${Math.round(cases / (measured.ms / 1000))} cases a second`, '-');
  }

  report(
    'mock (strict, stateful GET) against a bare node:http server, 16 connections',
    `${(await measureMock(folder, CLI)).toFixed(2)}x`,
    'at least 0.3x',
  );
} finally {
  child.kill();
  rmSync(folder, { recursive: true, force: true });
}

const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
process.stdout.write(
  `${['figure', 'measured', 'must'].map((head, column) => head.padEnd(widths[column]!)).join('  ')}\n`,
);
for (const row of rows)
  process.stdout.write(
    `${row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd()}\n`,
  );
