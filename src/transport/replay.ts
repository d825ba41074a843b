/** A transport that answers from recorded exchanges, without a network. */
import type { Exchange, HttpRequest } from './exchange.ts';
import { failure } from './failure.ts';
import type { Transport } from './transport.ts';

/**
 * Answers a request as the recorded one with the same verb, target and body was answered; origin and headers may differ.
 *
 * Recorded more than once, the answers come in the order recorded, and the last one stays. A request that was not
 * recorded fails with `not-recorded`.
 */
export function createReplay(exchanges: Iterable<Exchange>): Transport {
  const recorded = new Map<string, Exchange[]>();
  const targets = new Map<string, number>();
  for (const exchange of exchanges) {
    const key = keyOf(exchange.request);
    const same = recorded.get(key);
    if (same === undefined) recorded.set(key, [exchange]);
    else same.push(exchange);
    const address = addressOf(exchange.request);
    targets.set(address, (targets.get(address) ?? 0) + 1);
  }

  return {
    close: () => Promise.resolve(),
    send: (request, options) => {
      if (options?.signal?.aborted === true) {
        return Promise.resolve({
          request,
          response: null,
          failure: failure('aborted', 'The request was stopped before it was sent.'),
          durationMs: 0,
        });
      }
      const answers = recorded.get(keyOf(request));
      const answer = answers !== undefined && answers.length > 1 ? answers.shift() : answers?.[0];
      if (answer !== undefined) return Promise.resolve({ ...answer, request });

      const others = targets.get(addressOf(request)) ?? 0;
      const near =
        others === 0
          ? 'nothing is recorded for that target'
          : `that target is recorded ${others} ${others === 1 ? 'time' : 'times'} with another body`;
      return Promise.resolve({
        request,
        response: null,
        failure: failure('not-recorded', `${addressOf(request)} is not recorded; ${near}.`),
        durationMs: 0,
      });
    },
  };
}

function addressOf(request: HttpRequest): string {
  return `${request.verb} ${request.target}`;
}

function keyOf(request: HttpRequest): string {
  const { body } = request;
  const text = body === null ? '' : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
  return `${addressOf(request)}\n${text}`;
}
