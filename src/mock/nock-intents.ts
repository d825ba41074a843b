/** What the author of a test says that the client means; the wire alone cannot always tell. */
import { isMethodName, profileOf, type MethodName } from '../protocol/methods.ts';
import type { Intent } from '../verify/check-request.ts';

/**
 * Stated intents that no request has met yet.
 *
 * A request meets the first one that it fits; if it fits none, the first of all is what it was meant to be. So a client
 * may send what it likes at the same time, and one that lost its keys is still held to what it lost.
 */
export class Intents {
  #open: Intent[] = [];

  /** @throws RangeError for a name that is no method, and for an operation where methods have none */
  add(method: MethodName, operation: string | null): void {
    if (!isMethodName(method))
      throw new RangeError(`Failed to expect \`${String(method)}\`: it is none of the 14 methods`);
    if (operation !== null && !profileOf(method).named)
      throw new RangeError(`Failed to expect ${method} \`${operation}\`: ${method} has no names`);
    this.#open.push(operation === null ? { method } : { method, operation });
  }

  /** Takes the intent that a request meets; null: none is open. */
  take(reached: MethodName | null, operation: string | null): Intent | null {
    const fitting = this.#open.findIndex(
      (intent) => intent.method === reached && (intent.operation ?? operation) === operation,
    );
    return this.#open.splice(Math.max(fitting, 0), 1)[0] ?? null;
  }

  /** Those still open, as text: `BATCH_GET`, `FINDER search`. Forgets them. */
  drain(): readonly string[] {
    const left = this.#open.map(({ method, operation }) =>
      (operation ?? null) === null ? method : `${method} ${operation}`,
    );
    this.#open = [];
    return left;
  }
}
