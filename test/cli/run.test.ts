import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/run/events.ts';
import { json, serviceOf, shelf } from '../run/support.ts';
import { cli, folderOf, GREETINGS, type Folder } from './support.ts';

function streamIn(folder: Folder, file = 'reports/results.ndjson'): readonly RunEvent[] {
  const text = readFileSync(path.join(folder.path, file), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
}

describe('run', () => {
  it('runs against the mock, says so, and leaves the stream and the page', async () => {
    using folder = folderOf();
    const { code, out, err } = await cli(folder, ['run', 'greetings.contract.yaml']);
    expect(code).toBe(0);
    expect(out + err).toMatch(/mock, not the service/);
    expect(out.trimEnd().split('\n').slice(-9).join('\n')).toContain('reports/report.html');
    expect(readdirSync(path.join(folder.path, 'reports')).toSorted()).toEqual(['report.html', 'results.ndjson']);
    expect(streamIn(folder).map(({ type }) => type)).toEqual(expect.arrayContaining(['run', 'case', 'end']));
  });

  it('gives stdout to ndjson alone', async () => {
    using folder = folderOf();
    const { code, out, err } = await cli(folder, [
      'run',
      'greetings.contract.yaml',
      '--reporter',
      'ndjson',
      '--reporter',
      'text',
    ]);
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RunEvent);
    expect(events.at(-1)).toMatchObject({ type: 'end', exitCode: code });
    expect(err).toMatch(/greetings/);
    expect(existsSync(path.join(folder.path, 'reports'))).toBe(false);
  });

  it('selects by file and line', async () => {
    using folder = folderOf();
    const { out } = await cli(folder, ['run', 'greetings.contract.yaml:22', '--reporter', 'ndjson']);
    expect(out).toMatch(/"selected":1/);
    expect(out).toContain('misses-a-greeting');
  });

  it('runs what is good beside a bad contract, and ends with 2', async () => {
    using folder = folderOf({
      'contracts/a.contract.yaml': GREETINGS,
      'contracts/b.contract.yaml': GREETINGS.replace('resource: greetings', 'resource: others\nheders: { A: b }'),
    });
    const { code, out, err } = await cli(folder, ['run', '--reporter', 'text']);
    expect(err).toMatch(/contracts\/b\.contract\.yaml:3:1[\s\S]*headers/);
    expect(out).toMatch(/greetings/);
    expect(code).toBe(2);
  });

  it('ends with 3 where nothing listens, and says what to do', async () => {
    const gone = await serviceOf(() => undefined);
    await gone[Symbol.asyncDispose]();
    using folder = folderOf();
    const { code, out, err } = await cli(folder, [
      'run',
      'greetings.contract.yaml',
      '--base-url',
      gone.url,
      '--no-report',
    ]);
    expect(code).toBe(3);
    expect(out + err).toMatch(/refused|Start|listen/i);
  });

  it('ends with 3 where the server hangs, after the time-out', async () => {
    await using hanging = await serviceOf(() => undefined);
    using folder = folderOf();
    const { code, out } = await cli(folder, [
      'run',
      'greetings.contract.yaml',
      '--base-url',
      hanging.url,
      '--no-report',
      '--timeout',
      '100ms',
    ]);
    expect(code).toBe(3);
    expect(out).toMatch(/time/i);
  });

  it('ends with 1 where a page of HTML answers', async () => {
    await using pages = await serviceOf((_request, response) =>
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>Sign in</html>'),
    );
    using folder = folderOf();
    const { code, out } = await cli(folder, ['run', 'greetings.contract.yaml', '--base-url', pages.url, '--no-report']);
    expect(code).toBe(1);
    expect(out).toMatch(/HTML|text\/html/);
  });

  it('L05 ends with 0 for a shard that has no cases', async () => {
    using folder = folderOf();
    const { code } = await cli(folder, [
      'run',
      'greetings.contract.yaml',
      '--group',
      'contract',
      '--no-report',
      '--shard',
      '9/9',
    ]);
    expect(code).toBe(0);
  });

  it('L08 ends with 3 for a report that cannot be written, after the verdict', async () => {
    using folder = folderOf();
    mkdirSync(path.join(folder.path, 'taken'));
    const { code, err } = await cli(folder, ['run', 'greetings.contract.yaml', '--reporter', 'junit=taken']);
    expect(code).toBe(3);
    expect(err).toMatch(/\d+ pass[\s\S]*taken: it is a directory/);
  });

  it('L13 keeps its verdict when the reader of stdout goes away', async () => {
    using folder = folderOf();
    const { code, err } = await cli(folder, ['run', 'greetings.contract.yaml', '--reporter', 'ndjson'], {
      onStart: (child) => child.stdout?.destroy(),
    });
    expect(err).not.toMatch(/EPIPE/);
    expect(code).toBe(0);
  });

  it('L14 colours only when told to where there is no terminal', async () => {
    using folder = folderOf();
    const args = ['run', 'greetings.contract.yaml', '--no-report'];
    const [plain, forced, refused] = await Promise.all([
      cli(folder, args),
      cli(folder, args, { env: { FORCE_COLOR: '1', COLUMNS: '20' } }),
      cli(folder, [...args, '--no-color'], { env: { FORCE_COLOR: '1' } }),
    ]);
    expect(plain.out).not.toContain('\u001b[');
    expect(forced.out).toContain('\u001b[');
    expect(refused.out).not.toContain('\u001b[');
  });

  it('gives a second run on the same folder a folder of its own', async () => {
    using folder = folderOf();
    mkdirSync(path.join(folder.path, 'reports'));
    writeFileSync(path.join(folder.path, 'reports/.lock'), `${process.pid}\n`);
    const { code, err } = await cli(folder, ['run', 'greetings.contract.yaml']);
    expect(code).toBe(0);
    expect(err).toMatch(/another run writes to reports/);
    expect(existsSync(path.join(folder.path, 'reports/results.ndjson'))).toBe(false);
  });
});

