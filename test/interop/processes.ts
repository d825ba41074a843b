/** Programs that the interoperability run starts: run to their end, or kept until they are no longer needed. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';

export interface Finished {
  /** null: it was ended by a signal, or never started. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Execution {
  readonly cwd?: string;
  readonly timeoutMs: number;
}

/** Everything under way, so that an interrupted run leaves nothing behind. */
const alive = new Set<ChildProcess>();

/** @returns what the program left; never throws, a program that cannot start has `code` null and says why on `stderr` */
export function execute(command: string, args: readonly string[], { cwd, timeoutMs }: Execution): Promise<Finished> {
  const child = start(command, args, cwd);
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin?.end();

  return new Promise((resolve) => {
    const late = setTimeout(() => {
      stderr += `\nended after ${timeoutMs / 1000} s`;
      child.kill('SIGKILL');
    }, timeoutMs);
    const finish = (code: number | null): void => {
      clearTimeout(late);
      alive.delete(child);
      resolve({ code, stdout, stderr });
    };
    child.once('error', (error) => {
      stderr += error.message;
      finish(null);
    });
    child.once('close', finish);
  });
}

/** A program that stays: its pipes are the caller's, its end is {@link stop}. */
export function start(command: string, args: readonly string[], cwd?: string): ChildProcess {
  const child = spawn(command, [...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
    ...(cwd === undefined ? {} : { cwd }),
  });
  alive.add(child);
  child.once('close', () => alive.delete(child));
  return child;
}

/** Ends what {@link start} began and waits until it is gone. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await gone;
}

export function stopAll(): void {
  for (const child of alive) child.kill('SIGKILL');
}

/** Whether a program answers; its version is nobody's business here. */
export function isInstalled(command: string, versionFlag: string): boolean {
  return spawnSync(command, [versionFlag], { stdio: 'ignore' }).status === 0;
}
