/** The tables of `docs/convert.md`: what becomes of each member of a description and of each property of a schema. */
import { PROPERTIES } from './properties.ts';
import { ELEMENTS, type Fate } from './restspec/elements.ts';

/** @returns the page with its tables as they are made now, between `<!-- generated:NAME -->` and its end */
export function fillConvertPage(page: string): string {
  return page.replace(
    /(<!-- generated:(members|properties) -->\n)[^]*?(<!-- \/generated:\2 -->)/g,
    (_whole, begin: string, name: string, end: string) =>
      `${begin}\n${name === 'members' ? memberTable() : propertyTable()}\n\n${end}`,
  );
}

function memberTable(): string {
  const rows = Object.values(ELEMENTS).flatMap(({ called, members }) =>
    [...members].map(([member, fate], index) => [index === 0 ? called : '', `\`${member}\``, outcomeOf(fate)]),
  );
  return table([['of', 'member', 'becomes'], ...rows]);
}

function propertyTable(): string {
  const rows = Object.entries(PROPERTIES).flatMap(([name, fates]) =>
    fates.map((fate, index) => [index === 0 ? `\`@${name}\`` : '', fate.on.join(', '), outcomeOf(fate)]),
  );
  return table([['property', 'of', 'becomes'], ...rows]);
}

function outcomeOf({ kind, what }: Pick<Fate, 'kind' | 'what'>): string {
  if (kind === 'used') return what;
  return kind === 'told' ? `nothing, which is told: ${what}` : `nothing, which is counted: ${what}`;
}

/** Markdown with columns of one width, as Prettier lays it out. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}