describe('interruption', () => {
  it('X01 cleans up, writes its reports, and ends with 130', async () => {
    const { answer, stored } = shelf();
    await using service = await serviceOf((request, response, index) => {
      if (request.verb === 'POST')
        answer({ ...request, url: request.url.replace('greetings', 'books') }, response, index);
      else if (request.verb === 'DELETE')
        answer({ ...request, url: request.url.replace('greetings', 'books') }, response, index);
    });
    using folder = folderOf({
      'greetings.contract.yaml': `${GREETINGS.slice(0, GREETINGS.indexOf('cases:'))}flows:
  - name: hangs in the middle
    steps:
      - { method: CREATE, entity: { message: New }, capture: { made: key } }
      - { method: GET, key: "\${made}" }
`,
    });
    const seen = { child: null as { kill(signal: NodeJS.Signals): boolean } | null };
    const waiting = cli(
      folder,
      ['run', 'greetings.contract.yaml', '--group', 'contract', '--case', '**/flow/**', '--base-url', service.url],
      {
        onStart: (child) => (seen.child = child),
      },
    );
    while (!service.requests.some(({ verb }) => verb === 'GET')) await new Promise((resolve) => setImmediate(resolve));
    seen.child?.kill('SIGINT');
    const { code } = await waiting;
    expect(code).toBe(130);
    expect(stored.size).toBe(0);
    expect(streamIn(folder).at(-1)).toMatchObject({ type: 'end', interrupted: 'SIGINT', exitCode: 130 });
    expect(readdirSync(path.join(folder.path, 'reports')).toSorted()).toEqual(['report.html', 'results.ndjson']);
  });

  it.each([
    ['X02 twice', ['SIGINT', 'SIGINT'], 130],
    ['X03 SIGTERM', ['SIGTERM', 'SIGTERM'], 143],
  ] as const)('%s ends at once', async (_id, signals, expected) => {
    // Neither the step nor its cleanup is ever answered.
    await using service = await serviceOf((request, response) => {
      if (request.verb === 'POST') json(response, 201, undefined, { 'X-RestLi-Id': '7', Location: '/greetings/7' });
    });
    using folder = folderOf({
      'greetings.contract.yaml': `${GREETINGS.slice(0, GREETINGS.indexOf('cases:'))}flows:
  - name: hangs
    steps:
      - { method: CREATE, entity: { message: New }, capture: { made: key } }
      - { method: GET, key: "\${made}" }
`,
    });
    const seen = { child: null as { kill(signal: NodeJS.Signals): boolean } | null };
    const waiting = cli(folder, ['run', 'greetings.contract.yaml', '--case', '**/flow/**', '--base-url', service.url], {
      onStart: (child) => (seen.child = child),
    });
    const reached = async (verb: string): Promise<void> => {
      while (!service.requests.some((request) => request.verb === verb))
        await new Promise((resolve) => setImmediate(resolve));
    };
    await reached('GET');
    seen.child?.kill(signals[0]);
    await reached('DELETE');
    seen.child?.kill(signals[1]);
    const { code } = await waiting;
    expect(code).toBe(expected);
    expect(readdirSync(path.join(folder.path, 'reports'))).not.toContain('report.html');
  });
});

