/** The formats of `convert`, by name. */

export interface ConvertFormat {
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** Whether contracts come out of it, or go in. */
  readonly makes: 'contracts' | 'document';
  /** Endings of the files that are looked for in folders; empty: files are named one by one. */
  readonly endings: readonly string[];
}

// prettier-ignore
export const FORMATS = {
  restli:  { name: 'restli',  makes: 'contracts', endings: ['.restspec.json', '.snapshot.json', '.pdl', '.pdsc'], summary: 'contracts from the descriptions and schemas of a Rest.li service' },
  har:     { name: 'har',     makes: 'contracts', endings: [], summary: 'draft contracts from a recording of HTTP traffic (HAR 1.2)' },
  curl:    { name: 'curl',    makes: 'contracts', endings: [], summary: 'draft contracts from curl commands' },
  openapi: { name: 'openapi', makes: 'document',  endings: [], summary: 'an OpenAPI 3.1 document from contracts' },
} as const satisfies Record<string, ConvertFormat>;
