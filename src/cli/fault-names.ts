/** Names of faults on a command line. */
import { didYouMean } from '../diagnostic/did-you-mean.ts';

/** What is wrong with the names, in one sentence; null when all are known. The mock is loaded only to be asked. */
export async function unknownFault(names: readonly string[]): Promise<string | null> {
  const { FAULTS } = await import('../mock/faults.ts');
  const known = FAULTS.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return null;
  const near = didYouMean(unknown, known);
  return `there is no fault \`${unknown}\`; ${near === null ? `faults: ${known.join(', ')}` : `did you mean \`${near}\`?`}`;
}
