/**
 * The judge of answers: what the method promises by profile, dialect and contract, then what the author expects.
 *
 * Pure. A correct answer costs little more than its JSON and its schema: texts and positions are made for violations.
 */
import type { Expectation } from '../contract/contract.ts';
import { quote } from '../diagnostic/quote.ts';
import { HEADERS } from '../protocol/headers.ts';
import { memberOf, type Json } from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import {
  headerOf,
  type Exchange,
  type HttpResponse,
  type TransportFailure,
  type TransportPhase,
} from '../transport/exchange.ts';
import { okStatuses, type Answer } from './answer.ts';
import { checkErrorAnswer } from './answer-error.ts';
import { checkContentType, checkCreated, checkPromisedHeaders, checkVersion } from './answer-headers.ts';
import { checkNoBody } from './answer-envelope.ts';
import { checkSuccessBody } from './answer-success.ts';
import { becomesWithoutHeader, reportAnsweredAs } from './answered-as.ts';
import type { Asked } from './asked.ts';
import { readBody } from './body.ts';
import { checkExpectation, checkItems } from './check-expectation.ts';
import { Findings, placeOf } from './findings.ts';
import { mergeViolations } from './verdict.ts';
import type { Violation } from './violation.ts';

export interface ResponseContext {
  /** Index of the exchange within its case. */
  readonly exchangeIndex: number;
}

export interface ResponseJudgement {
  readonly violations: readonly Violation[];
  /** How many promises were looked at. */
  readonly checks: number;
  /** The body, decoded; undefined: no bytes, or no JSON. */
  readonly body: Json | undefined;
}

/** Statuses whose answers never have a body. */
const WITHOUT_BODY = new Set([204, 205, 304]);

/**
 * Judges one answer.
 *
 * A replayed request (`asked.spec`) must succeed unless its author expects otherwise. Of foreign traffic, where nobody
 * says what should come back, errors are judged as errors.
 *
 * @param expectation - variables already put in; null: nothing beyond the method's promise
 * @returns every violation of every level, at most 20 an exchange; never throws, whatever the bytes
 */
export function checkResponse(
  asked: Asked,
  exchange: Exchange,
  expectation: Expectation | null,
  context: ResponseContext,
): ResponseJudgement {
  const findings = new Findings(asked.dialect, asked.operation?.exempt ?? null, context.exchangeIndex);
  const { response, failure } = exchange;
  if (failure !== null || response === null) {
    reportFailure(findings, failure);
    return { violations: findings.violations, checks: findings.checks, body: undefined };
  }

  const read = readBody(response.body);
  const promise = asked.operation?.responses.find(({ status }) => status.includes(response.status)) ?? null;
  const answer: Answer = { asked, response, body: read.value, isEmpty: read.isEmpty, promise, findings };

  if (isSuccess(response.status) && !wantsRefusal(expectation) && reportAnsweredAs(answer)) return judgement(answer);

  const page = read.faults.find(({ isPage }) => isPage === true);
  const isKept = checkStatus(answer, expectation);
  // A page of HTML is one problem: its type, its missing members and what an author expects of them say no more.
  if (page !== undefined) {
    const faults = isKept === 'otherwise' ? [] : read.faults;
    for (const { isPage: _, ...fault } of faults) findings.add(`body/${fault.kind}`, { where: 'body', ...fault });
    return judgement(answer);
  }
  checkVersion(answer, headerOf(exchange.request.headers, HEADERS.protocol));
  checkContentType(answer);
  for (const fault of read.faults) findings.add(`body/${fault.kind}`, { where: 'body', ...fault });

  if (isSuccess(response.status)) checkSuccess(answer);
  else if (response.status >= 400)
    checkErrorAnswer(answer, isKept !== 'as-expected' || isExpected(answer, expectation));
  if (isKept !== 'as-expected') return judgement(answer);

  if (expectation !== null) checkExpectation(answer, expectation);
  if (isSuccess(response.status) && (expectation !== null || asked.spec !== null)) {
    checkItems(answer, expectation?.each ?? null, expectation?.pointer ?? asked.spec?.pointer ?? '');
  }
  return judgement(answer);
}

/** A request that is broken on purpose becomes another method by design; there the status says all. */
function wantsRefusal(expectation: Expectation | null): boolean {
  return expectation?.status?.every((status) => status >= 400) === true;
}

function judgement({ findings, body }: Answer): ResponseJudgement {
  return { violations: mergeViolations(findings.violations), checks: findings.checks, body };
}

/**
 * `as-expected`: the rest of the expectation is to be judged. `refused`: the other outcome that the case allows.
 * `otherwise`: one violation tells, and comparing a body that belongs to another status would only bury it.
 */
