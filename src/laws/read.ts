/** Laws of reading: it changes nothing, repeats itself, and shows the same entity by every way. */
import { projectObject, parseMask } from '../protocol/projection.ts';
import { isJsonObject, type Json } from '../protocol/json.ts';
import type { Contract } from '../contract/contract.ts';
import {
  answerDifferences,
  compare,
  differences,
  elementsOf,
  entitiesOf,
  isServersOwn,
  isSteady,
  isSuccess,
  pointerOf,
  sameList,
  told,
  type Difference,
} from './compare.ts';
import type { Law, LawFacts, LawFinding, Probe, ProbeStep, Trace, TraceEntry } from './law.ts';
import { compareForms, onlyAsks, vary } from './probe.ts';

export const READ_LAWS: readonly Law[] = [
  {
    rule: 'laws/get-is-safe',
    appliesTo: ({ effect, returns }) => effect === 'reads' && (returns === 'entity' || returns === 'batch'),
    probe: (facts) =>
      vary(facts, [
        { name: 'reads', change: {} },
        { name: 'reads again', change: {} },
      ]),
    check: ([first, again]) => {
      if (first === undefined || again === undefined || !isSuccess(first)) return [];
      if (!isSuccess(again)) return [gone(first, again)];
      return entitiesOf(first).flatMap((entity, index) => {
        const found = differences(first.contract, entity, entitiesOf(again)[index]);
        return told(
          'laws/get-is-safe',
          1,
          again.outcomes?.[index]?.pointer ?? '',
          found,
          'The same request is answered otherwise',
        );
      });
    },
  },
  {
    rule: 'laws/list-is-steady',
    appliesTo: ({ returns }) => returns === 'collection' || returns === 'collections',
    probe: (facts) =>
      vary(facts, [
        { name: 'lists', change: {} },
        { name: 'lists again', change: {} },
      ]),
    check: ([first, again]) => {
      if (first === undefined || again === undefined || !isSuccess(first)) return [];
      const [before, after] = [entitiesOf(first), entitiesOf(again)].map((all) => all.map((one) => one ?? null));
      if (before === undefined || after === undefined || sameList(first.contract, before, after)) return [];
      return [
        {
          rule: 'laws/list-is-steady',
          exchange: 1,
          pointer: '/elements',
          expected: `the same ${before.length} elements in the same order`,
          actual: `${after.length} elements, others or in another order`,
          message: 'The same list asked for twice is answered otherwise.',
        },
      ];
    },
  },
  {
    rule: 'laws/projection-commutes',
    appliesTo: ({ projects }, { projection }) => projects && projection !== 'none',
    probe: (facts) => {
      const fields = facts.members().slice(0, 2).join(',');
      if (fields === '') return null;
      const whole =
        facts.operation.projection === 'required' ? { fields: facts.members().join(',') } : { fields: undefined };
      return compareForms(facts, [
        { name: 'reads the whole', change: whole },
        { name: `asks for ${fields} only`, change: { fields } },
      ]);
    },
    check: (trace) => projected('laws/projection-commutes', trace),
  },
  {
    rule: 'laws/nested-projection-commutes',
    appliesTo: ({ projects }, { projection }) => projects && projection !== 'none',
    probe: (facts) => {
      const fields = facts.nestedMask();
      if (fields === null) return null;
      const whole =
        facts.operation.projection === 'required' ? { fields: facts.members().join(',') } : { fields: undefined };
      return compareForms(facts, [
        { name: 'reads the whole', change: whole },
        { name: `asks for ${fields} only`, change: { fields } },
      ]);
    },
    check: (trace) => projected('laws/nested-projection-commutes', trace),
  },
  {
    rule: 'laws/versions-agree',
    appliesTo: onlyAsks,
    probe: (facts) => {
      const { contract, dialect } = facts;
      if (contract.protocol !== null || !dialect.protocol.includes('1.0.0') || !dialect.protocol.includes('2.0.0'))
        return null;
      return compareForms(facts, [
        { name: 'asks in 2.0.0', change: { protocol: '2.0.0' } },
        { name: 'asks in 1.0.0', change: { protocol: '1.0.0' } },
      ]);
    },
    check: (trace) => {
      const [modern, legacy] = trace;
      if (modern === undefined || legacy === undefined || !isSuccess(modern) || !isSuccess(legacy)) return [];
      if (!isSteady(trace)) return [];
      const [one, other] = [entitiesOf(modern), entitiesOf(legacy)];
      if (one.length !== other.length)
        return [counts('laws/versions-agree', 1, one.length, other.length, 'The two versions answer different lists.')];
      return one.flatMap((entity, index) =>
        told(
          'laws/versions-agree',
          1,
          pointerOf(legacy, index),
          answerDifferences(modern, entity, other[index]),
          'The two versions answer otherwise',
        ),
      );
    },
  },
  {
    rule: 'laws/listed-is-readable',
    appliesTo: ({ returns }, { projection }) => returns === 'collection' && projection !== 'required',
    probe: listedProbe,
    check: ([list, entity]) => {
      if (list === undefined || entity === undefined) return [];
      const [first] = elementsOf(list.body);
      if (!isSuccess(entity)) {
        return [
          {
            rule: 'laws/listed-is-readable',
            exchange: 1,
            pointer: null,
            expected: '200, for the list shows it',
            actual: `${entity.status}`,
            message: 'An entity that a list shows is not found by its key.',
          },
        ];
      }
      // A list may leave members out; what both show must agree.
      const found = differences(list.contract, first, entity.body).filter(({ kind }) => kind === 'differs');
      return told('laws/listed-is-readable', 1, '', found, 'The list and its entity disagree');
    },
  },
];

