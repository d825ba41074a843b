/**
 * What tells a faulty endpoint from a sound one: a case or flow whose last step has an expectation that only the sound
 * answer meets. Each is tried on both before it is shown.
 */
import type { Expectation } from '../contract/contract.ts';
import type { Case, Step } from '../plan/case.ts';
import { deriveExpectation, deriveOutcome } from '../plan/derive.ts';
import { isSameHeader } from '../protocol/headers.ts';
import type { Json } from '../protocol/json.ts';
import type { HeaderLines } from '../transport/exchange.ts';
import { outcomesOf } from '../verify/outcomes.ts';
import { stepAsSent, withStatuses } from './as-sent.ts';
import { tellingPart } from './paste.ts';
import type { Told, Trial } from './trial.ts';

/** Two endpoints with the same contracts, examples and clock, of which one has a fault. Each run starts from the examples. */
export interface Pair {
  readonly sound: (one: Case) => Promise<Trial>;
  readonly faulty: (one: Case) => Promise<Trial>;
}

/** Index of the first exchange whose answers differ in status, headers or body; null where all are the same, byte for byte. */
export function firstDifference(sound: Trial, faulty: Trial): number | null {
  for (const [index, told] of sound.told.entries()) {
    const other = faulty.told[index];
    if (other === undefined) return null;
    if (!isSameAnswer(told, other)) return index;
  }
  return null;
}

/**
 * The fewest of the case's steps that tell the two apart.
 *
 * @returns steps of a flow, the expectation in the last; null where none can be written
 */
export async function tellingSteps(
  one: Case,
  index: number,
  { sound, faulty }: { readonly sound: Trial; readonly faulty: Trial },
  pair: Pair,
): Promise<readonly Step[] | null> {
  const [mine, other] = [sound.told[index], faulty.told[index]];
  const steps = stepsUpTo(one, index, sound.told);
  const last = steps?.[steps.length - 1];
  const expect =
    last === undefined || mine === undefined || other === undefined ? null : tellingExpectation(mine, other, last);
  if (steps === null || last === undefined || expect === null) return null;

  const earlier = steps.slice(0, -1);
  let kept: readonly Step[] = [...earlier, { ...last, spec: { ...last.spec, expect } }];
  if (!(await tells(one, kept, pair))) return null;
  // Laws ask more than one needs here: what does not help to tell is left out.
  for (const step of earlier) {
    const fewer = kept.filter((own) => own !== step);
    if (await tells(one, fewer, pair)) kept = fewer;
  }
  return kept;
}

/** Whether the steps, as an author's, pass on the sound endpoint and fail on the faulty one. */
export async function tells(one: Case, steps: readonly Step[], pair: Pair): Promise<boolean> {
  const tried: Case = { ...one, steps, check: null, cleanup: [] };
  const sound = await pair.sound(tried);
  return !sound.noticed && sound.outcome.blocked === null && (await pair.faulty(tried)).noticed;
}

/**
 * The steps whose last one made the exchange, as plain steps of a flow; a refusal by the sound endpoint is expected. Null
 * where a retry hides which one that was.
 */
function stepsUpTo(one: Case, index: number, told: readonly Told[]): readonly Step[] | null {
  const steps = one.steps.slice(0, index + 1);
  const [last, { asked } = { asked: null }] = [steps[index], told[index]];
  if (last === undefined || last.spec.method !== asked?.method || last.contract !== asked.contract) return null;
  const plain = steps.map((step, at): Step | null => {
    const mine = told[at];
    const sent = stepAsSent(step, mine?.exchange.request);
    if (sent === null) return null;
    const expect = step.spec.expect ?? (mine === undefined ? null : toldExpectation(mine, step));
    return withStatuses({ ...sent, spec: { ...sent.spec, expect, retry: null } }, true);
  });
  return plain.every((step) => step !== null) ? plain : null;
}

/** What an author must say of an answer that a law takes as it is: a refusal, items that fail; null: nothing. */
function toldExpectation(told: Told, { spec }: Step): Expectation | null {
  const status = told.exchange.response?.status ?? 0;
  const each = eachOf(told);
  return status < 400 && each === null
    ? null
    : deriveExpectation(spec, { status: status < 400 ? null : [status], each });
}

/** What only the sound answer of the step meets. */
function tellingExpectation(sound: Told, faulty: Told, { spec }: Step): Expectation | null {
  const [a, b] = [sound.exchange.response, faulty.exchange.response];
  if (a === null || b === null) return null;
  const isRefusal = a.status >= 400;
  const status = isRefusal || spec.raw !== null || a.status !== b.status ? [a.status] : null;
  const base = deriveExpectation(spec, { status, each: eachOf(sound) });
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
  return outcomes.map(({ status }) => deriveOutcome({ status: status === null ? null : [status] }));
}

function isSameAnswer({ exchange: one }: Told, { exchange: other }: Told): boolean {
  const [a, b] = [one.response, other.response];
  if (a === null || b === null) return a === b;
  return a.status === b.status && differingHeader(a.headers, b.headers) === null && isSameBytes(a.body, b.body);
}

/** Lengths follow from bodies, and say nothing of their own. */
const DERIVED_HEADERS = new Set(['content-length', 'date']);

/** The first header whose values differ, with an expectation that only the first lines meet. */
export function differingHeader(
  a: HeaderLines,
  b: HeaderLines,
): { readonly name: string; readonly value: Json } | null {
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
