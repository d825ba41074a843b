/** What a run is told, and what it does where it is told nothing. */
import type { Target as ConfiguredTarget } from '../contract/config.ts';
import type { Contract, HeaderValues } from '../contract/contract.ts';
import type { Group } from '../plan/case.ts';
import type { Filters } from '../plan/select.ts';
import type { Waiver } from '../plan/waived.ts';
import type { Dialect } from '../protocol/dialects.ts';
import type { Json } from '../protocol/json.ts';
import type { Redactor } from '../transport/redact.ts';
import type { Transport } from '../transport/transport.ts';
import type { WireOptions } from '../transport/wire-options.ts';
import type { CoverageMinimums } from './coverage-minimums.ts';

/**
 * An endpoint that contracts are replayed against, its variables put in; `baseUrl` of null: the embedded one. How it is
 * reached (certificates, proxy) is told to the wire.
 */
export type Target = Omit<ConfiguredTarget, 'tls' | 'proxy'>;

export const EMBEDDED_TARGET: Target = {
  name: 'mock',
  baseUrl: null,
  headers: new Map(),
  vars: new Map(),
  dialect: null,
  protocol: null,
  auth: null,
  writes: true,
  seeded: true,
};

export interface RunOptions {
  readonly contracts: readonly Contract[];
  /** Default: the embedded endpoint. */
  readonly target?: Target;
  /** An endpoint that every answer is compared with: a service, `baseUrl` not null. Default: none. */
  readonly baseline?: Target;
  /** Default: contract, headers, laws. */
  readonly groups?: readonly Group[];
  readonly filters?: Filters;
  readonly waivers?: readonly Waiver[];
  /** Default: 1. */
  readonly seed?: number;
  /** Cases under way at once. Default: 16. */
  readonly concurrency?: number;
  /** Failed cases after which no other is begun; 0 (the default): never. */
  readonly bail?: number;
  /** Times that a failed case is run again; one that passes then is flaky. Default: 0. */
  readonly retries?: number;
  /** flaky fails the run. */
  readonly strict?: boolean;
  /** Percent of a category that must be exercised, else the run fails. */
  readonly minCoverage?: CoverageMinimums;
  /** false: coverage is not measured. */
  readonly coverage?: boolean;
  /** Sends writes to hosts that are not this machine. */
  readonly allowWrites?: boolean;
  /** Built-in dialects and the user's own, by name. Default: the built-in ones. */
  readonly dialects?: ReadonlyMap<string, Dialect>;
  /** Headers of every request, over those of the target, under those of a case. */
  readonly headers?: HeaderValues;
  /** Variables over those of target and contract; and those below both. */
  readonly vars?: ReadonlyMap<string, Json>;
  readonly configVars?: ReadonlyMap<string, Json>;
  /** What `${env.NAME}` reads; what is read is redacted. Default: nothing. */
  readonly env?: Readonly<Record<string, string | undefined>>;

  /** Carries requests instead of the wire; it stays open. */
  readonly transport?: Transport;
  readonly wire?: WireOptions;
  /** The embedded endpoint answers without sockets. */
  readonly inProcess?: boolean;
  /** Faults that the embedded endpoint is to have. */
  readonly faults?: readonly string[];
  readonly redactor?: Redactor;
  /** Whether an origin is someone else's machine. Default: every one but loopback. */
  readonly isForeign?: (origin: string) => boolean;

  /** Stops the run: nothing more is begun, what runs is aborted, cleanup is done. Its reason may be a signal's name. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** For the first event. */
  readonly about?: About;
}

export interface Clock {
  readonly now: () => Date;
  /** Milliseconds; never goes back. */
  readonly monotonic: () => number;
}

export interface About {
  readonly version?: string;
  readonly rerun?: string;
  readonly gitRevision?: string | null;
  readonly node?: string;
  readonly platform?: string;
  readonly notes?: readonly string[];
}

export const SYSTEM_CLOCK: Clock = { now: () => new Date(), monotonic: () => performance.now() };

export const DEFAULT_CONCURRENCY = 16;
