/**
 * JUnit XML as Jenkins, GitLab and GitHub's actions read it: one suite a resource, one test case a case.
 *
 * fail is a failure, error an error; blocked, skip and waived are skipped with their reason. A flaky case passes and says
 * so in Surefire's `flakyFailure`, or is a failure under `--strict`. Counts stand in the suites' attributes, so a suite is
 * written when its last case is known: suites wait as text until the end.
 *
 * Source: github.com/testmoapp/junitxml (attributes readers agree on); Maven Surefire's schema (flakyFailure).
 */
import type { CaseFinished, CoverageMeasured, RunStarted } from '../run/events.ts';
import { curlText } from './curl-text.ts';
import { placeOf } from './place.ts';
import { blamedFor, failedExchanges } from './problem-groups.ts';
import type { Reporter } from './reporter.ts';
import { rerunOf } from './rerun.ts';
import { ruleText } from './rule-text.ts';
import { NO_RESOURCE } from './tally.ts';
import { failsRun } from './verdicts.ts';
import { attribute, cdata } from './xml.ts';

/** Characters of a name that file systems and tables of CI servers bear. */
const MAX_NAME = 250;
/** Violations written out in one failure. */
const MAX_VIOLATIONS = 20;

interface Suite {
  readonly file: string | null;
  cases: string[];
  tests: number;
  failures: number;
  errors: number;
  skipped: number;
  ms: number;
}

export const junitReporter: Reporter = async (events, write, { strict }) => {
  const suites = new Map<string, Suite>();
  const names = new Map<string, number>();
  let run: RunStarted | null = null;
  let coverage: CoverageMeasured | null = null;

  for await (const event of events) {
    if (event.type === 'run') run = event;
    if (event.type === 'coverage') coverage = event;
    if (event.type !== 'case') continue;
    const resource = event.resource ?? NO_RESOURCE;
    const suite = suites.get(resource) ?? newSuite(event.contract?.file ?? null);
    suites.set(resource, suite);
    addCase(suite, event, uniqueName(event, names), run, strict);
  }
  await writeSuites(suites, run, coverage, write);
};

async function writeSuites(
  suites: ReadonlyMap<string, Suite>,
  run: RunStarted | null,
  coverage: CoverageMeasured | null,
  write: (text: string) => Promise<void> | void,
): Promise<void> {
  const all = [...suites.values()];
  const sum = (key: 'tests' | 'failures' | 'errors' | 'skipped' | 'ms'): number =>
    all.reduce((total, suite) => total + suite[key], 0);
  const name = run === null ? 'restli-contract' : `${run.tool.name}: ${run.target.name}`;
  const totals = countAttributes({
    tests: sum('tests'),
    failures: sum('failures'),
    errors: sum('errors'),
    skipped: sum('skipped'),
    ms: sum('ms'),
  });

  await write(`<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attribute('name', name)}${totals}>\n`);
  for (const [resource, suite] of suites) {
    const file = suite.file === null ? '' : attribute('file', suite.file);
    const timestamp = run === null ? '' : attribute('timestamp', run.startedAt.replace(/\.\d+Z?$|Z$/, ''));
    await write(`<testsuite${attribute('name', resource)}${countAttributes(suite)}${timestamp}${file}>\n`);
    if (run !== null) await write(propertiesOf(run, resource, coverage));
    for (const text of suite.cases) await write(text);
    await write('</testsuite>\n');
  }
  await write('</testsuites>\n');
}

function newSuite(file: string | null): Suite {
  return { file, cases: [], tests: 0, failures: 0, errors: 0, skipped: 0, ms: 0 };
}

function countAttributes({ tests, failures, errors, skipped, ms }: Omit<Suite, 'file' | 'cases'>): string {
  const counts = attribute('tests', tests) + attribute('failures', failures) + attribute('errors', errors);
  return counts + attribute('skipped', skipped) + attribute('time', seconds(ms));
}

function propertiesOf(run: RunStarted, resource: string, coverage: CoverageMeasured | null): string {
  const properties: readonly (readonly [string, string])[] = [
    ['target', run.target.name],
    ['mode', run.target.mode],
    ['seed', String(run.seed)],
    ['rerun', run.rerun],
    ['revision', run.gitRevision ?? 'unknown'],
    ...(coverage?.rows ?? [])
      .filter((row) => row.resource === resource)
      .flatMap(({ category, seen, missing }): readonly (readonly [string, string])[] => [
        [`coverage.${category}`, `${seen.length}/${seen.length + missing.length}`],
        ...(missing.length === 0 ? [] : [[`coverage.${category}.never`, missing.join(', ')] as const]),
      ]),
  ];
  const lines = properties.map(
    ([name, value]) => `<property${attribute('name', name)}${attribute('value', value)}/>\n`,
  );
  return `<properties>\n${lines.join('')}</properties>\n`;
}

