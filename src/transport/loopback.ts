/** Which origins are this machine itself. Pure: names are not resolved. */

/**
 * True if requests to the origin stay on this machine: `127.0.0.0/8`, `localhost` and names below it, `[::1]`.
 *
 * @param origin - `http://127.0.0.1:8080`; anything that is not a URL is not loopback
 * @see https://www.rfc-editor.org/rfc/rfc6761#section-6.3 (localhost names never leave the machine)
 */
export function isLoopback(origin: string): boolean {
  if (!URL.canParse(origin)) return false;

  // URL has already folded `127.1`, `0x7f000001` and upper case into their plain forms.
  const host = new URL(origin).hostname.replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost') || host === '[::1]') return true;
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host) || /^\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\]$/.test(host);
}
