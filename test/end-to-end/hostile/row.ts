/**
 * The hostile battery as data: what a contract runner meets sooner or later, and what it does then. A row either runs
 * the command here, beside a case that passes, or names the tests elsewhere that prove it.
 */

export interface Row {
  /** `S06`: a letter for where the trouble comes from, and a number. */
  readonly id: string;
  /** The situation. */
  readonly what: string;
  /** What happens then. */
  readonly expected: string;
  readonly proof: (() => Promise<void>) | readonly Elsewhere[] | NotHere;
}

/** A test of another file, by its name, or by the part of its name that a table leaves literal. */
export interface Elsewhere {
  readonly file: string;
  readonly test: string;
}

/** A situation that cannot arise, with the reason. */
export interface NotHere {
  readonly notHere: string;
}

export function notHere(reason: string): NotHere {
  return { notHere: reason };
}

export function elsewhere(file: string, ...tests: readonly string[]): readonly Elsewhere[] {
  return tests.map((test) => ({ file, test }));
}

/** The rows that are played here. */
export function runHere(rows: readonly Row[]): readonly (Row & { readonly proof: () => Promise<void> })[] {
  return rows.flatMap((row) => (typeof row.proof === 'function' ? [{ ...row, proof: row.proof }] : []));
}
