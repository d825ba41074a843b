/** What a case created on a live target, and how it is taken away again, unasked. */
import type { Contract } from '../contract/contract.ts';
import type { Step } from '../plan/case.ts';
import { deriveSpec } from '../plan/derive.ts';
import { removing, whyNoRemoval } from '../plan/material.ts';
import { jsonObject, type Json } from '../protocol/json.ts';
import { keyText, sameKey, type Key } from '../protocol/keys.ts';
import { profileOf } from '../protocol/methods.ts';
import type { Exchange } from '../transport/exchange.ts';
import { captureFrom } from '../verify/capture.ts';
import type { Asked } from '../verify/asked.ts';

export interface Created {
  readonly contract: Contract;
  readonly parents: ReadonlyMap<string, Key>;
  readonly key: Key;
}

/**
 * The entities that exist because of a case, after one more of its exchanges.
 *
 * A 201 means that something was made, whatever the request was meant to do, and so does a replacement that makes ready
 * what a case needs; a successful single removal takes it off.
 * @param before - null: none so far
 */
export function createdBy(
  asked: Asked,
  exchange: Exchange,
  before: readonly Created[] | null,
  isSetup: boolean,
): Created[] | null {
  const status = exchange.response?.status ?? 0;
  if (status < 200 || status >= 300) return before === null ? null : [...before];

  const profile = profileOf(asked.method);
  if (profile.effect === 'removes' && asked.key !== null) {
    const removed = asked.key;
    return before === null
      ? null
      : before.filter((one) => one.contract !== asked.contract || !sameKey(one.key, removed) || !isBelow(one, asked));
  }
  const made = keysMade(asked, exchange, status, isSetup).map((key): Created => ({
    contract: asked.contract,
    parents: asked.parents,
    key,
  }));
  return made.length === 0 && before === null ? null : [...(before ?? []), ...made];
}

/** Two entities of one key may stand below different parents. */
function isBelow({ parents }: Created, asked: Asked): boolean {
  return [...parents].every(([name, key]) => {
    const other = asked.parents.get(name);
    return other !== undefined && sameKey(key, other);
  });
}

function keysMade(asked: Asked, exchange: Exchange, status: number, isSetup: boolean): readonly Key[] {
  const profile = profileOf(asked.method);
  if (profile.returns === 'createdBatch') {
    const keys = Array.from({ length: asked.items ?? 0 }, (_, index) =>
      captureFrom(asked, exchange, `each/${index}/key`),
    );
    return keys.filter(isKey);
  }
  if (status !== 201 && !(isSetup && profile.effect === 'replaces')) return [];
  // What an action makes is not the entity that it is asked of, which was there before.
  if (asked.key !== null && profile.effect !== 'acts') return [asked.key];
  const key = captureFrom(asked, exchange, 'key');
  return isKey(key) ? [key] : [];
}

function isKey(value: Json | undefined): value is Key {
  return value !== undefined && value !== null && !Array.isArray(value);
}

/**
 * Removes what was created, the last first.
 *
 * @param remove - sends the step; resolves to null when the entity is gone, else to a clause that says why not
 * @returns one sentence for each entity that stayed
 */
export async function sweep(
  created: readonly Created[],
  remove: (step: Step) => Promise<string | null>,
): Promise<readonly string[]> {
  const left: string[] = [];
  for (const { contract, parents, key } of created.toReversed()) {
    const operation = removing(contract);
    const what = `${contract.resource} ${keyText(key)}`;
    if (operation === undefined) {
      left.push(`${what} was created and stays: ${whyNoRemoval(contract)}`);
      continue;
    }
    const spec = deriveSpec(operation, { key, ...(parents.size === 0 ? {} : { parents: jsonObject(parents) }) });
    const problem = await remove({ spec, contract, operation });
    if (problem !== null) left.push(`${what} was created and stays: its removal ${problem}`);
  }
  return left;
}
