/** What the cases of a run need of it, for one endpoint. */
import type { Contract } from '../contract/contract.ts';
import { Preparer } from '../plan/prepare.ts';
import { DIALECTS, type Dialect } from '../protocol/dialects.ts';
import type { Redactor } from '../transport/redact.ts';
import type { Endpoint } from './endpoint.ts';
import { SYSTEM_CLOCK, type RunOptions, type Target } from './options.ts';
import type { CaseContext } from './run-case.ts';
import { createScopes } from './scopes.ts';
import { send, sleep } from './send.ts';

export interface Speaking {
  readonly target: Target;
  readonly endpoint: Endpoint;
  readonly redactor: Redactor;
}

export function caseContext(options: RunOptions, { target, endpoint, redactor }: Speaking): CaseContext {
  const { signal, clock = SYSTEM_CLOCK, retries = 0, headers = new Map() } = options;
  const dialect = dialectOf(options, target);
  const preparer = new Preparer({
    baseUrlOf: endpoint.baseUrlOf,
    dialectOf: dialect,
    protocol: target.protocol,
    targetHeaders: target.headers,
    flagHeaders: headers,
    isEmbedded: target.baseUrl === null,
  });
  return {
    preparer,
    dialectOf: dialect,
    baseUrlOf: endpoint.baseUrlOf,
    scopeOf: createScopes(options, target, redactor),
    send: (request, how) => send(endpoint, request, how, signal),
    endSession: (session) => endpoint.endSession(session),
    keepsState: endpoint.sessionHeader === null,
    retries,
    sleep: (ms) => sleep(ms, signal),
    monotonic: clock.monotonic,
    stopped: () => signal?.aborted === true,
  };
}

/** The dialect of a contract as the run speaks it: the target's, else its own; an unknown name was reported before. */
export function dialectOf({ dialects }: Pick<RunOptions, 'dialects'>, target: Target): (contract: Contract) => Dialect {
  return (contract) => {
    const name = target.dialect ?? contract.dialect;
    return dialects?.get(name) ?? builtIn(name);
  };
}

function builtIn(name: string): Dialect {
  return name === 'linkedin' ? DIALECTS.linkedin : DIALECTS.restli;
}
