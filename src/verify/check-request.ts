/**
 * The judge of requests: what a client sent, against the wire, the dialect and the contract.
 *
 * One cause, one finding: what a broken escape or a lost header entails is not told again as a wrong type or a missing
 * key. Pure; never throws.
 */
import type { Contract, Operation } from '../contract/contract.ts';
import { methodHeaderLevel, type Dialect } from '../protocol/dialects.ts';
import { HEADERS, protocolOf } from '../protocol/headers.ts';
import { profileOf, type MethodName } from '../protocol/methods.ts';
import {
  readRequest,
  type ReadRequest,
  type Refusal,
  type ResourceShape,
  type WireRequest,
} from '../protocol/request.ts';
import type { Routed } from '../protocol/route.ts';
import { headerOf } from '../transport/exchange.ts';
import type { Asked } from './asked.ts';
import { readBody } from './body.ts';
import { Findings, placeOf } from './findings.ts';
import { fitsAsWritten } from './fits-as-written.ts';
import { checkBody } from './request-body.ts';
import { checkEncoding } from './request-encoding.ts';
import {
  checkDeclaredHeaders,
  checkDialectHeaders,
  checkMethodHeader,
  checkProtocolHeader,
  namedMethod,
  reportDeprecated,
} from './request-headers.ts';
import { askedOf, type Typed } from './read-asked.ts';
import { checkKeys } from './request-keys.ts';
import { checkLimits } from './request-limits.ts';
import { checkParams } from './request-params.ts';
import {
  acceptedBy,
  baseOf,
  basesOf,
  bookOf,
  contractOf,
  DECORATION,
  dialectOf,
  structuredNames,
  wireOf,
  withoutDecoration,
  type Addressing,
} from './request-place.ts';
import { reportRefusal } from './request-refusal.ts';
import {
  checkIgnoredParameters,
  checkIntent,
  operationOf,
  reportNoMethod,
  reportUndeclared,
} from './request-routing.ts';
import type { IncomingRequest, Intent, Sent } from './sent.ts';
import { checkTunnel, type TunnelFault } from './request-tunnel.ts';
import { mergeViolations } from './verdict.ts';
import type { Violation } from './violation.ts';

export type { IncomingRequest, Intent } from './sent.ts';

export interface RequestOptions extends Addressing {
  /** The day of the run, `YYYY-MM-DD`; without it the age of a version is not judged. */
  readonly today?: string;
  /** What the author of the request meant, where that is known: decides what the wire alone cannot. */
  readonly intent?: Intent;
  /** Tells all violations of a body, however many; default: those that {@link mergeViolations} keeps. */
  readonly everyViolation?: boolean;
}

export interface RequestJudgement {
  /** What the request asks, for `checkResponse`; null where it reaches no method of a contract. */
  readonly asked: Asked | null;
  /** null: refused before a method is looked for. */
  readonly routed: Routed | null;
  readonly refusal: Refusal | null;
  readonly violations: readonly Violation[];
  readonly checks: number;
  /** Whose path it is; null: of no contract. */
  readonly contract: Contract | null;
  /** null: the contract does not declare what the request reaches. */
  readonly operation: Operation | null;
  /** The request as read; null when refused. */
  readonly read: ReadRequest | null;
  readonly dialect: Dialect;
}

/**
 * Judges one request.
 *
 * @param contracts - all that may be meant; an array that stays the same is prepared once
 */
