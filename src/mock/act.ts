/** Actions: a patch of the entity, then the value that comes back. */
import type { Json } from '../protocol/json.ts';
import { applyPatch } from '../protocol/patch.ts';
import { scopeOf, type Call } from './call.ts';
import { firstMeeting, withDefaults } from '../verify/conditions.ts';
import { failed, missing } from './failed-item.ts';
import { factsOf } from './schema-facts.ts';
import { recordSent } from './items.ts';
import type { Item } from './result.ts';
import { merge } from './stored-entity.ts';
import { fillMembers, fillTemplate } from './template.ts';

/** What an action returns; undefined for one that returns nothing, and for null where the contract allows that. */
type ActionValue = { readonly value: Json | undefined };

/**
 * Runs an action as the contract's mock says: on an entity, which must exist; its patch goes through although it may
 * set what clients cannot.
 */
export function act(call: Call): ActionValue | Item {
  const { contract, operation, asked, place, state } = call;
  const params = withDefaults(operation, recordSent(asked.body));
  const facets = { parents: place.parents, params, key: asked.key ?? undefined };
  const row = firstMeeting(operation.actionMock, { contract, operation }, call.wire.headers, () => facets);

  const isOnEntity = asked.key !== null || (contract.kind === 'simple' && contract.entity !== null);
  const stored = isOnEntity ? state.get(place, asked.key) : undefined;
  if (asked.key !== null && stored === undefined) return missing(call, asked.key);

  let entity = stored?.entity ?? null;
  if (entity !== null && row !== null && row.patch !== null) {
    const scope = scopeOf(call, asked.key, entity, params);
    const applied = applyPatch(fillMembers(row.patch, scope), entity);
    if ('problem' in applied)
      return failed(call, asked.key, 500, `The contract's patch cannot be applied: ${applied.problem.message}`);
    const after = merge(recordSent(applied.value), fillMembers(contract.mock.onWrite, scope));
    entity = call.meddle === null ? after : (call.meddle(entity, after, row.patch, call) ?? after);
    state.put(place, { key: asked.key, entity });
  }

  if (operation.returns === null) return { value: undefined };
  const template = row?.value;
  const value =
    template === undefined
      ? call.samples.of(operation.returns)
      : fillTemplate(template, scopeOf(call, asked.key, entity, params));
  const isNothing = value === undefined || (value === null && factsOf(operation.returns).allowsNull);
  return { value: isNothing ? undefined : value };
}
