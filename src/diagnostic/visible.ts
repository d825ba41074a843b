/**
 * Makes foreign text harmless to look at.
 *
 * Text from bodies, headers and contracts reaches terminals, HTML, XML and Markdown. Control codes, bidirectional
 * overrides and characters without width can hide or reorder what a reader sees; here each becomes its escape.
 */

/** First and last code point of what draws nothing, moves the cursor or turns the direction of reading. */
// prettier-ignore
const INVISIBLE_RANGES: readonly (readonly [number, number])[] = [
  [0x00, 0x08], [0x0b, 0x1f], [0x7f, 0x9f],                                   // controls; newline and tab stay
  [0xad, 0xad], [0x34f, 0x34f], [0x61c, 0x61c],                               // soft hyphen, joiner, Arabic mark
  [0x115f, 0x1160], [0x17b4, 0x17b5], [0x180e, 0x180e], [0x3164, 0x3164], [0xffa0, 0xffa0], // fillers
  [0x200b, 0x200f], [0x2028, 0x202e], [0x2060, 0x206f],                       // zero width, line ends, direction
  [0xd800, 0xdfff],                                                           // surrogates without their partner
  [0xfeff, 0xfeff], [0xfff9, 0xfffb], [0xe0000, 0xe0fff],                     // BOM, annotations, tags
];
const INVISIBLE = new RegExp(
  `[${INVISIBLE_RANGES.map(([first, last]) => `\\u{${first.toString(16)}}-\\u{${last.toString(16)}}`).join('')}]`,
  'gu',
);

/**
 * The text with every invisible, control or direction-changing character, and every lone surrogate, written as
 * `\uXXXX`. Newline and tab stay as they are.
 */
export function visible(text: string): string {
  return text.replace(INVISIBLE, escapeOf);
}

/** As {@link visible}, on one line: newline, carriage return and tab are written `\n`, `\r`, `\t`. */
export function visibleLine(text: string): string {
  return visible(text.replace(/[\n\r\t]/g, (char) => (char === '\n' ? '\\n' : char === '\r' ? '\\r' : '\\t')));
}

function escapeOf(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase().padStart(4, '0');
  return code > 0xffff ? `\\u{${hex}}` : `\\u${hex}`;
}
