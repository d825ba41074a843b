/** Synthetic runs: a small one with every verdict, one with hostile text, and one of any size. Nothing here is random. */
import { createHash } from 'node:crypto';
import { METHOD_NAMES, profileOf, type MethodName } from '../../src/protocol/methods.ts';
import type {
  Attempt,
  CaseFinished,
  CoverageMeasured,
  EventBody,
  EventExchange,
  EventViolation,
  MutationMeasured,
  RunContract,
  RunEnded,
  RunEvent,
  RunStarted,
  VerdictName,
} from '../../src/run/events.ts';

const ORIGIN = 'https://api.example.com';

export function runStarted(overrides: Partial<RunStarted> = {}): RunStarted {
  return {
    type: 'run',
    schemaVersion: 1,
    tool: { name: 'restli-contract', version: '0.1.0' },
    command: 'run',
    rerun: 'restli-contract run contracts --target staging --seed 42',
    target: { name: 'staging', baseUrl: `${ORIGIN}/rest`, mode: 'live', insecure: false, writes: true },
    seed: 42,
    groups: ['contract', 'headers', 'laws'],
    startedAt: '2026-11-24T09:30:00.000Z',
    gitRevision: '3f2a91c0d4e58b7716aa09ce21bd4477f0e1c2d3',
    environment: { node: 'v20.20.2', platform: 'linux x64' },
    contracts: [
      contractOf('adAccounts'),
      contractOf('adAccounts.adCampaignGroups'),
      contractOf('books'),
      simpleContract(),
    ],
    planned: { total: 40, selected: 36 },
    planHash: 'b1946ac92492d2347c6235b4d2611184',
    shard: null,
    notes: ['contracts/books.contract.yaml:31:5: the schema of `metadata` accepts anything'],
    ...overrides,
  };
}

export function contractOf(resource: string, methods: readonly MethodName[] = METHOD_NAMES): RunContract {
  return {
    resource,
    file: `contracts/${resource}.contract.yaml`,
    hash: hashOf(resource),
    kind: 'collection',
    dialect: resource === 'books' ? 'restli' : 'linkedin',
    protocol: '2.0.0',
    path: `/${resource.replace('.', '/{account}/')}`,
    doc: null,
    operations: methods.map((method) => ({ method, name: profileOf(method).named ? 'search' : null })),
  };
}

function simpleContract(): RunContract {
  return {
    ...contractOf('settings', ['GET', 'UPDATE', 'PARTIAL_UPDATE', 'DELETE']),
    kind: 'simple',
    dialect: 'restli',
  };
}

export function runEnded(cases: Iterable<CaseFinished>, overrides: Partial<RunEnded> = {}): RunEnded {
  const verdicts: Record<VerdictName, number> = {
    pass: 0,
    fail: 0,
    error: 0,
    flaky: 0,
    waived: 0,
    blocked: 0,
    skip: 0,
  };
  let selected = 0;
  for (const { verdict } of cases) {
    verdicts[verdict] += 1;
    selected += 1;
  }
  return {
    type: 'end',
    verdicts,
    selected,
    run: selected - verdicts.blocked - verdicts.skip,
    durationMs: 4321,
    exitCode: verdicts.fail + verdicts.error > 0 ? 1 : 0,
    interrupted: null,
    leftBehind: [],
    ...overrides,
  };
}

/** Coverage of two resources, with minimums of which one is missed. */
export function coverageMeasured(): CoverageMeasured {
  return {
    type: 'coverage',
    rows: [
      { resource: 'adAccounts', category: 'methods', seen: ['GET', 'BATCH_GET'], missing: [] },
      { resource: 'books', category: 'methods', seen: ['GET'], missing: ['DELETE', 'UPDATE'] },
      { resource: 'books', category: 'names', seen: ['FINDER search'], missing: [] },
      { resource: 'books', category: 'enums', seen: ['genre: POETRY'], missing: ['genre: <b>', 'genre: A|B'] },
    ],
    minimums: [
      { category: 'methods', percent: 80, seen: 3, total: 5 },
      { category: 'names', percent: 100, seen: 1, total: 1 },
    ],
  };
}

const SHORT = 'coverage of methods is 3 of 5 (60 %), the minimum is 80 %';

