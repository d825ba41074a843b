/** Query parameters: declared, typed, and those that the protocol owns. */
import type { Field } from '../contract/contract.ts';
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { describeValue, quote } from '../diagnostic/quote.ts';
import { isElementList, type Element } from '../protocol/encoding.ts';
import { isJsonObject, memberOf, type Json } from '../protocol/json.ts';
import { ROUTING_PARAMETERS } from '../protocol/route.ts';
import { placeOf } from './findings.ts';
import { reportDeprecated } from './request-headers.ts';
import { looksEscaped } from './request-encoding.ts';
import { checkSentValue } from './request-entity.ts';
import { checkBatchSize } from './request-keys.ts';
import { checkLostFinder } from './request-routing.ts';
import type { Sent } from './sent.ts';
import { readTyped } from './typed.ts';

/** Parameters with their types, and the criteria of a batch finder. */
export interface TypedParams {
  readonly params: ReadonlyMap<string, Json>;
  readonly criteria: readonly Json[] | null;
  readonly returnEntity: boolean | null;
}

const ROUTING = new Set<string>(ROUTING_PARAMETERS);
/** Features of the protocol that any method may carry. */
const ANYWHERE = new Set(['altkey', '$fillInDefaults']);
/** LinkedIn's older way to ask for fields, with decoration; deprecated. */
const DECORATION = 'projection';

