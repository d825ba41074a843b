/**
 * Rest.li's own descriptions -> contracts: `.restspec.json` with the schemas that it names, from `.pdl`, `.pdsc` and
 * `.snapshot.json` files.
 *
 * Two runs over the same resources: the first finds out which types the contracts name, the second writes them with
 * names that are short and still unlike each other. What cannot be said in a contract comes back as a warning.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { jsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import type { DataType, NamedType } from './data-schema.ts';
import { printChecked } from './checked.ts';
import { definitionOf, hasDefinition } from './json-schema.ts';
import { readSources, type ReadOptions } from './restspec/sources.ts';
import { contractOf } from './restspec/contract.ts';
import type { ResourceSpec } from './restspec/resource.ts';
import { ContractTypes, SCHEMA_FOLDER } from './restspec/types.ts';
import { auditType, auditUse } from './properties.ts';
import { printJson } from './print-json.ts';
import { compareText, inOrder, problem, reading } from './problem.ts';
import type { LeftOut, Tally } from './tally.ts';
import type { TypeLibrary } from './type-library.ts';
import { TypeNames } from './type-names.ts';

export interface Conversion {
  /** Text of each file to write, by its path below the target folder, contracts first. */
  readonly files: ReadonlyMap<string, string>;
  /** Errors: what could not be read or written. Warnings: what a contract has no form for. By file and place. */
  readonly problems: readonly Diagnostic[];
  /** Text of each file that was read, for code frames. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Contracts of every resource in these files, with the JSON Schemas that they refer to.
 *
 * @param paths - of `.restspec.json`, `.snapshot.json`, `.pdl` and `.pdsc` files, in any order
 * @returns files for one folder: `photos.contract.yaml`, `schemas/photo.schema.json`; every contract passes the checks.
 *   One bad file is reported and does not stop the others
 */
export function fromRestspec(paths: readonly string[], options: ReadOptions): Conversion {
  const { specs, library, declared, problems: found, tally, texts } = readSources(paths, options);
  const problems: Diagnostic[] = [];
  const first = new Set<string>();
  for (const spec of specs) {
    const types = new ContractTypes(library, new TypeNames([]), ignore);
    reading(() => contractOf(spec, types, declared), 'restspec');
    for (const name of types.fullNames) first.add(name);
  }
  library.add(declared);
  const reached = closureOf(first, library);

  const names = new TypeNames(reached);
  const note = (one: Diagnostic): void => void problems.push(one);
  const schemas = schemasOf(reached, library, names, note);
  const files = new Map<string, Json>([...schemas].map(([file, schema]) => [SCHEMA_FOLDER + file, schema]));
  const contracts = new Map<string, string>();
  const known = new Set<string>();
  const taken = new Set<string>();
  const written = { pieces: new Set<string>(), anonymous: new Set<DataType>() };
  for (const spec of specs) {
    if (known.has(spec.name)) {
      problems.push(
        problem(
          'error',
          'resource-twice',
          `there is another resource \`${spec.name}\`; this one has no contract`,
          spec.node.at,
          'convert them into folders of their own',
        ),
      );
      continue;
    }
    known.add(spec.name);
    const file = `${freeName(spec.name, taken)}.contract.yaml`;
    const text = textOf(spec, file, { library, names, declared, files, problems, ...written });
    if (text !== null) contracts.set(file, text);
  }

  const sorted = [...contracts].toSorted(([a], [b]) => compareText(a, b));
  const used = usedSchemas(
    sorted.map(([, text]) => text),
    schemas,
  );
  const out = new Map(sorted);
  for (const [file, schema] of schemas) if (used.has(file)) out.set(`schemas/${file}`, printJson(schema));
  auditSchemas(reached, written, library, tally);
  return {
    files: out,
    problems: [...inOrder(unique([...found, ...problems, ...library.problems])), ...tally.problems()],
    texts,
  };
}

/** `things`, or `things-2` where some file systems would take it for `Things`. */
function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let count = 2; taken.has(free.toLowerCase()); count++) free = `${name}-${count}`;
  taken.add(free.toLowerCase());
  return free;
}

interface Writing {
  readonly library: TypeLibrary;
  readonly names: TypeNames;
  readonly declared: NamedType[];
  /** What a contract's references reach, by the path that it writes. */
  readonly files: ReadonlyMap<string, Json>;
  readonly problems: Diagnostic[];
  /** Names of the records that contracts hold in pieces, and types without a name in them. */
  readonly pieces: Set<string>;
  readonly anonymous: Set<DataType>;
}

