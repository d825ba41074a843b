/**
 * A summary in GitHub's Markdown: verdict, matrix as a table, problems. For `$GITHUB_STEP_SUMMARY` or a comment.
 *
 * Foreign text stands in code spans, where nothing is markup; the spans are HTML, so backticks and pipes inside cannot end
 * them, and `@names` or `#1` in a body notify and link to nobody.
 */
import { visibleLine } from '../diagnostic/visible.ts';
import { METHOD_NAMES, type MethodName } from '../protocol/methods.ts';
import type { MutantCounts } from '../run/events.ts';
import { coverageTotals, shareText } from './coverage-totals.ts';
import { curlText } from './curl-text.ts';
import { contractScoreText, scoreText } from './mutation-figures.ts';
import { placeOf } from './place.ts';
import { failedExchanges, type ProblemGroup } from './problem-groups.ts';
import type { Reporter } from './reporter.ts';
import { rerunOf } from './rerun.ts';
import { ruleText } from './rule-text.ts';
import { lastLine } from './text-ending.ts';
import { cutColumns, duration, grouped, plural } from './text-style.ts';
import { NO_RESOURCE, Tally } from './tally.ts';
import { conclusionOf, failsRun, VERDICT_LOOKS, VERDICT_ORDER, type VerdictCounts, worstOf } from './verdicts.ts';

/** GitHub refuses a job summary above 1 MiB; this keeps far below it. */
const MAX_PROBLEMS = 25;
const MAX_ROWS = 200;
const MAX_VALUE = 300;

export const markdownReporter: Reporter = async (events, write, { strict }) => {
  const tally = new Tally();
  for await (const event of events) tally.add(event);

  const { verdict, word } = conclusionOf(tally.counts, strict, tally.isComplete);
  const target = tally.run?.target;
  await write(`## ${VERDICT_LOOKS[verdict].sign} ${code(target?.name ?? 'unknown target')}: ${word}\n\n`);
  if (target?.mode === 'mock') await write('**MOCK** This checked the mock, not the service.\n\n');
  if (tally.end === null) await write('**Incomplete**: the stream ends before the run did.\n\n');
  else if (tally.end.interrupted !== null) await write(`**Interrupted**: ${code(tally.end.interrupted)}\n\n`);
  await write(`${lastLine(tally.counts, strict)}  \n`);
  const facts = [`${grouped(tally.checks)} checks`, duration(tally.end?.durationMs ?? tally.caseMs)];
  if (tally.run !== null) facts.push(`seed ${tally.run.seed}`);
  await write(`${facts.join(' · ')}\n\n`);

  await write(matrix(tally, strict));
  await write(problems(tally));
  await write(coverageTable(tally));
  await write(mutationTable(tally));
  await write(notRun(tally));
  if (tally.run !== null) await write(`Run again: ${code(tally.run.rerun)}\n`);
};

/** Missing things named in one cell; the rest is in the other reports. */
const MAX_MISSING = 8;

function coverageTable({ coverage, end }: Tally): string {
  const totals = coverage === null ? [] : coverageTotals(coverage);
  if (totals.length === 0) return '';
  const lines = totals.map((total) => {
    const all = total.missing.flatMap(({ resource, labels }) => labels.map((label) => `${resource} ${label}`));
    const named = all.slice(0, MAX_MISSING).map(code).join(', ');
    const rest = all.length > MAX_MISSING ? ` and ${all.length - MAX_MISSING} more` : '';
    const minimum = total.minimum === null ? '' : `, at least ${total.minimum} %`;
    return `| ${total.isShort ? '**' : ''}${total.category}${total.isShort ? '**' : ''} | ${shareText(total)}${minimum} | ${named}${rest} |`;
  });
  const short = (end?.shortfalls ?? []).map((text) => `**Too low**: ${inert(text)}  \n`).join('');
  return `${short}<details><summary>Coverage</summary>\n\n| | exercised | never |\n| :-- | --: | :-- |\n${lines.join('\n')}\n\n</details>\n\n`;
}

function mutationTable({ mutation }: Tally): string {
  if (mutation === null) return '';
  const row = (name: string, counts: MutantCounts): string =>
    `| ${name} | ${counts.killed} | ${counts.survived} | ${counts.apart} | ${scoreText(counts)} | ${contractScoreText(counts)} |`;
  const lines = [
    ...mutation.kinds.map((one) => row(inert(one.kind), one)),
    ...mutation.methods.map((one) => row(code(one.method), one)),
    row('**all**', mutation.total),
  ];
  const survivors = mutation.survivors
    .slice(0, MAX_PROBLEMS)
    .map(
      ({ fault, resource, method, advice }) => `- ${code(`${resource} ${method}`)} ${code(fault)}: ${inert(advice)}`,
    );
  const rest = mutation.survivors.length - survivors.length;
  if (rest > 0) survivors.push(`- and ${rest} more`);
  const list = survivors.length === 0 ? '' : `#### Not noticed\n\n${survivors.join('\n')}\n\n`;
  return `### Mutants\n\n| | noticed | survived | apart | score | contract alone |\n| :-- | --: | --: | --: | --: | --: |\n${lines.join('\n')}\n\n${list}`;
}

