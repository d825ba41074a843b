import type { Contract, Operation } from '../contract/contract.ts';
import type { Key } from '../protocol/keys.ts';
import type { Json } from '../protocol/json.ts';
import type { Exchange } from '../transport/exchange.ts';

/** One exchange of a law, with what was asked and what came back, decoded. */
export interface TraceEntry {
  readonly contract: Contract;
  readonly operation: Operation | null;
  readonly exchange: Exchange;
  readonly status: number;
  /** undefined: no body, or no JSON. */
  readonly body: Json | undefined;
  /** The key asked for, or the key created. */
  readonly key: Key | null;
}
export type Trace = readonly TraceEntry[];

/** What a law found: the rest of the violation (level, position) comes from its rule. */
export interface LawFinding {
  readonly rule: string;
  readonly pointer: string | null;
  readonly expected: string;
  readonly actual: string;
  readonly message: string;
  /** Index into the trace. */
  readonly exchange: number;
}
export type TraceCheck = (trace: Trace) => readonly LawFinding[];
