/**
 * A case as the page shows it: plain values, every text visible, in the shape that both the templates and the page's
 * script draw from. Every member is always there, for Handlebars is strict.
 */
import { createHash } from 'node:crypto';
import type { FrameRow } from '../../diagnostic/frame.ts';
import type {
  CaseFinished,
  EventBody,
  EventExchange,
  EventViolation,
  RunStarted,
  VerdictName,
} from '../../run/events.ts';
import { contractFrame } from '../contract-frame.ts';
import { curlText } from '../curl-text.ts';
import { placeOf } from '../place.ts';
import { blamedFor, failedExchanges } from '../problem-groups.ts';
import { rerunOf } from '../rerun.ts';
import { ruleText } from '../rule-text.ts';
import { bytesText, duration } from '../text-style.ts';
import { VERDICT_LOOKS } from '../verdicts.ts';
import { bodyView, type BodyView } from './body-view.ts';
import { proseOf, type Prose } from './prose.ts';

export interface ViolationView {
  readonly rule: string;
  readonly title: Prose;
  readonly level: EventViolation['level'];
  readonly place: string;
  readonly expected: string;
  readonly actual: string;
  /** What of `actual` was cut off; empty when nothing was. */
  readonly actualRest: string;
  readonly message: Prose;
  readonly hint: Prose;
  /** `file:line:col`, or empty. */
  readonly at: string;
  readonly frame: readonly FrameRow[];
  /** 1-based number of its exchange, where there are several; else 0. */
  readonly exchange: number;
}

export interface HeaderView {
  readonly name: string;
  readonly value: string;
  /** Rule that this line breaks, or empty. */
  readonly mark: string;
}

export interface ExchangeView {
  readonly step: string;
  readonly line: string;
  /** `200`, or the code of the failure. */
  readonly status: string;
  readonly statusMark: string;
  readonly failure: string;
  readonly time: string;
  readonly requestHeaders: readonly HeaderView[];
  readonly requestBody: BodyView | null;
  readonly responseHeaders: readonly HeaderView[];
  readonly responseBody: BodyView | null;
  readonly answered: boolean;
  readonly curl: string;
  /** The answer of the endpoint that it was compared with; null where nothing was compared. */
  readonly baseline: BaselineView | null;
}

/** Of the answer alone, under the names that it has in an exchange. */
export type BaselineView = Pick<
  ExchangeView,
  'status' | 'statusMark' | 'failure' | 'time' | 'responseHeaders' | 'responseBody' | 'answered'
>;

export interface CaseView {
  readonly anchor: string;
  readonly id: string;
  readonly name: string;
  readonly resource: string;
  readonly method: string;
  readonly verdict: VerdictName;
  readonly sign: string;
  readonly reason: string;
  readonly time: string;
  readonly contract: string;
  readonly rerun: string;
  /** A case or flow to paste into the contract, or empty. */
  readonly paste: string;
  /** Why it was skipped, blocked or waived. */
  readonly note: string;
  readonly checks: number;
  /** One sign an attempt; empty for a single one. */
  readonly attempts: readonly { readonly sign: string; readonly verdict: VerdictName }[];
  readonly violations: readonly ViolationView[];
  readonly exchanges: readonly ExchangeView[];
}

const LEVELS: readonly EventViolation['level'][] = ['must', 'should', 'may'];
/** Of a longer name the rest is in its id. */
const NAME_CHARACTERS = 300;
/** Characters of an actual value that stand in the open. */
const ACTUAL_CHARACTERS = 200;
const MAX_ACTUAL_REST = 4000;
/** A longer body is named in the command, not written out: it stands in the page already. */
const CURL_BODY_CHARACTERS = 8000;

/** The case's anchor in the page: `c-` and the first ten hex digits of its id's SHA-256. */
export function anchorOf(id: string): string {
  return `c-${createHash('sha256').update(id).digest('hex').slice(0, 10)}`;
}

/**
 * @param readFile - contract lines for code frames; the script's cases pass a function that answers null to stay small
 */
