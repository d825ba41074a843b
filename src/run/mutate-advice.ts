/**
 * What a contract needs in order to notice a fault that it let pass: a case in which the faulty endpoint answers
 * otherwise, with an expectation that only the sound answer meets. Each is tried on both before it is shown.
 */
import type { Contract, Expectation, Outcome } from '../contract/contract.ts';
import type { Case, Step } from '../plan/case.ts';
import { isSameHeader } from '../protocol/headers.ts';
import type { Json } from '../protocol/json.ts';
import type { HeaderLines } from '../transport/exchange.ts';
import { outcomesOf } from '../verify/outcomes.ts';
import type { Mutant } from './mutants.ts';
import type { Told, Trial, Trials } from './mutate-trial.ts';
import { pasteOf, tellingPart } from './paste.ts';

/** The first exchange of a case that a faulty endpoint answers otherwise. */
export interface Witness {
  readonly one: Case;
  /** Index among the exchanges of the case. */
  readonly index: number;
  readonly sound: Told;
  readonly faulty: Told;
  /** What is told of the faulty answer and not of the sound one, and fails nothing. */
  readonly told: { readonly rule: string; readonly level: string } | null;
}

/** The first exchange whose answers differ in status, headers or body; null where all are the same, byte for byte. */
export function witnessOf(one: Case, sound: Trial, faulty: Trial): Witness | null {
  for (const [index, told] of sound.told.entries()) {
    const other = faulty.told[index];
    if (other === undefined) return null;
    if (isSameAnswer(told, other)) continue;
    const known = new Set(sound.outcome.violations.map(({ rule }) => rule));
    const fresh = faulty.outcome.violations.find(({ rule }) => !known.has(rule));
    return { one, index, sound: told, faulty: other, told: fresh ?? null };
  }
  return null;
}

/** One sentence on what differs: `status 404 became 200`. */
export function differenceOf({ sound, faulty }: Witness): string {
  const [a, b] = [sound.exchange.response, faulty.exchange.response];
  if (a === null || b === null) return 'one of them is no answer';
  if (a.status !== b.status) return `status ${a.status} becomes ${b.status}`;
  const header = differingHeader(a.headers, b.headers);
  if (header !== null) return `the header ${header.name} changes`;
  return 'the body changes';
}

/** A case or flow that notices the mutant and passes without it, as YAML; null where none can be written. */
export async function pasteFor(witness: Witness, mutant: Mutant, trials: Trials): Promise<string | null> {
  const { one, index, sound } = witness;
  const steps = stepsUpTo(one, index, sound);
  const last = steps?.[steps.length - 1];
  const expect = last === undefined ? null : tellingExpectation(witness, last);
  if (steps === null || last === undefined || expect === null) return null;

  const { contract, operation } = last;
  const telling = { spec: { ...last.spec, expect }, contract, operation };
  let kept: readonly Step[] = [...steps.slice(0, -1), telling];
  if (!(await tells(one, kept, mutant, trials))) return null;
  // Laws ask more than one needs here: what does not help to tell is left out.
  for (const step of steps.slice(0, -1)) {
    const fewer = kept.filter(({ spec }) => spec !== step.spec);
    if (await tells(one, fewer, mutant, trials)) kept = fewer;
  }
  return pasteOf(nameFor(mutant), kept, expect);
}

/** Whether the steps pass on the sound endpoint and fail on the mutant. */
async function tells(one: Case, steps: readonly Step[], mutant: Mutant, trials: Trials): Promise<boolean> {
  const tried: Case = { ...one, steps, check: null, cleanup: [] };
  const sound = await trials.run(tried, null);
  return !sound.noticed && sound.outcome.blocked === null && (await trials.run(tried, mutant)).noticed;
}

/** The steps whose last one made the exchange, as plain steps of a flow. Null where a retry hides which one that was. */
function stepsUpTo(one: Case, index: number, { asked }: Told): readonly Step[] | null {
  const steps = one.steps.slice(0, index + 1);
  const last = steps[index];
  if (last === undefined || last.spec.method !== asked.method || last.contract !== asked.contract) return null;
  return steps.map(({ spec, contract, operation, rewrite }) => ({
    spec: { ...spec, retry: null },
    contract,
    operation,
    ...(rewrite === undefined ? {} : { rewrite }),
  }));
}

/** What only the sound answer of the step meets. */
function tellingExpectation({ sound, faulty }: Witness, { spec }: Step): Expectation | null {
  const [a, b] = [sound.exchange.response, faulty.exchange.response];
  if (a === null || b === null) return null;
  const isRefusal = a.status >= 400;
  const base: Expectation = {
    status: isRefusal || spec.raw !== null || a.status !== b.status ? [a.status] : null,
    orRefused: [],
    headers: new Map(),
    body: undefined,
    key: undefined,
    each: eachOf(sound),
    pointer: spec.pointer,
  };
  if (a.status !== b.status) return base;
  const header = differingHeader(a.headers, b.headers);
  if (header !== null) return { ...base, headers: new Map<string, Json>([[header.name, header.value]]) };
  const body = tellingPart(sound.body, faulty.body);
  return body === undefined ? null : { ...base, body };
}

/** Items that fail must be expected to; where none does, nothing need be said. */
function eachOf({ asked, body }: Told): Expectation['each'] {
  const outcomes = outcomesOf(asked, body);
  if (outcomes === null || outcomes.every(({ status }) => status === null || status < 400)) return null;
  return outcomes.map(({ status }): Outcome => ({ ...NO_OUTCOME, status: status === null ? null : [status] }));
}

const NO_OUTCOME: Outcome = {
  status: null,
  key: undefined,
  entity: undefined,
  elements: undefined,
  paging: undefined,
  metadata: undefined,
  error: undefined,
};

function isSameAnswer({ exchange: one }: Told, { exchange: other }: Told): boolean {
  const [a, b] = [one.response, other.response];
  if (a === null || b === null) return a === b;
  return a.status === b.status && differingHeader(a.headers, b.headers) === null && isSameBytes(a.body, b.body);
}

/** Lengths follow from bodies, and say nothing of their own. */
const DERIVED_HEADERS = new Set(['content-length', 'date']);

function differingHeader(a: HeaderLines, b: HeaderLines): { readonly name: string; readonly value: Json } | null {
  for (const [name] of [...a, ...b]) {
    if (DERIVED_HEADERS.has(name.toLowerCase())) continue;
    const [mine, other] = [valueOf(a, name), valueOf(b, name)];
    if (mine !== other) return { name, value: mine ?? { $present: false } };
  }
  return null;
}

function valueOf(lines: HeaderLines, wanted: string): string | null {
  const values = lines.filter(([name]) => isSameHeader(name, wanted)).map(([, value]) => value);
  return values.length === 0 ? null : values.join(', ');
}

function isSameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** `Answers the first page …` -> `never answers the first page …`; no name of a case contains a slash. */
function nameFor({ fault }: Mutant): string {
  const { title } = fault;
  return `never ${title.slice(0, 1).toLowerCase()}${title.slice(1)}`.replaceAll('/', ' ').replaceAll('`', '');
}

/** Cases about a method of a resource, whichever of their steps it is. */
export function isAbout(one: Case, contract: Contract, method: Mutant['method']): boolean {
  return one.steps.some((step) => step.contract === contract && step.spec.method === method);
}
