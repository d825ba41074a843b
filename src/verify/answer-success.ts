/** Bodies of successes, by the envelope that the method answers. */
import { describeValue } from '../diagnostic/quote.ts';
import { entriesOf, RESPONSE_ENVELOPES, type ResponseEnvelope } from '../protocol/envelopes.ts';
import { isJsonObject, memberOf } from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import { fitsSchema } from '../schema/check.ts';
import type { Answer } from './answer.ts';
import { checkBatch, checkMaps, checkOwnKey } from './answer-batch.ts';
import { checkCreatedBatch } from './answer-created-batch.ts';
import { checkAgainst, checkEntity, WHOLE_BODY } from './answer-entity.ts';
import { checkNoBody, envelopeOf, reportMissing, reportShape } from './answer-envelope.ts';
import { checkCollection, checkCollections } from './answer-list.ts';
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
    if (body !== undefined && !isMadeOfUnfit(answer)) checkEntity(answer, body, WHOLE_BODY);
    return;
  }
  // A server may return entities that the contract does not promise; only an undeclared method proves nothing at all.
  if (operation === null) return;
  const mayStand = profileOf(asked.method).mayReturnEntity ? isJsonObject(body) : isEntity(answer);
  checkNoBody(answer, mayStand ? 'should' : undefined);
}

/**
 * A request that became another method brings a body that is no entity; the open-source server stores it as it is, and
 * what it then returns says nothing about its entities.
 */
function isMadeOfUnfit({ asked }: Answer): boolean {
  const { contract, operation, body } = asked;
  const schema = operation?.request.entity ?? contract.entity;
  if (profileOf(asked.method).sends !== 'entity' || schema === null || body === undefined) return false;
  return !fitsSchema(schema, body, { variant: 'sent', readOnly: contract.readOnly });
}

/** Not `{}`, which is the mistake that servers make for no body. */
function isEntity({ asked, body }: Answer): boolean {
  const { entity } = asked.contract;
  return isJsonObject(body) && Object.keys(body).length > 0 && (entity === null || fitsSchema(entity, body));
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
