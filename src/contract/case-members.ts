/** Which members of a case carry its request, by what the row of its method says. */
import { profileOf, type MethodName } from '../protocol/methods.ts';

/** Members whose presence the method decides. */
export const METHOD_MEMBERS = [
  'q',
  'bq',
  'action',
  'key',
  'ids',
  'entity',
  'elements',
  'entities',
  'patch',
  'criteria',
  'fields',
  'metadataFields',
  'pagingFields',
] as const;
export type MethodMember = (typeof METHOD_MEMBERS)[number];

export interface CaseMembers {
  readonly needed: readonly MethodMember[];
  readonly allowed: readonly MethodMember[];
}

const BODY = {
  none: null,
  entity: 'entity',
  elements: 'elements',
  entities: 'entities',
  patch: 'patch',
  patches: 'entities',
  params: null,
} as const;

/** The members that carry a request of the method; the other members of a case are free. */
export function caseMembers(method: MethodName): CaseMembers {
  const profile = profileOf(method);
  const needed: MethodMember[] = [];
  const allowed: MethodMember[] = [];
  const sent = BODY[profile.sends];

  if (profile.parameter === 'ids') {
    if (sent === null) needed.push('ids');
    else allowed.push('ids');
  } else if (profile.parameter !== 'none') needed.push(profile.parameter);
  if (profile.returns === 'collections') needed.push('criteria');
  if (sent !== null) needed.push(sent);

  const lists = profile.returns === 'collection' || profile.returns === 'collections';
  // At entity level the key is needed; whether the resource has keys at all is judged beside its kind.
  if (profile.at !== 'collection' || lists) allowed.push('key');
  if (profile.projects || profile.mayReturnEntity) allowed.push('fields');
  if (lists) allowed.push('metadataFields', 'pagingFields');
  return { needed, allowed: [...needed, ...allowed] };
}
