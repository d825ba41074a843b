/** Follows redirects where the user asks for it, and refuses those that would leak or surprise. Works over any transport. */
import type { Exchange, HttpRequest, HttpResponse, TransportFailure } from './exchange.ts';
import { headerOf } from './exchange.ts';
import { failure } from './failure.ts';
import { isLoopback } from './loopback.ts';
import { isSecretHeader } from './secret-names.ts';
import type { Transport } from './transport.ts';

export interface RedirectOptions {
  /** Hops at most. Default 10. */
  readonly maxHops?: number;
  /** True: other origins may be followed to, without any secret header. Default false. */
  readonly crossOrigin?: boolean;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** 307 and 308 keep verb and body; the older three may turn a POST into a GET, which here never happens silently. */
const KEEPS_VERB: ReadonlySet<number> = new Set([307, 308]);

/**
 * A transport that answers with the end of a chain of redirects. The exchange shows the request as first sent.
 *
 * A 301, 302 or 303 on a verb other than GET and HEAD is not followed: the caller sees the redirect itself.
 */
export function followRedirects(inner: Transport, options: RedirectOptions = {}): Transport {
  return {
    close: () => inner.close(),
    send: async (request, sendOptions) => {
      const chain = [request.origin + request.target];
      let current = request;
      let durationMs = 0;

      for (;;) {
        const left =
          sendOptions?.timeoutMs === undefined ? {} : { timeoutMs: Math.max(1, sendOptions.timeoutMs - durationMs) };
        const exchange = await inner.send(current, { ...sendOptions, ...left });
        durationMs += exchange.durationMs;
        const end = (failed: TransportFailure | null): Exchange => ({
          request,
          response: exchange.response,
          failure: failed,
          durationMs,
        });

        if (exchange.failure !== null || exchange.response === null) return end(exchange.failure);
        const next = nextHop(current, exchange.response, options);
        if (next === null) return end(null);
        if ('code' in next) return end(next);

        const address = next.origin + next.target;
        if (chain.includes(address))
          return end(failure('redirect-loop', `The redirects lead in a circle: ${shorten([...chain, address])}.`));
        if (chain.length > (options.maxHops ?? 10)) {
          return end(
            failure(
              'too-many-redirects',
              `More than ${options.maxHops ?? 10} redirects: ${shorten([...chain, address])}.`,
            ),
          );
        }
        chain.push(address);
        current = next;
      }
    },
  };
}

/**
 * The request that a redirect asks for.
 *
 * @returns null if the answer is no redirect or must not be followed silently; the failure if the place is refused
 */
export function nextHop(
  request: HttpRequest,
  response: HttpResponse,
  options: RedirectOptions = {},
): HttpRequest | TransportFailure | null {
  if (!REDIRECTS.has(response.status)) return null;
  const location = headerOf(response.headers, 'location');
  if (location === null) return null;
  if (!KEEPS_VERB.has(response.status) && request.verb !== 'GET' && request.verb !== 'HEAD') return null;

  const place = locate(request, location);
  if (place === null)
    return failure(
      'redirect-refused',
      `The redirect to ${JSON.stringify(location.slice(0, 200))} is not followed: it is no http address.`,
    );
  const reason = refusal(request.origin, place.origin, options);
  if (reason !== null)
    return failure(
      'redirect-refused',
      `The redirect to ${JSON.stringify(location.slice(0, 200))} is not followed: ${reason}.`,
    );

  const headers = request.headers.filter(
    ([name]) => place.origin === request.origin || (!isSecretHeader(name) && name.toLowerCase() !== 'host'),
  );
  return { ...request, origin: place.origin, target: place.target, headers };
}

/** Origin and target of a Location, the target byte for byte as written. */
function locate(request: HttpRequest, location: string): { readonly origin: string; readonly target: string } | null {
  const base = request.origin + request.target;
  if (!URL.canParse(location, base)) return null;
  const url = new URL(location, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;

  const raw = location.replace(/#.*$/s, '');
  const [, afterAuthority] = /^(?:[A-Za-z][\w+.-]*:)?\/\/[^/?#]*(.*)$/s.exec(raw) ?? [];
  const isAbsolutePath = afterAuthority === undefined && raw.startsWith('/');
  const target = isAbsolutePath
    ? raw
    : afterAuthority?.startsWith('/') === true
      ? afterAuthority
      : url.pathname + url.search;
  return { origin: url.origin === new URL(request.origin).origin ? request.origin : url.origin, target };
}

function refusal(from: string, to: string, options: RedirectOptions): string | null {
  if (from === to) return null;
  const { hostname, protocol } = new URL(to);
  // Cloud metadata lives there; nothing that a public API redirects to does.
  if (
    hostname.startsWith('169.254.') ||
    /^\[fe[89ab][\da-f]:/.test(hostname) ||
    hostname === '0.0.0.0' ||
    hostname === '[::]'
  ) {
    return `${hostname} is a link-local or unspecified address`;
  }
  if (isLoopback(to) && !isLoopback(from)) return `it leads from ${from} to this machine`;
  if (new URL(from).protocol === 'https:' && protocol === 'http:') return 'it leads from https to http';
  return options.crossOrigin === true ? null : `it leads to another origin, ${to}`;
}

function shorten(chain: readonly string[]): string {
  return chain.length <= 5
    ? chain.join(' -> ')
    : [...chain.slice(0, 3), `(${chain.length - 4} more)`, ...chain.slice(-1)].join(' -> ');
}
