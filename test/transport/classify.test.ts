import { describe, expect, it } from 'vitest';
import { answerFailure, connectFailure, readError, type Progress } from '../../src/transport/classify.ts';
import { escapeBytes, FAILURES } from '../../src/transport/failure.ts';

const coded = (code: string, message = 'why'): Error => Object.assign(new Error(message), { code });

describe('a connection that did not come about', () => {
  it.each([
    ['ENOTFOUND', false, 'dns-not-found'],
    ['EAI_AGAIN', false, 'dns-failed'],
    ['ECONNREFUSED', false, 'connection-refused'],
    ['ETIMEDOUT', false, 'connect-timeout'],
    ['EHOSTUNREACH', false, 'connection-failed'],
    ['ECONNRESET', false, 'connection-failed'],
    ['ECONNRESET', true, 'tls-failed'],
    ['CERT_NOT_YET_VALID', true, 'tls-not-yet-valid'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', true, 'tls-unknown-issuer'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', true, 'tls-protocol'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', true, 'tls-protocol'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', true, 'tls-client-certificate'],
    ['ERR_OSSL_PEM_NO_START_LINE', false, 'tls-options'],
  ])('by %s (TLS: %s) is %s', (code, duringTls, expected) => {
    const failed = connectFailure(coded(code), 'host:1', duringTls);
    expect(failed.code).toBe(expected);
    expect(failed.message).toContain('host:1');
  });

  it('speaks through its first error where several addresses were tried', () => {
    const all = Object.assign(new AggregateError([new Error('connect ECONNREFUSED ::1:1')]), { code: 'ECONNREFUSED' });
    expect(readError(all)).toEqual({ code: 'ECONNREFUSED', message: 'connect ECONNREFUSED ::1:1' });
    expect(readError('text')).toEqual({ code: '', message: 'text' });
  });
});

describe('an answer that broke', () => {
  const progress: Progress = {
    where: 'host:1',
    head: new Uint8Array(),
    hasHead: false,
    bodyBytes: 0,
    expectedBytes: null,
    maxHeaderBytes: 9,
    reused: false,
  };

  it('is a client certificate missing where the alert says so', () => {
    expect(answerFailure(coded('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), progress).code).toBe(
      'tls-client-certificate',
    );
  });

  it('is never without a name', () => {
    expect(answerFailure(coded('WHAT'), { ...progress, hasHead: true }).code).toBe('connection-broken');
    expect(answerFailure(undefined, progress).code).toBe('closed-before-response');
  });
});

describe('the table of failures', () => {
  it('has a sentence to act on in each row', () => {
    for (const { hint } of Object.values(FAILURES)) expect(hint).toMatch(/^[A-Z].{15,}\.$/);
  });

  it('shows bytes without letting them act', () => {
    expect(escapeBytes(Buffer.from('a\r\n\x1b[31m\x00é', 'utf8'))).toBe('a\\r\\n\\x1b[31m\\x00\\xc3\\xa9');
    expect(escapeBytes(Buffer.alloc(200, 'x'))).toBe(`${'x'.repeat(80)}...`);
  });
});
