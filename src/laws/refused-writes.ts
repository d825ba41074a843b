/** The law that a refusal keeps its word: what is refused is not done. */
import type { CaseSpec, Operation } from '../contract/contract.ts';
import { HEADERS } from '../protocol/headers.ts';
import { memberOf } from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import { differences, elementsOf, isSuccess, pagingOf, told } from './compare.ts';
import type { Blocked, Law, LawFacts, LawFinding, Probe, ProbeStep, TraceEntry } from './law.ts';
import { onOwned, reads, writes } from './probe.ts';

const RULE = 'laws/refused-changes-nothing';

export const REFUSAL_LAWS: readonly Law[] = [
  {
    rule: RULE,
    appliesTo: ({ effect }, { readOnly, level }) =>
      effect !== 'reads' && (effect !== 'acts' || (!readOnly && level === 'entity')),
    probe: (facts) => {
      const { effect } = profileOf(facts.operation.method);
      if (effect === 'acts') return refusedAction(facts);
      return effect === 'creates' ? refusedCreation(facts) : refusedWrite(facts);
    },
    check: ([before, refused, after]) => {
      if (before === undefined || refused === undefined || after === undefined) return [];
      // Whether it had to be refused is a matter of the header matrix.
      if (!isSuccess(before) || refused.status < 400) return [];
      const { method } = refused.asked;
      const what = `${article(method)} ${method} that was refused with ${refused.status}`;
      if (profileOf(method).effect === 'creates') return grown(before, after, what);
      if (isSuccess(after))
        return told(RULE, 2, '', differences(after.contract, before.body, after.body), `${what} changed the entity`);
      const expected = `${before.status} again, for the request was refused`;
      return [
        {
          rule: RULE,
          exchange: 2,
          pointer: null,
          expected,
          actual: `${after.status}`,
          message: `${what} removed the entity.`,
        },
      ];
    },
  },
];

function refusedWrite(facts: LawFacts): Probe | Blocked | null {
  const { effect } = profileOf(facts.operation.method);
  return onOwned(facts, (owned) => {
    const { entity } = owned.material;
    const sent = entity === null ? null : effect === 'patches' ? facts.patch(entity) : facts.changed(entity);
    if (effect !== 'removes' && sent === null) return null;
    const item = effect === 'removes' || sent === null ? {} : effect === 'patches' ? { patch: sent } : { entity: sent };
    const write = writes(facts.operation, owned, owned.key, item, 'asks to write it under the name of GET', 'any');
    return [reads(owned, owned.key, 'reads it'), underName(write, owned.reader), reads(owned, owned.key)];
  });
}

/** A creation that is refused makes nothing: the list of all does not grow. */
function refusedCreation(facts: LawFacts): Probe | Blocked | null {
  const lister = facts.find('GET_ALL');
  // What a broken server makes of it stays there, and must not be in the way of what other cases create.
  const entity = facts.creatable().at(-1);
  if (lister === null || lister.projection === 'required' || entity === undefined) return null;
  if ([...lister.params.values()].some((field) => field.required)) return null;
  const basis = facts.basis();
  if ('blocked' in basis) return basis;
  const { parents } = basis.spec;
  const sent: Partial<CaseSpec> =
    profileOf(facts.operation.method).batchOf === null ? { entity } : { elements: [entity] };
  const creation: ProbeStep = {
    name: 'asks to create under the name of GET_ALL',
    operation: facts.operation,
    spec: { ...basis.spec, ...sent },
    expects: 'any',
  };
  const list: ProbeStep = { name: 'lists all', operation: lister, spec: { parents }, expects: 'any' };
  return { setup: basis.setup, steps: [list, underName(creation, lister), { ...list, name: 'lists all again' }] };
}

/** On a service the plain request of an action that writes asks for an entity that the case itself creates. */
function refusedAction(facts: LawFacts): Probe | Blocked | null {
  const reader = facts.find('GET');
  if (reader === null || reader.projection === 'required') return null;
  const basis = facts.basis();
  if ('blocked' in basis) return basis;
  const { key, parents } = basis.spec;
  const action: ProbeStep = {
    name: 'acts on it under the name of GET',
    operation: facts.operation,
    spec: basis.spec,
    expects: 'any',
  };
  return {
    setup: basis.setup,
    steps: [reads({ reader, parents }, key, 'reads it'), underName(action, reader), reads({ reader, parents }, key)],
  };
}

/** By the total where both answers tell it, else by the elements of the first page. */
function grown(before: TraceEntry, after: TraceEntry, what: string): readonly LawFinding[] {
  if (!isSuccess(after)) return [];
  const [one, other] = [before, after].map(({ body }) => memberOf(pagingOf(body), 'total'));
  const isTold = typeof one === 'number' && typeof other === 'number' && one >= 0 && other >= 0;
  const [first, second] = isTold ? [one, other] : [elementsOf(before.body).length, elementsOf(after.body).length];
  if (second <= first) return [];
  return [
    {
      rule: RULE,
      exchange: 2,
      pointer: isTold ? '/paging/total' : '/elements',
      expected: `${first} elements, as before`,
      actual: `${second} elements`,
      message: `${what} created an entity.`,
    },
  ];
}

/** The same request with the method header of another operation. */
function underName(step: ProbeStep, { method }: Operation): ProbeStep {
  return { ...step, spec: { ...step.spec, headers: new Map([[HEADERS.method, method]]) } };
}

function article(method: string): string {
  return /^[AEIOU]/.test(method) ? 'An' : 'A';
}
