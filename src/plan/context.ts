/** What planning knows about the endpoint, and the shape of a planner of derived cases. */
import type { Contract, HeaderValues } from '../contract/contract.ts';
import type { Dialect, ProtocolVersion } from '../protocol/dialects.ts';
import type { Case } from './case.ts';

/** What deriving cases needs to know about the endpoint that they will be sent to. */
export interface PlanTarget {
  /** `mock` for the embedded endpoint, else the name in the config or `base-url`. */
  readonly name: string;
  /** Whether a service answers; the embedded endpoint always holds the examples. */
  readonly live: boolean;
  /** Whether the examples of the contracts exist there. */
  readonly seeded: boolean;
  /** Whether requests that write may be sent. */
  readonly writes: boolean;
  /** Whether that is what the user said, and not only because the endpoint is on this machine. */
  readonly allowsWrites?: boolean;
  /** Path prefix of the base URL, as `/rest`; absent: that of the dialect. */
  readonly base?: string;
  /** The version that the target or a flag asks for, in place of the contract's. */
  readonly protocol?: ProtocolVersion | null;
}

/** What a planner of derived cases may look at. */
export interface PlanContext {
  readonly contracts: readonly Contract[];
  readonly target: PlanTarget;
  readonly seed: number;
  readonly dialectOf: (contract: Contract) => Dialect;
  /** What target and flags add to every request. */
  readonly headers?: HeaderValues;
}

export type GroupPlanner = (contract: Contract, context: PlanContext) => readonly Case[];
