/** Keys of requests: in the path, of parents, in `ids`, and in the body of a batch. */
import type { KeyType } from '../contract/contract.ts';
import { describeValue, quoteList } from '../diagnostic/quote.ts';
import { matchBatchKeys } from '../protocol/batch-keys.ts';
import { percentDecode } from '../protocol/encoding.ts';
import { isJsonObject, memberOf, type Json, type JsonObject } from '../protocol/json.ts';
import { keyText, writeKey, type Key } from '../protocol/keys.ts';
import { keywordOf, partsOf } from '../schema/shape.ts';
import { locate } from '../schema/refs.ts';
import { placeOf, type Findings } from './findings.ts';
import { looksEscaped } from './request-encoding.ts';
import type { Sent } from './sent.ts';
import { typeKey, type KeyProblem } from './typed.ts';

/** The keys of a request with their types. */
export interface TypedKeys {
  readonly key: Key | null;
  readonly partialKey: JsonObject | null;
  readonly parents: ReadonlyMap<string, Key>;
  readonly ids: readonly Key[] | null;
}

/** Types every key, and judges them. */
export function checkKeys(sent: Sent): TypedKeys {
  const { read, contract } = sent;
  const parents = new Map<string, Key>();
  for (const [name, key] of read.parents) {
    const type = contract.parents.get(name);
    parents.set(name, type === undefined ? key : judgePathKey(sent, type, key, `/parents/${name}`));
  }
  const key =
    read.key === null || contract.key === null ? read.key : judgePathKey(sent, contract.key, read.key, '/key');
  const partialKey = read.partialKey === null ? null : judgePartialKey(sent, read.partialKey);
  judgeListPath(sent);
  return { key, partialKey, parents, ids: judgeIds(sent) };
}

function judgePathKey({ findings, contract, isMiswritten, read }: Sent, type: KeyType, key: Key, pointer: string): Key {
  findings.checks += 1;
  const typed = typeKey(type, key);
  if (key === '' || key === "''") {
    findings.add('keys/empty', {
      where: 'request-line',
      expected: 'a key',
      actual: key === '' ? 'an empty segment' : "`''`, which is read as two quotes",
      message: 'The key in the path is empty.',
      at: placeOf(contract, pointer),
      ...(key !== '' && read.untunnelled.path.includes('%27%27') ? { level: 'should' as const } : {}),
    });
    return typed.key;
  }
  const [problem] = typed.problems;
  if (problem !== undefined && !isMiswritten) {
    reportKey(findings, 'keys/type', type, key, problem, placeOf(contract, pointer));
  }
  return typed.key;
}

/** One fault of a key, told by the rule that knows its cause. */
function reportKey(
  findings: Findings,
  rule: string,
  type: KeyType,
  key: Key,
  problem: KeyProblem,
  at: ReturnType<typeof placeOf>,
): void {
  const text = keyText(key);
  const told = { where: 'request-line', key: text, expected: problem.expected, actual: problem.actual, at } as const;
  if (problem.kind === 'part') {
    return findings.add('keys/parts', {
      ...told,
      message: `The key ${text} has not the parts of the resource: ${quoteList([...type.parts.keys()])}.`,
    });
  }
  const prefix = urnPrefix(type);
  if (prefix !== null && /^\d+$/.test(text)) {
    const right = `${prefix}:${text}`;
    const encoded = writeKey(right, type.shape, 'path', '2.0.0');
    return findings.add('keys/bare-id', {
      ...told,
      expected: `${prefix}:…`,
      message: `${text} is the id at the end of a URN; the key is the whole URN.`,
      hint: `Write \`${encoded}\`.`,
    });
  }
  if (/^\d+(?:\.\d+)?[eE]\+?\d+$|^\d{16,}\.0$/.test(text)) {
    return findings.add('keys/rounded', {
      ...told,
      message: `${text} is an integer that went through a double; its digits are lost.`,
    });
  }
  if (rule === 'keys/ids-type' && looksEscaped(text)) {
    return findings.add('encoding/structure-escaped', {
      ...told,
      message: `The item ${text} holds commas that are part of its text: the separators were percent-encoded.`,
      hint: `Write \`ids=List(${text
        .split(',')
        .map((part) => part.trim())
        .join(',')})\`: separators raw, values escaped.`,
    });
  }
  findings.add(rule, {
    ...told,
    message: `The key ${text} is not of the type of the resource: expected ${problem.expected}.`,
  });
}