export function checkRequest(
  request: IncomingRequest,
  contracts: readonly Contract[],
  options: RequestOptions,
): RequestJudgement {
  const whole = wireOf(request);
  const book = bookOf(contracts);
  const bases = basesOf(contracts, options);
  const asSent = readRequest(whole, book.shapes, { bases });
  const contract = contractOf(asSent, whole, book, bases);
  const dialect = dialectOf(contract, options);
  const isDecorated = 'reason' in asSent && asSent.at.name === DECORATION && dialect.unknownParams === 'error';
  const wire = isDecorated ? withoutDecoration(whole) : whole;
  const read = isDecorated ? readRequest(wire, book.shapes, { bases }) : asSent;
  const intent = options.intent ?? null;
  const known = 'reason' in read ? null : read;
  const method = known !== null && 'method' in known.routed ? known.routed.method : null;
  const operation = contract === null || method === null ? null : operationOf(contract, method, known?.name ?? null);
  const findings = new Findings(dialect, operation?.exempt ?? null, 0);
  const base = baseOf(wire.path, dialect, options.basePath);
  if (isDecorated) {
    reportDeprecated(findings, 'deprecated/parameter', `parameter \`${DECORATION}\``, 'fields', {
      where: 'request-line',
    });
  }
  const judge = new RequestJudge({
    request,
    wire,
    contract,
    dialect,
    base,
    intent,
    findings,
    today: options.today ?? null,
    shapes: book.shapes,
    bases,
  });
  const sent = judge.judge(read);

  const asked =
    known === null || contract === null || method === null
      ? null
      : askedOf(known, contract, operation, method, dialect, sent);
  return {
    asked,
    routed: known?.routed ?? null,
    refusal: 'reason' in read ? read : null,
    violations: options.everyViolation === true ? findings.violations : mergeViolations(findings.violations),
    checks: findings.checks,
    contract,
    operation,
    read: known,
    dialect,
  };
}

interface Case {
  readonly request: IncomingRequest;
  readonly wire: WireRequest;
  readonly contract: Contract | null;
  readonly dialect: Dialect;
  readonly base: string | null;
  readonly intent: Intent | null;
  readonly findings: Findings;
  readonly today: string | null;
  readonly shapes: readonly ResourceShape[];
  readonly bases: readonly string[];
}

class RequestJudge {
  readonly #case: Case;

  constructor(given: Case) {
    this.#case = given;
  }

  /** @returns what was typed on the way, where the request was judged as the server reads it */
  judge(actual: ReadRequest | Refusal): Typed | null {
    const { wire, dialect, findings, contract, base } = this.#case;
    const read = this.#asMeant(actual);
    const tunnelFault = checkTunnel(findings, wire, 'reason' in read ? read : null);
    checkProtocolHeader(findings, wire.headers, acceptedBy(contract, dialect), syntaxOf(read, wire));
    checkLimits(findings, wire, dialect);
    if (contract !== null) checkDialectHeaders({ findings, dialect, wire, base }, this.#case.today);

    const isBroken = this.#checkLine(read);
    if ('reason' in read) {
      this.#judgeRefused(read, isBroken, tunnelFault);
      return null;
    }
    const typed = this.#judgeRouted(read, isBroken, tunnelFault);
    return read === actual ? typed : null;
  }

  /**
   * A request without version header is read as 1.0.0; its author most likely meant the version of the contract. What
   * follows judges the request as meant, for the missing header is told already.
   */
  #asMeant(actual: ReadRequest | Refusal): ReadRequest | Refusal {
    const { wire, contract, dialect, shapes, bases } = this.#case;
    const [version] = acceptedBy(contract, dialect);
    if (headerOf(wire.headers, HEADERS.protocol) !== null || version !== '2.0.0') return actual;
    const meant = readRequest({ ...wire, headers: [...wire.headers, [HEADERS.protocol, version]] }, shapes, { bases });
    return 'reason' in meant ? actual : meant;
  }