function gone(first: TraceEntry, again: TraceEntry): LawFinding {
  return {
    rule: 'laws/get-is-safe',
    exchange: 1,
    pointer: null,
    expected: `${first.status} again`,
    actual: `${again.status}`,
    message: `The same request is answered ${first.status} and then ${again.status}.`,
  };
}

export function counts(rule: string, exchange: number, expected: number, actual: number, message: string): LawFinding {
  return {
    rule,
    exchange,
    pointer: '/elements',
    expected: `${expected} elements`,
    actual: `${actual} elements`,
    message,
  };
}

/** The second answer of a trace holds what its mask leaves of the first, and nothing else. */
function projected(rule: string, trace: Trace): readonly LawFinding[] {
  const [whole, part] = trace;
  if (whole === undefined || part === undefined || !isSuccess(whole) || !isSteady(trace)) return [];
  if (!isSuccess(part)) {
    return [
      {
        rule,
        exchange: 1,
        pointer: null,
        expected: `${whole.status}`,
        actual: `${part.status}`,
        message: 'A request is refused once it asks for some members only.',
      },
    ];
  }
  const parsed = parseMask(part.asked.masks.fields ?? '');
  if ('problem' in parsed) return [];
  const [all, asked] = [entitiesOf(whole), entitiesOf(part)];
  if (all.length !== asked.length)
    return [counts(rule, 1, all.length, asked.length, 'A projection changes which elements are answered.')];
  return all.flatMap((entity, index) => {
    if (!isJsonObject(entity)) return [];
    const found = exactly(part.contract, projectObject(parsed.mask, entity), asked[index]);
    return told(rule, 1, pointerOf(part, index), found, 'The projection is not that part of the whole');
  });
}

/** A projection holds what was asked for and nothing else: also what the server sets by itself. */
function exactly(contract: Contract, wanted: Json, got: Json | undefined): readonly Difference[] {
  const found: Difference[] = [];
  compare(wanted, got, [], [], found);
  return found.filter((one) => !isServersOwn(contract, one));
}

function listedProbe(facts: LawFacts): Probe | { readonly blocked: string } | null {
  const { contract } = facts;
  const reader = facts.find('GET');
  const basis = facts.basis();
  const parts = [...(contract.key?.parts.keys() ?? [])];
  if (
    reader === null ||
    reader.projection === 'required' ||
    parts.length === 0 ||
    (contract.key?.params ?? null) !== null
  )
    return null;
  // Keys that the entity does not hold cannot be read off a list.
  if (
    contract.examples[0] !== undefined &&
    !parts.every((part) => Object.hasOwn(contract.examples[0]?.entity ?? {}, part))
  )
    return null;
  if ('blocked' in basis) return basis;

  const capture = new Map(parts.map((part, index) => [`listed${index}`, `body/elements/0/${part}`]));
  const named = parts.map((part, index): readonly [string, Json] => [part, `\${listed${index}}`]);
  const key: Json = contract.key?.shape.kind === 'simple' ? '${listed0}' : Object.fromEntries(named);
  const steps: readonly ProbeStep[] = [
    {
      name: 'lists',
      operation: facts.operation,
      spec: { ...basis.spec, fields: undefined, capture },
      expects: 'success',
    },
    { name: 'reads the first', operation: reader, spec: { key, parents: basis.spec.parents }, expects: 'any' },
  ];
  return { setup: basis.setup, steps };
}
