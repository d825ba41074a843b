/** One contract file for those who write code: the contract, or an error that says all that is wrong with the file. */
import { formatDiagnostic } from '../diagnostic/format.ts';
import type { Contract } from './contract.ts';
import { loadContracts } from './load.ts';

/**
 * @param file - path of a contract file, from the working directory
 * @throws an Error whose message holds every problem of the file with its place and fix
 */
export async function loadContract(file: string): Promise<Contract> {
  const { contracts, diagnostics, texts } = await loadContracts([file], { cwd: '.' });
  const [contract] = contracts;
  if (contract !== undefined) return contract;

  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const shown = errors.map((one) => formatDiagnostic(one, (name) => texts.get(name) ?? null));
  throw new Error(`Failed to load ${file}:\n\n${shown.join('\n\n')}`);
}
