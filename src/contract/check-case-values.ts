/** Values of a case that is meant to succeed, against the types of its method. */
import { quoteList } from '../diagnostic/quote.ts';
import { isJsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { KEY_PARAMS } from '../protocol/keys.ts';
import { profileOf } from '../protocol/methods.ts';
import { escapeSegment } from '../protocol/pointer.ts';
import type { Checking } from './checking.ts';
import { checkPatchValue } from './check-patch.ts';
import type { CaseSpec, Fields, KeyType, Operation } from './contract.ts';
import { NO_PARAMS } from './normalise-cases.ts';
import { isNegativeItem } from './negative.ts';
import { nearest } from './suggest.ts';
import { describeValue } from '../diagnostic/quote.ts';

const VALUE = { code: 'value-type', see: 'cases' } as const;

export function checkCaseValues(checking: Checking, spec: CaseSpec, operation: Operation): void {
  checkKeys(checking, spec, operation);
  if (spec.parents !== undefined) checkParents(checking, spec.parents, `${spec.pointer}/parents`);
  checkEntities(checking, spec, operation);
  checkParams(checking, spec, operation);
  spec.criteria?.forEach((criterion, index) => {
    if (isNegativeItem(spec, index) || !isJsonObject(criterion)) return;
    checkFields(checking, operation.criteria, criterion, `${spec.pointer}/criteria/${index}`, {
      what: 'criterion',
      extra: [],
    });
  });
}

function checkKeys(checking: Checking, spec: CaseSpec, operation: Operation): void {
  const { key } = checking.contract;
  if (key === null) return;
  if (spec.key !== undefined) {
    const isPartial = profileOf(spec.method).at === 'collection';
    if (isPartial) checkPartialKey(checking, spec.key, key, operation.assocKeys, `${spec.pointer}/key`);
    else checkKey(checking, spec.key, key, `${spec.pointer}/key`);
  }
  if (spec.ids !== undefined && typeof spec.ids !== 'string') {
    spec.ids.forEach((id, index) => {
      if (!isNegativeItem(spec, index)) checkKey(checking, id, key, `${spec.pointer}/ids/${index}`);
    });
  }
  spec.entities?.forEach((item, index) => {
    if (!isNegativeItem(spec, index)) checkKey(checking, item.key, key, `${spec.pointer}/entities/${index}/key`);
  });
}

/** A whole key: the scalar of a simple one, all parts of the others. */
export function checkKey(checking: Checking, value: Json, key: KeyType, pointer: string): void {
  if (typeof value === 'string' && value.includes('${')) return;
  if (key.shape.kind === 'simple') {
    const [schema] = key.parts.values();
    if (isJsonObject(value)) {
      const [name] = key.parts.keys();
      checking.error('key-shape', pointer, 'a simple key is one value, not an object', {
        fix: `write the value of \`${name ?? 'key'}\``,
        see: 'cases',
      });
    } else if (schema !== undefined) {
      checkEncoded(checking, value, pointer);
      checking.values.check(schema, value, pointer, VALUE);
    }
    return;
  }
  if (!isJsonObject(value)) {
    checking.error('key-shape', pointer, `the key has parts, so it is an object, not ${describeValue(value)}`, {
      fix: `write \`{ ${[...key.parts.keys()].map((name) => `${name}: …`).join(', ')} }\``,
      see: 'cases',
    });
    return;
  }
  for (const name of key.parts.keys()) {
    if (!Object.hasOwn(value, name))
      checking.error('key-part', pointer, `the key lacks its part \`${name}\``, {
        fix: `add \`${name}: …\``,
        see: 'cases',
      });
  }
  checkParts(checking, value, key, pointer);
}

function checkPartialKey(
  checking: Checking,
  value: Json,
  key: KeyType,
  assocKeys: readonly string[],
  pointer: string,
): void {
  if (!isJsonObject(value)) {
    checking.error(
      'key-shape',
      pointer,
      `parts of the key stand in the path of a list, so this is an object, not ${describeValue(value)}`,
      { fix: `write \`{ ${assocKeys.map((name) => `${name}: …`).join(', ')} }\``, see: 'cases' },
    );
    return;
  }
  for (const name of Object.keys(value)) {
    if (!key.parts.has(name) || assocKeys.includes(name)) continue;
    checking.error(
      'key-part',
      `${pointer}/${escapeSegment(name)}`,
      `\`${name}\` does not stand in the path of this list`,
      { part: 'name', fix: `its \`assocKeys\` are ${assocKeys.join(', ')}`, see: 'methods' },
    );
  }
  for (const name of assocKeys) {
    if (!Object.hasOwn(value, name))
      checking.error('key-part', pointer, `the path of this list needs the part \`${name}\``, {
        fix: `add \`${name}: …\``,
        see: 'methods',
      });
  }
  checkParts(checking, value, key, pointer);
}

function checkParts(checking: Checking, value: JsonObject, key: KeyType, pointer: string): void {
  for (const [name, part] of Object.entries(value)) {
    const at = `${pointer}/${escapeSegment(name)}`;
    const schema = key.parts.get(name);
    if (schema !== undefined) checking.values.check(schema, part, at, VALUE);
    else if (name === KEY_PARAMS && key.params !== null && isJsonObject(part))
      checkFields(checking, key.params, part, at, { what: 'key parameter', extra: [] });
    else {
      const names = [...key.parts.keys()];
      checking.error('key-part', at, `the key has no part \`${name}\``, {
        part: 'name',
        fix: nearest(name, names) ?? `its parts are ${names.join(', ')}`,
        see: 'cases',
      });
    }
  }
}

/** The tool encodes keys; one that is written encoded is sent encoded twice. */
function checkEncoded(checking: Checking, value: Json, pointer: string): void {
  if (typeof value !== 'string' || !/^urn%3A/i.test(value)) return;
  const plain = value.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  checking.warning('key-encoded', pointer, 'the key is written encoded, and encoded again when it is sent', {
    fix: `write it plain: \`"${plain}"\``,
    see: 'cases',
  });
}

export function checkParents(checking: Checking, parents: JsonObject, pointer: string): void {
  for (const [name, value] of Object.entries(parents)) {
    const at = `${pointer}/${escapeSegment(name)}`;
    const key = checking.contract.parents.get(name);
    if (key !== undefined) checkKey(checking, value, key, at);
    else {
      const names = [...checking.contract.parents.keys()];
      checking.error('unknown-parent', at, `the path has no variable \`${name}\``, {
        part: 'name',
        fix:
          nearest(name, names) ??
          (names.length === 0 ? 'drop it: the resource has no parents' : `its variables are ${names.join(', ')}`),
        see: 'top-level',
      });
    }
  }
}

function checkEntities(checking: Checking, spec: CaseSpec, operation: Operation): void {
  const { readOnly } = checking.contract;
  const schema = operation.request.entity;
  if (operation.request.body !== null) return;

  const whole = (entity: Json, pointer: string): void => {
    if (schema !== null) checking.values.check(schema, entity, pointer, { ...VALUE, variant: 'sent', readOnly });
  };
  if (spec.entity !== undefined) whole(spec.entity, `${spec.pointer}/entity`);
  spec.elements?.forEach((element, index) => {
    if (!isNegativeItem(spec, index)) whole(element, `${spec.pointer}/elements/${index}`);
  });
  if (spec.patch !== undefined) checkPatchValue(checking, spec.patch, `${spec.pointer}/patch`, schema);
  spec.entities?.forEach((item, index) => {
    if (isNegativeItem(spec, index)) return;
    if (item.entity !== undefined) whole(item.entity, `${spec.pointer}/entities/${index}/entity`);
    if (item.patch !== undefined)
      checkPatchValue(checking, item.patch, `${spec.pointer}/entities/${index}/patch`, schema);
  });
}

function checkParams(checking: Checking, spec: CaseSpec, operation: Operation): void {
  if (operation.params.size === 0 && spec.params === NO_PARAMS) return;
  const extra: string[] = [];
  const { paging, returnEntity } = operation;
  if (paging !== null)
    extra.push(
      ...(paging.kind === 'offset'
        ? ['start', 'count']
        : [checking.dialect.cursor.size, checking.dialect.cursor.token]),
    );
  if (returnEntity) extra.push('$returnEntity');
  checkFields(checking, operation.params, spec.params, `${spec.pointer}/params`, {
    what: 'parameter',
    extra,
    owner: spec.pointer,
  });

  for (const name of ['start', 'count', checking.dialect.cursor.size]) {
    const value =
      Object.hasOwn(spec.params, name) && extra.includes(name) && !operation.params.has(name)
        ? spec.params[name]
        : undefined;
    if (value === undefined || (typeof value === 'string' && value.includes('${'))) continue;
    const problem = pagingProblem(name, value, name === checking.dialect.cursor.size ? 1 : 0, paging?.max ?? null);
    if (problem === null) continue;
    checking.error('value-type', `${spec.pointer}/params/${escapeSegment(name)}`, problem, {
      fix: 'correct it, or expect the refusal: `expect: 400`',
      see: 'cases',
    });
  }
  const answered = spec.params['$returnEntity'];
  if (
    returnEntity &&
    answered !== undefined &&
    typeof answered !== 'boolean' &&
    !(typeof answered === 'string' && answered.includes('${'))
  ) {
    checking.error(
      'value-type',
      `${spec.pointer}/params/$returnEntity`,
      `\`$returnEntity\` is true or false, not ${describeValue(answered)}`,
      { fix: 'write true or false', see: 'cases' },
    );
  }
}

/** `start` counts from 0; pages hold no more than the contract says. */
function pagingProblem(name: string, value: Json, least: number, most: number | null): string | null {
  const isWhole = typeof value === 'number' && Number.isInteger(value);
  if (!isWhole || value < least || value > MOST_INT)
    return `\`${name}\` is a whole number from ${least}, not ${describeValue(value)}`;
  if (name === 'start' || most === null || value <= most) return null;
  return `a page of ${value} is larger than the \`max\` of its paging, ${most}`;
}

/** Paging is read as a Java int. */
const MOST_INT = 2 ** 31 - 1;

interface FieldsOptions {
  readonly what: string;
  /** Names that the protocol brings. */
  readonly extra: readonly string[];
  /** Where a missing field is shown when the object itself is not written. */
  readonly owner?: string;
}

/** An object against a field map: nothing unknown, nothing lacking, each value of its type. */
export function checkFields(
  checking: Checking,
  fields: Fields,
  value: JsonObject,
  pointer: string,
  { what, extra, owner }: FieldsOptions,
): void {
  for (const name in value) {
    const field = fields.get(name);
    const at = `${pointer}/${escapeSegment(name)}`;
    if (field === undefined) {
      if (extra.includes(name)) continue;
      const known = [...fields.keys(), ...extra];
      checking.error(
        `unknown-${what.replace(' ', '-')}`,
        at,
        what === 'criterion' ? `a criterion has no member \`${name}\`` : `there is no ${what} \`${name}\``,
        {
          part: 'name',
          fix:
            nearest(name, known) ??
            (known.length === 0
              ? `the method declares no ${what}; add it there, or expect the refusal`
              : `declared: ${quoteList(known)}`),
          see: 'methods',
        },
      );
    } else if (field.type === false) {
      checking.error(`forbidden-${what.replace(' ', '-')}`, at, `\`${name}\` must not be there`, {
        part: 'name',
        fix: 'drop it, or expect the refusal',
        see: 'notation',
      });
    } else if (field.type !== true) {
      checking.values.check(field.type, value[name] ?? null, at, VALUE);
    }
  }
  for (const [name, field] of fields) {
    if (!field.required || Object.hasOwn(value, name)) continue;
    const written = owner === undefined || Object.keys(value).length > 0;
    checking.error(
      `missing-${what.replace(' ', '-')}`,
      written ? pointer : `${owner}/method`,
      what === 'criterion' ? `a criterion lacks \`${name}\`` : `the ${what} \`${name}\` is lacking`,
      {
        part: written ? 'name' : 'value',
        fix: `add \`${name}: …\`, declare it as \`${name}?\`, or expect the refusal: \`expect: 400\``,
        see: 'methods',
      },
    );
  }
}
