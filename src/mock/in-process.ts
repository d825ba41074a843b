/** The mock as a transport: the same answers without a socket. Nothing of HTTP itself is tried this way. */
import type { Exchange, HttpRequest } from '../transport/exchange.ts';
import type { Transport } from '../transport/transport.ts';
import type { Mock } from './mock.ts';

/** Sends requests to the mock in this process. The origin of a request does not matter. */
export function createInProcess(mock: Mock): Transport {
  return {
    async send(request: HttpRequest, options?: { readonly signal?: AbortSignal }): Promise<Exchange> {
      if (options?.signal?.aborted === true) {
        const failure = {
          phase: 'aborted',
          code: 'aborted',
          message: 'The request was aborted before it was sent.',
          hint: 'Nothing was sent.',
        } as const;
        return { request, response: null, failure, durationMs: 0 };
      }
      const startedAt = performance.now();
      const response = mock.answer(request);
      return { request, response, failure: null, durationMs: performance.now() - startedAt };
    },
    async close() {},
  };
}
