/** Every way a request can end without a complete answer, as one table: code, phase, what to do about it. */
import type { TransportFailure, TransportPhase } from './exchange.ts';

interface FailureRow {
  readonly phase: TransportPhase;
  readonly hint: string;
}

// prettier-ignore
export const FAILURES = {
  'dns-not-found':          { phase: 'dns',     hint: 'Check the host name in the base URL, and that this machine can resolve it.' },
  'dns-failed':             { phase: 'dns',     hint: 'The name server did not answer; try again, or use the address instead of the name.' },
  'connection-refused':     { phase: 'connect', hint: 'Nothing listens there: start the server, or correct host and port of the base URL.' },
  'connection-failed':      { phase: 'connect', hint: 'Check the network route to the host, VPN and firewall.' },
  'connect-timeout':        { phase: 'connect', hint: 'The host does not accept connections; check address, VPN and firewall, or raise the connect time-out.' },
  'tls-self-signed':        { phase: 'tls',     hint: 'Give the certificate of its issuer as CA, or accept any certificate with --insecure on a test system.' },
  'tls-unknown-issuer':     { phase: 'tls',     hint: 'Give the certificate of the issuing authority as CA; often the server leaves out an intermediate certificate.' },
  'tls-expired':            { phase: 'tls',     hint: 'Renew the certificate of the server, or check the clock of this machine.' },
  'tls-not-yet-valid':      { phase: 'tls',     hint: 'Check the clock of this machine and the first day of the certificate.' },
  'tls-wrong-name':         { phase: 'tls',     hint: 'Use a host name that the certificate lists, or set the TLS server name.' },
  'tls-protocol':           { phase: 'tls',     hint: 'The server must speak TLS 1.2 or later; if it speaks plain HTTP, write http:// in the base URL.' },
  'tls-client-certificate': { phase: 'tls',     hint: 'The server wants a client certificate: set its certificate and key, and check that its issuer is accepted.' },
  'tls-options':            { phase: 'tls',     hint: 'Check the CA, certificate, key and passphrase that were given; they must be PEM text.' },
  'tls-failed':             { phase: 'tls',     hint: 'The TLS handshake broke off; look into the log of the server.' },
  'proxy-refused':          { phase: 'proxy',   hint: 'Check the proxy URL and its credentials, or list the host in NO_PROXY.' },
  'proxy-failed':           { phase: 'proxy',   hint: 'Check that the proxy runs at that address, or list the host in NO_PROXY.' },
  'request-not-sendable':   { phase: 'send',    hint: 'Change the request: HTTP cannot carry it as written.' },
  'send-failed':            { phase: 'send',    hint: 'The connection broke while the request was written; look into the log of the server.' },
  'header-timeout':         { phase: 'headers', hint: 'The server took the request but did not answer; look into its log, or raise the header time-out.' },
  'closed-before-response': { phase: 'headers', hint: 'The server hung up without an answer; look into its log for a crash, or for a client certificate that it wants.' },
  'closed-in-headers':      { phase: 'headers', hint: 'The server hung up within the head of its answer; look for a crash in its log.' },
  'header-overflow':        { phase: 'headers', hint: 'Make the server send fewer or shorter headers, or raise the limit.' },
  'bad-status-line':        { phase: 'headers', hint: 'The answer is not HTTP/1.1; check that the port is that of the API.' },
  'bad-header':             { phase: 'headers', hint: 'A header line of the answer breaks the syntax of HTTP; correct the server or the gateway before it.' },
  'two-content-lengths':    { phase: 'headers', hint: 'Send Content-Length once; a gateway that adds its own is the usual cause.' },
  'length-and-chunked':     { phase: 'headers', hint: 'Send either Content-Length or Transfer-Encoding, never both (request smuggling).' },
  'too-many-informational': { phase: 'headers', hint: 'The server sends 1xx answers without end; it must send the final one.' },
  'unexpected-upgrade':     { phase: 'headers', hint: 'The server switched protocols though nobody asked for it.' },
  'stray-bytes':            { phase: 'headers', hint: 'Bytes of the answer before this one were still on the connection; look at the body of that answer.' },
  'body-timeout':           { phase: 'body',    hint: 'The server stopped in mid-body; look into its log, or raise the body time-out.' },
  'body-cut':               { phase: 'body',    hint: 'The server hung up in mid-body; compare its Content-Length with what it writes.' },
  'bad-chunk':              { phase: 'body',    hint: 'The chunked coding of the body is broken; correct the server or the gateway before it.' },
  'body-on-204':            { phase: 'body',    hint: 'A 204 has no body: send 200 with the body, or leave the body out.' },
  'body-not-allowed':       { phase: 'body',    hint: 'Answers to HEAD and 304 end after the headers: leave the body out.' },
  'size-limit':             { phase: 'body',    hint: 'Ask for less (count, fields), or raise the body limit.' },
  'inflate-ratio':          { phase: 'body',    hint: 'The body grows suspiciously when inflated; if it is honest, raise the ratio limit.' },
  'too-many-codings':       { phase: 'body',    hint: 'Apply one content coding.' },
  'not-gzip':               { phase: 'body',    hint: 'Content-Encoding names a coding that the body is not in: drop the header, or encode the body.' },
  'truncated-gzip':         { phase: 'body',    hint: 'The encoded body ends early; the server must flush and end its encoder.' },
  'gzip-broken':            { phase: 'body',    hint: 'The encoded body is damaged; look for a proxy that rewrites it.' },
  'unknown-coding':         { phase: 'body',    hint: 'Use gzip, deflate or br, or ask for none with `Accept-Encoding: identity`.' },
  'connection-broken':      { phase: 'body',    hint: 'The connection broke in mid-answer; look into the log of the server.' },
  'total-timeout':          { phase: 'total',   hint: 'Raise the total time-out, or find out why the server is slow.' },
  'aborted':                { phase: 'aborted', hint: 'The run was stopped; nothing to do.' },
  'transport-closed':       { phase: 'aborted', hint: 'The transport was closed before or during the request.' },
  'redirect-refused':       { phase: 'headers', hint: 'Point the base URL at the final address instead.' },
  'redirect-loop':          { phase: 'headers', hint: 'The redirects lead in a circle; correct the server.' },
  'too-many-redirects':     { phase: 'headers', hint: 'Point the base URL at the final address instead.' },
  'auth-failed':            { phase: 'send',    hint: 'Check the token URL, the client id and the client secret.' },
  'not-recorded':           { phase: 'send',    hint: 'Record the exchange again, or correct the request so that it is one of the recorded ones.' },
} as const satisfies Record<string, FailureRow>;

export type FailureCode = keyof typeof FAILURES;

/** A failure with the phase and hint of its row; `phase` where the same code can end two phases. */
export function failure(code: FailureCode, message: string, phase?: TransportPhase): TransportFailure {
  const row = FAILURES[code];
  return { phase: phase ?? row.phase, code, message, hint: row.hint };
}

/** At most `limit` bytes as printable text: control and high bytes as `\xNN`, so that it is inert in terminals and reports. */
export function escapeBytes(bytes: Uint8Array, limit = 80): string {
  let text = '';
  for (const byte of bytes.subarray(0, limit)) {
    if (byte === 0x0d) text += '\\r';
    else if (byte === 0x0a) text += '\\n';
    else if (byte < 0x20 || byte > 0x7e) text += `\\x${byte.toString(16).padStart(2, '0')}`;
    else text += String.fromCharCode(byte);
  }
  return bytes.byteLength > limit ? `${text}...` : text;
}