/** `urn:li:person` where the key is a URN of that kind. */
function urnPrefix(type: KeyType): string | null {
  const [schema] = type.parts.values();
  if (schema === undefined || type.parts.size > 1) return null;
  const pattern = keywordOf(partsOf(locate(schema), schema.scope), 'pattern');
  const match = typeof pattern === 'string' ? /^\^(urn:[\w.\\-]+:[\w.\\-]+):/.exec(pattern) : null;
  return match?.[1]?.replaceAll('\\', '') ?? null;
}

function judgePartialKey({ findings, contract, operation }: Sent, partial: JsonObject): JsonObject {
  findings.checks += 1;
  const { key: type } = contract;
  if (type === null) return partial;
  const allowed = operation?.assocKeys ?? [];
  const stray = Object.keys(partial).find((name) => !allowed.includes(name));
  if (stray !== undefined && operation !== null) {
    findings.add('keys/parts', {
      where: 'request-line',
      expected:
        allowed.length === 0 ? `all parts: ${quoteList([...type.parts.keys()])}` : `the parts ${quoteList(allowed)}`,
      actual: describeValue(partial),
      message: 'The key in the path lacks parts, so that the path ends at the list.',
      at: placeOf(contract, '/key'),
    });
  }
  const { key, problems } = typeKey(type, partial);
  const wrong = problems.find(({ kind }) => kind === 'type');
  if (wrong !== undefined) reportKey(findings, 'keys/type', type, partial, wrong, placeOf(contract, '/key'));
  return isJsonObject(key) ? key : partial;
}

/** A finder that a contract gives key parts is called below them. */
function judgeListPath({ findings, contract, operation, read }: Sent): void {
  const parts = operation?.assocKeys ?? [];
  if (operation === null || operation.name === null || parts.length === 0) return;
  findings.checks += 1;
  const missing = parts.filter((part) => read.partialKey === null || !Object.hasOwn(read.partialKey, part));
  if (missing.length === 0) return;
  findings.add('keys/parts', {
    where: 'request-line',
    expected: `the parts ${quoteList(parts)} in the path of the list`,
    actual: read.partialKey === null ? 'no part' : describeValue(read.partialKey),
    message: `The path of ${operation.name} lacks ${quoteList(missing)}; the server answers 400.`,
    at: placeOf(contract, `${operation.pointer}/assocKeys`),
  });
}

function judgeIds({ findings, read, contract, operation, isMiswritten }: Sent): readonly Key[] | null {
  const { ids } = read;
  const { key: type } = contract;
  if (ids === null || type === null) return ids;
  findings.checks += 1;
  const at = placeOf(contract, '/key');
  const told = new Set<number>();
  for (const { index, message } of read.idProblems) {
    told.add(index);
    findings.add('keys/parts', {
      where: 'request-line',
      key: shownId(ids[index]),
      expected: `a key of the parts ${quoteList([...type.parts.keys()])}`,
      actual: describeValue(ids[index] ?? null),
      message: `Item ${index} of \`ids\` is no key: ${message}.`,
      at,
    });
  }
  const seen = new Set<string>();
  let repeated = false;
  const typed = ids.map((id, index) => {
    const one = typeKey(type, id);
    const [problem] = one.problems;
    if (problem !== undefined && !isMiswritten && !told.has(index))
      reportKey(findings, 'keys/ids-type', type, id, problem, at);
    const text = keyText(one.key);
    if (seen.has(text) && !repeated) {
      repeated = true;
      findings.add('batch/duplicate-id', {
        where: 'request-line',
        key: text,
        expected: 'each key once',
        actual: `${text} again at index ${index}`,
        message: `Key ${text} stands twice in \`ids\`.`,
      });
    }
    seen.add(text);
    return one.key;
  });
  checkBatchSize({ findings, contract, operation }, typed.length, '`ids`', 'request-line');
  return typed;
}

