/**
 * Places in a script whose export is a contract. The script is code and is not read as data: names are looked for in
 * the order of the way that leads to a value, items of lists by their `name`. What is computed is not found; then the
 * place is the nearest that was.
 */
import { isJsonObject, type Json } from '../protocol/json.ts';
import { valueAt } from '../protocol/pointer.ts';
import type { Span } from './source.ts';

export function findInScript(script: string, value: Json, path: readonly string[]): Span {
  let found: Span = { start: 0, end: 0 };
  let from = Math.max(script.search(/\bdefine(?:Contract|Config)\s*\(|\bexport\s+default\b/), 0);
  for (const [depth, segment] of path.entries()) {
    const here = valueAt(value, path.slice(0, depth + 1));
    const next = /^\d+$/.test(segment) ? findItem(script, here, from) : findName(script, segment, from);
    if (next === null) continue;
    found = next;
    from = next.end;
  }
  return found;
}

/** A name before a colon, quoted or not; a member that is written in short has none. */
function findName(script: string, name: string, from: number): Span | null {
  const plain = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const search = new RegExp(`(?<![\\w$.])(['"\`]?)(${plain})\\1\\s*:`, 'g');
  search.lastIndex = from;
  const match = search.exec(script);
  if (match === null) return null;
  const start = match.index + (match[1]?.length ?? 0);
  return { start, end: start + name.length };
}

function findItem(script: string, item: Json | undefined, from: number): Span | null {
  const name = isJsonObject(item) ? item['name'] : undefined;
  if (typeof name !== 'string' || name === '') return null;
  for (const quote of ["'", '"', '`']) {
    const start = script.indexOf(quote + name + quote, from);
    if (start >= 0) return { start: start + 1, end: start + 1 + name.length };
  }
  return null;
}
