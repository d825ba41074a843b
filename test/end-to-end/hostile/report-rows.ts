/** R: reports. */
/* oxlint-disable vitest/no-standalone-expect -- rows are played inside a test */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { folderOf, type Folder } from '../../cli/support.ts';
import { command } from './command.ts';
import { elsewhere, type Row } from './row.ts';

const BROWSER = 'test/browser/report.test.ts';
const LAYOUT = 'test/report/json-layout.test.ts';

export const REPORT_ROWS: readonly Row[] = [
  {
    id: 'R01',
    what: 'scripts are off',
    expected: 'every failure is readable',
    proof: elsewhere(BROWSER, 'shows every failure in full without script, and hides what needs it'),
  },
  {
    id: 'R02',
    what: "a policy of default-src 'none'",
    expected: 'still readable',
    proof: elsewhere(BROWSER, "reads under Jenkins' policy, which allows neither script nor style"),
  },
  {
    id: 'R03',
    what: 'the network is off',
    expected: 'nothing is asked for',
    proof: elsewhere(BROWSER, 'says nothing to the console and asks for nothing but itself'),
  },
  {
    id: 'R04',
    what: 'a body of a megabyte on one line',
    expected: 'cut, and how much is missing is said',
    proof: elsewhere(LAYOUT, 'cuts a line of a megabyte and says how much is missing'),
  },
  {
    id: 'R05',
    what: 'a binary body',
    expected: 'its first bytes',
    proof: elsewhere(LAYOUT, 'shows the first bytes of a binary body'),
  },
  {
    id: 'R06',
    what: 'shards: one twice, one missing, of different seeds',
    expected: 'refused by name; never summed',
    proof: mergesShards,
  },
  {
    id: 'R07',
    what: 'damaged lines in a stream',
    expected: 'left out, counted, with their numbers',
    proof: readsDamage,
  },
  {
    id: 'R08',
    what: 'JUnit of hostile text',
    expected: 'well formed, nothing lost',
    proof: elsewhere(
      'test/report/junit.test.ts',
      'stays well formed with hostile text in every place, and loses none of it',
      'is well formed, counts what it holds and keeps names apart',
    ),
  },
  {
    id: 'R09',
    what: 'annotations for GitHub',
    expected: 'escaped; ten errors and ten warnings at most',
    proof: elsewhere(
      'test/report/text.test.ts',
      'are one line each, ten errors and ten warnings at most, whatever text they hold',
    ),
  },
  { id: 'R10', what: 'the same stream twice', expected: 'the same bytes', proof: rendersTheSame },
  {
    id: 'R11',
    what: 'keys alone, a screen reader, dark and light',
    expected: 'no violation that axe finds',
    proof: elsewhere(
      BROWSER,
      'has no accessibility violation: ${name}, ${colorScheme}, everything open',
      'works by keys alone: filter, next failure, theme, help, and the switch that turns them off',
    ),
  },
];

const streamOf = async (folder: Folder, file: string, ...flags: readonly string[]): Promise<void> => {
  const { code } = await command(folder, [
    'run',
    'greetings.contract.yaml',
    '--group',
    'contract',
    ...flags,
    '--reporter',
    `ndjson=${file}`,
  ]);
  expect(code).toBe(0);
};

async function mergesShards(): Promise<void> {
  using folder = folderOf();
  for (const shard of ['1/3', '2/3', '3/3']) await streamOf(folder, `${shard.slice(0, 1)}.ndjson`, '--shard', shard);
  await streamOf(folder, 'seed.ndjson', '--shard', '3/3', '--seed', '2');
  await streamOf(folder, 'whole.ndjson');
  const merge = (...files: readonly string[]) => command(folder, ['report', ...files, '--reporter', 'summary']);

  expect((await merge('3.ndjson', '1.ndjson', '2.ndjson')).code).toBe(0);
  for (const [files, says] of [
    [['1.ndjson', '2.ndjson'], /shard 3\/3 is missing/],
    [['1.ndjson', '2.ndjson', '2.ndjson'], /both shard 2\/3/],
    [['1.ndjson', '2.ndjson', 'seed.ndjson'], /seed|different plans/],
    [['1.ndjson', 'whole.ndjson'], /whole\.ndjson is a whole run/],
  ] as const) {
    const { code, err, out } = await merge(...files);
    expect({ files, code, out }).toEqual({ files, code: 2, out: '' });
    expect(err).toMatch(says);
  }
}

async function readsDamage(): Promise<void> {
  using folder = folderOf();
  await streamOf(folder, 'results.ndjson');
  const file = path.join(folder.path, 'results.ndjson');
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  writeFileSync(
    file,
    [lines[0], '{"type":"case","id":', '\u0000\u0001', '{"type":"case"}', ...lines.slice(1)].join('\n'),
  );
  const { code, out, err } = await command(folder, ['report', 'results.ndjson', '--reporter', 'text']);
  expect(err).toMatch(/3 lines of results\.ndjson could not be read: line 2 .*line 3 .*line 4 /);
  expect(out).toMatch(/4 passed/);
  expect(code).toBe(0);
}

async function rendersTheSame(): Promise<void> {
  using folder = folderOf();
  await streamOf(folder, 'results.ndjson');
  const names = ['text', 'html', 'junit', 'markdown', 'github', 'summary', 'ndjson'];
  const render = async (into: string): Promise<readonly string[]> => {
    await command(folder, [
      'report',
      'results.ndjson',
      ...names.flatMap((name) => ['--reporter', `${name}=${into}/${name}.txt`]),
    ]);
    return names.map((name) =>
      readFileSync(path.join(folder.path, into, `${name}.txt`), 'utf8').replaceAll(`${into}/`, ''),
    );
  };
  expect(await render('first')).toEqual(await render('second'));
}
