/** The museum: descriptions and schemas with every construct, and reading fixtures as `convert` does. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fromRestspec, type Conversion } from '../../src/convert/index.ts';

export const FIXTURES = path.join(import.meta.dirname, '../fixtures');
export const MUSEUM = path.join(FIXTURES, 'idl/src/main');

export function readFile(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** Every file below a folder, by name. */
export function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted();
}

/** All of the museum, with paths as they would be shown. */
export function convertMuseum(): Conversion {
  const read = (file: string): string | null => readFile(path.join(MUSEUM, file));
  return fromRestspec(
    filesBelow(MUSEUM).map((file) => path.relative(MUSEUM, file)),
    { readFile: read },
  );
}

/** Converts files that exist in memory only. */
export function convertTexts(texts: Readonly<Record<string, string>>, roots: readonly string[] = []): Conversion {
  const files = Object.keys(texts).filter((file) => !roots.some((root) => file.startsWith(`${root}/`)));
  return fromRestspec(files, { readFile: (file) => texts[file] ?? null, roots });
}

/** `severity code message` of each problem. */
export function told({ problems }: Conversion): readonly string[] {
  return problems.map(({ severity, code, message }) => `${severity} ${code} ${message}`);
}

/** A description of a resource with as little as it can have. */
export function restspec(name: string, more: object = {}, facet: object = {}): string {
  const collection = {
    identifier: { name: `${name}Id`, type: 'long' },
    supports: ['get'],
    entity: { path: `/${name}/{${name}Id}` },
    ...facet,
  };
  return JSON.stringify({ name, path: `/${name}`, schema: 'n.Thing', collection, ...more });
}
