/** Sentences of the catalogue, in which words between backticks are code. */

export interface ProsePart {
  readonly code: boolean;
  readonly text: string;
}
export type Prose = readonly ProsePart[];

/** Splits at backticks; a text with an odd one is left whole, for then it is no markup. */
export function proseOf(text: string): Prose {
  const parts = text.split('`');
  if (parts.length % 2 === 0) return [{ code: false, text }];
  return parts.map((part, index) => ({ code: index % 2 === 1, text: part })).filter((part) => part.text !== '');
}
