/** Reads result streams from files and renders them. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { readStream, type StreamReading } from '../report/ndjson.ts';
import { mergeShards, whyNoMerge, type Part } from '../run/merge.ts';
import type { RunEvent } from '../run/events.ts';
import { BROKEN, MISUSE } from './codes.ts';
import type { Console } from './console.ts';
import { deliver } from './deliver.ts';
import { planReporters, type OutputFlags } from './outputs.ts';

/** @returns the exit code: 0 once all was rendered, whatever the verdicts are that it shows */
export async function renderAgain(
  files: readonly string[],
  flags: OutputFlags & { readonly strict?: boolean },
  console: Console,
): Promise<number> {
  const plans = planReporters({ ...flags, reporter: flags.reporter ?? ['text', 'html'] });
  if (typeof plans === 'string') return misuse(console, plans);
  const overwritten = plans.find(({ path }) => path !== null && files.includes(path));
  if (overwritten !== undefined)
    return misuse(
      console,
      `the reporter \`${overwritten.name}\` would overwrite ${overwritten.path ?? ''}, which is being read`,
    );

  const readings: { readonly file: string; readonly reading: StreamReading }[] = [];
  for (const file of files) {
    const kind = await stat(file).catch(() => null);
    if (kind === null) return misuse(console, `there is no file ${file}`);
    if (kind.isDirectory()) return misuse(console, `${file} is a directory; name the results.ndjson in it`);
    readings.push({
      file,
      reading: readStream(linesOf(file)),
    });
  }

  const events = await eventsOf(readings, flags.strict === true);
  if (typeof events === 'string') return misuse(console, events);
  const delivered = await deliver(events, plans, { console, strict: flags.strict === true, live: false });

  for (const { file, reading } of readings) tellDamage(console, file, reading);
  return delivered.failed ? BROKEN : 0;
}

async function eventsOf(
  readings: readonly { readonly file: string; readonly reading: StreamReading }[],
  strict: boolean,
): Promise<AsyncIterable<RunEvent> | string> {
  const parts: Part[] = [];
  for (const { file, reading } of readings) {
    const rest = reading.events[Symbol.asyncIterator]();
    const first = await rest.next();
    if (first.done === true || first.value.type !== 'run') return noRun(file, reading);
    parts.push({ name: file, run: first.value, rest: { [Symbol.asyncIterator]: () => rest } });
  }
  const [part] = parts;
  if (parts.length === 1 && part !== undefined) return whole(part);
  return whyNoMerge(parts) ?? mergeShards(parts, strict);
}

/** What a run did cannot be told without its first line: target, contracts and counts are in it. */
function noRun(file: string, { damaged }: StreamReading): string {
  const [first] = damaged;
  const why = first === undefined ? '' : `: line ${first.line} could not be read (${first.reason})`;
  return `${file} is no stream of a run, or has lost its first line${why}\n  a stream is written by --reporter ndjson=FILE, and begins with a \`run\` event`;
}

async function* whole({ run, rest }: Part): AsyncGenerator<RunEvent> {
  yield run;
  yield* rest;
}

/** Opened when the first line is asked for: lines that come before somebody listens are lost. */
async function* linesOf(file: string): AsyncGenerator<string> {
  yield* createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
}

function tellDamage(console: Console, file: string, reading: StreamReading): void {
  const count = reading.damagedCount();
  if (count === 0) return;
  const lines = reading.damaged.map(({ line, reason }) => `line ${line} (${reason})`).join(', ');
  console.err(`warning: ${count} line${count === 1 ? '' : 's'} of ${file} could not be read: ${lines}\n`);
}

function misuse(console: Console, problem: string): number {
  console.err(`error: ${problem}\n`);
  return MISUSE;
}