/** The contract's text; null when there is none, with the reason among the problems. */
function textOf(
  spec: ResourceSpec,
  file: string,
  { library, names, declared, files, problems, pieces, anonymous }: Writing,
): string | null {
  const types = new ContractTypes(library, names, (found) => void problems.push(found));
  const { value: read, faults } = library.meeting(() => {
    const made = reading(() => contractOf(spec, types, declared), 'restspec');
    if (library.hasFaults) closureOf(types.fullNames, library);
    return made;
  });
  for (const name of types.inPieces) pieces.add(name);
  for (const type of types.anonymous) anonymous.add(type);
  if ('problem' in read) {
    problems.push(read.problem);
    return null;
  }
  const [fault] = faults;
  if (fault !== undefined)
    problems.push(
      problem('warning', 'no-contract', `\`${spec.name}\` has no contract: ${fault}`, spec.node.at, FAULT_FIX),
    );
  if (read.value === null || fault !== undefined) return null;

  const { text, errors } = printChecked(read.value, file, files);
  for (const { message, fix } of errors)
    problems.push(problem('error', 'contract', `\`${spec.name}\` makes no contract: ${message}`, spec.node.at, fix));
  return errors.length > 0 ? null : text;
}

const FAULT_FIX = 'correct that type; its error is told, too';

/** Tells what schemas say and nothing of the result carries. */
function auditSchemas(
  reached: Iterable<string>,
  { pieces, anonymous }: Pick<Writing, 'pieces' | 'anonymous'>,
  library: TypeLibrary,
  tally: Tally,
): void {
  for (const name of new Set([...reached, ...pieces])) {
    const type = library.find(name);
    if (type !== null) auditType(type, library, tally);
    if (type !== null && type.doc !== null && pieces.has(name)) tally.add(docOfPieces(type.name), type.at);
  }
  for (const type of anonymous) auditUse(type, library, tally);
}

function docOfPieces(name: string): LeftOut {
  return {
    code: 'record-doc',
    subject: `the documentation of \`${name}\``,
    reason: ' has no place where contracts hold its fields instead: in keys and criteria',
    fix: 'say it in the `doc` of the resource',
  };
}

/** Every type with a definition that these lead to, themselves included. */
function closureOf(names: Iterable<string>, library: TypeLibrary): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    const type = library.find(name);
    const refTo = (other: string): string => {
      waiting.push(other);
      return '';
    };
    if (type !== null) definitionOf(type, { library, refTo, note: ignore });
  }
  return reached;
}

/** File -> schema, by file. */
function schemasOf(
  names: Iterable<string>,
  library: TypeLibrary,
  naming: TypeNames,
  note: (found: Diagnostic) => void,
): ReadonlyMap<string, JsonObject> {
  const schemas = new Map<string, JsonObject>();
  const refTo = (name: string): string => `./${naming.file(name)}`;
  for (const name of [...names].toSorted(compareText)) {
    const type = library.find(name);
    if (type === null || type.name !== name || !hasDefinition(type, library)) continue;
    schemas.set(
      naming.file(name),
      jsonObject([
        ['$schema', 'https://json-schema.org/draft/2020-12/schema'],
        ...Object.entries(definitionOf(type, { library, refTo, note, isFile: true })),
      ]),
    );
  }
  return new Map([...schemas].toSorted(([a], [b]) => compareText(a, b)));
}

/** The schemas that the contracts reach; one whose contract could not be written is not left lying about. */
function usedSchemas(contracts: readonly string[], schemas: ReadonlyMap<string, JsonObject>): ReadonlySet<string> {
  const used = new Set<string>();
  const waiting = contracts.flatMap((text) =>
    [...text.matchAll(/\.\/schemas\/([\w.-]+\.schema\.json)/g)].map(([, file]) => file ?? ''),
  );
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const schema = schemas.get(file);
    if (schema === undefined || used.has(file)) continue;
    used.add(file);
    refsIn(schema, waiting);
  }
  return used;
}

function refsIn(value: Json, into: string[]): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (name === '$ref' && typeof member === 'string') into.push(member.replace('./', ''));
    else refsIn(member, into);
  }
}

function unique(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return problems.filter(({ code, message, at }) => {
    // A type that is nowhere is told once, however often it is named.
    const id =
      code === 'convert/type-not-found'
        ? `${code} ${message}`
        : `${code} ${message} ${at?.file ?? ''}:${at?.line ?? 0}:${at?.col ?? 0}`;
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}

function ignore(): void {
  // The first run only looks which types are named.
}
