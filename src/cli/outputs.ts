/** `--reporter name[=path]` -> outputs of a run: which reporter writes where. */
import { resolve, join } from 'node:path';
import { readFileSync } from 'node:fs';
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import type { Output } from '../report/fan-out.ts';
import type { ReporterOptions } from '../report/reporter.ts';
import { REPORTERS } from '../report/reporters.ts';
import { openFileSink, OutputError, type Sink } from '../report/write.ts';
import { coalesced } from './coalesce.ts';
import { frameText } from './frame-text.ts';
import type { Console } from './console.ts';

/** A reporter with its file; a path of null is the terminal. */
export interface ReporterPlan {
  readonly name: string;
  readonly path: string | null;
  readonly stream: 'out' | 'err' | 'file';
}

export interface OutputFlags {
  readonly reporter?: readonly string[];
  readonly output?: string;
  /** False under `--no-report`. */
  readonly report?: boolean;
}

export const DEFAULT_FOLDER = 'reports';

/** Which reporters a command line asks for, or what is wrong with it, in one sentence. */
export function planReporters(flags: OutputFlags): readonly ReporterPlan[] | string {
  const folder = flags.output ?? DEFAULT_FOLDER;
  const asked = flags.reporter ?? (flags.report === false ? ['text'] : ['text', 'ndjson=', 'html']);
  const plans: ReporterPlan[] = [];
  for (const text of asked) {
    const plan = planOf(text, folder);
    if (typeof plan === 'string') return plan;
    plans.push(plan);
  }
  return clash(plans) ?? redirected(plans);
}

function planOf(text: string, folder: string): ReporterPlan | string {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const entry = REPORTERS.get(name);
  if (entry === undefined) {
    const near = didYouMean(name, REPORTERS.keys());
    return `there is no reporter \`${name}\`${near === null ? '' : `; did you mean \`${near}\`?`} (${[...REPORTERS.keys()].join(', ')})`;
  }

  const given = equals < 0 ? null : text.slice(equals + 1);
  if (given === '-' || (given === null && (entry.file === null || name === 'ndjson')))
    return { name, path: null, stream: 'out' };
  if (given === null || given === '') return { name, path: join(folder, entry.file ?? `${name}.txt`), stream: 'file' };
  const path = given.endsWith('/') ? join(given, entry.file ?? `${name}.txt`) : given;
  return { name, path, stream: 'file' };
}

function clash(plans: readonly ReporterPlan[]): string | null {
  const seen = new Map<string, string>();
  for (const { name, path } of plans) {
    if (path === null) continue;
    const place = resolve(path);
    const other = seen.get(place);
    if (other !== undefined)
      return `the reporters \`${other}\` and \`${name}\` would both write ${path}; give one of them another path`;
    seen.set(place, name);
  }
  return null;
}

/** Standard output holds one thing: where a data reporter owns it, what is made for people goes to standard error. */
function redirected(plans: readonly ReporterPlan[]): readonly ReporterPlan[] | string {
  const data = plans.filter((plan) => plan.stream === 'out' && REPORTERS.get(plan.name)?.file !== null);
  if (data.length > 1)
    return `${data.map(({ name }) => `\`${name}\``).join(' and ')} would both write to standard output; give one of them a path`;
  if (data.length === 0) return plans;
  return plans.map((plan) => (plan.stream === 'out' && plan !== data[0] ? { ...plan, stream: 'err' } : plan));
}

/** Opens what the plans name. Outputs that cannot be opened are returned beside the others, so that the run still happens. */
export async function openOutputs(
  plans: readonly ReporterPlan[],
  console: Console,
  { strict, live }: { readonly strict: boolean; readonly live: boolean },
): Promise<{ readonly outputs: readonly Output[]; readonly failures: readonly OutputError[] }> {
  const outputs: Output[] = [];
  const failures: OutputError[] = [];
  const reports = plans.flatMap(({ path }) => (path === null ? [] : [path]));
  const stream = plans.find(({ name, path }) => name === 'ndjson' && path !== null)?.path ?? null;

  for (const { name, path, stream: where } of plans) {
    const entry = REPORTERS.get(name);
    if (entry === undefined) continue;
    const sink =
      where === 'file' && path !== null
        ? await openFileSink(path, { inPlace: entry.inPlace })
        : terminalSink(console, where === 'err' ? 'err' : 'out');
    if (sink instanceof OutputError) {
      failures.push(sink);
      continue;
    }
    const terminal = where === 'file' ? { colour: false, width: 100, unicode: true } : console.terminal(where);
    const isDrawn = live && where === 'out' && console.isTty('out');
    const options: ReporterOptions = {
      ...terminal,
      strict,
      readFile: readText,
      stream,
      reports,
      live: isDrawn,
      now: () => performance.now(),
    };
    outputs.push({
      name,
      path,
      reporter: await entry.load(),
      sink: where === 'file' && entry.inPlace ? coalesced(sink) : sink,
      options,
    });
  }
  return { outputs, failures };
}

function terminalSink(console: Console, stream: 'out' | 'err'): Sink {
  return {
    write: (text) => (stream === 'out' ? console.write(text) : console.err(text)),
    finish: nothing,
    discard: nothing,
  };
}

/** For code frames in reports, which leave this machine. */
function readText(file: string): string | null {
  try {
    return frameText(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

async function nothing(): Promise<void> {}
