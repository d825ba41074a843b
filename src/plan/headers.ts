/**
 * Group `headers`: the header matrix. Every declared operation with its method header absent, right, in other case,
 * empty, of every other method, unknown and doubled; with every protocol version; with the headers of its dialect
 * absent and malformed.
 *
 * What must come back is never listed here: the routing oracle and the dialect's row say it.
 */
import type { CaseSpec, Contract, Expectation, Operation } from '../contract/contract.ts';
import { REFUSALS, refusedCheck, type RefusalRule } from '../laws/refused.ts';
import { onlyAsks } from '../laws/probe.ts';
import { headersUnder, methodHeaderLevel, type Dialect } from '../protocol/dialects.ts';
import { HEADERS } from '../protocol/headers.ts';
import { METHOD_NAMES, profileOf, type MethodName } from '../protocol/methods.ts';
import { NO_ROUTING_PARAMETERS, route } from '../protocol/route.ts';
import { basisOf, unwritable, withHeader } from './basis.ts';
import type { Case, Step } from './case.ts';
import type { PlanContext } from './context.ts';
import type { PositiveRequest } from './contract-group.ts';
import { deriveCase, deriveExpectation, deriveSpec } from './derive.ts';
import type { Blocked } from './material.ts';

/** Statuses that refuse a request for its headers, whoever of the dialect's endpoints does it. */
function refusals({ headerRefusals }: Dialect): readonly number[] {
  return [...REFUSALS.headers.statuses, ...headerRefusals];
}

export function planHeaderGroup(contract: Contract, context: PlanContext): readonly Case[] {
  const dialect = context.dialectOf(contract);
  return contract.operations.flatMap((operation) => {
    const basis = basisOf(contract, operation, context);
    const cells = [
      ...methodCells(contract, operation, dialect),
      ...versionCells(contract, operation, dialect),
      ...dialectCells(operation, dialect, context),
    ];
    return cells.map((cell) => cellCase(contract, operation, cell, basis, context));
  });
}

/** One cell of the matrix: what is done to the headers, and what the oracle says of it. */
interface Cell {
  /** Last segment of the id. */
  readonly what: string;
  /** A fact about the request: `names BATCH_GET`. */
  readonly does: string;
  readonly change: (spec: CaseSpec) => Partial<CaseSpec>;
  readonly outcome: Outcome;
  /** The method that a broken endpoint might take it for, where the header names one. */
  readonly named: MethodName | null;
}

/** `reaches`: an operation answers, or the request is refused where `orRefused` says so. */
type Outcome =
  | { readonly kind: 'reaches'; readonly operation: Operation; readonly orRefused: readonly number[] }
  | { readonly kind: 'refused'; readonly rule: RefusalRule; readonly why: string };

function methodCells(contract: Contract, operation: Operation, dialect: Dialect): readonly Cell[] {
  const { method } = operation;
  const cell = (
    what: string,
    does: string,
    value: string | readonly string[] | null,
    named: MethodName | null,
  ): Cell => ({
    what,
    does,
    change: (spec) => ({ headers: withHeader(spec, HEADERS.method, value) }),
    outcome: outcomeOf(contract, operation, dialect, value),
    named,
  });
  const others = METHOD_NAMES.filter((name) => name !== method);
  return [
    cell('absent', 'has no method header', null, null),
    cell('right', `names ${method}`, method, method),
    cell('other-case', `names ${method.toLowerCase()}`, method.toLowerCase(), method),
    cell('empty', 'has an empty method header', '', null),
    cell('unknown', 'names a method that Rest.li does not have', 'FETCH', null),
    cell('doubled', `names ${method} twice`, [method, method], method),
    ...others.map((name) => cell(`names-${kebab(name)}`, `names ${name}`, name, name)),
  ];
}

