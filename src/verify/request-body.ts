/** Bodies of requests: JSON, the envelope of the method, and what is in it. */
import { describeValue } from '../diagnostic/quote.ts';
import { REQUEST_ENVELOPES, type RequestEnvelope } from '../protocol/envelopes.ts';
import { isJsonArray, isJsonObject, memberOf, type Json } from '../protocol/json.ts';
import type { Key } from '../protocol/keys.ts';
import { escapeSegment } from '../protocol/pointer.ts';
import { checkBodyType } from './request-headers.ts';
import { checkSentEntity, checkSentValue } from './request-entity.ts';
import { checkBatchSize, checkEntityKeys } from './request-keys.ts';
import { checkActionParams } from './request-action.ts';
import { checkSentPatch } from './request-patch.ts';
import { checkSwap } from './request-routing.ts';
import type { Sent } from './sent.ts';

/**
 * Judges the body.
 *
 * @param ids - of the query, typed
 * @param guarded - the method header names the method reached
 */
export function checkBody(sent: Sent, ids: readonly Key[] | null, guarded: boolean): void {
  const { findings, profile, operation, body, contract, method } = sent;
  findings.checks += 1;
  const declared = operation?.request.body ?? null;
  const isNone = declared === false || (declared === null && profile.sends === 'none');
  if (isNone) {
    if (body.isEmpty) return;
    return findings.add('request-body/unexpected', {
      where: 'request-body',
      pointer: '',
      expected: 'no body',
      actual: body.value === undefined ? 'a body that is not JSON' : describeValue(body.value),
      message: `${method} takes no body; the server parses it and drops it.`,
    });
  }
  if (body.isEmpty) {
    if (profile.sends === 'params' && declared === null) return checkActionParams(sent, undefined);
    return findings.add('request-body/missing', {
      where: 'request-body',
      expected: REQUEST_ENVELOPES[profile.sends].doc,
      actual: 'no body',
      message: `${method} is sent without a body; the server answers 400.`,
    });
  }

  checkBodyType(findings, sent.read.untunnelled.headers);
  for (const fault of body.faults) {
    findings.add(fault.kind === 'duplicate-member' ? 'request-body/duplicate-member' : 'request-body/not-json', {
      where: 'request-body',
      pointer: fault.pointer,
      expected: fault.expected,
      actual: fault.actual,
      message: fault.message,
    });
  }
  if (body.value === undefined) return;
  if (declared !== null) {
    return checkSentValue(sent, declared, body.value, '', null, { variant: 'sent' }, operation?.pointer ?? '');
  }
  if (checkSwap(findings, contract, method, body.value, guarded)) return;
  CHECKS[profile.sends](sent, body.value, ids);
}

type Check = (sent: Sent, body: Json, ids: readonly Key[] | null) => void;

const CHECKS: Readonly<Record<RequestEnvelope, Check>> = {
  none: () => undefined,
  entity: (sent, body) => {
    if (isJsonObject(body)) checkSentEntity(sent, body, '', null);
    else reportEnvelope(sent, '', 'the entity, an object', body);
  },
  elements: (sent, body) => {
    const elements = memberOf(body, 'elements');
    if (!isJsonArray(elements))
      return reportEnvelope(sent, '/elements', '`{"elements": […]}`', isJsonObject(body) ? elements : body);
    warnOfStrangers(sent, body, 'elements');
    checkBatchSize(sent, elements.length, '`elements`', 'request-body');
    elements.forEach((element, i) => {
      if (isJsonObject(element)) checkSentEntity(sent, element, `/elements/${i}`, null);
      else reportEnvelope(sent, `/elements/${i}`, 'an entity, an object', element);
    });
  },
  entities: (sent, body, ids) => {
    for (const [key, entity] of entriesOfBody(sent, body, ids)) {
      const pointer = `/entities/${escapeSegment(key)}`;
      if (isJsonObject(entity)) checkSentEntity(sent, entity, pointer, key);
      else reportEnvelope(sent, pointer, 'an entity, an object', entity);
    }
  },
  patches: (sent, body, ids) => {
    for (const [key, entry] of entriesOfBody(sent, body, ids))
      checkWrapped(sent, entry, `/entities/${escapeSegment(key)}`, key);
  },
  patch: (sent, body) => checkWrapped(sent, body, '', null),
  params: (sent, body) => {
    // LinkedIn's JavaScript client sends `null` for an action without parameters.
    const isNull = body === null && sent.dialect.batchKeys !== 'reduced';
    if (!isJsonObject(body) && !isNull) return reportEnvelope(sent, '', 'an object of parameters', body);
    checkActionParams(sent, body);
  },
};

function checkWrapped(sent: Sent, value: Json, pointer: string, key: string | null): void {
  const patch = memberOf(value, 'patch');
  if (patch !== undefined) {
    warnOfStrangers(sent, value, 'patch', pointer, key);
    return checkSentPatch(sent, patch, `${pointer}/patch`, key);
  }
  if (!isJsonObject(value)) return reportEnvelope(sent, pointer, '`{"patch": {…}}`', value);
  const isCommands = Object.keys(value).some((name) => name.startsWith('$'));
  sent.findings.add('patch/wrapper-missing', {
    where: 'request-body',
    pointer,
    key,
    expected: '`{"patch": …}`',
    actual: describeValue(value),
    message: 'The patch does not stand under `patch`; the server answers 204 and changes nothing.',
    hint: isCommands
      ? `Write {"patch": ${describeValue(value, 100).replace(/^object /, '')}}.`
      : 'Write {"patch": {"$set": {…}}} with what changes.',
  });
}

function entriesOfBody(sent: Sent, body: Json, ids: readonly Key[] | null): readonly (readonly [string, Json])[] {
  const entities = memberOf(body, 'entities');
  if (!isJsonObject(entities)) {
    reportEnvelope(sent, '/entities', '`{"entities": {key: …}}`', isJsonObject(body) ? entities : body);
    return [];
  }
  warnOfStrangers(sent, body, 'entities');
  checkEntityKeys(sent, body, ids);
  return Object.entries(entities);
}

/** Members beside the one that the envelope has. */
function warnOfStrangers(sent: Sent, body: Json, own: string, pointer = '', key: string | null = null): void {
  if (!isJsonObject(body)) return;
  for (const name of Object.keys(body)) {
    if (name === own) continue;
    sent.findings.add('request-body/unknown-member', {
      where: 'request-body',
      pointer: `${pointer}/${escapeSegment(name)}`,
      key,
      expected: `\`${own}\` alone`,
      actual: `\`${name}\``,
      message: `The envelope of ${sent.method} has no member \`${name}\`; the server ignores it.`,
    });
  }
}

function reportEnvelope(sent: Sent, pointer: string, expected: string, actual: Json | undefined): void {
  sent.findings.add('request-body/envelope', {
    where: 'request-body',
    pointer,
    expected,
    actual: describeValue(actual),
    message: `The body has not the envelope of ${sent.method}: ${REQUEST_ENVELOPES[sent.profile.sends].doc}.`,
  });
}
