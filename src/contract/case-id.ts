/**
 * A name as one segment of an id: letters and digits in lower case, anything else a single dash. Never empty and
 * without `/`: a name that holds neither letter nor digit becomes its code points in hex.
 */
export function nameInId(name: string): string {
  const words = name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
  if (words !== '') return words;
  return Array.from(name, (character) => (character.codePointAt(0) ?? 0).toString(16)).join('-') || 'unnamed';
}
