/** From what node, undici and the bytes received say, to the one failure that names the cause. Pure. */
import type { TransportFailure } from './exchange.ts';
import { escapeBytes, failure, type FailureCode } from './failure.ts';

/** What was seen of an answer before it broke. */
export interface Progress {
  /** `host:port`, for the message. */
  readonly where: string;
  /** All bytes of the answer up to the end of its head (or the break). */
  readonly head: Uint8Array;
  /** True once the final head was understood. */
  readonly hasHead: boolean;
  readonly bodyBytes: number;
  /** Content-Length of the answer; null if absent. */
  readonly expectedBytes: number | null;
  readonly maxHeaderBytes: number;
  /** True if the connection had carried an answer before. */
  readonly reused: boolean;
}

/** Codes of node:tls and OpenSSL. */
const TLS_CODES: ReadonlyMap<string, FailureCode> = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls-self-signed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls-self-signed'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls-unknown-issuer'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'tls-unknown-issuer'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls-unknown-issuer'],
  ['CERT_UNTRUSTED', 'tls-unknown-issuer'],
  ['CERT_HAS_EXPIRED', 'tls-expired'],
  ['CERT_NOT_YET_VALID', 'tls-not-yet-valid'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls-wrong-name'],
]);

const TLS_REASONS: Readonly<Record<string, string>> = {
  'tls-self-signed': 'its certificate is signed by itself',
  'tls-unknown-issuer': 'the issuer of its certificate is not known here',
  'tls-expired': 'its certificate has expired',
  'tls-not-yet-valid': 'its certificate is not valid yet',
  'tls-wrong-name': 'its certificate is for another name',
};

/**
 * Why no connection came about.
 *
 * @param where - `host:port` of the endpoint, or of the proxy with `phase` proxy
 * @param duringTls - true from the TCP connect to the end of the TLS handshake
 */
export function connectFailure(error: unknown, where: string, duringTls: boolean): TransportFailure {
  const { code, message } = readError(error);
  const [first = message] = message.split('\n');

  const tls = TLS_CODES.get(code);
  if (tls !== undefined) {
    const detail = tls === 'tls-wrong-name' ? ` (${first.replace(/^.*altnames: /, '')})` : '';
    return failure(tls, `TLS with ${where} failed: ${TLS_REASONS[tls] ?? code}${detail}.`);
  }
  if (/CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE/.test(code)) {
    return failure(
      /REQUIRED/.test(code) ? 'tls-client-certificate' : 'tls-protocol',
      `TLS with ${where} failed: ${code}.`,
    );
  }
  if (/PROTOCOL|VERSION|PACKET_LENGTH|HTTP_REQUEST|RECORD/.test(code) && code !== 'EPROTO') {
    return failure('tls-protocol', `TLS with ${where} failed: no common protocol version, or no TLS at all (${code}).`);
  }
  if (duringTls && (code === 'EPROTO' || code === 'ECONNRESET' || code.startsWith('ERR_SSL_'))) {
    const protocol = code === 'EPROTO' || /version|protocol/i.test(message);
    return failure(protocol ? 'tls-protocol' : 'tls-failed', `TLS with ${where} failed: ${first} (${code}).`);
  }
  if (code.startsWith('ERR_OSSL') || code.startsWith('ERR_CRYPTO') || code === 'ERR_INVALID_ARG_TYPE') {
    return failure('tls-options', `The TLS options for ${where} cannot be used: ${first} (${code}).`);
  }

  if (code === 'ENOTFOUND') return failure('dns-not-found', `The name of ${where} is not known (${code}).`);
  if (code === 'EAI_AGAIN') return failure('dns-failed', `The name of ${where} could not be looked up (${code}).`);
  if (code === 'ECONNREFUSED') return failure('connection-refused', `${where} refused the connection (${code}).`);
  if (code === 'ETIMEDOUT') return failure('connect-timeout', `${where} did not accept the connection (${code}).`);
  if (duringTls) return failure('tls-failed', `TLS with ${where} failed: ${first}${code === '' ? '' : ` (${code})`}.`);
  return failure('connection-failed', `No connection to ${where}: ${first}${code === '' ? '' : ` (${code})`}.`);
}

