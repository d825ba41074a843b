/** The text of a documentation comment. */

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', ' '],
]);

/**
 * What stands between the opening and the closing of a comment, without the margin up to an optional `*`, entities
 * (`&lt;`, `&#47;`, `&#x2f;`) undone.
 *
 * @returns null for a comment without words
 */
export function docText(inner: string): string | null {
  const lines = inner.split(/\r?\n/).map((line) => line.replace(/^[ \t]*\*[ \t]?/, '').trimEnd());
  const margin = Math.min(
    ...lines
      .slice(1)
      .filter((line) => line !== '')
      .map(indent),
    Number.POSITIVE_INFINITY,
  );
  const text = lines
    .map((line, index) => (index === 0 ? line.trimStart() : line.slice(Number.isFinite(margin) ? margin : 0)))
    .join('\n')
    .trim();
  return text === '' ? null : unescapeEntities(text);
}

function indent(line: string): number {
  return line.length - line.trimStart().length;
}

function unescapeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]{2,6}));/g, (all, decimal, hex, name) => {
    if (typeof name === 'string') return ENTITIES.get(name) ?? all;
    const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}
