/**
 * Keeps derived requests clear of the errors that their contract declares. What an author's passing case sends besides
 * is borrowed where it helps; what walks into an error all the same proves nothing, and is blocked with the reason.
 */
import type { CaseSpec, Contract, Fields, HeaderValues, Operation } from '../contract/contract.ts';
import { HEADERS, isSameHeader } from '../protocol/headers.ts';
import { jsonObject } from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import { randomOf } from '../schema/random.ts';
import { sampleOf } from '../schema/sample.ts';
import type { Case, Step } from './case.ts';
import type { PlanContext } from './context.ts';
import { declaredErrorOf, type DeclaredError } from './declared-errors.ts';
import { ownBodyOf, saysBody } from './own-body.ts';
import { positiveSpecs, sampleFields } from './sample-values.ts';

/** A derived case whose requests meet no declared error; blocked where one of them cannot help it. */
export function clearCase(one: Case, context: PlanContext): Case {
  if (one.blocked !== null || one.skip !== null) return one;
  const steps: Step[] = [];
  for (const step of one.steps) {
    // Broken input is made of a request that is clear, and then has to be refused, whoever does it.
    if (one.group === 'negative' && step.setup !== true) {
      steps.push(step);
      continue;
    }
    if (ownBodyOf(step.operation) !== null && saysBody(step.spec)) {
      return {
        ...one,
        blocked: `nobody tells what becomes of the body that ${titleOf(step)} takes in place of the envelope`,
      };
    }
    const clear = clearStep(step, context);
    if (!('spec' in clear)) return { ...one, blocked: whyMet(clear) };
    steps.push(clear);
  }
  return steps.every((step, index) => step === one.steps[index]) ? one : { ...one, steps };
}

/** Why a request is not sent: one clause. */
export function whyMet({ status, of }: DeclaredError): string {
  return `its request meets the error ${status} that the contract declares for ${of}, and no case of the author shows one that passes`;
}

/** The step where it meets no declared error, or with what an author's case or a declared header adds; else the error. */
export function clearStep(step: Step, context: PlanContext): Step | DeclaredError {
  const met = declaredErrorOf(step, context);
  if (met === null) return step;
  for (const spec of variationsOf(step, context)) {
    const other = { ...step, spec };
    if (declaredErrorOf(other, context) === null) return other;
  }
  return met;
}

function* variationsOf(step: Step, { target, seed }: PlanContext): Generator<CaseSpec> {
  const { spec, contract, operation } = step;
  if (operation === null) return;
  const passing = positiveSpecs(contract, operation).filter(({ skip }) => skip === null);
  for (const { headers } of passing) if (headers.size > 0) yield { ...spec, headers: under(spec.headers, headers) };
  if (profileOf(spec.method).sends !== 'params') {
    for (const { headers, params } of passing) {
      const declared = Object.entries(params).filter(([name]) => operation.params.has(name));
      yield {
        ...spec,
        headers: under(spec.headers, headers),
        params: { ...jsonObject(declared), ...spec.params },
      };
    }
  }
  // To a service they mean something; the endpoint made from the contract looks at them only by these conditions.
  for (let turn = 0; turn < SAMPLED_TURNS && !target.live; turn += 1) {
    const headers = under(spec.headers, sampledHeaders(contract, operation, seed + turn));
    yield { ...spec, headers };
    if (profileOf(spec.method).sends === 'params') continue;
    yield { ...spec, headers, params: { ...sampleFields(operation.params, null, seed + turn, true), ...spec.params } };
  }
}

/** Samples of headers and parameters that are tried. */
const SAMPLED_TURNS = 4;
/** Headers that say what the request is; each derived request has its own. */
const OWN_HEADERS = [HEADERS.method, HEADERS.protocol];

function under(own: HeaderValues, others: HeaderValues): HeaderValues {
  const names = [...OWN_HEADERS, ...own.keys()];
  const added = [...others].filter(([name]) => !names.some((other) => isSameHeader(name, other)));
  return new Map([...own, ...added]);
}

/** Every header that the contract knows for the operation, made from its type. */
function sampledHeaders(contract: Contract, operation: Operation, seed: number): HeaderValues {
  const values = new Map<string, string>();
  for (const fields of [contract.requestHeaders, operation.request.headers] satisfies readonly Fields[]) {
    for (const { name, type } of fields.values()) {
      const value = typeof type === 'boolean' ? null : sampleOf(type, randomOf(seed));
      if (value !== null && typeof value !== 'object') values.set(name, String(value));
    }
  }
  return values;
}

function titleOf({ spec: { method, operation } }: Step): string {
  return operation === null ? method : `${method} ${operation}`;
}
