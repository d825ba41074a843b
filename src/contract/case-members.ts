/** Which members of a case carry its request, by what the row of its method says. */
import { METHOD_NAMES, profileOf, type MethodName } from '../protocol/methods.ts';

/** The members of a case that carry the request, by what the method's profile says; the others are free. */
export function caseMembers(method: MethodName): {
  readonly needed: readonly string[];
  readonly allowed: readonly string[];
} {
  return CASE_MEMBERS[method];
}

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

const BODY = {
  none: null,
  entity: 'entity',
  elements: 'elements',
  entities: 'entities',
  patch: 'patch',
  patches: 'entities',
  params: null,
} as const;

function membersOf(method: MethodName): { readonly needed: readonly string[]; readonly allowed: readonly string[] } {
  const profile = profileOf(method);
  const needed: string[] = [];
  const allowed: string[] = [];
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

const CASE_MEMBERS = Object.fromEntries(METHOD_NAMES.map((method) => [method, membersOf(method)])) as Record<
  MethodName,
  ReturnType<typeof membersOf>
>;
