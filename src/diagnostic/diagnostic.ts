/** A problem in what the user wrote: contract, config or options. Collected, never thrown. */
export interface Diagnostic {
  /** `family/kebab-case`: `contract/unknown-member`. Stable. */
  readonly code: string;
  /** Errors end in exit code 2; warnings change nothing. */
  readonly severity: 'error' | 'warning';
  /** One sentence: what is wrong, naming the thing. */
  readonly message: string;
  /** null: the problem has no place in a file (an option, say). */
  readonly at: SourceRange | null;
  /** Imperative: how to mend it, did-you-mean included. */
  readonly fix: string | null;
  /** Where to read on: `docs/contract-format.md#cases`. */
  readonly see: string | null;
  /** Other places that belong to the problem: the first of two equal names, say. */
  readonly related: readonly { readonly at: SourceRange; readonly message: string }[];
}

/** 1-based line and column, `end` exclusive; `file` as it is shown to the user (relative to the working directory). */
export interface SourceRange {
  readonly file: string;
  readonly line: number;
  readonly col: number;
  readonly endLine: number;
  readonly endCol: number;
}