export function caseView(
  finished: CaseFinished,
  run: RunStarted | null,
  readFile: (file: string) => string | null,
): CaseView {
  const { waiver, skipReason, attempts, contract } = finished;
  const exchanges = failedExchanges(finished);
  const own = byWeight(finished.violations.length > 0 ? finished.violations : blamedFor(finished));
  const several = exchanges.length > 1;
  return {
    anchor: anchorOf(finished.id),
    id: finished.id,
    name: finished.name.length > NAME_CHARACTERS ? `${finished.name.slice(0, NAME_CHARACTERS)}…` : finished.name,
    resource: finished.resource ?? '',
    method: finished.method ?? 'flow',
    verdict: finished.verdict,
    sign: VERDICT_LOOKS[finished.verdict].sign,
    reason: finished.reason,
    time: duration(finished.durationMs),
    contract: contract === null ? '' : `${contract.file}:${contract.line}:${contract.col}`,
    rerun: rerunOf(run, finished) ?? '',
    paste: finished.paste ?? '',
    note: waiver === null ? (skipReason ?? '') : `${waiver.reason} (until ${waiver.until})`,
    checks: finished.checks.total,
    attempts:
      attempts.length < 2 ? [] : attempts.map(({ verdict }) => ({ verdict, sign: VERDICT_LOOKS[verdict].sign })),
    violations: own.map((violation) => violationView(violation, several, readFile)),
    exchanges: exchanges.map((exchange, index) =>
      exchangeView(
        exchange,
        own.filter((one) => one.exchange === index),
      ),
    ),
  };
}

/** What decided the verdict first; of equal level as they were found. */
function byWeight(violations: readonly EventViolation[]): readonly EventViolation[] {
  return LEVELS.flatMap((level) => violations.filter((violation) => violation.level === level));
}

export function violationView(
  violation: EventViolation,
  several: boolean,
  readFile: (file: string) => string | null,
): ViolationView {
  const { at, actual } = violation;
  const rule = ruleText(violation.rule);
  return {
    rule: violation.rule,
    title: proseOf(rule.title === violation.rule ? violation.message : rule.title),
    level: violation.level,
    place: placeOf(violation),
    expected: cutText(violation.expected, MAX_ACTUAL_REST),
    actual: actual.length > ACTUAL_CHARACTERS ? `${actual.slice(0, ACTUAL_CHARACTERS)}…` : actual,
    actualRest: actual.length > ACTUAL_CHARACTERS ? cutText(actual.slice(ACTUAL_CHARACTERS), MAX_ACTUAL_REST) : '',
    message: proseOf(violation.message),
    hint: proseOf(violation.hint ?? rule.fix ?? ''),
    at: at === null ? '' : `${at.file}:${at.line}:${at.col}`,
    frame: at === null ? [] : (contractFrame(at, readFile) ?? []),
    exchange: several ? violation.exchange + 1 : 0,
  };
}

function exchangeView(exchange: EventExchange, violations: readonly EventViolation[]): ExchangeView {
  const { request, baseline } = exchange;
  const inRequest = violations.filter(({ where }) => where.startsWith('request'));
  const inResponse = violations.filter(({ where }) => !where.startsWith('request'));
  return {
    ...answerView(exchange, inResponse),
    step: exchange.step ?? '',
    line: `${request.verb} ${request.url}`,
    requestHeaders: headerViews(request.headers, inRequest),
    requestBody: request.body === null ? null : shownBody(request.body, inRequest),
    curl: curlText(exchange, CURL_BODY_CHARACTERS),
    baseline: baseline === undefined ? null : answerView(baseline, []),
  };
}

function answerView(
  { response, failure, durationMs }: Pick<EventExchange, 'response' | 'failure' | 'durationMs'>,
  violations: readonly EventViolation[],
): BaselineView {
  return {
    status: response === null ? (failure?.code ?? 'no answer') : String(response.status),
    statusMark: violations.find(({ where }) => where === 'status')?.rule ?? '',
    failure: failure === null ? '' : `${failure.message} ${failure.hint}`,
    time: duration(durationMs),
    responseHeaders: response === null ? [] : headerViews(response.headers, violations),
    responseBody: response === null || response.body === null ? null : shownBody(response.body, violations),
    answered: response !== null,
  };
}

/** Lines of the message, each with the rule it breaks; a header that should be there and is not gets a line of its own. */
function headerViews(
  lines: readonly (readonly [string, string])[],
  violations: readonly EventViolation[],
): readonly HeaderView[] {
  const broken = new Map(
    violations.flatMap(({ header, rule }) => (header === null ? [] : [[header.toLowerCase(), { header, rule }]])),
  );
  const shown = lines.map(([name, value]) => {
    const mark = broken.get(name.toLowerCase())?.rule ?? '';
    return { name, value, mark };
  });
  const present = new Set(lines.map(([name]) => name.toLowerCase()));
  const missing = [...broken].filter(([name]) => !present.has(name));
  return [...shown, ...missing.map(([, { header, rule }]) => ({ name: header, value: '', mark: `missing: ${rule}` }))];
}

function shownBody(body: EventBody, violations: readonly EventViolation[]): BodyView {
  const marks = violations.flatMap(({ pointer, rule, where }) =>
    pointer === null || where === 'status' || where === 'header' ? [] : [{ pointer, rule }],
  );
  return bodyView(body, marks);
}

function cutText(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}… (${bytesText(text.length - limit)} more)`;
}
