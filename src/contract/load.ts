/**
 * Files -> contracts and config: the one place of this folder that touches the disk. A bad file is reported and does
 * not stop the others; nothing outside the project's root is read.
 */
import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Json } from '../protocol/json.ts';
import { decodeUtf8 } from '../protocol/json.ts';
import { NO_SURROUNDINGS, type RefusedFile, type Surroundings } from './checking.ts';
import { MOCK_TARGET, NO_CONFIG, parseConfigObject, readConfig, type Config, type ParsedConfig } from './config.ts';
import type { Contract } from './contract.ts';
import { checkAcross, type LoadedFile } from './check-across.ts';
import { fileRefs, joinRef } from './file-refs.ts';
import { notationOf } from './notation.ts';
import { plainJson } from './plain-json.ts';
import { parseContractObject, readContract } from './read-contract.ts';
import { fileProblem, isJsonFile, MAX_SOURCE_BYTES, readSourceWith } from './source.ts';

export interface LoadOptions {
  /** Paths are resolved against it and shown relative to it. */
  readonly cwd: string;
  /** Nothing outside is read by a `$ref`; default: `cwd`. */
  readonly root?: string;
  readonly config?: Config;
  /** Names given with `--var`. */
  readonly vars?: ReadonlyMap<string, Json>;
  /** Absent: uses of the environment are not checked. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Ids of all rules. Absent: those that are named are not looked up. */
  readonly rules?: ReadonlySet<string>;
  /** Lets `$ref`s leave the root (`--allow-outside-root`). */
  readonly allowOutsideRoot?: boolean;
}

export interface LoadedContracts {
  /** The good ones, in the order of the files. */
  readonly contracts: readonly Contract[];
  /** Of all files, file by file. */
  readonly diagnostics: readonly Diagnostic[];
  /** Text of each file by the name that diagnostics show; for code frames. */
  readonly texts: ReadonlyMap<string, string>;
}

/** @param files - paths of contract files; finding them is the caller's */
export async function loadContracts(files: readonly string[], options: LoadOptions): Promise<LoadedContracts> {
  const texts = new Map<string, string>();
  if (files.length === 0) {
    return {
      contracts: [],
      texts,
      diagnostics: [
        withoutPlace(
          'contract/no-files',
          'no contract files were found',
          'name them, or write their glob into `contracts` of the config',
        ),
      ],
    };
  }

  const around = surroundingsOf(options);
  const root = await realOf(path.resolve(options.cwd, options.root ?? '.'));
  const loaded: LoadedFile[] = [];
  for (const file of files) loaded.push(await loadFile(file, { options, around, root, texts }));

  const across = checkAcross(loaded, around);
  const contracts: Contract[] = [];
  const diagnostics: Diagnostic[] = [];
  loaded.forEach((one, index) => {
    const more = across[index] ?? [];
    diagnostics.push(...one.diagnostics, ...more);
    if (one.contract !== null && !more.some(({ severity }) => severity === 'error')) contracts.push(one.contract);
  });
  return { contracts, diagnostics, texts };
}

/** The names of the config file, the first that is looked for first. */
export const CONFIG_FILES: readonly string[] = [
  'restli-contract.config.yaml',
  'restli-contract.config.json',
  'restli-contract.config.ts',
];

/**
 * The config of a folder, or the named file.
 *
 * @param file - null: looked for in `cwd`; none there is no fault, two are
 * @param rules - ids of all rules; null: those that are named are not looked up
 */
export async function loadConfig(
  file: string | null,
  cwd: string,
  rules: ReadonlySet<string> | null = null,
): Promise<ParsedConfig & { readonly texts: ReadonlyMap<string, string> }> {
  const texts = new Map<string, string>();
  if (file !== null) return { ...(await configAt(file, cwd, texts, rules)), texts };

  const found: string[] = [];
  for (const name of CONFIG_FILES) if (await exists(path.join(cwd, name))) found.push(name);
  const [only, second] = found;
  if (only === undefined) return { config: NO_CONFIG, diagnostics: [], texts };
  if (second !== undefined) {
    return {
      config: null,
      texts,
      diagnostics: [
        withoutPlace(
          'config/several-files',
          `there are several config files: ${found.join(', ')}`,
          'keep one of them, or name it with `--config`',
        ),
      ],
    };
  }
  return { ...(await configAt(only, cwd, texts, rules)), texts };
}

async function configAt(
  file: string,
  cwd: string,
  texts: Map<string, string>,
  rules: ReadonlySet<string> | null,
): Promise<ParsedConfig> {
  const shown = shownPath(file, cwd);
  const read = await readText(path.resolve(cwd, file), shown, 'config');
  if ('problem' in read) return { config: null, diagnostics: [read.problem] };

  texts.set(shown, read.text);
  if (!isScript(file)) return readConfig(readSourceWith(await notationOf(file), read.text, shown), shown, rules);
  const value = await importDefault(path.resolve(cwd, file), shown, 'config');
  return 'problem' in value
    ? { config: null, diagnostics: [value.problem] }
    : parseConfigObject(value.value, shown, rules, read.text);
}

