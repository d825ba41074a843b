/**
 * Text for XML 1.0 documents. A single forbidden character makes a CI server refuse the whole file, so what the
 * standard does not allow is written visibly instead.
 *
 * Source: Extensible Markup Language 1.0 (Fifth Edition), production 2 (Char) and section 2.4.
 */
import { visible } from '../diagnostic/visible.ts';

/** Not in production 2: control codes but tab and line ends, lone surrogates, two non-characters. */
const ILLEGAL = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ['\n', '&#10;'],
  ['\t', '&#9;'],
]);

/** An attribute with its quotes: ` name="value"`. Line ends and tabs are kept as references, else parsers make them spaces. */
export function attribute(name: string, value: string | number): string {
  return ` ${name}="${legal(String(value)).replaceAll(/[&<>"\n\t]/g, (char) => ESCAPES.get(char) ?? char)}"`;
}

/** A CDATA section; `]]>` inside is split over two. */
export function cdata(text: string): string {
  return `<![CDATA[${legal(text).replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

function legal(text: string): string {
  return visible(text).replaceAll(
    ILLEGAL,
    (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
}
