/** SIGINT and SIGTERM: the first stops the run in an orderly way, the second ends it at once. */

export interface Signals {
  /** Aborted with the name of the signal as its reason. */
  readonly signal: AbortSignal;
  dispose(): void;
}

/** Exit codes as a shell gives them: 128 and the number of the signal. */
const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * @param message - what the first signal leads to
 * @param leave - done before the second ends the process at once
 */
export function stopOnSignals(message: string, leave: () => void = () => undefined): Signals {
  const controller = new AbortController();
  const handlers = Object.entries(CODES).map(([name, code]) => {
    const handler = (): void => {
      if (controller.signal.aborted) {
        leave();
        process.exit(code);
      }
      process.stderr.write(`\n${name}: ${message}; once more ends at once\n`);
      controller.abort(name);
    };
    process.on(name, handler);
    return [name, handler] as const;
  });
  return {
    signal: controller.signal,
    dispose: () => {
      for (const [name, handler] of handlers) process.off(name, handler);
    },
  };
}
