/** `--record FILE`: every exchange that passes, redacted; a HAR file where its name ends so, else NDJSON. */
import { openFileSink, OutputError, type Sink } from '../report/write.ts';
import { recordLine } from '../traffic/ndjson.ts';
import { HAR_TAIL, harEntry, harHead } from '../transport/har.ts';
import type { RedactedExchange } from '../transport/redact.ts';
import { coalesced } from './coalesce.ts';
import { VERSION } from './version.ts';

export interface Recorder {
  write(exchange: RedactedExchange): void;
  /** @returns the files that could not be written */
  finish(): Promise<readonly OutputError[]>;
}

interface Tape {
  readonly sink: Sink;
  readonly isHar: boolean;
  isEmpty: boolean;
  /** Ends what was written before; the first failure stays. */
  written: Promise<void>;
  failure: OutputError | null;
}

/** @returns the recorder, null for no file, or why a file cannot be opened */
export async function openRecorder(files: readonly string[]): Promise<Recorder | OutputError | null> {
  if (files.length === 0) return null;
  const tapes: Tape[] = [];
  for (const file of files) {
    const sink = await openFileSink(file, { inPlace: true });
    if (sink instanceof OutputError) return sink;
    const isHar = file.toLowerCase().endsWith('.har');
    const tape: Tape = { sink: coalesced(sink), isHar, isEmpty: true, written: Promise.resolve(), failure: null };
    if (isHar) append(tape, harHead({ name: 'restli-contract', version: VERSION }));
    tapes.push(tape);
  }
  return {
    write: (exchange) => {
      const startedAt = new Date(Date.now() - exchange.durationMs);
      for (const tape of tapes) append(tape, textOf(tape, exchange, startedAt));
    },
    finish: async () => {
      for (const tape of tapes) {
        if (tape.isHar) append(tape, HAR_TAIL);
        await tape.written;
        if (tape.failure === null) await tape.sink.finish().catch((error: unknown) => keep(tape, error));
      }
      return tapes.flatMap(({ failure }) => (failure === null ? [] : [failure]));
    },
  };
}

function textOf(tape: Tape, exchange: RedactedExchange, startedAt: Date): string {
  if (!tape.isHar) return recordLine(exchange, startedAt);
  const separator = tape.isEmpty ? '' : ',\n';
  tape.isEmpty = false;
  return separator + harEntry(exchange, startedAt);
}

function append(tape: Tape, text: string): void {
  tape.written = tape.written
    .then(() => (tape.failure === null ? tape.sink.write(text) : undefined))
    .catch((error: unknown) => keep(tape, error));
}

function keep(tape: Tape, error: unknown): void {
  if (!(error instanceof OutputError)) throw error;
  tape.failure ??= error;
}
