import { describe, expect, it } from 'vitest';
import { runContracts } from '../../src/run/run.ts';
import { books, collect, json, only, refuse, runOf, serviceOf, shelf, target, verdictsOf } from './support.ts';

const READS = `
  GET:
  BATCH_GET:
  GET_ALL:
`;

describe('a run against the embedded endpoint', () => {
  it('yields run, cases in plan order, end', async () => {
    const contract = books(
      READS,
      `
cases:
  - { name: reads one, method: GET, key: 1 }
  - { name: misses one, method: GET, key: 404, expect: 404 }
`,
    );
    const { run, cases, end } = await runOf(contract);
    expect(cases.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['books/GET/reads-one', 'pass'],
      ['books/GET/misses-one', 'pass'],
      ['books/BATCH_GET/contract/keeps-its-promise', 'pass'],
      ['books/GET_ALL/contract/keeps-its-promise', 'pass'],
    ]);
    expect(run.target).toMatchObject({ mode: 'mock', baseUrl: null });
    expect(run.planned).toEqual({ total: 4, selected: 4 });
    expect(end).toMatchObject({ exitCode: 0, run: 4, selected: 4, interrupted: null, leftBehind: [] });
  });

  it('starts each case and each flow from the examples', async () => {
    const contract = books(
      '  GET:\n  DELETE:\n',
      `
cases:
  - { name: removes one, method: DELETE, key: 1 }
  - { name: still reads it, method: GET, key: 1 }
  - { name: removes it again, method: DELETE, key: 1 }
flows:
  - name: removes and misses
    steps:
      - { method: DELETE, key: 1 }
      - { method: GET, key: 1, expect: 404 }
`,
    );
    const collected = await runOf(contract);
    expect(new Set(Object.values(verdictsOf(collected)))).toEqual(new Set(['pass']));
  });

  it('never shows the header that keeps states apart', async () => {
    const contract = books('  DELETE:\n', 'cases: [{ name: removes one, method: DELETE, key: 1 }]');
    const { cases } = await runOf(contract);
    expect(JSON.stringify(cases)).not.toMatch(/session/i);
  });

  it('gives the same answers without sockets', async () => {
    const contract = books(READS);
    const { cases } = await runOf(contract, { inProcess: true });
    expect(cases.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass']);
  });

  it('notices a fault of the endpoint', async () => {
    const contract = books('  GET:\n', 'cases: [{ name: reads one, method: GET, key: 1 }]');
    const sound = await runOf(contract);
    const { cases, end } = await runOf(contract, { faults: ['required-member-missing'] });
    expect(sound.end.exitCode).toBe(0);
    expect(cases[0]?.verdict).toBe('fail');
    expect(end.exitCode).toBe(1);
  });

  it('fails a case whose expectation does not hold, with the place in the contract', async () => {
    const contract = books(
      '  GET:\n',
      `
cases:
  - name: reads one
    method: GET
    key: 1
    expect: { body: { title: Wrong } }
`,
    );
    const { cases, end } = await runOf(contract);
    expect(cases[0]).toMatchObject({ verdict: 'fail', checks: { failed: 1 } });
    expect(cases[0]?.violations[0]).toMatchObject({ level: 'must', at: { file: 'test.contract.yaml' } });
    expect(cases[0]?.violations[0]?.fingerprint).toMatch(/^[0-9a-f]{10}$/);
    expect(end.exitCode).toBe(1);
  });

  it('names the line of the case where what is missing has none of its own', async () => {
    const contract = books('  BATCH_DELETE:\n', 'cases: [{ name: removes both, method: BATCH_DELETE, ids: [1, 2] }]');
    const { cases } = await runOf(contract, { faults: ['batch-write-drops-a-key'] });
    const [violation] = cases[0]?.violations ?? [];
    expect(violation?.rule).toBe('batch/key-unanswered');
    expect(violation?.at).toMatchObject({ file: 'test.contract.yaml', line: cases[0]?.contract?.line });
  });

  it('sends identical bytes in identical order when run twice one at a time', async () => {
    const contract = books('  GET:\n  BATCH_GET:\n  CREATE:\n  DELETE:\n  PARTIAL_UPDATE:\n');
    const bytes = async (): Promise<string> => {
      const { cases } = await runOf(contract, { concurrency: 1, inProcess: true });
      return JSON.stringify(
        cases.flatMap(({ attempts }) => attempts.flatMap(({ exchanges }) => exchanges.map(({ request }) => request))),
      );
    };
    const first = await bytes();
    expect(first).toContain('PARTIAL_UPDATE');
    expect(await bytes()).toBe(first);
  });
});

