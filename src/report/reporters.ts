/** The reporters by name, each loaded when it is asked for. A new one is one file and one line here. */
import type { Reporter } from './reporter.ts';

export interface ReporterEntry {
  /** One line for `--help`. */
  readonly doc: string;
  /** Name of its file where the user gives a directory or nothing; null: it is made for the terminal. */
  readonly file: string | null;
  /** Whether its file is written in place while the run goes on. */
  readonly inPlace: boolean;
  readonly load: () => Promise<Reporter>;
}

// prettier-ignore
const ENTRIES: readonly (readonly [name: string, entry: ReporterEntry])[] = [
  ['text',     { doc: 'resources, failures with their contract lines, totals (default)', file: null,             inPlace: true,  load: async () => (await import('./text.ts')).textReporter }],
  ['dot',      { doc: 'one character a case, then the totals',                           file: null,             inPlace: true,  load: async () => (await import('./dot.ts')).dotReporter }],
  ['ndjson',   { doc: 'the stream of events, one JSON object a line',                    file: 'results.ndjson', inPlace: true,  load: async () => (await import('./ndjson.ts')).ndjsonReporter }],
  ['html',     { doc: 'one self-contained page',                                         file: 'report.html',    inPlace: false, load: async () => (await import('./html.ts')).htmlReporter }],
  ['junit',    { doc: 'JUnit XML for Jenkins, GitLab and the rest',                      file: 'junit.xml',      inPlace: false, load: async () => (await import('./junit.ts')).junitReporter }],
  ['github',   { doc: 'annotations on the lines of the contract, for GitHub Actions',    file: null,             inPlace: true,  load: async () => (await import('./github.ts')).githubReporter }],
  ['markdown', { doc: 'a summary with the matrix, for a job summary or a comment',       file: 'summary.md',     inPlace: false, load: async () => (await import('./markdown.ts')).markdownReporter }],
  ['summary',  { doc: 'counts, matrix and problems as one JSON object',                  file: 'summary.json',   inPlace: false, load: async () => (await import('./summary.ts')).summaryReporter }],
];

export const REPORTERS: ReadonlyMap<string, ReporterEntry> = new Map(ENTRIES);