interface FileContext {
  readonly options: LoadOptions;
  readonly around: Surroundings;
  readonly root: string;
  readonly texts: Map<string, string>;
}

async function loadFile(file: string, context: FileContext): Promise<LoadedFile> {
  const { cwd } = context.options;
  const absolute = path.resolve(cwd, file);
  const shown = shownPath(file, cwd);
  const read = await readText(absolute, shown, 'contract');
  if ('problem' in read) return failed(shown, [read.problem]);
  context.texts.set(shown, read.text);

  if (isScript(file)) {
    const value = await importDefault(absolute, shown, 'contract');
    if ('problem' in value) return failed(shown, [value.problem]);
    const refs = await followRefs(value.value, absolute, context);
    const parsed = parseContractObject(value.value, {
      file: shown,
      script: read.text,
      files: refs.files,
      around: { ...context.around, refused: refs.refused },
    });
    return { ...parsed, file: shown, diagnostics: [...refs.diagnostics, ...parsed.diagnostics] };
  }

  const { source, diagnostics } = readSourceWith(await notationOf(shown), read.text, shown);
  if (source === null) return failed(shown, diagnostics);
  const refs = mayNameFiles(read.text, shown) ? await followRefs(source.value, absolute, context) : NO_REFS;
  const parsed = readContract(source, diagnostics, {
    file: shown,
    files: refs.files,
    around: { ...context.around, refused: refs.refused },
  });
  return { ...parsed, file: shown, diagnostics: [...refs.diagnostics, ...parsed.diagnostics] };
}

/** Whether a `$ref` may lead to a file: the value of a file of a thousand cases takes a millisecond to walk in vain. */
function mayNameFiles(text: string, file: string): boolean {
  return isJsonFile(file) ? /"\$ref"\s*:\s*"(?!#)/.test(text) : text.includes('$ref');
}

function failed(file: string, diagnostics: readonly Diagnostic[]): LoadedFile {
  return { file, diagnostics, contract: null, checking: null, resource: null };
}

function surroundingsOf({ config, vars, env, rules }: LoadOptions): Surroundings {
  const given = config ?? NO_CONFIG;
  const names = new Set([...given.vars.keys(), ...(vars?.keys() ?? [])]);
  for (const target of given.targets.values()) for (const name of target.vars.keys()) names.add(name);
  return {
    dialects: given.dialects,
    vars: names,
    env: env ?? null,
    targets: new Set([MOCK_TARGET, ...given.targets.keys()]),
    rules: rules ?? null,
    refused: NO_SURROUNDINGS.refused,
  };
}

interface Refs {
  readonly files: ReadonlyMap<string, Json>;
  readonly refused: ReadonlyMap<string, RefusedFile>;
  readonly diagnostics: readonly Diagnostic[];
}
const NO_REFS: Refs = { files: new Map(), refused: new Map(), diagnostics: [] };
/** More files than any contract needs; a chain of references ends somewhere. */
const MOST_FILES = 200;

