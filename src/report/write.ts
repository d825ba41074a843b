/**
 * Where reports go: files. The only module of this folder that touches them.
 *
 * A report is written beside its place and moved there when it is whole, so a crash or a full disk leaves the old one as
 * it was. A stream of events is written in place instead: it must be readable whenever the run ends, and however.
 */
import { randomBytes } from 'node:crypto';
import { open, rename, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder.ts';
import type { Write } from './reporter.ts';

export interface Sink {
  readonly write: Write;
  /** All was written: makes it visible under its name. */
  readonly finish: () => Promise<void>;
  /** The report cannot be finished: takes away what was begun, leaves what was there before. */
  readonly discard: () => Promise<void>;
}

/** A file that cannot be written, said so that the user can mend it. */
export class OutputError extends Error {
  readonly path: string;
  readonly code: string;

  constructor(path: string, cause: unknown) {
    const code = errorCode(cause);
    super(`Failed to write ${path}: ${REASONS.get(code) ?? (cause instanceof Error ? cause.message : String(cause))}`, {
      cause,
    });
    this.name = 'OutputError';
    this.path = path;
    this.code = code;
  }
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['EISDIR', 'it is a directory; name a file in it'],
  ['ENOTDIR', 'a part of its path is a file, not a directory'],
  ['EACCES', 'no permission to write there'],
  ['EPERM', 'no permission to write there'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the disk quota is used up'],
  ['ENAMETOOLONG', 'its name is too long'],
  ['EMFILE', 'too many files are open'],
]);

/** Characters collected for one system call. */
const BUFFER_CHARACTERS = 256 * 1024;

/**
 * Opens a file for a report and makes the directories above it.
 *
 * @param inPlace - write straight to the file, each `write` to the disk at once (streams); else beside it, moved at `finish`
 * @returns the sink, or the error as a value; a later `write` or `finish` rejects with an OutputError
 */
export async function openFileSink(
  path: string,
  { inPlace }: { readonly inPlace: boolean },
): Promise<Sink | OutputError> {
  try {
    await makeFolder(dirname(path));
    const kind = await kindOf(path);
    if (kind === 'directory') return new OutputError(path, Object.assign(new Error(), { code: 'EISDIR' }));

    // A pipe or a device has no name to be moved to.
    if (inPlace || kind === 'special') return fileSink(path, path, await open(path, 'w'), inPlace);
    const part = `${path}.${randomBytes(4).toString('hex')}.part`;
    return fileSink(path, part, await open(part, 'wx'), inPlace);
  } catch (error) {
    return new OutputError(path, error);
  }
}

function fileSink(path: string, written: string, file: FileHandle, inPlace: boolean): Sink {
  let buffered = '';
  const guard = async (action: () => Promise<void>): Promise<void> => {
    try {
      await action();
    } catch (error) {
      throw new OutputError(path, error);
    }
  };
  const flush = async (): Promise<void> => {
    const text = buffered;
    buffered = '';
    if (text !== '') await file.writeFile(text);
  };

  return {
    write(text) {
      buffered += text;
      return inPlace || buffered.length >= BUFFER_CHARACTERS ? guard(flush) : undefined;
    },
    finish: () =>
      guard(async () => {
        await flush();
        await file.close();
        if (written !== path) await rename(written, path);
      }),
    async discard() {
      await file.close().catch(() => undefined);
      if (written !== path) await unlink(written).catch(() => undefined);
    },
  };
}

async function kindOf(path: string): Promise<'none' | 'file' | 'directory' | 'special'> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return 'directory';
    return found.isFile() ? 'file' : 'special';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'none';
    throw error;
  }
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
}
