/** Texts that look like secrets, and how to show them without giving them away. */

/**
 * The part that is secret is group 1. A text without any of the marks is not searched: files of thousands of cases have
 * none. Source: the published forms of the tokens.
 */
// prettier-ignore
const SECRETS: readonly (readonly [what: string, marks: readonly string[], pattern: RegExp, isOne?: (text: string) => boolean])[] = [
  ['a bearer token', ['Bearer', 'bearer', 'BEARER'], /\bBearer\s+(?=[^\s"']*[\d=]|[\w-]{24})([A-Za-z0-9._~+/=-]{16,})/dgi],
  ['basic credentials', ['Basic'], /\bBasic\s+([A-Za-z0-9+/=]{12,})/dg, isUserAndPassword],
  ['a JSON Web Token', ['eyJ'], /\b(eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,})/dg],
  ['an AWS access key', ['AKIA', 'ASIA'], /\b((?:AKIA|ASIA)[0-9A-Z]{16})\b/dg],
  ['a LinkedIn access token', ['AQ'], /\b(AQ[A-Za-z0-9_-]{60,})/dg],
  ['a GitHub token', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], /\b(gh[pousr]_[A-Za-z0-9]{30,})/dg],
  ['a GitHub token', ['github_pat_'], /\b(github_pat_[A-Za-z0-9_]{20,})/dg],
  ['a GitLab token', ['glpat-'], /\b(glpat-[A-Za-z0-9_-]{16,})/dg],
  ['a Slack token', ['xox'], /\b(xox[abeoprs]-[A-Za-z0-9-]{8,})/dg],
  ['a Stripe key', ['_live_'], /\b([rs]k_live_[A-Za-z0-9]{10,})/dg],
  ['a Google API key', ['AIza'], /\b(AIza[A-Za-z0-9_-]{35})/dg],
  ['a password in a URL', ['://'], /:\/\/(?:\$\{[^}\s]*\}|\$(?!\{)|[^\s/:@"'$]){0,500}:([^\s/@"'${]+)@/dg],
  ['a private key', ['PRIVATE KEY'], /(-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----[^]*?(?:-----END[A-Z -]*|$))/dg],
];

export interface FoundSecret {
  readonly what: string;
  readonly start: number;
  readonly end: number;
  readonly masked: string;
}

/** Secrets in a text, by offset, each once. Variables (`${env.TOKEN}`) are none. */
export function findSecrets(text: string): readonly FoundSecret[] {
  const found: FoundSecret[] = [];
  for (const [what, marks, pattern, isOne] of SECRETS) {
    if (!marks.some((mark) => text.includes(mark))) continue;
    for (const match of text.matchAll(pattern)) {
      const secret = match[1] ?? '';
      const [start = match.index] = match.indices?.[1] ?? [];
      if (isOne?.(secret) === false) continue;
      if (found.some((known) => start < known.end && start + secret.length > known.start)) continue;
      found.push({ what, start, end: start + secret.length, masked: mask(secret) });
    }
  }
  return found.toSorted((a, b) => a.start - b.start);
}

/** The same text with every secret masked; lengths and lines stay, so that places do. For code frames. */
export function maskSecrets(text: string): string {
  let masked = '';
  let at = 0;
  for (const { start, end } of findSecrets(text)) {
    masked += text.slice(at, start) + text.slice(start, end).replace(/[^\r\n]/g, '*');
    at = end;
  }
  return masked + text.slice(at);
}

/** `Basic Configuration` is a title. */
function isUserAndPassword(base64: string): boolean {
  return (
    Buffer.from(base64, 'base64').includes(':') && !Buffer.from(base64, 'base64').toString('utf8').includes('\uFFFD')
  );
}

/** A long one is recognised by its beginning; of a short one nothing is shown. */
function mask(secret: string): string {
  return `${secret.length < 16 ? '' : secret.slice(0, 3)}… (${secret.length} characters)`;
}
