/** Laws of batches: each item has the effect and the answer of the single method, in its place. */
import type { Contract } from '../contract/contract.ts';
import { isJsonArray, isJsonObject, memberOf, type Json, type JsonObject } from '../protocol/json.ts';
import { profileOf, type MethodName } from '../protocol/methods.ts';
import { differences, differencesFromSent, isSuccess, sameList, shown, told } from './compare.ts';
import type { Law, LawFacts, LawFinding, ProbeStep, TraceEntry } from './law.ts';
import { reads, vary, writes } from './probe.ts';

export const BATCH_LAWS: readonly Law[] = [
  {
    rule: 'laws/batch-get-equals-gets',
    appliesTo: ({ returns }) => returns === 'batch',
    probe: (facts) => {
      const reader = facts.find('GET');
      const material = facts.material('reads');
      if (reader === null || reader.projection === 'required') return null;
      if ('blocked' in material) return material;
      const { keys, parents, setup } = material;
      const missing = facts.missingKey(keys[0]);
      const all = missing === null ? keys : [...keys, missing];
      return {
        setup,
        steps: [
          { name: 'reads all at once', operation: facts.operation, spec: { ids: all, parents }, expects: 'any' },
          ...all.map((key) => reads({ reader, parents }, key, 'reads one')),
        ],
      };
    },
    check: ([batch, ...singles]) => {
      if (batch === undefined) return [];
      const rule = 'laws/batch-get-equals-gets';
      if (!isSuccess(batch)) return missingAsAWhole(rule, batch, singles.some(isSuccess), 'GET finds one of its keys');
      return singles.flatMap((single, index): readonly LawFinding[] => {
        const outcome = batch.outcomes?.[index];
        if (outcome === undefined) return [];
        if (isSuccess(single) !== isSuccess(outcome)) {
          const message = isSuccess(single)
            ? 'GET finds an entity that BATCH_GET does not.'
            : 'BATCH_GET finds an entity that GET does not.';
          return [
            {
              rule,
              exchange: 0,
              pointer: outcome.pointer,
              expected: `${single.status}`,
              actual: `${outcome.status ?? 'nothing'}`,
              message,
            },
          ];
        }
        if (!isSuccess(single)) return [];
        return told(
          rule,
          0,
          outcome.pointer ?? '',
          differences(batch.contract, single.body, outcome.entity),
          'BATCH_GET and GET disagree',
        );
      });
    },
  },
  {
    rule: 'laws/batch-get-unites',
    appliesTo: ({ returns }) => returns === 'batch',
    probe: (facts) => {
      const material = facts.material('reads');
      if ('blocked' in material) return material;
      const { keys, parents, setup } = material;
      const all = keys.length > 1 ? keys : [...keys, facts.missingKey(keys[0])].filter((key) => key !== null);
      if (all.length < 2) return null;
      const ask = (ids: readonly Json[]): ProbeStep => ({
        name: `reads ${ids.length}`,
        operation: facts.operation,
        spec: { ids, parents },
        expects: 'any',
      });
      return { setup, steps: [ask(all), ...all.map((key) => ask([key]))] };
    },
    check: ([batch, ...parts]) => {
      if (batch === undefined) return [];
      const rule = 'laws/batch-get-unites';
      if (!isSuccess(batch))
        return missingAsAWhole(rule, batch, parts.some(findsAny), 'one of its keys is found when asked for alone');
      return parts.flatMap((part, index): readonly LawFinding[] => {
        const [one, other] = [part.outcomes?.[0], batch.outcomes?.[index]];
        if (one === undefined || other === undefined || (!isSuccess(part) && part.status !== MISSING)) return [];
        if (isSuccess(one) !== isSuccess(other)) {
          return [
            {
              rule,
              exchange: 0,
              pointer: other.pointer,
              expected: `${one.status ?? 'nothing'}`,
              actual: `${other.status ?? 'nothing'}`,
              message: 'A key asked for alone and among others has another outcome.',
            },
          ];
        }
        return told(
          rule,
          0,
          other.pointer ?? '',
          differences(batch.contract, one.entity, other.entity),
          'A key asked for alone and among others has another entity',
        );
      });
    },
  },
  {
    rule: 'laws/batch-status-equals-single',
    appliesTo: ({ returns }) => returns === 'statuses',
    probe: statusProbe,
    check: ([single, batch]) => {
      const outcome = batch?.outcomes?.[0];
      if (
        single === undefined ||
        batch === undefined ||
        outcome === undefined ||
        outcome.status === null ||
        !isSuccess(batch)
      )
        return [];
      if (isSuccess(single) === isSuccess(outcome) && (isSuccess(single) || isSameFailure(single, outcome))) return [];
      return [
        {
          rule: 'laws/batch-status-equals-single',
          exchange: 1,
          pointer: outcome.pointer,
          expected: `${single.status}, as the single method answers`,
          actual: `${outcome.status}`,
          message: 'A batch tells another outcome of a missing entity than the single method does.',
        },
      ];
    },
  },
  {
    rule: 'laws/batch-create-keeps-order',
    appliesTo: ({ returns }) => returns === 'createdBatch',
    probe: (facts) => {
      const reader = facts.find('GET');
      const [one, other] = facts.creatable();
      if (reader === null || reader.projection === 'required') return null;
      const basis = facts.basis();
      if ('blocked' in basis) return basis;
      if (one === undefined || other === undefined) return null;
      const { parents } = basis.spec;
      const capture = new Map([
        ['first', 'each/0/key'],
        ['second', 'each/1/key'],
      ]);
      return {
        setup: basis.setup,
        steps: [
          {
            name: 'creates two',
            operation: facts.operation,
            spec: { elements: [one, other], parents, capture },
            expects: 'success',
          },
          reads({ reader, parents }, '${first}', 'reads the first'),
          reads({ reader, parents }, '${second}', 'reads the second'),
        ],
      };
    },
    check: ([created, ...readBack]) => {
      const sent = memberOf(created?.asked.body, 'elements');
      if (created === undefined || !isJsonArray(sent)) return [];
      return readBack.flatMap((read, index) => {
        const rule = 'laws/batch-create-keeps-order';
        if (!isSuccess(read)) return unreadElement(rule, index, read);
        const found = differencesFromSent(read.contract, sent[index], read.body).filter(({ kind }) => kind !== 'added');
        return told(rule, index + 1, '', found, `Element ${index} of the answer names the entity of another element`);
      });
    },
  },
  {
    rule: 'laws/batch-finder-keeps-order',
    appliesTo: ({ returns }) => returns === 'collections',
    probe: (facts) => {
      const criteria = facts.criteria();
      if (criteria === null) return null;
      return vary(facts, [
        { name: 'asks all at once', change: { criteria } },
        ...criteria.map((criterion) => ({ name: 'asks one', change: { criteria: [criterion] } })),
      ]);
    },
    check: ([batch, ...singles]) => {
      if (batch === undefined) return [];
      return singles.flatMap((single, index) => {
        // A criterion without result fails inside an answer of 200, alone as among others.
        const alone = single.outcomes?.[0];
        const succeeds = isSuccess(single) && alone !== undefined && isSuccess(alone);
        return sameCriterion('laws/batch-finder-keeps-order', batch, index, alone?.elements, succeeds);
      });
    },
  },
  {
    rule: 'laws/batch-finder-equals-finders',
    appliesTo: ({ returns }, { finder }) => returns === 'collections' && finder !== null,
    probe: (facts) => {
      const criteria = facts.criteria();
      const basis = facts.basis();
      const method = profileOf(facts.operation.method).batchOf;
      const finder =
        facts.operation.finder === null || method === null
          ? null
          : facts.named(singleOf(facts.operation.method), facts.operation.finder);
      if (criteria === null || finder === null || finder.projection === 'required') return null;
      if ('blocked' in basis) return basis;
      const { parents, key } = basis.spec;
      return {
        setup: basis.setup,
        steps: [
          {
            name: 'asks all at once',
            operation: facts.operation,
            spec: { ...basis.spec, criteria, fields: undefined },
            expects: 'success',
          },
          ...criteria.map((criterion): ProbeStep => ({
            name: 'finds one',
            operation: finder,
            spec: { parents, ...(key === undefined ? {} : { key }), params: isJsonObject(criterion) ? criterion : {} },
            expects: 'any',
          })),
        ],
      };
    },
    check: ([batch, ...singles]) => {
      if (batch === undefined) return [];
      return singles.flatMap((single, index) =>
        sameCriterion(
          'laws/batch-finder-equals-finders',
          batch,
          index,
          memberOf(single.body, 'elements'),
          isSuccess(single),
        ),
      );
    },
  },
];

