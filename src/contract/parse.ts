/** Text of either notation that is at hand -> the contract. `load.ts`, which most runs take, loads only what its files are written in. */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { readJsonSource } from './json-source.ts';
import { readContract, type ParsedContract, type ParseOptions } from './read-contract.ts';
import { isJsonFile, readSourceWith, type SourceFile } from './source.ts';
import { readYamlSource } from './yaml-source.ts';

export type { ParsedContract, ParseOptions } from './read-contract.ts';

export function parseContract(text: string, options: ParseOptions): ParsedContract {
  const { source, diagnostics } = readSource(text, options.file);
  return source === null ? { contract: null, diagnostics } : readContract(source, diagnostics, options);
}

/** As `readSourceWith`, by the file's name. */
export function readSource(
  text: string,
  file: string,
): { readonly source: SourceFile | null; readonly diagnostics: readonly Diagnostic[] } {
  return readSourceWith(isJsonFile(file) ? readJsonSource : readYamlSource, text, file);
}
