/** Faults that show only when requests are compared with each other: the same thing asked otherwise, or once more. */
import { HEADERS, isSameHeader } from '../protocol/headers.ts';
import { jsonEquals, jsonObject, type JsonObject } from '../protocol/json.ts';
import { profileOf, type MethodProfile } from '../protocol/methods.ts';
import type { ReadRequest, Refusal } from '../protocol/request.ts';
import type { HttpRequest, HttpResponse } from '../transport/exchange.ts';
import type { Call } from './call.ts';
import type { Fault } from './faults.ts';
import { failure, isPage, type Page, type Result } from './result.ts';
import type { State } from './state.ts';

export const LAW_FAULTS: readonly Fault[] = [
  {
    name: 'list-order-changes',
    title: 'Answers every second list in reverse',
    kind: 'entities',
    breaks: ['GET_ALL', 'FINDER', 'BATCH_FINDER'],
    rules: ['laws/list-is-steady'],
    caughtBy: 'laws',
    apply: { result: reversingEverySecond },
  },
  {
    name: 'protocol-1-loses-an-element',
    title: 'Leaves the last element out of lists that are asked for in protocol 1.0.0',
    kind: 'entities',
    breaks: ['GET_ALL', 'FINDER', 'BATCH_FINDER'],
    rules: ['laws/versions-agree'],
    caughtBy: 'laws',
    apply: {
      result: (result, { asked }) =>
        asked.protocol === '1.0.0'
          ? mapPages(result, (page) => ({ ...page, elements: page.elements.slice(0, -1) }))
          : result,
    },
  },
  {
    name: 'write-to-missing-is-204',
    title: 'Answers a write to an entity that is not there with 204',
    kind: 'status',
    breaks: ['UPDATE', 'PARTIAL_UPDATE'],
    rules: ['laws/write-to-missing-is-told', 'laws/batch-status-equals-single'],
    caughtBy: 'laws',
    apply: { result: withoutMissing },
  },
  {
    name: 'repeated-write-is-409',
    title: 'Answers 409 to a write that changes nothing',
    kind: 'status',
    breaks: ['UPDATE', 'PARTIAL_UPDATE'],
    rules: ['laws/update-is-idempotent', 'laws/partial-update-is-idempotent'],
    caughtBy: 'laws',
    apply: {
      write: (before, after, _sent, call) => {
        if (before !== null && after !== null && jsonEquals(asSent(before, call), asSent(after, call)))
          WITHOUT_EFFECT.add(call);
        return after;
      },
      result: (result, call) =>
        result.kind !== 'failure' && 'item' in result && WITHOUT_EFFECT.has(call)
          ? failure(409, { status: 409 })
          : result,
    },
  },
  {
    name: 'create-repeats-an-id',
    title: 'Answers the id of the first entity that it has to every CREATE',
    kind: 'state',
    breaks: ['CREATE'],
    rules: ['laws/create-is-new-each-time', 'laws/created-is-readable'],
    caughtBy: 'laws',
    apply: {
      result: (result, call) => {
        const [first] = call.state.list(call.place);
        return result.kind === 'created' && first !== undefined
          ? { ...result, item: { ...result.item, key: first.key } }
          : result;
      },
    },
  },
  {
    name: 'acts-before-it-refuses',
    title: 'Answers 400 to a method header that contradicts the request, after it has done what was asked',
    kind: 'status',
    breaks: null,
    rules: ['laws/refused-changes-nothing'],
    caughtBy: 'laws',
    apply: {
      request: (request, read) => withoutContradiction(request, read()),
      response: (response, call) =>
        call !== null && call.wire.headers.some(([name]) => name === MARK) ? refusal(response) : response,
    },
  },
  {
    name: 'header-names-case-sensitive',
    title: 'Overlooks protocol headers whose names are written in lower case',
    kind: 'headers',
    breaks: null,
    rules: ['laws/header-names-have-no-case'],
    caughtBy: 'laws',
    apply: {
      request: (request) => ({
        ...request,
        headers: request.headers.filter(([name]) => !name.startsWith('x-restli-')),
      }),
    },
  },
  {
    name: 'parameters-in-order-only',
    title: 'Loses query parameters that stand behind one of a later name',
    kind: 'routing',
    breaks: null,
    rules: ['laws/parameter-order-is-free'],
    caughtBy: 'laws',
    apply: { request: (request) => mapTarget(request, inOrderOnly) },
  },
  {
    name: 'escaped-letters-kept',
    title: 'Leaves escapes alone that stand for letters',
    kind: 'routing',
    breaks: null,
    rules: ['laws/escapes-are-free'],
    caughtBy: 'laws',
    apply: {
      request: (request) => mapTarget(request, (target) => target.replace(/%(?=[46][1-9A-F]|[57][0-9A])/gi, '%25')),
    },
  },
  {
    name: 'key-parts-in-order-only',
    title: 'Finds no entity by a key whose parts are not in the order of their names',
    kind: 'routing',
    breaks: null,
    rules: ['laws/key-parts-have-no-order'],
    caughtBy: 'laws',
    apply: { request: (request) => mapTarget(request, withoutUnorderedKeys) },
  },
  {
    name: 'plus-in-path-is-space',
    title: 'Reads a plus sign in a path as a space',
    kind: 'routing',
    breaks: null,
    rules: ['laws/keys-keep-every-character'],
    caughtBy: 'laws',
    apply: {
      request: (request) =>
        mapTarget(request, (target) => target.replace(/^[^?]*/, (path) => path.replaceAll('+', '%20'))),
    },
  },
];