describe('report', () => {
  it('X04 renders a stream that was cut off', async () => {
    using folder = folderOf();
    await cli(folder, ['run', 'greetings.contract.yaml', '--reporter', 'ndjson=whole.ndjson']);
    const whole = readFileSync(path.join(folder.path, 'whole.ndjson'), 'utf8').trimEnd().split('\n');
    writeFileSync(
      path.join(folder.path, 'cut.ndjson'),
      `${whole.slice(0, 2).join('\n')}\n${(whole[2] ?? '').slice(0, 40)}`,
    );
    const { code, err } = await cli(folder, ['report', 'cut.ndjson', '--reporter', 'html=page.html']);
    expect(code).toBe(0);
    expect(err).toMatch(/line 3 \(cut off\)/);
    expect(readFileSync(path.join(folder.path, 'page.html'), 'utf8')).toMatch(/incomplete/i);
  });

  it('R06 merges the shards of one run and refuses what does not belong together', async () => {
    using folder = folderOf();
    const shard = (n: number): Promise<unknown> =>
      cli(folder, [
        'run',
        'greetings.contract.yaml',
        '--group',
        'contract',
        '--shard',
        `${n}/2`,
        '--reporter',
        `ndjson=${n}.ndjson`,
      ]);
    await Promise.all([shard(1), shard(2)]);
    const [merged, missing, twice] = await Promise.all([
      cli(folder, ['report', '2.ndjson', '1.ndjson', '--reporter', 'ndjson']),
      cli(folder, ['report', '1.ndjson', '1.ndjson', '--reporter', 'text']),
      cli(folder, ['report', 'none.ndjson', '--reporter', 'text']),
    ]);
    const events = merged.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RunEvent);
    expect(events[0]).toMatchObject({ type: 'run', shard: null, planned: { total: 4, selected: 4 } });
    expect(events.at(-1)).toMatchObject({ type: 'end', verdicts: { pass: 4 }, exitCode: 0 });
    expect(missing).toMatchObject({ code: 2 });
    expect(missing.err).toMatch(/both shard 1\/2/);
    expect(twice).toMatchObject({ code: 2 });
  });
});

