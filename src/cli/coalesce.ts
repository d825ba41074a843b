/**
 * Fewer, larger writes for a stream that comes in small pieces: a system call a turn of the event loop costs more than
 * running the cases in it. What is held back is at most a moment old, so a killed run loses next to nothing.
 */
import type { Sink } from '../report/write.ts';

/** Text is written at the latest after this long. */
const LATEST_MS = 20;
const LARGE_CHARACTERS = 128 * 1024;

export function coalesced(sink: Sink): Sink {
  let held = '';
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  let failure: { readonly error: unknown } | null = null;

  const flush = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (held === '') return;
    const text = held;
    held = '';
    writing = writing.then(async () => {
      try {
        if (failure === null) await sink.write(text);
      } catch (error) {
        failure = { error };
      }
    });
  };
  const settled = async (): Promise<void> => {
    await writing;
    if (failure !== null) throw failure.error;
  };

  return {
    write: (text) => {
      if (failure !== null) return settled();
      held += text;
      if (held.length >= LARGE_CHARACTERS) {
        flush();
        return settled();
      }
      timer ??= setTimeout(flush, LATEST_MS);
      return undefined;
    },
    finish: async () => {
      flush();
      await settled();
      await sink.finish();
    },
    discard: () => {
      if (timer !== null) clearTimeout(timer);
      return sink.discard();
    },
  };
}
