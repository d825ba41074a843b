/** Which proxy, if any, carries requests to an origin. Pure: the environment is an argument. */

export interface ProxyOptions {
  /** `http://user:password@host:port` or https. */
  readonly url: string;
  /** As NO_PROXY: hosts, `.domain`, `host:port`, `*`; separated by commas or spaces. */
  readonly noProxy?: string;
}

export interface Proxy {
  /** `http://host:port`, without credentials. */
  readonly origin: string;
  /** Value of Proxy-Authorization; null without credentials. */
  readonly authorization: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for an origin; null: connect directly.
 *
 * `options` wins over the environment. As in curl, lower-case names win over upper-case ones, and HTTP_PROXY is read too,
 * because this is no CGI program.
 *
 * @returns the proxy, null, or a sentence about a proxy URL that cannot be used
 */
export function proxyFor(
  origin: string,
  options: ProxyOptions | undefined,
  env: Environment | undefined,
): Proxy | null | string {
  const target = new URL(origin);
  const fromEnv = (name: string): string | undefined => env?.[name.toLowerCase()] || env?.[name] || undefined;

  const url =
    options?.url ?? fromEnv(target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY') ?? fromEnv('ALL_PROXY');
  if (url === undefined || url === '') return null;

  const noProxy = options?.noProxy ?? fromEnv('NO_PROXY') ?? '';
  if (isExcluded(target, noProxy)) return null;

  return readProxyUrl(url);
}

function readProxyUrl(text: string): Proxy | string {
  const withScheme = text.includes('://') ? text : `http://${text}`;
  const url = URL.canParse(withScheme) ? new URL(withScheme) : null;
  // The text itself is not repeated: it may hold a password.
  if (url === null || url.hostname === '') return 'The proxy URL is not of the form http://host:port.';
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return `A proxy of scheme ${url.protocol}// is not supported, only http and https.`;

  const credentials = `${decode(url.username)}:${decode(url.password)}`;
  return {
    origin: url.origin,
    authorization: credentials === ':' ? null : `Basic ${Buffer.from(credentials, 'utf8').toString('base64')}`,
  };
}

function isExcluded(target: URL, noProxy: string): boolean {
  const host = target.hostname.toLowerCase();
  const port = target.port || (target.protocol === 'https:' ? '443' : '80');

  return noProxy.split(/[\s,]+/).some((entry) => {
    if (entry === '') return false;
    if (entry === '*') return true;
    const [, name = '', entryPort] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (name === '' || (entryPort !== undefined && entryPort !== port)) return false;
    const bare = name.replace(/^\*?\./, '');
    return host === bare || host.endsWith(`.${bare}`);
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
