/**
 * Request and state -> response. Pure but for the state: clock, counters, seed and faults come in.
 *
 * `strict` asks the judge of requests first and refuses what breaks the contract; `oss` asks nobody but the open-source
 * server's own order of checks.
 */
import { readRequest, type ReadRequest, type Refusal } from '../protocol/request.ts';
import type { HttpRequest, HttpResponse } from '../transport/exchange.ts';
import type { Call, Meddle, Mode } from './call.ts';
import { wireOf, type AnswerContext, type Understood } from './context.ts';
import type { Fault } from './faults.ts';
import { perform } from './perform.ts';
import { render, renderFailure } from './render.ts';
import type { Failure } from './result.ts';
import type { State } from './state.ts';
import { understandAsServer } from './understand-oss.ts';
import { RULE_HEADER, understandStrictly } from './understand-strict.ts';

/** The answer to any request; never throws, whatever the request is. */
export function answer(request: HttpRequest, state: State, context: AnswerContext): HttpResponse {
  const { faults } = context;
  const arrived = faults.reduce(
    (sent, { apply }) => apply.request?.(sent, () => readAsServer(sent, context)) ?? sent,
    request,
  );
  const understood = UNDERSTAND[context.mode](arrived, context);
  if ('refusal' in understood) {
    const refused = renderFailure(understood.refusal, understood.wire, context.mode === 'oss');
    return faults.reduce((response, { apply }) => apply.response?.(response, null) ?? response, refused);
  }

  const call = faults.reduce((one, { apply }) => apply.call?.(one) ?? one, callOf(understood, state, context));
  const result = faults.reduce((one, { apply }) => apply.result?.(one, call) ?? one, perform(call));
  return faults.reduce(
    (response, { apply }) => apply.response?.(response, call) ?? response,
    withRule(render(result, call), call),
  );
}

/** An answer that is none of the whole request names the rule that its first refused item broke. */
function withRule(response: HttpResponse, { refused }: Call): HttpResponse {
  const [first] = refused.values();
  if (first === undefined) return response;
  return { ...response, headers: [...response.headers, [RULE_HEADER, first.rule]] };
}

const UNDERSTAND: Readonly<Record<Mode, (request: HttpRequest, context: AnswerContext) => Understood>> = {
  strict: understandStrictly,
  oss: understandAsServer,
};

function callOf(
  { wire, contract, operation, asked, badKeys, refused }: Exclude<Understood, { readonly refusal: Failure }>,
  state: State,
  { mode, samples, faults, now }: AnswerContext,
): Call {
  return {
    contract,
    operation,
    asked,
    place: { resource: contract.resource, parents: asked.parents },
    state,
    wire,
    mode,
    samples,
    badKeys,
    refused,
    nowMs: now(),
    meddle: meddleOf(faults),
    count: () => state.nextCount(contract.resource),
  };
}

function meddleOf(faults: readonly Fault[]): Meddle | null {
  const writes = faults.flatMap(({ apply }) => (apply.write === undefined ? [] : [apply.write]));
  if (writes.length === 0) return null;
  return (before, after, sent, call) => writes.reduce((entity, write) => write(before, entity, sent, call), after);
}

/** How the open-source server reads a request. */
function readAsServer(request: HttpRequest, { resources, bases }: AnswerContext): ReadRequest | Refusal {
  return readRequest(wireOf(request), resources, { bases });
}
