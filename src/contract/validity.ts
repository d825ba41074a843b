/**
 * What a valid contract is, beyond its form: one family of checks a file. All of them look at the same normalised
 * contract and report by pointer, so that everything wrong in a file is told at once.
 */
import type { Contract } from './contract.ts';
import { checkCases } from './check-cases.ts';
import { checkContractHeaders } from './check-headers.ts';
import { checkExamples } from './check-examples.ts';
import { checkMock, warnOfGaps } from './check-mock.ts';
import { checkStructure } from './check-structure.ts';
import { checkTypes } from './check-types.ts';
import { checkVariables } from './check-variables.ts';
import { Checking, type Edit, type Surroundings } from './checking.ts';
import type { ContractSource } from './format.ts';
import type { Problems } from './problem.ts';
import type { WrittenType } from './shape-check.ts';
import type { SourceFile } from './source.ts';

export interface ValidityInput {
  readonly contract: Contract;
  readonly written: ContractSource;
  readonly source: SourceFile;
  readonly around: Surroundings;
  readonly types: readonly WrittenType[];
}

/**
 * Adds what it finds to `problems`.
 *
 * @returns values to be read otherwise than they are written: numbers where text is due
 */
export function checkValidity(
  { contract, written, source, around, types }: ValidityInput,
  problems: Problems,
): readonly Edit[] {
  const checking = new Checking(contract, written, source, around, problems);
  checkTypes(checking, types);
  checkStructure(checking);
  checkContractHeaders(checking);
  // Values are held against types that mean something only.
  if (!problems.some(({ code, severity }) => severity === 'error' && code.startsWith('schema/'))) {
    checkExamples(checking);
    checkMock(checking);
  }
  checkCases(checking);
  checkVariables(checking);
  if (!problems.some(({ severity }) => severity === 'error')) warnOfGaps(checking);
  return checking.edits;
}
