/** Ids of cases: paths of words that stay the same while the words of the contract stay. */
import { nameInId } from '../contract/case-id.ts';
import type { Contract, Operation } from '../contract/contract.ts';
import type { MethodName } from '../protocol/methods.ts';
import type { Group } from './case.ts';

/** `books/GET/answers-404-for-a-book-it-never-had` */
export function authoredId(contract: Contract, method: MethodName, name: string): string {
  return `${contract.resource}/${method}/${nameInId(name)}`;
}

/** `books/flow/a-book-comes-and-goes` */
export function flowId(contract: Contract, name: string): string {
  return `${contract.resource}/flow/${nameInId(name)}`;
}

/** `books/GET/contract/reads-an-entity`; with the name of a finder or action between: `books/FINDER/headers/search/absent`. */
export function derivedId(contract: Contract, operation: Operation, group: Group, what: string): string {
  const named = operation.name === null ? '' : `${operation.name}/`;
  return `${contract.resource}/${operation.method}/${group}/${named}${what}`;
}
