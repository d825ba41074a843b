/** Recordings of any format, as exchanges with the place of each. */
import type { Credential } from '../transport/credentials.ts';
import type { Exchange } from '../transport/exchange.ts';
import type { ReadProblem, Span } from '../transport/span.ts';

export interface Entry {
  readonly exchange: Exchange;
  readonly at: Span;
  /** Why it cannot be judged; null: it can. */
  readonly unjudged: string | null;
}

export interface Reading {
  readonly entries: readonly Entry[];
  readonly problems: readonly ReadProblem[];
  /** Secrets that no exchange shows. */
  readonly credentials?: readonly Credential[];
}

/** A request that nobody recorded an answer to. */
export function unanswered(request: Exchange['request']): Exchange {
  return { request, response: null, failure: null, durationMs: 0 };
}
