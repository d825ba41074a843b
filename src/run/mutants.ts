/**
 * Mutants: endpoints that keep the contracts but for one fault in one method of one resource.
 *
 * Telling a fault's methods apart shows where a contract is blind: an entity that lacks a member may be noticed in GET
 * and pass in BATCH_GET.
 */
import type { Contract } from '../contract/contract.ts';
import type { Fault, FaultHooks } from '../mock/faults.ts';
import type { Filters } from '../plan/select.ts';
import type { MethodName } from '../protocol/methods.ts';

export interface Mutant {
  readonly fault: Fault;
  readonly contract: Contract;
  readonly method: MethodName;
}

/** Each fault in each declared method that it breaks, in the order of the table. */
export function mutantsOf(
  contracts: readonly Contract[],
  faults: readonly Fault[],
  { methods, resources }: Pick<Filters, 'methods' | 'resources'>,
): readonly Mutant[] {
  return faults.flatMap((fault) =>
    contracts.flatMap((contract) => {
      if (resources.length > 0 && !resources.some((name) => isWithin(contract.resource, name))) return [];
      const declared = new Set(contract.operations.map(({ method }) => method));
      return [...declared]
        .filter((method) => fault.breaks === null || fault.breaks.includes(method))
        .filter((method) => methods.length === 0 || methods.includes(method))
        .map((method) => ({ fault, contract, method }));
    }),
  );
}

/** Sub-resources belong to their parents. */
function isWithin(resource: string, name: string): boolean {
  return resource === name || resource.startsWith(`${name}.`);
}

/**
 * One row for a mock that stands for whatever fault is switched on, and does nothing while a request is not aimed at:
 * thousands of mutants share one mock.
 */
export class FaultSwitch {
  #hooks: FaultHooks | null = null;
  #isAimed = false;

  readonly row: Fault = {
    name: 'switched',
    title: 'Does what is switched on',
    kind: 'routing',
    breaks: null,
    rules: [],
    caughtBy: 'contract',
    apply: {
      request: (request, read) => this.#active?.request?.(request, read) ?? request,
      forgives: (rule) => this.#active?.forgives?.(rule) ?? false,
      call: (call) => this.#active?.call?.(call) ?? call,
      write: (before, after, sent, call) => {
        const write = this.#active?.write;
        return write === undefined ? after : write(before, after, sent, call);
      },
      result: (result, call) => this.#active?.result?.(result, call) ?? result,
      response: (response, call) => this.#active?.response?.(response, call) ?? response,
    },
  };

  /** The fault from now on; null: none. */
  turn(fault: Fault | null): void {
    this.#hooks = fault === null ? null : fault.apply;
  }

  /** Whether the next requests meet the fault. */
  aim(isAimed: boolean): void {
    this.#isAimed = isAimed;
  }

  get #active(): FaultHooks | null {
    return this.#isAimed ? this.#hooks : null;
  }
}
