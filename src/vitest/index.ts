/**
 * The entry point `./vitest`: a contract as a suite, matchers for requests and exchanges, and the end of a mock with its
 * test. Importing it makes the matchers known.
 */
import { expect } from 'vitest';
import type { MatcherOptions } from './matchers.ts';
import { toKeepContract } from './matchers.ts';
import type { Contract } from '../contract/contract.ts';

export { loadContract } from '../contract/load-one.ts';
export { describeContract, type DescribeOptions } from './describe-contract.ts';
export { disposeAfterTest } from './dispose-after-test.ts';
export type { MatcherOptions } from './matchers.ts';
export type { ExchangeLike, RequestLike, ResponseLike } from './exchange-like.ts';

expect.extend({ toKeepContract });

declare module 'vitest' {
  // The parameters must be those of vitest's own declaration.
  // oxlint-disable-next-line no-explicit-any
  interface Matchers<T = any> {
    /**
     * Holds when a request, or an exchange of one with its answer, breaks no rule of level must. A fetch `Request` or
     * `Response` has its body read: await the assertion then.
     */
    toKeepContract(contract: Contract | readonly Contract[], options?: MatcherOptions): T;
  }
}
