/**
 * Group `negative`, on request: every declared operation with one fault at a time, in routing, encodings, keys,
 * parameters and body. Each has the reason why it must be refused, and the statuses that refuse it; how heavily it weighs
 * depends on who refuses it: every server, those that validate, or those that are strict.
 */
import type { CaseSpec, Contract, Operation } from '../contract/contract.ts';
import { refusedCheck, REFUSALS, UNJUDGED } from '../laws/refused.ts';
import type { ProtocolVersion } from '../protocol/dialects.ts';
import { legacyProblem } from '../protocol/legacy.ts';
import { profileOf } from '../protocol/methods.ts';
import { basisOf } from './basis.ts';
import type { Case, Step } from './case.ts';
import type { PlanContext } from './context.ts';
import type { PositiveRequest } from './contract-group.ts';
import { deriveCase, deriveExpectation, deriveSpec } from './derive.ts';
import { batchFaults } from './negative-batch.ts';
import { bodyFaults } from './negative-body.ts';
import { joined, listOf, type Fault, type Sound } from './negative-fault.ts';
import { keyFaults } from './negative-keys.ts';
import { parameterFaults } from './negative-params.ts';
import { routingFaults } from './negative-routing.ts';
import { syntaxFaults } from './negative-syntax.ts';

export function planNegativeGroup(contract: Contract, context: PlanContext): readonly Case[] {
  return contract.operations.flatMap((operation) => {
    const basis = basisOf(contract, operation, context);
    if ('blocked' in basis) return [blockedCase(contract, operation, basis.blocked)];
    const sound = soundOf(contract, operation, basis, context);
    const problem = unwritable(sound.protocol, sound.spec);
    if (problem !== null)
      return [blockedCase(contract, operation, `protocol 1.0.0 has no form for its request: ${problem}`)];
    const plain = [...routingFaults(sound), ...syntaxFaults(sound), ...keyFaults(sound), ...batchFaults(sound)];
    const { faults, left } = joined([{ faults: plain, left: 0 }, parameterFaults(sound), bodyFaults(sound)]);
    const cases = withOwnIds(
      faults.filter(
        ({ spec }) => spec === undefined || unwritable(sound.protocol, { ...sound.spec, ...spec }) === null,
      ),
    ).map((fault) => faultyCase(sound, fault, basis.material.setup, context));
    return left === 0 ? cases : [...cases, furtherFaults(contract, operation, left)];
  });
}

function soundOf(contract: Contract, operation: Operation, basis: PositiveRequest, context: PlanContext): Sound {
  const dialect = context.dialectOf(contract);
  return {
    contract,
    operation,
    profile: profileOf(operation.method),
    spec: basis.spec,
    protocol: basis.spec.protocol ?? context.target.protocol ?? contract.protocol ?? dialect.protocol[0],
    seed: context.seed,
    owned: !context.target.live || basis.material.setup.some(({ spec }) => profileOf(spec.method).effect === 'creates'),
  };
}

/** Names that differ only in what an id cannot hold are told apart by their order. */
function withOwnIds(faults: readonly Fault[]): readonly Fault[] {
  const seen = new Map<string, number>();
  return faults.map((fault) => {
    const count = (seen.get(fault.what) ?? 0) + 1;
    seen.set(fault.what, count);
    return count === 1 ? fault : { ...fault, what: `${fault.what}-${count}` };
  });
}

/** Why protocol 1.0.0 has no form for a request; null where it has one, or where another version is spoken. */
function unwritable(protocol: ProtocolVersion, spec: CaseSpec): string | null {
  if (protocol === '2.0.0') return null;
  const { key, ids, criteria, entities, method, params } = spec;
  const keys = [key ?? null, ...listOf(ids), ...(entities ?? []).map((item) => item.key)];
  const inQuery = profileOf(method).sends === 'params' ? [] : Object.values(params);
  const problems = [...keys, ...inQuery, ...(criteria ?? [])].map(legacyProblem);
  return problems.find((problem) => problem !== null) ?? null;
}

function faultyCase(sound: Sound, fault: Fault, setup: readonly Step[], { target }: PlanContext): Case {
  const { contract, operation, spec } = sound;
  const refusal = REFUSALS[fault.refusal];
  const step: Step = {
    // What an endpoint that takes the request answers is no subject here: the expectation is for who pastes the case.
    spec: { ...spec, ...fault.spec, expect: deriveExpectation(operation, { status: refusal.statuses }) },
    contract,
    operation,
    expects: 'any',
    unjudged: UNJUDGED,
    ...(fault.rewrite === undefined ? {} : { rewrite: fault.rewrite }),
  };
  const derived = deriveCase(contract, operation, {
    group: 'negative',
    what: fault.what,
    name: `a request that ${fault.does} is refused`,
    reason: `one fault: it ${fault.does}; refused with ${refusal.statuses.join(', ')}`,
    steps: [...setup, step],
    check: refusedCheck(fault.rule, `it ${fault.does}`, refusal),
  });
  const writes = derived.writes || fault.mayWrite === true;
  const skip =
    target.live && fault.endangers === true
      ? 'an endpoint that takes the request could touch entities that this run did not create'
      : null;
  return { ...derived, writes, alone: writes, skip };
}

function blockedCase(contract: Contract, operation: Operation, blocked: string): Case {
  return notSent(contract, operation, {
    what: 'broken-input',
    name: 'broken input is refused',
    reason: 'one fault at a time must be refused',
    blocked,
  });
}

/** Faults that are found and not sent are told, never counted as passed. */
function furtherFaults(contract: Contract, operation: Operation, left: number): Case {
  const derived = notSent(contract, operation, {
    what: 'further-members',
    name: 'further faults of members and parameters are refused',
    reason: 'one fault at a time must be refused',
  });
  return { ...derived, skip: `${left} further faults of members and parameters: the first of each are sent` };
}

function notSent(
  contract: Contract,
  operation: Operation,
  why: { readonly what: string; readonly name: string; readonly reason: string; readonly blocked?: string },
): Case {
  return deriveCase(contract, operation, {
    group: 'negative',
    ...why,
    steps: [{ spec: deriveSpec(operation, {}), contract, operation }],
  });
}
