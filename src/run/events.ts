/**
 * The stream of a run, one JSON object a line: `run` first, then `case` in plan order as they finish, `end` last.
 * A stream without `end` is a run that was cut off. Everything here is already redacted.
 * `result.schema.json` describes it for everyone else.
 */
import type { ViolationPlace } from '../verify/violation.ts';
import type { RequirementLevel } from '../protocol/dialects.ts';
import type { MethodName, ResourceKind } from '../protocol/methods.ts';
import type { TransportFailure } from '../transport/exchange.ts';

export const SCHEMA_VERSION = 1;

export const VERDICTS = ['pass', 'fail', 'error', 'flaky', 'waived', 'blocked', 'skip'] as const;
export type VerdictName = (typeof VERDICTS)[number];

export interface RunStarted {
  readonly type: 'run';
  readonly schemaVersion: number;
  readonly tool: { readonly name: string; readonly version: string };
  /** What produced it: run, traffic, mock, proxy. */
  readonly command: string;
  /** Exact command line to run it again, secrets redacted. */
  readonly rerun: string;
  readonly target: {
    readonly name: string;
    readonly baseUrl: string | null;
    /** mock: the embedded endpoint answered, not a service. recorded: someone else's traffic. */
    readonly mode: 'live' | 'mock' | 'recorded';
    readonly insecure: boolean;
    readonly writes: boolean;
  };
  readonly seed: number;
  readonly groups: readonly string[];
  /** ISO 8601. */
  readonly startedAt: string;
  readonly gitRevision: string | null;
  readonly environment: { readonly node: string; readonly platform: string };
  readonly contracts: readonly RunContract[];
  /** Cases of the plan before and after filters. */
  readonly planned: { readonly total: number; readonly selected: number };
  readonly planHash: string;
  readonly shard: { readonly index: number; readonly count: number } | null;
  /** Things of the file or the options worth a look: schemas that accept anything, expiring waivers… */
  readonly notes: readonly string[];
}

export interface RunContract {
  readonly resource: string;
  readonly file: string;
  readonly hash: string;
  readonly kind: ResourceKind;
  readonly dialect: string;
  readonly protocol: string;
  readonly path: string;
  readonly doc: string | null;
  readonly operations: readonly { readonly method: MethodName; readonly name: string | null }[];
}

export interface CaseFinished {
  readonly type: 'case';
  readonly id: string;
  /** null where no contract covers it (traffic). */
  readonly contract: {
    readonly file: string;
    readonly line: number;
    readonly col: number;
    readonly hash: string;
  } | null;
  readonly resource: string | null;
  /** null for a flow that is about no single method. */
  readonly method: MethodName | null;
  readonly operation: string | null;
  readonly group: string;
  readonly derived: boolean;
  readonly reason: string;
  readonly name: string;
  readonly verdict: VerdictName;
  readonly durationMs: number;
  readonly attempts: readonly Attempt[];
  readonly checks: { readonly total: number; readonly failed: number };
  /** Of the last attempt, all levels. */
  readonly violations: readonly EventViolation[];
  readonly tags: readonly string[];
  readonly waiver: { readonly reason: string; readonly until: string } | null;
  /** Why it was skipped or blocked. */
  readonly skipReason: string | null;
}

export interface Attempt {
  readonly verdict: VerdictName;
  readonly exchanges: readonly EventExchange[];
  readonly violations: readonly EventViolation[];
}

export interface EventExchange {
  /** Name of the step; null in a case of one request. */
  readonly step: string | null;
  readonly request: {
    readonly verb: string;
    readonly url: string;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: EventBody | null;
  };
  readonly response: {
    readonly status: number;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: EventBody | null;
  } | null;
  readonly failure: TransportFailure | null;
  readonly durationMs: number;
}

/** `text` is cut at 64 kB; `bytes` and `sha256` (set when it was cut, or is binary) are of the whole. Binary bodies are base64. */
export interface EventBody {
  readonly text: string;
  readonly bytes: number;
  readonly cut: boolean;
  readonly encoding: 'utf8' | 'base64';
  readonly sha256: string | null;
}

export interface EventViolation {
  readonly rule: string;
  readonly level: RequirementLevel;
  readonly where: ViolationPlace;
  readonly pointer: string | null;
  readonly header: string | null;
  readonly key: string | null;
  readonly exchange: number;
  readonly expected: string;
  readonly actual: string;
  readonly message: string;
  readonly hint: string | null;
  readonly at: { readonly file: string; readonly line: number; readonly col: number } | null;
  /** First 10 hex of SHA-256 of rule, method and normalised place. */
  readonly fingerprint: string;
}

export interface RunEnded {
  readonly type: 'end';
  readonly verdicts: Readonly<Record<VerdictName, number>>;
  readonly selected: number;
  readonly run: number;
  readonly durationMs: number;
  readonly exitCode: number;
  /** Signal or reason that cut the run short; null when it ran to its end. */
  readonly interrupted: string | null;
  /** Cleanup that failed, apart from all verdicts. */
  readonly leftBehind: readonly string[];
}

export type RunEvent = RunStarted | CaseFinished | RunEnded;
