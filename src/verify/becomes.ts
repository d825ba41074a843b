/** What a request does when it reaches another method than its author meant, in words. */
import { memberOf, type Json } from '../protocol/json.ts';
import { profileOf, type MethodName, type MethodProfile } from '../protocol/methods.ts';

/**
 * What the open-source server does with the data; nothing it says depends on whether the resource implements the method.
 * Source: the routing table and every single fault in it, executed.
 */
export function effectOf(method: MethodName, body: Json | undefined): string {
  const profile = profileOf(method);
  if (profile.sends !== 'none' && profile.sends !== 'params' && body === undefined)
    return 'the server answers 400, for it has no body';
  return EFFECTS[profile.effect](profile, body);
}

const EFFECTS: Readonly<Record<MethodProfile['effect'], (profile: MethodProfile, body: Json | undefined) => string>> = {
  reads: ({ returns, parameter }) => {
    if (returns === 'collection' && parameter === 'none')
      return 'the server answers 200 with a page of all entities, unfiltered';
    if (returns === 'entity') return 'the server answers 200 with one entity and changes nothing';
    return 'the server answers 200 with other entities and changes nothing';
  },
  creates: ({ sends }, body) => {
    if (sends === 'elements') {
      return memberOf(body, 'elements') === undefined
        ? 'the server answers 200 with an empty list and creates nothing'
        : 'the server creates every element';
    }
    return 'the server answers 201 and stores one new entity made of the whole body';
  },
  replaces: ({ parameter }) =>
    parameter === 'ids'
      ? 'the server overwrites every entity with what stands under its key'
      : 'the server answers 204 and overwrites the entity with the whole body',
  patches: ({ parameter }, body) => {
    if (parameter === 'ids')
      return 'the server reads the patches under `entities`, and answers 204 for each key without one';
    return memberOf(body, 'patch') === undefined
      ? 'the server finds no `patch`, answers 204 and changes nothing'
      : 'the server answers 204 and patches the entity';
  },
  removes: ({ parameter }) =>
    parameter === 'ids' ? 'the server deletes the entities' : 'the server deletes the entity',
  acts: () => 'the server runs the action',
};
