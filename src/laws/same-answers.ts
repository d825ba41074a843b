/** Two requests that mean the same are answered alike. */
import { answerDifferences, entitiesOf, isSteady, isSuccess, pointerOf, told } from './compare.ts';
import type { LawFinding, Trace } from './law.ts';
import { counts } from './read.ts';

/**
 * Compares the first two answers of a trace: status, then entities or the action's value.
 *
 * @param trace - of `vary`: the plain request, the other, and of an action both again in reverse order
 * @param what - the subject of the message: `The tunnelled request`
 * @returns nothing where the plain request fails, or where what is asked does not hold still
 */
export function sameAnswers(rule: string, trace: Trace, what: string): readonly LawFinding[] {
  const [plain, other] = trace;
  if (plain === undefined || other === undefined || !isSuccess(plain) || !isSteady(trace)) return [];
  if (plain.status !== other.status) {
    return [
      {
        rule,
        exchange: 1,
        pointer: null,
        expected: `${plain.status}`,
        actual: `${other.status}`,
        message: `${what} has another outcome than the plain one.`,
      },
    ];
  }
  const [one, two] = [entitiesOf(plain), entitiesOf(other)];
  if (one.length !== two.length)
    return [counts(rule, 1, one.length, two.length, `${what} has another answer than the plain one.`)];
  return one.flatMap((entity, index) =>
    told(rule, 1, pointerOf(other, index), answerDifferences(plain, entity, two[index]), `${what} has another answer`),
  );
}
