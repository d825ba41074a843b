/** The config as the program sees it. */
import { DIALECTS, type Dialect, type ProtocolVersion } from '../protocol/dialects.ts';
import { type Json } from '../protocol/json.ts';
import type { HeaderValues } from './contract.ts';

export interface Config {
  /** null: there is no file. */
  readonly file: string | null;
  /** Globs of contract files, relative to the config's folder. */
  readonly contracts: readonly string[];
  /** Target when none is named; null: the embedded endpoint. */
  readonly target: string | null;
  readonly targets: ReadonlyMap<string, Target>;
  /** Built in and own, by name. */
  readonly dialects: ReadonlyMap<string, Dialect>;
  readonly vars: ReadonlyMap<string, Json>;
  readonly waived: readonly WaiverSource[];
  readonly timeoutMs: number | null;
}

export interface Target {
  readonly name: string;
  /** null for a target that only carries settings of the embedded endpoint. */
  readonly baseUrl: string | null;
  /** Replaces the contracts'. */
  readonly dialect: string | null;
  readonly protocol: ProtocolVersion | null;
  readonly auth: TargetAuth | null;
  readonly headers: HeaderValues;
  readonly vars: ReadonlyMap<string, Json>;
  /** Whether writes to a host that is not loopback are allowed. */
  readonly writes: boolean;
  /** Whether the examples of the contracts exist there. */
  readonly seeded: boolean;
  readonly tls: TargetTls | null;
  /** URL of a proxy; null: what the environment says. */
  readonly proxy: string | null;
}

export type TargetAuth =
  | { readonly bearer: string }
  | { readonly basic: { readonly user: string; readonly password: string } }
  | {
      readonly oauth2: {
        readonly tokenUrl: string;
        readonly clientId: string;
        readonly clientSecret: string;
        readonly scope?: string;
        readonly refreshToken?: string;
      };
    };

/** `ca`, `cert` and `key` are paths of PEM files, relative to the config's folder. */
export interface TargetTls {
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
  readonly passphrase: string | null;
  readonly insecure: boolean;
}

/** A known defect: at least one of `case` (glob of ids) and `rule` is set. */
export interface WaiverSource {
  readonly case: string | null;
  readonly rule: string | null;
  readonly target: string | null;
  readonly reason: string;
  /** Last day on which it holds: `2027-01-31`. */
  readonly until: string;
  readonly pointer: string;
}

/** The name of the embedded endpoint among targets. */
export const MOCK_TARGET = 'mock';
export const DEFAULT_CONTRACTS: readonly string[] = ['contracts/**/*.contract.{yaml,json,ts}'];

/** What holds without a config file. */
export const NO_CONFIG: Config = {
  file: null,
  contracts: DEFAULT_CONTRACTS,
  target: null,
  targets: new Map(),
  dialects: new Map(Object.entries(DIALECTS)),
  vars: new Map(),
  waived: [],
  timeoutMs: null,
};
