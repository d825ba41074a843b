/** Figures of a mutation, as every report shows them. */
import type { MutantCounts } from '../run/events.ts';

/** Percent of the mutants that could be noticed and were, rounded down; null where there was none. */
export function scoreOf({ killed, survived }: MutantCounts): number | null {
  const tried = killed + survived;
  return tried === 0 ? null : Math.floor((killed * 100) / tried);
}

/** `93 %`, or what stands for it. */
export function scoreText(counts: MutantCounts): string {
  const score = scoreOf(counts);
  return score === null ? 'none to notice' : `${score} %`;
}

/** The score that the cases of group `contract` reach by themselves. */
export function contractScoreText({ killed, killedByContract, survived, apart }: MutantCounts): string {
  return scoreText({
    killed: killedByContract,
    killedByContract,
    survived: survived + killed - killedByContract,
    apart,
  });
}