describe('flows', () => {
  it('carries captures from step to step and keeps their type', async () => {
    await using service = await serviceOf(shelf().answer);
    const contract = books(
      '  GET:\n  CREATE:\n  DELETE:\n',
      `
flows:
  - name: comes and goes
    steps:
      - { method: CREATE, entity: { title: New }, capture: { book: key } }
      - { method: GET, key: "\${book}", expect: { body: { id: "\${book}", title: New } } }
      - { method: DELETE, key: "\${book}" }
      - { method: GET, key: "\${book}", expect: 404 }
`,
    );
    const { cases, end } = await runOf(contract, { target: target(service.url), filters: only('**/flow/**') });
    expect(cases.map(({ verdict }) => verdict)).toEqual(['pass']);
    expect(service.requests.map(({ verb, url }) => `${verb} ${url}`)).toEqual([
      'POST /books',
      'GET /books/101',
      'DELETE /books/101',
      'GET /books/101',
    ]);
    expect(end.leftBehind).toEqual([]);
  });

  it('ends at the first step that fails and cleans up all the same', async () => {
    await using service = await serviceOf(shelf().answer);
    const contract = books(
      '  GET:\n  CREATE:\n  DELETE:\n',
      `
flows:
  - name: breaks off
    steps:
      - { method: CREATE, entity: { title: New }, capture: { book: key } }
      - { method: GET, key: "\${book}", expect: { body: { title: Other } } }
      - { method: GET, key: 1, expect: 404 }
    cleanup:
      - { method: DELETE, key: "\${book}" }
      - { method: DELETE, key: "\${never}" }
`.replace('      - { method: DELETE, key: "${never}" }\n', ''),
    );
    const { cases } = await runOf(contract, { target: target(service.url), filters: only('**/flow/**') });
    expect(cases[0]?.verdict).toBe('fail');
    expect(service.requests.map(({ verb, url }) => `${verb} ${url}`)).toEqual([
      'POST /books',
      'GET /books/101',
      'DELETE /books/101',
    ]);
  });

  it('leaves an entity alone that an action made another one of', async () => {
    await using service = await serviceOf((request, response) =>
      request.url.includes('action=')
        ? json(response, 201, { value: 8 }, { 'X-RestLi-Id': '8', Location: '/books/8' })
        : json(response, 204, undefined),
    );
    const contract = books(
      '  ACTION: { copy: { level: entity, returns: int, response: { status: 201 }, mock: { value: 8 } } }\n  CREATE:\n  DELETE:\n',
      'cases: [{ name: copies, method: ACTION, action: copy, key: 1 }]\n',
    );
    await runOf(contract, { target: target(service.url), filters: only('books/ACTION/copies') });
    expect(service.requests.map(({ verb, url }) => `${verb} ${url}`)).not.toContain('DELETE /books/1');
  });

  it('removes what the cleanup of the author did not', async () => {
    let refusals = 2;
    const { answer } = shelf();
    await using service = await serviceOf((request, response, index) =>
      request.verb === 'DELETE' && (refusals -= 1) >= 0 ? refuse(response, 503) : answer(request, response, index),
    );
    const contract = books(
      '  CREATE:\n  DELETE:\n',
      `
flows:
  - name: makes one
    steps: [{ method: CREATE, entity: { title: New }, capture: { book: key } }, { method: DELETE, key: 7, expect: 503 }]
    cleanup: [{ method: DELETE, key: "\${book}" }]
`,
    );
    const { end } = await runOf(contract, { target: target(service.url), filters: only('**/flow/**') });
    expect(service.requests.map(({ verb, url }) => `${verb} ${url}`)).toEqual([
      'POST /books',
      'DELETE /books/7',
      'DELETE /books/101',
      'DELETE /books/101',
    ]);
    expect(end.leftBehind).toEqual(['books/flow/makes-one: cleanup DELETE was answered 503']);
  });

  it('fails where a capture finds nothing', async () => {
    const contract = books(
      '  GET:\n',
      `
flows:
  - name: wants more
    steps:
      - { method: GET, key: 1, capture: { more: body/subtitle } }
      - { method: GET, key: "\${more}" }
`,
    );
    const { cases } = await runOf(contract, { filters: only('**/flow/**') });
    expect(cases[0]?.violations.map(({ rule }) => rule)).toEqual(['expectation/capture']);
    expect(cases[0]?.attempts[0]?.exchanges).toHaveLength(1);
  });
});

