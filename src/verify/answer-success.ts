/** Bodies of successes, by the envelope that the method answers. */
import { describeValue } from '../diagnostic/quote.ts';
import { entriesOf, RESPONSE_ENVELOPES, type Entry, type ResponseEnvelope } from '../protocol/envelopes.ts';
import { isJsonArray, isJsonObject, memberOf, type Json, type JsonObject } from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import { fitsSchema } from '../schema/check.ts';
import type { Answer } from './answer.ts';
import { checkBatch, checkEntryError, checkMaps, checkOwnKey, checkReturned, checkStatus } from './answer-batch.ts';
import { checkAgainst, checkEntity, WHOLE_BODY } from './answer-entity.ts';
import { checkErrorBody } from './answer-error.ts';
import { checkPaging } from './answer-paging.ts';
import { readId } from './created-key.ts';
import { placeOf } from './findings.ts';

/** Judges the body of a success: that there is one or none, its envelope, and everything in it. */
export function checkSuccessBody(answer: Answer): void {
  const { asked, promise, body, isEmpty, findings } = answer;
  findings.checks += 1;
  const declared = promise?.body ?? null;
  if (declared === false) return checkNoBody(answer);
  if (declared !== null) {
    if (isEmpty) {
      if (!fitsSchema(declared, null)) reportMissing(answer, 'the declared body');
    } else if (body !== undefined)
      checkAgainst(answer, 'body/schema', declared, body, WHOLE_BODY, promise?.pointer ?? '');
    return;
  }
  CHECKS[profileOf(asked.method).returns](answer);
}

const CHECKS: Readonly<Record<ResponseEnvelope, (answer: Answer) => void>> = {
  none: checkWritten,
  created: checkWritten,
  entity: (answer) => {
    const { asked, body, isEmpty } = answer;
    if (isEmpty) return reportMissing(answer, 'the entity');
    if (body === undefined) return;
    checkEntity(answer, body, WHOLE_BODY);
    if (asked.key !== null) checkOwnKey(answer, asked.key, body, '', null);
  },
  collection: (answer) => {
    const body = envelopeOf(answer);
    if (body !== null) checkCollection(answer, body, '');
  },
  collections: checkCollections,
  batch: (answer) => {
    const body = envelopeOf(answer);
    if (body !== null && checkMaps(answer, body))
      checkBatch(answer, entriesOf(RESPONSE_ENVELOPES.batch, body), 'entity');
  },
  statuses: (answer) => {
    const body = envelopeOf(answer);
    if (body !== null && checkMaps(answer, body))
      checkBatch(answer, entriesOf(RESPONSE_ENVELOPES.statuses, body), 'status');
  },
  createdBatch: checkCreatedBatch,
  value: checkValue,
};

