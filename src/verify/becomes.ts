/** What a request does when it reaches another method than its author meant, in words. */
import { memberOf, type Json } from '../protocol/json.ts';
import { profileOf, type MethodName, type MethodProfile } from '../protocol/methods.ts';

/**
 * What a server does with the data that lets the request through; nothing it says depends on whether the resource implements the method.
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
      return 'a server that takes it answers 200 with a page of all entities, unfiltered';
    if (returns === 'entity') return 'a server that takes it answers 200 with one entity and changes nothing';
    return 'a server that takes it answers 200 with other entities and changes nothing';
  },
  creates: ({ sends }, body) => {
    if (sends === 'elements') {
      return memberOf(body, 'elements') === undefined
        ? 'a server that takes it answers 200 with an empty list and creates nothing'
        : 'a server that takes it creates every element';
    }
    return 'a server that takes it answers 201 and stores one new entity made of the whole body';
  },
  replaces: ({ parameter }) =>
    parameter === 'ids'
      ? 'a server that takes it overwrites every entity with what stands under its key'
      : 'a server that takes it answers 204 and overwrites the entity with the whole body',
  patches: ({ parameter }, body) => {
    if (parameter === 'ids')
      return 'a server that takes it reads the patches under `entities`, and answers 204 for each key without one';
    return memberOf(body, 'patch') === undefined
      ? 'a server that takes it finds no `patch`, answers 204 and changes nothing'
      : 'a server that takes it answers 204 and patches the entity';
  },
  removes: ({ parameter }) =>
    parameter === 'ids' ? 'a server that takes it deletes the entities' : 'a server that takes it deletes the entity',
  acts: () => 'a server that takes it runs the action',
};
