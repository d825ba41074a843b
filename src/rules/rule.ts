import type { DialectFamily, RequirementLevel } from '../protocol/dialects.ts';
import type { TransportPhase } from '../transport/exchange.ts';
import type { MethodName } from '../protocol/methods.ts';

/** A check: its identity, its weight, and all that a reader needs to understand and mend a violation. */
export interface Rule {
  /** `family/kebab-case`, never reused. */
  readonly id: string;
  readonly level: RequirementLevel;
  /** Level in a dialect where it differs. */
  readonly levelIn?: Readonly<Partial<Record<DialectFamily, RequirementLevel>>>;
  readonly title: string;
  /** Why the rule exists, one sentence. */
  readonly why: string;
  /** What happens when it is broken. */
  readonly consequence: string;
  /** What to do, imperative. */
  readonly fix: string;
  readonly source: { readonly text: string; readonly url?: string };
  /** An exchange on the example contract that keeps it, and one that breaks it. */
  readonly keeps: RuleExample;
  readonly breaks: RuleExample;
}

/** HTTP text; `response` absent where the rule judges requests. Judged on the contract named (default: the catalogue's example contract). */
export interface RuleExample {
  /** The exchanges before this one, of a rule that judges several together. */
  readonly before?: readonly { readonly request: string; readonly response: string }[];
  readonly request: string;
  readonly response?: string;
  readonly contract?: string;
  /** What the author of the request meant, where the rule needs to know. */
  readonly intent?: { readonly method: MethodName; readonly operation?: string };
  /** Name of a dialect in EXAMPLE_DIALECTS that takes the place of the contract's. */
  readonly dialect?: string;
  /** The phase in which the exchange failed, in the place of an answer. */
  readonly failure?: TransportPhase;
  /** The day on which the request is judged, ISO 8601. */
  readonly today?: string;
  /** Place of a value that a later step needs. */
  readonly capture?: string;
  /** Last day of the waiver that covers the case, ISO 8601. */
  readonly waived?: string;
  /** How the text of the answer becomes bytes. Default: UTF-8. */
  readonly charset?: 'latin1';
  /** What the author of a case expects, as in a contract's `expect`; JSON text. */
  readonly expect?: string;
}