/** The name of the single method of a batch, typed. */
function singleOf(method: MethodName): MethodName {
  const single = profileOf(method).batchOf;
  return NAMES.find((name) => name === single) ?? method;
}

const NAMES: readonly MethodName[] = ['GET', 'FINDER', 'CREATE', 'UPDATE', 'PARTIAL_UPDATE', 'DELETE'];

/** The status that speaks of entities; any other refusal may be one of the request, for its size or its sender. */
const MISSING = 404;

/**
 * A batch tells of each key by itself: what is missing is missing in its place, and what is there is found. A batch that
 * is refused otherwise (400, 403, 413, 429…) proves nothing.
 *
 * @param found - whether one of its keys is found by itself
 */
function missingAsAWhole(rule: string, batch: TraceEntry, found: boolean, why: string): readonly LawFinding[] {
  if (batch.status !== MISSING || !found) return [];
  return [
    {
      rule,
      where: 'status',
      exchange: 0,
      pointer: null,
      expected: '200, and an outcome for each key',
      actual: `${batch.status}`,
      message: `The whole batch is answered ${batch.status}, though ${why}.`,
    },
  ];
}

/** A refusal that is due to the sender (401, 403, 429) may meet one request and not the other. */
function isSameFailure(single: { readonly status: number }, entry: { readonly status: number | null }): boolean {
  return single.status === entry.status || [401, 403, 429].includes(single.status);
}

