/** Requests that somebody sent, with their answers where they were kept. */
import type { SourceRange } from '../../diagnostic/diagnostic.ts';
import type { HttpRequest, HttpResponse } from '../../transport/exchange.ts';

export interface Recorded {
  readonly request: HttpRequest;
  /** null: only the request is known. */
  readonly response: HttpResponse | null;
  /** Where it stands in what was read. */
  readonly at: SourceRange;
}
