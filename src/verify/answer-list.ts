/** Lists: of one collection, and of the collections of a batch finder. */
import { describeValue } from '../diagnostic/quote.ts';
import { isJsonArray, isJsonObject, memberOf, type Json, type JsonObject } from '../protocol/json.ts';
import type { Answer } from './answer.ts';
import { checkAgainst, checkEntity } from './answer-entity.ts';
import { checkLength, envelopeOf, reportShape } from './answer-envelope.ts';
import { checkErrorBody } from './answer-error.ts';
import { checkPaging } from './answer-paging.ts';

export function checkCollection(answer: Answer, collection: JsonObject, pointer: string): void {
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

export function checkCollections(answer: Answer): void {
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

function statusOf(error: Json): number | null {
  const status = memberOf(error, 'status');
  return typeof status === 'number' ? status : null;
}
