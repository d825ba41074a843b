/** Which names say that their value is a secret. Pure. */

const SECRET_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-csrf-token',
  'x-amz-security-token',
]);

/** Part of a name that makes what it names a secret. */
const SECRET_NAME =
  /token|secret|passw(?:or)?d|passphrase|api[-_]?key|session|credential|private[-_]?key|^authorization$|^(?:set-)?cookie$/i;

/** Names that only look like it: cursors of pages, and what says of which kind or age a token is. */
const HARMLESS_NAME =
  /page[-_]?token|^(?:next|prev|previous|continuation|sync|scroll)[-_]?token$|token[-_]?(?:type|url|uri|endpoint|count|limit|expir\w*)$|^tokens?[-_]?(?:used|count)$/i;

/** Source of a cheap test: a text without a match names no secret. */
export const SECRET_NAME_MARKS =
  'token|secret|passw|passphrase|api[-_]?key|session|credential|private[-_]?key|authorization|cookie';

/** True for a header whose value must not be shown, nor sent on to another origin. */
export function isSecretHeader(name: string): boolean {
  return SECRET_HEADERS.has(name.toLowerCase()) || isSecretField(name);
}

/** True for a body field or query parameter whose value must not be shown. `pageToken` and its like are none. */
export function isSecretField(name: string): boolean {
  return SECRET_NAME.test(name) && !HARMLESS_NAME.test(name);
}