/** What the oracle makes of the request of an operation that carries this method header. */
function outcomeOf(
  contract: Contract,
  operation: Operation,
  dialect: Dialect,
  value: string | readonly string[] | null,
): Outcome {
  // HTTP joins equal lines into one value, which names no method; a server that reads the first line alone is right, too.
  if (value !== null && typeof value !== 'string') return { kind: 'reaches', operation, orRefused: refusals(dialect) };

  const { verb, parameter } = profileOf(operation.method);
  const parameters = parameter === 'none' ? NO_ROUTING_PARAMETERS : { ...NO_ROUTING_PARAMETERS, [parameter]: true };
  const routed = route({ verb, level: operation.level, parameters, header: value });
  if (!('method' in routed)) {
    const without = routed.without === null ? 'no method' : routed.without;
    return {
      kind: 'refused',
      rule: 'header-matrix/contradiction-refused',
      why: `without the header the request is ${without}`,
    };
  }

  const { method } = routed;
  if (method === operation.method) {
    const isBare = value === null || value === '';
    const isRequired = methodHeaderLevel(dialect, method) !== 'may';
    return { kind: 'reaches', operation, orRefused: isBare && isRequired ? refusals(dialect) : [] };
  }
  const reached = contract.operations.find((one) => one.method === method && one.name === null);
  if (reached === undefined) {
    return {
      kind: 'refused',
      rule: 'header-matrix/undeclared-refused',
      why: `it becomes ${method}, which the contract does not declare`,
    };
  }
  // The body is that of another method: an endpoint that validates refuses it, one that does not takes it as it is.
  return {
    kind: 'reaches',
    operation: reached,
    orRefused: [...new Set([...refusals(dialect), ...reached.errors.keys()])],
  };
}

/** Versions of the protocol. A version that is not accepted is refused; without the header 1.0.0 is meant. */
function versionCells(contract: Contract, operation: Operation, dialect: Dialect): readonly Cell[] {
  const accepted: readonly string[] =
    contract.protocol === null ? dialect.protocol : [contract.protocol, ...dialect.protocol];
  const spoken = (what: string, does: string, version: '1.0.0' | '2.0.0', header: string | null): Cell => ({
    what,
    does,
    change: (spec) => ({
      protocol: version,
      headers: header === version ? spec.headers : withHeader(spec, HEADERS.protocol, header),
    }),
    outcome: accepted.includes(version)
      ? { kind: 'reaches', operation, orRefused: header === null ? refusals(dialect) : [] }
      : unsupported(version),
    named: null,
  });
  return [
    spoken('version-absent', 'has no version header and is written as 1.0.0', '1.0.0', null),
    spoken('version-1-0-0', 'speaks 1.0.0', '1.0.0', '1.0.0'),
    spoken('version-2-0-0', 'speaks 2.0.0', '2.0.0', '2.0.0'),
    {
      what: 'version-unsupported',
      does: 'asks for version 9.0.0',
      change: (spec) => ({ protocol: '2.0.0', headers: withHeader(spec, HEADERS.protocol, '9.0.0') }),
      outcome: unsupported('9.0.0'),
      named: null,
    },
  ];
}

/** The headers that the dialect wants of every request. They bind clients: an endpoint that does without breaks nothing. */
function dialectCells(operation: Operation, dialect: Dialect, context: PlanContext): readonly Cell[] {
  return headersUnder(dialect, context.target.base ?? dialect.bases[0] ?? null).flatMap(({ name, schema, missing }) => {
    const refused = [...refusals(dialect), ...(missing === null ? [] : [missing.status]), ...clientErrors(dialect)];
    const cell = (what: string, does: string, value: string | null): Cell => ({
      what: `${kebab(name)}-${what}`,
      does,
      change: (spec) => ({ headers: withHeader(spec, name, value) }),
      outcome: { kind: 'reaches', operation, orRefused: [...new Set(refused)] },
      named: null,
    });
    const malformed = typeof schema === 'boolean' ? [] : [cell('malformed', `has a ${name} that is none`, '!')];
    return [cell('absent', `has no ${name}`, null), ...malformed];
  });
}

/** Errors that the dialect lets every method answer, as far as they blame the client. */
function clientErrors({ errors }: Dialect): readonly number[] {
  return Object.keys(errors)
    .map(Number)
    .filter((status) => status >= 400 && status < 500);
}

function unsupported(version: string): Outcome {
  return { kind: 'refused', rule: 'header-matrix/version-refused', why: `version ${version} is not spoken here` };
}

