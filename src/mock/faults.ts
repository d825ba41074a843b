/**
 * FAULTS: everything that the mock can be told to do wrong, one switch a row.
 *
 * Laws are tested on it, `mutate` walks it to see which faults a contract's cases notice, `mock --fault NAME` uses it.
 * A fault breaks one thing, so that only what rests on that thing is noticed.
 */
import type { MethodName } from '../protocol/methods.ts';
import type { ReadRequest, Refusal } from '../protocol/request.ts';
import type { HttpRequest, HttpResponse } from '../transport/exchange.ts';
import type { Call, Meddle } from './call.ts';
import { ACTION_FAULTS } from './faults-actions.ts';
import { ANSWER_FAULTS } from './faults-answer.ts';
import { ENTITY_FAULTS } from './faults-entity.ts';
import { ENTRY_FAULTS } from './faults-entries.ts';
import { GATEWAY_FAULTS } from './faults-gateway.ts';
import { LAW_FAULTS } from './faults-laws.ts';
import { LENIENCY_FAULTS } from './faults-leniency.ts';
import { LINK_FAULTS } from './faults-links.ts';
import { STATE_FAULTS } from './faults-state.ts';
import { VALUE_FAULTS } from './faults-values.ts';
import { WRITE_FAULTS } from './faults-writes.ts';
import type { Result } from './result.ts';

/** What of an endpoint a fault breaks. */
// prettier-ignore
export const FAULT_KINDS = ['routing', 'headers', 'status', 'envelopes', 'entities', 'state', 'batch', 'paging', 'errors'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  /** kebab-case, what `--fault` takes. */
  readonly name: string;
  /** What the endpoint does, one sentence without its subject. */
  readonly title: string;
  readonly kind: FaultKind;
  /** The methods whose answers change; null: any. */
  readonly breaks: readonly MethodName[] | null;
  /** Rules that are expected to report it. */
  readonly rules: readonly string[];
  /**
   * The group of cases that notices it without help of the author: positive cases, the header matrix, laws, broken
   * input. `contract` as well where only what an author expects can tell.
   */
  readonly caughtBy: 'contract' | 'headers' | 'laws' | 'negative';
  readonly apply: FaultHooks;
}

/** Where a fault can step in, in the order of a request's way through the mock. Each gives back what goes on. */
export interface FaultHooks {
  /** Before anything is read, as a gateway in front would. `read`: how the endpoint would read it. */
  readonly request?: (request: HttpRequest, read: () => ReadRequest | Refusal) => HttpRequest;
  /** Whether a broken rule is let pass, where the mock is strict. */
  readonly forgives?: (rule: string) => boolean;
  /** Once the request was understood and before anything is done. */
  readonly call?: (call: Call) => Call;
  /** When an entity is stored or removed. */
  readonly write?: Meddle;
  /** What the answer says. */
  readonly result?: (result: Result, call: Call) => Result;
  /** The answer as it leaves; `call` is null when the request was refused before it was understood. */
  readonly response?: (response: HttpResponse, call: Call | null) => HttpResponse;
}

export const FAULTS: readonly Fault[] = [
  ...GATEWAY_FAULTS,
  ...LENIENCY_FAULTS,
  ...STATE_FAULTS,
  ...ENTITY_FAULTS,
  ...ENTRY_FAULTS,
  ...ANSWER_FAULTS,
  ...LAW_FAULTS,
  ...LINK_FAULTS,
  ...WRITE_FAULTS,
  ...VALUE_FAULTS,
  ...ACTION_FAULTS,
];

/** The faults of these names, and the names that nobody knows. */
export function faultsNamed(names: readonly string[]): {
  readonly faults: readonly Fault[];
  readonly unknown: readonly string[];
} {
  const faults: Fault[] = [];
  const unknown: string[] = [];
  for (const name of names) {
    const fault = FAULTS.find((row) => row.name === name);
    if (fault === undefined) unknown.push(name);
    else faults.push(fault);
  }
  return { faults, unknown };
}
