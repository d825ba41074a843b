/** Runs the command on the converted contracts, as a user would, and reads its stream. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { CaseFinished } from '../../src/run/events.ts';
import { execute } from './processes.ts';
import { writeText } from './server.ts';
import { judge } from './disagreements.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** `node` arguments that run the command from its sources. */
export const CLI: readonly string[] = [
  '--import',
  path.join(ROOT, 'node_modules/tsx/dist/loader.mjs'),
  path.join(ROOT, 'src/cli/main.ts'),
];

const RUN_TIMEOUT_MS = 600_000;

export interface Replay {
  /** On the server a case that meets a known disagreement has the verdict `waived`. */
  readonly cases: readonly CaseFinished[];
  /** As the command judged them. */
  readonly raw: readonly CaseFinished[];
  readonly exitCode: number | null;
  /** What the command said besides its stream. */
  readonly messages: string;
}

export interface ReplayOptions {
  /** Folder that holds `contracts/`; its config is written anew. */
  readonly folder: string;
  readonly baseUrl: string;
  readonly protocol: string;
  readonly args?: readonly string[];
  /** The name of the target; disagreements are known on `server` only. */
  readonly target?: string;
}

export async function replay({
  folder,
  baseUrl,
  protocol,
  args = [],
  target = SERVER,
}: ReplayOptions): Promise<Replay> {
  writeConfig(folder, baseUrl, protocol, target);
  const stream = path.join(folder, 'results.ndjson');
  rmSync(stream, { force: true });
  const { code, stderr, stdout } = await execute(
    process.execPath,
    [...CLI, 'run', 'contracts', '--target', target, '--no-report', '--reporter', `ndjson=${stream}`, ...args],
    { cwd: folder, timeoutMs: RUN_TIMEOUT_MS },
  );
  const cases = casesOf(stream);
  if (cases.length === 0) throw new Error(`the run ended with ${String(code)} and no case:\n${stderr}${stdout}`);
  return {
    cases: target === SERVER ? judge(cases, protocol).cases : cases,
    raw: cases,
    exitCode: code,
    messages: stderr + stdout,
  };
}

/** Nothing is waived in the config: {@link judge} knows a disagreement by all that it shows, a waiver by its rule alone. */
function writeConfig(folder: string, baseUrl: string, protocol: string, target: string): void {
  const config = { targets: { [target]: { baseUrl, protocol, seeded: true } } };
  writeText(path.join(folder, 'restli-contract.config.json'), JSON.stringify(config, null, 2));
}

/** The target on which the disagreements are known. */
const SERVER = 'server';

function casesOf(stream: string): readonly CaseFinished[] {
  if (!existsSync(stream)) return [];
  return readFileSync(stream, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{"type":"case"'))
    .map((line) => JSON.parse(line) as CaseFinished);
}
