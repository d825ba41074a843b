/** Puts variables into what an author expects. */
import type { Expectation, Outcome } from '../contract/contract.ts';
import { holdsVariable, interpolate, type Scope } from '../contract/interpolate.ts';
import { isList } from '../contract/negative.ts';
import type { Json } from '../protocol/json.ts';

/** @returns the same expectation when it holds no variable, or why one has no value */
export function fillExpectation(expectation: Expectation, scope: Scope): Expectation | { readonly problem: string } {
  if (!needsFilling(expectation)) return expectation;

  let problem: string | null = null;
  const fill = (value: Json): Json => {
    const filled = interpolate(value, scope);
    if ('value' in filled) return filled.value;
    problem ??= filled.problem;
    return value;
  };
  const optional = (value: Json | undefined): Json | undefined => (value === undefined ? undefined : fill(value));
  const { headers, body, key, each } = expectation;
  const filled: Expectation = {
    ...expectation,
    headers: new Map([...headers].map(([name, value]) => [name, fill(value)])),
    body: optional(body),
    key: optional(key),
    each:
      each === null
        ? null
        : isList(each)
          ? each.map((outcome) => fillOutcome(outcome, optional))
          : fillOutcome(each, optional),
  };
  return problem === null ? filled : { problem };
}

function fillOutcome(outcome: Outcome, fill: (value: Json | undefined) => Json | undefined): Outcome {
  const { key, entity, elements, paging, metadata, error } = outcome;
  return {
    status: outcome.status,
    key: fill(key),
    entity: fill(entity),
    elements: fill(elements),
    paging: fill(paging),
    metadata: fill(metadata),
    error: fill(error),
  };
}

function needsFilling({ headers, body, key, each }: Expectation): boolean {
  if (body !== undefined && holdsVariable(body)) return true;
  if (key !== undefined && holdsVariable(key)) return true;
  for (const value of headers.values()) if (holdsVariable(value)) return true;
  if (each === null) return false;
  return (isList(each) ? each : [each]).some(({ key: own, entity, elements, paging, metadata, error }) =>
    [own, entity, elements, paging, metadata, error].some((value) => value !== undefined && holdsVariable(value)),
  );
}
