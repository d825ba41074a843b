/** Makes a folder and those above it. */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Step by step, from the first that is missing: `mkdir` with `recursive` never ends below `/proc`, where a parent exists
 * and its children cannot be made (measured on Node 20).
 *
 * @throws the error of the system, where a folder cannot be made or is a file
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' && dirname(path) !== path) {
      await makeFolder(dirname(path));
      await mkdir(path).catch(refuseUnlessThere);
    } else refuseUnlessThere(error);
  }
}

/** Another process may have made it meanwhile. A file in its place is found by whoever writes below it. */
function refuseUnlessThere(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && (error.code === 'EEXIST' || error.code === 'EISDIR'))) throw error;
}
