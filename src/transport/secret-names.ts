/** Which names say that their value is a secret. Pure. */

const SECRET_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-csrf-token',
  'x-amz-security-token',
]);

/** Part of a name that makes what it names a secret, wherever in the name it stands. */
const SECRET_PART =
  /token|secret|passw(?:or)?d|passphrase|passcode|passkey|api[-_]?key|session|sessid|credential|private[-_]?key|^(?:(?:x|http|proxy)[-_]?)?authorization$|^(?:set-)?cookie$/i;

/** Names that only look like it: cursors of pages, and what says of which kind or age a token is. */
const HARMLESS_NAME =
  /page[-_]?token|^(?:next|prev|previous|continuation|sync|scroll)[-_]?token$|token[-_]?(?:type|url|uri|endpoint|count|limit|expir\w*)$|^tokens?[-_]?(?:used|count)$/i;

/**
 * What is secret as a word of its own, and not as a part of one: `auth`, `x-auth`, `authCode`, but never `author` or
 * `organizationAuthorizations`. The words of a name are separated by a blank here.
 */
const SECRET_WORDS =
  /\b(?:o?auth|jwts?|pwd|signature|bearer|[cx]srf|hmac|creds?|accesskey|(?:access|account|auth|encryption|functions?|master|shared|signing|subscription) key|client assertion|code verifier|saml (?:assertion|response)|ssh key|cvv|cvc|(?:admin|db|ftp|login|mail|my|proxy|root|smtp|user) pass|authorization (?:code|header))\b|\b(?:otp|pw|sid|sig)(?: v)?$/;

/** Last words of names that speak about a secret without holding it: `authType`, `signatureVersion`. */
const HARMLESS_END =
  / (?:alg|algorithm|at|count|date|enabled|endpoint|errors?|expires|expiry|expiration|failures?|format|level|limit|method|mode|provider|realm|required|scheme|status|time|type|ur[il]|version)s?$/;

/** Source of a cheap test, taken without regard to case: a text without a match names no secret. */
export const SECRET_NAME_MARKS =
  'token|secret|passw|passphrase|passcode|passkey|api[-_]?key|sess(?:ion|id)|credential|private[-_]?key|authorization|cookie|' +
  'auth(?!ors?(?![a-z]))|jwt|pwd|signature|bearer|[cx]srf|hmac|creds?(?![a-z])|' +
  '(?:access|account|encryption|functions?|master|shared|signing|subscription)[^a-z]{0,3}key|client[^a-z]{0,3}assertion|' +
  'code[^a-z]{0,3}verifier|saml|ssh[^a-z]{0,3}key|cv[vc](?![a-z])|(?:admin|db|ftp|login|mail|my|proxy|root|smtp|user)[^a-z]{0,3}pass(?![a-z])|' +
  '(?:otp|pw|sid|sig)(?![a-z])';

/** True for a header whose value must not be shown, nor sent on to another origin. */
export function isSecretHeader(name: string): boolean {
  return SECRET_HEADERS.has(name.toLowerCase()) || /-authorization$/i.test(name) || isSecretField(name);
}

/**
 * True for a body field or query parameter whose value must not be shown. `pageToken` and its like are none.
 *
 * Words are told apart as in `accessKey`, `access_key`, `Access-Key` and `ACCESS_KEY`.
 */
export function isSecretField(name: string): boolean {
  if (SECRET_PART.test(name)) return !HARMLESS_NAME.test(name);
  const words = wordsOf(name);
  return SECRET_WORDS.test(words) && !HARMLESS_END.test(words);
}

function wordsOf(name: string): string {
  return name
    .replace(/([a-z])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$3 $2')
    .replace(/[^A-Za-z]+/g, ' ')
    .trim()
    .toLowerCase();
}
