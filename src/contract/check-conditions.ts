/** Declared errors and the conditions of the mock: names that exist, parts that the request has, rows that are reached. */
import { quoteList } from '../diagnostic/quote.ts';
import { isJsonObject, jsonEquals, type Json, type JsonObject } from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import { escapeSegment } from '../protocol/pointer.ts';
import { isMaskParameter } from '../protocol/query.ts';
import type { Checking } from './checking.ts';
import { checkKey } from './check-case-values.ts';
import type { ErrorPromise, Operation, When } from './contract.ts';
import { isMatcher } from './matcher-syntax.ts';
import { nearest } from './suggest.ts';

const SEE = 'examples-and-mock';

export function checkConditions(checking: Checking): void {
  for (const operation of checking.contract.operations) {
    for (const [status, errors] of operation.errors) {
      // What a batch takes over from the single method is judged there, where it is written.
      const own = errors.filter(({ pointer }) => pointer.startsWith(`${operation.pointer}/errors/`));
      own.forEach((error) => checkError(checking, operation, error));
      checkRows(
        checking,
        own,
        own.map(({ pointer }) => pointer),
        `error ${status}`,
      );
      checkTwins(checking, status, own);
    }
    const rows = [...operation.listMock, ...operation.actionMock];
    const written = checking.writtenAt(operation.pointer)['mock'];
    if (written === undefined) continue;
    const places = rows.map((_, index) => `${operation.pointer}/mock${Array.isArray(written) ? `/${index}` : ''}`);
    rows.forEach(({ when }, index) => {
      if (when !== null) checkWhen(checking, operation, when, `${places[index] ?? ''}/when`);
    });
    const always = rows.map((row) => ({ when: row.when ?? {} }));
    checkRows(checking, always, places, 'row');
  }
}

function checkError(checking: Checking, operation: Operation, error: ErrorPromise): void {
  if (error.when !== null) checkWhen(checking, operation, error.when, `${error.pointer}/when`);
  const known = [...parameterNames(checking, operation), ...operation.criteria.keys(), ...PARAMETERS];
  error.params.forEach((name, index) => {
    if (known.includes(name)) return;
    checking.warning(
      'unknown-parameter',
      `${error.pointer}/params/${index}`,
      `${nameOf(operation)} has no parameter \`${name}\` that could be to blame`,
      { fix: nearest(name, known) ?? 'drop it, or declare it in `params`', see: 'methods' },
    );
  });
}

/** Parameters that the protocol brings to some method or other. */
const PARAMETERS = ['ids', 'q', 'bq', 'action', 'start', 'count'];

function parameterNames({ dialect }: Checking, operation: Operation): readonly string[] {
  const { paging, returnEntity, params } = operation;
  const page =
    paging === null ? [] : paging.kind === 'offset' ? ['start', 'count'] : [dialect.cursor.size, dialect.cursor.token];
  return [...params.keys(), ...page, ...(returnEntity ? ['$returnEntity'] : [])];
}

function nameOf({ method, name }: Operation): string {
  return name === null ? method : `${method} \`${name}\``;
}

/** Whether the names of an expected object are names of members. */
function isPlain(expected: Json | undefined): expected is JsonObject {
  return isJsonObject(expected) && !isMatcher(expected);
}

