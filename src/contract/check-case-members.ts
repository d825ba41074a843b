/** Which members a request has: what its method needs, what it must not have. */
import type { Checking } from './checking.ts';
import type { CaseSpec, Operation } from './contract.ts';
import { caseMembers, METHOD_MEMBERS, type MethodMember } from './case-members.ts';
import type { CaseSource, StepSource } from './format-cases.ts';
import { listed } from './normalise.ts';
import { profileOf, type MethodProfile } from '../protocol/methods.ts';
import { RESOURCE_KINDS } from '../protocol/resources.ts';

/** What a case or a step says about its request. */
export type Asked = Omit<CaseSource, 'name'> | StepSource;

/** Code and advice for a member that a method needs. */
const NEEDS: Readonly<Record<string, readonly [code: string, what: string, fix: string]>> = {
  q: ['finder-needs-q', '`q`, the name of the finder', 'add `q: NAME`'],
  bq: ['batch-finder-needs-bq', '`bq`, the name of the batch finder', 'add `bq: NAME`'],
  action: ['action-needs-name', '`action`, the name of the action', 'add `action: NAME`'],
  ids: ['batch-needs-ids', '`ids`, the keys it is about', 'add `ids: [..]`'],
  key: ['needs-key', '`key`, the entity it is about', 'add `key: …`'],
  entity: ['needs-entity', '`entity`, what it sends', 'add `entity: { … }`'],
  elements: ['needs-elements', '`elements`, the entities it creates', 'add `elements: [..]`'],
  entities: ['needs-entities', '`entities`, its items', 'add `entities: [{ key: …, … }]`'],
  patch: ['needs-patch', '`patch`, what it changes', 'add `patch: { $set: { … } }`'],
  criteria: ['needs-criteria', '`criteria`, one record for each query', 'add `criteria: [{ … }]`'],
};

export function checkMembers(checking: Checking, asked: Asked, spec: CaseSpec, operation: Operation | null): void {
  const { needed, allowed } = caseMembers(spec.method);
  const { hasKey } = RESOURCE_KINDS[checking.contract.kind];
  const keyRule = keyRuleOf(checking, spec, operation, hasKey);
  const both = asked.q !== undefined && asked.bq !== undefined;
  if (both) {
    checking.error('q-and-bq', `${spec.pointer}/bq`, 'a request has `q` or `bq`, not both', {
      part: 'name',
      fix: 'keep the one that the method is about',
      see: 'cases',
    });
  }

  if (spec.raw === null) {
    for (const name of needed) {
      if (asked[name] !== undefined || isWrittenOtherwise(checking, asked, spec, name)) continue;
      const [code, what, fix] = NEEDS[name] ?? [`needs-${name}`, `\`${name}\``, `add \`${name}\``];
      checking.error(code, `${spec.pointer}/method`, `${caseOf(spec)} needs ${what}`, {
        fix: namesFix(checking, spec, name) ?? fix,
        see: 'cases',
      });
    }
    if (keyRule === 'needed' && asked.key === undefined && !isWrittenOtherwise(checking, asked, spec, 'key')) {
      checking.error('needs-key', `${spec.pointer}/method`, `${caseOf(spec)} needs \`key\`, the entity it is about`, {
        fix: 'add `key: …`',
        see: 'cases',
      });
    }
  }
  for (const name of METHOD_MEMBERS) {
    if (asked[name] === undefined || (both && (name === 'q' || name === 'bq'))) continue;
    if (name === 'key') {
      if (keyRule === 'none')
        checking.error('no-key', `${spec.pointer}/key`, keyMessage(checking, spec, hasKey), {
          part: 'name',
          fix: needed.includes('ids') && asked.ids === undefined ? 'write `ids: [..]`' : 'drop `key`',
          see: 'cases',
        });
    } else if (!allowed.includes(name)) {
      checking.error(`no-${name.toLowerCase()}`, `${spec.pointer}/${name}`, `${caseOf(spec)} has no \`${name}\``, {
        part: 'name',
        fix: memberFix(asked, spec, name),
        see: 'cases',
      });
    }
  }
  checkEntities(checking, asked, spec);
}

function caseOf({ method }: CaseSpec): string {
  return `${/^[AEIOU]/.test(method) ? 'an' : 'a'} ${method} case`;
}