/** A run that keeps its promises and exercises too little. */
export function shortRun(): readonly RunEvent[] {
  const cases = sampleCases().filter(({ verdict, violations }) => verdict === 'pass' && violations.length === 0);
  return [runStarted(), ...cases, coverageMeasured(), runEnded(cases, { exitCode: 1, shortfalls: [SHORT] })];
}

/** A run of `mutate` with a survivor that has a case to paste, one that has none, and a fault that does not apply. */
export function mutationRun(): readonly RunEvent[] {
  const cases = sampleCases().filter(({ verdict, violations }) => verdict === 'pass' && violations.length === 0);
  const counts = { killed: 7, killedByContract: 4, survived: 2, apart: 1 };
  const none = { killed: 0, killedByContract: 0, survived: 0, apart: 0 };
  const mutation: MutationMeasured = {
    type: 'mutation',
    groups: ['contract'],
    total: counts,
    minScore: 90,
    methods: [{ method: 'GET', ...counts }],
    kinds: [
      { kind: 'state', ...counts, killed: 0, killedByContract: 0, apart: 0 },
      { kind: 'entities', ...counts, survived: 0 },
    ],
    faults: [
      {
        fault: 'required-member-missing',
        title: 'Leaves the last required member out of each entity',
        kind: 'entities',
        ...counts,
        survived: 0,
        first: { case: 'books/GET/reads-one', rule: 'entity/schema' },
        reason: null,
      },
      {
        fault: 'get-changes-state',
        title: 'Removes an entity once it has been read',
        kind: 'state',
        ...counts,
        killed: 0,
        killedByContract: 0,
        first: null,
        reason: null,
      },
      {
        fault: 'create-without-id',
        title: 'Answers a CREATE without the header that names the id',
        kind: 'headers',
        ...none,
        first: null,
        reason: 'no contract declares CREATE',
      },
    ],
    survivors: [
      {
        fault: 'get-changes-state',
        title: 'Removes an entity once it has been read',
        kind: 'state',
        resource: 'books',
        method: 'GET',
        cases: 3,
        advice:
          'In books/GET/laws/get-is-safe status 200 becomes 404; no selected case asks for it. What stands below notices it.',
        paste:
          'flows:\n  - name: notices an endpoint that removes an entity once it has been read\n    steps:\n      - { method: GET, key: 1 }\n      - { method: GET, key: 1, expect: { body: { title: "<script>" } } }\n',
      },
      {
        fault: 'get-changes-state',
        title: 'Removes an entity once it has been read',
        kind: 'state',
        resource: 'adAccounts',
        method: 'GET',
        cases: 1,
        advice: 'In adAccounts/GET/reads-one the body changes, and nothing expects otherwise.',
        paste: null,
      },
    ],
  };
  const low = '7 of 9 mutants are noticed (77 %), the minimum is 90 %';
  const target = { name: 'mock', baseUrl: null, mode: 'mock', insecure: false, writes: true } as const;
  return [
    runStarted({ command: 'mutate', target, notes: [] }),
    ...cases,
    mutation,
    runEnded(cases, { exitCode: 1, shortfalls: [low] }),
  ];
}

/** One case that passes and one that differs from its baseline. */
export function comparedRun(): readonly RunEvent[] {
  const base = exchangeOf({});
  const exchange: EventExchange = {
    ...base,
    baseline: {
      response: { status: 200, headers: [['Content-Type', 'application/json']], body: body('{"title":"Old"}') },
      failure: null,
      durationMs: 3,
    },
  };
  const violation = violationOf({
    rule: 'compare/value',
    where: 'body',
    pointer: '/title',
    expected: 'string "Old"',
    actual: 'string "New"',
    message: 'The baseline answers string "Old" at `/title`, this endpoint string "New".',
  });
  const attempts = [{ verdict: 'fail', exchanges: [exchange], violations: [violation] }] as const;
  const cases = [caseFinished({ verdict: 'fail', attempts, violations: [violation], checks: { total: 4, failed: 1 } })];
  return [
    runStarted({
      notes: [],
      baseline: { baseUrl: 'https://old.example.com/rest' },
      planned: { total: 1, selected: 1 },
    }),
    ...cases,
    runEnded(cases),
  ];
}

