/** Laws of batches that write: each key gets what was sent for it, not only the first. */
import { applyPatch } from '../protocol/patch.ts';
import type { Json } from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import { differences, differencesFromSent, isSuccess, told } from './compare.ts';
import type { Law, LawFacts, LawFinding, PairEntity, TraceEntry } from './law.ts';
import { reads } from './probe.ts';
import { sentOf } from './sent.ts';

const RULE = 'laws/batch-writes-each';

export const BATCH_WRITE_LAWS: readonly Law[] = [
  {
    rule: RULE,
    appliesTo: ({ returns }) => returns === 'statuses',
    probe: (facts) => {
      const reader = facts.find('GET');
      if (reader === null || reader.projection === 'required') return null;
      const made = facts.pair();
      if (made === null || 'blocked' in made) return made;

      const { setup, parents, pair } = made;
      const items = pair.map((one, index) => itemOf(facts, one, index + 1));
      if (items.includes(null)) return null;
      const entities = items.filter((item) => item !== null);
      const keys = pair.map(({ key }) => key);
      const { sends } = profileOf(facts.operation.method);
      return {
        setup,
        steps: [
          ...keys.map((key) => reads({ reader, parents }, key, 'reads one')),
          {
            name: 'writes both at once',
            operation: facts.operation,
            spec: { parents, ...(sends === 'none' ? { ids: keys } : { entities }) },
            expects: 'any',
          },
          ...keys.map((key) => reads({ reader, parents }, key)),
        ],
      };
    },
    check: ([first, second, batch, ...after]) => {
      if (batch === undefined || !isSuccess(batch)) return [];
      return [first, second].flatMap((before, index) => {
        const outcome = batch.outcomes?.[index];
        const read = after[index];
        // Partial success is legal: a key that is answered with an error need not be written.
        if (before === undefined || read === undefined || outcome === undefined || !isSuccess(outcome)) return [];
        return isSuccess(before) ? written(before, batch, read, index) : [];
      });
    },
  },
];

interface Item {
  readonly key: Json;
  readonly entity?: Json;
  readonly patch?: Json;
}

/** What is sent for one of the two; null where nothing of it is known to be free. */
function itemOf(facts: LawFacts, { key, entity }: PairEntity, turn: number): Item | null {
  const { sends } = profileOf(facts.operation.method);
  if (sends === 'none') return { key };
  const sent = sends === 'patches' ? facts.patch(entity, turn) : facts.changed(entity, turn);
  if (sent === null) return null;
  return sends === 'patches' ? { key, patch: sent } : { key, entity: sent };
}

/** Whether the read shows what the batch was told to do to the entity of that index. */
function written(before: TraceEntry, batch: TraceEntry, read: TraceEntry, index: number): readonly LawFinding[] {
  const { effect } = profileOf(batch.asked.method);
  const exchange = index + 3;
  const message = `Key ${index + 1} of the batch is answered with success, and its entity is not what the batch makes of it`;
  if (effect === 'removes' ? isSuccess(read) : !isSuccess(read)) {
    const expected = effect === 'removes' ? '404' : '200';
    return [
      {
        rule: RULE,
        where: 'status',
        exchange,
        pointer: null,
        expected,
        actual: `${read.status}`,
        message: `${message}.`,
      },
    ];
  }
  if (effect === 'removes') return [];

  const sent = sentOf(batch, index);
  if (sent === undefined) return [];
  if (effect === 'replaces') {
    const found = differencesFromSent(read.contract, sent, read.body).filter(({ kind }) => kind !== 'added');
    return told(RULE, exchange, '', found, message);
  }
  const applied = before.body === undefined ? null : applyPatch(sent, before.body);
  if (applied === null || 'problem' in applied) return [];
  return told(RULE, exchange, '', differences(read.contract, applied.value, read.body), message);
}
