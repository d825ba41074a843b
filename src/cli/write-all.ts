/** Writes a set of files, each whole or not at all, and none of them over one that is there unless told to. */
import { openFileSink, OutputError } from '../report/write.ts';

export interface WriteOptions {
  readonly force: boolean;
  /** Text of a file; null when there is none. */
  readonly read: (file: string) => string | null;
}

export type Written =
  /** Files that are there and would change; nothing was written. */
  | { readonly present: readonly string[] }
  /** Those that hold their text now, and why the next one could not be written. */
  | { readonly written: readonly string[]; readonly failure: string | null };

/** @param files - path -> text; a file that holds the text already counts as written */
export async function writeAll(files: ReadonlyMap<string, string>, { force, read }: WriteOptions): Promise<Written> {
  const changed = [...files].filter(([file, text]) => read(file) !== text);
  const present = changed.map(([file]) => file).filter((file) => read(file) !== null);
  if (present.length > 0 && !force) return { present };

  const written: string[] = [...files.keys()].filter((file) => !changed.some(([other]) => other === file));
  for (const [file, text] of changed) {
    const sink = await openFileSink(file, { inPlace: false });
    if (sink instanceof OutputError) return { written, failure: sink.message };
    try {
      await sink.write(text);
      await sink.finish();
    } catch (error) {
      await sink.discard();
      return { written, failure: error instanceof Error ? error.message : String(error) };
    }
    written.push(file);
  }
  return { written, failure: null };
}
