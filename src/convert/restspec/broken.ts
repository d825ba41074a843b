/** Which types a file declares that cannot be read: enough to say where a type is that nobody can find. */
import { withoutComments } from '../json-text.ts';

const DECLARED = /\b(?:record|enum|typeref|fixed)\s+`?([A-Za-z_]\w*)/gi;
const NAMESPACE = /\bnamespace\s+([A-Za-z_][\w.`]*)/gi;
const MEMBER = /"(name|namespace)"\s*:\s*"([A-Za-z_][\w.]*)"/g;
/** Beyond it nobody wrote the file, and the names in it say nothing. */
const MOST_NAMES = 20_000;

/**
 * The names of the types, each with every namespace of the file; simple ones where it shows none. A file of schemas is
 * named after its type as well.
 *
 * @param text - null: not even that could be read
 */
export function namesInBroken(file: string, text: string | null): ReadonlySet<string> {
  const found = file.endsWith('.pdl') ? pdlNames(text ?? '') : jsonNames(text ?? '');
  if (/\.(?:pdl|pdsc)$/.test(file)) found.names.add(file.replace(/^.*[/\\]/, '').replace(/\.\w+$/, ''));
  return combined(found);
}

interface Found {
  readonly names: Set<string>;
  readonly namespaces: Set<string>;
}

function pdlNames(text: string): Found {
  const plain = withoutComments(text);
  const all = (pattern: RegExp): readonly string[] =>
    [...plain.matchAll(pattern)].map(([, name]) => (name ?? '').replaceAll('`', ''));
  return { names: new Set(all(DECLARED)), namespaces: new Set(all(NAMESPACE)) };
}

function jsonNames(text: string): Found {
  const found: Found = { names: new Set(), namespaces: new Set() };
  for (const [, member, value = ''] of text.matchAll(MEMBER)) {
    const dot = value.lastIndexOf('.');
    if (member === 'namespace') found.namespaces.add(value);
    else if (dot < 0) found.names.add(value);
    else {
      found.names.add(value.slice(dot + 1));
      found.namespaces.add(value.slice(0, dot));
    }
  }
  return found;
}

function combined({ names, namespaces }: Found): ReadonlySet<string> {
  if (namespaces.size === 0) return names;
  const full = new Set<string>();
  for (const namespace of namespaces)
    for (const name of names) if (full.size < MOST_NAMES) full.add(`${namespace}.${name}`);
  return full;
}
