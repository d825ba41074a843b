/** Contracts that are legal and rare: `check` takes them, the endpoint made from them keeps them, and the bytes are right. */
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig, loadContracts } from '../../src/contract/load.ts';
import { serveContracts } from '../../src/mock/index.ts';
import { folderOf, type Folder } from '../cli/support.ts';
import { command, eventsIn } from './hostile/command.ts';

const SOURCE = path.resolve(import.meta.dirname, 'unusual');

function copied(): Folder {
  const folder = folderOf({});
  cpSync(SOURCE, folder.path, { recursive: true });
  return folder;
}

/** What must not be there: violations of level must, and cases without an answer. */
function alarmsIn(folder: Folder): readonly string[] {
  return eventsIn(folder, 'results.ndjson').flatMap((event) => {
    if (event.type !== 'case') return [];
    const grave = event.violations.filter(({ level }) => level === 'must');
    if (grave.length === 0) return event.verdict === 'error' ? [`${event.id}: no answer`] : [];
    return grave.map(({ rule, message }) => `${event.id}: ${rule}: ${message}`);
  });
}

describe('contracts that are legal and rare', () => {
  it('are accepted by check', async () => {
    using folder = copied();
    const { code, err } = await command(folder, ['check']);
    // One case sends a deprecated member a thousand times, which is one word to its author.
    expect(err).toMatch(/0 errors, 1 warning\b/);
    expect(err).toContain('contract/deprecated-member');
    expect(code).toBe(0);
  });

  it('are kept by the embedded endpoint, whatever is asked of it', async () => {
    using folder = copied();
    const { code } = await command(folder, ['run', '--reporter', 'ndjson=results.ndjson']);
    expect(alarmsIn(folder)).toEqual([]);
    expect(code).toBe(0);
    const passed = eventsIn(folder, 'results.ndjson').filter(
      (event) => event.type === 'case' && event.verdict === 'pass',
    );
    expect(passed.length).toBeGreaterThan(2_000);
  }, 60_000);

  it('refuse what is broken on purpose, and nothing is asked of 1.0.0 that it accepts', async () => {
    using folder = copied();
    await command(folder, ['run', '--group', 'negative', '--reporter', 'ndjson=results.ndjson']);
    expect(alarmsIn(folder)).toEqual([]);
  }, 60_000);

  it.each([
    // Every reserved character, within a compound key and alone.
    [
      'memberships/GET/gets-the-nasty-one',
      'GET /memberships/(group:a%2Fb%3Fc%23d%2525%20e%2Cf%28g%29%3Ah%27i&j=k+l%3Bm~%22!*%5B%5D%7B%7D%7C%5C%5E%60%3C%3E@$,member:urn%3Ali%3Aperson%3A%281%2C2%29,rank:-2147483648)',
    ],
    ['memberships/FINDER/finds-by-everything-strange', 'd=1.0&ds=List(1.0,2.0E10,-0.0)'],
    ['memberships/FINDER/finds-an-empty-text', "text=''"],
    ['large/FINDER/finds-by-numbers-with-a-fraction', 'money=(amount:3.0,currency:USD)'],
    ['large/FINDER/finds-by-numbers-with-a-fraction', 'rates=List(1.0,1.5,1.0E7)'],
    ['large/GET/reads-the-greatest-long', 'GET /api/large/9223372036854775807'],
    [
      'groups.members.notes/GET/contract/keeps-its-promise',
      'GET /groups/5/members/(dest:urn%3Ali%3Ax%3A%281%29,src:a%2Cb)/notes/a%2Fb%20c',
    ],
    ['olds/GET/contract/keeps-its-promise', 'GET /olds/a&b=c%20d%2Fe'],
  ])('are sent byte for byte: %s holds %s', async (id, bytes) => {
    using folder = copied();
    const { out } = await command(folder, [
      'list',
      '--case',
      id,
      '--requests',
      '--dialect',
      id.startsWith('large') ? 'acme' : 'restli',
    ]);
    expect(out).toContain(bytes);
  });

  it('pass on a seeded service with authorization, variables and a dialect of its own', async () => {
    using folder = copied();
    const { config } = await loadConfig(null, folder.path);
    if (config === null) throw new Error('the config is wrong');
    const { contracts } = await loadContracts(['large.contract.yaml'], { cwd: folder.path, config });
    const seen = new Set<string>();
    const served = await serveContracts(contracts, {
      dialects: config.dialects,
      onExchange: ({ request }) => {
        for (const [name, value] of request.headers)
          if (/^(authorization|x-tenant)$/i.test(name)) seen.add(`${name}: ${value}`);
      },
    });
    try {
      const { code, out, err } = await command(
        folder,
        [
          'run',
          'large.contract.yaml',
          '--target',
          'staging',
          '--reporter',
          'text',
          '--reporter',
          'ndjson=results.ndjson',
        ],
        { BASE: served.url, SECRET: 'canary-pass-31' },
      );
      expect(alarmsIn(folder)).toEqual([]);
      expect(code).toBe(0);
      expect(out + err).not.toContain('canary-pass-31');
      expect(seen).toContain(`Authorization: Basic ${Buffer.from('ann:canary-pass-31').toString('base64')}`);
      expect(seen).toContain('X-Tenant: books');
    } finally {
      await served.close();
    }
  }, 60_000);

  it('may be waived to the end of today, and no longer', async () => {
    const today = new Date().toISOString().slice(0, 10);
    for (const [until, code] of [
      [today, 0],
      ['2020-01-01', 1],
    ] as const) {
      using folder = copied();
      writeFileSync(
        path.join(folder.path, 'waived.yaml'),
        `waived: [{ case: 'books/GET/contract/**', reason: known, until: ${until} }]\n`,
      );
      const args = [
        'run',
        'chosen-keys.contract.yaml',
        '--config',
        'waived.yaml',
        '--case',
        'books/GET/contract/**',
        '--fault',
        'body-is-cut',
      ];
      const ran = await command(folder, [...args, '--reporter', 'text', '--reporter', 'ndjson=results.ndjson']);
      expect({ until, code: ran.code }).toEqual({ until, code });
      const verdicts = eventsIn(folder, 'results.ndjson').flatMap((event) =>
        event.type === 'case' ? [event.verdict] : [],
      );
      expect(verdicts).toEqual([code === 0 ? 'waived' : 'fail']);
    }
  });
});
