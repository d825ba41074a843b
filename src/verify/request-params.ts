/** Query parameters: declared, typed, and those that the protocol owns. */
import type { Field } from '../contract/contract.ts';
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { describeValue, quote } from '../diagnostic/quote.ts';
import type { Element } from '../protocol/encoding.ts';
import type { Json } from '../protocol/json.ts';
import { ROUTING_PARAMETERS } from '../protocol/route.ts';
import { placeOf } from './findings.ts';
import { reportDeprecated } from './request-headers.ts';
import { looksEscaped } from './request-encoding.ts';
import { checkCriteria } from './request-criteria.ts';
import { checkCursor, checkOffset } from './request-paging.ts';
import { checkProjection } from './request-projection.ts';
import { DECORATION } from './request-place.ts';
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
const ANYWHERE = new Set(['$fillInDefaults']);
/** Makes the key another one: who does not know it refuses the request. */
const ALTERNATIVE_KEY = 'altkey';

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

function checkField({ findings, contract, operation, isMiswritten, read }: Sent, field: Field, element: Element): Json {
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
  const { value, problems } = readTyped(field, element, read.protocol === '1.0.0');
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
  const level = dialect.unknownParams === 'error' || name === ALTERNATIVE_KEY ? 'must' : 'should';
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
