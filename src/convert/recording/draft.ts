/** Recorded exchanges -> draft contracts: resources, types, methods and cases as far as the recording shows them. */
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { DIALECTS } from '../../protocol/dialects.ts';
import type { JsonObject } from '../../protocol/json.ts';
import { readRequest, type WireRequest } from '../../protocol/request.ts';
import { RESOURCE_KINDS } from '../../protocol/resources.ts';
import { untunnel } from '../../protocol/tunnel.ts';
import { printChecked } from '../checked.ts';
import { compareText, problem } from '../problem.ts';
import type { Conversion } from '../restspec.ts';
import { caseOf, type ReadCall } from './cases.ts';
import { contractOf } from './contract.ts';
import type { Recorded } from './recorded.ts';
import { Cleaner } from './secrets.ts';
import { draftResources, jsonOf, type Call, type DraftResource } from './shapes.ts';

export interface DraftOptions {
  /** As shown in messages. */
  readonly file: string;
  /** Prefix of the paths before the resources: `/rest`. Default: that of a built-in dialect, if the paths begin with it. */
  readonly base?: string;
}

/** Most cases of one draft; what was recorded beyond is told. */
const MOST_CASES = 200;

export function draftContracts(recorded: readonly Recorded[], options: DraftOptions): Omit<Conversion, 'texts'> {
  const problems: Diagnostic[] = [];
  const cleaner = new Cleaner(recorded);
  const base = options.base ?? baseOf(recorded);
  const calls = recorded.flatMap((one) => callOf(one, base, problems));
  const resources = draftResources(calls);
  const files = new Map<string, string>();
  const byResource = readAll(calls, resources, base, problems);
  for (const resource of resources) {
    const read = byResource.get(resource.shape.name) ?? [];
    if (read.length === 0 || files.has(fileOf(resource))) continue;
    const text = textOf(resource, read, cleaner, base, problems);
    if (text !== null) files.set(fileOf(resource), text);
  }
  if (recorded.length > 0 && files.size === 0)
    problems.push(
      problem(
        'error',
        'draft',
        'no request of the recording could be read as one of Rest.li',
        null,
        'name what stands before the resources with `--base`',
      ),
    );
  if (cleaner.removed.size > 0)
    problems.push(
      problem(
        'warning',
        'secrets',
        `secrets were left out: ${[...cleaner.removed].toSorted().join(', ')}`,
        null,
        'give credentials in `targets` of the config, the others in the environment',
      ),
    );
  return { files: new Map([...files].toSorted(([a], [b]) => compareText(a, b))), problems };
}

function fileOf({ shape }: DraftResource): string {
  return `${shape.name}.contract.yaml`;
}

/** The base of a built-in dialect that most of the paths begin with. */
function baseOf(recorded: readonly Recorded[]): string {
  const bases = Object.values(DIALECTS).flatMap((dialect) => dialect.bases);
  const below = (prefix: string): number =>
    recorded.filter(({ request }) => request.target.startsWith(`${prefix}/`)).length;
  return bases.find((prefix) => below(prefix) * 2 > recorded.length) ?? '';
}

function callOf(recorded: Recorded, base: string, problems: Diagnostic[]): readonly Call[] {
  const { request } = recorded;
  const question = request.target.indexOf('?');
  const sent: WireRequest = {
    verb: request.verb,
    path: question < 0 ? request.target : request.target.slice(0, question),
    query: question < 0 ? null : request.target.slice(question + 1),
    headers: request.headers,
    body: request.body !== null && request.body.byteLength === 0 ? null : request.body,
  };
  const out = untunnel(sent);
  const skip = (why: string): readonly Call[] => {
    problems.push(
      problem('warning', 'request', `${request.verb} ${sent.path} is passed over: ${why}`, recorded.at, null),
    );
    return [];
  };
  if ('problem' in out) return skip(out.problem.message);
  const wire = out.request;
  if (!wire.path.startsWith(`${base}/`)) return skip(`its path does not begin with ${base}/`);
  const segments = wire.path
    .slice(base.length + 1)
    .split('/')
    .filter((segment, index, all) => segment !== '' || index < all.length - 1);
  return [{ wire, recorded, segments }];
}

/** Resource -> its requests, those that are the same to the byte as one. */
function readAll(
  calls: readonly Call[],
  resources: readonly DraftResource[],
  base: string,
  problems: Diagnostic[],
): ReadonlyMap<string, readonly ReadCall[]> {
  const shapes = resources.map(({ shape }) => shape);
  const found = new Map<string, Map<string, ReadCall>>();
  for (const call of calls) {
    const { request, response } = call.recorded;
    const skip = (why: string): void =>
      void problems.push(
        problem(
          'warning',
          'request',
          `${request.verb} ${request.target} is passed over: ${why}`,
          call.recorded.at,
          null,
        ),
      );
    const read = readRequest(call.wire, shapes, { bases: base === '' ? [] : [base] });
    if ('reason' in read) {
      skip(read.message);
      continue;
    }
    if (!('method' in read.routed)) {
      skip('it reaches no method of Rest.li');
      continue;
    }
    const { method } = read.routed;
    if (!RESOURCE_KINDS[read.resource.kind].methods.includes(method)) {
      skip(`it is ${method}, which a resource of kind ${read.resource.kind} does not have`);
      continue;
    }
    const answer = response === null ? [] : [{ status: response.status, body: jsonOf(response.body) }];
    const same = found.get(read.resource.name) ?? new Map<string, ReadCall>();
    const id = `${method} ${call.wire.path}?${call.wire.query ?? ''} ${Buffer.from(call.wire.body ?? []).toString('latin1')}`;
    const known = same.get(id);
    same.set(
      id,
      known === undefined
        ? { method, read, call, answers: answer }
        : { ...known, answers: [...known.answers, ...answer] },
    );
    found.set(read.resource.name, same);
  }
  return new Map([...found].map(([name, same]) => [name, [...same.values()]]));
}

function textOf(
  resource: DraftResource,
  read: readonly ReadCall[],
  cleaner: Cleaner,
  base: string,
  problems: Diagnostic[],
): string | null {
  const contract = contractOf(resource, read, cleaner, base);
  const kept: JsonObject[] = [];
  if (read.length > MOST_CASES)
    problems.push(
      problem(
        'warning',
        'draft',
        `${read.length} unlike requests reach \`${resource.shape.name}\`; the first ${MOST_CASES} became cases`,
        null,
        null,
      ),
    );
  const names = new Set<string>();
  const written = read.slice(0, MOST_CASES).map((one) => ({ one, spec: caseOf(one, nameOf(one, names), cleaner) }));
  const all = printChecked({ ...contract, cases: written.map(({ spec }) => spec) }, fileOf(resource));
  if (all.errors.length === 0) return all.text;

  // Which of the cases are wrong is asked of each alone.
  for (const { one, spec } of written) {
    const [wrong] = printChecked({ ...contract, cases: [spec] }, fileOf(resource)).errors;
    if (wrong === undefined) kept.push(spec);
    else {
      const message = `a request of \`${resource.shape.name}\` became no case: ${wrong.message}`;
      problems.push(problem('warning', 'request', message, one.call.recorded.at, 'write it by hand, with `raw`'));
    }
  }

  const { text, errors } = printChecked({ ...contract, cases: kept }, fileOf(resource));
  for (const { message, fix } of errors) {
    problems.push(problem('error', 'contract', `\`${resource.shape.name}\` makes no contract: ${message}`, null, fix));
  }
  return errors.length === 0 ? text : null;
}

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
