/**
 * The stream of a run, one JSON object a line: `run` first, then `case` in plan order as they finish, then what is
 * known of the whole (`coverage`, `mutation`), `end` last.
 * A stream without `end` is a run that was cut off. Everything here is already redacted.
 * `result.schema.json` describes it for everyone else.
 */
import type { Violation } from '../verify/violation.ts';
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
  /** The endpoint that every answer was compared with; absent: none was. */
  readonly baseline?: { readonly baseUrl: string };
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
  /** YAML of a failure as the smallest case or flow that still breaks the rule, to paste into the contract. */
  readonly paste?: string;
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
  /** What the baseline answered to the same request; absent where nothing was compared. */
  readonly baseline?: {
    readonly response: EventExchange['response'];
    readonly failure: TransportFailure | null;
    readonly durationMs: number;
  };
}

/** `text` is cut at 64 kB; `bytes` and `sha256` (set when it was cut, or is binary) are of the whole. Binary bodies are base64. */
export interface EventBody {
  readonly text: string;
  readonly bytes: number;
  readonly cut: boolean;
  readonly encoding: 'utf8' | 'base64';
  readonly sha256: string | null;
}

/** A violation as it left the process: redacted, and with what groups it with its like. */
export interface EventViolation extends Violation {
  /** First 10 hex of SHA-256 of rule, method and normalised place. */
  readonly fingerprint: string;
}

// prettier-ignore
export const COVERAGE_CATEGORIES = [
  'methods', 'names', 'statuses', 'headers', 'parameters', 'versions', 'properties', 'unions', 'enums', 'errors', 'batches',
] as const;
export type CoverageCategory = (typeof COVERAGE_CATEGORIES)[number];

/** What was exercised of what the contracts declare. A category of which a resource declares nothing has no row. */
export interface CoverageMeasured {
  readonly type: 'coverage';
  readonly rows: readonly CoverageRow[];
  /** What was asked for, in percent, with what was reached. */
  readonly minimums: readonly {
    readonly category: CoverageCategory | 'all';
    readonly percent: number;
    readonly seen: number;
    readonly total: number;
  }[];
}

export interface CoverageRow {
  readonly resource: string;
  readonly category: CoverageCategory;
  readonly seen: readonly string[];
  readonly missing: readonly string[];
}

/** What became of mutants: an endpoint with one fault in one method of one resource each. */
export interface MutantCounts {
  /** A case noticed it. */
  readonly killed: number;
  /** Of these, noticed by cases of group `contract`. */
  readonly killedByContract: number;
  /** Answers differed, or would to other requests, and no case noticed. */
  readonly survived: number;
  /** No request that the tool can make shows it: neither for nor against the contract. */
  readonly apart: number;
}

export interface MutationMeasured {
  readonly type: 'mutation';
  readonly groups: readonly string[];
  readonly total: MutantCounts;
  /** Percent that must be killed of those killed and survived; null: not asked for. */
  readonly minScore: number | null;
  readonly methods: readonly (MutantCounts & { readonly method: MethodName })[];
  readonly kinds: readonly (MutantCounts & { readonly kind: string })[];
  readonly faults: readonly (MutantCounts & {
    readonly fault: string;
    readonly title: string;
    readonly kind: string;
    /** The first case that noticed it; null: none did. */
    readonly first: { readonly case: string; readonly rule: string } | null;
    /** Why it was not tried on any method, or why nothing shows it; null where it was killed or survived. */
    readonly reason: string | null;
  })[];
  readonly survivors: readonly MutationSurvivor[];
}

export interface MutationSurvivor {
  readonly fault: string;
  readonly title: string;
  readonly kind: string;
  readonly resource: string;
  readonly method: MethodName;
  /** Cases that were run on it. */
  readonly cases: number;
  /** What could notice it, one sentence. */
  readonly advice: string;
  /** A case or flow to paste into the contract, as YAML; null where there is none. */
  readonly paste: string | null;
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
  /** Minimums of coverage or score that were not reached, one sentence each; absent: none was asked for or missed. */
  readonly shortfalls?: readonly string[];
}

export type RunEvent = RunStarted | CaseFinished | CoverageMeasured | MutationMeasured | RunEnded;
