/** Ids of cases: paths of words that stay the same while the words of the contract stay. */
import type { Contract, Operation } from '../contract/contract.ts';
import type { MethodName } from '../protocol/methods.ts';
import type { Group } from './case.ts';

/**
 * A name as one segment of an id: letters and digits in lower case, anything else a single dash.
 *
 * @returns never empty and without `/`: a name that holds neither letter nor digit becomes its code points in hex
 */
export function kebabCase(name: string): string {
  const words = name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
  if (words !== '') return words;
  return Array.from(name, (character) => (character.codePointAt(0) ?? 0).toString(16)).join('-') || 'unnamed';
}

/** `books/GET/answers-404-for-a-book-it-never-had` */
export function authoredId(contract: Contract, method: MethodName, name: string): string {
  return `${contract.resource}/${method}/${kebabCase(name)}`;
}

/** `books/flow/a-book-comes-and-goes` */
export function flowId(contract: Contract, name: string): string {
  return `${contract.resource}/flow/${kebabCase(name)}`;
}

/** `books/GET/contract/reads-an-entity`; with the name of a finder or action between: `books/FINDER/headers/search/absent`. */
export function derivedId(contract: Contract, operation: Operation, group: Group, what: string): string {
  const named = operation.name === null ? '' : `${operation.name}/`;
  return `${contract.resource}/${operation.method}/${group}/${named}${what}`;
}
