/**
 * Secrets within a text: shapes that give themselves away, as `check` looks for them too, and values that a name before them
 * tells of, in whatever notation. Also within what the text is written in: percent-encoding, JSON, base64. Pure.
 */
import { findSecrets } from '../../contract/secrets.ts';
import { parseJson, type Json } from '../../protocol/json.ts';
import { isTelling } from '../../transport/credentials.ts';
import { isSecretMember, isSecretParameter } from './secret-members.ts';

/** Texts within texts beyond this depth are not read. */
export const DEEPEST = 4;

/** A secret within a text, by offset. */
export interface Place {
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

interface Notation {
  /** With the groups `name` and `value`; the value is looked ahead at, as it may hold pairs of its own. */
  readonly pattern: RegExp;
  /** A text without it is not searched. */
  readonly mark: RegExp;
  /** Whether the value of a name is secret; `names` are all that the text has in this notation. */
  readonly isSecret: (name: string, value: string, names: ReadonlySet<string>) => boolean;
}

const byName: Notation['isSecret'] = (name, value, names) => isSecretParameter(name, decoded(value), names);

/** How texts write that a name has a value. An encoded `=` counts, as `filter=password%3Dx` is a pair within a pair. */
const NOTATIONS: readonly Notation[] = [
  {
    // password=x  ?access_token=x  Password=x;User=y
    pattern:
      /(?:(?<![\w.%-])|%(?:25)*[\dA-Fa-f]{2})(?<name>[\w.[\]-]{1,60})(?:=|%(?:25)*3[Dd])(?=(?<value>(?:(?!%(?:25)*2[0236]|%(?:25)*3[BbCcEe])[^&\s"'#;<>\\])+))/dg,
    mark: /=|%(?:25)*3[Dd]/,
    isSecret: byName,
  },
  {
    // password="x"
    pattern: /(?<![\w.-])(?<name>[\w.-]{1,60})\s?=\s?\\*(?<quote>["'])(?=(?<value>(?:(?!\k<quote>)[^\\\r\n])+))/dg,
    mark: /=\s?\\*["']/,
    isSecret: byName,
  },
  {
    // GraphQL password: "x", and JSON that stands in a text: \"password\": \"x\"
    pattern:
      /(?<![\w.-])(?<name>[\w.-]{1,60})\\*["']?\s{0,3}:\s{0,3}\\*(?<quote>["'])(?=(?<value>(?:(?!\k<quote>)[^\\\r\n])+))/dg,
    mark: /:\s{0,3}\\*["']/,
    isSecret: byName,
  },
  {
    // YAML password: x, not the prose about passwords
    pattern: /(?<![\w.-])(?<name>[\w.-]{1,60})\s?:\s{1,3}(?=(?<value>[^\s"',;{}()[\]]{4,}))/dg,
    mark: /: /,
    isSecret: (name, value) =>
      isSecretMember(name, value) && /pass|pwd|secret/i.test(name) && /\d/.test(value) && isTelling(value),
  },
  {
    // <password>x</password>
    pattern:
      /<(?:[\w-]{1,60}:)?(?<name>[\w.-]{1,60})(?:\s[^<>]{0,200})?>(?:<!\[CDATA\[)?(?=(?<value>[^<\]]{1,4000})(?:\]\]>)?<\/)/dg,
    mark: /<\//,
    isSecret: byName,
  },
  {
    // A part of a multipart form.
    pattern:
      /\bname="?(?<name>[^"\r\n;]{1,60})"?[^\r\n]{0,200}(?:\r?\n[^\r\n]{1,200}){0,5}\r?\n\r?\n(?=(?<value>[^\r\n]{1,4000}))/dg,
    mark: /form-data/i,
    isSecret: byName,
  },
  {
    // The whole of a header or member, with a token too short for its shape.
    pattern: /^(?<name>Bearer|Token|OAuth|ApiKey|Negotiate)\s(?=(?<value>\S{4,})\s*$)/dgi,
    mark: /^(?:bearer|token|oauth|apikey|negotiate)\s/i,
    isSecret: (_, value) => /\d/.test(value) || value.length >= 16,
  },
];

/** A value that says nothing: what a program writes where there is none, and variables. */
const NO_VALUE = /^(?:null|true|false|undefined|none|\s*|\[object Object\]|\$\{?\w+\}?|\*+)$/i;

/**
 * Secrets that stand in the text as it is, each once, in order.
 *
 * @param isStandIn - true for what stands for a secret already
 */
export function placesIn(text: string, isStandIn: (value: string) => boolean): readonly Place[] {
  const found: Place[] = findSecrets(text).map(({ what, start, end }) => ({
    name: what.replace(/^an? /, ''),
    value: text.slice(start, end),
    start,
    end,
  }));
  for (const { pattern, mark, isSecret } of NOTATIONS) {
    if (!mark.test(text)) continue;
    const matches = [...text.matchAll(pattern)];
    const names = new Set(matches.map(({ groups }) => (groups?.['name'] ?? '').toLowerCase()));
    for (const { groups, indices } of matches) {
      const { name = '', value = '' } = groups ?? {};
      const [start, end] = indices?.groups?.['value'] ?? [0, 0];
      if (!NO_VALUE.test(value) && isSecret(name, value, names)) found.push({ name, value, start, end });
    }
  }
  const kept: Place[] = [];
  for (const place of found.toSorted((a, b) => a.start - b.start || b.end - a.end))
    if (place.start >= (kept.at(-1)?.end ?? 0) && !isStandIn(place.value)) kept.push(place);
  return kept;
}

/** What was read out of a text: the value that the text encodes, if it is worth reading. */
export function encodedIn(text: string): Json | undefined {
  if (/^\s*[[{"]/.test(text)) {
    const parsed = parseJson(text);
    return 'problem' in parsed ? undefined : parsed.value;
  }
  return /^[\w+/-]{12,}={0,2}$/.test(text) ? fromBase64(text) : undefined;
}

/** Only text is worth reading: most of what looks like base64 is a name, and decodes to noise. */
function fromBase64(text: string): string | undefined {
  const bytes = Buffer.from(text, 'base64');
  const plain = bytes.toString('utf8');
  // oxlint-disable-next-line no-control-regex -- noise is what these tell
  return /[\u0000-\u0008\u000E-\u001F\uFFFD]/.test(plain) ? undefined : plain;
}

export function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
