/** Which method the request reaches, whether it is the one meant, and whether the contract promises it. */
import type { Contract, Operation } from '../contract/contract.ts';
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { quote, quoteList } from '../diagnostic/quote.ts';
import { isJsonArray, isJsonObject, memberOf, type Json } from '../protocol/json.ts';
import { profileOf, type MethodName, type MethodProfile } from '../protocol/methods.ts';
import type { ReadRequest } from '../protocol/request.ts';
import { ROUTING_PARAMETERS } from '../protocol/route.ts';
import { schemaAt } from '../schema/shape.ts';
import { effectOf } from './becomes.ts';
import type { Findings } from './findings.ts';
import { namedMethod, shapeOfMethod } from './request-headers.ts';
import type { Intent, Sent } from './sent.ts';

/** The declared operation that a method and name mean; null if the contract has none. */
export function operationOf(contract: Contract, method: MethodName, name: string | null): Operation | null {
  const { named } = profileOf(method);
  return contract.operations.find((one) => one.method === method && (!named || one.name === name)) ?? null;
}

/** A request that no method answers, for a reason that the header does not explain. */
export function reportNoMethod(findings: Findings, read: ReadRequest): void {
  const { facts, routed } = read;
  if (!('refused' in routed) || routed.refused === 'header') return;
  const verb = facts.verb.toUpperCase();
  const given = ROUTING_PARAMETERS.filter((name) => facts.parameters[name]);
  const actual = `${verb} to ${facts.level === 'entity' ? 'an entity' : 'the collection'}${given.length === 0 ? '' : ` with ${given.map((name) => `\`${name}\``).join(', ')}`}`;
  const told = { where: 'request-line', actual } as const;
  if (verb === 'PATCH') {
    return findings.add('routing/patch-verb', {
      ...told,
      expected: 'POST',
      message: 'Rest.li has no PATCH: a partial update is a POST with the patch as its body.',
    });
  }
  if (routed.refused === 'action-verb') {
    return findings.add('routing/action-needs-post', {
      ...told,
      expected: 'POST',
      message: `An action is sent by POST, not by ${verb}; the server answers 400.`,
    });
  }
  if (facts.level === 'entity' && given.length > 0) {
    return findings.add('routing/key-with-parameter', {
      ...told,
      expected: 'a key, or the parameter',
      message: `A key in the path and \`${given[0] ?? ''}\` contradict each other; the server answers 400.`,
    });
  }
  if (given.length > 1) return reportTwoParameters(findings, given);
  const named = namedMethod(facts.header ?? '');
  findings.add('routing/no-method', {
    ...told,
    expected: named === null ? 'verb, level and parameter of one of the methods' : shapeOfMethod(named),
    message: `${actual} is no method; the server answers 400.`,
    ...(named === null
      ? {}
      : { hint: `The header says ${named}, which is ${shapeOfMethod(named)}: restore what is missing.` }),
  });
}