function findsAny(entry: TraceEntry): boolean {
  return isSuccess(entry) && entry.outcomes?.some(isSuccess) === true;
}

/** The key that a creation answered leads to the entity; a refusal to show it to this client proves nothing. */
function unreadElement(rule: string, index: number, read: TraceEntry): readonly LawFinding[] {
  if (read.status !== MISSING) return [];
  return [
    {
      rule,
      where: 'status',
      exchange: index + 1,
      pointer: null,
      expected: '200',
      actual: `${read.status}`,
      message: `Element ${index} is not found by the key that its creation answered.`,
    },
  ];
}

function sameCriterion(
  rule: string,
  batch: TraceEntry,
  index: number,
  wanted: Json | undefined,
  succeeds: boolean,
): readonly LawFinding[] {
  const outcome = batch.outcomes?.[index];
  if (outcome === undefined || outcome.status === null) return [];
  const at = { rule, exchange: 0, pointer: outcome.pointer ?? `/elements/${index}` };
  if (succeeds !== isSuccess(outcome)) {
    return [
      {
        ...at,
        expected: succeeds ? 'a list' : 'an error',
        actual: `${outcome.status}`,
        message: `Criterion ${index} alone has another outcome than among others.`,
      },
    ];
  }
  if (!succeeds || sameElements(batch.contract, wanted, outcome.elements)) return [];
  return [
    {
      ...at,
      expected: `the elements that criterion ${index} alone finds: ${shown(wanted)}`,
      actual: shown(outcome.elements),
      message: `Result ${index} is not that of criterion ${index}.`,
    },
  ];
}

function sameElements(contract: Contract, one: Json | undefined, other: Json | undefined): boolean {
  return isJsonArray(one) && isJsonArray(other) && sameList(contract, one, other);
}

/** The same write of a missing entity, by the single method and as a batch. Nothing is written where it is refused. */
function statusProbe(facts: LawFacts): ReturnType<Law['probe']> {
  const { operation } = facts;
  const single = facts.find(singleOf(operation.method));
  if (single === null || operation.upsert || single.upsert) return null;
  const material = facts.material('writes');
  if ('blocked' in material) return material;

  const { parents, entity, setup, keys } = material;
  const missing = facts.missingKey(keys[0]);
  if (missing === null) return null;
  const { sends } = profileOf(operation.method);
  const item =
    sends === 'none'
      ? {}
      : sends === 'patches'
        ? { patch: entity === null ? null : facts.patch(entity) }
        : { entity: entity === null ? null : fullUnder(facts, entity, missing) };
  if (item.patch === null || item.entity === null) return null;
  const sent = {
    ...(item.patch === undefined ? {} : { patch: item.patch }),
    ...(item.entity === undefined ? {} : { entity: item.entity }),
  };
  return {
    setup,
    steps: [
      writes(single, { parents }, missing, sent, 'writes a missing one', 'any'),
      writes(operation, { parents }, missing, sent, 'writes it in a batch', 'any'),
    ],
  };
}

function fullUnder(facts: LawFacts, entity: JsonObject, key: Json): JsonObject | null {
  const full = facts.replacement(entity)?.full;
  return full === undefined ? null : facts.underKey(full, key);
}
