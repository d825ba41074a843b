/** The header names of the protocol, and reading them from header lines. Names compare without case. */
import type { ProtocolVersion } from './dialects.ts';

/** Header lines in the order of the wire; one name may stand on several. */
export type HeaderLines = readonly (readonly [string, string])[];

// prettier-ignore
export const HEADERS = {
  method:        'X-RestLi-Method',
  protocol:      'X-RestLi-Protocol-Version',
  id:            'X-RestLi-Id',
  errorResponse: 'X-RestLi-Error-Response',
  override:      'X-HTTP-Method-Override',
  location:      'Location',
  accept:        'Accept',
  contentType:   'Content-Type',
} as const;

/** The header that carries the id of a created entity. */
export const ID_HEADER: Readonly<Record<ProtocolVersion, string>> = { '2.0.0': HEADERS.id, '1.0.0': 'X-LinkedIn-Id' };

/** The header that marks an answer as an error of the framework; its value is `true`. */
export const ERROR_HEADER: Readonly<Record<ProtocolVersion, string>> = {
  '2.0.0': HEADERS.errorResponse,
  '1.0.0': 'X-LinkedIn-Error-Response',
};

/** The value of a header; lines of the same name joined by `, ` as HTTP prescribes. Null when absent. */
export function headerValue(lines: HeaderLines, name: string): string | null {
  let value: string | null = null;
  for (const [other, text] of lines) {
    if (isSameHeader(other, name)) value = value === null ? text : `${value}, ${text}`;
  }
  return value;
}

export function isSameHeader(a: string, b: string): boolean {
  return a.length === b.length && (a === b || a.toLowerCase() === b.toLowerCase());
}

/**
 * The protocol that a version header asks for. A missing one is 1.0.0, every 1.x.y is read as 1.0.0.
 *
 * @returns null for a version that no server supports; `malformed` for text that is not three numbers
 */
export function protocolOf(header: string | null): ProtocolVersion | 'malformed' | null {
  if (header === null) return '1.0.0';
  if (header === '2.0.0') return '2.0.0';
  if (!/^\d+\.\d+\.\d+$/.test(header)) return 'malformed';
  return /^0*1\./.test(header) ? '1.0.0' : /^0*2\.0+\.0+$/.test(header) ? '2.0.0' : null;
}