function cellCase(
  contract: Contract,
  operation: Operation,
  cell: Cell,
  basis: PositiveRequest | Blocked,
  context: PlanContext,
): Case {
  const { what, does, outcome } = cell;
  const dialect = context.dialectOf(contract);
  const title = operation.name ?? operation.method;
  const reached =
    outcome.kind === 'reaches' && outcome.operation !== operation ? ` as ${outcome.operation.method}` : '';
  const derivation = {
    group: 'headers' as const,
    what,
    name: `${title} that ${does} is ${outcome.kind === 'refused' ? 'refused' : `answered${reached}`}`,
    reason: reasonOf(outcome),
  };
  if ('blocked' in basis) {
    return deriveCase(contract, operation, {
      ...derivation,
      steps: [{ spec: deriveSpec(operation, {}), contract, operation }],
      blocked: basis.blocked,
    });
  }

  const spec: CaseSpec = { ...basis.spec, ...cell.change(basis.spec) };
  const refusal = { statuses: refusals(dialect), byItem: false };
  const check = outcome.kind === 'refused' ? refusedCheck(outcome.rule, outcome.why, refusal) : null;
  const step: Step = {
    ...stepOf(contract, operation, outcome),
    spec: { ...spec, expect: expectationOf(operation, outcome, basis.spec.expect?.each ?? null, dialect) },
  };
  const derived = deriveCase(contract, operation, {
    ...derivation,
    steps: [...basis.material.setup, ...trial(contract, operation, basis, outcome, context), step],
    check,
  });
  const writes = derived.writes || couldWrite(cell);
  return {
    ...derived,
    writes,
    // A refusal is judged by itself: nobody has to keep still for it.
    alone: writes,
    skip: endangers(operation, cell, basis, context) ?? unwritable(spec),
  };
}

/** A service may not hold what the request asks for; then there is nothing to vary, and the cell is blocked. */
function trial(
  contract: Contract,
  operation: Operation,
  { spec }: PositiveRequest,
  outcome: Outcome,
  { target }: PlanContext,
): readonly Step[] {
  if (!target.live || outcome.kind === 'refused' || !onlyAsks(profileOf(operation.method), operation)) return [];
  return [{ spec, contract, operation, setup: true }];
}

/** The answer is judged as that of the operation that the oracle says the request becomes. */
function stepOf(contract: Contract, operation: Operation, outcome: Outcome): Omit<Step, 'spec'> {
  const becomes = outcome.kind === 'reaches' && outcome.operation !== operation ? { judgedAs: outcome.operation } : {};
  return { contract, operation, ...becomes };
}

/** @param each - what the plain request wants of its items; it holds as long as the request stays what it is */
function expectationOf(
  operation: Operation,
  outcome: Outcome,
  each: Expectation['each'],
  dialect: Dialect,
): Expectation {
  if (outcome.kind === 'reaches') {
    const promised = outcome.operation.responses.flatMap(({ status }) => status);
    const items = outcome.operation === operation ? { each } : {};
    return deriveExpectation(
      operation,
      outcome.orRefused.length === 0 ? items : { ...items, status: promised, orRefused: outcome.orRefused },
    );
  }
  // That it was not refused is told by a rule of the matrix, whose weight depends on the dialect.
  return deriveExpectation(operation, { status: refusals(dialect), orRefused: SUCCESSES });
}

const SUCCESSES = [200, 201, 202, 203, 204];

function reasonOf(outcome: Outcome): string {
  if (outcome.kind === 'refused') return `the routing table refuses it: ${outcome.why}`;
  return outcome.orRefused.length === 0
    ? 'the header is a guard: where it agrees, it changes nothing'
    : 'either the method that the routing table says, or a refusal, is right';
}

/** Whether an endpoint that goes by the header alone would write. */
function couldWrite({ named }: Cell): boolean {
  return named !== null && profileOf(named).effect !== 'reads';
}

/** Why a request may not go to a live endpoint; null when nothing can be lost by it, or the user allowed for that. */
function endangers(operation: Operation, cell: Cell, basis: PositiveRequest, { target }: PlanContext): string | null {
  if (
    !target.live ||
    target.allowsWrites === true ||
    !couldWrite(cell) ||
    profileOf(operation.method).effect !== 'reads'
  )
    return null;
  const namesEntities = basis.spec.key !== undefined || basis.spec.ids !== undefined;
  const owned = basis.material.setup.some((step) => profileOf(step.spec.method).effect === 'creates');
  if (!namesEntities || owned) return null;
  return `an endpoint that goes by the header would run ${cell.named ?? ''} on an entity that this run did not create`;
}

function kebab(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}
