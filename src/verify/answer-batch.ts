/** Answers of batches by key: each requested key once, in results or in errors, and nothing else. */
import { describeValue } from '../diagnostic/quote.ts';
import { percentDecode } from '../protocol/encoding.ts';
import { isFailedEntry, type Entry } from '../protocol/envelopes.ts';
import { isJsonObject, jsonEquals, memberOf, type Json, type JsonObject } from '../protocol/json.ts';
import { keyText, readKey, withoutParams, type Key } from '../protocol/keys.ts';
import { escapeSegment } from '../protocol/pointer.ts';
import type { Answer } from './answer.ts';
import { checkEntity } from './answer-entity.ts';
import { checkErrorBody } from './answer-error.ts';
import type { Asked } from './asked.ts';
import { typeKey } from './typed.ts';

/** `key` texts of the answer -> index of the item that they name. */
export class KeyIndex {
  readonly #byText = new Map<string, number>();
  readonly #asked: Asked;

  constructor(asked: Asked) {
    this.#asked = asked;
    asked.ids?.forEach((id, index) => {
      const text = keyText(withoutParams(id));
      if (!this.#byText.has(text)) this.#byText.set(text, index);
    });
  }

  /** Distinct keys: a batch is a set. */
  get size(): number {
    return this.#byText.size;
  }

  /** Indexes of the first item of each key, in order. */
  indexes(): Iterable<number> {
    return this.#byText.values();
  }

  /**
   * The item that a key of the answer names, or -1. `misspelt`: it is one only after percent-decoding, which the
   * dialect does not do to simple keys.
   */
  find(text: string): { readonly index: number; readonly misspelt: boolean } {
    const direct = this.#byText.get(text);
    if (direct !== undefined) return { index: direct, misspelt: false };

    const { contract, protocol, dialect } = this.#asked;
    const type = contract.key;
    if (type === null) return NOT_FOUND;
    const read = readKey(text, type.shape, 'body', protocol, { batchKeys: dialect.batchKeys });
    if ('key' in read) {
      const index = this.#indexOf(typeKey(type, read.key).key);
      if (index !== undefined) return { index, misspelt: false };
    }
    if (type.shape.kind !== 'simple' || !text.includes('%')) return NOT_FOUND;
    const decoded = percentDecode(text);
    const index = 'value' in decoded ? this.#byText.get(decoded.value) : undefined;
    return index === undefined ? NOT_FOUND : { index, misspelt: true };
  }

  /** The index of the first item with that key. */
  firstOf(id: Key): number {
    return this.#indexOf(id) ?? -1;
  }

  #indexOf(key: Key): number | undefined {
    return this.#byText.get(keyText(withoutParams(key)));
  }
}

const NOT_FOUND = { index: -1, misspelt: false } as const;

/**
 * Judges a batch by key.
 *
 * @param entries - of the envelope: results, then errors
 * @param kind - what a result is: the entity (a BATCH_GET), or a status (batch writes)
 */
export function checkBatch(answer: Answer, entries: readonly Entry[], kind: 'entity' | 'status'): void {
  const { asked, findings } = answer;
  const index = new KeyIndex(asked);
  const seen = new Map<number, Entry>();
  for (const entry of entries) {
    const key = entry.key ?? '';
    findings.checks += 1;
    const found = index.find(key);
    if (found.misspelt) {
      findings.add('batch/key-spelling', {
        where: 'entry',
        pointer: entry.pointer,
        key,
        expected: 'the key as it is, unescaped',
        actual: `a percent-encoded key ${JSON.stringify(key)}`,
        message: `Key ${JSON.stringify(key)} is percent-encoded; in JSON simple keys stand raw.`,
      });
    }
    if (found.index < 0 && asked.ids !== null) {
      findings.add('batch/key-not-asked', {
        where: 'entry',
        pointer: entry.pointer,
        key,
        expected: 'only keys of the request',
        actual: `a key ${JSON.stringify(key)}`,
        message: `Nobody asked for key ${JSON.stringify(key)}.`,
      });
    } else if (found.index >= 0) {
      const other = seen.get(found.index);
      if (other === undefined) seen.set(found.index, entry);
      else {
        findings.add('batch/key-in-both', {
          where: 'entry',
          pointer: entry.pointer,
          key,
          expected: 'one outcome',
          actual: `outcomes at ${other.pointer} and ${entry.pointer}`,
          message: `Key ${JSON.stringify(key)} is answered twice.`,
        });
      }
    }
    if (entry.pointer.startsWith('/errors/')) checkEntryError(answer, entry, entry.pointer);
    else if (kind === 'status') checkResult(answer, entry);
    else if (entry.entity !== undefined) {
      checkEntity(answer, entry.entity, { where: 'entry', pointer: entry.pointer, key });
      const id = found.index < 0 ? undefined : asked.ids?.[found.index];
      if (id !== undefined) checkOwnKey(answer, id, entry.entity, entry.pointer, key);
    }
  }
  if (kind === 'status') checkAllAnswered(answer, index, seen);
}

