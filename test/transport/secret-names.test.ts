import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/transport/redact.ts';
import { isSecretField, isSecretHeader } from '../../src/transport/secret-names.ts';

/** Names whose value is never shown, in the spellings that APIs use. */
const SECRET =
  'access_token clientSecret Password api-key apiKey JSESSIONID PHPSESSID sid connect.sid pwd userPwd PWD passcode accessKey access_key ACCESS-KEY AWSAccessKeyId accesskey jwt idJwt JWT auth x_auth authCode AUTH oAuth OAuth2 oauth_signature bearer signature X-Amz-Signature sig requestSig sig_v2 csrf X-Xsrf hmac signingKey Ocp-Apim-Subscription-Key client_assertion code_verifier authorization X-Authorization otp pw userPw userPass db_pass cvv CVC2 sshKey SSH-Key SAMLResponse'.split(
    ' ',
  );

/** Names that hold the same letters and no secret. */
const HARMLESS =
  'author authors authorId coAuthors authorizations organizationAuthorizations authenticated authorizationAction organizationAuthorization keywords keys primaryKey accessLevel access signatureVersion oauth_signature_method authType auth_time client_assertion_type sign design significant inside residence passed pass pageToken nextPageToken tokenType signatory boardingPass userPassage passenger pwm keyword codec sameKey'.split(
    ' ',
  );

describe('a name', () => {
  it.each(SECRET)('`%s` says that its value is a secret', (name) => {
    expect(isSecretField(name)).toBe(true);
    expect(isSecretHeader(name)).toBe(true);
  });

  it.each(HARMLESS)('`%s` says nothing of the kind', (name) => {
    expect(isSecretField(name)).toBe(false);
  });

  it('of a header that ends in authorization is secret, of a field only where nothing else stands in it', () => {
    expect(isSecretHeader('X-Serverless-Authorization')).toBe(true);
    expect(isSecretField('organizationAuthorization')).toBe(false);
    expect(isSecretHeader('WWW-Authenticate')).toBe(false);
  });
});

describe('the redactor', () => {
  const redactor = createRedactor();

  // The cheap test that comes first must not overlook a name.
  it.each(SECRET)('masks what `%s` names in JSON, in a query and as a header', (name) => {
    for (const text of [`{"${name}":"v4lu3"}`, `GET /x?a=1&${name}=v4lu3`, `${name}: v4lu3`])
      expect(redactor.redactText(text)).not.toContain('v4lu3');
  });

  it.each(HARMLESS)('shows what `%s` names', (name) => {
    for (const text of [`{"${name}":"v4lu3"}`, `GET /x?a=1&${name}=v4lu3`])
      expect(redactor.redactText(text)).toBe(text);
  });

  it.each([
    ['https://joe:pass@h/', 'https://joe:‹redacted›@h/'],
    ['https://sk_live_123@h/', 'https://‹redacted›@h/'],
    ['https://:pass@h/', 'https://:‹redacted›@h/'],
    ['https://joe:pa/ss@h/', 'https://joe:‹redacted›@h/'],
    ['https://h:8080/a@b', 'https://h:8080/a@b'],
    ['https://joe@h/', 'https://joe@h/'],
    ['https://h/a@b:c', 'https://h/a@b:c'],
    ['see https://h and mail joe:x@h', 'see https://h and mail joe:x@h'],
  ])('turns %s into %s', (text, shown) => {
    expect(redactor.redactText(text)).toBe(shown);
  });
});
