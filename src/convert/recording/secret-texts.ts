/**
 * Secrets within a text: shapes that give themselves away, as `check` looks for them too, and values that a name before them
 * tells of, in whatever notation. Also within what the text is written in: percent-encoding, JSON, base64. Pure.
 */
import { findSecrets } from '../../contract/secrets.ts';
import { parseJson, type Json } from '../../protocol/json.ts';
import { isSecretMember, isSecretParameter, mayBeSecret } from './secret-members.ts';

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
  /** All before the value, with the group `name`, and `quote` where the value is quoted. */
  readonly head: RegExp;
  /** The value, from where the head ends; with a length, as every head of a long text may have one. */
  readonly value: RegExp | typeof QUOTED;
  /** A text without it is not searched. */
  readonly mark: RegExp;
  /** Whether the value of a name is secret; `names` are all that the text has in this notation. */
  readonly isSecret: (name: string, value: string, names: ReadonlySet<string>) => boolean;
}

const byName: Notation['isSecret'] = (name, value, names) => isSecretParameter(name, decoded(value), names);

/** What stands between quotes; between escaped ones up to the next backslash. */
const QUOTED: ReadonlyMap<string, RegExp> = new Map([
  ['"', /(?:[^"\\\r\n]|\\.){1,4000}/y],
  ["'", /(?:[^'\\\r\n]|\\.){1,4000}/y],
  ['\\"', /[^"\\]{1,4000}/y],
  ["\\'", /[^'\\]{1,4000}/y],
]);

/** How texts write that a name has a value. An encoded `=` counts, as `filter=password%3Dx` is a pair within a pair. */
const NOTATIONS: readonly Notation[] = [
  {
    // password=x  ?access_token=x  Password = x; User = y
    head: /(?:(?<![\w.%-])|%(?:25)*[\dA-Fa-f]{2})(?<name>[\w.[\]-]{1,60})\s?=>?\s?/g,
    value: /[^&\s"'#;<>\\]{1,4000}/y,
    mark: /=/,
    isSecret: byName,
  },
  {
    // ?filter=password%3Dx%26a%3D1
    head: /(?:(?<![\w.%-])|%(?:25)*[\dA-Fa-f]{2})(?<name>[\w.[\]-]{1,60})%(?:25)*3[Dd]/g,
    value: /(?:(?!%(?:25)*2[0236]|%(?:25)*3[BbCcEe])[^&\s"'#;<>\\]){1,4000}/y,
    mark: /%(?:25)*3[Dd]/,
    isSecret: byName,
  },
  {
    // password="x"
    head: /(?<![\w.-])(?<name>[\w.-]{1,60})\s?=>?\s?(?<quote>\\?["'])/g,
    value: QUOTED,
    mark: /=>?\s?\\?["']/,
    isSecret: byName,
  },
  {
    // GraphQL password: "x", and JSON that stands in a text: \"password\": \"x\"
    head: /(?<![\w.-])(?<name>[\w.-]{1,60})\\{0,9}["']?\s{0,3}:\s{0,3}\\{0,9}(?<quote>\\?["'])/g,
    value: QUOTED,
    mark: /["']/,
    isSecret: byName,
  },
  {
    // YAML password: x, not the prose about passwords
    head: /(?<![\w.-])(?<name>[\w.-]{1,60})\s?:\s{1,3}/g,
    value: /[^\s"',;{}()[\]]{4,4000}/y,
    mark: /: /,
    isSecret: (name, value) => isSecretMember(name, value) && /pass|pwd|secret/i.test(name) && /\d/.test(value),
  },
  {
    // <password>x</password>
    head: /<(?:[\w-]{1,60}:)?(?<name>[\w.-]{1,60})(?:\s[^<>]{0,200})?>(?:<!\[CDATA\[)?/g,
    value: /[^<\]]{1,4000}/y,
    mark: /<\//,
    isSecret: byName,
  },
  {
    // <entry key="password">x</entry>
    head: /<[\w:.-]{1,60}\s[^<>]{0,200}?\b(?:key|name|id)=["'](?<name>[\w.-]{1,60})["'][^<>]{0,200}>/g,
    value: /[^<]{1,4000}/y,
    mark: /<\//,
    isSecret: byName,
  },
  {
    // <add name="password" value="x"/>
    head: /\b(?:key|name|id)=["'](?<name>[\w.-]{1,60})["']\s[^<>"']{0,60}\bvalue=(?<quote>["'])/g,
    value: QUOTED,
    mark: /value=/,
    isSecret: byName,
  },
  {
    // A part of a multipart form.
    head: /\bname="(?<name>[^"\r\n]{1,60})"[^\r\n]{0,200}(?:\r?\n[^\r\n]{1,200}){0,5}\r?\n\r?\n/g,
    value: /[^\r\n]{1,4000}/y,
    mark: /form-data/i,
    isSecret: byName,
  },
  {
    // A token too short for its shape.
    head: /\b(?<name>Bearer)\s{1,3}/gi,
    value: /[\w.~+/=-]{8,4000}/y,
    mark: /bearer\s/i,
    isSecret: (_, value) => /\d/.test(value),
  },
  {
    // The whole of a header or member.
    head: /^(?<name>Bearer|Token|OAuth|ApiKey|Negotiate)\s/gi,
    value: /\S{4,4000}(?=\s*$)/y,
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
  for (const { head, value: form, mark, isSecret } of NOTATIONS) {
    if (!mark.test(text)) continue;
    const heads = [...text.matchAll(head)];
    const names = new Set(heads.map(({ groups }) => (groups?.['name'] ?? '').toLowerCase()));
    let after = 0;
    for (const { 0: before, index, groups } of heads) {
      const { name = '', quote = '' } = groups ?? {};
      const start = index + before.length;
      const pattern = form instanceof RegExp ? form : form.get(quote);
      // What stands within a secret is gone with it.
      if (start < after || pattern === undefined || !mayBeSecret(name)) continue;
      pattern.lastIndex = start;
      const [value = ''] = pattern.exec(text) ?? [];
      if (NO_VALUE.test(value) || !isSecret(name, value, names)) continue;
      after = start + value.length;
      found.push({ name, value, start, end: after });
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
  if (/^(?:[\da-f]{2}){10,}$/i.test(text)) return plainText(Buffer.from(text, 'hex'));
  const base64 = /^(?:data:[^,]{0,100};base64,)?([\w+/-]{12,}={0,2})$/.exec(text)?.[1];
  return base64 === undefined ? undefined : plainText(Buffer.from(base64, 'base64'));
}

/** Only text is worth reading: most of what looks like base64 is a name, and decodes to noise. */
function plainText(bytes: Buffer): string | undefined {
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

/** Without the escapes of HTML and of scripts: `&lt;` and `\u003c`. */
export function unescaped(text: string): string {
  if (!text.includes('&') && !text.includes('\\')) return text;
  return text
    .replace(/\\+u00([\da-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/&(lt|gt|quot|amp);/g, (_, name: string) => ENTITIES.get(name) ?? '')
    .replace(/\\+(["'/])/g, '$1');
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['amp', '&'],
]);