function checkAllAnswered(answer: Answer, index: KeyIndex, seen: ReadonlyMap<number, Entry>): void {
  if (seen.size >= index.size) return;
  for (const i of index.indexes()) {
    const id = answer.asked.ids?.[i];
    if (id === undefined || seen.has(i)) continue;
    const key = keyText(withoutParams(id));
    answer.findings.add('batch/key-unanswered', {
      where: 'entry',
      key,
      expected: `key ${JSON.stringify(key)} in \`results\` or \`errors\``,
      actual: 'in neither',
      message: `The answer does not say what became of key ${JSON.stringify(key)}.`,
    });
  }
}

/** The status of one item: of a batch write, or of a BATCH_CREATE. */
export function checkStatus(answer: Answer, result: Json | undefined, pointer: string, key: string | null): boolean {
  answer.findings.checks += 1;
  const status = memberOf(result, 'status');
  if (typeof status === 'number' && Number.isInteger(status) && status >= 100 && status <= 599) return true;
  answer.findings.add('batch/entry-status', {
    where: 'entry',
    pointer: `${pointer}/status`,
    key,
    expected: 'a status of HTTP',
    actual: describeValue(status),
    message: 'The item does not say what happened to it.',
  });
  return false;
}

function checkResult(answer: Answer, entry: Entry): void {
  const result = memberOf(memberOf(answer.body, 'results'), entry.key ?? '');
  if (!checkStatus(answer, result, entry.pointer, entry.key)) return;
  if (entry.error !== undefined) checkEntryError(answer, entry, `${entry.pointer}/error`);
  else if (entry.entity !== undefined)
    checkEntity(answer, entry.entity, { where: 'entry', pointer: `${entry.pointer}/entity`, key: entry.key });
  checkReturned(answer, entry, entry.pointer);
}

/** Whether the entity of a written item comes back as the contract promises. */
export function checkReturned(answer: Answer, entry: Entry, pointer: string): void {
  const { asked, findings } = answer;
  if (asked.operation === null || isFailedEntry(entry)) return;
  const isPromised = asked.operation.returnEntity;
  if (isPromised && asked.returnEntity !== false && entry.entity === undefined) {
    findings.add('create/entity-missing', {
      where: 'entry',
      pointer: `${pointer}/entity`,
      key: entry.key,
      expected: 'the entity after the write',
      actual: 'nothing',
      message: 'The contract promises the written entity.',
    });
  } else if (isPromised && asked.returnEntity === false && entry.entity !== undefined) {
    findings.add('create/entity-unasked', {
      where: 'entry',
      pointer: `${pointer}/entity`,
      key: entry.key,
      expected: 'nothing',
      actual: describeValue(entry.entity),
      message: 'The request says $returnEntity=false.',
    });
  }
}

/** The error of one item, at `pointer`; its status must be one of failure. */
export function checkEntryError(answer: Answer, entry: Entry, pointer: string): void {
  const { error } = entry;
  if (error === undefined) return;
  checkErrorBody(answer, 'batch/entry-error', error, entry.status, { where: 'entry', pointer, key: entry.key });
  if (entry.status === null || entry.status >= 400) return;
  answer.findings.add('batch/entry-error', {
    where: 'entry',
    pointer: `${pointer}/status`,
    key: entry.key,
    expected: 'a status of 400 or more',
    actual: `integer ${entry.status}`,
    message: 'An error stands beside a status of success.',
  });
}

/** An entity that has members named as the parts of its key must hold the key it was asked for by. */
export function checkOwnKey(answer: Answer, id: Key, entity: Json, pointer: string, key: string | null): void {
  const type = answer.asked.contract.key;
  if (type === null || !isJsonObject(entity) || answer.asked.masks.fields !== undefined) return;
  for (const name of type.parts.keys()) {
    const held = memberOf(entity, name);
    const asked = isJsonObject(id) ? memberOf(id, name) : id;
    // A member of another type is another thing of the same name: a number here, a URN there.
    if (held === undefined || asked === undefined || kindOf(held) !== kindOf(asked)) continue;
    if (typeof held === 'object' || jsonEquals(held, asked)) continue;
    answer.findings.add('entity/key-differs', {
      where: key === null ? 'body' : 'entry',
      pointer: `${pointer}/${escapeSegment(name)}`,
      key,
      expected: describeValue(asked),
      actual: describeValue(held),
      message: 'The entity holds another key than it was asked for by.',
    });
  }
}

function kindOf(value: Json): string {
  return typeof value === 'bigint' ? 'number' : typeof value;
}

/** The maps of a batch, or what is wrong with them. */
export function checkMaps(answer: Answer, body: JsonObject): boolean {
  const { findings } = answer;
  let isSound = true;
  for (const name of ['results', 'errors', 'statuses'] as const) {
    const map = memberOf(body, name);
    if (isJsonObject(map)) continue;
    if (map === undefined && name === 'statuses') continue;
    const told = {
      where: 'body',
      pointer: `/${name}`,
      expected: 'an object by key',
      actual: describeValue(map),
      message: `The batch has no map \`${name}\`.`,
    } as const;
    if (map === undefined && name === 'errors') findings.add('envelope/errors-missing', told);
    else {
      findings.add('envelope/shape', told);
      isSound = false;
    }
  }
  return isSound;
}
