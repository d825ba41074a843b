/** The draft of one resource as text: what the recording shows of it, without secrets, held against the checks. */
import { isJsonObject, jsonObject, type Json, type JsonObject } from '../../protocol/json.ts';
import { isMethodName, profileOf } from '../../protocol/methods.ts';
import { MASK_PARAMETERS } from '../../protocol/query.ts';
import { printChecked } from '../checked.ts';
import { members } from '../restspec/members.ts';
import { requestOf, type ReadCall } from './cases.ts';
import { contractOf } from './contract.ts';
import { examplesOf, type Examples } from './examples.ts';
import { expectationOf, type Known } from './expectation.ts';
import { carriedHeaders } from './headers.ts';
import { listHint, type ListHint } from './lists.ts';
import type { Tell } from './recorded.ts';
import type { Secrets } from './secrets.ts';
import type { DraftResource } from './shapes.ts';

/** Most cases of one draft; what was recorded beyond is told. */
const MOST_CASES = 200;

export interface Drafted {
  readonly resource: DraftResource;
  readonly read: readonly ReadCall[];
  readonly base: string;
  readonly file: string;
}

/** The text of one draft, checked; null if it makes no contract, which is told. */
export function textOf({ resource, read, base, file }: Drafted, secrets: Secrets, tell: Tell): string | null {
  const { name } = resource.shape;
  if (read.length > MOST_CASES)
    tell({
      severity: 'warning',
      code: 'draft',
      message: `${read.length} unlike requests reach \`${name}\`; the first ${MOST_CASES} became cases`,
      at: null,
    });
  const headers = carriedHeaders(read.map(({ call }) => call));
  const examples = examplesOf(resource, read);
  const hints = listHints(read, examples);
  const known: Known = { examples, lists: (call) => hints.get(call)?.lists(call) === true };
  tellUncertain(name, examples, new Set(hints.values()), tell);
  const seen = { examples, hintOf: (calls: readonly ReadCall[]) => hints.get(calls[0]) ?? null };
  const wanted = revealed(contractOf(resource, read, headers.shared, base, seen), secrets);
  const [unfit] = printChecked({ ...wanted, cases: [] }, file).errors;
  const contract = unfit === undefined ? wanted : withoutAnswers(wanted);
  if (unfit !== undefined) {
    const message = `the answers of \`${name}\` became no examples: ${unfit.message}`;
    tell({ severity: 'warning', code: 'examples', message, at: null });
  }
  const names = new Set<string>();
  const written = read.slice(0, MOST_CASES).map((one) => {
    const own = headers.of(one.call);
    const spec = members([
      ['name', nameOf(one, names)],
      ...Object.entries(requestOf(one)),
      ['headers', Object.keys(own).length === 0 ? undefined : own],
      ['expect', expectationOf(one, known)],
    ]);
    return { one, spec: revealedCase(spec, secrets) };
  });
  const all = printChecked({ ...contract, cases: written.map(({ spec }) => spec) }, file);
  if (all.errors.length === 0) return shownOnly(all.text, name, secrets, tell);

  // Which of the cases are wrong is asked of each alone.
  const kept: JsonObject[] = [];
  for (const { one, spec } of written) {
    const [wrong] = printChecked({ ...contract, cases: [spec] }, file).errors;
    if (wrong === undefined) kept.push(spec);
    else {
      const message = `a request of \`${name}\` became no case: ${wrong.message}`;
      tell({ severity: 'warning', code: 'request', message, at: one.call.at, fix: 'write it by hand, with `raw`' });
    }
  }

  const { text, errors } = printChecked({ ...contract, cases: kept }, file);
  for (const { message, fix } of errors)
    tell({ severity: 'error', code: 'contract', message: `\`${name}\` makes no contract: ${message}`, at: null, fix });
  return errors.length === 0 ? shownOnly(text, name, secrets, tell) : null;
}

