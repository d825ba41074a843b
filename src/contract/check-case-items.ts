/** Items of a batch, and what is expected of them. */
import type { Checking } from './checking.ts';
import type { CaseSpec, Operation } from './contract.ts';
import { caseMembers } from './case-members.ts';
import { isList, itemCount } from './negative.ts';
import { keyText } from '../protocol/keys.ts';
import { profileOf } from '../protocol/methods.ts';
import { parseMask } from '../protocol/projection.ts';
import { isJsonArray, type Json } from '../protocol/json.ts';

/** Items: none twice, `ids` the same as the keys of the body, no more than promised. */
export function checkItems(checking: Checking, spec: CaseSpec, operation: Operation | null): void {
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

export function checkExpectation(checking: Checking, spec: CaseSpec): void {
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

export function checkMasks(checking: Checking, spec: CaseSpec, operation: Operation | null, negative: boolean): void {
  if (negative) return;
  if (
    spec.fields === undefined &&
    spec.metadataFields === undefined &&
    spec.pagingFields === undefined &&
    operation?.projection !== 'required'
  )
    return;
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
