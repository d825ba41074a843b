/**
 * What a valid contract is, beyond its form: one family of checks a file. All of them look at the same normalised
 * contract and report by pointer, so that everything wrong in a file is told at once.
 */
import { checkCases } from './check-cases.ts';
import { checkConditions } from './check-conditions.ts';
import { checkContractHeaders } from './check-headers.ts';
import { checkExamples } from './check-examples.ts';
import { checkMock, warnOfGaps } from './check-mock.ts';
import { checkExempt } from './check-rules.ts';
import { checkStructure } from './check-structure.ts';
import { checkTypes } from './check-types.ts';
import { checkVariables } from './check-variables.ts';
import type { Checking } from './checking.ts';
import type { WrittenType } from './shape-check.ts';

/**
 * Adds what it finds to the problems of `checking`; values to be read otherwise than written go to its edits.
 *
 * @param isSound - whether the text itself had no faults: gaps are worth telling of a contract without errors only
 */
export function checkValidity(checking: Checking, types: readonly WrittenType[], isSound: boolean): void {
  const { problems } = checking;
  checkTypes(checking, types);
  checkStructure(checking);
  checkExempt(checking);
  checkContractHeaders(checking);
  // Values are held against types that mean something only.
  if (!problems.some(({ code, severity }) => severity === 'error' && code.startsWith('schema/'))) {
    checkExamples(checking);
    checkMock(checking);
    checkConditions(checking);
  }
  checkCases(checking);
  checkVariables(checking);
  if (isSound && !problems.some(({ severity }) => severity === 'error')) warnOfGaps(checking);
}