/** The last segments of the id; CI servers tell cases apart by classname and name alone, so a second one is numbered. */
function uniqueName(
  finished: CaseFinished,
  names: Map<string, number>,
): { readonly classname: string; readonly name: string } {
  const segments = finished.id.split('/');
  // Jenkins reads a dot in `classname` as the border of a package.
  const classname = segments.slice(0, 2).join('.').slice(0, MAX_NAME) || NO_RESOURCE;
  const rest = (segments.slice(2).join('/') || finished.name || finished.id).slice(0, MAX_NAME);
  const key = `${classname}\n${rest}`;
  const seen = names.get(key) ?? 0;
  names.set(key, seen + 1);
  return { classname, name: seen === 0 ? rest : `${rest} (${seen + 1})` };
}

function addCase(
  suite: Suite,
  finished: CaseFinished,
  { classname, name }: { readonly classname: string; readonly name: string },
  run: RunStarted | null,
  strict: boolean,
): void {
  suite.tests += 1;
  suite.ms += finished.durationMs;
  const place =
    finished.contract === null
      ? ''
      : attribute('file', finished.contract.file) + attribute('line', finished.contract.line);
  const open = `<testcase${attribute('classname', classname)}${attribute('name', name)}${attribute('time', seconds(finished.durationMs))}${place}`;

  const inside = outcome(suite, finished, run, strict);
  suite.cases.push(inside === '' ? `${open}/>\n` : `${open}>\n${inside}</testcase>\n`);
}

/** What stands inside a `testcase`; counts it in the suite. */
function outcome(suite: Suite, finished: CaseFinished, run: RunStarted | null, strict: boolean): string {
  const { verdict } = finished;
  if (verdict === 'pass') return '';
  if (verdict === 'skip' || verdict === 'blocked' || verdict === 'waived') {
    suite.skipped += 1;
    const { waiver, skipReason } = finished;
    const why = waiver === null ? (skipReason ?? 'no reason given') : `${waiver.reason} (until ${waiver.until})`;
    return `<skipped${attribute('message', `${verdict}: ${why}`)}/>\n`;
  }
  const violations = blamedFor(finished);
  const first = violations[0];
  const message = attribute('message', first === undefined ? verdict : `${first.rule}: ${first.message}`);
  const type = attribute('type', first?.rule ?? verdict);
  const details = detailsOf(finished, run);
  if (!failsRun(verdict, strict)) {
    return `<flakyFailure${message}${type}>\n<stackTrace>${cdata(details)}</stackTrace>\n</flakyFailure>\n`;
  }
  if (verdict === 'error') suite.errors += 1;
  else suite.failures += 1;
  const element = verdict === 'error' ? 'error' : 'failure';
  return `<${element}${message}${type}>${cdata(details)}</${element}>\n`;
}

function detailsOf(finished: CaseFinished, run: RunStarted | null): string {
  const violations = blamedFor(finished);
  const blocks = violations.slice(0, MAX_VIOLATIONS).map((violation) => {
    const { title } = ruleText(violation.rule);
    const lines = [`${violation.rule}  ${title}`, violation.message, `where     ${placeOf(violation)}`];
    lines.push(`expected  ${violation.expected}`, `actual    ${violation.actual}`);
    if (violation.at !== null) lines.push(`contract  ${violation.at.file}:${violation.at.line}:${violation.at.col}`);
    if (violation.hint !== null) lines.push(`hint      ${violation.hint}`);
    return lines.join('\n');
  });
  if (violations.length > MAX_VIOLATIONS) blocks.push(`and ${violations.length - MAX_VIOLATIONS} more violations`);

  const exchange = failedExchanges(finished)[violations[0]?.exchange ?? 0];
  if (exchange !== undefined) blocks.push(curlText(exchange, 4000));
  const rerun = rerunOf(run, finished);
  if (rerun !== null) blocks.push(rerun);
  if (finished.paste !== undefined) blocks.push(finished.paste.trimEnd());
  return `\n${blocks.join('\n\n')}\n`;
}

function seconds(ms: number): string {
  return (Math.max(0, ms) / 1000).toFixed(3);
}
