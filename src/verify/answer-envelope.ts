/** The outermost shape of a success: a body or none, an object, a length. */
import { describeValue } from '../diagnostic/quote.ts';
import { RESPONSE_ENVELOPES } from '../protocol/envelopes.ts';
import { isJsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import type { Answer } from './answer.ts';

/** The body as an object, or the violation that it is none. */
export function envelopeOf(answer: Answer): JsonObject | null {
  const { asked, body, isEmpty } = answer;
  const { doc } = RESPONSE_ENVELOPES[profileOf(asked.method).returns];
  if (isEmpty) {
    reportMissing(answer, doc);
    return null;
  }
  if (body === undefined) return null;
  if (isJsonObject(body)) return body;
  reportShape(answer, '', `an object with ${doc}`, body);
  return null;
}

export function reportMissing(answer: Answer, what: string): void {
  answer.findings.add('body/missing', {
    where: 'body',
    expected: what,
    actual: 'no body',
    message: `The answer has no body where ${what} is due.`,
  });
}

export function reportShape(answer: Answer, pointer: string, expected: string, actual: Json | undefined): void {
  answer.findings.add('envelope/shape', {
    where: 'body',
    pointer,
    expected,
    actual: describeValue(actual),
    message: `${pointer === '' ? 'The body' : `The value at ${pointer}`} has not the shape that the method answers.`,
  });
}

/** A body where the contract wants none. */
export function checkNoBody(answer: Answer, level?: 'should'): void {
  const { body, response, isEmpty } = answer;
  if (isEmpty) return;
  answer.findings.add('body/unexpected', {
    where: 'body',
    pointer: '',
    expected: 'no body, zero bytes',
    actual: body === undefined ? `${response.body.byteLength} bytes` : describeValue(body),
    message: 'The answer has a body where none is due.',
    ...(level === undefined ? {} : { level }),
  });
}

export function checkLength(answer: Answer, rule: string, length: number, one: string, many: string): void {
  const { items } = answer.asked;
  answer.findings.checks += 1;
  if (items === null || length === items) return;
  answer.findings.add(rule, {
    where: 'body',
    pointer: '/elements',
    expected: `${items} elements, one for each ${one}`,
    actual: `${length} element${length === 1 ? '' : 's'}`,
    message: `${items} ${items === 1 ? one : many} were sent, ${length} results came back${length < items ? `: from index ${length} on there is none, if none was left out before` : ''}.`,
  });
}
