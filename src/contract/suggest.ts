/** Fixes that suggest a name. */
import { didYouMean } from '../diagnostic/did-you-mean.ts';

/** `did you mean …?`, or null when no name is near. */
export function nearest(name: string, known: readonly string[]): string | null {
  const meant = didYouMean(name, known);
  return meant === null ? null : `did you mean \`${meant}\`?`;
}
