/** Two runs never write into one folder at once: the second gets a folder of its own. */
import { readFileSync, unlinkSync } from 'node:fs';
import { readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../report/make-folder.ts';

export interface FolderLock {
  /** Where to write. */
  readonly folder: string;
  /** The folder that was asked for, when another run holds it. */
  readonly taken: string | null;
  release(): void;
}

const NAME = '.lock';

/** A folder that cannot be written needs no lock: opening the reports in it says why. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  if (await acquire(folder)) return { folder, taken: null, release: () => release(folder) };
  const own = join(folder, `run-${process.pid}`);
  await acquire(own);
  return { folder: own, taken: folder, release: () => release(own) };
}

/** @returns false when a run that lives holds the folder */
async function acquire(folder: string): Promise<boolean> {
  const file = join(folder, NAME);
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      await makeFolder(folder);
      await writeFile(file, `${process.pid}\n`, { flag: 'wx' });
      return true;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) return true;
    }
    if (isAlive(Number(await readFile(file, 'utf8').catch(() => '')))) return false;
    // Its run was killed.
    await unlink(file).catch(() => undefined);
  }
  return false;
}

function release(folder: string): void {
  const file = join(folder, NAME);
  try {
    if (Number(readFileSync(file, 'utf8')) === process.pid) unlinkSync(file);
  } catch {
    // Somebody took it away: nothing is left to release.
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
