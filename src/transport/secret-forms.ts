/** All the ways a secret shows up in text, as one regular expression. Pure. */

/** Shorter values are words that stand everywhere; masking them would hide the report, not the secret. */
export const SHORTEST_SECRET = 4;

/** Characters of base64 that a secret alone decides; fewer would match by chance. */
const SHORTEST_BASE64 = 4;

/**
 * Sources of patterns that find a secret as written, percent-encoded (once or twice, fully or in part), form-encoded,
 * JSON-escaped, HTML-escaped, in hex, and in base64 (plain or url-safe, at any of the three alignments, so also within
 * `Basic` credentials).
 *
 * @returns no pattern for a value of fewer than 4 characters
 */
export function secretPatterns(secret: string): readonly string[] {
  if (secret.length < SHORTEST_SECRET) return [];

  const patterns = [Array.from(secret, anyForm).join('')];
  const bytes = Buffer.from(secret, 'utf8');
  patterns.push(anyCase(bytes.toString('hex')));
  for (const offset of [0, 1, 2]) {
    const core = base64Core(bytes, offset);
    if (core.length >= SHORTEST_BASE64) patterns.push(Array.from(core, base64Form).join(''));
  }
  return patterns;
}

/** The characters of base64 text that do not depend on what stands before or after the bytes. */
function base64Core(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const firstWhole = Math.ceil((offset * 8) / 6);
  const lastWhole = Math.floor(((offset + bytes.byteLength) * 8) / 6);
  return text.slice(firstWhole, lastWhole);
}

/** `+` and `/` of base64 have a url-safe twin, and may themselves be percent-encoded or escaped. */
function base64Form(character: string): string {
  if (character === '+') return `(?:${anyForm('+')}|-)`;
  if (character === '/') return `(?:${anyForm('/')}|_)`;
  return character;
}

const FORMS = new Map<string, string>();

/** A pattern for one character in any encoding that text goes through on its way into a report. */
function anyForm(character: string): string {
  // Letters and digits are left alone by all encoders.
  if (/^[A-Za-z0-9]$/.test(character)) return character;
  const known = FORMS.get(character);
  if (known !== undefined) return known;

  const point = character.codePointAt(0) ?? 0;
  const bytes = [...Buffer.from(character, 'utf8')].map((byte) => byte.toString(16).padStart(2, '0'));
  const units = Array.from({ length: character.length }, (_, i) =>
    character.charCodeAt(i).toString(16).padStart(4, '0'),
  );
  const forms = [
    escapePattern(character),
    // `%2B`, and `%252B` where it was encoded twice.
    bytes.map((hex) => `%(?:25)*${anyCase(hex)}`).join(''),
    units.map((hex) => `\\\\+u${anyCase(hex)}`).join(''),
    `&#0*${point};`,
    `&#[xX]0*${anyCase(point.toString(16))};`,
  ];
  const named = NAMED.get(character);
  if (named !== undefined) forms.push(named);
  // Bodies are searched as Latin-1, where a character of UTF-8 is two to four.
  if (point > 0x7f) forms.push(escapePattern(Buffer.from(character, 'utf8').toString('latin1')));

  const pattern = `(?:${forms.join('|')})`;
  FORMS.set(character, pattern);
  return pattern;
}

/** Escapes with a name of their own: of forms, JSON (also doubled, in a string within a string) and HTML. */
const NAMED: ReadonlyMap<string, string> = new Map([
  [' ', '\\+'],
  ['"', '\\\\+"|&quot;'],
  ['\\', '\\\\+'],
  ['/', '\\\\+/'],
  ['\n', '\\\\+n'],
  ['\r', '\\\\+r'],
  ['\t', '\\\\+t'],
  ['\b', '\\\\+b'],
  ['\f', '\\\\+f'],
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  // The last one: how a POSIX shell quotes it.
  ["'", "&apos;|'\\\\+''"],
]);

function anyCase(text: string): string {
  return text.replace(/[a-f]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
