/**
 * One stream of events to several reporters. Each reads at its own speed within a bound; one that fails is named and
 * left behind, the others and the run go on.
 */
import type { RunEvent } from '../run/events.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';
import type { Sink } from './write.ts';

export interface Output {
  /** Name of the reporter, for messages. */
  readonly name: string;
  /** Where it writes; null for a terminal. */
  readonly path: string | null;
  readonly reporter: Reporter;
  readonly sink: Sink;
  readonly options: ReporterOptions;
}

export interface OutputFailure {
  readonly name: string;
  readonly path: string | null;
  /** One sentence. */
  readonly message: string;
  readonly cause: unknown;
}

/** Events that may wait for a slow reporter before the run waits with them. */
const MAX_WAITING = 256;

/**
 * Feeds all outputs until the events end.
 *
 * @param watch - told of each event as it comes
 * @returns the outputs that could not be written, in the order of `outputs`; empty when all were
 * @throws whatever `events` throws, after every reporter has rendered what came before it
 */
export async function fanOut(
  events: AsyncIterable<RunEvent>,
  outputs: readonly Output[],
  watch?: (event: RunEvent) => void,
): Promise<readonly OutputFailure[]> {
  const channels = outputs.map(() => new Channel());
  const rendered = outputs.map((output, index) => render(output, channels[index] ?? new Channel()));

  let broken: { readonly error: unknown } | null = null;
  try {
    for await (const event of events) {
      watch?.(event);
      for (const channel of channels) {
        const full = channel.push(event);
        if (full !== null) await full;
      }
    }
  } catch (error) {
    broken = { error };
  }
  for (const channel of channels) channel.close();

  const failures = (await Promise.all(rendered)).filter((failure) => failure !== null);
  if (broken !== null) throw broken.error;
  return failures;
}

async function render(
  { name, path, reporter, sink, options }: Output,
  channel: Channel,
): Promise<OutputFailure | null> {
  try {
    await reporter(channel, sink.write, options);
    await sink.finish();
    return null;
  } catch (cause) {
    await sink.discard().catch(() => undefined);
    const why = cause instanceof Error ? cause.message : String(cause);
    return { name, path, message: `The reporter ${name} failed: ${why}`, cause };
  } finally {
    channel.abandon();
  }
}

/** A bounded queue between the run and one reporter. */
class Channel implements AsyncIterable<RunEvent> {
  #waiting: RunEvent[] = [];
  #state: 'open' | 'closed' | 'abandoned' = 'open';
  #wakeReader: (() => void) | null = null;
  #wakeWriter: (() => void) | null = null;

  /** @returns a promise to wait for when the queue is full, else null */
  push(event: RunEvent): Promise<void> | null {
    if (this.#state !== 'open') return null;
    this.#waiting.push(event);
    this.#wakeReader?.();
    if (this.#waiting.length < MAX_WAITING) return null;
    return new Promise((resolve) => {
      this.#wakeWriter = resolve;
    });
  }

  close(): void {
    if (this.#state === 'open') this.#state = 'closed';
    this.#wakeReader?.();
  }

  /** Nobody reads any more: what comes is dropped and the run never waits here. */
  abandon(): void {
    this.#state = 'abandoned';
    this.#waiting = [];
    this.#wakeWriter?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RunEvent> {
    for (;;) {
      const batch = this.#waiting;
      this.#waiting = [];
      this.#wakeWriter?.();
      this.#wakeWriter = null;
      // `yield*` would wrap each event in two more promises.
      for (const event of batch) yield event;

      if (this.#waiting.length > 0) continue;
      if (this.#state !== 'open') return;
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve;
      });
      this.#wakeReader = null;
    }
  }
}