/** Types every parameter, and judges them. */
export function checkParams(sent: Sent): TypedParams {
  const lost = checkLostFinder(sent);
  const { read, operation, profile, dialect } = sent;
  const params = new Map<string, Json>();
  let criteria: readonly Json[] | null = null;
  let returnEntity: boolean | null = null;
  const isFinderOfMany = profile.returns === 'collections';
  const pages = profile.returns === 'collection' || isFinderOfMany;

  for (const [name, element] of read.query) {
    sent.findings.checks += 1;
    if (ROUTING.has(name)) continue;
    if (isFinderOfMany && operation !== null && name === operation.batchParam) {
      criteria = checkCriteria(sent, name, element);
      continue;
    }
    const field = profile.sends === 'params' ? undefined : operation?.params.get(name);
    if (field !== undefined) params.set(name, checkField(sent, field, element));
    else if (pages && (name === 'start' || name === 'count')) params.set(name, checkOffset(sent, name, element));
    else if (pages && (name === dialect.cursor.size || name === dialect.cursor.token))
      params.set(name, checkCursor(sent, name, element));
    else if (name === '$returnEntity') {
      returnEntity = checkReturnEntity(sent, element);
      if (returnEntity !== null) params.set(name, returnEntity);
    } else {
      params.set(name, element);
      const isOldSyntax = sent.isMiswritten && /[.[]/.test(name);
      if (operation !== null && !isOldSyntax && !ANYWHERE.has(name) && !lost.has(name)) reportStray(sent, name);
    }
  }
  if (operation === null) return { params, criteria, returnEntity };

  if (isFinderOfMany && !read.query.has(operation.batchParam)) {
    sent.findings.add('params/criteria-missing', {
      where: 'request-line',
      expected: `${operation.batchParam}=List((…),(…))`,
      actual: 'nothing',
      message: `The batch finder is sent without its criteria in \`${operation.batchParam}\`.`,
      at: placeOf(sent.contract, operation.pointer),
    });
  }
  if (profile.sends !== 'params') checkRequired(sent);
  checkProjection(sent);
  return { params, criteria, returnEntity };
}

function checkField({ findings, contract, operation, isMiswritten }: Sent, field: Field, element: Element): Json {
  const at = placeOf(contract, `${operation?.pointer ?? ''}/params/${field.name}`);
  const told = { where: 'request-line', at } as const;
  if (field.type === false) {
    findings.add('params/forbidden', {
      ...told,
      expected: 'nothing',
      actual: `\`${field.name}\``,
      message: `The contract rules parameter \`${field.name}\` out.`,
    });
    return element;
  }
  if (field.deprecated !== false)
    reportDeprecated(findings, 'deprecated/parameter', `parameter \`${field.name}\``, field.deprecated, told);
  const { value, problems } = readTyped(field, element);
  for (const problem of isMiswritten ? [] : problems) {
    const path = problem.pointer === '' ? '' : ` at ${problem.pointer}`;
    if (typeof element === 'string' && looksEscaped(element) && /^(?:list|object)/.test(problem.expected)) {
      findings.add('encoding/structure-escaped', {
        ...told,
        expected: `${field.name}: ${problem.expected}`,
        actual: problem.actual,
        message: `\`${field.name}\` is one text where ${problem.expected} should be: its structure was percent-encoded.`,
      });
      continue;
    }
    findings.add('params/type', {
      ...told,
      expected: problem.expected,
      actual: problem.actual,
      message: `Parameter \`${field.name}\`${path} is not of its type: expected ${problem.expected}.`,
    });
  }
  return value;
}

function checkRequired({ findings, contract, operation, read }: Sent): void {
  for (const field of operation?.params.values() ?? []) {
    if (!field.required || field.type === false || read.query.has(field.name)) continue;
    findings.add('params/missing', {
      where: 'request-line',
      expected: `\`${field.name}\``,
      actual: 'nothing',
      message: `Parameter \`${field.name}\` is required.`,
      at: placeOf(contract, `${operation?.pointer ?? ''}/params/${field.name}`),
    });
  }
}

function checkCriteria(sent: Sent, name: string, element: Element): readonly Json[] | null {
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

function checkOffset(sent: Sent, name: 'start' | 'count', element: Element): Json {
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
  if (name === 'count' && promise?.max != null && number > promise.max) reportTooMany(sent, name, number, promise.max);
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

function checkCursor(sent: Sent, name: string, element: Element): Json {
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
  else if (promise?.max != null && number > promise.max) reportTooMany(sent, name, number, promise.max);
  return number ?? element;
}

/** A list stands for its first item, as the server reads `start=List(3)`. */
function toNumber(element: Element): number | null {
  const text = isElementList(element) ? element[0] : element;
  return typeof text === 'string' && /^\+?\d{1,10}$/.test(text) && Number(text) < 2 ** 31 ? Number(text) : null;
}

function checkReturnEntity({ findings, profile, operation }: Sent, element: Element): boolean | null {
  const told = {
    where: 'request-line',
    actual: `$returnEntity=${typeof element === 'string' ? element : describeValue(element)}`,
  } as const;
  if (operation !== null && (!profile.mayReturnEntity || !operation.returnEntity)) {
    findings.add('params/return-entity-unsupported', {
      ...told,
      expected: 'nothing',
      message: profile.mayReturnEntity
        ? 'The contract does not promise the entity here, so that `$returnEntity` has no effect.'
        : 'The method knows no `$returnEntity`; the server ignores it.',
    });
  }
  if (element === 'true' || element === 'false') return element === 'true';
  findings.add('params/return-entity-value', {
    ...told,
    expected: 'true or false',
    message: '`$returnEntity` is neither true nor false; the server answers 400.',
  });
  return null;
}

function reportStray(sent: Sent, name: string): void {
  const { findings, contract, operation, profile, dialect } = sent;
  if (operation === null) return;
  const told = { where: 'request-line', actual: `\`${name}\`` } as const;
  if (profile.sends === 'params' && operation.params.has(name)) {
    return findings.add('params/action-in-query', {
      ...told,
      expected: `\`${name}\` in the body`,
      message: `\`${name}\` is a parameter of the action and stands in the query, where the server does not look.`,
    });
  }
  const level = dialect.unknownParams === 'error' ? 'must' : 'should';
  const owner = contract.operations.find(
    (one) => one.batchParam === name && one !== operation && one.criteria.size > 0,
  );
  if (owner !== undefined) {
    return findings.add('params/forbidden', {
      ...told,
      expected: `nothing, or \`bq=${owner.name ?? ''}\``,
      message: `\`${name}\` belongs to ${owner.method} ${owner.name ?? ''}.`,
    });
  }
  if (name === DECORATION && dialect.unknownParams === 'error') {
    return reportDeprecated(findings, 'deprecated/parameter', `parameter \`${name}\``, 'fields', told);
  }
  const known = [...operation.params.keys(), ...(operation.paging?.kind === 'offset' ? ['start', 'count'] : [])];
  const near = didYouMean(name, known);
  findings.add('params/undeclared', {
    ...told,
    expected: known.length === 0 ? 'no parameters' : `one of ${known.map((one) => quote(one)).join(', ')}`,
    message: `Nobody declared a parameter \`${name}\`.`,
    at: placeOf(contract, operation.pointer),
    level,
    ...(near === null ? {} : { hint: `Did you mean \`${near}\`?` }),
  });
}

function checkProjection({ findings, contract, operation, profile, read, dialect }: Sent): void {
  if (operation === null) return;
  findings.checks += 1;
  const { fields, metadataFields, pagingFields } = read.masks;
  const at = placeOf(contract, `${operation.pointer}/projection`);
  if (operation.projection === 'required' && fields === undefined) {
    findings.add('params/projection-required', {
      where: 'request-line',
      expected: '`fields`',
      actual: 'nothing',
      message: 'The contract demands a projection.',
      at,
    });
  }
  const projects = profile.projects || operation.returnEntity;
  if (fields !== undefined && (operation.projection === 'none' || !projects)) {
    findings.add('params/projection-forbidden', {
      where: 'request-line',
      expected: 'no `fields`',
      actual: `fields=${fields}`,
      message: projects
        ? 'The contract supports no projection here.'
        : 'The method answers no entity that could be projected.',
      at,
      ...(projects || dialect.unknownParams === 'error' ? {} : { level: 'should' as const }),
    });
  }
  const isList = profile.returns === 'collection' || profile.returns === 'collections';
  for (const [name, mask] of [
    ['metadataFields', metadataFields],
    ['pagingFields', pagingFields],
  ] as const) {
    if (mask === undefined || isList) continue;
    findings.add('params/projection-forbidden', {
      where: 'request-line',
      expected: `no \`${name}\``,
      actual: `${name}=${mask}`,
      message: `The method answers no list, and \`${name}\` has nothing to project.`,
      level: 'should',
    });
  }
}

/** Judges the members of an action's body. */
export function checkActionParams(sent: Sent, body: Json | undefined): void {
  const { findings, contract, operation } = sent;
  if (operation === null || (body !== undefined && body !== null && !isJsonObject(body))) return;
  for (const field of operation.params.values()) {
    findings.checks += 1;
    const value = memberOf(body ?? undefined, field.name);
    const told = {
      where: 'request-body',
      pointer: `/${field.name}`,
      at: placeOf(contract, `${operation.pointer}/params/${field.name}`),
    } as const;
    if (value === undefined) {
      if (field.required && field.type !== false)
        findings.add('params/missing', {
          ...told,
          expected: `\`${field.name}\``,
          actual: 'nothing',
          message: `Parameter \`${field.name}\` of the action is required.`,
        });
      continue;
    }
    if (field.type === false)
      findings.add('params/forbidden', {
        ...told,
        expected: 'nothing',
        actual: describeValue(value),
        message: `The contract rules parameter \`${field.name}\` out.`,
      });
    if (field.deprecated !== false)
      reportDeprecated(findings, 'deprecated/parameter', `parameter \`${field.name}\``, field.deprecated, told);
    if (typeof field.type !== 'boolean')
      checkSentValue(sent, field.type, value, `/${field.name}`, null, {}, `${operation.pointer}/params/${field.name}`);
  }
  for (const name of isJsonObject(body) ? Object.keys(body) : []) {
    if (operation.params.has(name)) continue;
    const near = didYouMean(name, operation.params.keys());
    findings.add('request-body/unknown-member', {
      where: 'request-body',
      pointer: `/${name}`,
      expected: 'a declared parameter',
      actual: `\`${name}\``,
      message: `The action has no parameter \`${name}\`; the server ignores it.`,
      ...(near === null ? {} : { hint: `Did you mean \`${near}\`?` }),
    });
  }
}
