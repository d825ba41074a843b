/**
 * The redactor: everything that leaves the process passes through it. Secrets are known by the name of their header or
 * field, by value, and by the encoded forms of that value.
 */
import type { Exchange, HeaderLines, TransportFailure } from './exchange.ts';
import { redactJson, type JsonSecrets } from './redact-json.ts';
import { secretPatterns } from './secret-forms.ts';
import { isSecretField, isSecretHeader, SECRET_NAME_MARKS } from './secret-names.ts';

/** Stands in the place of every secret. */
export const MASK = '‹redacted›';

/** An exchange that may be stored and shown. */
export type RedactedExchange = Exchange & { readonly redacted: true };

export interface RedactorOptions {
  /** Names of headers that are secret beside the built-in ones; any case. */
  readonly headerNames?: readonly string[];
  /** Names of body fields and query parameters that are secret beside the built-in ones; any case. */
  readonly fieldNames?: readonly string[];
  /** Secret values; those of fewer than 4 characters are not looked for. */
  readonly values?: readonly string[];
  /** JSON Pointers into bodies, `/owner/taxId`; a segment `*` stands for any key or index. */
  readonly pointers?: readonly string[];
}

export interface Redactor {
  /** Any text: message, curl, URL, header line, JSON. The same string if nothing is secret. */
  redactText(text: string): string;
  redactHeaders(headers: HeaderLines): HeaderLines;
  /** A body as bytes; the same array if nothing is secret. */
  redactBody(body: Uint8Array): Uint8Array;
  redactExchange(exchange: Exchange): RedactedExchange;
  /** From now on the value is masked too. */
  addValue(value: string): void;
}

/** Cheap test that nearly all text fails: without one of these marks there is no secret by name or by shape. */
const MARKS = `${SECRET_NAME_MARKS}|bearer |basic |eyJ|\\u00|://[^\\s/@]*@|://[^\\s/@:]*:[^\\s@]{0,200}@`;