  #checkLine(read: ReadRequest | Refusal): boolean {
    const { wire, contract, findings, base } = this.#case;
    const inner = 'reason' in read ? wire : read.untunnelled;
    const header = headerOf(wire.headers, HEADERS.protocol);
    const protocol = 'reason' in read ? (protocolOf(header) === '1.0.0' ? '1.0.0' : '2.0.0') : read.protocol;
    // Without the header 1.0.0 is what it says: the missing header is the fault, and told.
    if (header === null && protocol === '1.0.0') return false;
    return checkEncoding(findings, {
      path: inner.path,
      start: base?.length ?? 0,
      query: inner.query,
      protocol,
      structured: structuredNames(contract),
      fits: fitsAsWritten(read, contract, reachedBy(read, contract)),
    });
  }

  #judgeRefused(refusal: Refusal, isBroken: boolean, tunnelFault: TunnelFault): void {
    const { findings, wire, contract, request } = this.#case;
    if (!isBroken && tunnelFault === null) reportRefusal(findings, refusal, { wire, contract, body: request.body });
    const level = (method: MethodName): ReturnType<typeof methodHeaderLevel> =>
      methodHeaderLevel(this.#case.dialect, method);
    checkMethodHeader(findings, wire.headers, null, this.#case.intent?.method ?? null, level, undefined);
  }

  #judgeRouted(read: ReadRequest, isMiswritten: boolean, tunnelFault: TunnelFault): Typed | null {
    const { findings, wire, contract, dialect, intent, base, request } = this.#case;
    const { routed } = read;
    const plain = 'method' in routed ? routed.method : routed.without;
    const level = (method: MethodName): ReturnType<typeof methodHeaderLevel> => methodHeaderLevel(dialect, method);
    // A wrong verb in the override makes every other fact of routing wrong, too.
    if (tunnelFault === null)
      checkMethodHeader(
        findings,
        wire.headers,
        plain,
        intent?.method ?? null,
        level,
        readBody(read.untunnelled.body).value,
      );
    if (!('method' in routed)) {
      if (tunnelFault === null) reportNoMethod(findings, read);
      return null;
    }
    checkIgnoredParameters(findings, read);
    if (contract === null || tunnelFault !== null) return null;

    const { method } = routed;
    const profile = profileOf(method);
    const operation = operationOf(contract, method, read.name);
    const body = readBody(read.untunnelled.body);
    const sent: Sent = {
      request,
      wire,
      read,
      contract,
      dialect,
      base,
      method,
      profile,
      operation,
      body,
      intent,
      isMiswritten,
      findings,
    };
    const before = findings.violations.length;
    checkDeclaredHeaders(sent);
    if (operation !== null) this.#checkOperation(operation, read);

    const keys = checkKeys(sent);
    const params = checkParams(sent);
    const header = headerOf(wire.headers, HEADERS.method);
    checkBody(sent, keys.ids, header !== null && namedMethod(header) === method);
    const typed: Typed = { sent, keys, params };
    const isSwapped = findings.violations.slice(before).some(({ rule }) => SWAPS.test(rule));
    if (isSwapped) return typed;
    if (intent !== null) checkIntent(findings, intent, method, read.name, body.value);
    if (operation === null && !findings.has('routing/not-the-method-meant'))
      reportUndeclared(findings, contract, method, read.name);
    return typed;
  }

  #checkOperation(operation: Operation, read: ReadRequest): void {
    const { findings, contract } = this.#case;
    if (contract === null) return;
    findings.checks += 1;
    const isEither = profileOf(operation.method).at === 'either';
    if (isEither && operation.level !== read.facts.level && contract.key !== null) {
      findings.add('routing/action-level', {
        where: 'request-line',
        expected: operation.level === 'entity' ? 'a key in the path' : 'no key in the path',
        actual: `a path of ${read.facts.level} level`,
        message: `${operation.method} ${operation.name ?? ''} works at ${operation.level} level; the server answers 400.`,
        at: placeOf(contract, `${operation.pointer}/level`),
      });
    }
    if (contract.deprecated !== false) {
      reportDeprecated(findings, 'deprecated/operation', `resource ${contract.resource}`, contract.deprecated, {
        where: 'request-line',
        at: placeOf(contract, '/deprecated'),
      });
    } else if (operation.deprecated !== false) {
      const what = operation.name === null ? operation.method : `${operation.method} ${operation.name}`;
      reportDeprecated(findings, 'deprecated/operation', what, operation.deprecated, {
        where: 'request-line',
        at: placeOf(contract, operation.pointer),
      });
    }
  }
}

/** The operation that a request reaches; null where it reaches none that is declared. */
function reachedBy(read: ReadRequest | Refusal, contract: Contract | null): Operation | null {
  if (contract === null || 'reason' in read || !('method' in read.routed)) return null;
  return operationOf(contract, read.routed.method, read.name);
}

/** What a request is written in, by its request line. */
function syntaxOf(read: ReadRequest | Refusal, wire: WireRequest): '1.0.0' | '2.0.0' | 'plain' {
  const line =
    'reason' in read ? `${wire.path}?${wire.query ?? ''}` : `${read.untunnelled.path}?${read.untunnelled.query ?? ''}`;
  if (/[=/]List\(|[=/]\(/.test(line)) return '2.0.0';
  return /\[\d+\][.=]|\/[^?/]*=[^?]*\?|(?:^|[?&])([^=&]+)=[^&]*&\1=/.test(line) ? '1.0.0' : 'plain';
}

/** Rules that say already which method was meant. */
const SWAPS = /^routing\/.*-becomes-/;
