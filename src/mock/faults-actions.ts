/** Faults in actions: how their parameters are taken, and what one does that is said to write nothing. */
import { HEADERS, isSameHeader } from '../protocol/headers.ts';
import { jsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import type { ReadRequest, Refusal } from '../protocol/request.ts';
import type { HttpRequest } from '../transport/exchange.ts';
import type { Call } from './call.ts';
import type { Fault } from './faults.ts';
import { recordSent } from './items.ts';
import type { Result } from './result.ts';

export const ACTION_FAULTS: readonly Fault[] = [
  {
    name: 'read-only-action-writes',
    title: 'Takes a member off an entity when an action that is declared `readOnly` looks at it',
    kind: 'state',
    breaks: ['ACTION'],
    rules: ['laws/read-only-action-writes-nothing'],
    caughtBy: 'laws',
    apply: { result: writingAlthoughReadOnly },
  },
  {
    name: 'action-parameters-by-place',
    title: 'Reads the parameters of an action by their place in the body, whatever their names are',
    kind: 'entities',
    breaks: ['ACTION'],
    rules: ['laws/action-parameters-have-no-order'],
    caughtBy: 'laws',
    apply: { call: (call) => (isAction(call) ? byPlace(call) : call) },
  },
  {
    name: 'action-defaults-ignored',
    title: 'Runs an action without the defaults of the parameters that were not sent',
    kind: 'entities',
    breaks: ['ACTION'],
    rules: ['laws/action-defaults-stand-in'],
    caughtBy: 'laws',
    apply: { call: (call) => (isAction(call) ? withoutDefaults(call) : call) },
  },
  {
    name: 'action-body-demanded',
    title: 'Takes the missing body of an action without parameters for broken JSON',
    kind: 'routing',
    breaks: ['ACTION'],
    rules: ['laws/action-needs-no-body'],
    caughtBy: 'laws',
    apply: { request: (request, read) => demandingBody(request, read) },
  },
];

/** JSON that ends before it began. */
const BROKEN = new TextEncoder().encode('{');

function isAction({ operation }: Call): boolean {
  return profileOf(operation.method).effect === 'acts';
}

function writingAlthoughReadOnly(result: Result, call: Call): Result {
  const { operation, asked, state, place } = call;
  if (!isAction(call) || !operation.readOnly || result.kind === 'failure') return result;
  const seen = asked.key === null ? state.list(place)[0] : state.get(place, asked.key);
  if (seen !== undefined) state.put(place, { ...seen, entity: withoutOne(seen.entity, call) });
  return result;
}

/** Without the last member that clients set. */
function withoutOne(entity: JsonObject, { contract }: Call): JsonObject {
  const served = new Set([
    ...contract.readOnly.map(([head]) => head),
    ...Object.keys(contract.mock.onCreate),
    ...Object.keys(contract.mock.onWrite),
    ...(contract.key?.parts.keys() ?? []),
  ]);
  const last = Object.keys(entity).findLast((name) => !served.has(name));
  return jsonObject(Object.entries(entity).filter(([name]) => name !== last));
}

function byPlace(call: Call): Call {
  const values = Object.values(recordSent(call.asked.body));
  const names = [...call.operation.params.keys()];
  const placed = names.flatMap((name, index): (readonly [string, Json])[] => {
    const value = values[index];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...call, asked: { ...call.asked, body: jsonObject(placed) } };
}

function withoutDefaults(call: Call): Call {
  const params = new Map([...call.operation.params].map(([name, field]) => [name, { ...field, default: undefined }]));
  return { ...call, operation: { ...call.operation, params } };
}

function demandingBody(request: HttpRequest, read: () => ReadRequest | Refusal): HttpRequest {
  if (request.body !== null && request.body.byteLength > 0) return request;
  const asked = read();
  if (!('routed' in asked) || !('method' in asked.routed)) return request;
  if (profileOf(asked.routed.method).effect !== 'acts') return request;
  const headers = request.headers.filter(([name]) => !isSameHeader(name, HEADERS.contentType));
  return { ...request, body: BROKEN, headers: [...headers, [HEADERS.contentType, 'application/json']] };
}