/** Calls whose write left everything as it was. */
const WITHOUT_EFFECT = new WeakSet<Call>();
/** Lists that a state has answered. */
const LISTED = new WeakMap<State, number>();
/** Marks a request that had to be refused; only this file sees it. */
const MARK = 'x-restli-contract-contradiction';

function effectOf({ operation }: Call): MethodProfile['effect'] {
  return profileOf(operation.method).effect;
}

function mapPages(result: Result, change: (page: Page) => Page): Result {
  if (result.kind === 'collection') return { ...result, page: change(result.page) };
  if (result.kind !== 'collections') return result;
  return { ...result, pages: result.pages.map((page) => (isPage(page) ? change(page) : page)) };
}

function reversingEverySecond(result: Result, { state }: Call): Result {
  if (result.kind !== 'collection' && result.kind !== 'collections') return result;
  const before = LISTED.get(state) ?? 0;
  LISTED.set(state, before + 1);
  return before % 2 === 0 ? result : mapPages(result, (page) => ({ ...page, elements: page.elements.toReversed() }));
}

function withoutMissing(result: Result, call: Call): Result {
  const effect = effectOf(call);
  if (result.kind !== 'failure' || result.status !== 404 || (effect !== 'replaces' && effect !== 'patches'))
    return result;
  return { kind: 'none', status: 204, item: { key: call.asked.key, status: 204, entity: null, error: null } };
}

/** Without what the server sets at every write. */
function asSent(entity: JsonObject, { contract }: Call): JsonObject {
  return jsonObject(Object.entries(entity).filter(([name]) => !Object.hasOwn(contract.mock.onWrite, name)));
}

function withoutContradiction(request: HttpRequest, read: ReadRequest | Refusal): HttpRequest {
  if (!('routed' in read) || 'method' in read.routed || read.routed.without === null) return request;
  const kept = request.headers.filter(([name]) => !isSameHeader(name, HEADERS.method));
  return { ...request, headers: [...kept, [HEADERS.method, read.routed.without], [MARK, 'yes']] };
}

function refusal(response: HttpResponse): HttpResponse {
  const headers = response.headers.filter(([name]) => isSameHeader(name, HEADERS.protocol));
  return { ...response, status: 400, headers, body: new Uint8Array() };
}

function mapTarget(request: HttpRequest, change: (target: string) => string): HttpRequest {
  const target = change(request.target);
  return target === request.target ? request : { ...request, target };
}

function inOrderOnly(target: string): string {
  const mark = target.indexOf('?');
  if (mark < 0) return target;
  let greatest = '';
  const kept = target
    .slice(mark + 1)
    .split('&')
    .filter((part) => {
      const [name = ''] = part.split('=');
      const isLater = name >= greatest;
      if (isLater) greatest = name;
      return isLater;
    });
  return `${target.slice(0, mark + 1)}${kept.join('&')}`;
}

/** A key with unordered parts becomes one that no entity has. */
function withoutUnorderedKeys(target: string): string {
  return target.replace(/\(([^()]*:[^()]*)\)/g, (key, parts: string) => {
    const names = parts.split(',').map((part) => part.split(':')[0] ?? '');
    return names.every((name, index) => index === 0 || name >= (names[index - 1] ?? '')) ? key : `(${parts}0)`;
  });
}
