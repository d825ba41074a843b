/** Bytes of a body to text, and where they stop being UTF-8. */

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * @returns the text (a byte order mark stays its first character), or the offset in bytes of the first sequence that
 *   is not UTF-8
 */
export function decodeUtf8(bytes: Uint8Array): { readonly text: string } | { readonly offset: number } {
  try {
    return { text: strict.decode(bytes) };
  } catch {
    return { offset: firstInvalid(bytes) };
  }
}

/** The well-formed sequences by their first byte: length, and the bounds of the second byte. Source: Unicode, table 3-7. */
function firstInvalid(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at] ?? 0;
    const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (length === 0) return at;

    const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
    const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
    for (let i = 1; i < length; i++) {
      const byte = bytes[at + i];
      if (byte === undefined || byte < (i === 1 ? low : 0x80) || byte > (i === 1 ? high : 0xbf)) return at;
    }
    at += length;
  }
  return bytes.length;
}
