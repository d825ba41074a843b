/** The end of something together with the test that made it. */
import { onTestFinished } from 'vitest';

/**
 * Disposes of a mock when the running test has finished, however it ends. Unlike with `using`, vitest then shows a
 * failure of the test itself and what the contract says of its requests as two errors beside each other.
 */
export function disposeAfterTest<T extends Disposable>(disposable: T): T {
  onTestFinished(() => disposable[Symbol.dispose]());
  return disposable;
}
