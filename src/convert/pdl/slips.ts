/** Words that were meant to be those of the language: `Record R {}`, `Array[int]`. */
import { didYouMean } from '../../diagnostic/did-you-mean.ts';
import type { Scanner, Word } from './scanner.ts';

/** Words besides those of declarations that may stand where a file begins. */
const HEADERS: readonly string[] = ['namespace', 'package', 'import'];

/**
 * Fails at what stands where a declaration should.
 *
 * @param words - that begin declarations
 */
export function failAtDeclaration(scanner: Scanner, what: string, words: readonly string[]): never {
  const word = scanner.peek();
  if (word === null) return scanner.failHere(what);
  const near = didYouMean(word.text, [...words, ...HEADERS]);
  return scanner.failHere(what, near === null ? `write one of ${words.join(', ')}` : `did you mean \`${near}\`?`);
}

/** Fails where what follows a reference to a type shows that it was meant to declare one. */
export function failAtMisspelt(scanner: Scanner, name: Word, what: string, words: readonly string[]): void {
  const near = name.escaped ? null : didYouMean(name.text, words);
  const opens = scanner.sees('[') || scanner.seesWordBefore('{') || scanner.seesWordBefore('=');
  if (near === null || !opens) return;
  scanner.fail(`\`${name.text}\` stands where ${what} should`, name, `did you mean \`${near}\`?`);
}
