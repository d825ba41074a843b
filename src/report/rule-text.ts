/** The catalogue's row for a rule, and a plain stand-in for an id of another version of the tool. */
import { RULES } from '../rules/index.ts';

export interface RuleText {
  readonly id: string;
  readonly title: string;
  readonly why: string | null;
  readonly consequence: string | null;
  readonly fix: string | null;
  readonly source: string | null;
  /** Only http and https: the page makes a link of it. */
  readonly url: string | null;
}

/** Never fails: a stream may come from a version with rules that this one does not know. */
export function ruleText(id: string): RuleText {
  const rule = RULES.get(id);
  if (rule === undefined) {
    return { id, title: id, why: null, consequence: null, fix: null, source: null, url: null };
  }
  const url = rule.source.url !== undefined && /^https?:\/\//.test(rule.source.url) ? rule.source.url : null;
  const { title, why, consequence, fix } = rule;
  return { id, title, why, consequence, fix, source: rule.source.text, url };
}