describe('what cases create on a live target', () => {
  it('is removed unasked', async () => {
    const { answer, stored } = shelf();
    await using service = await serviceOf(answer);
    const contract = books(
      '  CREATE:\n  DELETE:\n',
      'cases: [{ name: creates, method: CREATE, entity: { title: New } }]',
    );
    const { cases, end } = await runOf(contract, {
      target: target(service.url),
      filters: only('books/CREATE/creates'),
    });
    expect(cases.map(({ verdict }) => verdict)).toEqual(['pass']);
    expect(stored.size).toBe(0);
    expect(end.leftBehind).toEqual([]);
  });

  it('is listed where the contract declares no delete', async () => {
    const { answer, stored } = shelf();
    await using service = await serviceOf(answer);
    const contract = books('  CREATE:\n', 'cases: [{ name: creates, method: CREATE, entity: { title: New } }]');
    const { end } = await runOf(contract, { target: target(service.url) });
    expect(stored.size).toBe(1);
    expect(end.leftBehind).toEqual([expect.stringContaining('books 101 was created and stays')]);
  });

  it('is listed where its removal fails', async () => {
    const { answer } = shelf();
    await using service = await serviceOf((request, response, index) =>
      request.verb === 'DELETE' ? refuse(response, 500) : answer(request, response, index),
    );
    const contract = books(
      '  CREATE:\n  DELETE:\n',
      'cases: [{ name: creates, method: CREATE, entity: { title: New } }]',
    );
    const { cases, end } = await runOf(contract, {
      target: target(service.url),
      filters: only('books/CREATE/creates'),
    });
    expect(cases[0]?.verdict).toBe('pass');
    expect(end.leftBehind).toEqual([expect.stringContaining('was answered 500')]);
  });
});

const everyHost = (): boolean => true;

describe('the write guard', () => {
  const contract = books(
    '  GET:\n  CREATE:\n  DELETE:\n  ACTION:\n    count: { readOnly: true, returns: int }\n    wipe: {}\n',
    `
cases:
  - { name: reads, method: GET, key: 1, expect: 404 }
  - { name: creates, method: CREATE, entity: { title: New } }
  - { name: removes, method: DELETE, key: 1, expect: 404 }
  - { name: counts, method: ACTION, action: count }
  - { name: wipes, method: ACTION, action: wipe }
  - { name: reads by post, method: GET, key: 1, raw: { verb: POST }, expect: 400 }
`,
  );
  const answer = shelf().answer;

  it('sends no write to a foreign host and says why', async () => {
    await using service = await serviceOf((request, response, index) =>
      request.url.includes('action=count') ? json(response, 200, { value: 1 }) : answer(request, response, index),
    );
    const { cases, run } = await runOf(contract, { target: target(service.url), isForeign: everyHost });
    const skipped = cases.filter(({ verdict }) => verdict === 'skip');
    expect(skipped.map(({ name }) => name)).toEqual([
      'creates',
      'removes',
      'wipes',
      'reads by post',
      'DELETE keeps its promise',
    ]);
    expect(skipped[0]?.skipReason).toContain('--allow-writes');
    expect(service.requests.map(({ verb, url }) => `${verb} ${url}`).toSorted()).toEqual([
      'GET /books/1',
      'POST /books?action=count',
    ]);
    expect(run.target.writes).toBe(false);
  });

  it.each([
    ['--allow-writes', { allowWrites: true, isForeign: everyHost }, {}],
    ['writes: true of the target', { isForeign: everyHost }, { writes: true }],
    ['loopback', {}, {}],
  ])('lets writes pass with %s', async (_why, options, particular) => {
    await using service = await serviceOf(answer);
    await runOf(contract, { target: target(service.url, particular), ...options });
    expect(service.requests.some(({ verb, url }) => verb === 'POST' && url === '/books')).toBe(true);
  });

  it('takes every host but loopback for foreign', async () => {
    const { cases } = await runOf(contract, {
      target: target('https://api.example.com'),
      transport: { send: () => Promise.reject(new Error('nothing may be sent')), close: async () => undefined },
      filters: only('**/creates'),
    });
    expect(cases.map(({ verdict }) => verdict)).toEqual(['skip']);
  });
});

