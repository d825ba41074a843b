/** What answering needs beside the request and the state. */
import type { Contract, Operation } from '../contract/contract.ts';
import { DIALECTS, type Dialect } from '../protocol/dialects.ts';
import type { ResourceShape } from '../protocol/request.ts';
import type { WireRequest } from '../protocol/tunnel.ts';
import type { HttpRequest } from '../transport/exchange.ts';
import type { Asked } from '../verify/asked.ts';
import type { RequestJudgement } from '../verify/check-request.ts';
import type { Mode } from './call.ts';
import type { Fault } from './faults.ts';
import type { RefusedItems } from './refused-items.ts';
import type { Failure } from './result.ts';
import type { Samples } from './samples.ts';

/** What stays the same from request to request. */
export interface AnswerContext {
  readonly contracts: readonly Contract[];
  /** The shapes of the contracts, in one array that never changes. */
  readonly resources: readonly ResourceShape[];
  readonly bases: readonly string[];
  readonly dialects: ReadonlyMap<string, Dialect>;
  readonly mode: Mode;
  readonly faults: readonly Fault[];
  readonly samples: Samples;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Told what the judge of requests said, where it was asked. */
  readonly onJudged?: (judgement: RequestJudgement) => void;
}

/** A request that may be answered, or the refusal of it. `wire` is out of its tunnel, if it could be taken out. */
export type Understood =
  | {
      readonly wire: WireRequest;
      readonly contract: Contract;
      readonly operation: Operation;
      readonly asked: Asked;
      readonly badKeys: ReadonlySet<string>;
      readonly refused: RefusedItems;
    }
  | { readonly wire: WireRequest; readonly refusal: Failure };

/** A request in the parts that the codec reads. */
export function wireOf({ verb, target, headers, body }: HttpRequest): WireRequest {
  const mark = target.indexOf('?');
  return mark < 0
    ? { verb, path: target, query: null, headers, body }
    : { verb, path: target.slice(0, mark), query: target.slice(mark + 1), headers, body };
}

/** The dialect of a contract; that of the open-source server where nobody defined it. */
export function dialectOf(contract: Contract | null, dialects: ReadonlyMap<string, Dialect>): Dialect {
  return (contract === null ? undefined : dialects.get(contract.dialect)) ?? DIALECTS.restli;
}