/** `needed`, `partial` (parts that stand in the path of a list), or `none`. */
function keyRuleOf(
  checking: Checking,
  spec: CaseSpec,
  operation: Operation | null,
  hasKey: boolean,
): 'needed' | 'partial' | 'free' | 'none' {
  const profile = profileOf(spec.method);
  if (!hasKey) return 'none';
  if (profile.at === 'entity') return 'needed';
  if (profile.at === 'either') return operation === null ? 'free' : operation.level === 'entity' ? 'needed' : 'none';
  if (profile.returns !== 'collection' && profile.returns !== 'collections') return 'none';
  return checking.contract.kind === 'association' && (operation === null || operation.assocKeys.length > 0)
    ? 'partial'
    : 'none';
}

function keyMessage(checking: Checking, spec: CaseSpec, hasKey: boolean): string {
  const { kind } = checking.contract;
  if (!hasKey) return `a resource of kind ${kind} has no keys`;
  const profile = profileOf(spec.method);
  if (profile.effect === 'creates') return `${spec.method} has no \`key\`: the server makes it`;
  if (profile.at === 'either') return `the action \`${spec.operation ?? ''}\` stands at the collection`;
  return `${spec.method} is about a list, so it has no \`key\``;
}

/** Members that say the same to different methods; one that is wrong there stands for the one that is missing. */
const ALIKE: readonly (readonly MethodMember[])[] = [
  ['q', 'bq', 'action'],
  ['key', 'ids'],
  ['entity', 'elements', 'entities', 'patch', 'criteria'],
];

/** Whether a member that the method needs is told of already: it is there but wrong, or under another name. */
function isWrittenOtherwise(checking: Checking, asked: Asked, spec: CaseSpec, name: MethodMember): boolean {
  if (checking.isTold(`${spec.pointer}/${name}`) || checking.isMeant(spec.pointer, name)) return true;
  const { allowed } = caseMembers(spec.method);
  const alike = ALIKE.find((group) => group.includes(name)) ?? [];
  return alike.some((other) => other !== name && asked[other] !== undefined && !allowed.includes(other));
}

function memberFix(asked: Asked, spec: CaseSpec, name: MethodMember): string {
  const { needed } = caseMembers(spec.method);
  const alike = ALIKE.find((group) => group.includes(name)) ?? [];
  const meant = needed.find((other) => alike.includes(other) && asked[other] === undefined);
  if (meant === 'bq' || meant === 'q' || meant === 'action') return `write \`${meant}: ${spec.operation ?? 'NAME'}\``;
  const sends = needed.filter((member) => member !== 'q' && member !== 'bq' && member !== 'action');
  if (name === 'ids' && profileOf(spec.method).at === 'entity') return 'write `key`, or the batch method';
  return sends.length === 0 ? 'drop it' : `${spec.method} takes ${sends.map((member) => `\`${member}\``).join(', ')}`;
}

function namesFix(checking: Checking, spec: CaseSpec, member: string): string | null {
  if (member !== profileOf(spec.method).parameter || member === 'ids') return null;
  const names = checking.contract.operations
    .filter(({ method }) => method === spec.method)
    .map(({ name }) => name ?? '');
  const [what] = NAMED[profileOf(spec.method).parameter];
  const [first] = names;
  return first === undefined
    ? null
    : `add \`${member}: ${first}\` (${what}s of ${checking.contract.resource}: ${names.join(', ')})`;
}

/** Items of `entities` hold what their method sends. */
function checkEntities(checking: Checking, asked: Asked, spec: CaseSpec): void {
  const { sends } = profileOf(spec.method);
  if (sends !== 'entities' && sends !== 'patches') return;
  const [wanted, other] = sends === 'entities' ? (['entity', 'patch'] as const) : (['patch', 'entity'] as const);
  for (const [item, index] of listed(asked.entities)) {
    const at = `${spec.pointer}/entities/${index}`;
    if (item[other] !== undefined) {
      checking.error(`no-${other}`, `${at}/${other}`, `an item of ${spec.method} has no \`${other}\``, {
        part: 'name',
        fix: `write \`${wanted}\``,
        see: 'cases',
      });
    } else if (item[wanted] === undefined) {
      checking.error(`needs-${wanted}`, at, `an item of ${spec.method} needs \`${wanted}\``, {
        fix: NEEDS[wanted]?.[2] ?? null,
        see: 'cases',
      });
    }
  }
}

export const NAMED: Readonly<Record<MethodProfile['parameter'], readonly [what: string, code: string]>> = {
  q: ['finder', 'unknown-finder'],
  bq: ['batch finder', 'unknown-batch-finder'],
  action: ['action', 'unknown-action'],
  ids: ['name', 'unknown-name'],
  none: ['name', 'unknown-name'],
};
