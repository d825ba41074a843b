/**
 * The catalogue of every check, by id. Violations, reports, `explain` and `docs/rules.md` read it; nothing is reported
 * that has no row here.
 */
import type { DialectFamily, RequirementLevel } from '../protocol/dialects.ts';
import { compare } from './compare.ts';
import { encoding, keys } from './encoding.ts';
import { batch, envelope, paging } from './envelope.ts';
import { errors, expectation, transport, waiver } from './errors.ts';
import { headerMatrix } from './header-matrix.ts';
import { headers } from './headers.ts';
import { actingLaws } from './laws-acting.ts';
import { batchLaws } from './laws-batches.ts';
import { listingLaws } from './laws-listing.ts';
import { readingLaws } from './laws-reading.ts';
import { valueLaws } from './laws-values.ts';
import { writingLaws } from './laws-writing.ts';
import { negative } from './negative.ts';
import { deprecated, params } from './params.ts';
import { batchRequest, patch, requestBody } from './request-body.ts';
import { body, create, responseHeaders, status } from './response.ts';
import { routing } from './routing.ts';
import type { Rule } from './rule.ts';

export { EXAMPLE_CONTRACTS } from './example-contract.ts';
export { exampleLines, isSequence } from './example-text.ts';
export type { Rule, RuleExample } from './rule.ts';

// prettier-ignore
const ROWS: readonly (readonly Rule[])[] = [
  routing, headers, encoding, keys, params, requestBody, patch, batchRequest, deprecated,
  status, responseHeaders, create, body, envelope, batch, paging, errors, transport, expectation, waiver,
  headerMatrix, readingLaws, listingLaws, writingLaws, valueLaws, batchLaws, actingLaws, negative, compare,
];

export const RULES: ReadonlyMap<string, Rule> = new Map(ROWS.flat().map((rule) => [rule.id, rule]));

/** The row of a rule; an id that has none is a fault of ours, and thrown. */
export function ruleOf(id: string): Rule {
  const rule = RULES.get(id);
  if (rule === undefined) throw new Error(`Failed to find rule ${id}: the catalogue has no such row`);
  return rule;
}

/** The weight of a rule in a dialect. */
export function levelOf(rule: Rule, family: DialectFamily): RequirementLevel {
  return rule.levelIn?.[family] ?? rule.level;
}
