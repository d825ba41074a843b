/** What a user asks of coverage. */
import { COVERAGE_CATEGORIES, type CoverageCategory } from './events.ts';

/** Category, or `all` for all of them together -> percent of its items, 0 to 100. */
export type CoverageMinimums = ReadonlyMap<CoverageCategory | 'all', number>;

/** `methods=100,statuses=80` -> minimums, or what is wrong with it, one sentence. */
export function readMinimums(text: string): CoverageMinimums | string {
  const known: readonly (CoverageCategory | 'all')[] = ['all', ...COVERAGE_CATEGORIES];
  const minimums = new Map<CoverageCategory | 'all', number>();
  for (const part of text.split(',')) {
    const [, name = '', digits = ''] = /^\s*([a-z]+)=(\d{1,3}(?:\.\d{1,2})?)%?\s*$/i.exec(part) ?? [];
    const category = known.find((one) => one === name.toLowerCase());
    const percent = Number(digits);
    if (digits === '' || percent > 100)
      return `\`${part.trim()}\` does not look like methods=100: a category and a percentage`;
    if (category === undefined) return `there is no category of coverage \`${name}\`; known: ${known.join(', ')}`;
    if (minimums.has(category)) return `\`${category}\` is given twice`;
    minimums.set(category, percent);
  }
  return minimums;
}
