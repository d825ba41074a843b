/** What the wire can be told, and what it does untold. */
import type { TlsOptions } from './connect.ts';
import type { ProxyOptions } from './proxy.ts';
import type { RedirectOptions } from './redirect.ts';

export interface WireLimits {
  /** Name look-up, TCP, proxy tunnel and TLS together. */
  readonly connectTimeoutMs: number;
  /** From the request sent to the end of the response head. */
  readonly headersTimeoutMs: number;
  /** Longest silence within a body. */
  readonly bodyTimeoutMs: number;
  /** From `send` to the last byte, waiting for a free connection included. */
  readonly totalTimeoutMs: number;
  /** Of the body, as received and after inflating. */
  readonly maxBodyBytes: number;
  readonly maxInflateRatio: number;
  readonly maxInflateLayers: number;
  readonly maxHeaderBytes: number;
}

export interface WireOptions extends Partial<WireLimits> {
  /** Connections to one origin at most. */
  readonly connections?: number;
  /** False: a new connection for each request. */
  readonly keepAlive?: boolean;
  readonly tls?: TlsOptions;
  readonly proxy?: ProxyOptions;
  /**
   * Plain origin -> where its connections really go: `http://name:8080` -> `http://127.0.0.1:49152`. As with curl's
   * `--connect-to` the request keeps the name, in its Host header too. No proxy is asked.
   */
  readonly connectTo?: ReadonlyMap<string, string>;
  /** Default false: a redirect is an answer like any other. */
  readonly followRedirects?: false | RedirectOptions;
  /** Where HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY are read; left out: nowhere. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export const WIRE_DEFAULTS: WireLimits = {
  connectTimeoutMs: 5_000,
  headersTimeoutMs: 10_000,
  bodyTimeoutMs: 10_000,
  totalTimeoutMs: 30_000,
  maxBodyBytes: 10_000_000,
  maxInflateRatio: 200,
  maxInflateLayers: 2,
  maxHeaderBytes: 16_384,
};

/** A limit given as undefined is a limit not given. */
export function limitsOf(options: WireOptions): WireLimits {
  return {
    connectTimeoutMs: options.connectTimeoutMs ?? WIRE_DEFAULTS.connectTimeoutMs,
    headersTimeoutMs: options.headersTimeoutMs ?? WIRE_DEFAULTS.headersTimeoutMs,
    bodyTimeoutMs: options.bodyTimeoutMs ?? WIRE_DEFAULTS.bodyTimeoutMs,
    totalTimeoutMs: options.totalTimeoutMs ?? WIRE_DEFAULTS.totalTimeoutMs,
    maxBodyBytes: options.maxBodyBytes ?? WIRE_DEFAULTS.maxBodyBytes,
    maxInflateRatio: options.maxInflateRatio ?? WIRE_DEFAULTS.maxInflateRatio,
    maxInflateLayers: options.maxInflateLayers ?? WIRE_DEFAULTS.maxInflateLayers,
    maxHeaderBytes: options.maxHeaderBytes ?? WIRE_DEFAULTS.maxHeaderBytes,
  };
}
