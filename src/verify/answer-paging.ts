/** Which page a list says it is, against the page that was asked for. */
import { describeValue } from '../diagnostic/quote.ts';
import { isJsonArray, isJsonObject, memberOf, type Json, type JsonObject } from '../protocol/json.ts';
import { DEFAULT_COUNT, DEFAULT_START } from '../protocol/paging.ts';
import type { Answer } from './answer.ts';
import { placeOf } from './findings.ts';

/** Judges the paging of one collection at `pointer`: of the whole body, or of one result of a batch finder. */
export function checkPaging(answer: Answer, collection: JsonObject, elements: readonly Json[], pointer: string): void {
  const { asked, findings } = answer;
  const paging = memberOf(collection, 'paging');
  const promise = asked.operation?.paging ?? null;
  if (paging !== undefined) checkShape(answer, paging, `${pointer}/paging`);
  if (promise === null) return;

  findings.checks += 1;
  if (promise.kind === 'cursor') return checkCursor(answer, collection, elements, pointer);
  const count = numberOf(asked.params.get('count')) ?? promise.size ?? DEFAULT_COUNT;
  if (elements.length > count) {
    findings.add('paging/too-many', {
      where: 'paging',
      pointer: `${pointer}/elements`,
      expected: `at most ${count} elements`,
      actual: `${elements.length} elements`,
      message: `The page holds ${elements.length} elements where ${count} were asked for.`,
    });
  }
  if (asked.masks.pagingFields !== undefined) return;

  if (paging !== undefined && !isJsonObject(paging)) return;
  const at = placeOf(asked.contract, `${asked.operation?.pointer ?? ''}/paging`);
  if (paging === undefined) {
    findings.add('paging/missing', {
      where: 'paging',
      pointer: `${pointer}/paging`,
      expected: '`paging` with `start`, `count` and `links`',
      actual: 'nothing',
      message: 'The list is declared with paging and does not say which page it is.',
      at,
    });
  } else {
    checkEcho(answer, paging, 'start', numberOf(asked.params.get('start')), DEFAULT_START, pointer);
    checkEcho(answer, paging, 'count', numberOf(asked.params.get('count')), promise.size ?? DEFAULT_COUNT, pointer);
  }
  if (promise.total && memberOf(paging, 'total') === undefined) {
    findings.add('paging/total-missing', {
      where: 'paging',
      pointer: `${pointer}/paging/total`,
      expected: '`total`',
      actual: 'nothing',
      message: 'The contract promises the number of all elements.',
      at,
    });
  }
}

/** A default that the server chose otherwise is worth a look; what was asked for must come back. */
function checkEcho(
  answer: Answer,
  paging: JsonObject,
  name: 'start' | 'count',
  asked: number | null,
  usual: number,
  pointer: string,
): void {
  const echoed = memberOf(paging, name);
  const expected = asked ?? usual;
  if (echoed === undefined || echoed === expected || typeof echoed !== 'number') return;
  // A dialect that reads ids and keys either way is a public gateway: each of its lists has a default of its own.
  const isStrict = answer.asked.dialect.batchKeys === 'reduced';
  const told = {
    where: 'paging',
    pointer: `${pointer}/paging/${name}`,
    expected: `integer ${expected}`,
    actual: describeValue(echoed),
    message:
      asked === null
        ? `\`paging.${name}\` is not the default of the list.`
        : `\`paging.${name}\` is not what was asked for.`,
  } as const;
  answer.findings.add('paging/echo', asked === null ? { ...told, level: isStrict ? 'should' : 'may' } : told);
}

function checkShape(answer: Answer, paging: Json, pointer: string): void {
  const wrong = (at: string, expected: string, actual: Json | undefined): void =>
    answer.findings.add('paging/shape', {
      where: 'paging',
      pointer: at,
      expected,
      actual: describeValue(actual),
      message: `The value at ${at} has not the shape of \`paging\`.`,
    });
  answer.findings.checks += 1;
  if (!isJsonObject(paging)) return wrong(pointer, 'an object', paging);

  // A dialect that puts its token here says what this is: a record of its own, which counts no elements.
  const isLoose = answer.asked.masks.pagingFields !== undefined || holdsToken(answer);
  for (const name of ['start', 'count', 'total'] as const) {
    const value = memberOf(paging, name);
    if (value === undefined) {
      if (name !== 'total' && !isLoose) wrong(`${pointer}/${name}`, 'a whole number', undefined);
    } else if (typeof value === 'bigint' || typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
      if (name !== 'total' || value !== -1) wrong(`${pointer}/${name}`, 'a whole number, not negative', value);
    }
  }
  const links = memberOf(paging, 'links');
  if (links === undefined) {
    if (isLoose) return;
    answer.findings.add('paging/links-missing', {
      where: 'paging',
      pointer: `${pointer}/links`,
      expected: 'a list of links, empty where there is nothing to link',
      actual: 'nothing',
      message: '`paging` has no `links`.',
    });
    return;
  }
  if (!isJsonArray(links)) return wrong(`${pointer}/links`, 'a list', links);
  links.forEach((link, i) => {
    for (const name of ['rel', 'href', 'type']) {
      const value = memberOf(link, name);
      if (typeof value !== 'string') wrong(`${pointer}/links/${i}/${name}`, 'text', value);
    }
  });
}

/** Whether the list is paged by a token that stands in `paging` itself. */
function holdsToken({ asked: { operation, dialect } }: Answer): boolean {
  return operation?.paging?.kind === 'cursor' && dialect.cursor.next.startsWith('paging/');
}

function checkCursor(answer: Answer, collection: JsonObject, elements: readonly Json[], pointer: string): void {
  const { asked, findings } = answer;
  const { cursor } = asked.dialect;
  const size = numberOf(asked.params.get(cursor.size)) ?? asked.operation?.paging?.size ?? null;
  if (size !== null && elements.length > size) {
    findings.add('paging/too-many', {
      where: 'paging',
      pointer: `${pointer}/elements`,
      expected: `at most ${size} elements`,
      actual: `${elements.length} elements`,
      message: `The page holds ${elements.length} elements where ${size} were asked for.`,
    });
  }
  const token = tokenOf(collection, cursor.next);
  if (token === undefined || (typeof token === 'string' && token !== '')) return;
  findings.add('paging/cursor', {
    where: 'paging',
    pointer: `${pointer}/${cursor.next}`,
    expected: 'text, or nothing on the last page',
    actual: describeValue(token),
    message: 'The token of the next page is no text.',
  });
}

/** What stands at the place of the next token. */
export function tokenOf(collection: JsonObject, next: string): Json | undefined {
  let here: Json | undefined = collection;
  for (const step of next.split('/')) here = memberOf(here, step);
  return here;
}

function numberOf(value: Json | undefined): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : null;
}
