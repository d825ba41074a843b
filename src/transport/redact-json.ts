/** Masks values in JSON text by the name of their field or by pointer, leaving every other byte as it is. Pure. */

export interface JsonSecrets {
  /** True if the values below a field of that name are secret. */
  readonly isSecretName: (name: string) => boolean;
  /** JSON Pointers, already split; a segment `*` stands for any key or index. */
  readonly pointers: readonly (readonly string[])[];
  /** Written in the place of each string and number. */
  readonly mask: string;
}

interface Level {
  readonly isArray: boolean;
  key: string;
  index: number;
  /** True if a field above or this container itself is secret. */
  readonly isSecret: boolean;
}

/** Characters between values; a scalar ends at one of them. */
const PUNCTUATION = new Set([',', ':', '{', '}', '[', ']', '"', ' ', '\t', '\r', '\n']);

/**
 * The text with secret strings and numbers masked. A secret object or array keeps its shape, its scalars are masked;
 * true, false and null stay.
 *
 * Broken, cut or embedded JSON is masked as far as it can be followed: the scan never throws, runs in linear time and
 * needs no stack, so depth does not matter.
 *
 * @returns the same string object if nothing was masked
 */
export function redactJson(text: string, secrets: JsonSecrets): string {
  const stack: Level[] = [];
  let out = '';
  let copied = 0;
  let at = 0;

  const replace = (from: number, to: number, value: string): void => {
    out += text.slice(copied, from) + value;
    copied = to;
  };
  const isSecretHere = (): boolean => {
    const top = stack.at(-1);
    if (top === undefined) return false;
    return top.isSecret || (!top.isArray && secrets.isSecretName(top.key)) || matchesPointer(stack, secrets.pointers);
  };

  while (at < text.length) {
    const character = text[at];
    if (character === '"') {
      const end = endOfString(text, at);
      const after = skipSpace(text, end);
      if (text[after] === ':') {
        const key = decodeKey(text.slice(at + 1, end - 1));
        let top = stack.at(-1);
        // A field without an object around it: the text begins in mid-JSON.
        if (top === undefined || top.isArray)
          stack.push((top = { isArray: false, key, index: 0, isSecret: top?.isSecret ?? false }));
        top.key = key;
        at = after + 1;
        continue;
      }
      if (isSecretHere()) replace(at, end, JSON.stringify(secrets.mask));
      at = end;
    } else if (character === '{' || character === '[') {
      stack.push({ isArray: character === '[', key: '', index: 0, isSecret: isSecretHere() });
      at += 1;
    } else if (character === '}' || character === ']') {
      stack.pop();
      at += 1;
    } else if (character === ',') {
      const top = stack.at(-1);
      if (top !== undefined) top.index += 1;
      if (top !== undefined && !top.isArray) top.key = '';
      at += 1;
    } else if (PUNCTUATION.has(character ?? '')) {
      at += 1;
    } else {
      const end = endOfScalar(text, at);
      const scalar = text.slice(at, end);
      if (!/^(?:true|false|null)$/.test(scalar) && isSecretHere()) replace(at, end, JSON.stringify(secrets.mask));
      at = end;
    }
  }
  return copied === 0 ? text : out + text.slice(copied);
}

function matchesPointer(stack: readonly Level[], pointers: readonly (readonly string[])[]): boolean {
  return pointers.some(
    (pointer) =>
      pointer.length === stack.length &&
      pointer.every((segment, i) => {
        const level = stack[i];
        return segment === '*' || segment === (level?.isArray === true ? String(level.index) : level?.key);
      }),
  );
}

/** Index after the closing quote; the end of the text if there is none. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return text.length;
    let slashes = 0;
    while (text[quote - 1 - slashes] === '\\' && quote - 1 - slashes > start) slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}

function endOfScalar(text: string, start: number): number {
  let at = start;
  while (at < text.length && !PUNCTUATION.has(text[at] ?? '')) at += 1;
  return at;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return at;
}

function decodeKey(raw: string): string {
  if (!raw.includes('\\')) return raw;
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return raw;
  }
}
