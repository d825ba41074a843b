import type { RunEvent } from '../run/events.ts';

/** Where a reporter's text goes; resolves when it is taken. */
export type Write = (text: string) => Promise<void> | void;

export interface ReporterOptions {
  /** Whether colours may be used. */
  readonly colour: boolean;
  /** Columns of the terminal; 80 where it is none. */
  readonly width: number;
  readonly unicode: boolean;
  /** flaky counts as failed. */
  readonly strict: boolean;
  /** Lines of a contract file for code frames; null when the file is not there. */
  readonly readFile: (file: string) => string | null;
  /** Path of the stream beside the report, for "see line n of". */
  readonly stream: string | null;
  /** Whether the text goes to a terminal on which a line may be drawn again. */
  readonly live?: boolean;
  /** Monotonic milliseconds, for the elapsed time of the live line; without it the line has none. */
  readonly now?: () => number;
  /** What the other reporters of this run write, to be named at the end. */
  readonly reports?: readonly string[];
  /** Base64 characters of evidence that the HTML page may hold. Default 6,000,000. */
  readonly evidenceLimit?: number;
}

/** Renders a stream of events. Reads nothing but the events, the rule catalogue and its options. */
export type Reporter = (events: AsyncIterable<RunEvent>, write: Write, options: ReporterOptions) => Promise<void>;