export function body(text: string): EventBody {
  return { text, bytes: new TextEncoder().encode(text).length, cut: false, encoding: 'utf8', sha256: null };
}

export function exchangeOf(
  overrides: {
    readonly step?: string | null;
    readonly request?: Partial<EventExchange['request']>;
    readonly response?: Partial<NonNullable<EventExchange['response']>> | null;
    readonly failure?: EventExchange['failure'];
    readonly durationMs?: number;
  } = {},
): EventExchange {
  const { step = null, request = {}, response = {}, failure = null, durationMs = 12.4 } = overrides;
  return {
    step,
    request: {
      verb: 'GET',
      url: `${ORIGIN}/rest/books/7`,
      headers: [
        ['X-RestLi-Protocol-Version', '2.0.0'],
        ['X-RestLi-Method', 'GET'],
        ['Authorization', 'Bearer ‹redacted›'],
      ],
      body: null,
      ...request,
    },
    response:
      response === null
        ? null
        : {
            status: 200,
            headers: [
              ['Content-Type', 'application/json'],
              ['X-RestLi-Protocol-Version', '2.0.0'],
            ],
            body: body('{\n  "id": 7,\n  "title": "Tides",\n  "genre": "POETRY"\n}'),
            ...response,
          },
    failure,
    durationMs,
  };
}

export function violationOf(overrides: Partial<EventViolation> = {}): EventViolation {
  const violation = {
    rule: 'status/undeclared-error',
    level: 'must' as const,
    where: 'status' as const,
    pointer: null,
    header: null,
    key: null,
    exchange: 0,
    expected: 'status 200',
    actual: 'status 500',
    message: 'The answer has a status that the contract does not promise.',
    hint: null,
    at: { file: 'contracts/books.contract.yaml', line: 4, col: 3 },
    ...overrides,
  };
  const place = violation.pointer ?? violation.header ?? violation.where;
  return { fingerprint: hashOf(`${violation.rule} ${place}`).slice(0, 10), ...violation };
}

export function caseFinished(
  overrides: Partial<CaseFinished> & { readonly exchanges?: readonly EventExchange[] } = {},
): CaseFinished {
  const { exchanges = [exchangeOf()], ...rest } = overrides;
  const verdict = rest.verdict ?? 'pass';
  const violations = rest.violations ?? [];
  const resource = rest.resource === undefined ? 'books' : rest.resource;
  const method = rest.method === undefined ? 'GET' : rest.method;
  const name = rest.name ?? 'answers with the book asked for';
  const wasRun = verdict !== 'skip' && verdict !== 'blocked';
  return {
    type: 'case',
    id: `${resource ?? 'none'}/${method ?? 'flow'}/${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`,
    contract: { file: `contracts/${resource ?? 'none'}.contract.yaml`, line: 40, col: 5, hash: hashOf(resource ?? '') },
    resource,
    method,
    operation: null,
    group: 'contract',
    derived: false,
    reason: '',
    name,
    verdict,
    durationMs: exchanges.reduce((sum, exchange) => sum + exchange.durationMs, 0),
    attempts: wasRun ? [{ verdict, exchanges, violations }] : [],
    checks: { total: wasRun ? 9 : 0, failed: violations.length },
    violations,
    tags: [],
    waiver: null,
    skipReason: null,
    ...rest,
  };
}

