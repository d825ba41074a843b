/** Cases and steps by form: what their method needs and takes, names that exist, ids that differ. */
import { nameInId } from './case-id.ts';
import type { Checking } from './checking.ts';
import { checkCaseValues } from './check-case-values.ts';
import { checkCaseHeaders } from './check-headers.ts';
import { checkMeaning } from './check-meaning.ts';
import { checkRaw } from './check-raw.ts';
import { listOf } from './check-structure.ts';
import type { CaseSpec, Operation } from './contract.ts';
import { caseMembers, METHOD_MEMBERS, type CaseSource, type StepSource } from './format.ts';
import { isList, isNegative, itemCount } from './negative.ts';
import { listed } from './normalise.ts';
import { nearest } from './suggest.ts';
import { keyText } from '../protocol/keys.ts';
import { profileOf, type MethodProfile } from '../protocol/methods.ts';
import { parseMask } from '../protocol/projection.ts';
import { RESOURCE_KINDS } from '../protocol/resources.ts';
import { isJsonArray, type Json } from '../protocol/json.ts';

type Asked = Omit<CaseSource, 'name'> | StepSource;

export function checkCases(checking: Checking): void {
  const { contract, written } = checking;
  const ids = new Map<string, string>();
  listed(written.cases).forEach(([asked], order) => {
    const spec = contract.cases[order];
    if (spec === undefined) return;
    checkName(checking, spec.name ?? '', `${spec.method}`, spec.pointer, ids);
    checkAsked(checking, asked, spec);
  });
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
  const negative = isNegative(spec);
  const before = checking.problems.length;
  checkMembers(checking, asked, spec, operation ?? null);
  spec.targets?.forEach((target, index) => checkTarget(checking, target, `${spec.pointer}/targets/${index}`));

  if (!negative) checkItems(checking, spec, operation ?? null);
  checkExpectation(checking, spec);
  checkMasks(checking, spec, operation ?? null, negative);
  checkCaseHeaders(checking, spec);
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

const NAMED: Readonly<Record<MethodProfile['parameter'], readonly [what: string, code: string]>> = {
  q: ['finder', 'unknown-finder'],
  bq: ['batch finder', 'unknown-batch-finder'],
  action: ['action', 'unknown-action'],
  ids: ['name', 'unknown-name'],
  none: ['name', 'unknown-name'],
};

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

function checkMembers(checking: Checking, asked: Asked, spec: CaseSpec, operation: Operation | null): void {
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
      if (asked[name as keyof Asked] !== undefined) continue;
      const [code, what, fix] = NEEDS[name] ?? [`needs-${name}`, `\`${name}\``, `add \`${name}\``];
      checking.error(code, `${spec.pointer}/method`, `${caseOf(spec)} needs ${what}`, {
        fix: namesFix(checking, spec, name) ?? fix,
        see: 'cases',
      });
    }
    if (keyRule === 'needed' && asked.key === undefined) {
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
          fix: 'drop `key`',
          see: 'cases',
        });
    } else if (!allowed.includes(name)) {
      checking.error(`no-${name.toLowerCase()}`, `${spec.pointer}/${name}`, `${caseOf(spec)} has no \`${name}\``, {
        part: 'name',
        fix: memberFix(spec, name),
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

function memberFix(spec: CaseSpec, name: string): string {
  const { needed } = caseMembers(spec.method);
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

/** Items: none twice, `ids` the same as the keys of the body, no more than promised. */
function checkItems(checking: Checking, spec: CaseSpec, operation: Operation | null): void {
  if (typeof spec.ids !== 'string' && spec.ids !== undefined)
    distinct(checking, spec.ids, (index) => `${spec.pointer}/ids/${index}`);
  if (spec.entities !== undefined) {
    const keys = spec.entities.map(({ key }) => key);
    distinct(checking, keys, (index) => `${spec.pointer}/entities/${index}/key`);
    if (isJsonArray(spec.ids)) checkMismatch(checking, spec, spec.ids, keys);
  }
  const count = itemCount(spec);
  const most = operation?.maxBatchSize ?? null;
  if (count !== null && most !== null && count > most) {
    checking.error('batch-too-large', `${spec.pointer}/method`, `${count} items, where \`maxBatchSize\` is ${most}`, {
      fix: 'send fewer, or expect the refusal: `expect: 400`',
      see: 'methods',
    });
  }
}

function distinct(checking: Checking, keys: readonly Json[], placeOf: (index: number) => string): void {
  if (keys.length < 2) return;
  const seen = new Map<string, number>();
  keys.forEach((key, index) => {
    const text = identity(key);
    const first = seen.get(text);
    if (first === undefined) seen.set(text, index);
    else {
      checking.error('item-twice', placeOf(index), `the key ${text} stands twice`, {
        fix: 'drop one; what the server does with it is tested by `raw`',
        see: 'cases',
        related: [{ pointer: placeOf(first), part: 'value', message: 'the first' }],
      });
    }
  });
}

function checkMismatch(checking: Checking, spec: CaseSpec, ids: readonly Json[], keys: readonly Json[]): void {
  const asked = new Set(ids.map(identity));
  const sent = new Set(keys.map(identity));
  const lacking = [...sent].filter((key) => !asked.has(key));
  const extra = [...asked].filter((key) => !sent.has(key));
  if (lacking.length + extra.length === 0) return;
  const parts = [
    lacking.length > 0 ? `\`ids\` lacks ${lacking.join(', ')}` : '',
    extra.length > 0 ? `\`entities\` lacks ${extra.join(', ')}` : '',
  ].filter((part) => part !== '');
  checking.error(
    'ids-mismatch',
    `${spec.pointer}/ids`,
    `\`ids\` differ from the keys of \`entities\`: ${parts.join('; ')}`,
    {
      part: 'name',
      fix: 'drop `ids`: they follow from `entities`; to test a mismatch expect the refusal: `expect: 400`',
      see: 'cases',
    },
  );
}

function identity(key: Json): string {
  return key === null || isJsonArray(key) ? JSON.stringify(key) : keyText(key);
}

function checkExpectation(checking: Checking, spec: CaseSpec): void {
  const { expect } = spec;
  if (expect === null) return;
  const profile = profileOf(spec.method);
  const isBatch = profile.batchOf !== null;
  if (expect.each !== null && !isBatch) {
    checking.error(
      'each-without-batch',
      `${expect.pointer}/each`,
      `${spec.method} is no batch, so there is no \`each\``,
      { part: 'name', fix: 'write `body`', see: 'expectations' },
    );
  }
  const count = itemCount(spec);
  if (
    expect.each !== null &&
    isBatch &&
    isList(expect.each) &&
    count !== null &&
    expect.each.length !== count &&
    spec.raw === null
  ) {
    checking.error(
      'each-length',
      `${expect.pointer}/each`,
      `\`each\` has ${expect.each.length} outcomes for ${count} items`,
      {
        part: 'name',
        fix: 'write one outcome for each item, in the order of the request, or one for all',
        see: 'expectations',
      },
    );
  }
  if (
    expect.key !== undefined &&
    profile.returns !== 'created' &&
    !(profile.effect === 'replaces' && profile.batchOf === null)
  ) {
    checking.error('expect-key', `${expect.pointer}/key`, `${spec.method} does not answer with one created key`, {
      part: 'name',
      fix: isBatch ? 'write `each: [{ key: … }]`' : 'write `body`',
      see: 'expectations',
    });
  }
}

const MASKS = ['fields', 'metadataFields', 'pagingFields'] as const;

function checkMasks(checking: Checking, spec: CaseSpec, operation: Operation | null, negative: boolean): void {
  if (negative) return;
  for (const name of MASKS) {
    const text = spec[name];
    if (text === undefined || text.includes('${')) continue;
    const parsed = parseMask(text);
    if ('problem' in parsed) {
      checking.error('bad-mask', `${spec.pointer}/${name}`, `not a mask: ${parsed.problem.message}`, {
        fix: maskFix(text),
        see: 'cases',
      });
    }
  }
  if (operation === null) return;
  if (
    spec.fields !== undefined &&
    operation.projection === 'none' &&
    caseMembers(spec.method).allowed.includes('fields')
  ) {
    const why = operation.returnEntity
      ? '`projection: none`'
      : profileOf(spec.method).projects
        ? '`projection: none`'
        : 'no `returnEntity`';
    checking.error(
      'projection-none',
      `${spec.pointer}/fields`,
      `${spec.method} is declared with ${why}, so \`fields\` has nothing to choose from`,
      { part: 'name', fix: 'drop `fields`, or change the method', see: 'methods' },
    );
  }
  if (spec.fields === undefined && operation.projection === 'required') {
    checking.error(
      'projection-required',
      `${spec.pointer}/method`,
      `${spec.method} is declared with \`projection: required\``,
      { fix: 'add `fields: a,b`', see: 'methods' },
    );
  }
}

function maskFix(text: string): string {
  if (/^List\(|%/.test(text))
    return `write names with commas, not encoded: \`${text
      .replace(/^List\((.*)\)$/, '$1')
      .replaceAll('%2C', ',')
      .replaceAll('%28', '(')
      .replaceAll('%29', ')')}\``;
  return 'write `a,b,c:(d)`';
}
