/** Contracts for tests, written as their authors write them. */
import type { Contract } from '../../src/contract/contract.ts';
import { readConfig, type ParsedConfig } from '../../src/contract/config.ts';
import { parseContract, readSource, type ParseOptions } from '../../src/contract/parse.ts';

/**
 * The contract that the YAML text means.
 *
 * @throws with all diagnostics when it is not valid; warnings are let pass
 */
export function contractOf(yaml: string, options: Partial<ParseOptions> = {}): Contract {
  const { contract, diagnostics } = parseContract(yaml, { file: 'test.contract.yaml', ...options });
  if (contract !== null) return contract;

  const lines = diagnostics.map(
    ({ code, message, at, fix }) => `${code} at ${at?.line ?? '?'}:${at?.col ?? '?'}: ${message} (fix: ${fix ?? '-'})`,
  );
  throw new Error(`The contract of this test is not valid:\n${lines.join('\n')}`);
}

/** The config that the text means, as the loader reads it. */
export function parseConfig(text: string, file: string): ParsedConfig {
  return readConfig(readSource(text, file), file);
}
