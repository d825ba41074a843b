/** The embedded endpoint twice, in this process: without a fault, and with those of the run. */
import type { Case } from '../plan/case.ts';
import type { Redactor } from '../transport/redact.ts';
import { caseContext } from './case-context.ts';
import { openEndpoint } from './endpoint.ts';
import { EMBEDDED_TARGET, type RunOptions } from './options.ts';
import type { CaseContext } from './run-case.ts';
import type { Pair } from './telling.ts';
import { tryCase, type Trial } from './trial.ts';

export class Twins implements Pair {
  readonly #sound: CaseContext;
  readonly #faulty: CaseContext;
  #runs = 0;

  private constructor(sound: CaseContext, faulty: CaseContext) {
    this.#sound = sound;
    this.#faulty = faulty;
  }

  /** @param nowMs - the time that both have, so that two answers differ by a fault alone */
  static async open(options: RunOptions, nowMs: number, redactor: Redactor): Promise<Twins> {
    const contextWith = async (faults: RunOptions['faults'] & object): Promise<CaseContext> => {
      const own: RunOptions = { ...options, faults, inProcess: true };
      const endpoint = await openEndpoint(own, EMBEDDED_TARGET, redactor, () => nowMs);
      return caseContext(own, { target: EMBEDDED_TARGET, endpoint, redactor });
    };
    return new Twins(await contextWith([]), await contextWith(options.faults ?? []));
  }

  sound = async (one: Case): Promise<Trial> => tryCase(one, this.#sound, this.#session());

  faulty = async (one: Case): Promise<Trial> => tryCase(one, this.#faulty, this.#session());

  #session(): string {
    return `twin.${(this.#runs += 1)}`;
  }
}
