/** The files of a conversion, by what they are, and the types and resources in them. */
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { NamedType } from '../data-schema.ts';
import { jsonEquals, type Json } from '../../protocol/json.ts';
import { readJsonText, type JsonNode } from '../json-text.ts';
import { parsePdl, type ParsedTypes } from '../pdl/parser.ts';
import { parsePdsc, readType } from '../pdsc.ts';
import { compareText, problem, reading } from '../problem.ts';
import { Tally } from '../tally.ts';
import { TypeLibrary } from '../type-library.ts';
import { auditElement } from './audit.ts';
import { namesInBroken } from './broken.ts';
import { readResources, type ResourceSpec } from './resource.ts';

export interface ReadOptions {
  /** Text of a file; null when there is none. */
  readonly readFile: (path: string) => string | null;
  /** Folders below which a type `com.example.Book` may stand as `com/example/Book.pdl`, beside the files handed in. */
  readonly roots?: readonly string[];
}

export interface Sources {
  /** Parents before their sub-resources, files by name. */
  readonly specs: readonly ResourceSpec[];
  readonly library: TypeLibrary;
  /** Types that stand inside descriptions; more come while parameters are read. */
  readonly declared: NamedType[];
  /** More come with every type that is read when it is first named. */
  readonly problems: readonly Diagnostic[];
  /** What is told once for all places. */
  readonly tally: Tally;
  readonly texts: ReadonlyMap<string, string>;
}

export const RESTSPEC = '.restspec.json';
export const SNAPSHOT = '.snapshot.json';

/** Ending of a schema file -> its reader, the one that counts first where two files define one type. */
const SCHEMAS: readonly (readonly [ending: string, parse: (text: string, file: string) => ParsedTypes])[] = [
  ['.pdl', parsePdl],
  ['.pdsc', parsePdsc],
];

/** Endings of the files that a conversion reads. */
export const ENDINGS: readonly string[] = [RESTSPEC, SNAPSHOT, ...SCHEMAS.map(([ending]) => ending)];

export function readSources(files: readonly string[], options: ReadOptions): Sources {
  const sorted = [...new Set(files)].toSorted(compareText);
  const problems: Diagnostic[] = [];
  const texts = new Map<string, string>();
  const read = (path: string): string | null => {
    const text = options.readFile(path);
    if (text !== null) texts.set(path, text);
    return text;
  };
  const text = (path: string): string | null => {
    const found = read(path);
    if (found === null) problems.push(problem('error', 'file', `${path} cannot be read`, null, 'check the path'));
    return found;
  };

  const library: TypeLibrary = new TypeLibrary((name) => loadByName(name, options.roots ?? [], read, take));
  const take = (file: string, written: string | null): readonly NamedType[] => {
    const parsed = written === null ? null : SCHEMAS.find(([ending]) => file.endsWith(ending))?.[1](written, file);
    problems.push(...(parsed?.problems ?? []));
    if (parsed?.root === null || written === null) library.addBroken(file, namesInBroken(file, written));
    return parsed?.types ?? [];
  };
  for (const [ending] of SCHEMAS) {
    for (const file of sorted.filter((path) => path.endsWith(ending))) library.add(take(file, text(file)));
  }

  const declared: NamedType[] = [];
  const specs: ResourceSpec[] = [];
  const tally = new Tally();
  const known = new Map<string, Described>();
  // Builds copy descriptions about; the same text once more says nothing new.
  const seen = new Set<string>();
  const fresh = (file: string): string | null => {
    const written = text(file);
    const id = `${nameOf(file)}\n${written ?? ''}`;
    if (seen.has(id)) return null;
    seen.add(id);
    return written;
  };
  const describe = (file: string): void => {
    const written = fresh(file);
    if (written === null) return;
    const described: Described = { file, value: undefined };
    known.set(stem(file), described);
    const found = reading(() => {
      const root = readJsonText(written, file);
      described.value = root.value;
      const resources = readResources(root, declared);
      auditElement(root, 'resource', tally);
      return resources;
    }, 'restspec');
    if ('problem' in found) problems.push(found.problem);
    else specs.push(...found.value);
  };
  for (const file of sorted.filter((path) => path.endsWith(RESTSPEC))) describe(file);
  for (const file of sorted.filter((path) => path.endsWith(SNAPSHOT))) {
    const written = fresh(file);
    if (written === null) continue;
    const models: NamedType[] = [];
    const found = reading(() => {
      const snapshot = readJsonText(written, file);
      for (const model of snapshot.get('models')?.items() ?? []) readType(model, '', models);
      const schema = snapshot.need('schema');
      const described = known.get(stem(file));
      auditElement(snapshot, 'snapshot', tally, described === undefined ? 'deep' : 'members');
      if (described === undefined) return readResources(schema, declared);

      // The interface description of the same resource says the same, with places that people know.
      if (described.value !== undefined && !jsonEquals(described.value, schema.value))
        problems.push(otherThan(described.file, schema));
      return [];
    }, 'snapshot');
    if ('problem' in found) {
      problems.push(found.problem);
      library.addBroken(file, namesInBroken(file, written));
    } else specs.push(...found.value);
    library.add(models);
  }
  for (const file of sorted.filter((path) => !ENDINGS.some((ending) => path.endsWith(ending)))) {
    problems.push(
      problem(
        'error',
        'file',
        `${file} is no description of Rest.li`,
        null,
        `hand in files that end in ${ENDINGS.join(', ')}`,
      ),
    );
  }
  if (specs.length === 0 && problems.every(({ severity }) => severity !== 'error')) {
    problems.push(
      problem(
        'error',
        'no-resources',
        'none of the files describes a resource',
        null,
        `hand in ${RESTSPEC} or ${SNAPSHOT} files, or the folder that holds them`,
      ),
    );
  }
  library.add(declared);
  return { specs, library, declared, problems, tally, texts };
}

/** An interface description that was read. */
interface Described {
  readonly file: string;
  /** undefined: it is no JSON. */
  value: Json | undefined;
}

function otherThan(file: string, schema: JsonNode): Diagnostic {
  return problem(
    'warning',
    'snapshot-differs',
    `the snapshot describes the resource otherwise than ${file}, which counts`,
    schema.at,
    'make the snapshot anew, or leave one of the two out',
  );
}

/** `com.example.Book` -> `ROOT/com/example/Book.pdl` */
function loadByName(
  name: string,
  roots: readonly string[],
  read: (path: string) => string | null,
  take: (file: string, text: string) => readonly NamedType[],
): readonly NamedType[] | null {
  if (!/^[\w.]+$/.test(name)) return null;
  for (const root of roots) {
    for (const [ending] of SCHEMAS) {
      const file = `${root}/${name.replaceAll('.', '/')}${ending}`;
      const text = read(file);
      if (text !== null) return take(file, text);
    }
  }
  return null;
}

/** The file's own name without its ending: resources of one stem are the same. */
function stem(file: string): string {
  return nameOf(file).replace(RESTSPEC, '').replace(SNAPSHOT, '');
}

function nameOf(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}
