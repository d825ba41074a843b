import { describe, expect, it } from 'vitest';
import vectors from '../vectors/restli.json' with { type: 'json' };
import type { Exchange } from '../../src/transport/exchange.ts';
import { checkRequest } from '../../src/verify/check-request.ts';
import { checkResponse } from '../../src/verify/check-response.ts';
import { HARNESS } from './harness.ts';

interface Recorded {
  readonly request: {
    readonly verb: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
  readonly routedTo: string | null;
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
}

const recorded = vectors.exchanges as unknown as readonly Recorded[];

function bytesOf(body: unknown): Uint8Array {
  if (body === null || body === undefined) return new Uint8Array();
  return new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
}

function exchangeOf({ request, response }: Recorded): Exchange {
  return {
    request: {
      verb: request.verb,
      origin: 'http://127.0.0.1',
      target: request.url,
      headers: Object.entries(request.headers),
      body: bytesOf(request.body),
    },
    response: { status: response.status, headers: Object.entries(response.headers), body: bytesOf(response.body) },
    failure: null,
    durationMs: 1,
  };
}

const cases = recorded.map((one, i) => ({ name: `${i} ${one.request.verb} ${one.request.url}`.slice(0, 90), one }));

describe('a recorded exchange of the open-source server', () => {
  it('is there', () => {
    expect(recorded.length).toBe(198);
  });

  it.each(cases)('$name holds', ({ one }) => {
    const exchange = exchangeOf(one);
    const { asked, routed } = checkRequest(exchange.request, HARNESS, { dialects: new Map() });
    if (one.routedTo !== null && !one.request.url.startsWith('/mux') && one.response.status < 400)
      expect(asked, JSON.stringify(routed)).not.toBeNull();
    if (asked === null) return;
    const { violations } = checkResponse(asked, exchange, null, { exchangeIndex: 0 });
    expect(violations.filter(({ level }) => level === 'must')).toEqual([]);
  });
});
