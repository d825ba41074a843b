/**
 * The stream of events as text, one JSON object a line: written as cases finish, read back whatever became of the file.
 * A run that was killed leaves a cut last line; a disk may leave worse. Neither loses the lines around it.
 */
import { SCHEMA_VERSION, VERDICTS, type RunEvent } from '../run/events.ts';
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
  return isEvent(value) ? value : whyNoEvent(value);
}

/** Member -> the test it must pass; what reporters reach into without asking. */
const SHAPES: Readonly<Record<RunEvent['type'], Readonly<Record<string, (value: unknown) => boolean>>>> = {
  run: {
    schemaVersion: (value) => value === SCHEMA_VERSION,
    tool: isRecord,
    target: isRecord,
    environment: isRecord,
    planned: isRecord,
    contracts: (value) => Array.isArray(value) && value.every(isContract),
    notes: isTexts,
    groups: isTexts,
    rerun: isText,
    startedAt: isText,
  },
  case: {
    id: isText,
    name: isText,
    group: isText,
    verdict: isVerdict,
    durationMs: isNumber,
    checks: isRecord,
    attempts: (value) => Array.isArray(value) && value.every(isAttempt),
    violations: isViolations,
    tags: isTexts,
  },
  end: {
    verdicts: (value) => isRecord(value) && VERDICTS.every((verdict) => isNumber(value[verdict])),
    selected: isNumber,
    run: isNumber,
    durationMs: isNumber,
    leftBehind: isTexts,
  },
};

function isEvent(value: unknown): value is RunEvent {
  return whyNoEvent(value) === '';
}

function whyNoEvent(value: unknown): string {
  if (!isRecord(value)) return 'not an object';
  const type = value['type'];
  if (type !== 'run' && type !== 'case' && type !== 'end')
    return 'no event of this version: `type` is none of run, case, end';
  if (type === 'run' && value['schemaVersion'] !== SCHEMA_VERSION) {
    return `schema version ${String(value['schemaVersion'])}, this version reads ${SCHEMA_VERSION}`;
  }
  const wrong = Object.entries(SHAPES[type]).find(([member, holds]) => !holds(value[member]));
  return wrong === undefined ? '' : `\`${wrong[0]}\` of the ${type} event is missing or of another type`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

function isVerdict(value: unknown): boolean {
  return VERDICTS.some((verdict) => verdict === value);
}

function isContract(value: unknown): boolean {
  return isRecord(value) && isText(value['resource']) && isText(value['file']) && Array.isArray(value['operations']);
}

function isAttempt(value: unknown): boolean {
  return (
    isRecord(value) &&
    isViolations(value['violations']) &&
    Array.isArray(value['exchanges']) &&
    value['exchanges'].every(isExchange)
  );
}

function isExchange(value: unknown): boolean {
  if (!isRecord(value) || !isRecord(value['request'])) return false;
  const { request, response, failure } = value;
  const isAnswer = response === null || (isRecord(response) && isNumber(response['status']) && isMessage(response));
  return (
    isText(request['verb']) &&
    isText(request['url']) &&
    isMessage(request) &&
    isAnswer &&
    (failure === null || isRecord(failure))
  );
}

function isMessage(message: Readonly<Record<string, unknown>>): boolean {
  const { headers, body } = message;
  const isHeaders = Array.isArray(headers) && headers.every((line) => isTexts(line) && line.length === 2);
  return isHeaders && (body === null || (isRecord(body) && isText(body['text']) && isNumber(body['bytes'])));
}

function isViolations(value: unknown): boolean {
  return Array.isArray(value) && value.every(isViolation);
}

function isViolation(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const texts = ['rule', 'level', 'where', 'expected', 'actual', 'message', 'fingerprint'];
  return texts.every((member) => isText(value[member])) && isNumber(value['exchange']);
}
