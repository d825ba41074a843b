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

const SCHEME = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)/i;

/**
 * A URL cut into origin and raw target, nothing normalised.
 *
 * @returns null for what is no http URL; without a scheme it is taken as http, as curl does
 */
export function splitUrl(url: string): { readonly origin: string; readonly target: string } | null {
  const full = SCHEME.test(url) ? url : `http://${url}`;
  const origin = SCHEME.exec(full)?.[1];
  if (origin === undefined || !/^https?:\/\/[^/]+$/i.test(origin)) return null;
  const rest = full.slice(origin.length).split('#', 1)[0] ?? '';
  // Credentials in a URL are no part of what is called.
  const host = origin.replace(/^(https?:\/\/)[^@]*@/i, '$1');
  return { origin: host, target: rest.startsWith('/') ? rest : `/${rest}` };
}
