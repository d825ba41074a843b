/** Texts of a request line as they should have been written, for hints. */
import { percentDecode } from '../protocol/encoding.ts';
import { partsOf } from '../protocol/query.ts';

/** The 2.0 form of a parameter that is written in several parts: values repeated or indexed, members dotted. */
export function newFormOf(query: string, name: string): string | null {
  const values: string[] = [];
  const members: [string, string][] = [];
  for (const part of partsOf(query)) {
    if (part.name === name || /^\[\d+\]$/.test(part.name.startsWith(name) ? part.name.slice(name.length) : ''))
      values.push(part.value);
    else if (part.name.startsWith(`${name}.`)) members.push([part.name.slice(name.length + 1), part.value]);
    else if (part.name.startsWith(`${name}[`)) return null;
  }
  if (members.length === 0) return values.length === 0 ? null : `${name}=List(${values.join(',')})`;
  return values.length > 0 ? null : `${name}=${recordOf(members)}`;
}

function recordOf(members: readonly (readonly [string, string])[]): string {
  const groups = new Map<string, [string, string][]>();
  for (const [path, value] of members) {
    const dot = path.indexOf('.');
    const head = dot < 0 ? path : path.slice(0, dot);
    groups.set(head, [...(groups.get(head) ?? []), [dot < 0 ? '' : path.slice(dot + 1), value]]);
  }
  const parts = [...groups].map(([head, inner]) => {
    // The same path several times: a list in the old form.
    if (!inner.every(([rest]) => rest === '')) return `${head}:${recordOf(inner)}`;
    const values = inner.map(([, value]) => value);
    return values.length === 1 ? `${head}:${values.join('')}` : `${head}:List(${values.join(',')})`;
  });
  return `(${parts.join(',')})`;
}

export function escapeOf(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** Escapes the URNs inside a text whose other structure is raw. */
export function escapeUrns(text: string): string {
  return text.replace(/urn:[A-Za-z0-9-]+(?::[A-Za-z0-9_.-]+)+(?::?\([^()]*(?:\([^()]*\)[^()]*)*\))?/g, (urn) =>
    urn.replace(/[():,]/g, escapeOf),
  );
}

/** A text whose structure was escaped, whole or between its items, with its structure raw and its values as before. */
export function structureOf(text: string): string {
  if (/^(?:List)?%28/i.test(text)) return escapeUrns(escapedForQuery(decoded(text)));
  return text
    .split(/%2C(?=urn(?:%3A|:)|\(|%28|List)/i)
    .map((item) => (/^(?:List)?%28/i.test(item) ? structureOf(item) : item))
    .join(',');
}

/** Structure stays raw; what no query holds raw is escaped again. */
function escapedForQuery(text: string): string {
  return text.replace(/%(?![0-9A-Fa-f]{2})|[^\w\-.~!$'()*,;:@/?=%]/gu, encodeURIComponent);
}

export function decoded(text: string): string {
  const read = percentDecode(text);
  return 'value' in read ? read.value : text;
}
