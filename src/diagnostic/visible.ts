/**
 * Makes foreign text harmless to look at.
 *
 * Text from bodies, headers and contracts reaches terminals, HTML, XML and Markdown. Control codes, bidirectional
 * overrides and characters without width can hide or reorder what a reader sees; here each becomes its escape.
 */

/** Characters that draw nothing, move the cursor or turn the direction of reading; newline and tab stay. */
const INVISIBLE =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]|\p{Cs}/gu;

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
