/**
 * The author's cases before anything is sent: each request is written as a run would write it and judged by the judge of
 * foreign requests, so that no case promises what the contract forbids, and its author hears what a client would hear.
 */
import type { CaseSpec, Contract } from '../contract/contract.ts';
import { holdsVariable, scopeOf, type Scope } from '../contract/interpolate.ts';
import { isNegative, isNegativeItem, itemCount } from '../contract/negative.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { operationOf } from '../plan/authored.ts';
import { Preparer } from '../plan/prepare.ts';
import { DIALECTS, type Dialect } from '../protocol/dialects.ts';
import { HEADERS, isSameHeader } from '../protocol/headers.ts';
import type { Json } from '../protocol/json.ts';
import { checkRequest } from '../verify/check-request.ts';
import type { Violation } from '../verify/violation.ts';
import { PlainEntities } from './plain-entities.ts';
import { placeInCase } from './preflight-place.ts';

export interface PreflightOptions {
  readonly dialects: ReadonlyMap<string, Dialect>;
  /** Of the config. */
  readonly vars: ReadonlyMap<string, Json>;
}

/** @returns what is wrong with the requests that cases and flows of good contracts would send, in the order of the files */
export function preflight(contracts: readonly Contract[], options: PreflightOptions): readonly Diagnostic[] {
  return contracts.flatMap((contract) => {
    const judge = new Judge(contract, contracts, options);
    const flows = contract.flows.flatMap(({ steps, cleanup }) => [...steps, ...cleanup]);
    return [...contract.cases, ...flows].flatMap((spec) => judge.judge(spec));
  });
}

const ORIGIN = 'http://embedded.invalid';
/** Stands for what only a run knows; what follows from its type is not told. */
const UNKNOWN = 1;

class Judge {
  readonly #contract: Contract;
  readonly #contracts: readonly Contract[];
  readonly #dialects: ReadonlyMap<string, Dialect>;
  readonly #preparer: Preparer;
  readonly #scope: Scope;
  readonly #plain: PlainEntities;

  constructor(contract: Contract, contracts: readonly Contract[], { dialects, vars }: PreflightOptions) {
    const known = scopeOf({ layers: [contract.vars, vars], env: {} });
    this.#contract = contract;
    this.#contracts = contracts;
    this.#dialects = dialects;
    this.#scope = (name) => known(name) ?? UNKNOWN;
    this.#plain = new PlainEntities(contract);
    this.#preparer = new Preparer({
      baseUrlOf: (_, { bases }) => `${ORIGIN}${bases[0] ?? ''}`,
      dialectOf: (one) => dialects.get(one.dialect) ?? DIALECTS.restli,
      protocol: null,
      targetHeaders: new Map(),
      flagHeaders: new Map(),
      isEmbedded: true,
    });
  }

  judge(spec: CaseSpec): readonly Diagnostic[] {
    const contract = this.#owner(spec);
    if (contract === null || isNegative(spec) || leavesOpen(spec)) return [];
    const operation = operationOf(contract, spec);
    if (operation === null) return [];
    if (contract === this.#contract && operation.deprecated === false && this.#plain.needsNoJudge(spec, operation))
      return [];

    const prepared = this.#preparer.prepareStep({ spec, contract, operation }, this.#scope);
    if ('problem' in prepared) return [];
    const { violations } = checkRequest(prepared.request, this.#contracts, {
      dialects: this.#dialects,
      intent: { method: spec.method, operation: spec.operation },
      everyViolation: true,
    });
    const isLoose = usesVariables(spec) || hasNegativeItem(spec);
    const told = violations.flatMap((violation) => this.#told(violation, spec, contract, isLoose));
    // A thousand items that do the same are one mistake of one author.
    const first = new Map<string, Diagnostic>();
    for (const one of told) {
      const said = `${one.code} ${one.message}`;
      if (!first.has(said)) first.set(said, one);
    }
    return [...first.values()];
  }

  /** The contract that a step speaks to. */
  #owner({ resource }: CaseSpec): Contract | null {
    if (resource === null) return this.#contract;
    return this.#contracts.find((one) => one.resource === resource) ?? null;
  }

  #told(violation: Violation, spec: CaseSpec, contract: Contract, isLoose: boolean): readonly Diagnostic[] {
    const { rule, level, message, hint } = violation;
    // How a request is encoded is the tool's to choose, and no advice to its author.
    if (!IS_ABOUT_NAMES.test(rule) && (level !== 'must' || isLoose)) return [];
    // Whoever declares a whole resource as deprecated need not hear it again for each of its cases.
    if (rule === 'deprecated/operation' && contract.deprecated !== false) return [];
    const advice = hint === null || hint === '' ? [] : [asClause(hint)];
    return [
      {
        code: level === 'must' ? 'contract/case-breaks-rule' : `contract/${codeOf(rule)}`,
        severity: level === 'must' ? 'error' : 'warning',
        message: `${asClause(message)}${level === 'must' ? ` (rule ${rule})` : ''}`,
        at: this.#contract.locate(
          placeInCase(violation, spec, contract),
          IS_ABOUT_NAMES.test(rule) && rule !== 'deprecated/operation' ? 'name' : 'value',
        ),
        fix: [...advice, level === 'must' ? 'or expect the refusal: `expect: 400`' : `see rule ${rule}`].join('; '),
        see: 'docs/contract-format.md#cases',
        related: [],
      },
    ];
  }
}

/** Rules that look at names alone, whatever values variables will have; none of them fails a case. */
const IS_ABOUT_NAMES = /^(?:request-body\/(?:unknown|read-only|create-only)-member|deprecated\/.*)$/;

/** `deprecated/parameter` -> `deprecated-parameter`, `request-body/unknown-member` -> `sends-unknown-member` */
function codeOf(rule: string): string {
  const [family = '', what = ''] = rule.split('/');
  return family === 'deprecated' ? `deprecated-${what}` : `sends-${what}`;
}

/** A sentence as diagnostics write it: without its full stop, and its first word as within a sentence. */
function asClause(sentence: string): string {
  const text = sentence.replace(/\.$/, '');
  return /^[A-Z](?:[a-z]|\s)/.test(text) ? text.slice(0, 1).toLowerCase() + text.slice(1) : text;
}

/** A case that contradicts the guard of its method, or takes a refusal as well, says itself what is to come. */
function leavesOpen({ headers, expect }: CaseSpec): boolean {
  if (expect?.status?.some((status) => status >= 400) === true) return true;
  return [...headers.keys()].some((name) => isSameHeader(name, HEADERS.method) || isSameHeader(name, HEADERS.protocol));
}

function hasNegativeItem(spec: CaseSpec): boolean {
  const count = itemCount(spec) ?? 0;
  return Array.from({ length: count }, (_, index) => isNegativeItem(spec, index)).includes(true);
}

function usesVariables({
  key,
  ids,
  parents,
  entity,
  elements,
  entities,
  patch,
  criteria,
  params,
  headers,
}: CaseSpec): boolean {
  const values: readonly (Json | undefined)[] = [
    key,
    ids,
    parents,
    entity,
    elements,
    patch,
    criteria,
    params,
    [...headers.values()].flat(),
    entities?.map((item) => [item.key, item.entity ?? null, item.patch ?? null]),
  ];
  return values.some((value) => value !== undefined && holdsVariable(value));
}
