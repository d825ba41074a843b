/** Error bodies: of a whole answer, and of single items of a batch. */
import type { ErrorPromise } from '../contract/contract.ts';
import { describeValue, quoteList } from '../diagnostic/quote.ts';
import { ERROR_SCHEMA } from '../protocol/envelopes.ts';
import { ERROR_HEADER, HEADERS } from '../protocol/headers.ts';
import { isJsonObject, memberOf, type Json } from '../protocol/json.ts';
import { checkSchema } from '../schema/check.ts';
import { headerOf } from '../transport/exchange.ts';
import { errorSchema, plainSchema, type Answer } from './answer.ts';
import { checkAgainst, type Spot } from './answer-entity.ts';
import { placeOf } from './findings.ts';

const ANY_ERROR = plainSchema(ERROR_SCHEMA);

/** What every server may answer, whatever the contract says. Source: the conditions of the open-source server. */
const USUAL_ERRORS = new Set([400, 404, 406, 415, 422]);

const WHOLE_ERROR: Spot = { where: 'error-body', pointer: '', key: null };

/** Judges an answer with a status from 400 on. A bare status without a body is legal. */
export function checkErrorAnswer(answer: Answer, isExpected: boolean): void {
  const { asked, response, body, findings } = answer;
  const { status } = response;
  findings.checks += 1;
  const declared = declaredErrors(answer, status);
  if (!isExpected && declared.length === 0) {
    if (status >= 500) {
      findings.add('status/server-error', {
        where: 'status',
        expected: 'an answer that is no fault of the server',
        actual: `${status}`,
        message: `The server answers ${status}.`,
      });
    } else if (!USUAL_ERRORS.has(status)) {
      findings.add('status/undeclared-error', {
        where: 'status',
        expected: 'a declared error',
        actual: `${status}`,
        message: `The contract does not declare ${status}.`,
      });
    }
  }
  if (body === undefined) return;

  // Each version has a header of its own; an answer in another version than the request is told by itself.
  const version = headerOf(response.headers, HEADERS.protocol);
  const name = ERROR_HEADER[version === '1.0.0' || version === '2.0.0' ? version : asked.protocol];
  const marked = headerOf(response.headers, name);
  if (marked === null) {
    findings.add('errors/header-missing', {
      where: 'header',
      header: name,
      expected: `${name}: true`,
      actual: 'nothing',
      message: `The error body comes without ${name}.`,
    });
  }
  checkErrorBody(answer, 'errors/body', body, status, WHOLE_ERROR);
  const inBody = memberOf(body, 'status');
  if (typeof inBody === 'number' && inBody !== status) {
    findings.add('errors/status-differs', {
      where: 'error-body',
      pointer: '/status',
      expected: `integer ${status}`,
      actual: describeValue(inBody),
      message: `The answer has status ${status}, its body says ${inBody}.`,
    });
  }
}

/** Judges an error body by the dialect's type and by what the contract declares for its status. */
export function checkErrorBody(answer: Answer, rule: string, body: Json, status: number | null, spot: Spot): void {
  const { asked, findings } = answer;
  findings.checks += 1;
  for (const problem of checkSchema(errorSchema(asked.dialect, ANY_ERROR), body)) {
    findings.add(rule, {
      ...spot,
      pointer: spot.pointer + problem.pointer,
      expected: problem.expected,
      actual: problem.actual,
      message: `The error body is not what the dialect ${asked.dialect.name} says: expected ${problem.expected}.`,
    });
  }
  if (!isJsonObject(body) || status === null) return;

  const promises = asked.operation?.errors.get(status) ?? [];
  checkCode(answer, body, status, promises, spot);
  const promise = promises.find((one) => one.details !== null && sameCode(one, body));
  const schema = promise?.details ?? null;
  const details = memberOf(body, 'errorDetails');
  if (schema !== null && details !== undefined) {
    checkAgainst(
      answer,
      'errors/details',
      schema,
      details,
      { ...spot, pointer: `${spot.pointer}/errorDetails` },
      promise?.pointer ?? '',
    );
  }
}

function checkCode(answer: Answer, body: Json, status: number, promises: readonly ErrorPromise[], spot: Spot): void {
  const code = memberOf(body, 'code');
  if (
    typeof code !== 'string' ||
    promises.length === 0 ||
    promises.some((one) => one.code === null || one.code === code)
  )
    return;
  if (dialectErrors(answer, status).some((one) => one.code === code)) return;
  // What the dialect answers to a request without one of its headers is its own error, not the resource's.
  if (answer.asked.dialect.headers.some(({ missing }) => missing?.status === status && missing.code === code)) return;
  answer.findings.add('errors/undeclared-code', {
    ...spot,
    pointer: `${spot.pointer}/code`,
    expected: `one of ${quoteList(promises.map((one) => one.code ?? ''))}`,
    actual: describeValue(code),
    message: `The contract declares other codes for ${status}.`,
    at: placeOf(answer.asked.contract, promises[0]?.pointer ?? ''),
  });
}

function sameCode(promise: ErrorPromise, body: Json): boolean {
  return promise.code === null || promise.code === memberOf(body, 'code');
}

function declaredErrors(answer: Answer, status: number): readonly unknown[] {
  return [...(answer.asked.operation?.errors.get(status) ?? []), ...dialectErrors(answer, status)];
}

function dialectErrors(answer: Answer, status: number): readonly { readonly code?: string }[] {
  const { errors } = answer.asked.dialect;
  return Object.hasOwn(errors, String(status)) ? (errors[String(status)] ?? []) : [];
}
