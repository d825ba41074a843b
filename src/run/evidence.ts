/** Exchanges and violations as they stand in the stream: redacted, decoded to text, cut, marked with fingerprints. */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { MethodName } from '../protocol/methods.ts';
import type { Exchange } from '../transport/exchange.ts';
import type { Redactor } from '../transport/redact.ts';
import type { Violation } from '../verify/violation.ts';
import type { EventBody, EventExchange, EventViolation } from './events.ts';

/** Bytes of a body that a report shows; length and hash are of the whole. */
const SHOWN_BYTES = 65_536;

/** An exchange of a step (null: the case's only one), made from its redacted copy. */
export function eventExchange(
  exchange: Exchange,
  step: string | null,
  redactor: Redactor,
  baseline?: Exchange,
): EventExchange {
  const { request, response, failure, durationMs } = redactor.redactExchange(exchange);
  return {
    step,
    request: {
      verb: request.verb,
      url: request.origin + request.target,
      headers: request.headers,
      body: eventBody(request.body),
    },
    response: eventResponse(response),
    failure,
    durationMs: rounded(durationMs),
    ...(baseline === undefined ? {} : { baseline: eventBaseline(redactor.redactExchange(baseline)) }),
  };
}

function eventBaseline({ response, failure, durationMs }: Exchange): NonNullable<EventExchange['baseline']> {
  return { response: eventResponse(response), failure, durationMs: rounded(durationMs) };
}

function eventResponse(response: Exchange['response']): EventExchange['response'] {
  if (response === null) return null;
  return { status: response.status, headers: response.headers, body: eventBody(response.body) };
}

/** Microseconds are all that a clock over a socket can tell. */
export function rounded(ms: number): number {
  return Math.max(0, Math.round(ms * 1_000) / 1_000);
}

function eventBody(body: Uint8Array | null): EventBody | null {
  if (body === null || body.byteLength === 0) return null;

  const cut = body.byteLength > SHOWN_BYTES;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const isText = isUtf8(body);
  const shown = cut ? bytes.subarray(0, isText ? wholeCharacters(bytes, SHOWN_BYTES) : SHOWN_BYTES) : bytes;
  return {
    text: shown.toString(isText ? 'utf8' : 'base64'),
    bytes: body.byteLength,
    cut,
    encoding: isText ? 'utf8' : 'base64',
    sha256: cut || !isText ? createHash('sha256').update(body).digest('hex') : null,
  };
}

/** The last place at or before `end` where a UTF-8 character begins. */
function wholeCharacters(bytes: Buffer, end: number): number {
  let at = end;
  while (at > 0 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at -= 1;
  return at;
}

/** A violation with its texts redacted; the same place of the same method in any case has the same fingerprint. */
export function eventViolation(violation: Violation, method: MethodName | null, redactor: Redactor): EventViolation {
  const { rule, level, where, pointer, header, key, exchange, expected, actual, message, hint, at } = violation;
  return {
    rule,
    level,
    where,
    pointer: pointer === null ? null : redactor.redactText(pointer),
    header,
    key: key === null ? null : redactor.redactText(key),
    exchange,
    expected: redactor.redactText(expected),
    actual: redactor.redactText(actual),
    message: redactor.redactText(message),
    hint: hint === null ? null : redactor.redactText(hint),
    at,
    fingerprint: fingerprintOf(violation, method),
  };
}

/** A run with one defect has it thousands of times; a bounded memory of fingerprints spares the hashing. */
const known = new Map<string, string>();
const MAX_KNOWN = 10_000;

/** Members of a batch body whose own members are named by keys. */
const KEYED = /^\/(results|errors|statuses|entities)\/[^/]*/;

/** Indexes and keys say which item it was, not what is wrong: `/elements/3/id` and `/elements/7/id` are one problem. */
function fingerprintOf({ rule, where, pointer, header }: Violation, method: MethodName | null): string {
  const place =
    pointer === null
      ? (header ?? '').toLowerCase()
      : pointer.replace(KEYED, '/$1/*').replace(/\/(?:\d+|urn:[^/]*)(?=\/|$)/g, '/*');
  const text = [rule, method ?? '', where, place].join('\n');
  const found = known.get(text);
  if (found !== undefined) return found;

  const fingerprint = createHash('sha256').update(text).digest('hex').slice(0, 10);
  if (known.size < MAX_KNOWN) known.set(text, fingerprint);
  return fingerprint;
}
