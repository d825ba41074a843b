/** Cases and steps by form: what their method needs and takes, names that exist, ids that differ. */
import { nameInId } from './case-id.ts';
import type { Checking } from './checking.ts';
import { checkCaseValues } from './check-case-values.ts';
import { checkExpectation, checkItems, checkMasks } from './check-case-items.ts';
import { checkMembers, NAMED, type Asked } from './check-case-members.ts';
import { checkCaseHeaders } from './check-headers.ts';
import { checkMeaning } from './check-meaning.ts';
import { checkRaw } from './check-raw.ts';
import { listOf } from './check-structure.ts';
import type { CaseSpec, Operation } from './contract.ts';
import { isNegative } from './negative.ts';
import { listed } from './normalise.ts';
import { nearest } from './suggest.ts';
import { profileOf } from '../protocol/methods.ts';

export function checkCases(checking: Checking): void {
  const { contract, written } = checking;
  const ids = new Map<string, string>();
  let order = 0;
  for (const asked of written.cases ?? []) {
    // A case that did not fit the format stands as null, and has no counterpart.
    const spec = asked === null ? undefined : contract.cases[order++];
    if (spec === undefined) continue;
    checkName(checking, spec.name ?? '', spec.method, spec.pointer, ids);
    checkAsked(checking, asked, spec);
  }
  for (const [flow, index] of listed(written.flows)) {
    const spec = contract.flows.find(({ pointer }) => pointer === `/flows/${index}`);
    if (spec === undefined) continue;
    checkName(checking, spec.name, 'flow', spec.pointer, ids);
    for (const list of ['steps', 'cleanup'] as const) {
      for (const [step, place] of listed(flow[list])) {
        const own = spec[list].find(({ pointer }) => pointer === `${spec.pointer}/${list}/${place}`);
        // A step of another resource is judged where its contract is known.
        if (own !== undefined && own.resource === null) checkAsked(checking, step, own);
      }
    }
    for (const target of flow.targets ?? [])
      checkTarget(checking, target, `${spec.pointer}/targets/${(flow.targets ?? []).indexOf(target)}`);
  }
}

function checkName(checking: Checking, name: string, scope: string, pointer: string, ids: Map<string, string>): void {
  const id = `${checking.contract.resource}/${scope}/${nameInId(name)}`;
  const first = ids.get(id);
  if (first === undefined) ids.set(id, pointer);
  else {
    checking.error('duplicate-case', `${pointer}/name`, `a second case with the id \`${id.slice(0, 200)}\``, {
      fix: 'name it for what is particular to it',
      see: 'cases',
      related: [{ pointer: `${first}/name`, part: 'value', message: 'the first' }],
    });
  }
  if (name.includes('/')) {
    checking.error('name-with-slash', `${pointer}/name`, 'a name holds no `/`: ids are paths', {
      fix: 'write another word or a dash',
      see: 'cases',
    });
  }
}

function checkTarget(checking: Checking, target: string, pointer: string): void {
  const { targets } = checking.around;
  if (targets === null || targets.has(target)) return;
  const names = [...targets];
  checking.error('unknown-target', pointer, `the config has no target \`${target}\``, {
    fix: nearest(target, names) ?? `targets: ${names.join(', ')}`,
    see: 'config',
  });
}

/** All about one request, whether a case or a step of a flow. */
export function checkAsked(checking: Checking, asked: Asked, spec: CaseSpec): void {
  const operation = findOperation(checking, spec);
  // What is expected cannot be told where it was miswritten: then nothing is held against it.
  const negative = isNegative(spec) || checking.isTold(`${spec.pointer}/expect`);
  const before = checking.problems.length;
  checkMembers(checking, asked, spec, operation ?? null);
  spec.targets?.forEach((target, index) => checkTarget(checking, target, `${spec.pointer}/targets/${index}`));

  if (!negative) checkItems(checking, spec, operation ?? null);
  checkExpectation(checking, spec);
  checkMasks(checking, spec, operation ?? null, negative);
  checkCaseHeaders(checking, spec, operation ?? null);
  checkRaw(checking, spec);
  checkMeaning(checking, spec, operation ?? null);
  // Values of a request that lacks its parts would be reported twice.
  if (!negative && operation !== undefined && checking.problems.length === before)
    checkCaseValues(checking, spec, operation);
}

function findOperation(checking: Checking, spec: CaseSpec): Operation | undefined {
  const profile = profileOf(spec.method);
  const found = checking.operation(spec.method, profile.named ? spec.operation : null);
  if (found !== undefined || isNegative(spec)) return found;

  const same = checking.contract.operations.filter(({ method }) => method === spec.method);
  if (same.length === 0) {
    const declared = [...new Set(checking.contract.operations.map(({ method }) => method))];
    checking.error('undeclared-method', `${spec.pointer}/method`, `the contract does not declare ${spec.method}`, {
      fix: `add \`${spec.method}:\` to \`methods\` (declared: ${declared.join(', ')}), or expect the refusal: \`expect: 400\``,
      see: 'methods',
    });
  } else if (spec.operation !== null) {
    const names = same.map(({ name }) => name ?? '');
    const [what, code] = NAMED[profile.parameter];
    checking.error(code, `${spec.pointer}/${profile.parameter}`, `there is no ${what} \`${spec.operation}\``, {
      fix: nearest(spec.operation, names) ?? listOf(`${what}s`, names),
      see: 'methods',
    });
  }
  return undefined;
}
