/** Paging parameters of requests: by offset, or by cursor. */
import { describeValue } from '../diagnostic/quote.ts';
import { isElementList, type Element } from '../protocol/encoding.ts';
import type { Json } from '../protocol/json.ts';
import { placeOf } from './findings.ts';
import type { Sent } from './sent.ts';

/** `start` or `count`, typed and judged. */
export function checkOffset(sent: Sent, name: 'start' | 'count', element: Element): Json {
  const { findings, operation, read, dialect } = sent;
  const number = toNumber(element);
  const told = {
    where: 'request-line',
    actual: `${name}=${typeof element === 'string' ? element : describeValue(element)}`,
  } as const;
  const promise = operation?.paging ?? null;
  if (operation !== null && promise?.kind !== 'offset') {
    const mixed = promise?.kind === 'cursor' && read.query.has(dialect.cursor.token);
    if (mixed) {
      if (!findings.has('params/paging-mixed')) {
        findings.add('params/paging-mixed', {
          ...told,
          expected: `\`${dialect.cursor.size}\` and \`${dialect.cursor.token}\``,
          message: `\`${name}\` stands beside \`${dialect.cursor.token}\`: a page is named by its offset or by its token.`,
        });
      }
    } else if (!findings.has('params/paging-undeclared')) {
      const expected = promise === null ? 'no paging' : `\`${dialect.cursor.size}\` and \`${dialect.cursor.token}\``;
      findings.add('params/paging-undeclared', {
        ...told,
        expected,
        message: `The list is not paged by \`${name}\`.`,
        at: placeOf(sent.contract, operation.pointer),
      });
    }
    return number ?? element;
  }
  if (number === null) {
    findings.add('params/paging-value', {
      ...told,
      expected: 'a whole number, not negative',
      message: `\`${name}\` is no whole number, or negative; the server answers 400.`,
    });
    return element;
  }
  const max = promise?.max ?? Infinity;
  if (name === 'count' && number > max) reportTooMany(sent, name, number, max);
  return number;
}

function reportTooMany({ findings, contract, operation }: Sent, name: string, number: number, max: number): void {
  findings.add('params/paging-value', {
    where: 'request-line',
    expected: `at most ${max}`,
    actual: `${name}=${number}`,
    message: `A page of ${number} is larger than the contract allows.`,
    at: placeOf(contract, `${operation?.pointer ?? ''}/paging`),
  });
}

/** The size or token of a cursor, typed and judged. */
export function checkCursor(sent: Sent, name: string, element: Element): Json {
  const { findings, operation, dialect } = sent;
  const promise = operation?.paging ?? null;
  const told = { where: 'request-line', actual: `\`${name}\`` } as const;
  if (operation !== null && promise?.kind !== 'cursor') {
    if (!findings.has('params/paging-undeclared')) {
      const expected = promise === null ? 'no paging' : '`start` and `count`';
      findings.add('params/paging-undeclared', {
        ...told,
        expected,
        message: `The list is not paged by \`${name}\`.`,
        at: placeOf(sent.contract, operation.pointer),
      });
    }
    return element;
  }
  if (name !== dialect.cursor.size) return element;
  const number = toNumber(element);
  if (number === null || number === 0)
    findings.add('params/paging-value', {
      ...told,
      expected: 'a whole number above 0',
      actual: `${name}=${typeof element === 'string' ? element : describeValue(element)}`,
      message: `\`${name}\` is no size of a page.`,
    });
  else if (number > (promise?.max ?? Infinity)) reportTooMany(sent, name, number, promise?.max ?? 0);
  return number ?? element;
}

/** A list stands for its first item, as the server reads `start=List(3)`. */
function toNumber(element: Element): number | null {
  const text = isElementList(element) ? element[0] : element;
  return typeof text === 'string' && /^\+?\d{1,10}$/.test(text) && Number(text) < 2 ** 31 ? Number(text) : null;
}
