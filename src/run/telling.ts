/**
 * What tells a faulty endpoint from a sound one: a case or flow whose last step has an expectation that only the sound
 * answer meets. Each is tried on both before it is shown.
 */
import type { Expectation } from '../contract/contract.ts';
import type { Case, Step } from '../plan/case.ts';
import { deriveExpectation, deriveOutcome } from '../plan/derive.ts';
import { HEADERS, ID_HEADER, isSameHeader } from '../protocol/headers.ts';
import { isJsonArray, isJsonObject, jsonEquals, jsonObject, type Json } from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import type { HeaderLines } from '../transport/exchange.ts';
import { outcomesOf } from '../verify/outcomes.ts';
import { stepAsSent, withStatuses } from './as-sent.ts';
import { withoutErrorTexts } from './error-texts.ts';
import { tellingPart } from './paste.ts';
import type { Told, Trial } from './trial.ts';

/** Two endpoints with the same contracts, examples and clock, of which one has a fault. Each run starts from the examples. */
export interface Pair {
  readonly sound: (one: Case) => Promise<Trial>;
  readonly faulty: (one: Case) => Promise<Trial>;
}

/**
 * Index of the first exchange whose answers differ in status, headers or body; null where all are the same but for what no
 * endpoint owes: texts of errors, and headers that the mock alone writes.
 */
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
    last === undefined || mine === undefined || other === undefined
      ? null
      : tellingExpectation(mine, other, last, one.steps[index]);
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
    const sent = stepAsSent(step, mine?.exchange.request, mine?.asked.dialect.bases[0] ?? '');
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

/**
 * What only the sound answer of the step meets, and no more than that.
 *
 * @param planned - the step as it was planned, which knows what else may be answered
 */
function tellingExpectation(sound: Told, faulty: Told, { spec }: Step, planned: Step | undefined): Expectation | null {
  const [a, b] = [sound.exchange.response, faulty.exchange.response];
  if (a === null || b === null) return null;
  const isSaid = a.status >= 400 || spec.raw !== null || a.status !== b.status;
  const status = isSaid ? statusesLike(a.status, b.status, planned?.spec.expect ?? null) : null;
  const base = deriveExpectation(spec, { status, each: eachOf(sound) });
  if (a.status !== b.status) return base;
  const header = differingHeader(a.headers, b.headers);
  if (header !== null) return { ...base, headers: new Map<string, Json>([[header.name, header.value]]) };
  const body = tellingPart(withoutGivenKeys(bodyOf(sound), sound), withoutGivenKeys(bodyOf(faulty), faulty));
  // The body of an error says its status, too.
  const own = a.status >= 400 ? { status: [a.status] } : {};
  return body === undefined ? null : { ...base, ...own, body };
}

/** The statuses that mean the same as the sound one, as far as the plan says so; that one alone where they do not tell. */
function statusesLike(sound: number, faulty: number, planned: Expectation | null): readonly number[] {
  const isRefusal = (status: number): boolean => status >= 400;
  const alike = [...new Set(allowedBy(planned))]
    .filter((status) => isRefusal(status) === isRefusal(sound))
    .toSorted((a, b) => a - b);
  return alike.includes(sound) && (sound === faulty || !alike.includes(faulty)) ? alike : [sound];
}

function allowedBy(planned: Expectation | null): readonly number[] {
  return planned === null ? [] : [...(planned.status ?? []), ...planned.orRefused];
}

/** Whether the case allows the faulty status as well as the sound one: then neither endpoint is wrong. */
export function mayBeEither({ steps, check }: Case, index: number, sound: Trial, faulty: Trial): boolean {
  const [a, b] = [sound, faulty].map(({ told }) => told[index]?.exchange.response?.status);
  const allowed = check === null ? allowedBy(steps[index]?.spec.expect ?? null) : [];
  return a !== undefined && b !== undefined && a !== b && allowed.includes(a) && allowed.includes(b);
}

/** The decoded body without what no endpoint owes. */
function bodyOf({ body, exchange }: Told): Json | undefined {
  return body === undefined ? undefined : withoutErrorTexts(body, (exchange.response?.status ?? 0) >= 400);
}

/** Of a batch of creations, results without the keys, which are up to the endpoint; any other body as it is. */
function withoutGivenKeys(body: Json | undefined, { asked: { method } }: Told): Json | undefined {
  const { effect, batchOf } = profileOf(method);
  if (effect !== 'creates' || batchOf === null || !isJsonObject(body) || !isJsonArray(body['elements'])) return body;
  const elements = body['elements'].map((item) =>
    isJsonObject(item)
      ? jsonObject(Object.entries(item).filter(([name]) => name !== 'id' && name !== 'location'))
      : item,
  );
  return jsonObject([...Object.entries(body), ['elements', elements]]);
}

/** Items that fail must be expected to; where none does, or the whole is refused, nothing need be said. */
function eachOf({ asked, body, exchange }: Told): Expectation['each'] {
  if ((exchange.response?.status ?? 0) >= 400) return null;
  const outcomes = outcomesOf(asked, body);
  if (outcomes === null || outcomes.every(({ status }) => status === null || status < 400)) return null;
  return outcomes.map(({ status }) => deriveOutcome({ status: status === null ? null : [status] }));
}

function isSameAnswer(one: Told, other: Told): boolean {
  const [a, b] = [one.exchange.response, other.exchange.response];
  if (a === null || b === null) return a === b;
  if (a.status !== b.status || differingHeader(a.headers, b.headers) !== null) return false;
  return isSameBytes(a.body, b.body) || isSameButForTexts(one, other);
}

/** Whether both are errors, or hold some, that differ in their texts alone. */
function isSameButForTexts(one: Told, other: Told): boolean {
  const [a, b] = [bodyOf(one), bodyOf(other)];
  if (a === undefined || b === undefined || a === one.body || b === other.body) return false;
  return jsonEquals(a, b);
}

/** Lengths follow from bodies and say nothing of their own; the name of a rule is written by the mock alone. */
const DERIVED_HEADERS = new Set(['content-length', 'date', 'x-restli-contract-rule']);

/** Headers whose value is up to the endpoint: who expects one may expect that it is there, or is not another's. */
const GIVEN_HEADERS: readonly string[] = [...Object.values(ID_HEADER), HEADERS.location];

/** The first header whose values differ, with an expectation that only the first lines meet. */
export function differingHeader(
  a: HeaderLines,
  b: HeaderLines,
): { readonly name: string; readonly value: Json } | null {
  for (const [name] of [...a, ...b]) {
    if (DERIVED_HEADERS.has(name.toLowerCase())) continue;
    const [mine, other] = [valueOf(a, name), valueOf(b, name)];
    if (mine === other) continue;
    if (mine === null) return { name, value: { $present: false } };
    const isGiven = GIVEN_HEADERS.some((given) => isSameHeader(given, name));
    return { name, value: isGiven ? (other === null ? { $present: true } : { $not: other }) : mine };
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
