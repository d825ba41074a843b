import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPage } from './yaml-blocks.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const COMMAND = ['--import', path.join(ROOT, 'node_modules/tsx/dist/loader.mjs'), path.join(ROOT, 'src/cli/main.ts')];

/** What the page has a reader do: a command with its output, a file to write, a text to replace; and a file that came out. */
type Step =
  | { readonly kind: 'command'; readonly args: readonly string[]; readonly output: string }
  | { readonly kind: 'file'; readonly name: string; readonly text: string }
  | { readonly kind: 'result'; readonly name: string; readonly text: string }
  | { readonly kind: 'edit'; readonly from: string; readonly to: string };

const CONFIG = 'restli-contract.config.yaml';

const STEP =
  /^```console\n\$ (?:npx restli-contract|node dist\/cli\.js|npm) (.*)\n([^]*?)^```$|^```(yaml config|(?:sh|json|pdl|yaml result|json result) \S+)\n([^]*?)^```$|^<!-- replace "(.*)" by "(.*)" -->$/gm;

function stepsOf(page: string): readonly Step[] {
  return [...page.matchAll(STEP)].map(([, command, output = '', file, text = '', from = '', to = '']): Step => {
    if (command !== undefined) return { kind: 'command', args: command.split(' '), output };
    if (file === undefined) return { kind: 'edit', from, to };
    const [, result, name = ''] = /^\w+ (result )?(\S+)$/.exec(file) ?? [];
    return { kind: result === undefined ? 'file' : 'result', name: file === 'yaml config' ? CONFIG : name, text };
  });
}

/** Counts, durations, ports and versions change from run to run and from release to release; all else must hold. */
const withoutFigures = (text: string): string =>
  text
    .trimEnd()
    .replaceAll(/\d[\d.,]*( ?(ms|s|min)\b)?/g, '#')
    .replaceAll(/ +/g, ' ');

/** The output as a pattern: a line `…` stands for any lines. */
function patternOf(output: string): RegExp {
  const parts = withoutFigures(output)
    .split(/^…(?:\n|$)/m)
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*')}$`);
}

interface Printed {
  readonly out: string;
  readonly err: string;
}

/** The shipped contracts are many; the longest of these commands replays all of them. */
const DEADLINE_MS = 60_000;

function run(folder: string, args: readonly string[]): Promise<Printed> {
  const { PATH = '', HOME = '' } = process.env;
  const options = { cwd: folder, env: { PATH, HOME }, timeout: DEADLINE_MS };
  return new Promise((resolve) => {
    // A code other than 0 is an answer like any other here: what was printed is looked at.
    execFile(process.execPath, [...COMMAND, ...args], options, (_error, out, err) => resolve({ out, err }));
  });
}

async function follow(steps: readonly Step[], folder: string): Promise<void> {
  for (const step of steps) {
    if (step.kind === 'file') writeFileSync(path.join(folder, step.name), step.text);
    else if (step.kind === 'result') expect(readFileSync(path.join(folder, step.name), 'utf8')).toBe(step.text);
    else if (step.kind === 'edit') replaceIn(path.join(folder, 'contracts/greetings.contract.yaml'), step);
    else await expectOutput(step.args, step.output, folder);
  }
}

function replaceIn(file: string, { from, to }: { readonly from: string; readonly to: string }): void {
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

async function expectOutput(args: readonly string[], output: string, folder: string): Promise<void> {
  // What `npm start` runs.
  const { out, err } = await run(folder, args[0] === 'start' ? ['run'] : args);
  // Messages go to stderr, results to stdout; a reader sees them together.
  const told = [out + err, out, err].map(withoutFigures);
  const pattern = patternOf(output);
  expect(
    told.some((text) => pattern.test(text)),
    `${args.join(' ')} printed\n${out}${err}`,
  ).toBe(true);
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'restli-contract-shown-'));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the commands of the pages', () => {
  it('print what getting-started.md shows, one after the other', { timeout: 200_000 }, async () => {
    const steps = stepsOf(readPage('docs/getting-started.md'));
    expect(steps.filter(({ kind }) => kind === 'command').length).toBeGreaterThan(6);
    await inFolder((folder) => follow(steps, folder));
  });

  it('print what the README shows', { timeout: 200_000 }, async () => {
    const steps = stepsOf(readPage('README.md'));
    expect(steps.length).toBe(2);
    await inFolder(async (folder) => {
      cpSync(path.join(ROOT, 'contracts'), path.join(folder, 'contracts'), { recursive: true });
      await follow(steps, folder);
    });
  });

  it('print what traffic.md shows', { timeout: 200_000 }, async () => {
    const steps = stepsOf(readPage('docs/traffic.md'));
    expect(steps.map(({ kind }) => kind)).toEqual(['file', 'command']);
    await inFolder(async (folder) => {
      await run(folder, ['init']);
      await follow(steps, folder);
    });
  });

  it('print and write what convert.md shows', { timeout: 200_000 }, async () => {
    const steps = stepsOf(readPage('docs/convert.md'));
    expect(steps.map(({ kind }) => kind).join(' ')).toBe('file file command result result file command result command');
    await inFolder((folder) => follow(steps, folder));
  });

  it('would be seen to print something else', () => {
    expect(patternOf('1 pass\n…\nend\n').test(withoutFigures('2 pass\nmore\nend\n'))).toBe(true);
    expect(patternOf('1 pass\n…\nend\n').test(withoutFigures('2 fail\nmore\nend\n'))).toBe(false);
    expect(patternOf('1 pass\n').test(withoutFigures('2 pass\nmore\n'))).toBe(false);
  });
});