/** Four resources and every verdict; what the golden files show. */
export function sampleCases(): readonly CaseFinished[] {
  const passes = ['adAccounts', 'adAccounts.adCampaignGroups', 'books'].flatMap((resource) =>
    METHOD_NAMES.filter((method) => !(resource === 'books' && method === 'BATCH_FINDER')).map((method) =>
      passing(resource, method),
    ),
  );
  return [
    ...passes.filter(({ resource }) => resource === 'adAccounts'),
    batchGetFailure('adAccounts', 'keeps every key asked for'),
    headerFailure('adAccounts'),
    headerCase('adAccounts', 'GET', 'absent', 'pass'),
    headerCase('adAccounts', 'BATCH_CREATE', 'absent', 'fail'),
    headerCase('adAccounts', 'PARTIAL_UPDATE', 'other-case', 'pass'),
    headerCase('adAccounts', 'PARTIAL_UPDATE', 'unknown', 'fail'),
    ...passes.filter(({ resource }) => resource === 'adAccounts.adCampaignGroups'),
    batchGetFailure('adAccounts.adCampaignGroups', 'keeps every key asked for'),
    batchGetFailure('adAccounts.adCampaignGroups', 'keeps keys in any order'),
    waived(),
    ...passes.filter(({ resource }) => resource === 'books'),
    schemaFailure(),
    flow(),
    flaky(),
    advised(),
    timedOut(),
    caseFinished({
      resource: 'settings',
      method: 'UPDATE',
      verdict: 'skip',
      name: 'replaces all settings',
      skipReason: 'writes to this target are off (--allow-writes)',
    }),
    caseFinished({
      resource: 'settings',
      method: 'PARTIAL_UPDATE',
      verdict: 'skip',
      name: 'changes the theme only',
      skipReason: 'writes to this target are off (--allow-writes)',
    }),
    caseFinished({
      resource: 'settings',
      method: 'GET',
      verdict: 'blocked',
      name: 'answers with the settings',
      skipReason: 'no entity is known: the run created none and no list answered one',
    }),
  ];
}

export function sampleRun(): readonly RunEvent[] {
  const cases = sampleCases();
  const run = runStarted({ planned: { total: cases.length + 12, selected: cases.length } });
  return [
    run,
    ...cases,
    runEnded(cases, { leftBehind: ['books/981, created by books/flow/lives-and-dies: DELETE answered 500'] }),
  ];
}

function passing(resource: string, method: MethodName): CaseFinished {
  const profile = profileOf(method);
  const isBatch = profile.parameter === 'ids';
  const path =
    profile.at === 'entity'
      ? '/7'
      : isBatch
        ? '?ids=List(7,8)'
        : profile.parameter === 'none'
          ? ''
          : `?${profile.parameter}=search`;
  const sent = profile.sends === 'none' ? null : body('{"title":"Tides","genre":"POETRY"}');
  return caseFinished({
    resource,
    method,
    name: `keeps its promise`,
    derived: true,
    operation: profile.named ? 'search' : null,
    reason: 'every declared method is called at least once',
    exchanges: [
      exchangeOf({
        request: {
          verb: profile.verb,
          url: `${ORIGIN}/rest/${resource.replace('.', '/5/')}${path}`,
          headers: [
            ['X-RestLi-Protocol-Version', '2.0.0'],
            ['X-RestLi-Method', method],
            ['Authorization', 'Bearer ‹redacted›'],
          ],
          body: sent,
        },
        response: {
          status: profile.ok[0] ?? 200,
          body: profile.returns === 'none' ? null : body('{"id":7,"title":"Tides"}'),
        },
        durationMs: 4 + method.length,
      }),
    ],
  });
}

const PASTE = `cases:
  - name: tells the found from the missing
    method: BATCH_GET
    ids: [7, 8]
    expect: { each: [200, 200] }
`;

function batchGetFailure(resource: string, name: string): CaseFinished {
  const response = `{\n  "results": {\n    "7": { "id": 7, "title": "Tides" }\n  },\n  "statuses": {\n    "7": 200\n  },\n  "errors": {}\n}`;
  return caseFinished({
    resource,
    method: 'BATCH_GET',
    name,
    verdict: 'fail',
    group: 'laws',
    derived: true,
    reason: 'law: BATCH_GET is the union of the GETs',
    paste: PASTE,
    exchanges: [
      exchangeOf({
        step: 'GET of 8',
        request: { url: `${ORIGIN}/rest/${resource.replace('.', '/5/')}/8` },
        response: { body: body('{"id":8,"title":"It\'s low water"}') },
      }),
      exchangeOf({
        step: 'BATCH_GET of 7 and 8',
        request: {
          url: `${ORIGIN}/rest/${resource.replace('.', '/5/')}?ids=List(7,8)`,
          headers: [
            ['X-RestLi-Protocol-Version', '2.0.0'],
            ['X-RestLi-Method', 'BATCH_GET'],
            ['Authorization', 'Bearer ‹redacted›'],
          ],
        },
        response: { body: body(response) },
        durationMs: 31,
      }),
    ],
    violations: [
      violationOf({
        rule: 'batch/key-unanswered',
        where: 'entry',
        pointer: '/results',
        key: '8',
        exchange: 1,
        expected: 'an entry for key 8, as GET of 8 answers 200',
        actual: 'key 8 is neither in results nor in errors',
        message: 'BATCH_GET leaves out an entity that GET returns.',
        hint: 'Answer every key of `ids`: in `results`, or in `errors` with its status.',
        at: { file: `contracts/${resource}.contract.yaml`, line: 6, col: 3 },
      }),
    ],
  });
}