function checkWhen(checking: Checking, operation: Operation, when: When, pointer: string): void {
  const { contract } = checking;
  const profile = profileOf(operation.method);
  const isBatch = profile.batchOf !== null;
  if (isPlain(when.params)) {
    checkNames(checking, when.params, parameterNames(checking, operation), {
      pointer: `${pointer}/params`,
      what: 'parameter',
      owner: nameOf(operation),
    });
  }
  if (isPlain(when.parents)) {
    checkNames(checking, when.parents, [...contract.parents.keys()], {
      pointer: `${pointer}/parents`,
      what: 'parent',
      owner: 'the path',
    });
  }
  if (isPlain(when.criteria)) {
    checkNames(checking, when.criteria, [...operation.criteria.keys()], {
      pointer: `${pointer}/criteria`,
      what: 'member',
      owner: 'a criterion',
    });
  }
  const sendsEntity = ['entity', 'elements', 'entities'].includes(profile.sends);
  const sendsPatch = profile.sends === 'patch' || profile.sends === 'patches';
  const hasKey =
    contract.key !== null &&
    (operation.level === 'entity' || profile.parameter === 'ids' || operation.assocKeys.length > 0);
  const has = { entity: sendsEntity, patch: sendsPatch, criteria: profile.returns === 'collections', key: hasKey };
  for (const part of ['entity', 'patch', 'criteria', 'key'] as const) {
    if (when[part] === undefined || has[part]) continue;
    checking.error(
      'condition-part',
      `${pointer}/${part}`,
      `a request of ${nameOf(operation)} has no ${part}, so the condition never holds`,
      { part: 'name', fix: `drop \`${part}\`; what the request has are ${quoteList(partsOf(has))}`, see: SEE },
    );
  }
  const { key } = when;
  if (hasKey && key !== undefined && contract.key !== null && isValueOfKey(key) && (!isBatch || key !== null)) {
    checkKeyValue(checking, key, operation, `${pointer}/key`);
  }
}

function partsOf(has: Readonly<Record<string, boolean>>): readonly string[] {
  return ['params', 'headers', ...Object.keys(has).filter((part) => has[part] === true)];
}

/** A matcher compares in its own way; an object may name a part of the key alone. */
function isValueOfKey(key: Json): boolean {
  return typeof key !== 'object';
}

function checkKeyValue(checking: Checking, key: Json, operation: Operation, pointer: string): void {
  const type = checking.contract.key;
  if (type === null || (operation.assocKeys.length > 0 && operation.level !== 'entity')) return;
  checkKey(checking, key, type, pointer);
}

function checkNames(
  checking: Checking,
  expected: JsonObject,
  known: readonly string[],
  { pointer, what, owner }: { readonly pointer: string; readonly what: string; readonly owner: string },
): void {
  for (const name of Object.keys(expected)) {
    if (known.includes(name) || isMaskParameter(name)) continue;
    checking.error(
      `unknown-${what}`,
      `${pointer}/${escapeSegment(name)}`,
      `${owner} has no ${what} \`${name}\`, so the condition never holds`,
      {
        part: 'name',
        fix:
          nearest(name, known) ?? (known.length === 0 ? 'drop it: none is declared' : `declared: ${quoteList(known)}`),
        see: SEE,
      },
    );
  }
}

/** The first row whose condition holds answers; nothing is reached behind one that always holds. */
function checkRows(
  checking: Checking,
  rows: readonly { readonly when: When | null }[],
  places: readonly string[],
  what: string,
): void {
  const first = rows.findIndex(({ when }) => when !== null && Object.keys(when).length === 0);
  const last = rows.findLastIndex(({ when }, index) => index > first && when !== null);
  if (first === -1 || last === -1) return;
  checking.warning(
    'never-reached',
    places[first + 1] ?? '',
    `the mock never comes to this ${what}: the one before it always holds`,
    {
      fix: 'put the one without a condition last, or give it a `when`',
      see: SEE,
      related: [{ pointer: places[first] ?? '', part: 'value', message: 'always holds' }],
    },
  );
}

/** Two errors of one status are told apart by something. */
function checkTwins(checking: Checking, status: number, errors: readonly ErrorPromise[]): void {
  errors.forEach((error, index) => {
    if (error.code === null) return;
    const twin = errors.slice(0, index).find((other) => isTwin(other, error));
    if (twin === undefined) return;
    checking.warning('error-twice', `${error.pointer}/code`, `a second error ${status} with the code ${error.code}`, {
      fix: 'give it a code of its own, or join the two',
      see: 'methods',
      related: [{ pointer: `${twin.pointer}/code`, part: 'value', message: 'the first' }],
    });
  });
}

function isTwin(one: ErrorPromise, other: ErrorPromise): boolean {
  return (
    one.code === other.code &&
    one.serviceErrorCode === other.serviceErrorCode &&
    one.message === other.message &&
    (one.when === null || other.when === null || jsonEquals(asJson(one.when), asJson(other.when)))
  );
}

function asJson(when: When): Json {
  return Object.fromEntries(
    Object.entries(when).flatMap(([part, value]: [string, Json | undefined]) =>
      value === undefined ? [] : [[part, value]],
    ),
  );
}
