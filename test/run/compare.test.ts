import { describe, expect, it } from 'vitest';
import { RULES } from '../../src/rules/index.ts';
import { compareAnswers, withoutUnsteady, type Allowances, type Answered } from '../../src/run/compare.ts';
import { exchangeOf } from '../rules/example.ts';
import { readBody } from '../../src/verify/body.ts';
import { books, collect, json, refuse, runOf, serviceOf, shelf, target, type Answer } from './support.ts';
import { runContracts } from '../../src/run/run.ts';

const NOTHING: Allowances = { renames: [], keyNames: new Set(['id']), during: [0, 0], expected: undefined };

function answered(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answered {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  return { response: { status, headers: Object.entries(headers), body: bytes }, body: readBody(bytes).value };
}

function rulesOf(old: unknown, now: unknown, allowances: Partial<Allowances> = {}): readonly string[] {
  return compareAnswers(answered(old), answered(now), { ...NOTHING, ...allowances }).map(
    ({ rule, pointer }) => `${rule} ${pointer ?? ''}`,
  );
}

const ROWS = [...RULES.values()].filter(({ id }) => id.startsWith('compare/'));
/** Rules about the rounds of a whole case; tested on sockets below. */
const OF_ROUNDS = ['compare/baseline-unanswered', 'compare/unsteady'];

describe('the rules compare/…', () => {
  it.each(ROWS.filter(({ id }) => !OF_ROUNDS.includes(id)))(
    '$id has an example that keeps it and one that breaks it',
    (rule) => {
      const judge = (example: typeof rule.keeps): readonly string[] => {
        const [before] = example.before ?? [];
        if (before === undefined) throw new Error('the example has no baseline');
        const [old, now] = [exchangeOf(before), exchangeOf(example)].map(({ response }) => {
          if (response === null) throw new Error('the example has no answer');
          return { response, body: readBody(response.body).value };
        });
        if (old === undefined || now === undefined) throw new Error('the example has no answer');
        return [...new Set(compareAnswers(old, now, NOTHING).map((one) => one.rule))];
      };
      expect(judge(rule.keeps)).toEqual([]);
      expect(judge(rule.breaks)).toContain(rule.id);
    },
  );
});

describe('compareAnswers', () => {
  it('takes equal values for equal, whatever order their members have', () => {
    expect(rulesOf({ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 })).toEqual([]);
  });

  it('names every place that differs, and no other', () => {
    expect(rulesOf({ a: 1, b: { c: 'x', d: [1, 2] } }, { a: 2, b: { c: 5, d: [1] }, e: null })).toEqual([
      'compare/value /a',
      'compare/type /b/c',
      'compare/elements /b/d',
      'compare/member-added /e',
    ]);
  });

  it('compares numbers beyond 2^53 to the last digit', () => {
    const body = (text: string): Answered => {
      const bytes = new TextEncoder().encode(text);
      return { response: { status: 200, headers: [], body: bytes }, body: readBody(bytes).value };
    };
    const [old, now] = [body('{"id":9007199254740993}'), body('{"id":9007199254740992}')];
    expect(compareAnswers(old, now, NOTHING).map(({ rule }) => rule)).toEqual(['compare/value']);
  });

  it('sets keys aside that each endpoint gave, also as names and inside of texts', () => {
    const renames = [['101', '7']] as const;
    expect(rulesOf({ id: 101, self: '/books/101' }, { id: 7, self: '/books/7' }, { renames })).toEqual([]);
    expect(rulesOf({ results: { 101: {} } }, { results: { 7: {} } }, { renames })).toEqual([]);
    expect(rulesOf({ id: 101 }, { id: 8 }, { renames })).toEqual(['compare/value /id']);
    expect(rulesOf({ id: 101, pages: 101 }, { id: 7, pages: 7 }, { renames })).toEqual(['compare/value /pages']);
    expect(rulesOf({ title: 'Room 101' }, { title: 'Room 7' }, { renames })).toEqual(['compare/value /title']);
    expect(rulesOf({ self: 'urn:li:book:101' }, { self: 'urn:li:book:7' }, { renames })).toEqual([]);
  });

  it('sets times of the exchange aside, and no other times', () => {
    const at = Date.parse('2026-11-24T10:00:00Z');
    const during = [at - 1000, at + 1000] as const;
    expect(rulesOf({ at: at }, { at: at + 5 }, { during })).toEqual([]);
    expect(rulesOf({ at: '2026-11-24T10:00:00Z' }, { at: '2026-11-24T10:00:00.500Z' }, { during })).toEqual([]);
    expect(rulesOf({ at: at }, { at: 12 }, { during })).toEqual(['compare/value /at']);
  });

  it('leaves places to the matchers of the author', () => {
    const expected = { token: { $type: 'string' }, list: { $each: { $present: true } } };
    expect(rulesOf({ token: 'a', list: [1] }, { token: 'b', list: [2] }, { expected })).toEqual([]);
    expect(rulesOf({ token: 'a', other: 1 }, { token: 'b', other: 2 }, { expected })).toEqual(['compare/value /other']);
  });

  it('counts texts of errors as advice and their codes as values', () => {
    const error = (message: string, code: string): Answered => answered({ status: 404, message, code }, 404);
    const found = compareAnswers(error('No book', 'A'), error('Nothing', 'B'), NOTHING);
    expect(found.map(({ rule }) => rule)).toEqual(['compare/error-text', 'compare/value']);
  });

  it('does not ask for headers that only say how an answer travelled', () => {
    const old = answered({}, 200, {
      Date: 'Mon',
      Server: 'old',
      'X-Cache-Rule': 'a',
      'Content-Type': 'application/json; charset=utf-8',
    });
    const now = answered({}, 200, { Date: 'Tue', 'content-type': 'application/json' });
    expect(compareAnswers(old, now, NOTHING).map(({ header }) => header)).toEqual(['X-Cache-Rule']);
  });

  it('takes a member called __proto__ like any other', () => {
    expect(rulesOf(JSON.parse('{"__proto__":1,"constructor":2}'), {})).toEqual([
      'compare/member-missing /__proto__',
      'compare/member-missing /constructor',
    ]);
  });
});

describe('withoutUnsteady', () => {
  it('sets aside the same place in every element, and what is below it', () => {
    const place = (pointer: string) =>
      ({ rule: 'compare/value', where: 'body', pointer, header: null, expected: '', actual: '', message: '' }) as const;
    const kept = withoutUnsteady(
      [place('/elements/4/seen'), place('/elements/4/seen/at'), place('/elements/4/seenBy'), place('/total')],
      [place('/elements/0/seen')],
    );
    expect(kept.map(({ pointer }) => pointer)).toEqual(['/elements/4/seenBy', '/total']);
  });
});

const CONTRACT = books(
  '  GET:\n  CREATE:\n  DELETE:\n',
  `
cases:
  - { name: reads one, method: GET, key: 1 }
  - { name: misses one, method: GET, key: 404, expect: 404 }
flows:
  - name: comes and is read
    steps:
      - { method: CREATE, entity: { title: New }, capture: { made: key } }
      - { method: GET, key: "\${made}" }
    cleanup: [{ method: DELETE, key: "\${made}" }]
`,
);
const stock = (): Map<string, { readonly id: number; readonly title: string }> =>
  new Map([['1', { id: 1, title: 'One' }]]);

function compareOf(now: string, old: string, more: object = {}) {
  return runOf(CONTRACT, { target: target(now, { seeded: true }), baseline: target(old, { seeded: true }), ...more });
}

/** The shelf with its answers changed. */
function changed(change: (answer: Answer) => Answer): Answer {
  return change(shelf(stock()).answer);
}

describe('a run with a baseline', () => {
  it('finds nothing where both endpoints are alike but for the keys they give', async () => {
    const other = shelf(stock());
    // The second one has given more keys before.
    let first = true;
    await using old = await serviceOf(shelf(stock()).answer);
    await using now = await serviceOf((request, response, index) => {
      if (first) for (let i = 0; i < 40; i += 1) other.stored.set(`${500 + i}`, { id: 500 + i, title: 'Old' });
      first = false;
      other.answer(request, response, index);
    });
    const { cases, end, run } = await compareOf(now.url, old.url);
    expect(cases.flatMap(({ violations }) => violations.map(({ rule, message }) => `${rule} ${message}`))).toEqual([]);
    expect(end.exitCode).toBe(0);
    expect(run.baseline).toEqual({ baseUrl: old.url });
    expect(end.leftBehind).toEqual([]);
  });

  it('sends the same requests to both, to the baseline twice', async () => {
    await using old = await serviceOf(shelf(stock()).answer);
    await using now = await serviceOf(shelf(stock()).answer);
    await compareOf(now.url, old.url, { concurrency: 1 });
    const lines = (requests: typeof old.requests): readonly string[] =>
      requests.map(({ verb, url }) => `${verb} ${url.replace(/\d{3,}/, 'N')}`);
    const sent = lines(now.requests);
    expect(sent.length).toBeGreaterThan(4);
    expect(lines(old.requests).toSorted()).toEqual([...sent, ...sent].toSorted());
  });

  it('fails a case whose answer differs, with both values and the answer of the baseline as evidence', async () => {
    await using old = await serviceOf(shelf(stock()).answer);
    await using now = await serviceOf(shelf(new Map([['1', { id: 1, title: 'Eins' }]])).answer);
    const { cases, end } = await compareOf(now.url, old.url);
    const bad = cases.find(({ id }) => id === 'books/GET/reads-one');
    expect(bad?.verdict).toBe('fail');
    expect(bad?.violations).toMatchObject([
      { rule: 'compare/value', pointer: '/title', expected: 'string "One"', actual: 'string "Eins"', exchange: 0 },
    ]);
    expect(bad?.violations[0]?.at?.line).toBeGreaterThan(1);
    expect(bad?.attempts[0]?.exchanges[0]?.baseline?.response?.body?.text).toContain('"One"');
    expect(end.exitCode).toBe(1);
  });

  it('finds a status that differs although the contract allows both, also where the baseline cannot repeat its own', async () => {
    await using old = await serviceOf(shelf(stock()).answer);
    await using now = await serviceOf(
      changed(
        (answer) => (request, response, index) =>
          request.verb === 'DELETE' ? json(response, 200, undefined) : answer(request, response, index),
      ),
    );
    const contract = books('  DELETE:\n', 'cases: [{ name: removes one, method: DELETE, key: 1 }]');
    const { cases } = await runOf(contract, {
      target: target(now.url, { seeded: true }),
      baseline: target(old.url, { seeded: true }),
    });
    const removal = cases.find(({ id }) => id === 'books/DELETE/removes-one');
    expect(removal?.violations).toMatchObject([{ rule: 'compare/status', expected: '204', actual: '200' }]);
  });

  it('asks of the endpoint nothing that the baseline does not repeat', async () => {
    let count = 0;
    const counting = (): Answer =>
      changed(
        (answer) => (request, response, index) =>
          request.url === '/books/1'
            ? json(response, 200, { id: 1, title: `Read ${(count += 1)} times` })
            : answer(request, response, index),
      );
    await using old = await serviceOf(counting());
    await using now = await serviceOf(counting());
    const { cases } = await compareOf(now.url, old.url);
    expect(cases.find(({ id }) => id === 'books/GET/reads-one')?.verdict).toBe('pass');
  });

  it('says where the baseline answers with two statuses, and compares nothing there', async () => {
    let asked = 0;
    await using old = await serviceOf(
      changed(
        (answer) => (request, response, index) =>
          request.url === '/books/1' && (asked += 1) === 1 ? refuse(response, 503) : answer(request, response, index),
      ),
    );
    await using now = await serviceOf(shelf(stock()).answer);
    const { cases } = await compareOf(now.url, old.url, { concurrency: 1 });
    const one = cases.find(({ id }) => id === 'books/GET/reads-one');
    expect([one?.verdict, one?.violations.map(({ rule, level }) => `${level} ${rule}`)]).toEqual([
      'pass',
      ['may compare/unsteady'],
    ]);
  });

  it('is an error where the baseline does not answer, and never a pass', async () => {
    await using now = await serviceOf(shelf(stock()).answer);
    await using gone = await serviceOf((_request, response) => void response.destroy());
    const { cases, end } = await compareOf(now.url, gone.url);
    expect(new Set(cases.map(({ verdict }) => verdict))).toEqual(new Set(['error']));
    expect(cases[0]?.violations[0]?.rule).toBe('compare/baseline-unanswered');
    expect(end.exitCode).toBe(3);
  });

  it('takes links and locations of each endpoint under its own address', async () => {
    const under = (base: string): Answer => {
      const { answer } = shelf(stock());
      return (request, response, index) => {
        const inner = { ...request, url: request.url.slice(base.length) };
        if (request.verb !== 'POST') return answer(inner, response, index);
        json(response, 201, undefined, { 'X-RestLi-Id': '1', Location: `${base}/books/1` });
      };
    };
    await using old = await serviceOf(under(''));
    await using now = await serviceOf(under('/v2'));
    const { cases } = await runOf(
      books('  CREATE:\n', 'cases: [{ name: comes, method: CREATE, entity: { title: New } }]'),
      {
        target: target(`${now.url}/v2`),
        baseline: target(old.url),
      },
    );
    expect(cases.flatMap(({ violations }) => violations.map(({ rule, actual }) => `${rule} ${actual}`))).toEqual([]);
  });

  it('writes nowhere where one of the two hosts is foreign', async () => {
    await using old = await serviceOf(shelf(stock()).answer);
    await using now = await serviceOf(shelf(stock()).answer);
    const { cases } = await collect(
      runContracts({
        contracts: [CONTRACT],
        groups: ['contract'],
        target: target(now.url, { seeded: true }),
        baseline: target(old.url, { seeded: true }),
        isForeign: (url) => url === old.url,
      }),
    );
    expect([...old.requests, ...now.requests].filter(({ verb }) => verb !== 'GET')).toEqual([]);
    expect(
      cases.some(({ verdict, skipReason }) => verdict === 'skip' && skipReason?.includes('--allow-writes') === true),
    ).toBe(true);
  });

  it('leaves out rules that the operation is exempt from', async () => {
    await using old = await serviceOf(shelf(stock()).answer);
    await using now = await serviceOf(shelf(new Map([['1', { id: 1, title: 'Eins' }]])).answer);
    const contract = books(
      '  GET: { exempt: { compare/value: the new catalogue is German } }\n',
      'cases: [{ name: reads one, method: GET, key: 1 }]',
    );
    const { end } = await runOf(contract, {
      target: target(now.url, { seeded: true }),
      baseline: target(old.url, { seeded: true }),
    });
    expect(end.exitCode).toBe(0);
  });
});
