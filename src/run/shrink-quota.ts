/**
 * How often failures are sent again to be made smaller, where one defect fails hundreds of cases: the first few of each
 * operation, group and rule have replays of their own, and the others share what is left.
 */
import type { CaseOutcome } from './run-case.ts';

/** Replays of one case. */
const MOST_OF_A_CASE = 40;
/** Cases of one kind, and of all kinds, that need not share. */
const FIRST_OF_A_KIND = 2;
const FIRST_OF_A_RUN = 100;

/** Takes one replay; false when there is none left. */
export type Spend = () => boolean;

export class ShrinkQuota {
  readonly #ofKind = new Map<string, number>();
  #ofRun = 0;
  #shared: number;

  /** @param shared - replays that all cases beyond the first share */
  constructor(shared: number) {
    this.#shared = shared;
  }

  /** To be asked once for each case. */
  spendOn({ one, attempts }: CaseOutcome): Spend {
    const { contract, method, operation, group } = one;
    const [broken] = attempts[attempts.length - 1]?.violations ?? [];
    const kind = [contract.resource, method, operation?.name, group, broken?.rule].join(' ');
    const before = this.#ofKind.get(kind) ?? 0;
    const isFirst = before < FIRST_OF_A_KIND && this.#ofRun < FIRST_OF_A_RUN;
    this.#ofKind.set(kind, before + 1);
    if (isFirst) this.#ofRun += 1;

    let left = MOST_OF_A_CASE;
    return () => {
      left -= 1;
      if (left < 0 || (!isFirst && this.#shared <= 0)) return false;
      if (!isFirst) this.#shared -= 1;
      return true;
    };
  }
}