function matrix(tally: Tally, strict: boolean): string {
  const declared = tally.declared();
  const resources = [...new Set([...declared.keys(), ...tally.matrix.keys()])];
  const used = METHOD_NAMES.filter((method) =>
    resources.some((name) => declared.get(name)?.has(method) === true || tally.matrix.get(name)?.has(method) === true),
  );
  const hasFlows = [...tally.matrix.values()].some((row) => row.has(null));
  const columns: (MethodName | null)[] = hasFlows ? [...used, null] : [...used];
  if (resources.length === 0 || columns.length === 0) return '';

  const lines = [
    `| resource | ${columns.map((method) => method ?? 'flow').join(' | ')} |`,
    `| :-- | ${columns.map(() => ':-:').join(' | ')} |`,
  ];
  for (const name of resources.slice(0, MAX_ROWS)) {
    const cells = columns.map((method) => {
      const counts = tally.matrix.get(name)?.get(method);
      if (counts !== undefined) return cellText(counts, strict);
      return method !== null && declared.get(name)?.has(method) === true ? '○' : '·';
    });
    lines.push(`| ${name === NO_RESOURCE ? name : code(name)} | ${cells.join(' | ')} |`);
  }
  if (resources.length > MAX_ROWS) lines.push('', `and ${resources.length - MAX_ROWS} more resources`);
  return `${lines.join('\n')}\n\n<sub>✓ all passed · ✗ failed/total · ! no answer · ≈ flaky · ○ declared, not run · · not declared</sub>\n\n`;
}

function cellText(counts: Readonly<VerdictCounts>, strict: boolean): string {
  const worst = worstOf(counts) ?? 'pass';
  const total = VERDICT_ORDER.reduce((sum, verdict) => sum + counts[verdict], 0);
  const bad = VERDICT_ORDER.filter((verdict) => failsRun(verdict, strict)).reduce(
    (sum, verdict) => sum + counts[verdict],
    0,
  );
  return `${VERDICT_LOOKS[worst].sign} ${bad > 0 ? `${bad}/${total}` : total}`;
}

function problems(tally: Tally): string {
  const groups = tally.problems.sorted();
  if (groups.length === 0) return '';
  const parts = groups.slice(0, MAX_PROBLEMS).map((group) => problem(group, tally));
  if (groups.length > MAX_PROBLEMS) parts.push(`and ${groups.length - MAX_PROBLEMS} more problems\n`);
  return `### Problems\n\n${parts.join('\n')}\n`;
}

function problem(group: ProblemGroup, tally: Tally): string {
  const { violation, sample } = group;
  const { title } = ruleText(group.rule);
  const rows: (readonly [string, string])[] = [
    ['where', placeOf(violation)],
    ['expected', violation.expected],
    ['actual', violation.actual],
    ['first case', sample.id],
  ];
  if (violation.at !== null) rows.push(['contract', `${violation.at.file}:${violation.at.line}:${violation.at.col}`]);
  const rerun = rerunOf(tally.run, sample);
  if (rerun !== null) rows.push(['rerun', rerun]);
  const exchange = failedExchanges(sample)[violation.exchange];

  const lines = [
    `<details><summary>${code(group.rule)} ${inert(title === group.rule ? violation.message : title)}: ${plural(group.cases, 'case')}</summary>`,
    '',
    `<p>${inert(violation.message)}</p>`,
    '',
    '| | |',
    '| :-- | :-- |',
    ...rows.map(([label, value]) => `| ${label} | ${code(value)} |`),
    '',
  ];
  if (exchange !== undefined)
    lines.push(`<pre>${escaped(cutColumns(curlText(exchange, 4000), 4000)).replaceAll('\n', '<br>')}</pre>`, '');
  lines.push('</details>', '');
  return lines.join('\n');
}

function notRun(tally: Tally): string {
  const parts: string[] = [];
  for (const [word, reasons] of [
    ['skipped', tally.skipped],
    ['blocked', tally.blocked],
  ] as const) {
    if (reasons.size === 0) continue;
    const lines = [...reasons]
      .toSorted((a, b) => b[1] - a[1])
      .slice(0, 20)
      .map(([reason, count]) => `- ${count} ${word}: ${inert(reason)}`);
    parts.push(`${lines.join('\n')}\n\n`);
  }
  for (const left of tally.end?.leftBehind ?? []) parts.push(`- left behind: ${code(left)}\n\n`);
  return parts.join('');
}

/** A code span that no text can leave. */
function code(text: string): string {
  return `<code>${inert(text)}</code>`;
}

/** One line of plain text: markup characters become references, which Markdown shows as they are. */
function inert(text: string): string {
  return escaped(visibleLine(cutColumns(text, MAX_VALUE)));
}

/** What GitHub's Markdown or HTML gives a meaning to, as numeric references; `www.` would become a link. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>"'`*_{}[\]#|~@:\\$!]|(?<=www)\./gi, (char) => `&#${char.charCodeAt(0)};`);
}
