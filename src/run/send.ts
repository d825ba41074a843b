/** Sending and waiting, both ended early when the run is stopped. */
import type { Exchange, HttpRequest } from '../transport/exchange.ts';
import type { Endpoint } from './endpoint.ts';
import type { SendOptions } from './run-case.ts';

/** A session is the business of runner and mock: nothing that is judged or shown holds its header. */
export function send(
  endpoint: Endpoint,
  request: HttpRequest,
  { session, timeoutMs, cleanup, anonymous }: SendOptions,
  signal: AbortSignal | undefined,
): Promise<Exchange> {
  const transport = anonymous ? endpoint.anonymous : endpoint.transport;
  const terms = {
    ...(signal === undefined || cleanup ? {} : { signal }),
    ...(timeoutMs === null ? {} : { timeoutMs }),
  };
  if (session === null || endpoint.sessionHeader === null) return transport.send(request, terms);

  const sent = { ...request, headers: [...request.headers, [endpoint.sessionHeader, session] as const] };
  return transport.send(sent, terms).then((exchange) => ({ ...exchange, request }));
}

/** Resolves after the time, or when the signal is aborted. */
export function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (ms <= 0 || signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end, { once: true });
  });
}
