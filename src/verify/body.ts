/** Bytes of a body to JSON, with every fault that a careful reader must name. */
import { cut, quote } from '../diagnostic/quote.ts';
import { decodeUtf8, isJsonArray, isJsonObject, parseJson, type Json, type JsonProblem } from '../protocol/json.ts';
import { escapeSegment } from '../protocol/pointer.ts';

/** The faults of a body, by the rule of answers that names each; requests report all of them as `not-json`. */
export type BodyFaultKind =
  | 'not-json'
  | 'not-a-number'
  | 'byte-order-mark'
  | 'invalid-utf-8'
  | 'lone-surrogate'
  | 'duplicate-member'
  | 'too-deep';

export interface BodyFault {
  readonly kind: BodyFaultKind;
  readonly pointer: string | null;
  readonly expected: string;
  readonly actual: string;
  readonly message: string;
  /** A page of HTML: of a gateway, a sign-in or an error, made for people. */
  readonly isPage?: true;
}

/** `value` is undefined for no bytes, and where the text is no JSON. */
export interface ReadBody {
  readonly value: Json | undefined;
  readonly isEmpty: boolean;
  readonly faults: readonly BodyFault[];
}

const EMPTY: ReadBody = { value: undefined, isEmpty: true, faults: [] };
const NO_FAULTS: readonly BodyFault[] = [];

/**
 * The bodies read last, newest first: judging, capturing and laws ask for the same one in turn. A few, held strongly:
 * a WeakMap of short-lived keys costs the garbage collector more than the parsing.
 */
const recent: { readonly bytes: Uint8Array; readonly read: ReadBody }[] = [];
const MOST_RECENT = 4;

/** Reads a body; the same bytes, asked for again soon, are read once. Never throws. */
export function readBody(bytes: Uint8Array | null): ReadBody {
  if (bytes === null || bytes.length === 0) return EMPTY;
  for (const one of recent) if (one.bytes === bytes) return one.read;
  const read = parse(bytes);
  recent.unshift({ bytes, read });
  if (recent.length > MOST_RECENT) recent.pop();
  return read;
}

function parse(bytes: Uint8Array): ReadBody {
  const decoded = decodeUtf8(bytes);
  if (!('text' in decoded)) {
    const byte = bytes[decoded.offset]?.toString(16).toUpperCase().padStart(2, '0');
    const at = `byte ${decoded.offset}`;
    const message = `The body is not UTF-8: at ${at} stands 0x${byte ?? ''}, which begins no character.`;
    return {
      value: undefined,
      isEmpty: false,
      faults: [
        { kind: 'invalid-utf-8', pointer: null, expected: 'UTF-8', actual: `0x${byte ?? ''} at ${at}`, message },
      ],
    };
  }

  const { text } = decoded;
  if (text.charCodeAt(0) !== 0xfeff) return parseText(text);
  // What follows the mark is judged as well: a page of HTML is none the less a page.
  const rest = parseText(text.slice(1));
  return { ...rest, isEmpty: false, faults: [BYTE_ORDER_MARK, ...rest.faults] };
}

const BYTE_ORDER_MARK: BodyFault = {
  kind: 'byte-order-mark',
  pointer: null,
  expected: 'JSON from the first byte on',
  actual: 'a byte order mark (EF BB BF) before it',
  message: 'The body begins with a byte order mark.',
};

function parseText(text: string): ReadBody {
  const parsed = parseJson(text);
  if (!('value' in parsed)) return { value: undefined, isEmpty: false, faults: [syntaxFault(parsed.problem, text)] };

  const mayHoldSurrogate = text.includes('\\ud') || text.includes('\\uD');
  if (parsed.duplicates.length === 0 && !mayHoldSurrogate)
    return { value: parsed.value, isEmpty: false, faults: NO_FAULTS };

  const faults = parsed.duplicates.map(({ pointer, first, second }): BodyFault => ({
    kind: 'duplicate-member',
    pointer,
    expected: 'each member once',
    actual: `${pointer} at characters ${first} and ${second}`,
    message: `Member ${pointer} stands twice, at characters ${first} and ${second}.`,
  }));
  const half = mayHoldSurrogate ? loneSurrogate(parsed.value, '') : null;
  if (half !== null) {
    const message = `The text at ${half === '' ? 'the root' : half} holds half of a surrogate pair.`;
    faults.push({
      kind: 'lone-surrogate',
      pointer: half,
      expected: 'whole characters',
      actual: 'half of a surrogate pair',
      message,
    });
  }
  return { value: parsed.value, isEmpty: false, faults };
}

const KINDS: Readonly<Partial<Record<JsonProblem['kind'], BodyFaultKind>>> = {
  'not-a-number': 'not-a-number',
  'byte-order-mark': 'byte-order-mark',
  depth: 'too-deep',
};

function syntaxFault(problem: JsonProblem, text: string): BodyFault {
  const kind = KINDS[problem.kind] ?? 'not-json';
  const where = `line ${problem.line}, column ${problem.col}`;
  const start = text.trimStart();
  if (kind === 'not-json' && start.startsWith('<')) {
    const title = /<title[^>]*>([^<]{0,200})/i.exec(start)?.[1]?.trim();
    const isPage = /^<(?:!doctype\s+html|html|head|body)\b/i.test(start);
    const titled = title === undefined || title === '' ? '' : `, titled ${quote(title, 100)}`;
    return {
      kind,
      pointer: null,
      expected: 'JSON',
      actual: `a text that begins with ${quote(cut(start, 40), 50)}${titled}`,
      message: isPage
        ? `The answer is a page of HTML${titled}, so something before the service answered.`
        : `The body is not JSON: it begins with \`<\`${titled}.`,
      ...(isPage ? { isPage } : {}),
    };
  }
  const near = quote(text.slice(Math.max(0, problem.offset - 10), problem.offset + 20), 40);
  return {
    kind,
    pointer: null,
    expected: 'JSON',
    actual: `${near} at ${where}`,
    message: `The body is not JSON (${where}): ${problem.message}.`,
  };
}

/** Pointer of the first text that is no whole text, or null. Names of members count. */
function loneSurrogate(value: Json, pointer: string): string | null {
  if (typeof value === 'string') return /\p{Surrogate}/u.test(value) ? pointer : null;
  if (isJsonArray(value)) {
    for (const [i, item] of value.entries()) {
      const found = loneSurrogate(item, `${pointer}/${i}`);
      if (found !== null) return found;
    }
    return null;
  }
  if (!isJsonObject(value)) return null;
  for (const [name, member] of Object.entries(value)) {
    if (/\p{Surrogate}/u.test(name)) return pointer;
    const found = loneSurrogate(member, `${pointer}/${escapeSegment(name)}`);
    if (found !== null) return found;
  }
  return null;
}