/** The contract without what only the mock reads. */
function withoutAnswers(contract: JsonObject): JsonObject {
  const bare = (operation: Json): Json =>
    isJsonObject(operation)
      ? jsonObject(Object.entries(operation).filter(([name]) => name !== 'mock' && name !== 'errors'))
      : operation;
  const methods = isJsonObject(contract['methods']) ? Object.entries(contract['methods']) : [];
  const barest = methods.map(([method, said]): [string, Json] => [
    method,
    isMethodName(method) && profileOf(method).named && isJsonObject(said)
      ? jsonObject(Object.entries(said).map(([name, operation]) => [name, bare(operation)]))
      : bare(said),
  ]);
  const kept = Object.entries(contract).filter(([name]) => name !== 'examples');
  return { ...jsonObject(kept), methods: jsonObject(barest) };
}

/** How the lists of each operation were selected, by each of its calls. */
function listHints(read: readonly ReadCall[], examples: Examples): ReadonlyMap<ReadCall | undefined, ListHint> {
  const hints = new Map<ReadCall | undefined, ListHint>();
  for (const call of read) {
    const { returns } = profileOf(call.method);
    if (hints.has(call) || (returns !== 'collection' && returns !== 'collections')) continue;
    const same = read.filter(({ method, read: { name } }) => method === call.method && name === call.read.name);
    const hint = listHint(same, examples);
    for (const one of same) hints.set(one, hint);
  }
  return hints;
}

function tellUncertain(name: string, examples: Examples, hints: ReadonlySet<ListHint>, tell: Tell): void {
  for (const note of examples.notes)
    tell({ severity: 'warning', code: 'examples', message: `\`${name}\`: ${note}`, at: null });
  for (const { isFixed, what } of hints) {
    if (!isFixed) continue;
    const message = `\`${name}\`: no filter explains what ${what} selects; its \`mock\` repeats the recorded elements`;
    tell({ severity: 'warning', code: 'examples', message, at: null, fix: 'write `mock: { filter: … }`' });
  }
}

/** The text, unless it shows a secret after all: then nothing is better than a leak. */
function shownOnly(text: string, name: string, secrets: Secrets, tell: Tell): string | null {
  if (!secrets.showsIn(text)) return text;
  const message = `the draft of \`${name}\` is withheld: a secret of the recording would stand in it`;
  tell({ severity: 'error', code: 'secrets', message, at: null, fix: 'take the secret out of the recording' });
  return null;
}

/** Variables stand in values; names and types have none. */
function revealed(contract: JsonObject, secrets: Secrets): JsonObject {
  return jsonObject(
    Object.entries(contract).map(([name, part]): [string, Json] => [
      name,
      name === 'headers' || name === 'examples' ? secrets.withVariables(part) : secrets.plain(part),
    ]),
  );
}

function revealedCase(spec: JsonObject, secrets: Secrets): JsonObject {
  return jsonObject(
    Object.entries(spec).map(([name, part]): [string, Json] => [
      name,
      NAMING.has(name) ? secrets.plain(part) : secrets.withVariables(part),
    ]),
  );
}

/** Members of a case that name something of the contract, or the case. */
const NAMING: ReadonlySet<string> = new Set(['name', 'method', 'protocol', 'q', 'bq', 'action', ...MASK_PARAMETERS]);

/** `reads 5001`, `search answers 400`: what is told apart by number if it would be the same. */
function nameOf({ method, read, answers }: ReadCall, taken: Set<string>): string {
  const what = read.name ?? method.toLowerCase().replaceAll('_', ' ');
  const on = typeof read.key === 'string' ? ` on ${read.key}` : '';
  const status = answers[0]?.status;
  const base = `${what}${on}${status === undefined ? ' succeeds' : ` answers ${status}`}`
    .replaceAll(/[/\s]+/g, ' ')
    .replaceAll('${', '')
    .slice(0, 100);
  let name = base;
  for (let count = 2; taken.has(name); count++) name = `${base} (${count})`;
  taken.add(name);
  return name;
}