function checkStatus(answer: Answer, expectation: Expectation | null): 'as-expected' | 'refused' | 'otherwise' {
  const { asked, response, promise, findings } = answer;
  const { status } = response;
  findings.checks += 1;
  if (expectation !== null && expectation.orRefused.includes(status)) return 'refused';

  const statuses = expectation?.status ?? null;
  if (statuses !== null && !statuses.includes(status)) {
    findings.add('expectation/status', {
      where: 'status',
      expected: statuses.join(' or '),
      actual: `${status}`,
      message: `Expected status ${statuses.join(' or ')}, got ${status}${reasonOf(answer)}.`,
      ...credentialsHint(answer),
      at: placeOf(asked.contract, `${expectation?.pointer ?? ''}/status`),
    });
    return 'otherwise';
  }
  if (isRedirect(status) && statuses === null) {
    const location = headerOf(response.headers, HEADERS.location);
    findings.add('status/redirect', {
      where: 'status',
      expected: 'an answer',
      actual: `${status}${location === null ? '' : ` to ${location}`}`,
      message: `The endpoint redirects${location === null ? '' : ` to ${location}`}; redirects are not followed.`,
    });
    return 'otherwise';
  }
  if (isSuccess(status)) {
    if (asked.operation === null ? !okStatuses(asked).includes(status) : promise === null) {
      const promised = asked.operation?.responses.flatMap((one) => one.status) ?? okStatuses(asked);
      findings.add('status/undeclared-success', {
        where: 'status',
        expected: promised.join(' or '),
        actual: `${status}`,
        message: `The method promises ${promised.join(' or ')}, the answer has ${status}.`,
        at:
          asked.operation === null
            ? null
            : placeOf(asked.contract, asked.operation.responses[0]?.pointer ?? asked.operation.pointer),
      });
    }
    return 'as-expected';
  }
  if (statuses !== null || (expectation === null && asked.spec === null)) return 'as-expected';

  const promised = asked.operation?.responses.flatMap((one) => one.status) ?? okStatuses(asked);
  findings.add('status/not-success', {
    where: 'status',
    expected: promised.join(' or '),
    actual: `${status}`,
    message: `The request keeps the contract and is answered ${status}${reasonOf(answer)}.`,
    ...lostHeaderHint(asked),
    ...credentialsHint(answer),
    at:
      expectation === null
        ? asked.spec === null
          ? null
          : placeOf(asked.contract, asked.spec.pointer)
        : placeOf(asked.contract, expectation.pointer),
  });
  return 'otherwise';
}

/** An endpoint that wants to know who asks: where the tool is told so. */
function credentialsHint({ response }: Answer): { readonly hint?: string } {
  return response.status === 401 || response.status === 403
    ? {
        hint: "The endpoint wants other credentials: they come from `auth` of the target, or from --header 'Authorization: …'.",
      }
    : {};
}

/** What the error body says, for a reader who would look there first. */
function reasonOf({ response, body }: Answer): string {
  const page = readBody(response.body).faults.find(({ isPage }) => isPage === true);
  if (page !== undefined) return ` with a page of HTML: ${page.actual}`;
  const said = response.status < 400 ? undefined : memberOf(body, 'message');
  return typeof said === 'string' && said !== '' ? `: ${quote(said.trim())}` : '';
}

/** Where only the header tells two methods apart, losing it is the likeliest cause of a refusal. */
function lostHeaderHint({ method, operation }: Asked): { readonly hint?: string } {
  const becomes = operation === null ? null : becomesWithoutHeader(method, operation.level);
  if (becomes === null) return {};
  return {
    hint: `See whether ${HEADERS.method} reaches the server: without it this request is a ${becomes}, and is refused as one. If the refusal is right, say so in \`expect\`.`,
  };
}

function checkSuccess(answer: Answer): void {
  checkPromisedHeaders(answer);
  checkCreated(answer);
  if (!WITHOUT_BODY.has(answer.response.status)) return checkSuccessBody(answer);
  if (!answer.isEmpty) return checkNoBody(answer);
  // An envelope is not looked for behind a status that has no body: the status is the violation.
  const { returns } = profileOf(answer.asked.method);
  if (returns === 'none' || returns === 'created') checkSuccessBody(answer);
}

function isExpected(answer: Answer, expectation: Expectation | null): boolean {
  const { status } = answer.response;
  return (
    expectation !== null && (expectation.status?.includes(status) === true || expectation.orRefused.includes(status))
  );
}

function isSuccess(status: HttpResponse['status']): boolean {
  return status >= 200 && status < 300;
}

function isRedirect(status: HttpResponse['status']): boolean {
  return status >= 300 && status < 400;
}

/** The rule that names each phase in which an exchange can end. */
const FAILURE_RULES: Readonly<Record<TransportPhase, string>> = {
  dns: 'transport/dns',
  connect: 'transport/connect',
  tls: 'transport/tls',
  proxy: 'transport/proxy',
  send: 'transport/send',
  headers: 'transport/headers',
  body: 'transport/body',
  total: 'transport/timeout',
  aborted: 'transport/aborted',
};

function reportFailure(findings: Findings, failure: TransportFailure | null): void {
  findings.checks += 1;
  const isTimeout = failure?.code.endsWith('timeout') === true;
  findings.add(
    failure === null ? 'transport/headers' : isTimeout ? 'transport/timeout' : FAILURE_RULES[failure.phase],
    {
      where: 'transport',
      expected: 'a complete answer',
      actual: failure?.code ?? 'nothing',
      message: failure?.message ?? 'The exchange has neither an answer nor a reason why.',
      hint: failure?.hint ?? null,
    },
  );
}
