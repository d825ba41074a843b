/** A recording -> the stream of events that says what it breaks. */
import type { Contract } from '../contract/contract.ts';
import type { CaseFinished, RunEvent } from '../run/events.ts';
import type { Redactor } from '../transport/redact.ts';
import { Lines } from '../transport/span.ts';
import { trafficCase, trafficStarted, VerdictCount, type About } from './events.ts';
import { judgeExchange, type JudgeOptions } from './judge.ts';
import type { Entry } from './recording.ts';

/** One file, read. */
export interface RecordingFile {
  /** As it is shown: its path, or `-`. */
  readonly name: string;
  readonly text: string;
  readonly entries: readonly Entry[];
}

export interface RecordingOptions extends JudgeOptions {
  readonly contracts: readonly Contract[];
  readonly about: About;
  readonly redactor: Redactor;
  readonly now: () => Date;
  /** Milliseconds; never goes back. */
  readonly monotonic: () => number;
}

/**
 * Judges every entry of recordings.
 *
 * @returns `run`, a `case` for each entry, grouped by resource in the order of the contracts and otherwise in the order
 *   recorded, what no contract covers last; then `end`. All already redacted
 */
export async function* judgeRecordings(
  files: readonly RecordingFile[],
  options: RecordingOptions,
): AsyncGenerator<RunEvent, void, undefined> {
  const { contracts, about, redactor, now, monotonic } = options;
  const startedMs = monotonic();
  yield trafficStarted({
    about,
    target: {
      name: files.map(({ name }) => name).join(', '),
      baseUrl: null,
      mode: 'recorded',
      insecure: false,
      writes: false,
    },
    contracts,
    options,
    startedAt: now(),
    entries: files.reduce((sum, { entries }) => sum + entries.length, 0),
    redactor,
  });

  const count = new VerdictCount();
  const byResource = new Map<string | null, (() => CaseFinished)[]>();
  for (const contract of contracts) byResource.set(contract.resource, []);
  byResource.set(null, []);
  for (const { name, text, entries } of files) {
    const lines = new Lines(text);
    entries.forEach(({ exchange, at, unjudged }, index) => {
      const judged = judgeExchange(exchange, contracts, options);
      const origin = {
        id: `${name}#${index + 1}@${at.start}`,
        reason: `entry ${index + 1} of ${name}, offset ${at.start}, line ${lines.at(at.start)}`,
        unjudged,
      };
      // The evidence is made when it is its turn: all of it at once would be the recording several times over.
      byResource
        .get(judged.judgement.contract?.resource ?? null)
        ?.push(() => trafficCase(exchange, judged, origin, redactor));
    });
  }
  for (const waiting of byResource.values()) {
    for (const make of waiting) {
      const event = make();
      count.add(event.verdict);
      yield event;
    }
  }
  yield count.ended(monotonic() - startedMs);
}