/** Why an answer ended early, once a connection stood. */
export function answerFailure(error: unknown, progress: Progress): TransportFailure {
  const { code, message } = readError(error);
  const { where } = progress;

  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return failure(
      'header-overflow',
      `The headers of ${where} are over the limit of ${progress.maxHeaderBytes} bytes.`,
    );
  }
  if (/CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA/.test(code)) {
    return failure(
      'tls-client-certificate',
      `${where} refused the connection for want of a client certificate (${code}).`,
    );
  }
  return progress.hasHead ? bodyFailure(code, message, progress) : headFailure(code, message, progress);
}

function headFailure(code: string, message: string, progress: Progress): TransportFailure {
  const { where, head } = progress;
  if (head.byteLength === 0) {
    const which = progress.reused ? 'a connection that had answered before' : 'a new connection';
    return failure(
      'closed-before-response',
      `${where} closed ${which} before the first byte of an answer${code === 'ECONNRESET' ? ' (ECONNRESET)' : ''}.`,
    );
  }

  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
  const begins = `"${escapeBytes(head)}"`;
  if (!/^HTTP\/1\.[01] [1-5]\d\d[ \r\n]/.test(text)) {
    if (text.length < 13 && 'HTTP/1.1 200 '.startsWith(text.slice(0, 7))) {
      return failure(
        'closed-in-headers',
        `${where} closed the connection after ${head.byteLength} bytes of the head: ${begins}.`,
      );
    }
    return failure('bad-status-line', `The answer of ${where} is not HTTP/1.1: it begins with ${begins}.`);
  }

  if (message === 'bad upgrade')
    return failure('unexpected-upgrade', `${where} switched protocols unasked: ${begins}.`);

  const lengths = [...text.matchAll(/^content-length:[ \t]*([^\r\n]*)/gim)].map(([, value = '']) => value.trim());
  if (lengths.length > 0 && /^transfer-encoding:/im.test(text)) {
    return failure(
      'length-and-chunked',
      `The answer of ${where} has both Content-Length: ${lengths[0]} and Transfer-Encoding.`,
    );
  }
  if (lengths.length > 1) {
    return failure(
      'two-content-lengths',
      `The answer of ${where} has ${lengths.length} Content-Length lines: ${lengths.slice(0, 5).join(', ')}.`,
    );
  }
  if (code.startsWith('HPE_') || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') {
    return failure('bad-header', `A header line of ${where} is not HTTP (${reasonOf(message) || code}).`);
  }
  return failure('closed-in-headers', `${where} closed the connection after ${head.byteLength} bytes of the head.`);
}

function bodyFailure(code: string, message: string, progress: Progress): TransportFailure {
  const { where, bodyBytes, expectedBytes } = progress;
  if (
    code.startsWith('HPE_') &&
    /chunk|transfer.encoding|expected (?:LF|CR)|(?:LF|CR) expected|missing expected/i.test(`${code} ${message}`)
  ) {
    return failure(
      'bad-chunk',
      `The chunked body of ${where} is broken after ${bodyBytes} bytes (${reasonOf(message) || code}).`,
    );
  }
  if (expectedBytes !== null) {
    return failure(
      'body-cut',
      `${where} closed the connection in mid-body: ${bodyBytes} of ${expectedBytes} bytes came.`,
    );
  }
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'HPE_INVALID_EOF_STATE') {
    return failure(
      'body-cut',
      `${where} closed the connection in mid-body: ${bodyBytes} bytes came, the last chunk did not.`,
    );
  }
  return failure(
    'connection-broken',
    `The connection to ${where} broke after ${bodyBytes} bytes of the body: ${message || code}.`,
  );
}

/** Code and text of anything thrown; an AggregateError (several addresses tried) speaks through its first error. */
export function readError(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  // undici names llhttp's errors by a table that lacks most of them; the text then tells them apart.
  const unnamed = error.name === 'HTTPParserError' ? 'HPE_ERROR' : '';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : unnamed;
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  const message = error.message || (first instanceof Error ? first.message : '') || code;
  return { code, message };
}

/** A name for the phase that a connection was in. */
export function connectPhase(resolved: boolean, connected: boolean): 'dns' | 'connect' | 'tls' {
  if (connected) return 'tls';
  return resolved ? 'connect' : 'dns';
}

function reasonOf(message: string): string {
  return /\((.*)\)/s.exec(message)?.[1] ?? message;
}
