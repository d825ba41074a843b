/**
 * Whether the endpoint is there at all. A dead or hanging host makes every case wait for the same end; after a few of
 * them in a row, nothing having ever answered, the others are not sent.
 */
import type { CaseOutcome } from './run-case.ts';

/** Executed cases in a row that must end alike, before any answer came. */
export const MOST_SILENT = 5;

export class Silence {
  #answered = false;
  #code = '';
  #inARow = 0;
  #message = '';

  /** Told of every case once it has ended. */
  note({ attempts }: CaseOutcome): void {
    if (this.#answered) return;
    const exchanges = attempts.flatMap((attempt) => attempt.exchanges.map(({ exchange }) => exchange));
    const last = exchanges.at(-1);
    if (last === undefined) return;
    if (exchanges.some(({ response }) => response !== null)) {
      this.#answered = true;
      return;
    }
    const { failure } = last;
    if (failure === null || failure.phase === 'aborted') return;
    this.#inARow = failure.code === this.#code ? this.#inARow + 1 : 1;
    this.#code = failure.code;
    this.#message = failure.message;
  }

  /** Why nothing more is sent, in one sentence; null: go on. */
  get reason(): string | null {
    if (this.#answered || this.#inARow < MOST_SILENT) return null;
    return `not sent: the endpoint never answered, and ${MOST_SILENT} cases in a row ended alike: ${this.#message}`;
  }
}
