/** Config and contracts that a command line names, with what is wrong in them told on standard error. */
import { loadConfig, loadContracts } from '../contract/load.ts';
import { byPlace } from '../contract/problem.ts';
import type { Config, WaiverSource } from '../contract/config.ts';
import type { Contract } from '../contract/contract.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { parseGlob } from '../plan/glob.ts';
import { daysLeft, type Waiver } from '../plan/waived.ts';
import { RULES } from '../rules/index.ts';
import type { Console } from './console.ts';
import { findContractFiles, type ContractFiles } from './contract-files.ts';
import { preflight } from './preflight.ts';
import { showDiagnostics } from './diagnostics.ts';

export interface Workspace {
  readonly config: Config;
  /** Those without errors. */
  readonly contracts: readonly Contract[];
  readonly hasErrors: boolean;
  /** Of all files, warnings as well. */
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: ReadonlyMap<string, string>;
  readonly files: readonly string[];
  readonly lines: ContractFiles['lines'];
  readonly waivers: readonly Waiver[];
  /** Worth a line in reports: warnings about files, waivers that end soon. */
  readonly notes: readonly string[];
}

export interface WorkspaceFlags {
  readonly config?: string;
  readonly allowOutsideRoot?: boolean;
  readonly var?: readonly string[];
}

const RULE_IDS: ReadonlySet<string> = new Set(RULES.keys());

/** Days before its end at which a waiver is mentioned. */
const SOON_DAYS = 14;

/** No case begins at or above it. */
const NO_LINE = 0;

/** @returns null when nothing can be done; what is wrong was told */
export async function openWorkspace(
  args: readonly string[],
  flags: WorkspaceFlags,
  console: Console,
  show: 'errors' | 'none' = 'errors',
): Promise<Workspace | null> {
  const cwd = process.cwd();
  const read = await loadConfig(flags.config ?? null, cwd, RULE_IDS);
  if (read.config === null) {
    showDiagnostics(read.diagnostics, console, read.texts);
    return null;
  }
  const { config } = read;
  const waivers = waiversOf(config.waived);
  const found = await findContractFiles(args, config, cwd);
  if (typeof found === 'string') return refused(found, console);
  if (typeof waivers === 'string') return refused(waivers, console);

  const vars = new Map((flags.var ?? []).map((text) => [text.slice(0, text.indexOf('=')), '']));
  const loaded = await loadContracts(found.files, {
    cwd,
    config,
    vars,
    env: process.env,
    rules: RULE_IDS,
    allowOutsideRoot: flags.allowOutsideRoot === true,
  });
  const sent = preflight(loaded.contracts, { dialects: config.dialects, vars: config.vars });
  const broken = new Set(sent.flatMap(({ severity, at }) => (severity === 'error' && at !== null ? [at.file] : [])));
  const diagnostics = [...read.diagnostics, ...byFile([...loaded.diagnostics, ...sent], found.files)];
  const texts = new Map([...read.texts, ...loaded.texts]);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (show === 'errors') showDiagnostics(errors, console, texts);
  const lines = found.lines.map(({ file, line }) => {
    const last = (texts.get(file) ?? '').trimEnd().split('\n').length;
    if (!texts.has(file) || line <= last) return { file, line };
    console.err(`warning: ${file}:${line} selects nothing: the file ends at line ${last}\n`);
    return { file, line: NO_LINE };
  });
  return {
    config,
    contracts: loaded.contracts.filter(({ file }) => !broken.has(file)),
    hasErrors: errors.length > 0,
    diagnostics,
    texts,
    files: found.files,
    lines,
    waivers,
    notes: [...diagnostics.filter(({ severity }) => severity === 'warning').map(noteOf), ...endingSoon(waivers)],
  };
}

/** What was told of one file stays together. */
function byFile(diagnostics: readonly Diagnostic[], files: readonly string[]): readonly Diagnostic[] {
  const order = new Map(files.map((file, index) => [file, index]));
  const placeOf = ({ at }: Diagnostic): number => (at === null ? -1 : (order.get(at.file) ?? files.length));
  return diagnostics.toSorted((a, b) => placeOf(a) - placeOf(b) || byPlace(a, b));
}

function waiversOf(sources: readonly WaiverSource[]): readonly Waiver[] | string {
  const waivers: Waiver[] = [];
  for (const { case: pattern, rule, target, reason, until } of sources) {
    const glob = pattern === null ? null : parseGlob(pattern);
    if (typeof glob === 'string') return `the waiver of \`${pattern ?? ''}\`: ${glob}`;
    waivers.push({ case: glob, rule, target, reason, until });
  }
  return waivers;
}

function noteOf({ at, message }: Diagnostic): string {
  return at === null ? message : `${at.file}:${at.line}:${at.col}: ${message}`;
}

function endingSoon(waivers: readonly Waiver[]): readonly string[] {
  const today = new Date().toISOString().slice(0, 10);
  return waivers
    .filter((waiver) => daysLeft(waiver, today) >= 0 && daysLeft(waiver, today) <= SOON_DAYS)
    .map(
      (waiver) =>
        `the waiver of ${waiver.case?.pattern ?? waiver.rule ?? 'a case'} ends on ${waiver.until}: ${waiver.reason}`,
    );
}

function refused(why: string, console: Console): null {
  console.err(`error: ${why}\n`);
  return null;
}
