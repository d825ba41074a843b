/** Exit codes that do not come from verdicts; those that do: `run/exit-code.ts`. */

/** Usage, config and contract errors. */
export const MISUSE = 2;
/** An output that could not be written, a port that could not be opened, our own fault. */
export const BROKEN = 3;
