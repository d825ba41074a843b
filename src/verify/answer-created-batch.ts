/** Results of a batch of creations: one for each element, in its place. */
import { describeValue } from '../diagnostic/quote.ts';
import { entriesOf, RESPONSE_ENVELOPES, type Entry } from '../protocol/envelopes.ts';
import { isJsonArray, isJsonObject, memberOf, type Json } from '../protocol/json.ts';
import { fitsSchema } from '../schema/check.ts';
import type { Answer } from './answer.ts';
import { checkEntryError, checkReturned, checkStatus } from './answer-batch.ts';
import { checkEntity } from './answer-entity.ts';
import { checkLength, envelopeOf, reportShape } from './answer-envelope.ts';
import { readId } from './created-key.ts';

export function checkCreatedBatch(answer: Answer): void {
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
