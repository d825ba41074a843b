/** What the checks of one request share. */
import type { Contract, Operation } from '../contract/contract.ts';
import type { Dialect } from '../protocol/dialects.ts';
import type { MethodName, MethodProfile } from '../protocol/methods.ts';
import type { ReadRequest, WireRequest } from '../protocol/request.ts';
import type { HeaderLines } from '../transport/exchange.ts';
import type { ReadBody } from './body.ts';
import type { Findings } from './findings.ts';

/** A request that somebody's client sent. */
export interface IncomingRequest {
  readonly verb: string;
  /** Path and query byte for byte, `/rest/books/1?fields=id`; a whole URL is read from its path on. */
  readonly target: string;
  readonly headers: HeaderLines;
  /** null or empty: no body. */
  readonly body: Uint8Array | null;
}

/** What the author of the request meant; the wire alone does not always say. */
export interface Intent {
  readonly method: MethodName;
  readonly operation?: string | null;
}

export interface Sent {
  readonly request: IncomingRequest;
  /** The request as it stands, still in its tunnel if it has one. */
  readonly wire: WireRequest;
  /** What it says, out of its tunnel. */
  readonly read: ReadRequest;
  readonly contract: Contract;
  readonly dialect: Dialect;
  /** The prefix before the resource's path; null for none. */
  readonly base: string | null;
  /** The method that it reaches. */
  readonly method: MethodName;
  readonly profile: MethodProfile;
  readonly operation: Operation | null;
  readonly body: ReadBody;
  readonly intent: Intent | null;
  /** Whether a fault of the encoding is told already; wrong types that it entails are not. */
  readonly isMiswritten: boolean;
  readonly findings: Findings;
}
