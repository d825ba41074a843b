/** Contracts that a conversion made, held against the checks before anyone sees them. */
import type { ContractSource } from '../contract/format.ts';
import { parseContract } from '../contract/parse.ts';
import { printSource } from '../contract/print.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Json, JsonObject } from '../protocol/json.ts';

export interface Checked {
  readonly text: string;
  /** Empty: the text is a contract. */
  readonly errors: readonly Diagnostic[];
}

/** @param files - what its `$ref`s reach, by the path as written */
export function printChecked(source: JsonObject, file: string, files: ReadonlyMap<string, Json> = new Map()): Checked {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whether it is one is asked on the next line
  const text = printSource(source as unknown as ContractSource);
  const { diagnostics } = parseContract(text, { file, files });
  return { text, errors: diagnostics.filter(({ severity }) => severity === 'error') };
}
