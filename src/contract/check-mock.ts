/** What the mock is told: filters that lead somewhere, templates that are known, values that fit; and what it lacks. */
import { quoteList } from '../diagnostic/quote.ts';
import { isJsonObject, type Json } from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import { HEADERS, isSameHeader } from '../protocol/headers.ts';
import { sampleOf } from '../schema/sample.ts';
import type { Schema } from '../schema/schema.ts';
import type { Checking } from './checking.ts';
import { checkPatchValue } from './check-patch.ts';
import { unknownMember } from './check-structure.ts';
import type { CaseSpec, Contract, Field, Operation, ValuePath } from './contract.ts';
import { variablesIn } from './interpolate.ts';
import { onlyErrors } from './negative.ts';
import { nearest } from './suggest.ts';

const SEE = 'examples-and-mock';

export function checkMock(checking: Checking): void {
  const { contract } = checking;
  checkTemplates(checking, contract.mock.key, '/mock/key');
  for (const member of ['onCreate', 'onWrite'] as const) {
    const value = checking.written.mock?.[member];
    if (value === undefined) continue;
    checkTemplates(checking, value, `/mock/${member}`);
    if (contract.entity !== null)
      checking.values.check(contract.entity, value, `/mock/${member}`, {
        code: 'mock-type',
        see: SEE,
        variant: 'partial',
      });
  }
  for (const operation of contract.operations) {
    checkListMocks(checking, operation);
    checkActionMocks(checking, operation);
  }
}

const TEMPLATE = /^(key|now|now\.iso|count|(params|parents|entity|key)\..+)$/;

function checkTemplates(checking: Checking, value: Json | undefined, pointer: string): void {
  if (value === undefined || value === null) return;
  for (const use of variablesIn(value)) {
    if (TEMPLATE.test(use.name) || use.name.startsWith('env.') || checking.contract.vars.has(use.name)) continue;
    const known = ['key', 'params.x', 'parents.x', 'entity.x', 'now', 'now.iso', 'count'];
    checking.error('unknown-template', pointer + use.pointer, `the mock knows no \`\${${use.name}}\``, {
      fix: nearest(use.name, known) ?? `it knows ${known.map((name) => `\`\${${name}}\``).join(', ')}`,
      see: SEE,
    });
  }
}

/** Where the mock of an operation was written: it may be the linked finder's. */
function mockPlaces(checking: Checking, operation: Operation): readonly string[] {
  const written = checking.writtenAt(operation.pointer)['mock'];
  if (written === undefined) return [];
  return Array.isArray(written)
    ? written.map((_, index) => `${operation.pointer}/mock/${index}`)
    : [`${operation.pointer}/mock`];
}

function checkListMocks(checking: Checking, operation: Operation): void {
  const places = mockPlaces(checking, operation);
  operation.listMock.forEach((mock, index) => {
    const at = places[index];
    if (at === undefined) return;
    if (mock.filter !== null && mock.filter !== false) {
      for (const [path, rule] of mock.filter) {
        const place = `${at}/filter/${path.replaceAll('/', '~1')}`;
        reportUnknown(checking, path.split('/'), place, 'name');
        for (const parameter of Object.values(rule)) {
          if (typeof parameter === 'string') checkParameter(checking, operation, parameter, place);
        }
      }
    }
    if (mock.sort !== null) reportUnknown(checking, mock.sort.replace(/^-/, '').split('/'), `${at}/sort`, 'value');
    mock.elements?.forEach((element, place) => {
      if (checking.contract.entity !== null)
        checking.values.check(checking.contract.entity, element, `${at}/elements/${place}`, {
          code: 'mock-type',
          see: SEE,
        });
    });
    if (mock.metadata !== undefined && operation.metadata !== null)
      checking.values.check(operation.metadata, mock.metadata, `${at}/metadata`, { code: 'mock-type', see: SEE });
  });
  warnOfIdleParams(checking, operation);
}

function reportUnknown(checking: Checking, path: ValuePath, pointer: string, part: 'name' | 'value'): void {
  const unknown = unknownMember(checking, path);
  if (unknown === null) return;
  checking.warning('unknown-path', pointer, `the entity has no member \`${unknown.name}\``, {
    part,
    fix: nearest(unknown.name, unknown.known) ?? `its members are ${quoteList(unknown.known)}`,
    see: SEE,
  });
}

function checkParameter(checking: Checking, operation: Operation, path: string, pointer: string): void {
  const fields = profileOf(operation.method).returns === 'collections' ? operation.criteria : operation.params;
  const [name = ''] = path.split('/');
  if (fields.has(name) || operation.params.has(name)) return;
  const names = [...fields.keys()];
  checking.error('filter-parameter', pointer, `the filter reads a parameter \`${name}\` that is not declared`, {
    fix: nearest(name, names) ?? (names.length === 0 ? 'declare it in `params`' : `declared: ${quoteList(names)}`),
    see: SEE,
  });
}

