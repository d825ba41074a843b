/** Sends what group `negative` derives to an endpoint in this process, and judges each answer by the check of its case. */
import type { Contract } from '../../src/contract/contract.ts';
import { scopeOf } from '../../src/contract/interpolate.ts';
import type { LawFinding } from '../../src/laws/law.ts';
import { createMock, type Mock } from '../../src/mock/mock.ts';
import type { Case } from '../../src/plan/case.ts';
import { EMBEDDED, planCases } from '../../src/plan/plan.ts';
import { Preparer } from '../../src/plan/prepare.ts';
import { DIALECTS, type Dialect, type ProtocolVersion } from '../../src/protocol/dialects.ts';
import type { Exchange, HttpRequest, HttpResponse } from '../../src/transport/exchange.ts';
import { checkResponse } from '../../src/verify/check-response.ts';
import { outcomesOf } from '../../src/verify/outcomes.ts';

export const dialectOf = ({ dialect }: Contract): Dialect =>
  dialect === 'linkedin' ? DIALECTS.linkedin : DIALECTS.restli;

export interface Tried {
  readonly id: string;
  readonly one: Case;
  readonly request: HttpRequest;
  readonly response: HttpResponse;
  readonly findings: readonly LawFinding[];
}

export interface Trial {
  readonly protocol?: ProtocolVersion | null;
  readonly seed?: number;
  /** In place of the mock that `mode` makes. */
  readonly answer?: (request: HttpRequest) => HttpResponse;
  readonly mode?: 'strict' | 'oss';
  /** The id of the one case that is sent. */
  readonly only?: string;
}

const planned = new WeakMap<readonly Contract[], Map<string, readonly Case[]>>();

/** The derived cases for the embedded endpoint; planned once for the same contracts, version and seed. */
export function negativeCases(
  contracts: readonly Contract[],
  { protocol = null, seed = 1 }: Trial = {},
): readonly Case[] {
  const known = planned.get(contracts) ?? new Map<string, readonly Case[]>();
  planned.set(contracts, known);
  const id = `${protocol} ${seed}`;
  const target = { ...EMBEDDED, protocol };
  const cases = known.get(id) ?? planCases(contracts, { groups: ['negative'], seed, target, dialectOf }).cases;
  known.set(id, cases);
  return cases;
}

/** Every case that has a request, sent to an endpoint that begins from the examples each time. */
export function tryNegative(contracts: readonly Contract[], trial: Trial = {}): readonly Tried[] {
  const { protocol = null, mode = 'strict' } = trial;
  const mock: Mock = createMock(contracts, { mode });
  const preparer = new Preparer({
    baseUrlOf: (_, { bases }) => `http://127.0.0.1${bases[0] ?? ''}`,
    dialectOf,
    protocol,
    targetHeaders: new Map(),
    flagHeaders: new Map(),
    isEmbedded: true,
  });
  return negativeCases(contracts, trial).flatMap((one): readonly Tried[] => {
    const step = one.steps.at(-1);
    if (step === undefined || one.blocked !== null || one.skip !== null) return [];
    if (trial.only !== undefined && one.id !== trial.only) return [];
    const prepared = preparer.prepareStep(step, scopeOf({ layers: [one.contract.vars], env: {} }));
    if ('problem' in prepared) throw new Error(`${one.id}: ${prepared.problem}`);
    const request = step.rewrite?.(prepared.request) ?? prepared.request;
    mock.reset();
    const response = trial.answer?.(request) ?? mock.answer(request);
    const exchange: Exchange = { request, response, failure: null, durationMs: 0 };
    const { asked } = prepared;
    const { body } = checkResponse(asked, exchange, null, { exchangeIndex: 0 });
    const { contract, operation } = step;
    const entry = {
      contract,
      operation,
      exchange,
      asked,
      status: response.status,
      body,
      outcomes: outcomesOf(asked, body),
      created: null,
    };
    return [{ id: one.id, one, request, response, findings: one.check?.([entry]) ?? [] }];
  });
}
