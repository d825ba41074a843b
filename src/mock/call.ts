/** One request that was understood, with all that is needed to answer it. */
import type { Contract, Operation } from '../contract/contract.ts';
import type { Json, JsonObject } from '../protocol/json.ts';
import type { WireRequest } from '../protocol/tunnel.ts';
import type { Asked } from '../verify/asked.ts';
import type { RefusedItems } from './refused-items.ts';
import type { Place, State } from './state.ts';
import type { Samples } from './samples.ts';
import type { TemplateScope } from './template.ts';

/** How the mock treats what the contract does not allow: refuses it, or does as the open-source server. */
export type Mode = 'strict' | 'oss';

export interface Call {
  readonly contract: Contract;
  readonly operation: Operation;
  readonly asked: Asked;
  readonly place: Place;
  readonly state: State;
  /** The request out of its tunnel, path still with its base. */
  readonly wire: WireRequest;
  readonly mode: Mode;
  readonly nowMs: number;
  readonly samples: Samples;
  /** Texts of `ids` that are no keys of the resource, each answered with an error of its own. */
  readonly badKeys: ReadonlySet<string>;
  /** Items of a batch that break the contract, by their pointer in its body. */
  readonly refused: RefusedItems;
  /** What a fault does to a write, or nothing. */
  readonly meddle: Meddle | null;
  /** The next `${count}` of the resource; asked for once a template. */
  count(): number;
}

/**
 * Lets a fault change what a write leaves: the entity, or null for none.
 *
 * @param before - what was stored; null for a creation
 * @param after - what the mock would store; null for a removal
 * @param sent - the client's entity or patch
 */
export type Meddle = (
  before: JsonObject | null,
  after: JsonObject | null,
  sent: Json | undefined,
  call: Call,
) => JsonObject | null;

/** What templates know of a call. */
export function scopeOf(
  call: Call,
  key: TemplateScope['key'],
  entity: JsonObject | null,
  params: JsonObject,
): TemplateScope {
  let count: number | null = null;
  return {
    key,
    entity,
    params,
    parents: call.place.parents,
    nowMs: call.nowMs,
    count: () => (count ??= call.count()),
  };
}
