/** Requests that somebody sent, with their answers where they were kept. */
import type { Diagnostic, SourceRange } from '../../diagnostic/diagnostic.ts';
import type { HttpRequest, HttpResponse } from '../../transport/exchange.ts';

export interface Recorded {
  readonly request: HttpRequest;
  /** null: only the request is known. */
  readonly response: HttpResponse | null;
  /** Where it stands in what was read. */
  readonly at: SourceRange;
}

/** A problem that is to be told, as the recording words it. */
export interface DraftProblem {
  readonly severity: Diagnostic['severity'];
  /** Without its family. */
  readonly code: string;
  readonly message: string;
  readonly at: SourceRange | null;
  readonly fix?: string | null;
}

/** Tells a problem; whatever it quotes is clean before anyone sees it. */
export type Tell = (found: DraftProblem) => void;