/** `name=value` in queries, forms and cookies. */
const PAIR = /([?&;\s"'(]|^)([\w.\-[\]%]{1,100})=([^&\s"'#;]*)/g;
/** `Name: value` as in HTTP, YAML and `curl -H`, at the begin of a line or a quote; the value ends with either. */
const LINE = /(^[ \t]{0,40}(?:- )?|["'])([A-Za-z][\w.-]{1,60})(:[ \t]*)([^\r\n"']+)/gm;
/** Credentials and tokens that give themselves away by their shape. */
const BEARER = /\b(bearer|basic|oauth)([ +]|%20)+(?=[^\s"'&]*[\d=]|[\w-]{24})([\w.~+/=-]{8,})/gi;
const JWT = /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g;
/** Of a URL: the password, or what stands alone before the host and is as long as a token. */
const USERINFO =
  /(:\/\/(?:[^\s/@:]*:)?)(?:(?<=:)(?<!:\/\/)(?:[^\s/@]*|(?!\d+\/)[^\s@"']{0,200})|[^\s/@:?#"']{8,})(?=@)/g;

/**
 * A redactor for one run.
 *
 * Costs one regular expression a text where nothing is secret; the expression is compiled again only after `addValue`.
 */
export function createRedactor(options: RedactorOptions = {}): Redactor {
  return new PatternRedactor(options);
}

class PatternRedactor implements Redactor {
  readonly #headerNames: ReadonlySet<string>;
  readonly #extraNames: ReadonlySet<string>;
  readonly #values = new Set<string>();
  readonly #fieldVerdicts = new Map<string, boolean>();
  readonly #headerVerdicts = new Map<string, boolean>();
  readonly #json: JsonSecrets;
  readonly #alwaysScan: boolean;
  #patterns: Patterns | null = null;
  /** Header lines as they were redacted: the requests of a contract mostly share theirs. */
  #headers = new WeakMap<HeaderLines, HeaderLines>();
  /** Short texts that hold no secret: answers mostly repeat the values of their headers, and requests their origin. */
  readonly #harmless = new Set<string>();

  constructor({ headerNames = [], fieldNames = [], values = [], pointers = [] }: RedactorOptions) {
    this.#headerNames = new Set(headerNames.map((name) => name.toLowerCase()));
    this.#extraNames = new Set(fieldNames.map((name) => name.toLowerCase()));
    this.#json = {
      isSecretName: (name) => this.#isSecretName(name),
      pointers: pointers.map(splitPointer),
      mask: MASK,
    };
    this.#alwaysScan = pointers.length > 0;
    for (const value of values) this.addValue(value);
  }

  addValue(value: string): void {
    // A line break at the end comes from the file that the secret was read from.
    const trimmed = value.trim();
    for (const form of [value, trimmed]) {
      if (this.#values.has(form) || secretPatterns(form).length === 0) continue;
      this.#values.add(form);
      this.#patterns = null;
      this.#headers = new WeakMap();
      this.#harmless.clear();
    }
  }

  redactText(text: string): string {
    const { marks, values } = (this.#patterns ??= this.#compile());
    const unvalued = values === null ? text : text.replace(values, MASK);
    if (!this.#alwaysScan && !marks.test(unvalued)) return unvalued;

    const unnamed = unvalued.includes('"') ? redactJson(unvalued, this.#json) : unvalued;
    return unnamed
      .replace(JWT, MASK)
      .replace(BEARER, (_, scheme: string, gap: string) => `${scheme}${gap}${MASK}`)
      .replace(USERINFO, `$1${MASK}`)
      .replace(LINE, (all, before: string, name: string, colon: string, value: string) =>
        this.#isSecretHeader(name) ? `${before}${name}${colon}${maskHeader(name, value)}` : all,
      )
      .replace(PAIR, (all, before: string, name: string, value: string) =>
        value !== '' && this.#isSecretName(decodeName(name)) ? `${before}${name}=${MASK}` : all,
      );
  }

  redactHeaders(headers: HeaderLines): HeaderLines {
    let changed: (readonly [string, string])[] | null = null;
    let index = -1;
    for (const [name, value] of headers) {
      index += 1;
      const masked = this.#isSecretHeader(name) ? maskHeader(name, value) : this.#redactShort(value);
      if (masked === value) continue;
      changed ??= [...headers];
      changed[index] = [name, masked];
    }
    return changed ?? headers;
  }

  redactBody(body: Uint8Array): Uint8Array {
    if (body.byteLength === 0) return body;
    // Latin-1 keeps every byte, whatever the charset; patterns know secrets of UTF-8 in that guise.
    const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
    const redacted = this.redactText(text);
    if (redacted === text) return body;
    return Buffer.from(redacted.replaceAll(MASK, MASK_AS_LATIN1), 'latin1');
  }

  redactExchange(exchange: Exchange): RedactedExchange {
    const { request, response } = exchange;
    return {
      redacted: true,
      durationMs: exchange.durationMs,
      request: {
        verb: request.verb,
        origin: this.#redactShort(request.origin),
        target: this.redactText(request.target),
        headers: this.#rememberedHeaders(request.headers),
        body: request.body === null ? null : this.redactBody(request.body),
      },
      response:
        response === null
          ? null
          : {
              status: response.status,
              headers: this.redactHeaders(response.headers),
              body: this.redactBody(response.body),
            },
      failure: exchange.failure === null ? null : this.#redactFailure(exchange.failure),
    };
  }

  #rememberedHeaders(headers: HeaderLines): HeaderLines {
    const known = this.#headers.get(headers);
    if (known !== undefined) return known;
    const redacted = this.redactHeaders(headers);
    this.#headers.set(headers, redacted);
    return redacted;
  }

  #redactFailure(failed: TransportFailure): TransportFailure {
    return { phase: failed.phase, code: failed.code, message: this.redactText(failed.message), hint: failed.hint };
  }

  #redactShort(text: string): string {
    if (this.#harmless.has(text)) return text;
    const redacted = this.redactText(text);
    if (redacted === text && text.length <= SHORT_TEXT && this.#harmless.size < MOST_HARMLESS) this.#harmless.add(text);
    return redacted;
  }

  #isSecretHeader(name: string): boolean {
    const known = this.#headerVerdicts.get(name);
    if (known !== undefined) return known;
    return remember(this.#headerVerdicts, name, this.#headerNames.has(name.toLowerCase()) || isSecretHeader(name));
  }

  #isSecretName(name: string): boolean {
    const known = this.#fieldVerdicts.get(name);
    if (known !== undefined) return known;
    return remember(this.#fieldVerdicts, name, this.#extraNames.has(name.toLowerCase()) || isSecretField(name));
  }

  #compile(): Patterns {
    // Longest first, so that a secret which contains another is masked whole.
    const secrets = [...this.#values].toSorted((a, b) => b.length - a.length);
    const sources = secrets.flatMap((secret) => secretPatterns(secret));
    const names = [...this.#extraNames, ...this.#headerNames].map((name) => name.replace(/[^\w-]/g, '.'));
    return {
      marks: new RegExp([MARKS, ...names].join('|'), 'i'),
      values: sources.length === 0 ? null : new RegExp(sources.join('|'), 'g'),
    };
  }
}

/** Names and values come from the outside but repeat without end: what was found of them is remembered, up to a bound. */
const MOST_REMEMBERED = 10_000;
const MOST_HARMLESS = 1_000;
const SHORT_TEXT = 100;

function remember(verdicts: Map<string, boolean>, name: string, isSecret: boolean): boolean {
  if (verdicts.size < MOST_REMEMBERED) verdicts.set(name, isSecret);
  return isSecret;
}

interface Patterns {
  /** Finds that text may hold a secret by name or shape. */
  readonly marks: RegExp;
  /** Finds the known values; null if there are none. */
  readonly values: RegExp | null;
}

const MASK_AS_LATIN1 = Buffer.from(MASK, 'utf8').toString('latin1');

/** The scheme of credentials is worth showing: a wrong one is a common mistake. */
function maskHeader(name: string, value: string): string {
  if (!/authorization$/i.test(name)) return MASK;
  const [, scheme] = /^(Bearer|Basic|Digest|OAuth|Negotiate) /i.exec(value) ?? [];
  return scheme === undefined ? MASK : `${scheme} ${MASK}`;
}

function splitPointer(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