function reportTwoParameters(findings: Findings, given: readonly string[]): void {
  findings.add('routing/two-parameters', {
    where: 'request-line',
    expected: 'one of them',
    actual: given.map((name) => `\`${name}\``).join(' and '),
    message: `${given.map((name) => `\`${name}\``).join(' and ')} belong to different methods.`,
  });
}

/** Parameters that the method reached ignores, though they would mean another method. */
export function checkIgnoredParameters(findings: Findings, read: ReadRequest): void {
  const given = ROUTING_PARAMETERS.filter((name) => read.facts.parameters[name]);
  findings.checks += 1;
  if (given.length > 1) reportTwoParameters(findings, given);
}

/** What a body is made for, by the members that only its envelope has. */
interface Shape {
  readonly holds: 'elements' | 'patch' | 'entities' | 'patches' | 'commands' | 'parameters' | 'members' | 'nothing';
}

function shapeOf(body: Json | undefined, contract: Contract): Shape {
  if (!isJsonObject(body)) return { holds: 'nothing' };
  const names = Object.keys(body);
  if (names.length === 0) return { holds: 'nothing' };
  const isOwn = (name: string): boolean => contract.entity !== null && schemaAt(contract.entity, [name]) !== null;
  if (isJsonArray(memberOf(body, 'elements')) && !isOwn('elements')) return { holds: 'elements' };
  if (isJsonObject(memberOf(body, 'patch')) && !isOwn('patch')) return { holds: 'patch' };
  const entities = memberOf(body, 'entities');
  if (isJsonObject(entities) && !isOwn('entities')) {
    const values = Object.values(entities);
    const patches = values.length > 0 && values.every((value) => isJsonObject(memberOf(value, 'patch')));
    return { holds: patches ? 'patches' : 'entities' };
  }
  if (names.every((name) => name.startsWith('$'))) return { holds: 'commands' };
  const takesAll = ({ method, params }: Operation): boolean =>
    profileOf(method).sends === 'params' && names.every((name) => params.has(name));
  if (!names.some(isOwn) && contract.operations.some(takesAll)) return { holds: 'parameters' };
  return { holds: 'members' };
}

/**
 * Reports a body that was made for another method than the one reached: the swaps that a server performs in silence.
 *
 * @param guarded - the method header names the method reached, so that somebody meant it
 * @returns whether one was reported; then the body is not judged as what it is not
 */
export function checkSwap(
  findings: Findings,
  contract: Contract,
  method: MethodName,
  body: Json | undefined,
  guarded: boolean,
): boolean {
  const profile = profileOf(method);
  findings.checks += 1;
  const { holds } = shapeOf(body, contract);
  const rule = swapOf(profile, holds, guarded, body);
  if (rule === null) return false;
  findings.add(rule, {
    where: 'request-body',
    pointer: '',
    expected: MEANT[rule] ?? 'another method',
    actual: `${method}, as verb, path, parameters and header say`,
    message: `The body is that of ${MEANT[rule] ?? 'another method'}, and the request is ${method}: ${effectOf(method, body)}.`,
  });
  return true;
}

/** What the author of each swapped body must have meant. */
const MEANT: Readonly<Record<string, string>> = {
  'routing/batch-create-becomes-create': 'a batch of new entities (BATCH_CREATE)',
  'routing/create-becomes-batch-create': 'one new entity (CREATE)',
  'routing/patch-becomes-update': 'a partial update',
  'routing/patch-becomes-create': 'a change of entities that exist',
  'routing/entity-becomes-patch': 'a whole entity',
  'routing/action-becomes-write': 'an action',
};

function swapOf(
  profile: MethodProfile,
  holds: Shape['holds'],
  guarded: boolean,
  body: Json | undefined,
): string | null {
  const { sends, effect } = profile;
  if (holds === 'parameters' && !guarded && (sends === 'entity' || sends === 'patch'))
    return 'routing/action-becomes-write';
  if (sends === 'entity' && effect === 'creates') {
    if (holds === 'elements') return 'routing/batch-create-becomes-create';
    if (holds === 'patch' || holds === 'entities' || holds === 'patches') return 'routing/patch-becomes-create';
  }
  if (effect === 'replaces' && (holds === 'patch' || holds === 'patches')) return 'routing/patch-becomes-update';
  if (sends === 'elements' && holds === 'members') return 'routing/create-becomes-batch-create';
  // With the header of the method, whoever wrote it meant a patch and shaped it wrongly: rules of patches tell.
  if (guarded) return null;
  if (sends === 'patch' && holds === 'members') return 'routing/entity-becomes-patch';
  const entities = memberOf(body, 'entities');
  const isEmpty = isJsonObject(entities) && Object.keys(entities).length === 0;
  if (sends === 'patches' && holds === 'entities' && !isEmpty) return 'routing/entity-becomes-patch';
  return null;
}

/**
 * Reports the parameters of a finder or batch finder on the list of everything: its name in `q` or `bq` was lost.
 *
 * @returns the names that this accounts for
 */
export function checkLostFinder({ findings, contract, read, profile, operation, method }: Sent): ReadonlySet<string> {
  const told = new Set<string>();
  if (profile.returns !== 'collection' || profile.parameter !== 'none') return told;
  findings.checks += 1;
  for (const name of read.query.keys()) {
    if (operation?.params.has(name) === true) continue;
    if (name === 'q' || name === 'bq') {
      findings.add('routing/finder-becomes-list', {
        where: 'request-line',
        expected: `${name}=NAME`,
        actual: `\`${name}\` that names nothing`,
        message: `\`${name}\` names no finder, and the request is ${method}: ${effectOf(method, undefined)}.`,
      });
      continue;
    }
    const owner = contract.operations.find(
      (one) => isFinder(one) && (one.params.has(name) || (one.criteria.size > 0 && one.batchParam === name)),
    );
    if (owner === undefined) continue;
    told.add(name);
    if (told.size > 1) continue;
    const parameter = profileOf(owner.method).parameter;
    findings.add('routing/finder-becomes-list', {
      where: 'request-line',
      expected: `${parameter}=${owner.name ?? ''}`,
      actual: `\`${name}\` without \`${parameter}\``,
      message: `\`${name}\` is a parameter of ${owner.method} ${owner.name ?? ''}, and the request is ${method}: ${effectOf(method, undefined)}.`,
      hint: `Send \`${parameter}=${owner.name ?? ''}\`.`,
    });
  }
  return told;
}

function isFinder({ method }: Operation): boolean {
  const { parameter } = profileOf(method);
  return parameter === 'q' || parameter === 'bq';
}

/** Reports a request that reaches another method or operation than its author meant. */
export function checkIntent(
  findings: Findings,
  intent: Intent,
  method: MethodName,
  name: string | null,
  body: Json | undefined,
): void {
  findings.checks += 1;
  const sameName = intent.operation === undefined || intent.operation === null || intent.operation === name;
  if (intent.method === method && sameName) return;
  const meant = (intent.operation ?? null) === null ? intent.method : `${intent.method} ${intent.operation}`;
  const reached = name === null ? method : `${method} ${name}`;
  findings.add('routing/not-the-method-meant', {
    where: 'request-line',
    expected: meant,
    actual: reached,
    message: `The request was meant as ${meant} and becomes ${reached}: ${effectOf(method, body)}.`,
  });
}

/** Reports a method, finder, batch finder or action that the contract does not declare. */
export function reportUndeclared(
  findings: Findings,
  contract: Contract,
  method: MethodName,
  name: string | null,
): void {
  const declared = contract.operations.filter((one) => one.method === method);
  if (declared.length === 0) {
    const names = [...new Set(contract.operations.map((one) => one.method))];
    return findings.add('routing/undeclared-method', {
      where: 'request-line',
      expected: `one of ${names.join(', ')}`,
      actual: method,
      message: `The contract of ${contract.resource} does not declare ${method}.`,
    });
  }
  const names = declared.flatMap((one) => (one.name === null ? [] : [one.name]));
  const near = name === null ? null : didYouMean(name, names);
  findings.add('routing/undeclared-operation', {
    where: 'request-line',
    expected: `one of ${quoteList(names)}`,
    actual: name === null ? 'no name' : quote(name),
    message: `The contract of ${contract.resource} declares no ${method} ${name === null ? '' : quote(name)}; the server answers 400.`,
    hint: near === null ? `Use one of ${quoteList(names)}.` : `Did you mean ${quote(near)}?`,
  });
}
