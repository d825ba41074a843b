/**
 * Keys of created entities: the contract's template, else by type, from what the client's entity holds and from what
 * the place holds already.
 */
import type { Contract } from '../contract/contract.ts';
import { isJsonObject, jsonObject, memberOf, type Json, type JsonObject } from '../protocol/json.ts';
import type { Key } from '../protocol/keys.ts';
import type { Schema } from '../schema/schema.ts';
import { INTEGER_RANGES } from '../schema/types.ts';
import { factsOf } from './schema-facts.ts';
import type { Place, State } from './state.ts';
import { fillTemplate, type TemplateScope } from './template.ts';

/** A key that was made, with the scope that it was made in: `${count}` stays the same in all that one creation sets. */
interface NewKey {
  readonly key: Key;
  readonly scope: TemplateScope;
}

/**
 * The key of a new entity. A part that the client's entity holds, and may set, is taken from it; of a number, the next
 * after the greatest; of a URN or a text, one with the count of writes. What has a count in it is never a key that exists.
 *
 * @param sent - the client's entity, without what only the server sets
 * @param newScope - a scope with a count of its own
 * @returns null when no key can be made: the template names something that the entity does not hold
 */
export function newKey(
  contract: Contract,
  sent: JsonObject,
  place: Place,
  state: State,
  newScope: () => TemplateScope,
): NewKey | null {
  for (;;) {
    let counted = false;
    const scope = newScope();
    const counting: TemplateScope = { ...scope, count: () => ((counted = true), scope.count()) };
    const key = keyOf(contract, sent, place, state, counting);
    if (!isKey(key)) return null;
    // Without a count in it another try gives the same key: whether it is taken is the caller's question.
    if (!counted || state.get(place, key) === undefined) return { key, scope };
  }
}

function keyOf(
  contract: Contract,
  sent: JsonObject,
  place: Place,
  state: State,
  scope: TemplateScope,
): Json | undefined {
  if (contract.key === null) return undefined;
  if (contract.mock.key !== null) return fillTemplate(contract.mock.key, scope);

  const parts = [...contract.key.parts].map(
    ([name, type]) => [name, memberOf(sent, name) ?? generated(type, place, state, scope)] as const,
  );
  return contract.key.shape.kind === 'simple' ? parts[0]?.[1] : jsonObject(parts);
}

function generated(type: Schema, place: Place, state: State, scope: TemplateScope): Json {
  const facts = factsOf(type);
  if (facts.type === 'integer' || facts.type === 'number') return nextNumber(type, place, state);
  if (facts.type === 'boolean') return false;
  if (facts.enum !== null) return facts.enum[0] ?? String(scope.count());

  const prefix = facts.pattern === null ? undefined : /^\^(urn:[A-Za-z0-9:]*)/.exec(facts.pattern)?.[1];
  if (prefix === undefined) return String(scope.count());
  if (prefix === 'urn:') return `urn:li:entity:${scope.count()}`;
  return `${prefix}${prefix.endsWith(':') ? '' : ':'}${scope.count()}`;
}

/** Next after the greatest, to the last digit; past the end of the type, the smallest that is free. */
function nextNumber(type: Schema, place: Place, state: State): Json {
  const next = (state.greatestKey(place) ?? 0n) + 1n;
  const last = INTEGER_RANGES.get(factsOf(type).format ?? '')?.[1] ?? LAST_LONG;
  if (next <= last) return exact(next);

  let free = 1n;
  while (state.get(place, exact(free)) !== undefined) free += 1n;
  return exact(free);
}

const LAST_LONG = 2n ** 63n - 1n;

function exact(number: bigint): number | bigint {
  const small = Number(number);
  return Number.isSafeInteger(small) ? small : number;
}

function isKey(value: Json | undefined): value is Key {
  return value !== undefined && value !== null && (typeof value !== 'object' || isJsonObject(value));
}
