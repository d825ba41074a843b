/** Makers of derived cases: specifications and expectations with every member that is not named left empty. */
import type { CaseSpec, Contract, Expectation, Operation, Outcome } from '../contract/contract.ts';
import type { TraceCheck } from '../laws/law.ts';
import { mayWrite } from './authored.ts';
import type { Case, Group, Step } from './case.ts';
import { derivedId } from './ids.ts';

/** A request meant for an operation; what `particular` leaves out is absent. */
export function deriveSpec(operation: Operation, particular: Partial<CaseSpec>): CaseSpec {
  return {
    name: null,
    method: operation.method,
    operation: operation.name,
    resource: null,
    key: undefined,
    ids: undefined,
    parents: undefined,
    entity: undefined,
    elements: undefined,
    entities: undefined,
    patch: undefined,
    criteria: undefined,
    params: {},
    fields: undefined,
    metadataFields: undefined,
    pagingFields: undefined,
    headers: new Map(),
    protocol: null,
    tunnel: false,
    raw: null,
    expect: null,
    retry: null,
    timeoutMs: null,
    doc: null,
    tags: [],
    targets: null,
    skip: null,
    capture: new Map(),
    pointer: operation.pointer,
    ...particular,
  };
}

/** An expectation of a derived case, placed where its operation or case stands; what `particular` leaves out is not looked at. */
export function deriveExpectation(
  { pointer }: { readonly pointer: string },
  particular: Partial<Expectation>,
): Expectation {
  return {
    status: null,
    orRefused: [],
    headers: new Map(),
    body: undefined,
    key: undefined,
    each: null,
    pointer,
    ...particular,
  };
}

/** The outcome of one item of a batch; what `particular` leaves out is not looked at. */
export function deriveOutcome(particular: Partial<Outcome>): Outcome {
  return {
    status: null,
    key: undefined,
    entity: undefined,
    elements: undefined,
    paging: undefined,
    metadata: undefined,
    error: undefined,
    ...particular,
  };
}

/** What is particular to one derived case. */
export interface Derivation {
  readonly group: Group;
  /** Last segment of the id, in kebab-case; stable. */
  readonly what: string;
  /** A fact in the present tense. */
  readonly name: string;
  /** Why the tool asks this. */
  readonly reason: string;
  readonly steps: readonly Step[];
  readonly cleanup?: readonly Step[];
  readonly blocked?: string | null;
  readonly check?: TraceCheck | null;
}

export function deriveCase(contract: Contract, operation: Operation, derivation: Derivation): Case {
  const { group, what, name, reason, steps, cleanup = [], blocked = null, check = null } = derivation;
  const writes = [...steps, ...cleanup].some((step) => mayWrite(step.spec, step.operation));
  return {
    id: derivedId(contract, operation, group, what),
    name,
    group,
    derived: true,
    reason,
    contract,
    method: operation.method,
    operation,
    steps,
    cleanup,
    tags: [...new Set([...contract.tags, ...operation.tags])],
    targets: null,
    skip: null,
    blocked,
    writes,
    alone: writes || check !== null,
    check,
    pointer: operation.pointer,
  };
}
