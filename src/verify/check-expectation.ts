/** What the author of a case expects beyond the method's promise. */
import type { Expectation, Outcome } from '../contract/contract.ts';
import { isList } from '../contract/negative.ts';
import { describeValue } from '../diagnostic/quote.ts';
import type { Json } from '../protocol/json.ts';
import { escapeSegment } from '../protocol/pointer.ts';
import { headerValues } from '../transport/exchange.ts';
import type { Answer } from './answer.ts';
import { createdKey, keyOf } from './created-key.ts';
import { placeOf } from './findings.ts';
import { matchValue } from './matchers.ts';
import { outcomesOf, type ItemOutcome } from './outcomes.ts';
import type { ViolationPlace } from './violation.ts';

/** Judges headers, body, key and items; the status is judged before. */
export function checkExpectation(answer: Answer, expectation: Expectation): void {
  const { asked, response, body, findings } = answer;
  const { pointer } = expectation;
  for (const [name, expected] of expectation.headers) {
    findings.checks += 1;
    const values = headerValues(response.headers, name);
    const actual = values.length === 0 ? undefined : values.join(', ');
    const wanted =
      typeof expected === 'number' || typeof expected === 'bigint' || typeof expected === 'boolean'
        ? String(expected)
        : expected;
    compare(answer, 'expectation/header', wanted, actual, `${pointer}/headers/${escapeSegment(name)}`, {
      where: 'header',
      header: name,
    });
  }
  if (expectation.body !== undefined) {
    findings.checks += 1;
    compare(answer, 'expectation/body', expectation.body, body, `${pointer}/body`, { where: 'body', pointer: '' });
  }
  if (expectation.key !== undefined) {
    findings.checks += 1;
    const created = createdKey(asked, response);
    compare(answer, 'expectation/key', expectation.key, keyOf(created) ?? undefined, `${pointer}/key`, {
      where: 'header',
      header: created.header,
    });
  }
}

/**
 * Judges the items of a batch. An outcome without status, and every item where there is no `each`, must succeed.
 *
 * @param each - of the expectation; null: nothing is said of items
 * @param pointer - of the expectation in the contract
 */
export function checkItems(answer: Answer, each: Expectation['each'], pointer: string): void {
  const outcomes = outcomesOf(answer.asked, answer.body);
  if (outcomes === null) return;
  const list = each !== null && isList(each) ? each : null;
  const common = each !== null && isList(each) ? null : each;
  if (list !== null && list.length !== outcomes.length) {
    answer.findings.add('expectation/each', {
      where: 'body',
      pointer: '',
      expected: `${list.length} items`,
      actual: `${outcomes.length} items`,
      message: 'The expectation names another number of items than the request.',
      at: placeOf(answer.asked.contract, `${pointer}/each`),
    });
  }
  outcomes.forEach((item, i) => {
    answer.findings.checks += 1;
    checkItem(
      answer,
      item,
      i,
      list === null ? common : (list[i] ?? null),
      list !== null ? `${pointer}/each/${i}` : `${pointer}/each`,
    );
  });
}

function checkItem(answer: Answer, item: ItemOutcome, index: number, wanted: Outcome | null, pointer: string): void {
  const { findings } = answer;
  const { contract } = answer.asked;
  // Nothing is said of it: the rule of its envelope tells that.
  if (item.status === null) return;
  const name = item.wireKey === null ? `item ${index}` : `key ${JSON.stringify(item.wireKey)}`;
  const spot = { where: 'entry' as const, pointer: item.pointer, key: item.wireKey };
  const shown = item.error === undefined ? `${item.status}` : `${item.status}, ${describeValue(item.error)}`;

  const statuses = wanted?.status ?? null;
  if (statuses === null && item.status >= 400) {
    findings.add('batch/hidden-failure', {
      ...spot,
      expected: 'a success',
      actual: shown,
      message: `The batch answers ${answer.response.status}, and ${name} failed with ${item.status}.`,
      at: wanted === null ? null : placeOf(contract, pointer),
    });
    return;
  }
  if (statuses !== null && !statuses.includes(item.status)) {
    findings.add('expectation/each', {
      ...spot,
      expected: statuses.join(' or '),
      actual: shown,
      message: `Expected ${statuses.join(' or ')} for ${name}, got ${item.status}.`,
      at: placeOf(contract, pointer),
    });
    return;
  }
  if (wanted === null) return;
  for (const part of PARTS) {
    const expected = wanted[part];
    if (expected === undefined) continue;
    compare(answer, 'expectation/each', expected, item[part], `${pointer}/${part}`, {
      ...spot,
      pointer: item.pointer === null ? null : `${item.pointer}${placeOfPart(item, part)}`,
    });
  }
}

const PARTS = ['key', 'entity', 'error', 'elements', 'paging', 'metadata'] as const;

/** Where below the item a part stands: in maps of entities and errors the item is the part itself. */
function placeOfPart(item: ItemOutcome, part: (typeof PARTS)[number]): string {
  if (item.isWhole && (part === 'entity' || part === 'error')) return '';
  return part === 'key' ? '/id' : `/${part}`;
}

interface Spot {
  readonly where: ViolationPlace;
  readonly pointer?: string | null;
  readonly header?: string;
  readonly key?: string | null;
}

function compare(
  answer: Answer,
  rule: string,
  expected: Json,
  actual: Json | undefined,
  pointer: string,
  spot: Spot,
): void {
  const { contract } = answer.asked;
  for (const mismatch of matchValue(expected, actual, contract)) {
    const where = typeof spot.pointer === 'string' ? spot.pointer + mismatch.pointer : null;
    const name = spot.header ?? (where === null || where === '' ? 'the body' : where);
    answer.findings.add(rule, {
      ...spot,
      pointer: where,
      expected: mismatch.expected,
      actual: mismatch.actual,
      message: `Expected ${mismatch.expected} at ${name}, got ${mismatch.actual}.`,
      at: placeOf(contract, pointer + mismatch.expectation),
    });
  }
}
