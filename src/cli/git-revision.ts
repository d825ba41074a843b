/** The commit that is checked out, read from the repository's own files: starting git costs more than a small run. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** @returns the full hash, or null outside a repository and wherever its files say something unforeseen */
export async function gitRevision(folder: string): Promise<string | null> {
  const git = await gitFolder(resolve(folder));
  if (git === null) return null;

  const head = await text(join(git, 'HEAD'));
  const branch = /^ref: (refs\/[\w./-]+)\s*$/.exec(head ?? '')?.[1];
  if (branch === undefined) return hashIn(head);
  const common = (await text(join(git, 'commondir')))?.trim() ?? '.';
  const loose = hashIn(await text(join(git, common, branch)));
  if (loose !== null) return loose;

  const packed = (await text(join(git, common, 'packed-refs'))) ?? '';
  return hashIn(packed.split('\n').find((line) => line.endsWith(` ${branch}`)) ?? null);
}

async function gitFolder(from: string): Promise<string | null> {
  for (let folder = from; ; folder = dirname(folder)) {
    const git = join(folder, '.git');
    const kind = await stat(git).catch(() => null);
    if (kind?.isDirectory() === true) return git;
    // A worktree holds a file that names the place.
    if (kind?.isFile() === true) {
      const place = /^gitdir: (.+)$/m.exec((await text(git)) ?? '')?.[1];
      return place === undefined ? null : resolve(folder, place);
    }
    if (dirname(folder) === folder) return null;
  }
}

async function text(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch(() => null);
}

function hashIn(line: string | null): string | null {
  return /^[0-9a-f]{40,64}/.exec(line ?? '')?.[0] ?? null;
}