const failingTimes = (times: number) => (_request: unknown, response: Parameters<typeof json>[0], index: number) =>
  index < times ? refuse(response, 503) : json(response, 200, { id: 1, title: 'One' });

describe('retries', () => {
  const contract = books('  GET:\n', 'cases: [{ name: reads, method: GET, key: 1 }]');

  it('is flaky when it passes only because --retries ran it again', async () => {
    await using service = await serviceOf(failingTimes(2));
    const { cases, end } = await runOf(contract, { target: target(service.url), retries: 2 });
    expect(cases[0]).toMatchObject({ verdict: 'flaky', violations: [] });
    expect(cases[0]?.attempts.map(({ verdict }) => verdict)).toEqual(['fail', 'fail', 'pass']);
    expect(end.exitCode).toBe(0);
  });

  it('fails the run under --strict when flaky', async () => {
    await using service = await serviceOf(failingTimes(1));
    const { end } = await runOf(contract, { target: target(service.url), retries: 1, strict: true });
    expect(end.exitCode).toBe(1);
  });

  it('fails when it never passes', async () => {
    await using service = await serviceOf(failingTimes(9));
    const { cases } = await runOf(contract, { target: target(service.url), retries: 1 });
    expect(cases[0]?.verdict).toBe('fail');
    expect(service.requests).toHaveLength(2);
  });

  it('is a pass when the case itself says that it may lag behind', async () => {
    await using service = await serviceOf(failingTimes(2));
    const lagging = books(
      '  GET:\n',
      'cases: [{ name: reads, method: GET, key: 1, retry: { times: 3, every: 1ms, reason: the index lags behind } }]',
    );
    const { cases } = await runOf(lagging, { target: target(service.url) });
    expect(cases[0]?.verdict).toBe('pass');
    expect(cases[0]?.attempts).toHaveLength(1);
    expect(service.requests).toHaveLength(3);
  });
});

describe('bail', () => {
  it('begins nothing after so many failures and lists what was left out', async () => {
    await using service = await serviceOf((_request, response) => refuse(response, 500));
    const contract = books(
      '  GET:\n',
      `cases:\n${Array.from({ length: 9 }, (_, i) => `  - { name: case ${i}, method: GET, key: ${i} }`).join('\n')}`,
    );
    const { cases, end } = await runOf(contract, { target: target(service.url), bail: 2, concurrency: 1 });
    expect(cases.map(({ verdict }) => verdict)).toEqual(['fail', 'fail', ...Array.from({ length: 7 }, () => 'skip')]);
    expect(service.requests).toHaveLength(2);
    expect(cases[8]?.skipReason).toContain('--bail after 2');
    expect(end).toMatchObject({ run: 2, exitCode: 1 });
  });
});

