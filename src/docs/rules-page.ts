/** `docs/rules.md`: the catalogue of rules as one page, made from its rows and nothing else. */
import { RULES, type Rule } from '../rules/index.ts';
import { exampleBlock } from './example-block.ts';

const FAMILIES: ReadonlyMap<string, string> = new Map([
  ['routing', 'Which method a request reaches'],
  ['headers', 'Headers of requests'],
  ['encoding', 'How the request line is written'],
  ['keys', 'Keys of requests'],
  ['params', 'Query parameters and projections'],
  ['limits', 'Lengths'],
  ['tunnel', 'Query tunnelling'],
  ['request-body', 'Bodies of requests'],
  ['patch', 'Patches'],
  ['batch', 'Batches'],
  ['deprecated', 'Deprecated things'],
  ['status', 'Status of answers'],
  ['response-headers', 'Headers of answers'],
  ['create', 'Creations'],
  ['body', 'Bodies of answers'],
  ['envelope', 'Envelopes'],
  ['entity', 'Entities'],
  ['projection', 'Projected entities'],
  ['metadata', 'Metadata'],
  ['action', 'Actions'],
  ['batch-create', 'Batches of creations'],
  ['batch-finder', 'Batches of searches'],
  ['paging', 'Paging'],
  ['errors', 'Errors'],
  ['transport', 'Exchanges without an answer'],
  ['expectation', 'What the author of a case expects'],
  ['waiver', 'Waived defects'],
  ['header-matrix', 'The header matrix'],
  ['compare', 'Two endpoints compared'],
]);

/** @returns the whole page, the same text for the same catalogue */
export function rulesMarkdown(): string {
  const families = new Map<string, Rule[]>();
  for (const rule of RULES.values()) {
    const family = rule.id.slice(0, rule.id.indexOf('/'));
    families.set(family, [...(families.get(family) ?? []), rule]);
  }
  const parts = [
    '<!-- Made by `npm run docs` from src/rules. -->',
    '',
    '# Rules',
    '',
    `Every check has a rule: ${RULES.size} of them. Only a broken **must** fails a case; **should** and **may** are shown.`,
    'A resource that does not promise a rule by design says so under `exempt` in its contract.',
    '',
    ...[...families].flatMap(([family, rules]) => summaryOf(family, rules)),
    ...[...families].flatMap(([family, rules]) => [`## ${titleOf(family)}`, '', ...rules.flatMap(sectionOf)]),
  ];
  return `${parts.join('\n').trimEnd()}\n`;
}

function titleOf(family: string): string {
  return FAMILIES.get(family) ?? family;
}

function summaryOf(family: string, rules: readonly Rule[]): readonly string[] {
  return [
    `**${titleOf(family)}**`,
    '',
    ...rules.map((rule) => `- [\`${rule.id}\`](#${anchorOf(rule)}) ${levelText(rule)}: ${inline(rule.title)}`),
    '',
  ];
}

function sectionOf(rule: Rule): readonly string[] {
  const { source } = rule;
  return [
    `### ${rule.id}`,
    '',
    `**${inline(rule.title)}** (${levelText(rule)})`,
    '',
    `- Why: ${inline(rule.why)}`,
    `- Broken: ${inline(rule.consequence)}`,
    `- Fix: ${inline(rule.fix)}`,
    `- Source: ${source.url === undefined ? inline(source.text) : `[${inline(source.text)}](${source.url})`}`,
    '',
    'Keeps it:',
    '',
    ...exampleBlock(rule.keeps),
    '',
    'Breaks it:',
    '',
    ...exampleBlock(rule.breaks),
    '',
  ];
}

function levelText({ level, levelIn }: Rule): string {
  const others = Object.entries(levelIn ?? {}).map(([dialect, other]) => `${other} in ${dialect}`);
  return [level, ...others].join(', ');
}

/** GitHub's anchors: lower case, no punctuation. */
function anchorOf({ id }: Rule): string {
  return id.replaceAll('/', '');
}

/** Texts of the catalogue hold code in backticks; outside it nothing may be taken for markup. */
function inline(text: string): string {
  return text
    .split('`')
    .map((part, i) => (i % 2 === 0 ? part.replace(/[\\*_<>[\]]/g, '\\$&') : `\`${part}\``))
    .join('');
}
