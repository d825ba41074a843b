/** What `convert` does: reads what was named, converts, and writes all of the result or nothing of it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { FORMATS } from '../convert/formats.ts';
import { fromCurl, fromHar, fromRestspec, toOpenApi, type Conversion } from '../convert/index.ts';
import { printJson } from '../convert/print-json.ts';
import { BROKEN, MISUSE } from './codes.ts';
import type { Console } from './console.ts';
import { descriptionsAt } from './description-files.ts';
import { showDiagnostics } from './diagnostics.ts';
import { openWorkspace } from './workspace.ts';
import { writeAll } from './write-all.ts';

export interface ConvertFlags {
  readonly out?: string;
  readonly force?: boolean;
  readonly schemas?: readonly string[];
  readonly base?: string;
  readonly title?: string;
  readonly server?: readonly string[];
}

type Converter = (inputs: readonly string[], flags: ConvertFlags, console: Console) => Promise<number>;

const CONVERTERS: Readonly<Record<keyof typeof FORMATS, Converter>> = {
  restli: convertRestli,
  har: (inputs, flags, console) => convertRecordings(inputs, flags, console, fromHar),
  curl: (inputs, flags, console) => convertRecordings(inputs, flags, console, fromCurl),
  openapi: convertOpenApi,
};

export async function convert(
  format: string,
  inputs: readonly string[],
  flags: ConvertFlags,
  console: Console,
): Promise<number> {
  if (isFormat(format)) return CONVERTERS[format](inputs, flags, console);
  const names = Object.keys(FORMATS);
  const near = didYouMean(format, names);
  console.err(
    `error: there is no format \`${format}\`; ${near === null ? `write one of ${names.join(', ')}` : `did you mean \`${near}\`?`}\n`,
  );
  return MISUSE;
}

function isFormat(name: string): name is keyof typeof FORMATS {
  return Object.hasOwn(FORMATS, name);
}

async function convertRestli(inputs: readonly string[], flags: ConvertFlags, console: Console): Promise<number> {
  const files: string[] = [];
  let isWhole = true;
  for (const input of inputs) {
    const found = descriptionsAt(input, FORMATS.restli.endings);
    for (const one of found?.unreadable ?? []) console.err(`error: ${one}; what lies there is left out\n`);
    isWhole &&= (found?.unreadable ?? []).length === 0;
    if (found === null || found.files.length === 0) {
      console.err(
        `error: there is no file ${input}, and no folder with descriptions (${FORMATS.restli.endings.join(', ')}) of that name\n`,
      );
      return MISUSE;
    }
    files.push(...found.files.map(shown));
  }
  for (const folder of flags.schemas ?? []) {
    const found = descriptionsAt(folder, SCHEMAS);
    if (found === null) console.err(`warning: there is no folder ${folder}, which --schemas names\n`);
    else if (found.files.length === 0 || found.files[0] === folder)
      console.err(`warning: --schemas ${folder} is no folder with schemas (${SCHEMAS.join(', ')})\n`);
  }
  // Where Rest.li's build keeps what belongs to a description.
  const neighbours = files.flatMap((file) => {
    const beside = (folder: string): string => shown(path.join(path.dirname(file), '..', folder));
    return file.endsWith('.restspec.json')
      ? [
          {
            roots: beside('pegasus'),
            snapshot: path.join(beside('snapshot'), path.basename(file).replace('.restspec.json', '.snapshot.json')),
          },
        ]
      : [];
  });
  const snapshots = neighbours.map(({ snapshot }) => shown(snapshot)).filter((file) => readText(file) !== null);
  const roots = [...new Set([...(flags.schemas ?? []), ...neighbours.map((one) => one.roots)])];
  const code = await deliver(fromRestspec([...files, ...snapshots], { readFile: readText, roots }), flags, console);
  return code === 0 && !isWhole ? MISUSE : code;
}

/** Endings of the files that are looked for below `--schemas`. */
const SCHEMAS: readonly string[] = ['.pdl', '.pdsc'];

