/** Authorization headers: a given token, a user and password, or a token fetched by OAuth 2 and kept until it expires. */
import type { Exchange, HeaderLines, TransportFailure } from './exchange.ts';
import { headerOf } from './exchange.ts';
import { failure } from './failure.ts';
import { isLoopback } from './loopback.ts';
import type { Redactor } from './redact.ts';
import type { Transport } from './transport.ts';

export interface OAuth2Options {
  /** https, or http on loopback. */
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Scopes, separated by spaces. */
  readonly scope?: string;
  /** Grant `refresh_token` instead of `client_credentials`. */
  readonly refreshToken?: string;
}

export type AuthOptions =
  | { readonly bearer: string }
  | { readonly basic: { readonly user: string; readonly password: string } }
  | { readonly oauth2: OAuth2Options };

export type AuthHeaders = { readonly headers: HeaderLines } | { readonly failure: TransportFailure };

export interface Auth {
  /** The header lines for the next request; fetches a token where none is at hand. Never rejects. */
  headers(signal?: AbortSignal): Promise<AuthHeaders>;
  /**
   * To be called after a 401.
   *
   * @returns true if another token can be had, so that one more try makes sense; a token is refused once only
   */
  refused(used: HeaderLines): boolean;
}

export interface AuthSurroundings {
  /** Carries the requests to the token endpoint. */
  readonly transport: Transport;
  /** Learns every secret, fetched tokens included. */
  readonly redactor: Redactor;
  /** Milliseconds of a clock that never jumps. Default `performance.now`. */
  readonly now?: () => number;
}

/** A token is renewed this long before it expires, so that it does not run out on its way. */
const RENEW_BEFORE_MS = 30_000;
/** Where the server does not say how long a token lives. */
const DEFAULT_LIFE_S = 300;

/**
 * The authorization of a run. Secrets are made known to the redactor at once.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4 (client credentials) and section 6 (refresh)
 */
export function createAuth(options: AuthOptions, surroundings: AuthSurroundings): Auth {
  const { redactor } = surroundings;
  if ('oauth2' in options) return new OAuth2(options.oauth2, surroundings);

  if ('bearer' in options) {
    redactor.addValue(options.bearer);
    return fixed(`Bearer ${options.bearer}`);
  }
  const { user, password } = options.basic;
  redactor.addValue(password);
  return fixed(`Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`);
}

/**
 * A transport that authorizes what it sends. A request that brings its own Authorization goes out unchanged; a 401 on a
 * fetched token leads to one more try with a new one.
 */
export function authorize(inner: Transport, auth: Auth): Transport {
  return {
    close: () => inner.close(),
    send: async (request, options) => {
      if (headerOf(request.headers, 'authorization') !== null) return inner.send(request, options);

      const attempt = async (): Promise<{ readonly exchange: Exchange; readonly used: HeaderLines }> => {
        const outcome = await auth.headers(options?.signal);
        if ('failure' in outcome)
          return { exchange: { request, response: null, failure: outcome.failure, durationMs: 0 }, used: [] };
        const exchange = await inner.send({ ...request, headers: [...request.headers, ...outcome.headers] }, options);
        return { exchange, used: outcome.headers };
      };

      const first = await attempt();
      if (first.exchange.response?.status !== 401 || !auth.refused(first.used)) return first.exchange;
      const second = await attempt();
      return second.exchange;
    },
  };
}

function fixed(value: string): Auth {
  const answer: AuthHeaders = { headers: [['Authorization', value]] };
  return { headers: () => Promise.resolve(answer), refused: () => false };
}

interface Token {
  readonly header: string;
  readonly goodUntilMs: number;
}

class OAuth2 implements Auth {
  readonly #options: OAuth2Options;
  readonly #transport: Transport;
  readonly #redactor: Redactor;
  readonly #now: () => number;
  #refreshToken: string | null;
  #token: Token | null = null;
  #fetching: Promise<Token | TransportFailure> | null = null;
  /** The header fetched after a refusal: if it is refused too, a third would be. */
  #secondChance: string | null = null;
  #wasRefused = false;

  constructor(options: OAuth2Options, { transport, redactor, now }: AuthSurroundings) {
    this.#options = options;
    this.#transport = transport;
    this.#redactor = redactor;
    this.#now = now ?? ((): number => performance.now());
    this.#refreshToken = options.refreshToken ?? null;
    redactor.addValue(options.clientSecret);
    if (options.refreshToken !== undefined) redactor.addValue(options.refreshToken);
  }

