/** Headers of answers: type, version, what the contract promises, and where the new entity is. */
import type { Fields } from '../contract/contract.ts';
import { describeValue } from '../diagnostic/quote.ts';
import { ERROR_HEADER, HEADERS } from '../protocol/headers.ts';
import { profileOf } from '../protocol/methods.ts';
import { headerOf } from '../transport/exchange.ts';
import type { Answer } from './answer.ts';
import { fitsKey } from './answer-created-batch.ts';
import { createdKey, sameCreated } from './created-key.ts';
import { placeOf } from './findings.ts';
import { readTyped } from './typed.ts';

/**
 * The answer is in the version that was asked for.
 *
 * @param sent - the version header of the request, null when absent (then 1.0.0 is meant)
 */
export function checkVersion(answer: Answer, sent: string | null): void {
  const { asked, response, findings } = answer;
  findings.checks += 1;
  const echoed = headerOf(response.headers, HEADERS.protocol);
  const expected = sent ?? '1.0.0';
  if (echoed === expected) return;
  // Who refuses a version may not speak it: the refusal comes in one that is spoken.
  const spoken: readonly string[] = [...asked.dialect.protocol, asked.contract.protocol ?? asked.dialect.protocol[0]];
  if (response.status >= 400 && !spoken.includes(expected) && echoed !== null && spoken.includes(echoed)) return;
  if (echoed === null) {
    findings.add('response-headers/protocol-version-absent', {
      where: 'header',
      header: HEADERS.protocol,
      expected,
      actual: 'nothing',
      message: 'The answer does not say which protocol version it is in.',
    });
    return;
  }
  findings.add('response-headers/protocol-version', {
    where: 'header',
    header: HEADERS.protocol,
    expected,
    actual: echoed,
    message: `The request speaks ${expected}, the answer ${echoed}.`,
  });
}

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json(?:\s*;.*)?$/i;

/** A body comes as JSON in UTF-8. Errors from before routing carry no type at all in the open-source server. */
export function checkContentType(answer: Answer): void {
  const { response, isEmpty, findings } = answer;
  if (isEmpty) return;
  findings.checks += 1;
  const type = headerOf(response.headers, HEADERS.contentType);
  if (type === 'application/json') return;
  if (type === null && response.status >= 400) return;
  const charset = /charset\s*=\s*"?([^";\s]+)/i.exec(type ?? '')?.[1];
  if (type !== null && JSON_TYPE.test(type) && (charset === undefined || /^utf-?8$/i.test(charset))) return;
  findings.add('response-headers/content-type', {
    where: 'header',
    header: HEADERS.contentType,
    expected: 'application/json',
    actual: type ?? 'nothing',
    message: type === null ? 'The body comes without a Content-Type.' : `The body comes as ${type}.`,
  });
}

/** The headers that a success promises, by its own list and the contract's. */
export function checkPromisedHeaders(answer: Answer): void {
  const { asked, promise, response, findings } = answer;
  if (promise !== null && promise.headers.size > 0) checkFields(answer, promise.headers, `${promise.pointer}/headers`);
  if (asked.contract.responseHeaders.size > 0) checkFields(answer, asked.contract.responseHeaders, '/response/headers');

  const marker = ERROR_HEADER[asked.protocol];
  if (headerOf(response.headers, marker) === null) return;
  findings.add('response-headers/error-on-success', {
    where: 'header',
    header: marker,
    expected: 'nothing',
    actual: headerOf(response.headers, marker) ?? '',
    message: `A success of ${response.status} calls itself an error.`,
  });
}

function checkFields(answer: Answer, fields: Fields, pointer: string): void {
  const { asked, response, findings } = answer;
  for (const field of fields.values()) {
    findings.checks += 1;
    const value = headerOf(response.headers, field.name);
    const at = (): ReturnType<typeof placeOf> => placeOf(asked.contract, `${pointer}/${field.name}`);
    if (value === null) {
      if (field.required && field.type !== false) {
        findings.add('response-headers/declared-missing', {
          where: 'header',
          header: field.name,
          expected: 'the header',
          actual: 'nothing',
          message: `The answer has no ${field.name}.`,
          at: at(),
        });
      }
    } else if (field.type === false) {
      findings.add('response-headers/declared-forbidden', {
        where: 'header',
        header: field.name,
        expected: 'nothing',
        actual: describeValue(value),
        message: `The contract rules ${field.name} out.`,
        at: at(),
      });
    } else if (field.type !== true) {
      for (const problem of readTyped(field, value).problems) {
        findings.add('response-headers/declared-type', {
          where: 'header',
          header: field.name,
          expected: problem.expected,
          actual: problem.actual,
          message: `${field.name} is not of its declared type.`,
          at: at(),
        });
      }
    }
  }
}

/** A 201 says which entity is new: in the id header and in `Location`, both the same. */
export function checkCreated(answer: Answer): void {
  const { asked, response, findings } = answer;
  const profile = profileOf(asked.method);
  if (profile.returns !== 'created' || response.status !== 201) return;
  findings.checks += 1;
  const created = createdKey(asked, response);
  const takesAny = asked.dialect.idHeaders.length > 0;
  if (created.id === null && (created.location === null || !takesAny)) {
    findings.add('create/id-missing', {
      where: 'header',
      header: created.header,
      expected: takesAny ? `one of ${asked.dialect.idHeaders.join(', ')}` : created.header,
      actual: 'nothing',
      message: 'The answer does not say which entity was created.',
    });
  }
  if (created.location === null && !takesAny) {
    findings.add('create/location-missing', {
      where: 'header',
      header: HEADERS.location,
      expected: 'the path of the new entity',
      actual: 'nothing',
      message: 'The answer does not say where the new entity is.',
    });
  }
  if (asked.contract.key === null) return;
  const read = created.fromId ?? created.fromLocation;
  const shown = created.id ?? created.location;
  if (shown !== null && (read === null || !fitsKey(answer, read))) {
    findings.add('create/id-type', {
      where: 'header',
      header: created.id === null ? HEADERS.location : created.header,
      expected: 'a key of the resource',
      actual: describeValue(shown),
      message: `${describeValue(shown)} is no key of the resource.`,
      at: placeOf(asked.contract, '/key'),
    });
    return;
  }
  if (sameCreated(created)) return;
  findings.add('create/ids-differ', {
    where: 'header',
    header: HEADERS.location,
    expected: `the entity of ${created.header}: ${created.id ?? ''}`,
    actual: created.location ?? '',
    message: `${created.header} says ${created.id ?? ''}, Location says ${created.location ?? ''}.`,
  });
}
