import { describe, expect, it } from 'vitest';
import { cli, folderOf, GREETINGS } from './support.ts';

/** Rows L of the hostile battery, and others alike: what is typed, what it ends with, what it says. */
const ROWS: readonly (readonly [id: string, args: readonly string[], code: number, says: RegExp])[] = [
  ['L01 unknown flag', ['run', '--bale'], 2, /--bail/],
  ['L02 unknown command', ['rum'], 2, /Did you mean run/],
  ['L02 no command', [], 2, /run .*replay/],
  ['L03 a path that is not there', ['run', 'nowhere.contract.yaml'], 2, /no file or folder nowhere/],
  ['L03 a folder without contracts', ['run', 'empty'], 2, /nothing below empty/],
  ['L04 shard 0/3', ['run', '--shard', '0/3'], 2, /1\/3/],
  ['L04 shard a/b', ['run', '--shard', 'a/b'], 2, /1\/3/],
  ['L06 time-out without unit', ['run', '--timeout', '1e99'], 2, /500ms/],
  ['L07 two reporters, one path', ['run', '--reporter', 'html=x', '--reporter', 'junit=./x'], 2, /would both write/],
  ['L09 base URL without scheme', ['run', '--base-url', 'localhost:8080'], 2, /http:\/\/localhost:8080/],
  ['L09 base URL of another scheme', ['run', '--base-url', 'ftp://host'], 2, /ftp/],
  ['L10 bad pattern', ['run', '--case', '[a'], 2, /no meaning in a pattern/],
  ['unknown method', ['run', '--method', 'BATCHGET'], 2, /BATCH_GET/],
  ['unknown group', ['run', '--group', 'header'], 2, /headers/],
  ['unknown target', ['run', 'greetings.contract.yaml', '--target', 'prod'], 2, /no target `prod`/],
  ['unknown dialect', ['run', 'greetings.contract.yaml', '--dialect', 'linkdin'], 2, /linkedin/],
  ['unknown reporter', ['run', '--reporter', 'juint'], 2, /junit/],
  ['unknown fault', ['run', '--fault', 'body-is-cutt'], 2, /body-is-cut/],
  [
    'fault of a service',
    ['run', 'greetings.contract.yaml', '--fault', 'body-is-cut', '--base-url', 'http://localhost:1'],
    2,
    /embedded endpoint only/,
  ],
  ['unknown rule', ['explain', 'batch/missing-key-'], 2, /no rule/],
  [
    'nothing selected',
    ['run', 'greetings.contract.yaml', '--case', 'nothing/**', '--no-report'],
    1,
    /nothing|0 selected/i,
  ],
  [
    'a pattern that stays within a segment',
    ['run', 'greetings.contract.yaml', '--case', 'greetings/*', '--no-report'],
    1,
    /--case 'greetings\/\*' matches no case; did you mean `greetings\/\*\*`/,
  ],
  ['a misspelt id', ['list', 'greetings.contract.yaml', '--case', 'greetins/GET'], 0, /did you mean `greetings\/GET`/],
  ['a part of a word', ['list', 'greetings.contract.yaml', '--case', 'greeting'], 0, /0 of \d+ cases/],
  ['a folder that cannot be made', ['init', '/proc/nothing/here'], 3, /failed to write \/proc\/nothing/],
  ['a report of no stream', ['report', 'empty/readme.txt'], 2, /no stream of a run/],
  ['a report of garbage', ['report', 'garbage.ndjson'], 2, /no stream of a run[\s\S]*line 1/],
  [
    'a resource that is none',
    ['list', 'greetings.contract.yaml', '--resource', 'greetins'],
    0,
    /did you mean `greetings`/,
  ],
  [
    'a line beyond the end',
    ['run', 'greetings.contract.yaml:999', '--no-report'],
    1,
    /greetings\.contract\.yaml:999 selects nothing: the file ends at line \d+/,
  ],
];

describe('a command line used wrongly', () => {
  it.concurrent.each(ROWS)('%s', async (_id, args, code, says) => {
    using folder = folderOf({
      'greetings.contract.yaml': GREETINGS,
      'empty/readme.txt': '',
      'garbage.ndjson': 'GIF89a\n',
    });
    const ran = await cli(folder, args);
    expect(ran.err + ran.out).toMatch(says);
    expect(ran.err).not.toMatch(/\n\s+at /);
    expect(ran.code).toBe(code);
  });

  it('masks credentials in a base URL', async () => {
    using folder = folderOf();
    const { code, err } = await cli(folder, ['run', '--base-url', 'https://ann:canary-51@host']);
    expect(code).toBe(2);
    expect(err).not.toContain('canary-51');
  });

  it('L11 shows a frame for a config with an unknown member, and lists two configs', async () => {
    using folder = folderOf({ 'greetings.contract.yaml': GREETINGS, 'restli-contract.config.yaml': 'contrcts: [a]\n' });
    const wrong = await cli(folder, ['run']);
    expect(wrong.code).toBe(2);
    expect(wrong.err).toMatch(/restli-contract\.config\.yaml:1:1[\s\S]*contracts/);

    using both = folderOf({ 'restli-contract.config.yaml': '', 'restli-contract.config.json': '{}' });
    const two = await cli(both, ['run']);
    expect(two.code).toBe(2);
    expect(two.err).toMatch(/config\.yaml.*config\.json/);
  });

  it('L12 warns of a secret on the command line and shows it nowhere', async () => {
    using folder = folderOf();
    const { code, out, err } = await cli(folder, [
      'run',
      'greetings.contract.yaml',
      '--reporter',
      'ndjson',
      '-H',
      'Authorization: Bearer canary-0815-token',
    ]);
    expect(err).toMatch(/warning: the header Authorization/);
    expect(out + err).not.toContain('canary-0815');
    expect(code).toBe(0);
  });

  it('shows help on stdout with code 0, and the version', async () => {
    using folder = folderOf({});
    const [help, runHelp, version] = await Promise.all([
      cli(folder, ['--help']),
      cli(folder, ['run', '--help']),
      cli(folder, ['--version']),
    ]);
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toContain('completion');
    expect(runHelp.out).toContain('--allow-writes');
    expect(version.out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
