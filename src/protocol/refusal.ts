/** Why a request is refused before a method is looked for: the server's status, and the place of the fault. */
import type { ResourceShape } from './request.ts';

export type RefusalReason =
  | 'tunnel-malformed'
  | 'protocol-malformed'
  | 'protocol-unsupported'
  | 'query-syntax'
  | 'query-repeated'
  | 'query-empty'
  | 'accept-malformed'
  | 'accept-unsupported'
  | 'root-unknown'
  | 'sub-resource-unknown'
  | 'path-extra'
  | 'path-malformed'
  | 'key-malformed'
  | 'key-not-a-record'
  | 'key-incomplete'
  | 'key-on-actions-set'
  | 'ids-not-a-list'
  | 'ids-member'
  | 'ids-on-simple'
  | 'mask-malformed';

/** Why the server does not get as far as a method. */
export interface Refusal {
  /** What the open-source server answers. A 500 is its weakness: who refuses on purpose answers 400. */
  readonly status: number;
  readonly reason: RefusalReason;
  readonly message: string;
  /** `name`: the header or parameter; `offset`: UTF-16 units from 0 in the raw path, query or header value. */
  readonly at: {
    readonly part: 'path' | 'query' | 'header' | 'body';
    readonly name?: string;
    readonly offset?: number;
  };
  /** The resource, if the path was understood that far. */
  readonly resource: ResourceShape | null;
}

export function refuse(
  status: number,
  reason: RefusalReason,
  message: string,
  at: Refusal['at'],
  resource: ResourceShape | null = null,
): Refusal {
  return { status, reason, message, at, resource };
}