/** A parameter that changes nothing in the mock teaches its users that it does not matter. */
function warnOfIdleParams(checking: Checking, operation: Operation): void {
  const { contract } = checking;
  const profile = profileOf(operation.method);
  if (!profile.named || (profile.returns !== 'collection' && profile.returns !== 'collections')) return;
  if (operation.listMock.some(({ filter, elements, when }) => filter === false || elements !== null || when !== null))
    return;

  const own = checking.writtenAt(operation.pointer);
  const list = profile.returns === 'collections' ? 'criteria' : 'params';
  if (own[list] === undefined) return;
  const used = new Set<string>();
  for (const { filter } of operation.listMock) {
    if (filter === null || filter === false) continue;
    for (const rule of filter.values())
      for (const path of Object.values(rule)) if (typeof path === 'string') used.add(path.split('/')[0] ?? '');
  }
  const explicit = operation.listMock.some(({ filter }) => filter !== null);
  for (const name of (list === 'criteria' ? operation.criteria : operation.params).keys()) {
    if (used.has(name) || (!explicit && contract.entity !== null && unknownMember(checking, [name]) === null)) continue;
    if (
      profile.sends !== 'none' ||
      [checking.dialect.cursor.size, checking.dialect.cursor.token, 'sortBy', 'sortOrder', 'sort', 'order'].includes(
        name,
      )
    )
      continue;
    const at = checking.fieldPlace(`${operation.pointer}/${list}`, name);
    if (checking.isTold(at)) continue;
    checking.warning('param-filters-nothing', at, `\`${name}\` filters nothing in the mock`, {
      part: 'name',
      fix: `add \`mock: { filter: { MEMBER: ${name} } }\`, or \`filter: false\` if that is meant`,
      see: SEE,
    });
  }
}

function checkActionMocks(checking: Checking, operation: Operation): void {
  const places = mockPlaces(checking, operation);
  operation.actionMock.forEach((mock, index) => {
    const at = places[index];
    if (at === undefined) return;
    checkTemplates(checking, mock.value, `${at}/value`);
    if (mock.value !== undefined && operation.returns !== null)
      checking.values.check(operation.returns, mock.value, `${at}/value`, { code: 'mock-type', see: SEE });
    if (mock.patch === null) return;
    checkTemplates(checking, mock.patch, `${at}/patch`);
    checkPatchValue(checking, mock.patch, `${at}/patch`, checking.contract.entity);
    if (operation.level === 'collection') {
      checking.error('mock-patch-level', `${at}/patch`, 'an action on the collection has no entity to patch', {
        part: 'name',
        fix: 'write `level: entity`, or drop `patch`',
        see: SEE,
      });
    }
  });
}

/** Cases that the mock cannot satisfy, methods that nothing exercises. Only worth saying about a contract without errors. */
export function warnOfGaps(checking: Checking): void {
  warnOfUnexercised(checking);
  for (const spec of checking.contract.cases) warnOfErrorWithoutWhen(checking, spec);
}

function warnOfUnexercised(checking: Checking): void {
  const { contract } = checking;
  const asked = new Set<string>();
  for (const spec of [...contract.cases, ...contract.flows.flatMap(({ steps }) => steps)]) {
    if (spec.resource === null) asked.add(`${spec.method} ${spec.operation ?? ''}`);
  }
  const hasExample = contract.examples.length > 0;
  const comesAndGoes = makesAndRemoves(contract);
  const isMade = hasExample || isMadeUp(contract.entity);
  for (const operation of contract.operations) {
    if (asked.has(`${operation.method} ${operation.name ?? ''}`)) continue;
    const profile = profileOf(operation.method);
    const owes = [...operation.params.values(), ...operation.criteria.values()].some(cannotBeMade);
    const needsEntity = profile.at === 'entity' || profile.parameter === 'ids' || operation.level === 'entity';
    const isThere = profile.effect === 'creates' ? isMade : needsEntity ? isMade && (hasExample || comesAndGoes) : true;
    if (!owes && isThere) continue;
    checking.warning(
      'nothing-exercises',
      operation.pointer,
      `no case reaches ${operation.method}${operation.name === null ? '' : ` \`${operation.name}\``}, and there is nothing to make one from`,
      {
        part: 'name',
        fix: owes && isThere ? 'write a case with its parameters' : 'write a case, or an example',
        see: 'cases',
      },
    );
  }
}

/** Derived cases create the entity that they need where it can be removed again. */
function makesAndRemoves({ operations, kind }: Contract): boolean {
  const singles = operations.filter(({ method }) => profileOf(method).batchOf === null);
  const does = (effect: 'creates' | 'removes'): boolean =>
    singles.some(({ method }) => profileOf(method).effect === effect);
  return kind !== 'simple' && does('creates') && does('removes');
}

/** Whether a sample of the entity can stand for an example. */
function isMadeUp(entity: Schema | null): boolean {
  return entity === null || isJsonObject(sampleOf(entity, () => 0.5) ?? null);
}

/** Derived cases take the default of a parameter, or a sample of its type. */
function cannotBeMade({ required, type, default: usual }: Field): boolean {
  return required && usual === undefined && (typeof type === 'boolean' || sampleOf(type, () => 0.5) === null);
}

/** Statuses that the mock answers by itself, without being told when. */
const BY_ITSELF = new Set([400, 404, 406, 414, 415, 422]);

function warnOfErrorWithoutWhen(checking: Checking, spec: CaseSpec): void {
  if (
    spec.raw !== null ||
    (spec.targets !== null && !spec.targets.includes('mock')) ||
    !onlyErrors(spec.expect?.status)
  )
    return;
  if (
    [...spec.headers].some(
      ([name, value]) => value === null || isSameHeader(name, HEADERS.method) || isSameHeader(name, HEADERS.protocol),
    )
  )
    return;
  const expected = spec.expect?.status ?? [];
  if (expected.some((status) => BY_ITSELF.has(status))) return;

  const operation = checking.operation(spec.method, profileOf(spec.method).named ? spec.operation : null);
  if (operation === undefined) return;
  if (expected.some((status) => operation.errors.get(status)?.some(({ when }) => when !== null) === true)) return;
  checking.warning(
    'error-without-when',
    `${spec.pointer}/expect`,
    `the mock never answers ${expected.join(' or ')} here: no declared error says \`when\``,
    {
      part: 'name',
      fix: `add \`errors: { ${expected[0] ?? 409}: { when: { … } } }\` to ${spec.method}, or \`targets: [..]\` without mock to the case`,
      see: SEE,
    },
  );
}
