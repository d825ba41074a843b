/**
 * What was run, as it stands in `docs/interop.md`: every resource of the server, the disagreements. The tables there are
 * made by a run (`npm run interop -- record`), and every run compares them with itself, so that they cannot go stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { METHOD_NAMES } from '../../src/protocol/methods.ts';
import type { CaseFinished } from '../../src/run/events.ts';
import { readDisagreements, readPins } from './disagreements.ts';
import { RAN } from './table.ts';

const PAGE = path.resolve(import.meta.dirname, '../../docs/interop.md');
const REASONS = path.join(import.meta.dirname, 'left-out.yaml');

export interface Run {
  /** By protocol version, judged. */
  readonly runs: ReadonlyMap<string, readonly CaseFinished[]>;
  readonly resources: readonly string[];
  /** Converted and not run. */
  readonly left: readonly string[];
  /** Holds `contracts/`. */
  readonly folder: string;
}

/** Puts the tables of a run into the page. */
export function recordDocs(run: Run): void {
  let page = readFileSync(PAGE, 'utf8');
  for (const [name, table] of tablesOf(run)) page = page.replace(blockOf(name), () => block(name, table));
  writeFileSync(PAGE, page);
}

/** @returns one line for each table of the page that is not this run's */
export function compareDocs(run: Run): readonly string[] {
  const page = readFileSync(PAGE, 'utf8');
  return [...tablesOf(run)].flatMap(([name, table]) => {
    const found = blockOf(name).exec(page);
    if (found === null) return [`docs/interop.md has no table "${name}"`];
    if (cellsOf(found[0]) === cellsOf(block(name, table))) return [];
    return [
      `docs/interop.md: the table "${name}" is not that of this run; \`npm run interop -- record\` makes it anew`,
    ];
  });
}

function tablesOf({ runs, resources, left, folder }: Run): ReadonlyMap<string, string> {
  return new Map([
    ['runs', runsTable(runs)],
    ['resources', resourcesTable(runs, resources, folder)],
    ['blocked', blockedTable(runs)],
    ['left out', leftTable(left)],
    ['disagreements', disagreementsTable(runs)],
  ]);
}

function runsTable(runs: Run['runs']): string {
  return markdown([
    ['protocol', 'cases run', 'pass', 'meet a known disagreement', 'findings', 'blocked', 'skipped'],
    ...[...runs].map(([protocol, cases]) => {
      const ran = cases.filter(({ verdict }) => RAN.has(verdict)).length;
      const [pass, waived] = [count(cases, 'pass'), count(cases, 'waived')];
      return [protocol, ran, pass, waived, ran - pass - waived, count(cases, 'blocked'), count(cases, 'skip')];
    }),
  ]);
}

function resourcesTable(runs: Run['runs'], resources: readonly string[], folder: string): string {
  const versions = [...runs.keys()];
  return markdown([
    ['resource', 'kind', 'methods', ...versions.map((version) => `${version}: run, known, blocked`)],
    ...resources.map((resource) => {
      const contract = parse(readFileSync(path.join(folder, 'contracts', `${resource}.contract.yaml`), 'utf8'), {
        intAsBigInt: true,
      }) as { readonly kind?: string; readonly methods?: object };
      const methods = METHOD_NAMES.filter((name) => Object.hasOwn(contract.methods ?? {}, name));
      const counts = versions.map((version) => {
        const own = (runs.get(version) ?? []).filter((one) => one.resource === resource);
        const ran = own.filter(({ verdict }) => RAN.has(verdict)).length;
        return `${ran}, ${count(own, 'waived')}, ${count(own, 'blocked')}`;
      });
      return [`\`${resource}\``, contract.kind ?? 'collection', methods.join(' '), ...counts];
    }),
  ]);
}

/** Why cases were planned and not sent. */
function blockedTable(runs: Run['runs']): string {
  const rows = new Map<string, number[]>();
  [...runs.values()].forEach((cases, column) => {
    for (const { verdict, skipReason } of cases) {
      if (verdict !== 'blocked' && verdict !== 'skip') continue;
      const reason = generalised(skipReason ?? 'unknown');
      const counts = rows.get(reason) ?? [0, 0];
      counts[column] = (counts[column] ?? 0) + 1;
      rows.set(reason, counts);
    }
  });
  return markdown([
    ['why', ...runs.keys()],
    ...[...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([reason, counts]) => [reason, ...counts]),
  ]);
}

/** The reason without the operation that it speaks of. */
function generalised(reason: string): string {
  return reason
    .replace(/^.*?(, which should make it ready, did not succeed)$/, 'the plain request$1')
    .replace(/^.*? answered nothing at .*$/, 'what should make it ready answered nothing to work on')
    .replace(/would run \w+ on/, 'would run another method on')
    .replace(/^.*? was answered \d+, so/, 'what should make it ready was refused, so');
}

function leftTable(left: readonly string[]): string {
  const reasons = new Map(
    Object.entries((parse(readFileSync(REASONS, 'utf8')) ?? {}) as Readonly<Record<string, string>>),
  );
  const unknown = [...reasons.keys()].filter((name) => !left.includes(name));
  if (unknown.length > 0) throw new Error(`left-out.yaml: ${unknown.join(', ')} is run, or is no resource`);
  return markdown([
    ['resource', 'why it is not run'],
    ...left.map((name) => {
      const reason = reasons.get(name);
      if (reason === undefined) throw new Error(`left-out.yaml does not say why ${name} is not run`);
      return [`\`${name}\``, reason];
    }),
  ]);
}

function disagreementsTable(runs: Run['runs']): string {
  const pins = readPins();
  const versions = [...runs.keys()];
  return markdown([
    ['disagreement', 'the server', 'the text', 'resources', ...versions, 'exchanges'],
    ...readDisagreements().map(({ id, why, source }) => {
      const own = pins.get(id) ?? [];
      const resources = [...new Set(own.flatMap(({ cases }) => cases.map((one) => one.split('/')[0] ?? '')))];
      const counts = versions.map(
        (version) => new Set(own.filter((one) => one.protocols.includes(version)).flatMap(({ cases }) => cases)).size,
      );
      return [
        `\`${id}\``,
        why,
        source,
        resources.map((name) => `\`${name}\``).join(', '),
        ...counts,
        `[${own.length}](../test/interop/exchanges/${id}.yaml)`,
      ];
    }),
  ]);
}

function count(cases: readonly CaseFinished[], verdict: CaseFinished['verdict']): number {
  return cases.filter((one) => one.verdict === verdict).length;
}

/** A table as the formatter of this repository writes it. */
function markdown(rows: readonly (readonly (string | number)[])[]): string {
  const texts = rows.map((row) => row.map((cell) => String(cell).replaceAll('|', '\\|')));
  const widths = (texts[0] ?? []).map((_, column) => Math.max(3, ...texts.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = texts;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

function block(name: string, table: string): string {
  return `<!-- run: ${name} -->\n\n${table}\n\n<!-- end -->`;
}

function blockOf(name: string): RegExp {
  return new RegExp(`<!-- run: ${name} -->[^]*?<!-- end -->`);
}

/** Formatting pads cells; what they say is compared. */
function cellsOf(text: string): string {
  return text
    .replace(/ *\| */g, '|')
    .replace(/-+/g, '-')
    .replace(/\s*\n\s*/g, '\n');
}
