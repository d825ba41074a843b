/** Short names for types with long ones: the last part, with as much of the namespace as keeps two of them apart. */
import { PRIMITIVE_TYPES } from './data-schema.ts';
import { compareText } from './problem.ts';

export class TypeNames {
  readonly #short = new Map<string, string>();
  readonly #files = new Map<string, string>();

  /** @param fullNames - of all types of one conversion */
  constructor(fullNames: Iterable<string>) {
    const names = [...new Set(fullNames)].toSorted(compareText);
    const groups = new Map<string, string[]>();
    for (const name of names) {
      const file = kebab(lastParts(name, 1));
      const group = groups.get(file);
      if (group === undefined) groups.set(file, [name]);
      else group.push(name);
    }
    for (const group of groups.values()) for (const name of group) this.#short.set(name, shortest(name, group));
    const taken = new Set<string>();
    for (const name of names) {
      const stem = kebab(this.short(name));
      let file = stem;
      // Names that differ in case only.
      for (let count = 2; taken.has(file); count++) file = `${stem}-${count}`;
      taken.add(file);
      this.#files.set(name, `${file}.schema.json`);
    }
  }

  /** `Tone`, or `v2.Tone` where there are two. */
  short(fullName: string): string {
    return this.#short.get(fullName) ?? fullName;
  }

  /** `tone.schema.json`, `v2.tone.schema.json`. */
  file(fullName: string): string {
    return this.#files.get(fullName) ?? `${kebab(fullName)}.schema.json`;
  }
}

/** What a contract reads as a type of its own, or as a slip of the pen for one. */
const TAKEN: ReadonlySet<string> = new Set<string>([
  ...PRIMITIVE_TYPES,
  'urn',
  'URN',
  'integer',
  'number',
  'object',
  'array',
  'bool',
  'Long',
  'Int',
  'String',
]);

function shortest(name: string, group: readonly string[]): string {
  const depth = name.split('.').length;
  for (let parts = 1; parts < depth; parts++) {
    const candidate = lastParts(name, parts);
    if (TAKEN.has(candidate)) continue;
    // Files are compared without case: some file systems do.
    if (group.every((other) => other === name || kebab(lastParts(other, parts)) !== kebab(candidate))) return candidate;
  }
  return name;
}

function lastParts(name: string, count: number): string {
  return name.split('.').slice(-count).join('.');
}

/** `AlbumEntry` -> `album-entry`, `EXIFData` -> `exif-data`. */
export function kebab(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
}
