/** A line every 30 seconds where no terminal redraws one, so that a watcher of a build log sees that the run goes on. */
import type { RunEvent } from '../run/events.ts';
import type { Console } from './console.ts';

const EVERY_MS = 30_000;

export class SignOfLife {
  readonly #console: Console;
  readonly #timer: NodeJS.Timeout;
  #selected = 0;
  #finished = 0;

  constructor(console: Console) {
    this.#console = console;
    this.#timer = setInterval(() => this.#tell(), EVERY_MS);
    this.#timer.unref();
  }

  show(event: RunEvent): void {
    if (event.type === 'run') this.#selected = event.planned.selected;
    if (event.type === 'case') this.#finished += 1;
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #tell(): void {
    this.#console.err(`still running: ${this.#finished} of ${this.#selected} cases are done\n`);
  }
}
