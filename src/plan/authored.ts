/** The author's cases and flows as cases of a plan. */
import type { CaseSpec, Contract, FlowSpec, Operation } from '../contract/contract.ts';
import { HEADERS, isSameHeader } from '../protocol/headers.ts';
import { isMethodName, profileOf } from '../protocol/methods.ts';
import type { Case, Step } from './case.ts';
import type { PlanTarget } from './context.ts';
import { authoredId, flowId } from './ids.ts';

/** The declared operation that a request is meant for; null when the contract declares none such. */
export function operationOf(contract: Contract, spec: CaseSpec): Operation | null {
  return contract.operations.find((one) => one.method === spec.method && one.name === spec.operation) ?? null;
}

/**
 * Whether a request may change what is stored. A verb written raw decides alone: a GET never writes. An endpoint that goes
 * by the method header alone does what that one names.
 */
export function mayWrite(spec: CaseSpec, operation: Operation | null): boolean {
  if (namesWrite(spec)) return true;
  if (spec.raw?.verb !== undefined) return !/^(?:GET|HEAD|OPTIONS)$/.test(spec.raw.verb) || overridesVerb(spec);
  const { effect } = profileOf(spec.method);
  if (effect === 'reads') return overridesVerb(spec);
  return !(effect === 'acts' && operation?.readOnly === true);
}

function namesWrite({ headers, method }: CaseSpec): boolean {
  for (const [name, value] of headers) {
    if (!isSameHeader(name, HEADERS.method) || value === null) continue;
    const named = typeof value === 'string' ? [value] : value;
    for (const one of named) {
      const meant = one.toUpperCase();
      if (meant !== method && isMethodName(meant) && profileOf(meant).effect !== 'reads') return true;
    }
  }
  return false;
}

function overridesVerb(spec: CaseSpec): boolean {
  for (const name of spec.headers.keys()) if (name.toLowerCase() === 'x-http-method-override') return true;
  return false;
}

export function authoredCase(contract: Contract, spec: CaseSpec, target: PlanTarget): Case {
  const operation = operationOf(contract, spec);
  const writes = mayWrite(spec, operation);
  const name = spec.name ?? spec.method;
  return {
    id: authoredId(contract, spec.method, name),
    name,
    group: 'contract',
    derived: false,
    reason: '',
    contract,
    method: spec.method,
    operation,
    steps: [{ spec, contract, operation }],
    cleanup: NO_STEPS,
    tags: joinTags(contract.tags, operation?.tags ?? NO_TAGS, spec.tags),
    targets: spec.targets,
    skip: spec.skip ?? offTarget(spec.targets, target),
    blocked: null,
    writes,
    alone: writes,
    check: null,
    pointer: spec.pointer,
  };
}

export function authoredFlow(
  contract: Contract,
  flow: FlowSpec,
  byResource: ReadonlyMap<string, Contract>,
  target: PlanTarget,
): Case {
  const missing = [...flow.steps, ...flow.cleanup].find(
    (spec) => spec.resource !== null && !byResource.has(spec.resource),
  );
  const stepOf = (spec: CaseSpec): Step => {
    const owner = (spec.resource === null ? undefined : byResource.get(spec.resource)) ?? contract;
    return { spec, contract: owner, operation: operationOf(owner, spec) };
  };
  const steps = flow.steps.map(stepOf);
  const cleanup = flow.cleanup.map(stepOf);
  const writes = [...steps, ...cleanup].some((step) => mayWrite(step.spec, step.operation));
  return {
    id: flowId(contract, flow.name),
    name: flow.name,
    group: 'contract',
    derived: false,
    reason: '',
    contract,
    method: null,
    operation: null,
    steps,
    cleanup,
    tags: joinTags(contract.tags, NO_TAGS, flow.tags),
    targets: flow.targets,
    skip: flow.skip ?? offTarget(flow.targets, target),
    blocked:
      missing === undefined
        ? null
        : `the contract of resource \`${missing.resource ?? ''}\` is not among those of this run`,
    writes,
    alone: writes,
    check: null,
    pointer: flow.pointer,
  };
}

const NO_STEPS: readonly Step[] = [];
const NO_TAGS: readonly string[] = [];

/** Tags add up; one list is shared where nothing is added, since a run may hold very many cases. */
function joinTags(
  contract: readonly string[],
  operation: readonly string[],
  own: readonly string[],
): readonly string[] {
  if (operation.length === 0 && own.length === 0) return contract;
  return [...new Set([...contract, ...operation, ...own])];
}

function offTarget(targets: readonly string[] | null, target: PlanTarget): string | null {
  if (targets === null || targets.includes(target.name)) return null;
  return `only on ${targets.join(', ')}`;
}
