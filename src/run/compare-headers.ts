/** Which headers of two answers are compared, and how closely. */
import { ERROR_HEADER, HEADERS, ID_HEADER } from '../protocol/headers.ts';
import { headerValues, type HeaderLines } from '../transport/exchange.ts';

export interface HeaderDifference {
  readonly rule: 'compare/protocol-header' | 'compare/header';
  readonly header: string;
  readonly expected: string;
  readonly actual: string;
}

/** What clients of Rest.li read. */
const PROTOCOL: ReadonlySet<string> = new Set(
  [
    HEADERS.protocol,
    HEADERS.location,
    HEADERS.contentType,
    ...Object.values(ID_HEADER),
    ...Object.values(ERROR_HEADER),
  ].map((name) => name.toLowerCase()),
);

/** What says how an answer travelled, or which one it was: nobody owes the same. Source: RFC 9110 7.6.1, and tracing headers. */
// prettier-ignore
const TRAVEL = new Set([
  'connection', 'keep-alive', 'transfer-encoding', 'te', 'trailer', 'upgrade', 'proxy-connection', 'via', 'age',
  'date', 'server', 'x-powered-by', 'content-length', 'content-encoding', 'vary', 'set-cookie', 'alt-svc',
  'x-request-id', 'x-correlation-id', 'traceparent', 'tracestate', 'x-li-uuid', 'x-li-fabric', 'x-li-pop', 'x-li-proto',
]);

/** @param isSame - whether a text of the baseline and one of the new endpoint mean the same */
export function differingHeaders(
  old: HeaderLines,
  now: HeaderLines,
  isSame: (old: string, now: string) => boolean,
): readonly HeaderDifference[] {
  const found: HeaderDifference[] = [];
  const names = new Map([...old, ...now].map(([name]) => [name.toLowerCase(), name]));
  for (const [lower, header] of names) {
    if (TRAVEL.has(lower)) continue;
    const [a, b] = [valueOf(old, lower), valueOf(now, lower)];
    const isProtocol = PROTOCOL.has(lower);
    // A header that only the new endpoint sends harms nobody, but for those that mean something in Rest.li.
    if (a === null && !isProtocol) continue;
    if (a === b || (a !== null && b !== null && (isSame(a, b) || !isProtocol))) continue;
    const rule = isProtocol ? 'compare/protocol-header' : 'compare/header';
    found.push({ rule, header, expected: a ?? 'nothing', actual: b ?? 'nothing' });
  }
  return found;
}

/** Media types without their parameters: a charset that JSON has anyway says nothing. */
function valueOf(lines: HeaderLines, name: string): string | null {
  const values = headerValues(lines, name);
  if (values.length === 0) return null;
  const value = values.join(', ');
  return name === HEADERS.contentType.toLowerCase() ? (value.split(';')[0] ?? value).trim().toLowerCase() : value;
}
