/** A URL cut where HTTP cuts it; nothing is normalised. */

const SCHEME = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)/i;

/**
 * A URL cut into origin and raw target, nothing normalised.
 *
 * @returns null for what is no http URL; without a scheme it is taken as http, as curl does
 */
export function splitUrl(url: string): { readonly origin: string; readonly target: string } | null {
  // `data:…` has a scheme of another kind, `localhost:8080` none.
  if (/^[a-z][a-z0-9+.-]*:(?!\/\/|\d)/i.test(url)) return null;
  const full = SCHEME.test(url) ? url : `http://${url}`;
  const origin = SCHEME.exec(full)?.[1];
  if (origin === undefined || !/^https?:\/\/[^/]+$/i.test(origin)) return null;
  const rest = full.slice(origin.length).split('#', 1)[0] ?? '';
  // Credentials in a URL are no part of what is called.
  const host = origin.replace(/^(https?:\/\/)[^@]*@/i, '$1');
  return { origin: host, target: rest.startsWith('/') ? rest : `/${rest}` };
}
