/** What `traffic` does: reads recordings, judges every entry, renders; exit codes as for a run. */
import { readFile, stat } from 'node:fs/promises';
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { visibleLine } from '../diagnostic/visible.ts';
import type { Dialect } from '../protocol/dialects.ts';
import { decodeUtf8 } from '../protocol/json.ts';
import { exitCodeOf } from '../run/exit-code.ts';
import { formatOf, RECORDING_FORMATS } from '../traffic/formats.ts';
import { CredentialLearner } from '../traffic/learn-credentials.ts';
import { judgeRecordings, type RecordingFile } from '../traffic/judge-recording.ts';
import { createRedactor, type Redactor } from '../transport/redact.ts';
import { Lines, type ReadProblem } from '../transport/span.ts';
import { aboutCommand } from './about.ts';
import { BROKEN, MISUSE } from './codes.ts';
import type { TrafficFlags } from './commands/traffic.ts';
import type { Console } from './console.ts';
import { deliver } from './deliver.ts';
import { lockFolder } from './folder-lock.ts';
import { DEFAULT_FOLDER, planReporters } from './outputs.ts';
import { openWorkspace } from './workspace.ts';

export async function traffic(args: readonly string[], flags: TrafficFlags, console: Console): Promise<number> {
  const misuse = (problem: string): number => {
    console.err(`error: ${problem}\n`);
    return MISUSE;
  };
  const { contractArgs, recordings } = await sorted(args);
  if (recordings.length === 0)
    return misuse('name a recording: a HAR, NDJSON, curl or HTTP file, or - for standard input');
  const planned = planReporters(flags);
  if (typeof planned === 'string') return misuse(planned);

  const workspace = await openWorkspace(contractArgs, flags, console);
  if (workspace === null || workspace.contracts.length === 0) return MISUSE;
  const unknown = unknownDialect(flags.dialect, workspace.config.dialects);
  if (unknown !== null) return misuse(unknown);

  const redactor = createRedactor();
  const files: RecordingFile[] = [];
  for (const name of recordings) {
    const file = await readRecording(name, flags.format ?? null, console, redactor);
    if (typeof file === 'string') return misuse(redactor.redactText(file));
    files.push(file);
  }

  const lock =
    flags.report === false || flags.reporter !== undefined ? null : await lockFolder(flags.output ?? DEFAULT_FOLDER);
  if (lock !== null && lock.taken !== null)
    console.err(`warning: another run writes to ${lock.taken}; the reports of this one go to ${lock.folder}\n`);
  const plans = lock === null ? planned : planReporters({ ...flags, output: lock.folder });
  if (typeof plans === 'string') return misuse(plans);
  try {
    const events = judgeRecordings(files, {
      contracts: workspace.contracts,
      dialects: workspace.config.dialects,
      ...(flags.dialect === undefined ? {} : { dialect: flags.dialect }),
      ...(flags.basePath === undefined ? {} : { basePath: flags.basePath }),
      today: new Date().toISOString().slice(0, 10),
      about: await aboutCommand('traffic', workspace.notes),
      redactor,
      now: () => new Date(),
      monotonic: () => performance.now(),
    });
    const { end, failed } = await deliver(events, plans, { console, strict: false, live: true });
    if (end === null) return BROKEN;
    if (end.run === 0) console.err(`${NOTHING_COVERED}\n`);
    if (workspace.hasErrors) console.err('Contracts with errors were left out; see above.\n');
    const { verdicts, selected } = end;
    // Nothing is called here: an exchange without a complete answer says nothing about what can be reached.
    const facts = { ...verdicts, fail: verdicts.fail + verdicts.error, error: 0 };
    const misused = workspace.hasErrors;
    return exitCodeOf({
      verdicts: facts,
      selected,
      sharded: false,
      strict: false,
      signal: null,
      misused,
      broken: failed,
    }).code;
  } finally {
    lock?.release();
  }
}

const NOTHING_COVERED =
  'No contract covers any of the entries. If the paths begin with something that the contracts do not say, name it with --base-path.';

async function sorted(
  args: readonly string[],
): Promise<{ readonly contractArgs: string[]; readonly recordings: string[] }> {
  const contractArgs: string[] = [];
  const recordings: string[] = [];
  for (const arg of args) {
    const isFolder = arg !== '-' && (await stat(arg).catch(() => null))?.isDirectory() === true;
    (isFolder || /\.contract\.(?:ya?ml|json|ts)$|\.contract\.[*{]/.test(arg) ? contractArgs : recordings).push(arg);
  }
  return { contractArgs, recordings };
}

export function unknownDialect(name: string | undefined, dialects: ReadonlyMap<string, Dialect>): string | null {
  if (name === undefined || dialects.has(name)) return null;
  const near = didYouMean(name, dialects.keys());
  return `there is no dialect \`${name}\`; ${near === null ? `known: ${[...dialects.keys()].join(', ')}` : `did you mean \`${near}\`?`}`;
}

/** Recordings larger than this are no longer one string for Node. */
const MAX_BYTES = 400_000_000;

/** Credentials of the recording are made known to the redactor before anything of it is told. */
async function readRecording(
  name: string,
  format: string | null,
  console: Console,
  redactor: Redactor,
): Promise<RecordingFile | string> {
  const bytes = await readBytes(name);
  if (typeof bytes === 'string') return bytes;
  const shown = name === '-' ? 'standard input' : name;
  if (bytes.byteLength > MAX_BYTES) return `${shown} has more than ${MAX_BYTES / 1_000_000} MB; split it`;
  const decoded = decodeUtf8(bytes);
  if ('offset' in decoded) return `${shown} is not UTF-8 from byte ${decoded.offset} on`;

  const { text } = decoded;
  const found = format ?? formatOf(text);
  const reader = found === null ? undefined : RECORDING_FORMATS.get(found);
  if (reader === undefined) {
    const known = [...RECORDING_FORMATS].map(([id, { doc }]) => `${id} (${doc})`).join(', ');
    return `${shown} is no recording that is known; these are: ${known}`;
  }
  const { entries, problems, credentials = [] } = reader.read(text);
  const learner = new CredentialLearner(redactor);
  for (const { exchange } of entries) learner.learn(exchange);
  for (const { value } of credentials) learner.learnValue(value);
  learner.learnText(text);
  const clean = problems.map((one) => ({ ...one, message: redactor.redactText(one.message) }));
  tell(shown, text, clean, console);
  if (entries.length === 0) return `${shown} holds no request`;
  return { name, text, entries };
}

const SHOWN_PROBLEMS = 10;

function tell(name: string, text: string, problems: readonly ReadProblem[], console: Console): void {
  const lines = new Lines(text);
  for (const { severity, message, at, fix } of problems.slice(0, SHOWN_PROBLEMS)) {
    const place = `${visibleLine(name)}:${lines.at(at.start)} (offset ${at.start})`;
    console.err(`${severity}: ${place}: ${visibleLine(message)}${fix === null ? '' : `; ${fix}`}\n`);
  }
  if (problems.length > SHOWN_PROBLEMS)
    console.err(`and ${problems.length - SHOWN_PROBLEMS} more in ${visibleLine(name)}\n`);
}

async function readBytes(name: string): Promise<Uint8Array | string> {
  if (name === '-') {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks);
  }
  try {
    return await readFile(name);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    return code === 'ENOENT' ? `there is no file ${name}` : `${name} cannot be read (${String(code)})`;
  }
}