async function convertRecordings(
  inputs: readonly string[],
  flags: ConvertFlags,
  console: Console,
  convertOne: typeof fromHar,
): Promise<number> {
  const conversions: Conversion[] = [];
  for (const input of inputs) {
    const text = readText(input);
    if (text === null) {
      console.err(`error: ${input} cannot be read\n`);
      return MISUSE;
    }
    conversions.push(
      convertOne(text, {
        file: shown(input),
        ...(flags.base === undefined ? {} : { base: flags.base.replace(/\/+$/, '') }),
      }),
    );
  }
  const files = new Map<string, string>();
  const problems: Diagnostic[] = conversions.flatMap((one) => one.problems);
  for (const one of conversions) {
    for (const [file, text] of one.files) {
      if (files.has(file))
        console.err(
          `warning: ${file} came out of an earlier recording; that of ${[...one.texts.keys()].join(', ')} is left out\n`,
        );
      else files.set(file, text);
    }
  }
  // Recordings hold secrets, so their lines are not shown.
  return deliver({ files, problems, texts: new Map() }, flags, console);
}

async function convertOpenApi(inputs: readonly string[], flags: ConvertFlags, console: Console): Promise<number> {
  const workspace = await openWorkspace(inputs, {}, console);
  if (workspace === null || workspace.hasErrors) return MISUSE;
  const document = toOpenApi(workspace.contracts, {
    dialects: workspace.config.dialects,
    ...(flags.title === undefined ? {} : { title: flags.title }),
    ...(flags.server === undefined ? {} : { servers: flags.server }),
  });
  const text = printJson(document);
  if (flags.out === undefined) {
    await console.write(text);
    return 0;
  }
  return write(new Map([[flags.out, text]]), flags, console);
}

/** Files first, then what was left out, so that the last lines are those that matter. */
async function deliver(conversion: Conversion, flags: ConvertFlags, console: Console): Promise<number> {
  const folder = flags.out ?? 'contracts';
  const files = new Map([...conversion.files].map(([file, text]) => [path.join(folder, file), text]));
  const code = files.size === 0 ? MISUSE : await write(files, flags, console);
  if (files.size > 0 && code !== 0) return code;

  const errors = conversion.problems.filter(({ severity }) => severity === 'error');
  const warnings = conversion.problems.filter(({ severity }) => severity === 'warning');
  for (const warning of warnings) console.err(`${lineOf(warning)}\n`);
  showDiagnostics(errors, console, conversion.texts);
  if (files.size === 0) {
    console.err('nothing was written\n');
    return code;
  }

  const contracts = [...files.keys()].filter((file) => file.endsWith('.contract.yaml')).length;
  const left = warnings.length === 0 ? '' : `; ${count(warnings.length, 'thing')} could not be carried over, see above`;
  console.err(
    `${count(contracts, 'contract')} in ${folder}${errors.length === 0 ? '' : `, ${count(errors.length, 'error')}`}${left}\n`,
  );
  return errors.length > 0 ? MISUSE : 0;
}

async function write(files: ReadonlyMap<string, string>, { force }: ConvertFlags, console: Console): Promise<number> {
  const outcome = await writeAll(files, { force: force === true, read: readText });
  if ('present' in outcome) {
    const [first = '', ...others] = outcome.present;
    console.err(
      `error: ${first}${others.length === 0 ? ' is' : ` and ${others.length} more are`} there already and would change; nothing was written. --force overwrites\n`,
    );
    return MISUSE;
  }
  for (const file of outcome.written) console.out(`${file}\n`);
  if (outcome.failure === null) return 0;
  console.err(`error: ${outcome.failure}\n`);
  return BROKEN;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

function lineOf({ severity, code, message, at, fix }: Diagnostic): string {
  const place = at === null ? '' : ` (${at.file}:${at.line}:${at.col})`;
  return `${severity} ${code}: ${message}${place}${fix === null ? '' : `; ${fix}`}`;
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** As messages show it: relative to the working directory, with slashes. */
function shown(file: string): string {
  const relative = path.relative(process.cwd(), path.resolve(file));
  return relative === '' || relative.startsWith('..') ? file : relative.split(path.sep).join('/');
}