function headerFailure(resource: string): CaseFinished {
  return caseFinished({
    resource,
    method: 'CREATE',
    name: 'answers the key of what it created',
    verdict: 'fail',
    exchanges: [
      exchangeOf({
        request: {
          verb: 'POST',
          url: `${ORIGIN}/rest/${resource}`,
          headers: [
            ['X-RestLi-Protocol-Version', '2.0.0'],
            ['X-RestLi-Method', 'CREATE'],
            ['Content-Type', 'application/json'],
            ['Authorization', 'Bearer ‹redacted›'],
          ],
          body: body('{"name":"It\'s spring","status":"DRAFT"}'),
        },
        response: {
          status: 201,
          headers: [
            ['Content-Length', '0'],
            ['X-RestLi-Protocol-Version', '1.0.0'],
          ],
          body: null,
        },
      }),
    ],
    violations: [
      violationOf({
        rule: 'create/id-missing',
        where: 'header',
        header: 'X-RestLi-Id',
        expected: 'X-RestLi-Id with the key of the created entity',
        actual: 'no such header',
        message: 'CREATE answers 201 without the header that carries the new key.',
        hint: 'Send `X-RestLi-Id` and `Location` with every 201.',
        at: { file: `contracts/${resource}.contract.yaml`, line: 7, col: 3 },
      }),
      violationOf({
        rule: 'response-headers/protocol-version',
        where: 'header',
        header: 'X-RestLi-Protocol-Version',
        expected: '2.0.0',
        actual: '1.0.0',
        message: 'The answer is in another protocol version than the request.',
        at: null,
      }),
    ],
  });
}

/** A case of the header matrix. */
function headerCase(resource: string, method: MethodName, what: string, verdict: VerdictName): CaseFinished {
  const violations =
    verdict === 'pass'
      ? []
      : [
          violationOf({
            rule: 'expectation/status',
            where: 'status',
            expected: what === 'absent' ? 'refused with 400 or 422, or run as CREATE' : 'refused with 400',
            actual: 'status 200',
            message: 'The header decides the method; this answer shows that it was not read.',
            at: null,
          }),
        ];
  return caseFinished({
    id: `${resource}/${method}/headers/${what}`,
    resource,
    method,
    group: 'headers',
    derived: true,
    name: `X-RestLi-Method ${what.replace('-', ' ')}`,
    reason: 'the method header takes part in routing',
    verdict,
    violations,
    exchanges: [
      exchangeOf({
        request: {
          verb: profileOf(method).verb,
          url: `${ORIGIN}/rest/${resource}`,
          headers: [['X-RestLi-Protocol-Version', '2.0.0']],
        },
        response: { status: 200 },
      }),
    ],
  });
}

function schemaFailure(): CaseFinished {
  const response = `{\n  "id": "7",\n  "title": "Tides",\n  "genre": "POEMS",\n  "copies": 9223372036854775807\n}`;
  return caseFinished({
    method: 'GET',
    name: 'answers with a whole book',
    verdict: 'fail',
    exchanges: [exchangeOf({ response: { body: body(response) } })],
    violations: [
      violationOf({
        rule: 'entity/schema',
        where: 'body',
        pointer: '/id',
        expected: 'integer',
        actual: 'string "7"',
        message: 'The member is of another type than the schema says.',
        at: { file: 'contracts/books.contract.yaml', line: 12, col: 7 },
      }),
      violationOf({
        rule: 'entity/schema',
        where: 'body',
        pointer: '/genre',
        expected: 'one of "POETRY", "NOVEL", "ATLAS"',
        actual: 'string "POEMS"',
        message: 'The member has a value that is none of its symbols.',
        hint: 'Did the service gain a symbol? Then add it to the contract.',
        at: { file: 'contracts/books.contract.yaml', line: 14, col: 14 },
      }),
    ],
  });
}

