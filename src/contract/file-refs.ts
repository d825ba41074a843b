/** References to files inside a value. */
import path from 'node:path';
import { isJsonArray, isJsonObject, type Json } from '../protocol/json.ts';

/** The file part of every `$ref` that has one, each once, in the order of the value. */
export function fileRefs(value: Json): string[] {
  const found = new Set<string>();
  const open: Json[] = [value];
  for (let here = open.pop(); here !== undefined; here = open.pop()) {
    if (isJsonArray(here)) open.push(...here.toReversed());
    else if (isJsonObject(here)) {
      const ref = here['$ref'];
      if (typeof ref === 'string') {
        const [file = ''] = ref.split('#');
        if (file !== '') found.add(file);
      }
      open.push(...Object.values(here).toReversed());
    }
  }
  return [...found];
}

/** `./schemas/a.json` refers to `./b.json`: `./schemas/b.json`, relative to the contract. */
export function joinRef(from: string, ref: string): string {
  const joined = path.posix.join(path.posix.dirname(from), ref);
  return joined.startsWith('.') ? joined : `./${joined}`;
}
