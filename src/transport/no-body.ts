/** Answers that end with their headers, and servers that send a body after all. Pure. */
import type { HeaderLines, TransportFailure } from './exchange.ts';
import { headerOf } from './exchange.ts';
import { failure } from './failure.ts';

/** @see https://www.rfc-editor.org/rfc/rfc9112#section-6.3 */
export function hasBody(verb: string, status: number): boolean {
  return verb !== 'HEAD' && status !== 204 && status !== 304;
}

/**
 * The failure of an answer that must not have a body but has or announces one; null if it has none.
 *
 * Content-Length is a promise on 204 only: on 304 and after HEAD it tells the length of what was not sent.
 *
 * @param received - all bytes of the answer
 * @param where - `host:port`, for the message
 */
export function unwantedBody(
  status: number,
  headers: HeaderLines,
  received: Uint8Array,
  where: string,
): TransportFailure | null {
  const stray = bytesAfterHead(received);
  const promised = status === 204 ? Number(headerOf(headers, 'content-length') ?? 0) : 0;
  const isChunked = status === 204 && headerOf(headers, 'transfer-encoding') !== null;

  let seen: string;
  if (stray > 0) seen = `${stray} bytes follow its headers`;
  else if (isChunked) seen = 'its headers announce a chunked body';
  else if (promised > 0) seen = `its headers announce ${promised} bytes`;
  else return null;

  if (status === 204) return failure('body-on-204', `A 204 of ${where} has a body: ${seen}.`);
  return failure(
    'body-not-allowed',
    `${status === 304 ? 'A 304' : 'The answer to HEAD'} of ${where} has a body: ${seen}.`,
  );
}

/** Bytes that follow the final head of an answer; heads of 1xx answers before it are passed over. */
function bytesAfterHead(received: Uint8Array): number {
  const bytes = Buffer.from(received.buffer, received.byteOffset, received.byteLength);
  let at = 0;
  for (;;) {
    const end = bytes.indexOf('\r\n\r\n', at, 'latin1');
    if (end < 0) return 0;
    const informational = bytes[at + 9] === 0x31;
    at = end + 4;
    if (!informational) return bytes.byteLength - at;
  }
}
