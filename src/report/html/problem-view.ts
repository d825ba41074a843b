/** Problems and rules as the page shows them, with what the catalogue says of each. */
import { RULES } from '../../rules/index.ts';
import type { VerdictName } from '../../run/events.ts';
import type { ProblemGroup } from '../problem-groups.ts';
import type { ReporterOptions } from '../reporter.ts';
import { ruleText } from '../rule-text.ts';
import { grouped, plural } from '../text-style.ts';
import { VERDICT_LOOKS } from '../verdicts.ts';
import { anchorOf, violationView, type ViolationView } from './case-view.ts';
import type { PageCollector } from './collect.ts';
import { proseOf, type Prose } from './prose.ts';

export interface ProblemView {
  readonly fingerprint: string;
  readonly rule: string;
  readonly title: Prose;
  readonly level: string;
  readonly verdict: VerdictName;
  readonly sign: string;
  readonly cases: string;
  readonly count: string;
  readonly where: string;
  readonly place: string;
  readonly why: Prose;
  readonly consequence: Prose;
  readonly source: string;
  readonly url: string;
  readonly sample: ViolationView;
  readonly first: readonly { readonly id: string; readonly anchor: string }[];
  readonly more: number;
  readonly filter: string;
}

export interface RuleView {
  readonly id: string;
  readonly title: Prose;
  readonly level: string;
  readonly why: Prose;
  readonly consequence: Prose;
  readonly fix: Prose;
  readonly source: string;
  readonly url: string;
  readonly cases: string;
}

export function problemView(group: ProblemGroup, { readFile }: ReporterOptions): ProblemView {
  const rule = ruleText(group.rule);
  const verdict = group.verdicts.has('fail')
    ? 'fail'
    : group.verdicts.has('error')
      ? 'error'
      : group.verdicts.has('flaky')
        ? 'flaky'
        : 'pass';
  const resources = [...group.resources];
  const names = resources.slice(0, 3).join(', ');
  return {
    fingerprint: group.fingerprint,
    rule: group.rule,
    title: proseOf(rule.title === group.rule ? group.violation.message : rule.title),
    level: group.level,
    verdict,
    sign: VERDICT_LOOKS[verdict].sign,
    cases: group.cases === 1 ? 'case' : 'cases',
    count: grouped(group.cases),
    where: `${[...group.methods].join(', ') || 'flows'} in ${names || 'no resource'}${resources.length > 3 ? ` and ${resources.length - 3} more` : ''}`,
    place: group.place,
    why: proseOf(rule.why ?? ''),
    consequence: proseOf(rule.consequence ?? ''),
    source: rule.source ?? '',
    url: rule.url ?? '',
    sample: violationView(group.violation, false, readFile),
    first: group.first.map(({ id }) => ({ id, anchor: anchorOf(id) })),
    more: group.cases - group.first.length,
    filter: `rule:${group.rule}`,
  };
}

/** The rules that any violation named, by id. */
export function rulesOf({ tally }: PageCollector): readonly RuleView[] {
  return [...tally.rules]
    .filter(([id]) => RULES.has(id))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, cases]) => {
      const rule = ruleText(id);
      return {
        id,
        title: proseOf(rule.title),
        level: RULES.get(id)?.level ?? 'must',
        why: proseOf(rule.why ?? ''),
        consequence: proseOf(rule.consequence ?? ''),
        fix: proseOf(rule.fix ?? ''),
        source: rule.source ?? '',
        url: rule.url ?? '',
        cases: plural(cases, 'case'),
      };
    });
}
