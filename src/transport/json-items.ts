/** Where the items of a list stand in a JSON text. The text must be JSON: nothing is checked here. */
import type { Span } from './span.ts';

/**
 * @param path - names of the members that lead to the list, from the root
 * @returns a span for each item; empty when nothing stands at the path
 */
export function itemSpans(text: string, path: readonly string[]): readonly Span[] {
  let at = skipSpace(text, text.charCodeAt(0) === 0xfeff ? 1 : 0);
  for (const name of path) {
    const value = memberAt(text, at, name);
    if (value < 0) return [];
    at = value;
  }
  if (text[at] !== '[') return [];
  const spans: Span[] = [];
  at = skipSpace(text, at + 1);
  while (at < text.length && text[at] !== ']') {
    const end = endOfValue(text, at);
    spans.push({ start: at, end });
    at = skipSpace(text, end);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return spans;
}

/** Where the value of a member begins; of members of one name the last counts, as for every parser. -1: none. */
function memberAt(text: string, open: number, wanted: string): number {
  if (text[open] !== '{') return -1;
  let found = -1;
  let at = skipSpace(text, open + 1);
  while (at < text.length && text[at] === '"') {
    const nameEnd = endOfValue(text, at);
    const value = skipSpace(text, skipSpace(text, nameEnd) + 1);
    if (text.slice(at, nameEnd) === JSON.stringify(wanted)) found = value;
    at = skipSpace(text, endOfValue(text, value));
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return found;
}

function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') {
      at = closingQuote(text, at);
      if (depth === 0) return at + 1;
    } else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      if (depth === 0) return at;
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (character === ',' || /\s/.test(character ?? ''))) return at;
  }
  return text.length;
}

function closingQuote(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text[at] ?? '')) at += 1;
  return at;
}
