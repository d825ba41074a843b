/** One HTTP request, its answer or the reason why there is none. HTTP only: nothing here knows Rest.li. */

/** Header lines in the order sent, names as written, doubled lines kept. */
export type HeaderLines = readonly (readonly [name: string, value: string])[];

export interface HttpRequest {
  readonly verb: string;
  /** Scheme, host and port: `http://127.0.0.1:8080`. */
  readonly origin: string;
  /** Path and query byte for byte as on the request line, `/rest/books/1?fields=id`. */
  readonly target: string;
  readonly headers: HeaderLines;
  /** null: no body at all. */
  readonly body: Uint8Array | null;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: HeaderLines;
  /** After content codings have been taken off; empty when there was none. */
  readonly body: Uint8Array;
}

/** Where on its way a request ended without a complete answer. */
export type TransportPhase = 'dns' | 'connect' | 'tls' | 'proxy' | 'send' | 'headers' | 'body' | 'total' | 'aborted';

export interface TransportFailure {
  readonly phase: TransportPhase;
  /** Stable kebab-case id: `connection-refused`, `header-timeout`, `size-limit`, `bad-chunk`, `gzip-broken`… */
  readonly code: string;
  /** One sentence: what happened, with host, limit or byte counts. */
  readonly message: string;
  /** One sentence: what to do about it. */
  readonly hint: string;
}

export interface Exchange {
  readonly request: HttpRequest;
  /** Exactly one of `response` and `failure` is not null; with a failure after the head, `response` may stand beside it, body cut. */
  readonly response: HttpResponse | null;
  readonly failure: TransportFailure | null;
  readonly durationMs: number;
}

/** Value of the first line of that name, in any case; null if there is none. */
export function headerOf(headers: HeaderLines, name: string): string | null {
  for (const line of headers) if (isNamed(line[0], name)) return line[1];
  return null;
}

/** Values of all lines of that name, in any case. */
export function headerValues(headers: HeaderLines, name: string): readonly string[] {
  return headers.filter(([key]) => isNamed(key, name)).map(([, value]) => value);
}

/** Nearly all names differ in length, and most of the others are written alike: few are put into lower case. */
function isNamed(key: string, name: string): boolean {
  return key.length === name.length && (key === name || key.toLowerCase() === name.toLowerCase());
}
