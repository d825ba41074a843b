/**
 * Which error that a contract declares a request asks for: by the conditions that the endpoint made from the contract
 * answers by, so that no derived request is surprised by what its own contract says.
 */
import { interpolate, scopeOf } from '../contract/interpolate.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import type { HeaderLines } from '../protocol/headers.ts';
import type { Key } from '../protocol/keys.ts';
import { profileOf } from '../protocol/methods.ts';
import { conditionalError, hasConditions, withDefaults, type Facets } from '../verify/conditions.ts';
import type { Step } from './case.ts';
import type { PlanContext } from './context.ts';
import { headerLines } from './header-layers.ts';
import { Preparer } from './prepare.ts';

export interface DeclaredError {
  readonly status: number;
  /** Of the method that declares it: `DELETE`, `FINDER byName`. */
  readonly of: string;
}

/**
 * The first declared error that the request of a step, or one item of its batch, meets.
 *
 * @returns null for none, and where a value is not known before the run; what a header makes another method is judged
 *   by nobody here
 */
export function declaredErrorOf(step: Step, context: PlanContext): DeclaredError | null {
  const { contract, operation, judgedAs } = step;
  if (operation === null || judgedAs !== undefined || !hasConditions(operation)) return null;
  const headers = linesOf(step, context);
  for (const facets of facetsOf(step)) {
    const met = conditionalError(contract, operation, headers, () => facets, 'all');
    const { method, name } = operation;
    if (met !== null) return { status: met.status, of: name === null ? method : `${method} ${name}` };
  }
  return null;
}

function linesOf(step: Step, context: PlanContext): HeaderLines {
  const layered = preparerOf(context).headersOf(step, scopeOf({ layers: [step.contract.vars], env: {} }));
  return headerLines(layered).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
}

const preparers = new WeakMap<PlanContext, Preparer>();

function preparerOf(context: PlanContext): Preparer {
  const known = preparers.get(context);
  if (known !== undefined) return known;
  const preparer = new Preparer({
    baseUrlOf: () => '',
    dialectOf: context.dialectOf,
    protocol: context.target.protocol ?? null,
    targetHeaders: context.headers ?? new Map(),
    flagHeaders: new Map(),
    isEmbedded: !context.target.live,
  });
  preparers.set(context, preparer);
  return preparer;
}

/** What conditions speak of: once for a single request, else for each item. */
function facetsOf({ spec, contract, operation }: Step): readonly Facets[] {
  const filled = (value: Json): Json => {
    const made = interpolate(value, scopeOf({ layers: [contract.vars], env: {} }));
    return 'value' in made ? made.value : value;
  };
  const optional = (value: Json | undefined): Json | undefined => (value === undefined ? undefined : filled(value));
  const record = (value: Json): JsonObject => {
    const made = filled(value);
    return isJsonObject(made) ? made : {};
  };
  const own = record(spec.params);
  const params = profileOf(spec.method).sends === 'params' && operation !== null ? withDefaults(operation, own) : own;
  const parents = new Map<string, Key>();
  for (const name of contract.parents.keys()) {
    const value = optional(spec.parents?.[name] ?? contract.vars.get(name));
    if (value !== undefined && value !== null && !isJsonArray(value)) parents.set(name, value);
  }

  const whole: Facets = { parents, params };
  const ids = optional(spec.ids === undefined ? undefined : spec.ids);
  const items: readonly Partial<Facets>[] | undefined =
    spec.entities?.map(({ key, entity, patch }) => ({
      key: filled(key),
      entity: optional(entity),
      patch: optional(patch),
    })) ??
    spec.elements?.map((entity) => ({ entity: filled(entity) })) ??
    spec.criteria?.map((criterion) => ({ criteria: filled(criterion), params: record(criterion) })) ??
    (isJsonArray(ids) ? ids.map((key) => ({ key })) : undefined);
  if (items !== undefined) return [whole, ...items.map((item) => ({ ...whole, ...item }))];

  const isKeyed = operation?.level === 'entity';
  return [
    {
      ...whole,
      key: isKeyed ? optional(spec.key) : undefined,
      entity: optional(spec.entity),
      patch: optional(spec.patch),
      criteria: params,
    },
  ];
}