/** Reads what `$ref`s reach, and what that reaches in turn, each file once. */
async function followRefs(value: Json, contractFile: string, context: FileContext): Promise<Refs> {
  const files = new Map<string, Json>();
  const refused = new Map<string, RefusedFile>();
  const diagnostics: Diagnostic[] = [];
  const waiting = fileRefs(value);

  for (let ref = waiting.shift(); ref !== undefined; ref = waiting.shift()) {
    if (files.has(ref) || refused.has(ref)) continue;
    if (files.size >= MOST_FILES) {
      refused.set(ref, {
        code: 'contract/ref-too-many',
        message: `the contract reaches more than ${MOST_FILES} files`,
        fix: 'put types that belong together into one file',
      });
      continue;
    }
    const absolute = path.resolve(path.dirname(contractFile), ref);
    const refusal = await refusalOf(ref, absolute, context);
    if (refusal !== null) {
      refused.set(ref, refusal);
      continue;
    }
    const shown = shownPath(absolute, context.options.cwd);
    const read = await readText(absolute, shown, 'contract');
    if ('problem' in read) {
      refused.set(ref, {
        code: 'contract/ref-unreadable',
        message: read.problem.message,
        fix: read.problem.fix ?? 'correct the path',
      });
      continue;
    }
    context.texts.set(shown, read.text);
    const { source, diagnostics: faults } = readSourceWith(await notationOf(shown), read.text, shown);
    diagnostics.push(...faults);
    if (source === null || faults.some(({ severity }) => severity === 'error')) {
      refused.set(ref, {
        code: 'contract/ref-unreadable',
        message: `\`${ref}\` cannot be read as JSON or YAML`,
        fix: 'mend that file first',
      });
      continue;
    }
    files.set(ref, source.value);
    for (const inner of fileRefs(source.value))
      waiting.push(/^[a-z][a-z0-9+.-]*:|^\//i.test(inner) ? inner : joinRef(ref, inner));
  }
  return { files, refused, diagnostics };
}

/** Why a reference may not be followed. Links are followed first, so that none leads out. */
async function refusalOf(ref: string, absolute: string, { options, root }: FileContext): Promise<RefusedFile | null> {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(ref)?.[1];
  if (scheme !== undefined) {
    return {
      code: 'contract/ref-remote',
      message: `\`${ref.slice(0, 200)}\` is not a file of this project: \`${scheme}:\` is not followed`,
      fix: 'copy the schema next to the contract and write `./file.json`',
    };
  }
  if (options.allowOutsideRoot === true) return null;
  if (!isInside(absolute, path.resolve(options.cwd, options.root ?? '.'))) return outside(ref);

  const real = await realOf(absolute);
  return isInside(real, root) ? null : outside(ref);
}

function outside(ref: string): RefusedFile {
  return {
    code: 'contract/ref-outside-root',
    message: `\`${ref.slice(0, 200)}\` leads out of the project`,
    fix: 'copy the file into the project, or allow it with `--allow-outside-root`',
  };
}

function isInside(file: string, root: string): boolean {
  const relative = path.relative(root, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/** The path without links; the path itself where nothing is. */
async function realOf(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch {
    return file;
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

async function readText(
  absolute: string,
  shown: string,
  family: 'contract' | 'config',
): Promise<{ readonly text: string } | { readonly problem: Diagnostic }> {
  const refuse = (code: string, message: string, fix: string): { readonly problem: Diagnostic } => ({
    problem: fileProblem(shown, `${family}/${code}`, message, fix),
  });
  try {
    const about = await stat(absolute);
    if (about.isDirectory()) return refuse('not-a-file', `\`${shown}\` is a folder`, 'name the files, or a glob');
    if (about.size > MAX_SOURCE_BYTES)
      return refuse(
        'too-large',
        `the file has ${(about.size / 1e6).toFixed(1)} MB; at most ${MAX_SOURCE_BYTES / 1e6} MB are read`,
        'split it: one contract holds one resource',
      );

    const bytes = await readFile(absolute);
    if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
      return refuse('not-text', 'the file is in UTF-16', 'save it as UTF-8');
    }
    const decoded = decodeUtf8(bytes);
    return 'text' in decoded
      ? { text: decoded.text }
      : refuse('not-text', 'the file is not valid UTF-8: it is binary, or in another encoding', 'save it as UTF-8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (code === 'ENOENT') return refuse('not-found', `there is no file \`${shown}\``, 'correct the path');
    if (code === 'EACCES' || code === 'EPERM')
      return refuse('unreadable', `\`${shown}\` may not be read`, 'change its permissions');
    return refuse('unreadable', `\`${shown}\` cannot be read: ${code || String(cause)}`, 'correct the path');
  }
}

function isScript(file: string): boolean {
  return /\.[cm]?[jt]s$/.test(file);
}

/** What a script exports by default. It is code of the user: it runs. */
async function importDefault(
  absolute: string,
  shown: string,
  family: 'contract' | 'config',
): Promise<{ readonly value: Json } | { readonly problem: Diagnostic }> {
  try {
    const { createJiti } = await import('jiti');
    const jiti = createJiti(pathToFileURL(absolute).href, { moduleCache: false, fsCache: false });
    const exported: unknown = await jiti.import(absolute, { default: true });
    const read = plainJson(exported);
    if ('value' in read) return read;
    return {
      problem: fileProblem(
        shown,
        `${family}/not-plain`,
        `the default export holds ${read.problem}`,
        `export plain data: \`export default define${family === 'contract' ? 'Contract' : 'Config'}({ … })\``,
      ),
    };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    return {
      problem: fileProblem(
        shown,
        `${family}/script-failed`,
        `the script cannot be run: ${why}`,
        'run it with `node` to see where it fails',
      ),
    };
  }
}

function shownPath(file: string, cwd: string): string {
  const relative = path.relative(cwd, path.resolve(cwd, file));
  return relative === '' || relative.startsWith('..') ? file : relative.split(path.sep).join('/');
}

function withoutPlace(code: string, message: string, fix: string): Diagnostic {
  return { code, severity: 'error', message, at: null, fix, see: null, related: [] };
}
