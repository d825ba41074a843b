/** L: the command line is used wrongly. */
/* oxlint-disable vitest/no-standalone-expect -- rows are played inside a test */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { folderOf } from '../../cli/support.ts';
import { command } from './command.ts';
import { elsewhere, type Row } from './row.ts';

const MISUSE = 'test/cli/misuse.test.ts';
const RUN = 'test/cli/run.test.ts';

/** A command line that ends with 2 and says why, without a stack. */
function refused(
  id: string,
  what: string,
  expected: string,
  ...lines: readonly (readonly [args: readonly string[], says: RegExp])[]
): Row {
  return {
    id,
    what,
    expected,
    proof: async () => {
      using folder = folderOf();
      for (const [args, says] of lines) {
        const { code, out, err } = await command(folder, args);
        expect({ args, code, out }).toEqual({ args, code: 2, out: '' });
        expect(err).toMatch(says);
        expect(err).not.toMatch(/\n\s+at /);
      }
    },
  };
}

const run = (...flags: readonly string[]): readonly string[] => ['run', 'greetings.contract.yaml', ...flags];

export const COMMAND_ROWS: readonly Row[] = [
  refused('L01', 'an unknown flag', 'exit 2, did you mean', [run('--bale'), /--bail/]),
  {
    id: 'L02',
    what: 'an unknown command; none at all; help',
    expected: 'exit 2 with what there is; help exits 0 on stdout',
    proof: elsewhere(
      MISUSE,
      'L02 unknown command',
      'L02 no command',
      'shows help on stdout with code 0, and the version',
    ),
  },
  {
    id: 'L03',
    what: 'a path that is not there, a folder without contracts',
    expected: 'exit 2 with what was searched',
    proof: elsewhere(MISUSE, 'L03 a path that is not there', 'L03 a folder without contracts'),
  },
  refused(
    'L04',
    '--shard 0/3, 4/3, a/b',
    'exit 2 with the form',
    [run('--shard', '0/3'), /1\/3/],
    [run('--shard', '4/3'), /1\/3/],
    [run('--shard', 'a/b'), /1\/3/],
  ),
  {
    id: 'L05',
    what: 'more shards than cases',
    expected: 'an empty shard exits 0 with a note',
    proof: async () => {
      using folder = folderOf();
      const { code, out, err } = await command(folder, run('--group', 'contract', '--no-report', '--shard', '9/9'));
      expect(code).toBe(0);
      expect(out + err).toMatch(/shard|0 selected/i);
    },
  },
  refused(
    'L06',
    '--timeout -1, 1e99, abc, 10parsecs',
    'exit 2',
    ...['-1', '1e99', 'abc', '10parsecs'].map((value) => [run(`--timeout=${value}`), /500ms/] as const),
  ),
  {
    id: 'L07',
    what: 'two reporters to one path',
    expected: 'exit 2',
    proof: elsewhere(MISUSE, 'L07 two reporters, one path'),
  },
  {
    id: 'L08',
    what: 'a report to a directory, through a file, to a full disk',
    expected: 'exit 3, after the verdict on stderr',
    proof: async () => {
      using folder = folderOf();
      const places = [
        'junit=.',
        'junit=greetings.contract.yaml/x.xml',
        ...(existsSync('/dev/full') ? ['ndjson=/dev/full'] : []),
      ];
      for (const place of places) {
        const { code, err } = await command(folder, run('--group', 'contract', '--reporter', place));
        expect({ place, code }).toEqual({ place, code: 3 });
        expect(err).toMatch(/4 pass of 4\n[^]*error: [^\n]*Failed to write/);
        expect(err).not.toMatch(/\n\s+at /);
      }
    },
  },
  refused(
    'L09',
    'a base URL without scheme, of ftp:, with credentials',
    'exit 2; credentials are masked',
    [run('--base-url', 'localhost:8080'), /http:\/\/localhost:8080/],
    [run('--base-url', 'ftp://host'), /ftp/],
    [run('--base-url', 'https://ann:canary-51@host'), /^(?![^]*canary-51)[^]*credentials/],
  ),
  refused('L10', 'a bad pattern in --case', 'exit 2', [run('--case', '[a'), /no meaning in a pattern/]),
  {
    id: 'L11',
    what: 'a config of the wrong type, with an unknown member, of bad JSON; two configs',
    expected: 'exit 2 with a frame, or the list',
    proof: async () => {
      for (const [name, text, says] of [
        ['restli-contract.config.yaml', '- a\n- b\n', /config\.yaml:1:1/],
        ['restli-contract.config.yaml', 'contrcts: [a]\n', /config\.yaml:1:1[^]*contracts/],
        ['restli-contract.config.json', '{ "contracts": [', /config\.json:\d+:\d+/],
      ] as const) {
        using folder = folderOf();
        writeFileSync(path.join(folder.path, name), text);
        const { code, err } = await command(folder, ['run']);
        expect(err).toMatch(says);
        expect(code).toBe(2);
      }
      using two = folderOf({ 'restli-contract.config.yaml': '', 'restli-contract.config.json': '{}' });
      expect((await command(two, ['run'])).err).toMatch(/config\.yaml.*config\.json/);
    },
  },
  {
    id: 'L12',
    what: 'a secret on the command line',
    expected: 'works, with a warning; shown nowhere',
    proof: elsewhere(MISUSE, 'L12 warns of a secret on the command line and shows it nowhere'),
  },
  {
    id: 'L13',
    what: 'stdout closed early, as by head',
    expected: 'no EPIPE; the exit code is that of the verdict',
    proof: elsewhere(RUN, 'L13 keeps its verdict when the reader of stdout goes away'),
  },
  {
    id: 'L14',
    what: 'no terminal, NO_COLOR, FORCE_COLOR, TERM=dumb, COLUMNS=20',
    expected: 'right in each',
    proof: async () => {
      using folder = folderOf();
      const outputs: Record<string, string> = {};
      for (const [name, env] of [
        ['none', {}],
        ['forced', { FORCE_COLOR: '1' }],
        ['off', { FORCE_COLOR: '0' }],
        ['no', { NO_COLOR: '1' }],
        ['dumb', { TERM: 'dumb' }],
        ['narrow', { COLUMNS: '20' }],
      ] as const)
        outputs[name] = (await command(folder, run('--group', 'contract', '--no-report'), env)).out;
      expect(Object.entries(outputs).flatMap(([name, text]) => (text.includes('\u001b[') ? [name] : []))).toEqual([
        'forced',
      ]);
      expect(outputs['narrow']).toMatch(/4 passed/);
    },
  },
  {
    id: 'L15',
    what: 'writes against a host that is not this machine, without --allow-writes',
    expected: 'left out and listed',
    proof: elsewhere('test/run/run.test.ts', 'sends no write to a foreign host and says why'),
  },
  {
    id: 'L16',
    what: 'a Node that is too old',
    expected: 'one line, exit 2',
    proof: async () => {
      const root = path.resolve(import.meta.dirname, '../../..');
      const old = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.0' } })";
      const { status, stderr } = spawnSync(
        process.execPath,
        [
          '--import',
          path.join(root, 'node_modules/tsx/dist/loader.mjs'),
          '--import',
          `data:text/javascript,${encodeURIComponent(old)}`,
          path.join(root, 'src/cli/main.ts'),
          'run',
        ],
        { encoding: 'utf8', timeout: 15_000 },
      );
      expect({ status, stderr }).toEqual({
        status: 2,
        stderr: 'restli-contract needs Node ^20.19, ^22.12 or >=24; this is 18.20.0\n',
      });
    },
  },
];