describe('the other commands', () => {
  it('init writes a project that runs, and nothing twice', async () => {
    using folder = folderOf({});
    expect((await cli(folder, ['init'])).code).toBe(0);
    expect((await cli(folder, ['run', '--no-report'])).code).toBe(0);
    const again = await cli(folder, ['init']);
    expect(again.code).toBe(2);
    expect(again.err).toMatch(/nothing was written/);
  });

  it('check tells every problem of every file', async () => {
    using folder = folderOf({ 'a.contract.yaml': 'contract: 1\nresorce: a\n', 'b.contract.yaml': GREETINGS });
    const { code, err } = await cli(folder, ['check', '.']);
    expect(code).toBe(2);
    expect(err).toMatch(/a\.contract\.yaml:2:1/);
    expect(err).toMatch(/2 files, 1 good contract/);
  });

  it('list shows broken input as it is sent', async () => {
    using folder = folderOf();
    const { out, code } = await cli(folder, [
      'list',
      'greetings.contract.yaml',
      '--group',
      'negative',
      '--requests',
      '--json',
    ]);
    expect(code).toBe(0);
    const listed = JSON.parse(out) as readonly {
      readonly id: string;
      readonly requests: readonly { line: string; body: string | null }[];
    }[];
    const sent = new Map(listed.map(({ id, requests }) => [id, requests.at(-1)]));
    expect(sent.get('greetings/GET/negative/verb-patch')?.line).toBe('PATCH /greetings/1');
    expect(sent.get('greetings/GET/negative/bad-escape')?.line).toBe('GET /greetings/1?x=%zz');
    expect(sent.get('greetings/CREATE/negative/body-no-json')?.body).toBe('{"a":');
  });

  it('list shows final requests with the origin of each header', async () => {
    using folder = folderOf({
      'restli-contract.config.yaml':
        'targets: { staging: { baseUrl: "https://staging.example.com/rest", headers: { X-Trace: target, X-Both: target } } }\n',
      'greetings.contract.yaml': GREETINGS.replace(
        '    key: 404\n',
        '    key: 404\n    headers: { x-both: case, Accept: null }\n',
      ),
    });
    const { code, out } = await cli(folder, [
      'list',
      'greetings.contract.yaml',
      '--target',
      'staging',
      '--case',
      '**/misses-*',
      '--requests',
      '-H',
      'X-Flag: flag',
    ]);
    expect(code).toBe(0);
    expect(out).toContain('GET https://staging.example.com/rest/greetings/404');
    expect(out).toMatch(/x-both: case +case/);
    expect(out).toMatch(/X-Trace: target +target/);
    expect(out).toMatch(/X-Flag: flag +flag/);
    expect(out).toMatch(/Accept: \(left out\) +case/);
  });

  it('explain tells of rules and methods', async () => {
    using folder = folderOf({});
    const [rule, method, family] = await Promise.all([
      cli(folder, ['explain', 'expectation/capture']),
      cli(folder, ['explain', 'batch_create']),
      cli(folder, ['explain', 'waiver']),
    ]);
    expect(rule.out).toMatch(/fix +Correct the place/);
    expect(method.out).toMatch(/without the header CREATE is reached, silently/);
    expect(family.out).toMatch(/waiver\/stale/);
  });

  it('completion names the commands and their flags', async () => {
    using folder = folderOf({});
    const [bash, zsh, fish] = await Promise.all(
      ['bash', 'zsh', 'fish'].map((shell) => cli(folder, ['completion', shell])),
    );
    for (const { out, code } of [bash, zsh, fish].filter((ran) => ran !== undefined)) {
      expect(code).toBe(0);
      for (const word of ['explain', 'allow-writes', 'fail-on-violation']) expect(out).toContain(word);
    }
  });

  it('mock serves until it is stopped, prints where, and sums up', async () => {
    using folder = folderOf();
    let asked = false;
    const { code, out, err } = await cli(folder, ['mock', 'greetings.contract.yaml', '--port', '0'], {
      onText: (text, child) => {
        const url = /http:\/\/127\.0\.0\.1:\d+(?=\n)/.exec(text)?.[0];
        if (url === undefined || asked) return;
        asked = true;
        const headers = { 'X-RestLi-Protocol-Version': '2.0.0', 'X-RestLi-Method': 'GET', Connection: 'close' };
        void fetch(`${url}/greetings/1`, { headers }).then(() => child.kill('SIGINT'));
      },
    });
    expect(out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/);
    expect(err).toMatch(/200 GET \/greetings\/1|GET \/greetings\/1 .*200/);
    expect(err).toMatch(/1 request, 0 against the contract/);
    expect(code).toBe(0);
  });

  it('X13 mock names the port that is in use', async () => {
    await using service = await serviceOf(() => undefined);
    using folder = folderOf();
    const port = new URL(service.url).port;
    const { code, err } = await cli(folder, ['mock', 'greetings.contract.yaml', '--port', port]);
    expect(code).toBe(3);
    expect(err).toContain(port);
  });
});

describe('schemas outside of the folder', () => {
  it('are read on request only', async () => {
    const contract = GREETINGS.replace(/entity:\n(?: {2}.*\n)+/, 'entity: { $ref: ../schema.json }\n');
    using folder = folderOf({
      'schema.json':
        '{"type":"object","required":["id","message"],"properties":{"id":{"type":"integer"},"message":{"type":"string"}}}',
      'inner/greetings.contract.yaml': contract,
    });
    const inner = { ...folder, path: path.join(folder.path, 'inner') };
    const [refused, allowed] = await Promise.all([
      cli(inner, ['check', 'greetings.contract.yaml']),
      cli(inner, ['check', 'greetings.contract.yaml', '--allow-outside-root']),
    ]);
    expect(refused.err + refused.out).toContain('--allow-outside-root');
    expect(refused.code).toBe(2);
    expect(allowed.code).toBe(0);
  });
});