function flow(): CaseFinished {
  return caseFinished({
    method: null,
    name: 'lives and dies',
    exchanges: [
      exchangeOf({
        step: 'create',
        request: { verb: 'POST', url: `${ORIGIN}/rest/books`, body: body('{"title":"Ebb"}') },
        response: { status: 201, headers: [['X-RestLi-Id', '981']], body: null },
      }),
      exchangeOf({ step: 'read it back', request: { url: `${ORIGIN}/rest/books/981` } }),
      exchangeOf({
        step: 'delete',
        request: { verb: 'DELETE', url: `${ORIGIN}/rest/books/981` },
        response: { status: 204, body: null },
      }),
    ],
  });
}

function flaky(): CaseFinished {
  const violations = [violationOf({ expected: 'status 200', actual: 'status 503', at: null })];
  const attempts: readonly Attempt[] = [
    {
      verdict: 'fail',
      exchanges: [exchangeOf({ response: { status: 503, body: body('{"status":503,"message":"busy"}') } })],
      violations,
    },
    { verdict: 'pass', exchanges: [exchangeOf()], violations: [] },
  ];
  return caseFinished({ verdict: 'flaky', name: 'answers under load', attempts });
}

function advised(): CaseFinished {
  return caseFinished({
    name: 'names its paging links',
    method: 'GET_ALL',
    violations: [
      violationOf({
        rule: 'response-headers/protocol-version-absent',
        level: 'should',
        where: 'header',
        header: 'X-RestLi-Protocol-Version',
        expected: '2.0.0',
        actual: 'no such header',
        message: 'The answer does not say its protocol version.',
        at: null,
      }),
    ],
  });
}

function waived(): CaseFinished {
  return caseFinished({
    resource: 'adAccounts.adCampaignGroups',
    method: 'PARTIAL_UPDATE',
    name: 'answers 204',
    verdict: 'waived',
    violations: [violationOf({ expected: 'status 204', actual: 'status 202' })],
    waiver: { reason: 'answers 202; reported to the owner on 2026-10-02', until: '2026-12-01' },
  });
}

function timedOut(): CaseFinished {
  const failure = {
    phase: 'headers' as const,
    code: 'header-timeout',
    message: 'api.example.com sent no header within 10 s.',
    hint: 'Raise --timeout, or ask why the service hangs.',
  };
  return caseFinished({
    method: 'BATCH_FINDER',
    name: 'answers one list for each criteria',
    verdict: 'error',
    exchanges: [
      exchangeOf({
        request: { url: `${ORIGIN}/rest/books?bq=search&searchs=List((genre:POETRY),(genre:ATLAS))` },
        response: null,
        failure,
        durationMs: 10_000,
      }),
    ],
  });
}

/** Text that tries to leave every format it is put into. */
export const HOSTILE = [
  '</script><script>globalThis.pwned = 1</script>',
  '<img src=x onerror="globalThis.pwned = 1">',
  '<!--<script>',
  '{{#each}}{{{x}}}{{constructor}}',
  ']]>',
  '::error::pwned',
  '\n::error file=x::pwned',
  '\u001b[31mred\u001b]0;title\u0007',
  '\u202eevil\u2066',
  '\u2028\u2029\ufeff\u200b',
  '\u0000\u0001\u007f\u0085\uffff',
  '\ud800 lone \udc00',
  '| a | `b` ``` <b> @everyone #1 ![x](http://x)',
  "'; rm -rf / #",
].join(' ');

