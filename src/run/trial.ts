/** One case on one endpoint, with every exchange that it took. */
import type { Case } from '../plan/case.ts';
import type { Json } from '../protocol/json.ts';
import type { Exchange } from '../transport/exchange.ts';
import type { Asked } from '../verify/asked.ts';
import { runCase, type AttemptOutcome, type CaseContext } from './run-case.ts';

/** One exchange of a case, with what was asked and the decoded answer. */
export interface Told {
  readonly asked: Asked;
  readonly exchange: Exchange;
  readonly body: Json | undefined;
}

export interface Trial {
  readonly outcome: AttemptOutcome;
  readonly told: readonly Told[];
  /** Whether a case of a run would have failed. */
  readonly noticed: boolean;
}

/** @param session - of the embedded endpoint; null on a service */
export async function tryCase(one: Case, context: CaseContext, session: string | null): Promise<Trial> {
  const told: Told[] = [];
  const { attempts } = await runCase(
    one,
    { ...context, retries: 0, seen: (asked, exchange, body) => void told.push({ asked, exchange, body }) },
    session,
  );
  const [outcome = NOT_BEGUN] = attempts;
  return { outcome, told, noticed: outcome.blocked === null && outcome.verdict !== 'pass' };
}

const NOT_BEGUN: AttemptOutcome = { verdict: 'pass', exchanges: [], violations: [], checks: 0, blocked: 'not begun' };
