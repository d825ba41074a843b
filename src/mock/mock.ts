/** A mock: contracts, what they start from, and the states that requests change. */
import type { Contract } from '../contract/contract.ts';
import { DIALECTS, type Dialect } from '../protocol/dialects.ts';
import { isSameHeader } from '../protocol/headers.ts';
import type { HttpRequest, HttpResponse } from '../transport/exchange.ts';
import type { RequestJudgement } from '../verify/check-request.ts';
import { answer } from './answer.ts';
import type { Mode } from './call.ts';
import { wireOf, type AnswerContext } from './context.ts';
import { errorBody } from './errors.ts';
import { examplesOf, type ExampleVariables } from './examples.ts';
import { faultsNamed, type Fault } from './faults.ts';
import { renderFailure } from './render.ts';
import { failure } from './result.ts';
import { Samples } from './samples.ts';
import { seedOf, State } from './state.ts';

export interface MockOptions extends ExampleVariables {
  /** `strict` by default: refuses what the contract does not allow. `oss`: behaves as the open-source server. */
  readonly mode?: Mode;
  /** Writes are answered and forgotten. */
  readonly stateless?: boolean;
  /** Names of FAULTS, or faults of one's own. */
  readonly faults?: readonly (string | Fault)[];
  /** Dialects by name, beside the built-in ones. */
  readonly dialects?: ReadonlyMap<string, Dialect>;
  /** Epoch milliseconds; the clock of this machine by default. */
  readonly now?: () => number;
  /** For values that are made from schemas. */
  readonly seed?: number;
  /** Told what the judge said of each request before it is answered; never in `oss` mode, which asks no judge. */
  readonly onJudged?: (judgement: RequestJudgement) => void;
}

/** The header by which a runner keeps its cases apart; taken off before anything looks at the request. */
export const SESSION_HEADER = 'X-RestLi-Contract-Session';

export interface Mock {
  readonly contracts: readonly Contract[];
  /** The answer to any request; never throws. A session token in `SESSION_HEADER` picks the state. */
  answer(request: HttpRequest): HttpResponse;
  /** An answer that refuses a request before it is read: too large, say. */
  refuse(request: HttpRequest, status: number, message: string): HttpResponse;
  /** The state of a session, made from the examples when the token is new; without token the one that all others share. */
  state(token?: string): State;
  /** Back to the examples, all sessions dropped. */
  reset(): void;
  /** Forgets the state of a session. */
  endSession(token: string): void;
}

/**
 * @throws RangeError for a fault that is not in FAULTS, and for an example that cannot be stored, naming it
 */
export function createMock(contracts: readonly Contract[], options: MockOptions = {}): Mock {
  const wanted = options.faults ?? [];
  const { faults, unknown } = faultsNamed(wanted.filter((one) => typeof one === 'string'));
  if (unknown.length > 0) throw new RangeError(`Failed to create a mock: unknown fault ${unknown.join(', ')}`);

  const dialects = new Map([...Object.entries(DIALECTS), ...(options.dialects ?? [])]);
  const context: AnswerContext = {
    contracts,
    resources: contracts.map(({ shape }) => shape),
    bases: [...new Set(contracts.flatMap(({ dialect }) => dialects.get(dialect)?.bases ?? []))],
    dialects,
    mode: options.mode ?? 'strict',
    faults: [...faults, ...wanted.filter((one) => typeof one !== 'string')],
    samples: new Samples(options.seed ?? 0),
    now: options.now ?? Date.now,
    ...(options.onJudged === undefined ? {} : { onJudged: options.onJudged }),
  };
  const seed = seedOf(contracts.flatMap((contract) => examplesOf(contract, options)));
  const shared = new State(seed);
  const sessions = new Map<string, State>();
  const stateOf = (token: string | null): State => {
    if (token === null) return shared;
    const known = sessions.get(token);
    if (known !== undefined) return known;
    const state = new State(seed);
    sessions.set(token, state);
    return state;
  };

  return {
    contracts,
    answer: (request) => {
      const token = tokenOf(request);
      const judged = token === null ? request : withoutToken(request);
      const state = options.stateless === true ? new State(seed) : stateOf(token);
      try {
        return answer(judged, state, context);
      } catch (error) {
        return renderFailure(failure(500, errorBody(500, { message: bugText(error) }, null)), wireOf(judged));
      }
    },
    refuse: (request, status, message) =>
      renderFailure(failure(status, errorBody(status, { message }, null)), wireOf(request)),
    state: (token) => stateOf(token ?? null),
    reset: () => {
      shared.reset();
      sessions.clear();
    },
    endSession: (token) => void sessions.delete(token),
  };
}

/** Whatever a request does to the mock, others go on being answered. */
function bugText(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : 'something was thrown that is no error';
  return `The mock failed to answer, which is a bug of the mock and not of the request: ${text}`;
}

function tokenOf({ headers }: HttpRequest): string | null {
  for (const [name, value] of headers) if (isSameHeader(name, SESSION_HEADER)) return value;
  return null;
}

/** The request as its client meant it. */
export function withoutToken(request: HttpRequest): HttpRequest {
  return { ...request, headers: request.headers.filter(([name]) => !isSameHeader(name, SESSION_HEADER)) };
}
