/** Lengths that gateways limit. */
import type { Dialect } from '../protocol/dialects.ts';
import type { WireRequest } from '../protocol/request.ts';
import type { Findings } from './findings.ts';

/** Judges URL, query, path segments and head against the limits of the dialect, in bytes. */
export function checkLimits(findings: Findings, wire: WireRequest, { limits, tunnelAbove }: Dialect): void {
  const { url, query, segment, head } = limits;
  if (url === undefined && query === undefined && segment === undefined && head === undefined) return;
  findings.checks += 1;
  const queryBytes = wire.query === null ? 0 : bytesOf(wire.query);
  const urlBytes = bytesOf(wire.path) + (wire.query === null ? 0 : 1 + queryBytes);
  const report = (what: string, most: number, actual: number): void =>
    findings.add('limits/too-long', {
      where: 'request-line',
      expected: `at most ${most} bytes of ${what}`,
      actual: `${actual} bytes`,
      message: `The ${what} has ${actual} bytes; the gateway answers 414 beyond ${most}.`,
      ...(what === 'query' && tunnelAbove !== null
        ? {
            hint: `Tunnel queries of more than ${tunnelAbove} characters: POST with \`X-HTTP-Method-Override\`, the query as its form body.`,
          }
        : {}),
    });

  if (query !== undefined && queryBytes > query) report('query', query, queryBytes);
  else if (url !== undefined && urlBytes > url) report('URL', url, urlBytes);
  if (segment !== undefined) {
    const longest = Math.max(...wire.path.split('/').map(bytesOf));
    if (longest > segment) report('path segment', segment, longest);
  }
  if (head === undefined) return;
  let headBytes = wire.verb.length + urlBytes + ' HTTP/1.1\r\n'.length + 1;
  for (const [name, value] of wire.headers) headBytes += bytesOf(name) + bytesOf(value) + 4;
  if (headBytes > head) report('head (request line and headers)', head, headBytes);
}

const utf8 = new TextEncoder();

function bytesOf(text: string): number {
  return utf8.encode(text).length;
}