/** A run whose every text is hostile, in each place where text of others stands. */
export function hostileRun(): readonly RunEvent[] {
  const deep = `${'['.repeat(200)}${']'.repeat(200)}`;
  const texts = [HOSTILE, 'x'.repeat(1_000_000), deep];
  const cases = texts.map((text, index) =>
    caseFinished({
      id: index === 0 ? `__proto__/GET/${HOSTILE}` : `constructor/GET/n${index}`,
      resource: index === 0 ? HOSTILE : 'constructor',
      name: index === 0 ? `${HOSTILE} 📚 ../../etc ${'n'.repeat(5000)}` : `long ${index}`,
      reason: HOSTILE,
      tags: [HOSTILE],
      operation: HOSTILE,
      verdict: 'fail',
      exchanges: [
        exchangeOf({
          step: HOSTILE,
          request: {
            verb: 'POST',
            url: `${ORIGIN}/rest/${HOSTILE}`,
            headers: [['X-Hostile', HOSTILE]],
            body: body(text),
          },
          response: { status: 200, headers: [['X-Hostile', HOSTILE]], body: body(text) },
        }),
      ],
      violations: [
        violationOf({
          rule: index === 0 ? HOSTILE : 'entity/schema',
          where: 'body',
          pointer: `/results/${HOSTILE}`,
          key: HOSTILE,
          header: HOSTILE,
          expected: HOSTILE,
          actual: text,
          message: HOSTILE,
          hint: HOSTILE,
          at: { file: HOSTILE, line: 1, col: 1 },
        }),
      ],
      paste: HOSTILE,
    }),
  );
  cases.push(caseFinished({ resource: '__proto__', verdict: 'skip', skipReason: HOSTILE, name: 'skipped' }));
  cases.push(
    caseFinished({
      resource: '__proto__',
      verdict: 'waived',
      waiver: { reason: HOSTILE, until: HOSTILE },
      name: 'waived',
      violations: [violationOf()],
    }),
  );
  const run = runStarted({
    rerun: `restli-contract run ${HOSTILE}`,
    target: { name: HOSTILE, baseUrl: HOSTILE, mode: 'mock', insecure: true, writes: false },
    gitRevision: HOSTILE,
    notes: [HOSTILE],
    contracts: [{ ...contractOf('constructor'), file: HOSTILE, path: HOSTILE, doc: HOSTILE }],
  });
  return [run, ...cases, runEnded(cases, { interrupted: HOSTILE, leftBehind: [HOSTILE] })];
}

/** A run of any length with bodies of about 600 bytes: one case in 25 fails, one in 100 is flaky. Made as it is read. */
export async function* manyCases(
  count: number,
  { failing = 25 }: { readonly failing?: number } = {},
): AsyncGenerator<RunEvent> {
  const resources = Array.from({ length: 20 }, (_, index) => `resource${index}`);
  yield runStarted({
    contracts: resources.map((name) => contractOf(name)),
    planned: { total: count, selected: count },
  });
  const perResource = Math.ceil(count / resources.length);
  const verdicts = { pass: 0, fail: 0, error: 0, flaky: 0, waived: 0, blocked: 0, skip: 0 };
  for (let index = 0; index < count; index += 1) {
    const finished = oneOfMany(index, resources[Math.floor(index / perResource)] ?? 'rest', failing);
    verdicts[finished.verdict] += 1;
    yield finished;
  }
  yield { ...runEnded([]), verdicts, selected: count, run: count };
}

function oneOfMany(index: number, resource: string, failing: number): CaseFinished {
  const method = METHOD_NAMES[index % METHOD_NAMES.length] ?? 'GET';
  const filler = createHash('sha256').update(String(index)).digest('hex');
  const response = JSON.stringify(
    {
      id: index,
      title: `Entity ${index}`,
      token: filler,
      notes: Array.from({ length: 8 }, (_, i) => `line ${i} of ${filler.slice(i, i + 40)}`),
    },
    null,
    2,
  );
  const fails = failing > 0 && index % failing === failing - 1;
  return caseFinished({
    id: `${resource}/${method}/case-${index}`,
    resource,
    method,
    name: `answers entity ${index} as the contract says`,
    derived: index % 2 === 0,
    verdict: fails ? 'fail' : 'pass',
    exchanges: [
      exchangeOf({
        request: { url: `${ORIGIN}/rest/${resource}/${index}`, verb: profileOf(method).verb },
        response: { body: body(response) },
        durationMs: (index * 7919) % 100,
      }),
    ],
    violations: fails
      ? [
          violationOf({
            rule: 'entity/schema',
            where: 'body',
            pointer: '/title',
            expected: 'text of at most 5 characters',
            actual: `string "Entity ${index}"`,
            message: 'The member is longer than the schema allows.',
            fingerprint: hashOf(`${method}title`).slice(0, 10),
          }),
        ]
      : [],
  });
}

export async function* streamOf(events: Iterable<RunEvent>): AsyncGenerator<RunEvent> {
  yield* events;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
