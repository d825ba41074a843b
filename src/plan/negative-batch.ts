/** Batches that are none: other keys in the body than in `ids`, and more items than the contract takes. */
import type { CaseSpec, Contract } from '../contract/contract.ts';
import { isJsonObject, jsonEquals, type Json } from '../protocol/json.ts';
import { fitsSchema } from '../schema/check.ts';
import type { Schema } from '../schema/schema.ts';
import { listOf, type Fault, type Sound } from './negative-fault.ts';
import { missingKeyOf } from './variants.ts';

export function batchFaults(sound: Sound): readonly Fault[] {
  return [...differing(sound), ...tooMany(sound)];
}

function differing({ contract, spec, protocol, seed }: Sound): readonly Fault[] {
  const [first] = spec.entities ?? [];
  if (first === undefined || spec.entities === undefined) return [];
  const keys = spec.entities.map(({ key }) => key);
  const fault = (what: string, does: string, ids: readonly Json[]): Fault => ({
    what,
    does,
    rule: 'negative/refused',
    refusal: 'keySets',
    spec: { ids },
  });
  const other = missingKeyOf(contract, first.key, seed);
  return [
    // 1.0.0 has no text for a list without items.
    ...(protocol === '2.0.0' ? [fault('ids-empty', 'has keys in its body and none in `ids`', [])] : []),
    ...(other === null || keys.some((key) => jsonEquals(key, other))
      ? []
      : [
          fault('ids-differ', 'has another key in its body than in `ids`', [other, ...keys.slice(1)]),
          fault('ids-more', 'has a key in `ids` that its body lacks', [...keys, other]),
        ]),
  ];
}

/** Items that are made to exceed a limit. */
const MOST_ITEMS = 1_000;

function tooMany({ contract, operation, spec, seed }: Sound): readonly Fault[] {
  const { maxBatchSize: most } = operation;
  if (most === null || most >= MOST_ITEMS) return [];
  const many = manyItems(contract, spec, most + 1, seed);
  if (many === null) return [];
  return [
    {
      what: 'batch-too-large',
      does: `has ${most + 1} items, and ${most} may be sent`,
      rule: 'negative/validated',
      refusal: 'size',
      spec: many,
    },
  ];
}

/** The batch with so many items; keys are such as no entity should have. Null where they cannot be made. */
function manyItems(contract: Contract, spec: CaseSpec, count: number, seed: number): Partial<CaseSpec> | null {
  const { elements, entities, criteria, ids } = spec;
  const [element] = elements ?? [];
  if (element !== undefined) return { elements: Array.from({ length: count }, () => element) };
  const [criterion] = criteria ?? [];
  if (criterion !== undefined) return { criteria: Array.from({ length: count }, () => criterion) };
  const [item] = entities ?? [];
  const near = item?.key ?? listOf(ids)[0];
  const keys = near === undefined ? null : strangeKeys(contract, near, count, seed);
  if (keys === null) return null;
  return item === undefined ? { ids: keys } : { entities: keys.map((key) => ({ ...item, key })) };
}

/** Different keys that no entity should have: one part counts, the others stay. Null where no part can. */
function strangeKeys(contract: Contract, near: Json, count: number, seed: number): readonly Json[] | null {
  const { key: type } = contract;
  const begin = missingKeyOf(contract, near, seed);
  if (type === null || begin === null) return null;
  for (const [name, schema] of type.parts) {
    const isSimple = type.shape.kind === 'simple';
    const from = isSimple ? begin : isJsonObject(begin) ? begin[name] : undefined;
    const values = from === undefined ? null : countedFrom(schema, from, count);
    if (values === null) continue;
    return isSimple || !isJsonObject(begin) ? values : values.map((value) => ({ ...begin, [name]: value }));
  }
  return null;
}

function countedFrom(schema: Schema, from: Json, count: number): readonly Json[] | null {
  const values = Array.from({ length: count }, (_, index): Json | undefined => {
    if (typeof from === 'bigint') return from + BigInt(index);
    if (typeof from === 'number') return from + index;
    if (typeof from !== 'string') return undefined;
    const counted = [`${from}${index}`, from.replace(/\d+$/, (digits) => String(BigInt(digits) + BigInt(index)))];
    return counted.find((text) => fitsSchema(schema, text));
  });
  const made = values.filter((value) => value !== undefined && fitsSchema(schema, value));
  return new Set(made.map(String)).size === count ? made.filter((value) => value !== undefined) : null;
}
