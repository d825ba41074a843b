/**
 * Annotations for GitHub Actions, on the contract's lines: ten errors and ten warnings, which is what one step may have.
 *
 * A workflow command ends at its line end and splits its properties at `,` and `:`, so foreign text is escaped as the
 * runner unescapes it. Source: docs.github.com, workflow commands; actions/toolkit, `command.ts`.
 */
import { visible } from '../diagnostic/visible.ts';
import { coverageTotals, shareText } from './coverage-totals.ts';
import { placeOf } from './place.ts';
import type { ProblemGroup } from './problem-groups.ts';
import type { Reporter } from './reporter.ts';
import { ruleText } from './rule-text.ts';
import { lastLine } from './text-ending.ts';
import { cutColumns, plural } from './text-style.ts';
import { Tally } from './tally.ts';

const MAX_ANNOTATIONS = 10;
/** Characters of one annotation; longer ones are folded away by the page. */
const MAX_MESSAGE = 1500;
/** Things of a category that were never exercised; the rest is in the other reports. */
const MAX_MISSING = 5;

export const githubReporter: Reporter = async (events, write, { strict }) => {
  const tally = new Tally();
  for await (const event of events) tally.add(event);

  const problems = tally.problems.sorted();
  const failing = problems.filter((group) => strict || group.verdicts.has('fail') || group.verdicts.has('error'));
  const warnings = [...problems.filter((group) => !failing.includes(group)), ...tally.advice.sorted()];
  for (const group of failing.slice(0, MAX_ANNOTATIONS)) await write(annotation('error', group));
  for (const group of warnings.slice(0, MAX_ANNOTATIONS)) await write(annotation('warning', group));

  const rest = Math.max(0, failing.length - MAX_ANNOTATIONS) + Math.max(0, warnings.length - MAX_ANNOTATIONS);
  const more = rest === 0 ? '' : `; ${plural(rest, 'more problem')} without annotation`;
  const mock = tally.run?.target.mode === 'mock' ? ' (the mock, not the service)' : '';
  const incomplete = tally.end === null ? ', incomplete' : '';
  await write(
    `::notice title=restli-contract::${messageText(`${lastLine(tally.counts, strict)}${mock}${incomplete}${more}`)}\n`,
  );
  const coverage = coverageText(tally);
  if (coverage !== null) await write(`::notice title=restli-contract coverage::${messageText(coverage)}\n`);
};

/** What was never exercised, a line for each category; null where all was. */
function coverageText({ coverage }: Tally): string | null {
  const short = (coverage === null ? [] : coverageTotals(coverage)).filter(({ seen, total }) => seen < total);
  if (short.length === 0) return null;
  const lines = short.map((total) => {
    const names = total.missing.flatMap(({ resource, labels }) => labels.map((label) => `${resource} ${label}`));
    const more = names.length > MAX_MISSING ? ` and ${names.length - MAX_MISSING} more` : '';
    return `${total.category} ${shareText(total)}, never: ${names.slice(0, MAX_MISSING).join(', ')}${more}`;
  });
  return cutColumns(lines.join('\n'), MAX_MESSAGE);
}

function annotation(kind: 'error' | 'warning', group: ProblemGroup): string {
  const { violation, sample } = group;
  const { title } = ruleText(group.rule);
  const at = violation.at ?? sample.contract;
  const place = at === null ? '' : `file=${propertyText(at.file)},line=${at.line},col=${at.col},`;
  const text = [
    violation.message,
    `where: ${placeOf(violation)}`,
    `expected: ${violation.expected}`,
    `actual: ${violation.actual}`,
    `${plural(group.cases, 'case')}, first: ${sample.id}`,
    ...(violation.hint === null ? [] : [`hint: ${violation.hint}`]),
  ].join('\n');
  const heading = title === group.rule ? group.rule : `${group.rule}: ${title}`;
  return `::${kind} ${place}title=${propertyText(cutColumns(heading, 120))}::${messageText(cutColumns(text, MAX_MESSAGE))}\n`;
}

function messageText(text: string): string {
  return visible(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function propertyText(text: string): string {
  return messageText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
