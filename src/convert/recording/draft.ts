/** Recorded exchanges -> draft contracts: resources, types, methods and cases as far as the recording shows them. */
import type { Diagnostic, SourceRange } from '../../diagnostic/diagnostic.ts';
import { DIALECTS } from '../../protocol/dialects.ts';
import { readRequest, type WireRequest } from '../../protocol/request.ts';
import { RESOURCE_KINDS } from '../../protocol/resources.ts';
import { untunnel } from '../../protocol/tunnel.ts';
import type { Credential } from '../../transport/credentials.ts';
import { compareText, problem } from '../problem.ts';
import type { Conversion } from '../restspec.ts';
import type { ReadCall } from './cases.ts';
import { cleanRequest, cleanResponse } from './clean.ts';
import { harvest, type Sent } from './harvest.ts';
import { lostBody } from './lost-body.ts';
import type { DraftProblem, Recorded, Tell } from './recorded.ts';
import { textOf } from './resource-text.ts';
import { Secrets } from './secrets.ts';
import { draftResources, jsonOf, type Call, type DraftResource } from './shapes.ts';

export interface DraftOptions {
  /** As shown in messages. */
  readonly file: string;
  /** Prefix of the paths before the resources: `/rest`. Default: that of a built-in dialect, if the paths begin with it. */
  readonly base?: string;
}

/** What a reader found in a recording, before anything of it is shown. */
export interface Recording {
  readonly recorded: readonly Recorded[];
  /** What it could not read. */
  readonly problems: readonly DraftProblem[];
  /** Credentials that stand where no request shows them. */
  readonly credentials: readonly Credential[];
  readonly text: string;
}

/**
 * Drafts of all resources that a recording called. An error of its reader leaves nothing to draft.
 *
 * No secret leaves: the exchanges lose theirs before they are read, messages go through `Secrets.message`, and a text in
 * which one is found all the same is withheld.
 */
export function draftContracts(recording: Recording, options: DraftOptions): Omit<Conversion, 'texts'> {
  const { recorded, credentials, text: source } = recording;
  const secrets = new Secrets(source);
  const sent = recorded.map(sentOf);
  harvest(secrets, sent, credentials, source);
  const problems: Diagnostic[] = [];
  const tell: Tell = ({ severity, code, message, at, fix = null }) =>
    void problems.push(
      problem(severity, code, secrets.message(message), at, fix === null ? null : secrets.message(fix)),
    );
  recording.problems.forEach(tell);
  if (problems.some(({ severity }) => severity === 'error')) return { files: new Map(), problems };

  const base = options.base ?? baseOf(recorded);
  const calls = sent.flatMap((one) => callOf(one, base, secrets, tell));
  const files = new Map<string, string>();
  const resources = draftResources(calls);
  const byResource = readAll(calls, resources, base, tell);
  for (const resource of resources) {
    const read = byResource.get(resource.shape.name) ?? [];
    const file = `${secrets.plainText(resource.shape.name)}.contract.yaml`;
    if (read.length === 0 || files.has(file)) continue;
    const text = textOf({ resource, read, base, file }, secrets, tell);
    if (text !== null) files.set(file, text);
  }
  if (recorded.length > 0 && files.size === 0)
    tell({
      severity: 'error',
      code: 'draft',
      message: 'no request of the recording could be read as one of Rest.li',
      at: null,
      fix: 'name what stands before the resources with `--base`',
    });
  if (secrets.removed.size > 0)
    tell({
      severity: 'warning',
      code: 'secrets',
      message: `secrets were left out: ${[...secrets.removed].toSorted(compareText).join(', ')}`,
      at: null,
      fix: 'give credentials in `targets` of the config, the others in the environment',
    });
  return { files: new Map([...files].toSorted(([a], [b]) => compareText(a, b))), problems };
}

/** The base of a built-in dialect that most of the paths begin with. */
function baseOf(recorded: readonly Recorded[]): string {
  const bases = Object.values(DIALECTS).flatMap((dialect) => dialect.bases);
  const below = (prefix: string): number =>
    recorded.filter(({ request }) => request.target.startsWith(`${prefix}/`)).length;
  return bases.find((prefix) => below(prefix) * 2 > recorded.length) ?? '';
}

function sentOf(recorded: Recorded): Sent {
  const { verb, target, headers, body } = recorded.request;
  const question = target.indexOf('?');
  const request: WireRequest = {
    verb,
    path: question < 0 ? target : target.slice(0, question),
    query: question < 0 ? null : target.slice(question + 1),
    headers,
    body: body !== null && body.byteLength === 0 ? null : body,
  };
  const out = untunnel(request);
  return 'problem' in out
    ? { recorded, wire: request, unreadable: out.problem.message }
    : { recorded, wire: out.request, unreadable: null };
}

function callOf({ recorded, wire, unreadable }: Sent, base: string, secrets: Secrets, tell: Tell): readonly Call[] {
  const clean = cleanRequest(wire, secrets);
  const skip = (why: string): readonly Call[] => {
    tell(passedOver(clean, recorded.at, why));
    return [];
  };
  if (unreadable !== null) return skip(unreadable);
  if (!clean.path.startsWith(`${base}/`)) return skip(`its path does not begin with ${base}/`);
  const segments = clean.path
    .slice(base.length + 1)
    .split('/')
    .filter((segment, index, all) => segment !== '' || index < all.length - 1);
  const response = recorded.response === null ? null : cleanResponse(recorded.response, secrets);
  return [{ wire: clean, response, at: recorded.at, segments }];
}

function passedOver(wire: WireRequest, at: SourceRange, why: string): DraftProblem {
  return { severity: 'warning', code: 'request', message: `${shownTarget(wire)} is passed over: ${why}`, at };
}

function withoutBody(wire: WireRequest, at: SourceRange, why: string): DraftProblem {
  const message = `the body of ${shownTarget(wire)} is left out: ${why}`;
  return { severity: 'warning', code: 'request', message, at, fix: 'write the request by hand, with `raw`' };
}

function shownTarget({ verb, path, query }: WireRequest): string {
  const target = query === null ? path : `${path}?${query}`;
  // Readers write verbs in upper case, in which no secret would be known again.
  return `${/^[A-Z]{3,10}$/.test(verb) ? verb : 'a request of no known verb to'} ${target}`;
}

/** Resource -> its requests, those that are the same to the byte as one. */
function readAll(
  calls: readonly Call[],
  resources: readonly DraftResource[],
  base: string,
  tell: Tell,
): ReadonlyMap<string, readonly ReadCall[]> {
  const shapes = resources.map(({ shape }) => shape);
  const found = new Map<string, Map<string, ReadCall>>();
  for (const call of calls) {
    const { wire, response, at } = call;
    const skip = (why: string): void => tell(passedOver(wire, at, why));
    const read = readRequest(wire, shapes, { bases: base === '' ? [] : [base] });
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
    const id = `${method} ${wire.path}?${wire.query ?? ''} ${Buffer.from(wire.body ?? []).toString('latin1')}`;
    const known = same.get(id);
    const lost = known === undefined ? lostBody(wire, method) : null;
    if (lost !== null) tell(withoutBody(wire, at, lost));
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