/** The body as an object, or the violation that it is none. */
function envelopeOf(answer: Answer): JsonObject | null {
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

function reportMissing(answer: Answer, what: string): void {
  answer.findings.add('body/missing', {
    where: 'body',
    expected: what,
    actual: 'no body',
    message: `The answer has no body where ${what} is due.`,
  });
}

function reportShape(answer: Answer, pointer: string, expected: string, actual: Json | undefined): void {
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

/** CREATE, UPDATE, PARTIAL_UPDATE, DELETE: nothing, or the entity where the contract promises it. */
function checkWritten(answer: Answer): void {
  const { asked, body, isEmpty, findings } = answer;
  const { operation } = asked;
  const promises = operation?.returnEntity === true;
  if (isEmpty) {
    if (!promises || asked.returnEntity === false) return;
    findings.add('create/entity-missing', {
      where: 'body',
      expected: 'the entity after the write',
      actual: 'no body',
      message: 'The contract promises the written entity.',
      at: operation === null ? null : placeOf(asked.contract, `${operation.pointer}/returnEntity`),
    });
    return;
  }
  if (promises && asked.returnEntity === false) {
    findings.add('create/entity-unasked', {
      where: 'body',
      pointer: '',
      expected: 'no body',
      actual: body === undefined ? 'a body' : describeValue(body),
      message: 'The request says $returnEntity=false.',
    });
    return;
  }
  if (promises) {
    if (body !== undefined) checkEntity(answer, body, WHOLE_BODY);
    return;
  }
  // A server may return entities that the contract does not promise; only an undeclared method proves nothing at all.
  if (operation === null) return;
  checkNoBody(answer, profileOf(asked.method).mayReturnEntity && isJsonObject(body) ? 'should' : undefined);
}

function checkCollection(answer: Answer, collection: JsonObject, pointer: string): void {
  const elements = memberOf(collection, 'elements');
  if (!isJsonArray(elements)) return reportShape(answer, `${pointer}/elements`, 'a list of entities', elements);

  for (let i = 0; i < elements.length; i++) {
    const element = elements[i];
    if (element !== undefined)
      checkEntity(answer, element, { where: 'body', pointer: `${pointer}/elements/${i}`, key: null });
  }
  checkPaging(answer, collection, elements, pointer);
  checkMetadata(answer, memberOf(collection, 'metadata'), pointer);
}

function checkMetadata(answer: Answer, metadata: Json | undefined, pointer: string): void {
  const { asked } = answer;
  const schema = asked.operation?.metadata ?? null;
  if (schema === null || metadata === undefined) return;
  answer.findings.checks += 1;
  const isPartial = asked.masks.metadataFields !== undefined;
  checkAgainst(
    answer,
    'metadata/schema',
    schema,
    asked.operation?.paging?.kind === 'cursor' ? withoutToken(metadata, asked.dialect.cursor.next) : metadata,
    { where: 'body', pointer: `${pointer}/metadata`, key: null },
    `${asked.operation?.pointer ?? ''}/metadata`,
    { variant: isPartial ? 'partial' : 'whole' },
  );
}

/** The token of the next page is no member of the declared type. */
function withoutToken(metadata: Json, next: string): Json {
  const [first, name, ...rest] = next.split('/');
  if (first !== 'metadata' || name === undefined || rest.length > 0 || !isJsonObject(metadata)) return metadata;
  if (!Object.hasOwn(metadata, name)) return metadata;
  return Object.fromEntries(Object.entries(metadata).filter(([member]) => member !== name));
}

function checkCollections(answer: Answer): void {
  const { findings } = answer;
  const body = envelopeOf(answer);
  if (body === null) return;
  const elements = memberOf(body, 'elements');
  if (!isJsonArray(elements))
    return reportShape(answer, '/elements', 'a list with one result for each criterion', elements);
  checkLength(answer, 'batch-finder/one-result-per-criteria', elements.length, 'criterion', 'criteria');

  elements.forEach((result, i) => {
    const pointer = `/elements/${i}`;
    if (!isJsonObject(result)) return reportShape(answer, pointer, 'the result of a criterion', result);
    findings.checks += 1;
    const isError = memberOf(result, 'isError');
    const error = memberOf(result, 'error');
    const wrong = (at: string, expected: string, actual: Json | undefined, message: string): void =>
      findings.add('batch-finder/is-error', {
        where: 'entry',
        pointer: at,
        expected,
        actual: describeValue(actual),
        message,
      });
    if (isError !== undefined && typeof isError !== 'boolean')
      wrong(`${pointer}/isError`, 'true or false', isError, '`isError` is no boolean.');
    if (isError === true) {
      if (error === undefined)
        wrong(`${pointer}/error`, 'an error', undefined, 'The criterion failed and nothing says why.');
      else
        checkErrorBody(answer, 'batch/entry-error', error, statusOf(error), {
          where: 'entry',
          pointer: `${pointer}/error`,
          key: null,
        });
      const held = memberOf(result, 'elements');
      if (isJsonArray(held) && held.length > 0)
        wrong(`${pointer}/elements`, 'an empty list', held, 'A failed criterion holds elements.');
      return;
    }
    if (error !== undefined)
      wrong(`${pointer}/isError`, 'true', isError, 'An error stands beside a result that does not call itself one.');
    else checkCollection(answer, result, pointer);
  });
}

function checkLength(answer: Answer, rule: string, length: number, one: string, many: string): void {
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

function checkCreatedBatch(answer: Answer): void {
  const body = envelopeOf(answer);
  if (body === null) return;
  const elements = memberOf(body, 'elements');
  if (!isJsonArray(elements))
    return reportShape(answer, '/elements', 'a list with one result for each element', elements);
  checkLength(answer, 'batch-create/one-result-per-element', elements.length, 'element', 'elements');

  for (const entry of entriesOf(RESPONSE_ENVELOPES.createdBatch, body)) {
    const result = elements[entry.index ?? 0];
    if (!checkStatus(answer, result, entry.pointer, null)) continue;
    if (entry.error !== undefined || (entry.status !== null && entry.status >= 400)) {
      checkEntryError(answer, entry, `${entry.pointer}/error`);
      continue;
    }
    checkCreatedId(answer, entry, result);
    if (entry.entity !== undefined)
      checkEntity(answer, entry.entity, { where: 'entry', pointer: `${entry.pointer}/entity`, key: null });
    checkReturned(answer, entry, entry.pointer);
  }
}

function checkCreatedId(answer: Answer, entry: Entry, result: Json | undefined): void {
  const { asked, findings } = answer;
  findings.checks += 1;
  const id = memberOf(result, 'id');
  if (typeof id === 'string') {
    const { key: type } = asked.contract;
    const key = readId(asked, id);
    if (type === null || (key !== null && fitsKey(answer, key))) return;
    findings.add('create/id-type', {
      where: 'entry',
      pointer: `${entry.pointer}/id`,
      expected: 'a key of the resource',
      actual: describeValue(id),
      message: `The id ${JSON.stringify(id)} is no key of the resource.`,
    });
    return;
  }
  findings.add('batch-create/id-missing', {
    where: 'entry',
    pointer: `${entry.pointer}/id`,
    expected: 'the key of the new entity, as text',
    actual: describeValue(id),
    message: 'The element was created and its result has no id.',
  });
}

/** Whether every part of a typed key fits its type. */
export function fitsKey(answer: Answer, key: Json): boolean {
  const { key: type } = answer.asked.contract;
  if (type === null) return true;
  for (const [name, schema] of type.parts) {
    const part = isJsonObject(key) ? memberOf(key, name) : key;
    if (part === undefined || !fitsSchema(schema, part)) return false;
  }
  return true;
}

/** ACTION: `{"value": …}`, or nothing where nothing is returned. */
function checkValue(answer: Answer): void {
  const { asked, body, isEmpty } = answer;
  const { operation } = asked;
  if (operation === null) return;
  const { returns } = operation;
  if (returns === null) return checkNoBody(answer);
  if (isEmpty) {
    if (!fitsSchema(returns, null)) reportMissing(answer, '`{"value": …}`');
    return;
  }
  if (body === undefined) return;
  const value = memberOf(body, 'value');
  if (value === undefined) return reportShape(answer, '/value', '`{"value": …}`, what the action returns', body);
  answer.findings.checks += 1;
  checkAgainst(
    answer,
    'action/value',
    returns,
    value,
    { where: 'body', pointer: '/value', key: null },
    `${operation.pointer}/returns`,
  );
}

function statusOf(error: Json): number | null {
  const status = memberOf(error, 'status');
  return typeof status === 'number' ? status : null;
}
