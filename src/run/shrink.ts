/**
 * A failing derived case becomes the smallest one that still breaks the same rule: members of entities and patches,
 * parameters and items of batches are left out, one after the other, as long as the request keeps the contract.
 *
 * What was made to be wrong (headers, broken input) is minimal from the start, and stays as it is; broken input is shown
 * as it was sent, byte for byte where no value has such a form. An author's flow loses steps. Flows and laws must still
 * hold on an endpoint without faults: without the step that a later one builds on, or the parameter in which two
 * requests differ, they would fail anywhere and prove nothing.
 */
import type { CaseSpec } from '../contract/contract.ts';
import type { Case, Step } from '../plan/case.ts';
import {
  isJsonArray,
  isJsonObject,
  jsonEquals,
  jsonObject,
  stringifyJson,
  type Json,
  type JsonObject,
} from '../protocol/json.ts';
import type { HttpRequest } from '../transport/exchange.ts';
import { stepsAsSent } from './as-sent.ts';
import { writtenCase } from './paste.ts';
import type { CaseOutcome } from './run-case.ts';
import { firstDifference, tellingSteps, type Pair } from './telling.ts';

export interface Shrinking {
  /** Runs a smaller case from the same state. */
  readonly replay: (one: Case) => Promise<CaseOutcome>;
  /** Rules of level must that a request breaks by itself. */
  readonly faultsOf: (request: HttpRequest) => readonly string[];
  /** Whether a flow or law passes on an endpoint that keeps the contracts. */
  readonly holds: (one: Case) => Promise<boolean>;
  /** The embedded endpoint with and without its faults; null: the run speaks to a service, whose entities it lacks. */
  readonly pair: Pair | null;
  /** Cases that are run at most. */
  readonly budget: number;
}

/**
 * @returns the outcome of the smallest case that was found, with a hint that holds it as a case to paste; the outcome
 *   as it was where nothing can be left out
 */
export async function shrink(
  outcome: CaseOutcome,
  { replay, faultsOf, holds, pair, budget }: Shrinking,
): Promise<CaseOutcome> {
  const rule = brokenRule(outcome);
  if (rule !== null && outcome.one.group === 'negative') {
    const sent = stepsAsSent(outcome);
    return withHint(outcome, outcome, rule, introduced('As', sent && writtenCase(outcome.one.name, sent)));
  }
  if (rule === null || !isShrinkable(outcome.one)) return outcome;
  const isLaw = outcome.one.check !== null;
  const mustHold = isAuthorsFlow(outcome.one) || (isLaw && pair !== null);
  if (mustHold && !(await holds(outcome.one))) return outcome;

  const allowed = new Set(faultsIn(outcome, faultsOf));
  let smallest = outcome;
  let left = budget;
  for (let progress = true; progress && left > 0;) {
    progress = false;
    for (const candidate of reductions(smallest.one)) {
      if (left <= 0) break;
      left -= 1;
      if (mustHold && !(await holds(candidate))) continue;
      const replayed = await replay(candidate);
      const isSound = faultsIn(replayed, faultsOf).every((fault) => allowed.has(fault));
      if (!isSound || brokenRule(replayed) !== rule) continue;
      smallest = replayed;
      progress = true;
      break;
    }
  }
  const text = await pasteText(smallest.one, pair);
  return text === null && smallest === outcome ? outcome : withHint(outcome, smallest, rule, text);
}

function isShrinkable(one: Case): boolean {
  return one.derived ? one.group === 'contract' || one.group === 'laws' : isAuthorsFlow(one);
}

function isAuthorsFlow({ derived, method, steps }: Case): boolean {
  return !derived && method === null && steps.length > 1;
}

/** The rule of the first grave violation of the last attempt; null when it did not fail. */
function brokenRule({ attempts }: CaseOutcome): string | null {
  const last = attempts[attempts.length - 1];
  if (last?.verdict !== 'fail' || last.blocked !== null) return null;
  return last.violations.find(({ level }) => level === 'must')?.rule ?? null;
}

function faultsIn({ attempts }: CaseOutcome, faultsOf: Shrinking['faultsOf']): readonly string[] {
  const last = attempts[attempts.length - 1];
  return last === undefined ? [] : last.exchanges.flatMap(({ exchange }) => faultsOf(exchange.request));
}

/** Every case with one thing less, the largest things first. A thing is left out of all steps, which belong together. */
function* reductions(one: Case): Generator<Case> {
  if (isAuthorsFlow(one)) {
    yield* shorterFlows(one);
    return;
  }
  const specs = one.steps.map(({ spec }) => spec);
  const without = (change: (spec: CaseSpec) => CaseSpec): Case => ({
    ...one,
    steps: one.steps.map((step): Step => ({ ...step, spec: change(step.spec) })),
  });
  if (one.check === null) {
    for (const part of LISTS) {
      const length = Math.max(0, ...specs.map((spec) => listOf(spec, part).length));
      if (length < 2) continue;
      for (let index = length - 1; index >= 0; index -= 1) yield without((spec) => withoutItem(spec, part, index));
    }
  }
  const names = new Set(specs.flatMap((spec) => entitiesOf(spec).flatMap((entity) => Object.keys(entity))));
  for (const name of names) yield without((spec) => mapEntities(spec, (entity) => dropped(entity, name)));
  const patched = new Set(specs.flatMap(({ patch }) => patchedNames(patch)));
  if (patched.size > 1)
    for (const name of patched) yield without((spec) => ({ ...spec, patch: withoutPatched(spec.patch, name) }));
  for (const name of droppableParams(one)) yield without((spec) => ({ ...spec, params: dropped(spec.params, name) }));
}

