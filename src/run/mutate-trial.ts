/** Runs single cases against the embedded endpoint with one fault switched on: in this process, without a socket. */
import type { Case } from '../plan/case.ts';
import { MOCK_ORIGIN } from '../mock/address.ts';
import type { Redactor } from '../transport/redact.ts';
import { caseContext } from './case-context.ts';
import type { Endpoint } from './endpoint.ts';
import { FaultSwitch, type Mutant } from './mutants.ts';
import { EMBEDDED_TARGET, type RunOptions } from './options.ts';
import type { CaseContext } from './run-case.ts';
import { tryCase, type Trial } from './trial.ts';

export class Trials {
  readonly #switch: FaultSwitch;
  readonly #context: CaseContext;
  #mutant: Mutant | null = null;

  readonly redactor: Redactor;

  private constructor(options: RunOptions, endpoint: Endpoint, redactor: Redactor, faults: FaultSwitch) {
    this.redactor = redactor;
    this.#switch = faults;
    const context = caseContext({ ...options, retries: 0 }, { target: EMBEDDED_TARGET, endpoint, redactor });
    this.#context = {
      ...context,
      send: (request, how) => {
        const { contract, spec } = how.step;
        const mutant = this.#mutant;
        this.#switch.aim(mutant !== null && contract === mutant.contract && spec.method === mutant.method);
        return context.send(request, how);
      },
    };
  }

  /** @param nowMs - the time that the endpoint has: the same for all, so that two answers differ by a fault alone */
  static async open(options: RunOptions, nowMs: number, redactor: Redactor): Promise<Trials> {
    const { createMock, SESSION_HEADER } = await import('../mock/mock.ts');
    const { createInProcess } = await import('../mock/in-process.ts');
    const { contracts, dialects } = options;
    const faults = new FaultSwitch();
    const mock = createMock(contracts, {
      faults: [faults.row],
      now: () => nowMs,
      ...(dialects === undefined ? {} : { dialects }),
    });
    const transport = createInProcess(mock);
    const endpoint: Endpoint = {
      transport,
      anonymous: transport,
      baseUrlOf: (_, dialect) => MOCK_ORIGIN + (dialect.bases[0] ?? ''),
      sessionHeader: SESSION_HEADER,
      endSession: (session) => mock.endSession(session),
      close: async () => undefined,
    };
    return new Trials(options, endpoint, redactor, faults);
  }

  /** Runs a case from the examples. One at a time: the fault is that of the whole endpoint. */
  async run(one: Case, mutant: Mutant | null): Promise<Trial> {
    this.#mutant = mutant;
    this.#switch.turn(mutant === null ? null : mutant.fault);
    return tryCase(one, this.#context, 'trial');
  }
}
