/** Prints what becomes of every single fault in the four ways: `npx tsx bench/faults.ts`, with `--all` row by row. */
import { METHOD_NAMES } from '../src/protocol/methods.ts';
import { measureFourWays, WAYS, type Row } from './four-ways.ts';

const { rows, falseAlarms, right } = await measureFourWays();
const decidable = rows.filter((row) => row.class === 'caught' || row.class === 'missed');

const HEAD = ['method', 'faults', 'equivalent', 'undecidable', 'to catch', ...WAYS, 'verb + path'];
const lines = [
  HEAD,
  ...METHOD_NAMES.map((method) =>
    lineOf(
      method,
      rows.filter((row) => row.method === method),
    ),
  ),
  lineOf('all', rows),
];
const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
for (const line of lines)
  process.stdout.write(
    `${line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')}\n`,
  );

process.stdout.write(`\nright requests: ${right} in each way, ${falseAlarms.length} false alarms\n`);
for (const alarm of falseAlarms) process.stdout.write(`  ${alarm}\n`);

process.stdout.write('\nequivalent and undecidable, with the method reached\n');
const reasons = new Map<string, number>();
for (const { class: kind, reason, method, reached, dialect } of rows) {
  if (reason === null) continue;
  const text = `${kind}: ${method} -> ${String(reached)} (${dialect}): ${reason}`;
  reasons.set(text, (reasons.get(text) ?? 0) + 1);
}
for (const [text, count] of [...reasons].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  process.stdout.write(`  ${String(count).padStart(3)}  ${text}\n`);
const undecidable = rows.filter((row) => row.decidedByIntent !== null);
process.stdout.write(
  `\nother methods that a stated intent decides: ${undecidable.filter((row) => row.decidedByIntent).length} of ${undecidable.length}\n`,
);

const missed = decidable.filter((row) => WAYS.some((way) => !row.caught[way]));
for (const row of missed)
  process.stdout.write(
    `MISSED ${row.dialect} ${row.method}: ${row.name}, by ${WAYS.filter((way) => !row.caught[way]).join(', ')}\n`,
  );
if (process.argv.includes('--all'))
  for (const row of rows)
    process.stdout.write(
      `${row.class.padEnd(11)} ${row.dialect.padEnd(8)} ${row.method.padEnd(20)} ${row.name} -> ${String(row.reached)} ${row.rules.join(' ')}\n`,
    );
process.exitCode = missed.length + falseAlarms.length === 0 ? 0 : 1;

function lineOf(name: string, of: readonly Row[]): readonly string[] {
  const toCatch = of.filter((row) => row.class === 'caught' || row.class === 'missed');
  const share = (caught: number): string =>
    `${((100 * caught) / toCatch.length).toFixed(toCatch.length === caught ? 0 : 1)} %`;
  return [
    name,
    String(of.length),
    String(of.filter((row) => row.class === 'equivalent').length),
    String(of.filter((row) => row.class === 'undecidable').length),
    String(toCatch.length),
    ...WAYS.map((way) => share(toCatch.filter((row) => row.caught[way]).length)),
    share(toCatch.filter((row) => row.control).length),
  ];
}
