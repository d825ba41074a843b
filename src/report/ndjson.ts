/**
 * The stream of events as text, one JSON object a line: written as cases finish, read back whatever became of the file.
 * A run that was killed leaves a cut last line; a disk may leave worse. Neither loses the lines around it.
 */
import type { RunEvent } from '../run/events.ts';
import { eventOf } from './event-shape.ts';
import type { Reporter } from './reporter.ts';

/** Characters that may wait for the disk before the run waits too. */
const MAX_WAITING = 1024 * 1024;

/** One write for all that a turn of the event loop brings: few writes, and a killed run loses no case of an earlier turn. */
export const ndjsonReporter: Reporter = async (events, write) => {
  let waiting = '';
  let writing: Promise<void> | null = null;
  const drain = async (): Promise<void> => {
    await nextTurn();
    while (waiting !== '') {
      const batch = waiting;
      waiting = '';
      await write(batch);
    }
    writing = null;
  };

  for await (const event of events) {
    waiting += `${JSON.stringify(event)}\n`;
    if (writing === null) {
      writing = drain();
      // The error is met where `writing` is awaited; until then it must not count as unhandled.
      writing.catch(() => undefined);
    }
    if (waiting.length > MAX_WAITING) await writing;
  }
  if (writing !== null) await writing;
};

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** A line that is no event. */
export interface DamagedLine {
  /** 1-based. */
  readonly line: number;
  readonly reason: string;
}

export interface StreamReading {
  /** The readable events, in order; one pass. */
  readonly events: AsyncIterable<RunEvent>;
  /** Filled while `events` is read; at most 20, then only counted. */
  readonly damaged: readonly DamagedLine[];
  damagedCount(): number;
}

const MAX_DAMAGED = 20;

/**
 * Reads a stream back. Never throws for what the lines hold: a line that is cut, is no JSON or is no event is left out
 * and counted.
 *
 * @param lines - text of the file, line by line, without line ends
 */
export function readStream(lines: AsyncIterable<string> | Iterable<string>): StreamReading {
  const damaged: DamagedLine[] = [];
  let count = 0;

  async function* read(): AsyncGenerator<RunEvent> {
    let number = 0;
    for await (const line of lines) {
      number += 1;
      const text = number === 1 && line.startsWith('\ufeff') ? line.slice(1) : line;
      if (text.trim() === '') continue;
      const parsed = parseEvent(text);
      if (typeof parsed !== 'string') {
        yield parsed;
        continue;
      }
      count += 1;
      if (damaged.length < MAX_DAMAGED) damaged.push({ line: number, reason: parsed });
    }
  }
  return { events: read(), damaged, damagedCount: () => count };
}

/** The event, or why the line is none. */
function parseEvent(line: string): RunEvent | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return line.trimEnd().endsWith('}') ? 'not JSON' : 'cut off';
  }
  return eventOf(value);
}