describe('an endpoint that does not answer', () => {
  it('makes every case an error and the run exit with 3', async () => {
    const gone = await serviceOf(() => undefined);
    await gone[Symbol.asyncDispose]();
    const contract = books('  GET:\n', 'cases: [{ name: reads, method: GET, key: 1 }]');
    const { cases, end } = await runOf(contract, { target: target(gone.url) });
    expect(cases[0]).toMatchObject({ verdict: 'error' });
    expect(cases[0]?.attempts[0]?.exchanges[0]?.failure).toMatchObject({ phase: 'connect' });
    expect(end.exitCode).toBe(3);
  });

  it('is an error after the time-out of the case', async () => {
    await using service = await serviceOf(() => undefined);
    const contract = books('  GET:\n', 'cases: [{ name: reads, method: GET, key: 1, timeout: 50ms }]');
    const { cases } = await runOf(contract, { target: target(service.url) });
    expect(cases[0]?.violations[0]?.rule).toBe('transport/timeout');
  });
});

describe('stopping a run', () => {
  it('aborts what is under way, cleans up, and says who stopped it', async () => {
    const { answer, stored } = shelf();
    const stop = new AbortController();
    await using service = await serviceOf((request, response, index) => {
      if (request.verb === 'GET') stop.abort('SIGINT');
      else answer(request, response, index);
    });
    const contract = books(
      '  GET:\n  CREATE:\n  DELETE:\n',
      `
flows:
  - name: is interrupted
    steps:
      - { method: CREATE, entity: { title: New }, capture: { book: key } }
      - { method: GET, key: "\${book}" }
cases:
  - { name: comes later, method: GET, key: 1 }
`,
    );
    const { cases, end } = await runOf(contract, {
      target: target(service.url),
      concurrency: 1,
      signal: stop.signal,
      filters: only('**/flow/**', 'comes'),
    });
    expect(end).toMatchObject({ interrupted: 'SIGINT', exitCode: 130 });
    expect(stored.size).toBe(0);
    expect(cases.length).toBeLessThanOrEqual(2);
  });

  it('cleans up when the reader of the events stops reading', async () => {
    const { answer, stored } = shelf();
    await using service = await serviceOf(answer);
    const contract = books(
      '  CREATE:\n  DELETE:\n',
      'cases: [{ name: creates, method: CREATE, entity: { title: New } }, { name: creates too, method: CREATE, entity: { title: New } }]',
    );
    for await (const event of runContracts({
      contracts: [contract],
      groups: ['contract'],
      target: target(service.url),
    })) {
      if (event.type === 'case') break;
    }
    expect(stored.size).toBe(0);
  });
});

describe('isolation on a live target', () => {
  it('keeps the requests of a writing case apart from all others of its resource', async () => {
    let open = 0;
    const overlaps: string[] = [];
    await using service = await serviceOf((request, response) => {
      open += 1;
      const writes = request.verb !== 'GET';
      if (writes && open > 1) overlaps.push(request.url);
      setTimeout(() => {
        if (writes && open > 1) overlaps.push(request.url);
        open -= 1;
        if (request.verb === 'GET') json(response, 200, { id: 1, title: 'One' });
        else response.writeHead(204, { 'X-RestLi-Protocol-Version': '2.0.0' }).end();
      }, 5);
    });
    const rows = Array.from({ length: 12 }, (_, i) =>
      i % 4 === 2
        ? `  - { name: removes ${i}, method: DELETE, key: ${i} }`
        : `  - { name: reads ${i}, method: GET, key: 1 }`,
    );
    const contract = books('  GET:\n  DELETE:\n', `cases:\n${rows.join('\n')}`);
    const { cases } = await runOf(contract, { target: target(service.url) });
    expect(cases.every(({ verdict }) => verdict === 'pass')).toBe(true);
    expect(overlaps).toEqual([]);
  });

  it('sends reads concurrently', async () => {
    let open = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    await using service = await serviceOf((_request, response) => {
      open += 1;
      most = Math.max(most, open);
      waiting.push(() => json(response, 200, { id: 1, title: 'One' }));
      if (waiting.length === 8) for (const release of waiting) release();
    });
    const contract = books(
      '  GET:\n',
      `cases:\n${Array.from({ length: 8 }, (_, i) => `  - { name: reads ${i}, method: GET, key: 1 }`).join('\n')}`,
    );
    await collect(runContracts({ contracts: [contract], groups: ['contract'], target: target(service.url) }));
    expect(most).toBe(8);
  });
});
