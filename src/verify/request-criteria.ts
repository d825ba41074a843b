/** Criteria of a batch finder: each a record of declared members. */
import type { Field } from '../contract/contract.ts';
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { describeValue } from '../diagnostic/quote.ts';
import { isElementList, type Element } from '../protocol/encoding.ts';
import type { Json } from '../protocol/json.ts';
import { placeOf } from './findings.ts';
import { checkBatchSize } from './request-keys.ts';
import type { Sent } from './sent.ts';
import { readTyped } from './typed.ts';

/** The list of criteria, typed and judged; null where it is none. */
export function checkCriteria(sent: Sent, name: string, element: Element): readonly Json[] | null {
  const { findings, contract, operation } = sent;
  const at = placeOf(contract, operation?.pointer ?? '');
  if (!isElementList(element)) {
    findings.add('params/criteria-missing', {
      where: 'request-line',
      expected: `${name}=List((…),(…))`,
      actual: describeValue(element),
      message: `\`${name}\` is no list; the server answers 500.`,
      at,
    });
    return null;
  }
  checkBatchSize(sent, element.length, `\`${name}\``, 'request-line');
  return element.map((one, index) => checkCriterion(sent, one, `${name}/${index}`, at));
}

function checkCriterion(
  { findings, operation }: Sent,
  element: Element,
  place: string,
  at: ReturnType<typeof placeOf>,
): Json {
  if (typeof element === 'string' || isElementList(element)) {
    findings.add('params/type', {
      where: 'request-line',
      expected: 'a record of criteria',
      actual: describeValue(element),
      message: `Criterion ${place} is no record.`,
      at,
    });
    return element;
  }
  const members: [string, Json][] = [];
  const fields = operation?.criteria ?? new Map<string, Field>();
  for (const [name, value] of Object.entries(element)) {
    const field = fields.get(name);
    if (field === undefined) {
      const near = didYouMean(name, fields.keys());
      findings.add('params/undeclared', {
        where: 'request-line',
        expected: 'a declared member',
        actual: `\`${name}\``,
        message: `Criterion ${place} has a member \`${name}\` that nobody declared.`,
        at,
        ...(near === null ? {} : { hint: `Did you mean \`${near}\`?` }),
      });
      members.push([name, value]);
      continue;
    }
    const typed = readTyped(field, value);
    for (const problem of typed.problems) {
      findings.add('params/type', {
        where: 'request-line',
        expected: problem.expected,
        actual: problem.actual,
        message: `\`${name}\` of criterion ${place} is not of its type: expected ${problem.expected}.`,
        at,
      });
    }
    members.push([name, typed.value]);
  }
  for (const field of fields.values()) {
    if (field.required && field.type !== false && !Object.hasOwn(element, field.name)) {
      findings.add('params/missing', {
        where: 'request-line',
        expected: `\`${field.name}\``,
        actual: 'nothing',
        message: `Criterion ${place} lacks \`${field.name}\`.`,
        at,
      });
    }
  }
  return Object.fromEntries(members);
}
