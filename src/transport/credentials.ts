/**
 * The secret values that the headers and URLs of an exchange show, for whoever looks for them everywhere else: a server
 * that echoes a cookie puts it where no name tells of it. Pure.
 */
import type { HeaderLines } from './exchange.ts';
import { isSecretHeader } from './secret-names.ts';

export interface Credential {
  /** Where it stood: the header, or the cookie. */
  readonly name: string;
  readonly value: string;
}

/**
 * Credentials in header lines: tokens of `Authorization`, the password of Basic (and a user that looks like a token),
 * each value of `Cookie` and `Set-Cookie`, and whole values of other secret headers; as written and decoded.
 */
export function credentialsOf(headers: HeaderLines): readonly Credential[] {
  return headers.flatMap(([name, value]) => (isSecretHeader(name) ? credentialsIn(name, value) : []));
}

function credentialsIn(name: string, value: string): readonly Credential[] {
  if (/^cookie$/i.test(name)) return value.split(';').flatMap(cookieOf);
  if (/^set-cookie$/i.test(name)) return cookieOf(value.split(';', 1)[0] ?? '');
  if (!/authorization$/i.test(name)) return named(name, [value.trim()], isTelling);

  const [, scheme, token = ''] = /^\s*(?:([A-Za-z][\w-]*)\s+)?(.*?)\s*$/s.exec(value) ?? [];
  const pair = /^basic$/i.test(scheme ?? '') ? Buffer.from(token, 'base64').toString('utf8') : token;
  // `Digest username="…", response="…"` and signed requests: what stands in quotes is the credential.
  const quoted = [...token.matchAll(/="([^"]*)"/g)].map(([, part = '']) => part);
  return [
    ...named(name, [token], isLongEnough),
    ...named(name, quoted, isTelling),
    ...(/^basic$/i.test(scheme ?? '') || (scheme === undefined && pair.includes(':')) ? userinfo(name, pair) : []),
  ];
}

function cookieOf(pair: string): readonly Credential[] {
  const equals = pair.indexOf('=');
  const value = pair.slice(equals + 1).trim();
  return named(
    equals < 0 ? 'Cookie' : pair.slice(0, equals).trim(),
    [value, value.replace(/^"(.*)"$/, '$1')],
    isTelling,
  );
}

/** Credentials that give themselves away in any text: those before the host of a URL, and JSON Web Tokens. */
export function credentialsInText(text: string): readonly Credential[] {
  // JSON may write each slash with a backslash before it.
  const urls = [...text.matchAll(/:(?:\\?\/){2}([^\s/@"'\\?#]{1,500})@/g)];
  const tokens = [...text.matchAll(/(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g)];
  return [
    ...urls.flatMap(([, pair = '']) => userinfo('userinfo', pair)),
    ...named(
      'token',
      tokens.map(([token]) => token),
      isLongEnough,
    ),
  ];
}

/** `user:password`. The user is a credential where nothing else is, or where it looks like a token. */
function userinfo(name: string, pair: string): readonly Credential[] {
  const colon = pair.indexOf(':');
  const [user, password] = colon < 0 ? [pair, ''] : [pair.slice(0, colon), pair.slice(colon + 1)];
  const isToken = password === '' ? isTelling(user) : user.length >= 8 && /\d/.test(user) && isTelling(user);
  return [...named(name, [password], isLongEnough), ...(isToken ? named(name, [user], isTelling) : [])];
}

function named(
  name: string,
  values: readonly string[],
  isLookedFor: (value: string) => boolean,
): readonly Credential[] {
  const forms = new Set(values.flatMap((value) => [value, decoded(value)]));
  return [...forms].filter(isLookedFor).map((value) => ({ name, value }));
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** What surely is a credential is looked for as soon as the redactor can: shorter ones would be found by chance. */
function isLongEnough(value: string): boolean {
  return value.length >= 4;
}

/**
 * Whether a value that may be a secret says enough to be looked for everywhere: `dark`, `en-US` and `10` of cookies are
 * settings, and would be found in texts that have nothing to do with them.
 */
export function isTelling(value: string): boolean {
  if (COMMON.has(value.toLowerCase())) return false;
  if (/^\d+$/.test(value)) return value.length >= 7;
  return value.length >= 6 || (value.length >= 4 && /\d/.test(value) && /[a-z]/i.test(value));
}

/** Words of every body and of every schema. */
const COMMON: ReadonlySet<string> = new Set(
  (
    'elements results errors entities statuses status paging metadata location value params criteria fields message ' +
    'string integer number boolean object accept accepted active inactive enabled disabled default public private ' +
    'undefined unknown required optional application/json'
  ).split(' '),
);
