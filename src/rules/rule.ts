import type { RequirementLevel } from '../protocol/dialects.ts';

/** A check: its identity, its weight, and all that a reader needs to understand and mend a violation. */
export interface Rule {
  /** `family/kebab-case`, never reused. */
  readonly id: string;
  readonly level: RequirementLevel;
  /** Level in a dialect where it differs. */
  readonly levelIn?: Readonly<Record<string, RequirementLevel>>;
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
  readonly request: string;
  readonly response?: string;
  readonly contract?: string;
}
