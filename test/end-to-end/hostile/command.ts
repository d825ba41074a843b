/**
 * The command within this process: the same entry, argument for argument, without the half second that a process costs.
 * Rows that need signals or streams of their own spawn it instead.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { main } from '../../../src/cli/program.ts';
import type { RunEvent } from '../../../src/run/events.ts';
import type { Folder } from '../../cli/support.ts';

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Variables that colour, size or redirect what is written; a run here starts without them. */
const CLEARED = ['NO_COLOR', 'FORCE_COLOR', 'COLUMNS', 'HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'];

/** What the command listens to for its own faults; a test has none of its own to hide. */
const CRASHES = ['unhandledRejection', 'uncaughtException'] as const;

/** One at a time: working folder, environment and streams are the process's. */
export async function command(
  folder: Folder,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const before = { cwd: process.cwd(), env: { ...process.env }, exitCode: process.exitCode };
  const out: string[] = [];
  const err: string[] = [];
  const restore = [capture(process.stdout, out), capture(process.stderr, err)];
  const listeners = new Map(CRASHES.map((event) => [event, process.listeners(event as 'exit')]));
  try {
    process.chdir(folder.path);
    for (const name of CLEARED) delete process.env[name];
    Object.assign(process.env, env);
    process.exitCode = 0;
    await main(args);
    return { code: exitCode(), out: out.join(''), err: err.join('') };
  } finally {
    for (const one of restore) one();
    for (const [event, known] of listeners)
      for (const one of process.listeners(event as 'exit')) if (!known.includes(one)) process.off(event, one);
    process.chdir(before.cwd);
    for (const name of Object.keys(process.env)) if (!(name in before.env)) delete process.env[name];
    Object.assign(process.env, before.env);
    process.exitCode = before.exitCode;
  }
}

const exitCode = (): number => Number(process.exitCode ?? 0);

function capture(stream: NodeJS.WriteStream, into: string[]): () => void {
  const { write } = stream;
  const listeners = stream.listeners('error');
  stream.write = (chunk: string | Uint8Array): boolean => {
    into.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
    return true;
  };
  return () => {
    stream.write = write;
    for (const one of stream.listeners('error')) if (!listeners.includes(one)) stream.off('error', one as () => void);
  };
}

/** Events of a stream that a run wrote below the folder. */
export function eventsIn(folder: Folder, file: string): readonly RunEvent[] {
  return readFileSync(path.join(folder.path, file), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
}

/** Everything that was written to files below the folder `out`, by name. */
export function artefactsIn(folder: Folder, below = 'out'): readonly (readonly [string, string])[] {
  const base = path.join(folder.path, below);
  return readdirSync(base).map((name) => [name, readFileSync(path.join(base, name), 'utf8')] as const);
}
