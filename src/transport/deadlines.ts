/** The time-outs of one exchange. Pure: the clock comes in. */
import type { TransportFailure } from './exchange.ts';
import { failure } from './failure.ts';

export interface Deadlines {
  /** From the request sent to the end of the response head. */
  readonly headersTimeoutMs: number;
  /** Longest silence within a body. */
  readonly bodyTimeoutMs: number;
}

/** How far an exchange is; times in milliseconds of one monotonic clock. */
export interface ExchangeState {
  /** `host:port`, for the message. */
  readonly where: string;
  readonly startedAt: number;
  readonly totalMs: number;
  /** 0: not yet. */
  readonly sentAt: number;
  /** When the head was complete or the last byte of the body came; 0: no head yet. */
  readonly heardAt: number;
  readonly bodyBytes: number;
  readonly expectedBytes: number | null;
}

/** The deadline that has passed, as a failure; or the milliseconds until the next one can. */
export function checkDeadlines(now: number, state: ExchangeState, limits: Deadlines): TransportFailure | number {
  const { where, startedAt, totalMs, sentAt, heardAt, bodyBytes, expectedBytes } = state;
  const totalLeft = startedAt + totalMs - now;
  if (totalLeft <= 0) {
    return failure('total-timeout', `The exchange with ${where} took longer than ${totalMs} ms; ${progressOf(state)}.`);
  }

  if (heardAt !== 0) {
    const left = heardAt + limits.bodyTimeoutMs - now;
    if (left > 0) return Math.min(left, totalLeft);
    const of = expectedBytes === null ? '' : ` of ${expectedBytes}`;
    return failure(
      'body-timeout',
      `${where} sent nothing for ${limits.bodyTimeoutMs} ms in mid-body; ${bodyBytes}${of} bytes had come.`,
    );
  }
  if (sentAt !== 0) {
    const left = sentAt + limits.headersTimeoutMs - now;
    if (left > 0) return Math.min(left, totalLeft);
    return failure('header-timeout', `${where} sent no complete head within ${limits.headersTimeoutMs} ms.`);
  }
  return totalLeft;
}

function progressOf(state: ExchangeState): string {
  if (state.heardAt !== 0) return `${state.bodyBytes} bytes of the body had come`;
  return state.sentAt === 0 ? 'no connection was free yet' : 'no answer came yet';
}