  async headers(signal?: AbortSignal): Promise<AuthHeaders> {
    if (this.#token !== null && this.#now() < this.#token.goodUntilMs)
      return { headers: [['Authorization', this.#token.header]] };

    // Requests side by side share one token request.
    this.#fetching ??= this.#fetchToken(signal).finally(() => (this.#fetching = null));
    const outcome = await this.#fetching;
    if ('code' in outcome) return { failure: outcome };
    this.#token = outcome;
    return { headers: [['Authorization', outcome.header]] };
  }

  refused(used: HeaderLines): boolean {
    const header = headerOf(used, 'authorization');
    if (header === null || header === this.#secondChance) return false;
    // Another request may have renewed it in the meantime; then that one is tried.
    if (this.#token?.header !== header) return true;
    this.#token = null;
    this.#wasRefused = true;
    return true;
  }

  async #fetchToken(signal: AbortSignal | undefined): Promise<Token | TransportFailure> {
    const { tokenUrl, clientId, clientSecret, scope } = this.#options;
    if (!URL.canParse(tokenUrl))
      return failure('auth-failed', `The token URL ${JSON.stringify(tokenUrl)} is not a URL.`);
    const url = new URL(tokenUrl);
    const isPlain = url.protocol === 'http:';
    if (url.protocol !== 'https:' && !(isPlain && isLoopback(url.origin))) {
      return failure('auth-failed', `The token URL must be https, or http on this machine; it is on ${url.origin}.`);
    }

    const oauth = await import('oauth4webapi');
    const server = { issuer: url.origin, token_endpoint: tokenUrl };
    const parameters = new URLSearchParams();
    if (scope !== undefined) parameters.set('scope', scope);
    if (this.#refreshToken !== null) parameters.set('refresh_token', this.#refreshToken);
    const grant = this.#refreshToken === null ? 'client_credentials' : 'refresh_token';

    const sent: { exchange: Exchange | null } = { exchange: null };
    try {
      const response = await oauth.genericTokenEndpointRequest(
        server,
        { client_id: clientId },
        oauth.ClientSecretPost(clientSecret),
        grant,
        parameters,
        {
          [oauth.customFetch]: async (address, init) => {
            sent.exchange = await this.#post(address, init.headers, init.body, signal);
            return toResponse(sent.exchange);
          },
          [oauth.allowInsecureRequests]: isPlain,
        },
      );
      const answer = await oauth.processGenericTokenEndpointResponse(server, { client_id: clientId }, response);

      this.#redactor.addValue(answer.access_token);
      if (answer.refresh_token !== undefined) {
        this.#redactor.addValue(answer.refresh_token);
        if (this.#refreshToken !== null) this.#refreshToken = answer.refresh_token;
      }
      const lifeMs = (answer.expires_in ?? DEFAULT_LIFE_S) * 1_000;
      const header = `Bearer ${answer.access_token}`;
      this.#secondChance = this.#wasRefused ? header : null;
      this.#wasRefused = false;
      return { header, goodUntilMs: this.#now() + lifeMs - Math.min(RENEW_BEFORE_MS, lifeMs / 10) };
    } catch (error) {
      return noToken(url.host, sent.exchange, error);
    }
  }

  #post(
    address: string,
    headers: Readonly<Record<string, string>>,
    body: URLSearchParams | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Exchange> {
    const url = new URL(address);
    return this.#transport.send(
      {
        verb: 'POST',
        origin: url.origin,
        target: url.pathname + url.search,
        headers: Object.entries(headers),
        body: Buffer.from(body?.toString() ?? '', 'utf8'),
      },
      signal === undefined ? {} : { signal },
    );
  }
}

/** The reader must not look for the fault at the endpoint under test, which was never asked. */
function noToken(host: string, exchange: Exchange | null, error: unknown): TransportFailure {
  const failed = exchange?.failure ?? null;
  if (failed?.phase === 'aborted') return failed;
  const start = `The token endpoint ${host}`;
  if (failed !== null) return failure('auth-failed', `${start} gave no answer: ${failed.message}`);
  const response = exchange?.response ?? null;
  const type = response === null ? null : headerOf(response.headers, 'content-type');
  const answered =
    response === null || type === null || /json/i.test(type) ? '' : ` answered ${response.status} with ${type} and`;
  return failure('auth-failed', `${start}${answered} gave no token: ${explain(error)}.`);
}

/** LinkedIn's token endpoint leaves out `token_type`, which RFC 6749 5.1 requires and the library insists on. */
function toResponse(exchange: Exchange): Response {
  const { response } = exchange;
  if (response === null || exchange.failure !== null) throw new Error('no answer');

  let body: Uint8Array | string = response.body;
  try {
    const json: unknown = JSON.parse(Buffer.from(response.body).toString('utf8'));
    if (typeof json === 'object' && json !== null && 'access_token' in json && !('token_type' in json))
      body = JSON.stringify({ ...json, token_type: 'bearer' });
  } catch {
    // Not JSON: the library says so in its own words.
  }
  const hasNoBody = response.status === 204 || response.status === 304;
  return new Response(hasNoBody ? null : Buffer.from(body), {
    status: response.status,
    headers: { 'content-type': headerOf(response.headers, 'content-type') ?? '' },
  });
}

/** What the token endpoint or the library said; never the request, which holds the secret. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('error' in error && typeof error.error === 'string') {
    const detail =
      'error_description' in error && typeof error.error_description === 'string'
        ? ` (${error.error_description})`
        : '';
    const status = 'status' in error && typeof error.status === 'number' ? `${error.status} ` : '';
    return `${status}${error.error}${detail}`;
  }
  const cause = error.cause instanceof Error ? `, ${error.cause.message}` : '';
  return error.message + cause;
}
