/** The headers of recorded requests that say something of the resource, as headers of the contract or of its cases. */
import { HEADERS } from '../../protocol/headers.ts';
import { jsonObject, type Json, type JsonObject } from '../../protocol/json.ts';
import type { Call } from './shapes.ts';

/**
 * What a client, a browser or a hop on the way writes by itself; the runner writes its own. Headers that make a request
 * conditional on what a browser keeps are among them, `If-Match` is not.
 */
const TRANSPORT: ReadonlySet<string> = new Set(
  (
    'accept accept-charset accept-encoding accept-language access-control-request-headers access-control-request-method ' +
    'alt-used baggage cache-control connection content-length content-type date dnt expect forwarded from host ' +
    'if-modified-since if-none-match keep-alive max-forwards origin pragma priority purpose range referer ' +
    'referrer-policy save-data te traceparent tracestate trailer transfer-encoding upgrade ' +
    'upgrade-insecure-requests user-agent via x-correlation-id x-real-ip x-request-id x-requested-with x-trace-id'
  ).split(' '),
);
const TRANSPORT_FAMILY = /^(?:sec-|x-b3-|x-forwarded-|cf-|x-amzn-trace|x-client-data$|proxy-)/;

/** Those that the runner writes from what a case says. */
const OWN: ReadonlySet<string> = new Set(
  [HEADERS.method, HEADERS.protocol, HEADERS.override].map((name) => name.toLowerCase()),
);

export interface CarriedHeaders {
  /** What every request of the resource carried, with the same value. */
  readonly shared: JsonObject;
  /** What this one carried besides. */
  of(call: Call): JsonObject;
}

/** @param calls - all requests of one resource; headers that hold credentials are gone from them */
export function carriedHeaders(calls: readonly Call[]): CarriedHeaders {
  const written = new Map<string, string>();
  const linesOf = new Map<Call, ReadonlyMap<string, Json>>();
  for (const call of calls) {
    const values = new Map<string, string[]>();
    for (const [name, value] of call.wire.headers) {
      const lower = name.toLowerCase();
      if (value === '' || TRANSPORT.has(lower) || TRANSPORT_FAMILY.test(lower) || OWN.has(lower)) continue;
      if (!written.has(lower)) written.set(lower, name);
      values.set(lower, [...(values.get(lower) ?? []), value]);
    }
    linesOf.set(
      call,
      new Map([...values].map(([name, [one = '', ...more]]) => [name, more.length === 0 ? one : [one, ...more]])),
    );
  }

  const isShared = (name: string): boolean => {
    const values = new Set(calls.map((call) => JSON.stringify(linesOf.get(call)?.get(name) ?? null)));
    return values.size === 1;
  };
  const shared = new Set([...written.keys()].filter(isShared));
  const headersOf = (call: Call | undefined, isWanted: (name: string) => boolean): JsonObject => {
    const lines = call === undefined ? [] : [...(linesOf.get(call) ?? [])];
    return jsonObject(
      lines
        .filter(([name]) => isWanted(name))
        .map(([name, value]): [string, Json] => [written.get(name) ?? name, value]),
    );
  };
  return {
    shared: headersOf(calls[0], (name) => shared.has(name)),
    of: (call) => headersOf(call, (name) => !shared.has(name)),
  };
}
