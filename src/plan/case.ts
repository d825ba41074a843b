import type { CaseSpec, Contract, Operation } from '../contract/contract.ts';
import type { MethodName } from '../protocol/methods.ts';
import type { TraceCheck } from '../laws/law.ts';
import type { HttpRequest } from '../transport/exchange.ts';

export const GROUPS = ['contract', 'headers', 'laws', 'negative'] as const;
export type Group = (typeof GROUPS)[number];

/** One thing that is replayed and gets one verdict: a request, a flow, or the exchanges of a law. */
export interface Case {
  /** `books/GET/answers-404-for-a-book-it-never-had`; stable while the words stay. */
  readonly id: string;
  readonly name: string;
  readonly group: Group;
  /** Whether the author wrote it. */
  readonly derived: boolean;
  /** Why it exists: empty for the author's. */
  readonly reason: string;
  readonly contract: Contract;
  /** null for a flow. */
  readonly method: MethodName | null;
  readonly operation: Operation | null;
  readonly steps: readonly Step[];
  /** Always runs, each of it; a 404 is fine there. */
  readonly cleanup: readonly Step[];
  readonly tags: readonly string[];
  readonly targets: readonly string[] | null;
  /** Reason why it is not run. */
  readonly skip: string | null;
  /** What it needs and is not there. */
  readonly blocked: string | null;
  /** Whether any step may change what is stored. */
  readonly writes: boolean;
  /** Whether nothing else may touch the resource meanwhile: it writes, or a law observes. */
  readonly alone: boolean;
  /** Laws: judges all exchanges together, after each was judged by itself. */
  readonly check: TraceCheck | null;
  readonly pointer: string;
}

export interface Step {
  readonly spec: CaseSpec;
  readonly contract: Contract;
  /** null when the contract declares no such operation (a case that tests just that). */
  readonly operation: Operation | null;
  /** Only makes ready what a derived case needs: the case is blocked, not failed, when it does not succeed. */
  readonly setup?: boolean;
  /** The operation that the request becomes by its headers, where it is another: its answer is judged as that one's. */
  readonly judgedAs?: Operation;
  /** The same request in other bytes, made after everything else. */
  readonly rewrite?: (request: HttpRequest) => HttpRequest;
  /**
   * Only of laws, whose check alone judges the answer. `success`: without it there is nothing to judge, and the case is
   * blocked. `taken`: so it is, but for a fault of the server (5xx), which is judged. `any`: whatever is answered.
   */
  readonly expects?: 'success' | 'taken' | 'any';
  /** Statuses that answer who asks and not what is asked: with one of them the case is blocked. */
  readonly unjudged?: readonly number[];
}
