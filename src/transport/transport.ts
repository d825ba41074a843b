import type { Exchange, HttpRequest } from './exchange.ts';

/** What carries a request: the wire, `node:http`, a recording, or the mock in this process. */
export interface Transport {
  /**
   * Sends one request. Never rejects for anything that network or server do: that is `failure` of the exchange.
   * `signal` aborts it (`failure.phase === 'aborted'`); `timeoutMs` replaces the total time-out for this request.
   */
  send(
    request: HttpRequest,
    options?: { readonly signal?: AbortSignal; readonly timeoutMs?: number },
  ): Promise<Exchange>;
  close(): Promise<void>;
}