/** Those of any request; of a law those that all its requests have alike, for it is about the others. */
function droppableParams({ check, steps }: Case): readonly string[] {
  const all = steps.map(({ spec }) => spec.params);
  const names = [...new Set(all.flatMap((params) => Object.keys(params)))];
  if (check === null) return names;
  const [first = {}] = all;
  return names.filter((name) => all.every((params) => jsonEquals(params[name] ?? null, first[name] ?? null)));
}

/** The flow without one of its steps: those after the failure go first, for they were never sent. */
function* shorterFlows(one: Case): Generator<Case> {
  for (let at = one.steps.length - 1; at >= 0; at -= 1) {
    yield { ...one, steps: one.steps.filter((_, index) => index !== at) };
  }
}

const LISTS = ['ids', 'elements', 'entities', 'criteria'] as const;
type ListPart = (typeof LISTS)[number];

function listOf(spec: CaseSpec, part: ListPart): readonly unknown[] {
  const list = spec[part];
  return Array.isArray(list) ? list : [];
}

function withoutItem(spec: CaseSpec, part: ListPart, index: number): CaseSpec {
  const list = listOf(spec, part);
  return list.length < 2 ? spec : { ...spec, [part]: list.filter((_, at) => at !== index) };
}

function entitiesOf({ entity, elements, entities }: CaseSpec): readonly JsonObject[] {
  const all = [entity, ...(elements ?? []), ...(entities ?? []).map((item) => item.entity)];
  return all.filter((value): value is JsonObject => isJsonObject(value));
}

function mapEntities(spec: CaseSpec, change: (entity: JsonObject) => JsonObject): CaseSpec {
  const changed = (value: Json): Json => (isJsonObject(value) ? change(value) : value);
  return {
    ...spec,
    entity: spec.entity === undefined ? undefined : changed(spec.entity),
    elements: spec.elements?.map(changed),
    entities: spec.entities?.map((item) =>
      item.entity === undefined ? item : { ...item, entity: changed(item.entity) },
    ),
  };
}

function patchedNames(patch: Json | undefined): readonly string[] {
  if (!isJsonObject(patch)) return [];
  const { $set: set, $delete: deleted } = patch;
  const names = isJsonArray(deleted) ? deleted.filter((name): name is string => typeof name === 'string') : [];
  return [...(isJsonObject(set) ? Object.keys(set) : []), ...names];
}

function withoutPatched(patch: Json | undefined, name: string): Json | undefined {
  if (!isJsonObject(patch)) return patch;
  const { $set: set, $delete: deleted, ...rest } = patch;
  const kept = isJsonObject(set) ? dropped(set, name) : {};
  const others = isJsonArray(deleted) ? deleted.filter((other) => other !== name) : [];
  return {
    ...rest,
    ...(Object.keys(kept).length === 0 ? {} : { $set: kept }),
    ...(others.length === 0 ? {} : { $delete: others }),
  };
}

function dropped(members: JsonObject, name: string): JsonObject {
  return Object.hasOwn(members, name)
    ? jsonObject(Object.entries(members).filter(([other]) => other !== name))
    : members;
}

/** The smallest outcome under the original case: what it is about does not change, only what was sent. */
function withHint(original: CaseOutcome, smallest: CaseOutcome, rule: string, text: string | null): CaseOutcome {
  const attempts = [...original.attempts.slice(0, -1), ...smallest.attempts.slice(-1)];
  return {
    ...original,
    attempts: attempts.map((attempt, index) => {
      if (index < attempts.length - 1 || text === null) return attempt;
      const at = attempt.violations.findIndex((violation) => violation.rule === rule);
      const violations = attempt.violations.map((violation, position) =>
        position === at
          ? { ...violation, hint: violation.hint === null ? text : `${violation.hint} ${text}` }
          : violation,
      );
      return { ...attempt, violations };
    }),
  };
}

/** The case as a contract writes it, in JSON, which is YAML, too; null where it has no form there. */
async function pasteText(one: Case, pair: Pair | null): Promise<string | null> {
  if (one.check === null) return introduced('As', writtenCase(one.name, one.steps));
  const telling = pair === null ? null : await tellingPaste(one, pair);
  return telling === null
    ? introduced('Its requests, whose answers the law compares, as', writtenCase(one.name, one.steps))
    : introduced('As', telling);
}

/** Contracts cannot compare answers as a law does: the last step expects what the sound endpoint answers. */
async function tellingPaste(one: Case, pair: Pair): Promise<JsonObject | null> {
  const [sound, faulty] = [await pair.sound(one), await pair.faulty(one)];
  const index = firstDifference(sound, faulty);
  const steps = index === null ? null : await tellingSteps(one, index, { sound, faulty }, pair);
  return steps === null ? null : writtenCase(one.name, steps);
}

function introduced(start: string, written: JsonObject | null): string | null {
  if (written === null) return null;
  return `${start} a ${Object.hasOwn(written, 'steps') ? 'flow' : 'case'} to paste: ${stringifyJson(written)}`;
}