/** Whether a batch keeps within the size that the contract sets, and holds anything. */
export function checkBatchSize(
  { findings, contract, operation }: Pick<Sent, 'findings' | 'contract' | 'operation'>,
  size: number,
  what: string,
  where: 'request-line' | 'request-body',
): void {
  findings.checks += 1;
  const most = operation?.maxBatchSize ?? null;
  if (most !== null && size > most) {
    findings.add('batch/too-large', {
      where,
      expected: `at most ${most} items`,
      actual: `${size} items`,
      message: `The batch holds ${size} items in ${what}; the contract allows ${most}.`,
      at: placeOf(contract, `${operation?.pointer ?? ''}/maxBatchSize`),
    });
  }
  if (size === 0)
    findings.add('batch/empty', {
      where,
      expected: 'at least one item',
      actual: 'none',
      message: `${what} is empty: the request does nothing.`,
    });
}

/** Judges the names of `entities` against `ids`. */
export function checkEntityKeys(sent: Sent, body: Json, ids: readonly Key[] | null): void {
  const { findings, contract, dialect, read } = sent;
  const { key: type } = contract;
  const entities = memberOf(body, 'entities');
  if (!isJsonObject(entities) || ids === null || type === null) return;
  findings.checks += 1;
  const names = Object.keys(entities);
  // The ids as sent: texts compare with texts.
  const match = matchBatchKeys(read.ids ?? ids, names, type.shape, read.protocol, { batchKeys: dialect.batchKeys });
  const missing = [...match.missing];
  const told = { where: 'request-body', pointer: '/entities' } as const;

  for (const { text, message } of match.malformed) {
    findings.add('batch/key-invalid', {
      ...told,
      key: text,
      expected: 'a key of the resource',
      actual: describeValue(text),
      message: `${describeValue(text)} in \`entities\` is no key: ${message}.`,
    });
  }
  const unexpected = match.unexpected.filter((name) => {
    const plain = percentDecode(name);
    const index =
      'value' in plain && plain.value !== name ? missing.findIndex((id) => keyText(id) === plain.value) : -1;
    if (index >= 0) {
      const [id] = missing.splice(index, 1);
      findings.add('batch/key-escaped', {
        ...told,
        key: name,
        expected: describeValue(id === undefined ? null : keyText(id)),
        actual: describeValue(name),
        message: `Key ${describeValue(name)} is percent-encoded; in the body of this dialect keys stand raw.`,
        hint: `Write ${describeValue(id === undefined ? null : keyText(id))}.`,
      });
      return false;
    }
    if (type.shape.kind !== 'simple') return true;
    const typed = typeKey(type, name);
    if (!typed.problems.some(({ kind }) => kind === 'type')) return true;
    findings.add('batch/key-invalid', {
      ...told,
      key: name,
      expected: typed.problems[0]?.expected ?? 'a key',
      actual: describeValue(name),
      message: `${describeValue(name)} in \`entities\` is no key of the resource.`,
    });
    return false;
  });
  if (match.repeated.length > 0) {
    findings.add('batch/duplicate-id', {
      ...told,
      level: 'must',
      expected: 'each key once',
      actual: quoteList(match.repeated),
      message: `\`entities\` names ${quoteList(match.repeated)} again, in another spelling.`,
    });
  }
  if (missing.length === 0 && unexpected.length === 0) return;
  // What was told already accounts for a key that is missing.
  if (unexpected.length === 0 && match.malformed.length + match.unexpected.length > 0) return;
  findings.add('batch/keys-differ', {
    ...told,
    expected: `the keys of \`ids\`: ${quoteList((read.ids ?? ids).map((id) => keyText(id)))}`,
    actual: quoteList(names),
    message: [
      missing.length > 0 ? `\`entities\` lacks ${quoteList(missing.map((id) => keyText(id)))}` : '',
      unexpected.length > 0 ? `\`ids\` lacks ${quoteList(unexpected)}` : '',
    ]
      .filter((part) => part !== '')
      .join(', and ')
      .concat('; the server answers 400.'),
  });
}

function shownId(id: Key | undefined): string {
  return id === undefined ? '' : keyText(id);
}
